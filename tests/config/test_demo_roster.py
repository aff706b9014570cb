"""The duty roster that the first start shows (config/demo/roster.py)."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from ruangaman.config import demo
from ruangaman.config.postgres import Server
from ruangaman.kernel import clock
from tests.conftest import empty

Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def shown(database: None, server: Server) -> Iterator[Rows]:
    """Reports of the last days and no cases, loaded with the owner's address as the first start does it."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(server.owner_url) as owner:
            return owner.execute(sql).fetchall()

    empty(server)
    application = connections["default"]
    connections["default"] = connections["owner"]
    try:
        assert demo.load(at=clock.now(), reports=3, cases=0)
    finally:
        connections["default"] = application
    yield rows
    empty(server)


def test_somebody_is_on_duty_now_and_over_the_next_twelve_days(shown: Rows) -> None:
    assert shown("SELECT count(*) FROM intake_shift WHERE starts_at <= now() AND ends_at > now()") == [(1,)]
    ahead = "generate_series(now(), now() + interval '12 days', interval '1 hour') AS moment"
    gaps = shown(
        f"SELECT count(*) FROM {ahead} WHERE NOT EXISTS "
        "(SELECT FROM intake_shift WHERE starts_at <= moment AND ends_at > moment)"
    )
    assert gaps == [(0,)]


def test_one_call_was_taken_and_one_waits(shown: Rows) -> None:
    assert sorted(shown("SELECT state, answer_by > now() FROM intake_ring")) == [
        ("taken", True),
        ("waits", True),
    ]
    told = shown("SELECT count(*) FROM notices_notice WHERE kind = 'on_duty' AND read_at IS NULL")
    assert told == [(2,)]


def test_a_hand_over_waits_to_be_read_by_the_officer(shown: Rows) -> None:
    who = "SELECT u.email FROM intake_handover h JOIN access_user u ON u.id = h.to_id WHERE h.read_at IS NULL"
    assert shown(who) == [("petugas@contoh.example",)]
