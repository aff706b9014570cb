"""Fills a migrated database with made-up dossiers, sealed as the product seals them.

    python -m benchmarks.generator --size 1000000 [--seed 1] [--day 2026-01-01]

The same seed, size and day make the same rows: all but keys, nonces and what is sealed with them. Two processes write
rows and load them with COPY; indexes and foreign keys are made afterwards, and made valid. Set RUANGAMAN_BENCH_VAR to
a folder to keep the database, or RUANGAMAN_OWNER_URL and RUANGAMAN_DATABASE_URL for a server of your own.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import psycopg

from benchmarks.copying import copy, put_back, take_off
from benchmarks.ground import Ground, connected, ground
from benchmarks.measure import Bar, Figures, processor_seconds
from benchmarks.plan import Plan

SEED = 1
PROCESSES = 2
BATCH = 2_000
LEAST_A_SECOND = 5_000
PASSWORD = "kata-sandi-bench-panjang"


def ensure(where: Ground, plan: Plan, figures: Figures | None = None) -> None:
    """This will make sure that the database of the plan's size is there and filled."""
    if where.is_whole(plan.size):
        return
    where.make_empty(plan.size)
    fill(where, plan, figures or Figures())
    where.mark_whole(plan.size)


def fill(where: Ground, plan: Plan, figures: Figures) -> None:
    """This will fill the migrated database of the plan's size."""
    from benchmarks import work
    from benchmarks.rows import BIG, COLUMNS

    url = where.owner_url(plan.size)
    began = time.perf_counter()
    seat_people(url, plan)
    with psycopg.connect(url) as owner:
        back = take_off(owner, [*COLUMNS, *work.TABLES])
    loading, used = time.perf_counter(), processor_seconds()
    rows = _load(url, plan)
    loaded, used = time.perf_counter(), processor_seconds() - used
    rows += work.fill(url, plan)
    worked = time.perf_counter()
    put_back(url, back, BIG)
    indexed = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
        row = owner.execute("SELECT pg_database_size(current_database())").fetchone()
    ready = time.perf_counter()
    size = f"{plan.size:,} dossiers"
    figures.tell(f"{size}: rows per dossier", rows / plan.size)
    least = LEAST_A_SECOND if plan.size >= 100_000 else None  # fewer are made before the processes are warm
    figures.tell(f"{size}: sealed and copied per second", plan.size / (loaded - loading), at_least=least)
    figures.tell(f"{size}: processor time of the writers, for a thousand", used * 1000 / plan.size, "s")
    figures.tell(f"{size}: the work on cases", worked - loaded, "s")
    figures.tell(f"{size}: indexes and foreign keys", indexed - worked, "s")
    figures.tell(f"{size}: vacuum and analyze", ready - indexed, "s")
    figures.tell(f"{size}: all together", ready - began, "s")
    figures.tell(f"{size}: size of the database", (row[0] if row else 0) / 1e9, "GB")


def seat_people(url: str, plan: Plan) -> None:
    """This will make organisations, accounts and their roles."""
    from django.contrib.auth.hashers import make_password

    from ruangaman.access.models import Membership, Organisation, User
    from ruangaman.access.states import OrganisationKind

    password = make_password(PASSWORD)
    since = plan.now - timedelta(days=6 * 365)
    with connected(url, "owner"):
        Organisation.objects.using("owner").bulk_create(
            Organisation(id=unit, kind=OrganisationKind.UNIT, name=f"Unit {number}", place_id=place)
            for number, (unit, place) in enumerate(zip(plan.units, plan.places, strict=True))
        )
        Organisation.objects.using("owner").create(
            id=plan.partner, kind=OrganisationKind.PARTNER, name="Rumah sakit", place_id=plan.places[0]
        )
        User.objects.using("owner").bulk_create(
            User(id=s.id, email=s.email, name=f"{s.role} {s.number}", password=password) for s in plan.staff
        )
        rng = plan.drawn("memberships")
        Membership.objects.using("owner").bulk_create(
            Membership(
                id=UUID(int=rng.getrandbits(128), version=4),
                user_id=s.id,
                organisation_id=plan.units[s.unit],
                role=s.role,
                since=since,
            )
            for s in plan.staff
        )


def _load(url: str, plan: Plan) -> int:
    batches = range(-(-plan.size // BATCH))
    bar, done, rows = Bar("dossiers", plan.size), 0, 0
    # Forked, so that what is set up here is there too; no connection of this process is open that a child would use.
    with multiprocessing.get_context("fork").Pool(PROCESSES, _begin, (url, plan)) as pool:
        for dossiers, written in pool.imap_unordered(_batch, batches):
            done, rows = done + dossiers, rows + written
            bar.at(done)
        pool.close()
        pool.join()
    return rows


_connection: psycopg.Connection
_plan: Plan


def _begin(url: str, plan: Plan) -> None:
    global _connection, _plan
    _connection, _plan = psycopg.connect(url), plan
    _connection.execute("SET synchronous_commit = off")


def _batch(number: int) -> tuple[int, int]:
    from benchmarks.rows import COLUMNS, Writer

    writer = Writer(_plan, _plan.drawn(f"batch {number}"))
    places = range(number * BATCH, min((number + 1) * BATCH, _plan.size))
    for place in places:
        writer.add(place)
    for table, columns in COLUMNS.items():
        copy(_connection, table, columns, writer.rows[table])
    _connection.commit()
    return len(places), sum(map(len, writer.rows.values()))


def arguments(
    what: str | None, sizes: Sequence[int], *, samples: int = 2_000, **times: float
) -> argparse.Namespace:
    """This will read the words of a command line that most benchmarks take, and times (seconds) of one's own."""
    parser = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=sizes[-1], help="dossiers of the large database")
    parser.add_argument("--small", type=int, default=sizes[0], help="dossiers of the small database")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--day", type=date.fromisoformat, help="the day it stands on; today unless given")
    parser.add_argument("--samples", type=int, default=samples)
    parser.add_argument("--explain", action="store_true", help="write query plans into benchmarks/results/")
    for name, seconds in times.items():
        parser.add_argument(
            f"--{name}", type=float, default=seconds, help=f"seconds; {seconds:.0f} unless given"
        )
    return parser.parse_args()


def plan_of(words: argparse.Namespace, size: int) -> Plan:
    """This will give the plan that the command line asks for."""
    return Plan(size, words.seed, words.day) if words.day else Plan(size, words.seed)


def main() -> int:
    words = arguments(__doc__, (10_000, 1_000_000))
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.size)
        where.make_empty(plan.size)
        fill(where, plan, figures)
        where.mark_whole(plan.size)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
