"""Dossiers of made-up facts, put straight into the tables: what the counting reads, and nothing else.

Rows go in without triggers and without keys, so that every combination of facts is there, also those that the product
would refuse: a count must hold for whatever is in the tables.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from ruangaman.config.postgres import Server

EMPTY: dict[str, Any] = {
    "uuid": None,
    "bytea": b"",
    "boolean": False,
    "smallint": 1,
    "integer": 1,
    "character varying": "",
    "date": date(2026, 1, 1),
    "timestamp with time zone": datetime(2026, 1, 1).astimezone(),
}
SERVICES = ["medical", "psychological", "legal", "spiritual", "shelter", "social", "return", "reintegration"]
TRIAGE = [
    "received", "answered", "outreach", "head_office", "other_region", "other_agency", "not_in_scope", "duplicate",
    "withdrawn",
]  # fmt: skip
REASONS = ["other_duty", "same_event", "came_back"]
STEPS = ["police_report", "investigation", "p21", "stage_two", "trial", "verdict", "stopped"]
STATUTES = ["tpks", "pkdrt", "child_protection", "trafficking", "juvenile", "ite", "kuhp"]


class Tables:
    """Rows go in as they are told; columns that may not be empty and are not told get something that says nothing."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.connection = connection
        self.required: dict[str, dict[str, str]] = {}
        rows = connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL"
        )
        for table, column, kind in rows.fetchall():
            self.required.setdefault(table, {})[column] = kind

    def add(self, table: str, **told: Any) -> UUID:
        row = {
            name: uuid4() if kind == "uuid" else EMPTY[kind] for name, kind in self.required[table].items()
        }
        row |= told
        self.connection.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, row)),
                sql.SQL(", ").join([sql.Placeholder()] * len(row)),
            ),
            list(row.values()),
        )
        made: UUID = row["id"]
        return made


@contextmanager
def tables(server: Server) -> Iterator[Tables]:
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        yield Tables(admin)


class Maker:
    """Facts drawn from a seed, most of them near the edges of the first half of 2026."""

    def __init__(self, into: Tables, seed: int, units: list[UUID], health: list[UUID]) -> None:
        self.into, self.rng, self.units, self.health = into, random.Random(seed), units, health

    def day(self) -> date:
        edges = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
        if self.rng.random() < 0.4:
            return self.rng.choice(edges)
        return date(2025, 11, 1) + timedelta(days=self.rng.randrange(300))

    def moment(self) -> datetime:
        """Often within an hour of midnight, where time zones go wrong."""
        hours = self.rng.choice([0, 0, 16.99, 17, 17.01, 23.99, 12])
        return datetime.fromisoformat(f"{self.day()}T00:00:00+00:00") + timedelta(hours=hours)

    def some(self, most: int) -> range:
        return range(self.rng.randrange(most + 1))

    def dossier(self) -> UUID:
        rng, into = self.rng, self.into
        unit, stage = rng.choice(self.units), rng.choice(["intake", "case", "closed"])
        one = into.add(
            "access_dossier", unit_id=unit, stage=stage, reference=uuid4().hex[:12], opened_at=self.moment()
        )
        at = {"dossier_id": one, "unit_id": unit, "stage": stage}
        if rng.random() < 0.9:
            into.add("intake_report", **at, received_at=self.moment(), triage=rng.choice(TRIAGE))
        for _ in self.some(2):
            told = {"after": rng.choice(TRIAGE), "reason": rng.choice(REASONS)}
            into.add("intake_triagemove", **at, **told, decided_at=self.moment())
        for _ in self.some(1):
            result = rng.choice(["", "reached", "not_alone", "not_found", "declined", "called_off"])
            told = {"result": result, "ended_at": self.moment() if result else None}
            into.add("intake_outreach", **at, **told, safety_plan=b"x", cover_reason=b"x")
        first = self.person(at, None)
        for _ in range(rng.choice([0, 0, 0, 1, 2])):
            self.person(at, rng.choice([None, None, first]))
        return one

    def person(self, at: dict[str, Any], found_to_be: UUID | None) -> UUID:
        """One record; ``found_to_be``: the record of the same dossier that somebody decided is the same person."""
        rng, into = self.rng, self.into
        own = uuid4()
        who = into.add(
            "people_person",
            **at,
            id=own,
            one_id=found_to_be or own,
            section="identity",
            sex=rng.choice(["f", "f", "m", "u"]),
            age_band=rng.choice(["0-5", "13-17", "18-24", "25-59", "60+", ""]),
        )
        for role in rng.choice([["client"], ["client"], ["client", "reporter"], ["witness"], []]):
            status = rng.choice(["active", "active", "ended", "refused"])
            into.add(
                "people_part", **at, person_id=who, role=role, status=status, since=self.moment(),
                refusal="reported" if status == "refused" else "",
            )  # fmt: skip
        about = {**at, "client_id": who}
        for service in rng.sample(SERVICES, rng.randrange(6)):
            state = rng.choice(["open", "planned", "met", "unmet"])
            unmet = (
                rng.choice(["declined", "already", "unavailable", "other", "mistaken"])
                if state == "unmet"
                else ""
            )
            into.add(
                "cases_need", **about, service=service, state=state, unmet=unmet, recorded_at=self.moment()
            )
        for _ in self.some(4):
            into.add(
                "services_delivery", **about, service=rng.choice(SERVICES), given_on=self.day(),
                kind=rng.choice(["examination", "visum_accompanied", "counselling"]),
                organisation_id=rng.choice([*self.health, at["unit_id"]]),
            )  # fmt: skip
        for _ in self.some(1):
            into.add(
                "services_referral", **about, service=rng.choice(SERVICES), sent_at=self.moment(),
                status=rng.choice(["sent", "accepted", "declined", "done", "withdrawn"]),
                ended_at=rng.choice([None, self.moment()]), organisation_id=rng.choice(self.health),
            )  # fmt: skip
        for step in rng.sample(STEPS, rng.randrange(6)):
            verdict = {"statute": rng.choice(STATUTES), "outcome": "convicted"} if step == "verdict" else {}
            side = rng.choice(["hers", "hers", "hers", "against"])
            into.add("justice_legalstep", **about, side=side, step=step, happened_on=self.day(), **verdict)
        if rng.random() < 0.6:
            where = rng.choice(
                ["own_family", "substitute_family", "independent", "institution", "home_region"]
            )
            home = rng.choice([None, self.day(), self.day()])
            reunited = rng.choice([None, home, home + timedelta(days=1)]) if home else None
            into.add("closure_return", **about, destination=where, returned_on=home, reunited_on=reunited)
        return own


def health_services(into: Tables, organisations: list[UUID], rng: random.Random) -> None:
    """Counts of trained staff: of some organisations none, of others several; the last before the end holds."""
    for number, one in enumerate(organisations):
        for counted_on in sorted({date(2025, 1, 1), date(2026, 3, 1), date(2026, 7, 1)})[: number % 4]:
            into.add(
                "network_healthservice", organisation_id=one, counted_on=counted_on,
                kind=["puskesmas", "hospital"][number % 2], trained_staff=rng.randrange(5),
            )  # fmt: skip
