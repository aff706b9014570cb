"""The ledger: how fast entries are written, sealed and verified.

    python -m benchmarks.ledger

Writers are processes. Each writes one entry a transaction, as the application does it: under a person's ticket, by
`ledger.actions.record`. The sealer seals once a second all the while. Beside it the alternative that was not taken: a
chain over all entries, written in the same transaction, which makes every writer wait for the one before (only here,
in a table of the benchmark's own).
"""

import hashlib
import multiprocessing
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from benchmarks.generator import arguments, plan_of, seat_people
from benchmarks.ground import Ground, connection_to, ground, step_to
from benchmarks.measure import Figures
from benchmarks.plan import Plan

WRITERS = (1, 8, 32)
SECONDS = 4.0
ENTRIES = 40_000
CHAIN = """
CREATE TABLE bench_chain (one boolean PRIMARY KEY DEFAULT true CHECK (one), digest bytea NOT NULL);
INSERT INTO bench_chain (digest) VALUES (''::bytea);
GRANT SELECT, UPDATE ON bench_chain TO ruangaman_app;
"""


def write(url: str, person: Any, chained: bool, start: Any, counted: Any) -> None:
    """This will write entries for SECONDS after all writers are there, and count them (one process)."""
    from django.db import transaction

    from ruangaman.kernel import clock, tickets
    from ruangaman.ledger.actions import record
    from ruangaman.ledger.states import Verb

    connection = connection_to(url)
    step_to(connection)
    connection.ensure_connection()
    start.wait()
    until, count = time.perf_counter() + SECONDS, 0
    while time.perf_counter() < until:
        with (
            tickets.carry(tickets.sign(purpose="staff", person=person, at=clock.now())),
            transaction.atomic(),
        ):
            entry = record(
                Verb.OPENED, at=clock.now(), by=person, objects=[person], fields=["identity", "name"]
            )
            if chained:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT digest FROM bench_chain FOR UPDATE")
                    digest = hashlib.sha256(bytes(cursor.fetchone()[0]) + entry.bytes).digest()
                    cursor.execute("UPDATE bench_chain SET digest = %s", [digest])
        count += 1
    connection.close()
    counted.put(count)


def writing(url: str, person: Any, writers: int, chained: bool) -> float:
    """This will give how many entries a second so many writers write."""
    forked = multiprocessing.get_context("fork")
    start, counted = forked.Barrier(writers), forked.Queue()
    processes = [
        forked.Process(target=write, args=(url, person, chained, start, counted)) for _ in range(writers)
    ]
    for process in processes:
        process.start()
    count = sum(counted.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    return count / SECONDS


def unsealed(url: str) -> int:
    """This will count the entries that no seal covers yet."""
    with psycopg.connect(url) as owner:
        row = owner.execute(
            "SELECT count(*) FROM ledger_entry "
            "WHERE xid >= (SELECT coalesce(max(upto_xid), 0)::text::xid8 FROM ledger_seal)"
        ).fetchone()
    return row[0] if row else 0


def seal(url: str, stop: Any) -> None:
    """This will seal once a second, as `ruangaman sealer` does, until told to stop (one process)."""
    from ruangaman.kernel import clock
    from ruangaman.ledger.sealing import seal_once

    connection = connection_to(url)
    step_to(connection)
    while not stop.wait(1.0):
        while seal_once(at=clock.now()):
            pass
    connection.close()


@contextmanager
def sealer(url: str) -> Iterator[None]:
    """This will have a sealer at work within the block."""
    forked = multiprocessing.get_context("fork")
    stop = forked.Event()
    process = forked.Process(target=seal, args=(url, stop))
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


def fill(url: str, person: Any, count: int) -> None:
    """This will write entries, a hundred a transaction, so that there is something to seal."""
    from django.db import transaction

    from ruangaman.kernel import clock, tickets
    from ruangaman.ledger.actions import record
    from ruangaman.ledger.states import Verb

    connection = connection_to(url)
    step_to(connection)
    for _ in range(count // 100):
        with (
            tickets.carry(tickets.sign(purpose="staff", person=person, at=clock.now())),
            transaction.atomic(),
        ):
            for _ in range(100):
                record(Verb.OPENED, at=clock.now(), by=person, objects=[person], fields=["identity", "name"])
    connection.close()


def measure(where: Ground, plan: Plan, figures: Figures) -> None:
    """This will write with and without the global chain, then seal and verify."""
    from ruangaman.access.states import Role
    from ruangaman.kernel import clock, roles
    from ruangaman.ledger.sealing import seal_once, verify

    where.make_empty(plan.size)
    seat_people(where.owner_url(plan.size), plan)
    person = plan.person(Role.HEAD).id
    url, sealer_url = where.app_url(plan.size), where.urls(plan.size)[roles.SEALER]
    owner_url = where.owner_url(plan.size)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(CHAIN)
    for writers in WRITERS:
        with sealer(sealer_url):
            figures.tell(
                f"ledger, {writers} writers", writing(url, person, writers, chained=False), "entries/s"
            )
            time.sleep(2)
            figures.tell(f"ledger, {writers} writers, not sealed two seconds later", unsealed(owner_url))
        chained = writing(url, person, writers, chained=True)
        figures.tell(f"ledger, {writers} writers and a chain in the transaction", chained, "entries/s")
    connection = connection_to(sealer_url)
    step_to(connection)
    while seal_once(at=clock.now()):
        pass
    fill(url, person, ENTRIES)
    step_to(connection)
    began, sealed = time.perf_counter(), 0
    while found := seal_once(at=clock.now()):
        sealed += found
    figures.tell("ledger, sealing", sealed / (time.perf_counter() - began), "entries/s")
    if sealed < ENTRIES:
        raise RuntimeError(f"of {ENTRIES} entries {sealed} were sealed")
    began = time.perf_counter()
    report = verify()
    figures.tell("ledger, verifying", report.entries / (time.perf_counter() - began), "entries/s")
    figures.tell("ledger, findings of the check", len(report.findings), at_most=0)
    figures.tell("ledger, entries in it", report.entries)
    connection.close()


def main() -> int:
    words = arguments(__doc__, (10_000, 10_000))
    figures = Figures()
    with ground() as where:
        # A database of its own: what is measured here is not to be found in the others.
        measure(where, plan_of(words, 0), figures)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
