"""The register of complaints (buku pengaduan): what it tells, to whom, and what it never tells (issue 6)."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from ruangaman.access.states import Role
from ruangaman.intake.policies.register import check_period, new_form_number, read_form_number
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.intake.roster import wall
from tests.intake.test_thread import answer
from tests.worlds import World, acting

NAMED = {
    "reporter_kind": "public",
    "name": "Sulastri Anggraini",
    "means": "text",
    "phone": "0812-0000-1111",
    "story": "Tetangga dipukul di rumahnya.",
    "danger_now": "yes",
}


def today() -> date:
    return clock.now().astimezone().date()


def days(first: date, last: date) -> dict[str, str]:
    return {"first": first.isoformat(), "last": last.isoformat()}


def page(world: World, role: str, first: date | None = None, last: date | None = None) -> str:
    asked = days(first or today() - timedelta(days=5), last or today() + timedelta(days=1))
    shown = world.client(world.person(role)).get("/buku/", asked)
    assert shown.status_code == 200
    return str(shown.content.decode())


def printed(world: World, role: str) -> tuple[Any, str]:
    sent = world.client(world.person(role)).post(
        "/buku/", days(today() - timedelta(days=5), today() + timedelta(days=1))
    )
    return sent, "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(sent.content)).pages)


def test_it_tells_one_line_a_report_and_never_a_name_a_number_or_the_story(world: World) -> None:
    filed, other = world.file(**NAMED), world.file(place="31.73.02")
    answer(world, filed, "Kami baca.")
    told = page(world, Role.SUPERVISOR)
    sent, paper = printed(world, Role.SUPERVISOR)
    assert sent["Content-Type"] == "application/pdf"
    for text in (told, paper):
        for reference in (filed.reference, other.reference):
            assert reference in text.replace("\n", "")
        assert "Formulir web" in " ".join(text.split())
        for never in ("Sulastri", "0812", "dipukul", "Tetangga dipukul"):
            assert never not in text
    assert "pdfaid" in sent.content.decode("latin-1")


def test_it_says_in_how_many_days_a_report_was_answered(world: World) -> None:
    filed = world.file(at=clock.now() - timedelta(days=3))
    answer(world, filed, "Kami baca.")
    assert '<span class="num">3</span>' in page(world, Role.HEAD)


def test_a_reading_is_no_entry_and_each_print_is_one_with_its_period(world: World) -> None:
    world.file()
    page(world, Role.HEAD)
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'register_printed'") == [(0,)]
    printed(world, Role.HEAD)
    (entry,) = world.rows("SELECT to_jsonb(e)::text FROM ledger_entry e WHERE verb = 'register_printed'")[0]
    assert str(today() - timedelta(days=5)) in entry


@pytest.mark.parametrize("role", [Role.COMPANION, Role.CASE_MANAGER, Role.ADMINISTRATOR, Role.ANALYST])
def test_only_intake_supervisors_and_the_head_read_it(world: World, role: str) -> None:
    assert world.client(world.person(role)).get("/buku/").status_code == 404
    assert world.client().get("/buku/").status_code == 302


def test_it_is_of_ones_own_unit_alone(world: World) -> None:
    here, there = world.file(), world.file(place="32.76")
    told = page(world, Role.SUPERVISOR)
    assert here.reference in told
    assert there.reference not in told
    supervisor = world.client(world.person(Role.SUPERVISOR))
    assert supervisor.get("/buku/", {"unit": str(world.other.id)}).status_code == 404


def test_what_is_walled_off_is_absent_and_only_that_something_is_hidden_is_said(world: World) -> None:
    """Source: security.md, RLS 5: some not shown, never how many; of the whole quarter, so that days tell nothing."""
    filed = [world.file() for _ in range(3)]
    supervisor = world.person(Role.SUPERVISOR)
    assert "Tidak ditampilkan" not in page(world, Role.SUPERVISOR)
    for one in filed[:2]:
        wall(world, one, supervisor)
    told = page(world, Role.SUPERVISOR)
    assert "Tidak ditampilkan: ada" in told
    assert [one.reference in told for one in filed] == [False, False, True]
    assert "2" not in told[told.index("Tidak ditampilkan") :].split("</p>")[0]
    quiet = clock.now().astimezone().date() - timedelta(days=1)
    if (quiet.month - 1) // 3 == (today().month - 1) // 3:  # another day of the same quarter says the same
        assert "Tidak ditampilkan: ada" in page(world, Role.SUPERVISOR, quiet, quiet)
    assert "Tidak ditampilkan" not in page(world, Role.HEAD)


def test_who_has_no_seat_there_learns_nothing_from_the_database_either(world: World) -> None:
    filed, stranger = world.file(), world.person(Role.SUPERVISOR, world.other)
    wall(world, filed, stranger)
    with acting(stranger):
        found = world.rows(
            "SELECT door.register_hides(%s, now() - interval '9 days', now() + interval '1 day')",
            [world.unit.id],
            using="default",
        )
    assert found == [(False,)]


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (date(2026, 1, 1), date(2026, 4, 3), "tiga bulan"),
        (date(2026, 2, 1), date(2026, 1, 1), "sebelum tanggal awal"),
    ],
)
def test_a_period_is_a_quarter_at_most(world: World, first: date, last: date, says: str) -> None:
    with pytest.raises(Refused, match=says):
        check_period(first, last)
    sent = world.client(world.person(Role.HEAD)).get("/buku/", days(first, last))
    assert sent.status_code == 400
    assert says in sent.content.decode()
    check_period(date(2026, 7, 1), date(2026, 9, 30))


def test_many_reports_take_no_more_queries(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, asked = world.client(world.person(Role.HEAD)), days(today() - timedelta(days=5), today())
    counts = []
    for _ in range(2):
        for _each in range(3):
            world.file()
        with CaptureQueriesContext(connection) as told:
            client.get("/buku/", asked)
        counts.append(len(told))
    assert counts[0] == counts[1] <= 12


def test_a_number_of_a_form_is_read_as_it_is_typed_and_a_slip_shows() -> None:
    seen = {new_form_number() for _ in range(1_000)}
    assert len(seen) == 1_000
    number = seen.pop()
    assert read_form_number(f" {number.lower().replace('-', ' ')}") == number
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for place, sign in enumerate(number):
        for other in signs if sign != "-" else "":
            if other != sign:
                with pytest.raises(Refused):
                    read_form_number(number[:place] + other + number[place + 1 :])
