"""What the first start shows: its scenes are made by the product's own rules, and nobody is flooded with notices."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from ruangaman.config import demo
from ruangaman.config.postgres import Server
from ruangaman.kernel import clock
from tests.conftest import empty

CASES, REPORTS = 14, 3
# Of the past nothing is told now; of the present: two reports of danger, the 72 hours, what runs out these days.
HANDFUL = 15

Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def shown(database: None, server: Server) -> Iterator[Rows]:
    """A small demonstration, loaded with the owner's address as the first start does it."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(server.owner_url) as owner:
            return owner.execute(sql).fetchall()

    empty(server)
    application = connections["default"]
    connections["default"] = connections["owner"]
    try:
        assert demo.load(at=clock.now(), reports=REPORTS, cases=CASES)
        assert not demo.load(at=clock.now(), reports=REPORTS, cases=CASES)
    finally:
        connections["default"] = application
    yield rows
    empty(server)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT count(*) FROM papers_letterhead", 1),
        ("SELECT count(*) FROM agenda_venue", 2),
        ("SELECT count(*) FROM agenda_resource WHERE kind = 'room' AND venue_id IS NOT NULL", 3),
        ("SELECT count(*) FROM agenda_resource WHERE kind IN ('vehicle', 'interpreter')", 2),
        ("SELECT amount FROM clocks_definition WHERE code = 'shelter' AND owner_id IS NOT NULL", 7),
        ("SELECT count(*) FROM agenda_presence", 2),
        ("SELECT count(*) FROM agenda_booking WHERE state = 'planned' AND starts_at > now()", 6),
        ("SELECT count(*) FROM agenda_booking WHERE state = 'moved'", 1),
        ("SELECT count(*) FROM agenda_booking WHERE state = 'cancelled'", 1),
        ("SELECT count(*) FROM agenda_booking WHERE state = 'done' AND kind <> 'outreach'", 1),
        # An attempt that stands planned for tomorrow, with who goes, an appointment and a surat tugas; and every
        # attempt of the past had its appointment, which is over.
        (
            "SELECT count(*) FROM intake_outreach WHERE ended_at IS NULL AND proposed_why <> '' AND starts_at > now()",
            1,
        ),
        (
            "SELECT count(*) FROM intake_outreach o LEFT JOIN agenda_booking b ON b.id = o.booking_id "
            "WHERE b.id IS NULL OR (b.state = 'planned') <> (o.ended_at IS NULL) OR b.starts_at <> o.starts_at",
            0,
        ),
        ("SELECT count(DISTINCT user_id) FROM network_aptitude", 5),
        ("SELECT count(*) FROM papers_letter", 3),
        ("SELECT count(*) FROM papers_paper WHERE is_evidence AND state = 'kept'", 1),
        ("SELECT count(*) FROM papers_paper WHERE state = 'hash_only'", 1),
        ("SELECT count(*) FROM papers_opening WHERE decision = 'open'", 1),
        (
            "SELECT count(*) FROM papers_paper WHERE NOT is_evidence AND pages > 0 AND kind IN ('photo', 'other')",
            2,
        ),
        (
            "SELECT count(*) FROM clocks_clock WHERE code = 'health-72' AND due_at > now() AND ended_at IS NULL",
            1,
        ),
        ("SELECT count(*) FROM clocks_clock WHERE code = 'police-duty' AND ended_at IS NULL", 1),
        ("SELECT count(*) FROM clocks_pause WHERE resumed_at IS NULL", 1),
        # One more about an officer of the other unit, where nobody may read it (config/demo/about_staff.py).
        ("SELECT count(*) FROM clocks_clock WHERE code = 'answer' AND ended_at IS NULL", REPORTS + 1),
        ("SELECT count(*) FROM door.unread() WHERE goes_on AND NOT on_its_way", 1),
        # Who is who, and what may be known (config/demo/who.py).
        ("SELECT count(*) FROM people_part WHERE role = 'guardian' AND status = 'waiting'", 1),
        ("SELECT count(*) FROM people_part WHERE role = 'guardian' AND refusal = 'reported'", 1),
        ("SELECT count(*) FROM people_part WHERE role IN ('trusted', 'kept_out')", 2),
        ("SELECT count(DISTINCT section) FROM people_profile", 3),
        ("SELECT count(*) FROM people_earlieridentity", 1),
        ("SELECT count(*) FROM people_unborn WHERE ended_at IS NULL", 1),
        ("SELECT count(*) FROM people_likeness WHERE dossier_id = other_dossier_id AND decision = 'same'", 1),
        (
            "SELECT count(*) FROM people_likeness WHERE dossier_id <> other_dossier_id AND decision = 'same'",
            1,
        ),
        ("SELECT count(*) FROM people_probe WHERE settled_at IS NULL AND alarmed_at IS NOT NULL", 1),
        (
            "SELECT count(*) FROM people_match m JOIN access_user u ON u.id = m.officer_id "
            "WHERE m.told_at IS NOT NULL AND u.email = 'penyelia@contoh.example'",
            1,
        ),
        ("SELECT count(*) FROM consent_recall WHERE answered_at IS NULL", 1),
        ("SELECT count(*) FROM consent_recall WHERE answer = 'nothing'", 1),
        ("SELECT count(*) FROM consent_consent WHERE withdrawn_at IS NOT NULL", 1),
        (
            "SELECT count(*) FROM consent_consent WHERE until BETWEEN now() AND now() + interval '7 days'",
            1,
        ),
        ("SELECT count(*) FROM consent_disclosure", 1),
        ("SELECT count(*) FROM justice_legalstep WHERE side = 'against'", 1),
        ("SELECT count(*) FROM justice_pressure", 1),
        (
            "SELECT count(*) FROM people_person WHERE sex = 'm' AND age_band = '25-59' AND section = 'identity'",
            1,
        ),
        # What a newcomer is asked to do: remind of tomorrow's appointment, in the hours that are safe.
        (
            "SELECT count(DISTINCT b.id) FROM agenda_booking b JOIN people_contact c USING (dossier_id) "
            "WHERE b.state = 'planned' AND c.reminders_safe AND c.confirmed_at > now() - interval '30 days' "
            "AND b.starts_at BETWEEN now() AND now() + interval '35 hours'",
            1,
        ),
    ],
)
def test_a_newcomer_finds(shown: Rows, sql: str, expected: int) -> None:
    assert shown(sql) == [(expected,)]


def test_what_happened_long_ago_has_been_read(shown: Rows) -> None:
    unread = "SELECT count(*) FROM notices_notice WHERE read_at IS NULL"
    assert shown(f"{unread} AND made_at < now() - interval '2 days'") == [(0,)]
    assert shown(unread)[0][0] > 0


def test_the_worker_is_asked_to_announce_new_reports_alone(shown: Rows) -> None:
    asked = shown("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.announce'")
    assert asked == [(REPORTS,)]


def test_few_deadlines_are_told_of_at_once(shown: Rows) -> None:
    at_once = shown("SELECT code, count(*) FROM clocks_clock WHERE fires_at <= now() GROUP BY 1 ORDER BY 1")
    assert 0 < sum(count for _code, count in at_once) <= HANDFUL, at_once


def test_every_sealed_file_of_it_lies_in_the_storage(shown: Rows) -> None:
    from django.core.files.storage import storages

    from ruangaman.papers import storing

    for paper, pieces, pages in shown("SELECT id, pieces, pages FROM papers_paper WHERE state = 'kept'"):
        for name in storing.names(paper, pieces, pages):
            assert storages["papers"].exists(name), name
