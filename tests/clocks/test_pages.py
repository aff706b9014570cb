"""The pages of deadlines: the board, one deadline, and what may be done with it."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from ruangaman.access.states import Role
from ruangaman.clocks.models import Clock, Pause, Ruled
from ruangaman.clocks.queries import pages
from ruangaman.clocks.states import End, Event
from tests.clocks.running import happened, hold, late, on_the_team, reported
from tests.worlds import World

FACTS = {
    "on_complaint": "no",
    "child": "no",
    "disability": "no",
    "she_agrees": "yes",
    "danger": "no",
    "ruling": "report",
    "reason": "Klien meminta sendiri, berdua saja.",
}


def fresh(one: Clock) -> Clock:
    return Clock.objects.using("owner").get(id=one.id)


def text(response: Any) -> str:
    return str(response.content.decode())


# --- the board ---


def test_a_supervisor_sees_what_is_late_by_kind_and_person(world: World) -> None:
    filed, answer = reported(world)
    officer = world.person(Role.INTAKE_OFFICER)
    late(world, answer)
    hold(world, answer, officer)
    page = text(world.client(world.person(Role.SUPERVISOR)).get("/tenggat/"))
    assert answer.definition.name in page
    assert officer.name in page
    assert filed.reference in page
    assert f"/berkas/{filed.reference}/" in page
    assert "lewat tenggat" in page


def test_what_nobody_holds_is_said_to_have_no_holder(world: World) -> None:
    _filed, answer = reported(world)
    late(world, answer)
    page = text(world.client(world.person(Role.SUPERVISOR)).get("/tenggat/"))
    assert "belum ada pemegang" in page


def test_a_count_opens_its_list(world: World) -> None:
    one, answer = reported(world)
    other, taken = reported(world, Event.ASSESSED, "take")
    late(world, answer)
    late(world, taken)
    browser = world.client(world.person(Role.SUPERVISOR))
    page = text(browser.get("/tenggat/?keadaan=lewat&kode=take"))
    assert other.reference in page
    assert one.reference not in page
    officer = world.person(Role.INTAKE_OFFICER)
    hold(world, answer, officer)
    page = text(browser.get(f"/tenggat/?orang={officer.id}"))
    assert one.reference in page
    assert other.reference not in page  # of which the officer holds nothing
    assert other.reference in text(browser.get("/tenggat/?orang=tidak-ada"))
    assert other.reference not in text(browser.get("/tenggat/?keadaan=dekat&kode=take"))


def test_a_count_stops_at_a_hundred(world: World) -> None:
    _filed, answer = reported(world)
    late(world, answer)
    world.rows(
        "INSERT INTO clocks_clock (id, dossier_id, unit_id, stage, section, code, definition_id, about, started_at, "
        "due_at, fired, ending) SELECT gen_random_uuid(), dossier_id, unit_id, stage, section, code, definition_id, "
        "gen_random_uuid(), started_at, due_at + n * interval '1 second', fired, ending "
        "FROM clocks_clock, generate_series(1, 120) n"
    )
    browser = world.client(world.person(Role.SUPERVISOR))
    page = text(browser.get("/tenggat/"))
    assert "99+" in page
    assert not re.search(r"\b121\b", page)
    seen = browser.get("/tenggat/").context
    turned = browser.get(f"/tenggat/{seen['next_url']}").context
    assert len(seen["rows"]) == len(turned["rows"]) == pages.PAGE
    assert {row["due_at"] for row in seen["rows"]}.isdisjoint(row["due_at"] for row in turned["rows"])


def test_who_is_no_supervisor_sees_the_own_deadlines_alone(world: World) -> None:
    filed, answer = reported(world)
    late(world, answer)
    officer = world.person(Role.INTAKE_OFFICER)
    assert filed.reference not in text(world.client(officer).get("/tenggat/"))
    hold(world, answer, officer)
    assert filed.reference in text(world.client(officer).get("/tenggat/"))


def test_another_unit_sees_nothing_of_it(world: World) -> None:
    filed, answer = reported(world)
    late(world, answer)
    page = text(world.client(world.person(Role.SUPERVISOR, world.other)).get("/tenggat/"))
    assert filed.reference not in page
    assert "Tidak ada tenggat yang lewat" in page


NOTHING_OF_USE = (
    "keadaan=%27&kode=%27%3B--&orang=x&unit=y&sesudah=z",
    "sesudah=9999-12-31T23:59:59-23:59~00000000-0000-0000-0000-000000000000",
    "sesudah=0001-01-01T00:00:00%2B14:00~00000000-0000-0000-0000-000000000000",
    "sesudah=2026-01-01~x",
    "orang=00000000-0000-0000-0000-000000000000&unit=" + "9" * 400,
    "kode=" + "a" * 4000,
)


def test_an_address_that_says_nothing_of_use_shows_the_board(world: World) -> None:
    browser = world.client(world.person(Role.SUPERVISOR))
    for asked in NOTHING_OF_USE:
        assert browser.get(f"/tenggat/?{asked}").status_code == 200


def test_the_board_asks_as_much_of_the_database_for_many_as_for_one(world: World) -> None:
    _filed, answer = reported(world)
    late(world, answer)
    browser = world.client(world.person(Role.SUPERVISOR))
    browser.get("/tenggat/")
    one = _counted(browser)
    for _more in range(5):
        late(world, reported(world)[1])
    assert _counted(browser) == one


def _counted(browser: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        browser.get("/tenggat/")
    return len(asked)


# --- a deadline of a dossier ---


def test_the_file_shows_its_deadlines_with_article_and_holder(world: World) -> None:
    filed, answer = reported(world)
    page = text(world.client(world.person(Role.INTAKE_OFFICER)).get(f"/berkas/{filed.reference}/"))
    assert answer.definition.name in page
    assert answer.definition.article in page
    assert f"/tenggat/{answer.id}/" in page


def test_a_late_deadline_is_amber_and_red_is_for_danger_alone(world: World) -> None:
    filed, answer = reported(world)
    late(world, answer)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    page = text(browser.get(f"/berkas/{filed.reference}/"))
    assert "tag--late" in page
    assert "tag--danger" not in page
    happened(filed, Event.DANGER_TOLD, world.person(Role.SUPERVISOR))
    assert "tag--danger" in text(browser.get(f"/berkas/{filed.reference}/"))


def test_a_deadline_stands_still_with_a_reason_and_goes_on(world: World) -> None:
    filed, plan = reported(world, Event.NEED_RECORDED, "plan")
    browser = world.client(world.person(Role.SUPERVISOR))
    assert browser.get(f"/tenggat/{plan.id}/jeda/").status_code == 200
    sent = browser.post(
        f"/tenggat/{plan.id}/jeda/", {"reason": "her_pause", "note": "Menunggu kabar Rahasia1."}
    )
    assert sent.headers["Location"] == f"/berkas/{filed.reference}/"
    assert fresh(plan).paused_at is not None
    page = text(browser.get(f"/berkas/{filed.reference}/"))
    assert "Klien minta jeda" in page
    assert "Rahasia1" not in page
    assert "Rahasia1" in text(browser.get(f"/tenggat/{plan.id}/"))
    assert not world.rows("SELECT 1 FROM clocks_pause WHERE note::text LIKE %s", ["%Rahasia1%"])
    browser.post(f"/tenggat/{plan.id}/lanjut/", {"next": f"/tenggat/{plan.id}/"})
    assert fresh(plan).paused_at is None
    assert Pause.objects.using("owner").get(clock_id=plan.id).resumed_at is not None


def test_a_pause_needs_a_reason_from_the_list_and_keeps_what_was_typed(world: World) -> None:
    _filed, plan = reported(world, Event.NEED_RECORDED, "plan")
    browser = world.client(world.person(Role.SUPERVISOR))
    sent = browser.post(f"/tenggat/{plan.id}/jeda/", {"reason": "malas", "note": "Tulisan ini tetap ada."})
    assert sent.status_code == 400
    assert "Tulisan ini tetap ada." in text(sent)
    assert fresh(plan).paused_at is None


def test_what_the_law_does_not_pause_is_not_paused(world: World) -> None:
    _filed, duty = reported(world, Event.VICTIM_REPORTED, "police-duty")
    browser = world.client(world.person(Role.SUPERVISOR))
    sent = browser.post(f"/tenggat/{duty.id}/jeda/", {"reason": "her_pause", "note": "Menunggu."})
    assert sent.status_code == 400
    assert "aturannya tidak mengenal jeda" in text(sent)
    assert fresh(duty).paused_at is None


def test_a_deadline_ends_by_hand_with_a_note_alone(world: World) -> None:
    filed, answer = reported(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    assert browser.post(f"/tenggat/{answer.id}/akhiri/", {"note": "  "}).status_code == 400
    assert fresh(answer).ended_at is None
    browser.post(f"/tenggat/{answer.id}/akhiri/", {"note": "Laporan ganda."})
    assert fresh(answer).ending == End.NOT_NEEDED
    page = text(browser.get(f"/berkas/{filed.reference}/"))
    assert "Tidak berlaku lagi" in page
    assert "Laporan ganda." in text(browser.get(f"/tenggat/{answer.id}/"))
    again = browser.post(f"/tenggat/{answer.id}/akhiri/", {"note": "Sekali lagi."})
    assert "sudah berakhir" in text(again)


def test_opening_notes_is_in_the_ledger_and_looking_at_a_bare_deadline_is_not(world: World) -> None:
    _filed, answer = reported(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    opened = "SELECT count(*) FROM ledger_entry WHERE verb = 'opened' AND %s = ANY (objects_named)"
    browser.get(f"/tenggat/{answer.id}/")
    assert world.rows(opened, [answer.id]) == [(0,)]
    browser.post(f"/tenggat/{answer.id}/akhiri/", {"note": "Laporan ganda."})
    browser.get(f"/tenggat/{answer.id}/")
    assert world.rows(opened, [answer.id]) == [(1,)]


@pytest.mark.parametrize("way", ["", "jeda/", "akhiri/", "keputusan/"])
def test_a_deadline_out_of_reach_is_not_there(world: World, way: str) -> None:
    _filed, answer = reported(world)
    for person in (world.person(Role.SUPERVISOR, world.other), world.person(Role.PARTNER_OFFICER)):
        assert world.client(person).get(f"/tenggat/{answer.id}/{way}").status_code == 404


def test_who_may_only_read_changes_nothing(world: World) -> None:
    filed, answer = reported(world)
    companion = world.client(on_the_team(world, filed, Role.COMPANION))
    assert companion.get(f"/tenggat/{answer.id}/").status_code == 200
    assert companion.get(f"/tenggat/{answer.id}/akhiri/").status_code == 404
    assert companion.post(f"/tenggat/{answer.id}/akhiri/", {"note": "x"}).status_code == 404
    assert companion.post(f"/tenggat/{answer.id}/lanjut/").status_code == 404
    assert f"/tenggat/{answer.id}/akhiri/" not in text(companion.get(f"/berkas/{filed.reference}/"))
    assert fresh(answer).ended_at is None


# --- the decision about the duty to report: care.md 9 ---


def test_the_duty_to_report_asks_for_a_decision_and_says_that_it_sends_nothing(world: World) -> None:
    filed, duty = reported(world, Event.VICTIM_REPORTED, "police-duty")
    browser = world.client(world.person(Role.SUPERVISOR))
    assert f"/tenggat/{duty.id}/keputusan/" in text(browser.get(f"/berkas/{filed.reference}/"))
    page = text(browser.get(f"/tenggat/{duty.id}/keputusan/"))
    assert "Tidak ada yang dikirim dari sini" in page
    assert duty.definition.article in page
    mails = "SELECT count(*) FROM procrastinate_jobs"
    before = world.rows(mails)
    sent = browser.post(f"/tenggat/{duty.id}/keputusan/", FACTS)
    assert sent.headers["Location"] == f"/berkas/{filed.reference}/"
    assert world.rows(mails) == before
    assert fresh(duty).ending == End.MET
    assert Ruled.objects.using("owner").get(clock_id=duty.id).ruling == "report"
    page = text(browser.get(f"/tenggat/{duty.id}/"))
    assert "Klien meminta sendiri" in page


def test_for_an_offence_on_complaint_her_no_is_the_outcome(world: World) -> None:
    _filed, duty = reported(world, Event.VICTIM_REPORTED, "police-duty")
    browser = world.client(world.person(Role.SUPERVISOR))
    no = FACTS | {"on_complaint": "yes", "she_agrees": "no"}
    for ruling in ("report", "report_against"):
        sent = browser.post(f"/tenggat/{duty.id}/keputusan/", no | {"ruling": ruling, "danger": "yes"})
        assert sent.status_code == 400
        assert "keputusannya yang berlaku" in text(sent)
        assert "Klien meminta sendiri" in text(sent)
    assert fresh(duty).ended_at is None
    browser.post(f"/tenggat/{duty.id}/keputusan/", no | {"ruling": "respect"})
    assert Ruled.objects.using("owner").get(clock_id=duty.id).ruling == "respect"


def test_the_database_refuses_a_report_against_her_no_whatever_statement_writes_it(world: World) -> None:
    _filed, duty = reported(world, Event.VICTIM_REPORTED, "police-duty")
    world.client(world.person(Role.SUPERVISOR)).post(f"/tenggat/{duty.id}/keputusan/", FACTS)
    with pytest.raises(IntegrityError, match="her_no_is_the_outcome"):
        world.rows(
            "UPDATE clocks_ruled SET on_complaint = 'yes', she_agrees = 'no', ruling = 'report_against' "
            "WHERE clock_id = %s",
            [duty.id],
        )


@pytest.mark.parametrize("missing", list(FACTS))
def test_a_decision_leaves_nothing_out(world: World, missing: str) -> None:
    _filed, duty = reported(world, Event.VICTIM_REPORTED, "police-duty")
    given = {name: value for name, value in FACTS.items() if name != missing}
    sent = world.client(world.person(Role.SUPERVISOR)).post(f"/tenggat/{duty.id}/keputusan/", given)
    assert sent.status_code == 400
    assert fresh(duty).ended_at is None


def test_the_duty_to_report_does_not_end_without_a_decision(world: World) -> None:
    _filed, duty = reported(world, Event.VICTIM_REPORTED, "police-duty")
    sent = world.client(world.person(Role.SUPERVISOR)).post(
        f"/tenggat/{duty.id}/akhiri/", {"note": "Selesai."}
    )
    assert "Catat keputusan" in text(sent)
    assert fresh(duty).ended_at is None


def test_a_deadline_that_asks_for_no_decision_has_no_page_for_one(world: World) -> None:
    _filed, answer = reported(world)
    browser = world.client(world.person(Role.SUPERVISOR))
    assert browser.get(f"/tenggat/{answer.id}/keputusan/").status_code == 404
