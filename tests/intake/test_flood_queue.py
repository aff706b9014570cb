"""A flood from one place: every report is kept, waits in a queue of its own, and several are decided at once."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ruangaman.access.states import Role
from ruangaman.intake import duties, queries
from ruangaman.intake.models import Report
from ruangaman.intake.states import Triage
from ruangaman.kernel import clock
from tests.intake.reaching import act_at_once
from tests.intake.test_joining import triage_of, word_of
from tests.worlds import Filed, World, acting

NOTE = "Salinan yang sama berkali-kali, tanpa kejadian."


def flooded(world: World, count: int, **answers: Any) -> list[Filed]:
    made = [world.file(**{"reporter_kind": "victim", **answers}) for _ in range(count)]
    ids = [one.dossier.id for one in made]
    world.rows("UPDATE intake_report SET in_flood = true WHERE dossier_id = ANY (%s)", [ids])
    return made


def test_the_queue_stands_apart_from_the_list_and_is_counted_there(world: World) -> None:
    calm, flood = world.file(), flooded(world, 2)
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    page = officer.get("/laporan/").content.decode()
    assert calm.reference in page
    assert "2 laporan menunggu di antrean" in page
    assert not any(one.reference in page for one in flood)
    queue = officer.get("/laporan/antrean/").content.decode()
    assert calm.reference not in queue
    assert 'href="/laporan/"' in queue
    assert all(one.reference in queue for one in flood)
    for role in (Role.COMPANION, Role.ANALYST, Role.DATA_OFFICER, Role.PARTNER_OFFICER):
        assert world.client(world.person(role)).get("/laporan/antrean/").status_code == 404
    assert (
        world.client(world.person(Role.HEAD, world.other))
        .get("/laporan/antrean/")
        .content.decode()
        .count(flood[0].reference)
        == 0
    )


def test_danger_stands_first_and_pages_lose_and_double_none(world: World) -> None:
    calm, urgent = flooded(world, 4), flooded(world, 3, danger_now="yes")
    officer = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    seen: list[str] = []
    after = None
    with acting(officer):
        while True:
            rows, more = queries.flood(viewer, after=after, size=2)
            seen += [row.dossier.reference for row in rows]
            if not more:
                break
            after = (rows[-1].danger_now, rows[-1].received_at, rows[-1].id)
    assert seen == [one.reference for one in (*urgent, *calm)]


def test_hari_ini_asks_once_however_many_wait(world: World) -> None:
    flooded(world, 5)
    officer = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer), CaptureQueriesContext(connection) as told:
        found = duties.reports(viewer, clock.now(), 100)
    assert len([q for q in told.captured_queries if "SELECT" in q["sql"]]) == 1
    assert [one.url for one in found] == ["/laporan/antrean/"], "and no decision about each of them"
    assert "5" in str(found[0].text)
    stranger = world.person(Role.HEAD, world.other)
    with acting(stranger):
        assert duties.reports(world.viewer(stranger), clock.now(), 100) == []


def test_several_are_closed_at_once_with_a_note_and_taken_back(world: World) -> None:
    first, second, third = flooded(world, 3)
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    sent = {"act": "close", "chosen": [str(first.dossier.id), str(second.dossier.id)]}
    without = officer.post("/laporan/antrean/", sent)
    assert without.status_code == 400
    assert "mengapa ini di luar layanan" in without.content.decode()
    assert triage_of(first) == Triage.RECEIVED
    closed = officer.post("/laporan/antrean/", {**sent, "note": NOTE})
    assert closed.status_code == 200
    assert f">{NOTE}</textarea>" not in closed.content.decode(), "the reason was for these, not for the next"
    assert [triage_of(one) for one in (first, second, third)] == ["not_in_scope", "not_in_scope", "received"]
    assert word_of(first) == "Selesai"
    running = "SELECT count(*) FROM clocks_clock WHERE dossier_id = %s AND ended_at IS NULL"
    assert world.rows(running, [first.dossier.id]) == [(0,)]
    back = officer.post("/laporan/antrean/", {"act": "undo", "chosen": [str(first.dossier.id)]})
    assert back.status_code == 200
    assert triage_of(first) == Triage.RECEIVED
    assert word_of(first) == "Sedang ditangani"
    assert world.rows(running, [first.dossier.id]) == [(1,)], "the reporter is still to be answered"
    assert not Report.objects.using("owner").get(dossier_id=first.dossier.id).in_flood
    assert first.reference in officer.get("/laporan/").content.decode()
    colleague = world.client(world.person(Role.SUPERVISOR))
    assert (
        colleague.post("/laporan/antrean/", {"act": "undo", "chosen": [str(second.dossier.id)]}).status_code
        == 400
    )


def test_each_keeps_its_own_rules_in_a_crowd(world: World) -> None:
    (calm,), (urgent,) = flooded(world, 1), flooded(world, 1, danger_now="yes")
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    sent = {"act": "close", "note": NOTE, "chosen": [str(one.dossier.id) for one in (calm, urgent)]}
    page = officer.post("/laporan/antrean/", sent)
    assert page.status_code == 200
    assert "langkah pertama" in page.content.decode()
    assert [triage_of(one) for one in (calm, urgent)] == ["not_in_scope", "received"]
    act_at_once(world, urgent)
    assert (
        "Hanya penyelia"
        in officer.post("/laporan/antrean/", sent | {"chosen": [str(urgent.dossier.id)]}).content.decode()
    )


def test_one_is_moved_to_the_list_and_nonsense_is_told_so(world: World) -> None:
    first, second = flooded(world, 2)
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    assert (
        officer.post("/laporan/antrean/", {"act": "out", "chosen": [str(first.dossier.id)]}).status_code
        == 200
    )
    page = officer.get("/laporan/").content.decode()
    assert first.reference in page
    assert second.reference not in page
    hidden = flooded(world, 1, place="32.76")[0]
    for sent in (
        {},
        {"act": "out"},
        {"act": "out", "chosen": ["x"]},
        {"act": "elsewhere", "chosen": [str(second.dossier.id)]},
        {"act": "out", "chosen": [str(hidden.dossier.id)]},
    ):
        assert officer.post("/laporan/antrean/", sent).status_code == 400
    assert Report.objects.using("owner").get(dossier_id=hidden.dossier.id).in_flood
    for mark in ("x", "1~x~y", "9~2026-01-01~" + str(hidden.dossier.id)):
        assert officer.get("/laporan/antrean/", {"sesudah": mark}).status_code == 200
