"""What *Hari ini* asks of whom, and what the page of a dossier tells of triage and outreach."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.models import Dossier, User
from ruangaman.access.panels import Look, Milestone, Panel
from ruangaman.access.queries import Viewer, reach_of
from ruangaman.access.states import Role, Stage
from ruangaman.clocks import duties as clocks
from ruangaman.clocks.queries import deadline
from ruangaman.intake import duties
from ruangaman.intake.panels import outreach, triage
from ruangaman.intake.states import OutreachResult, Triage, TriageReason
from ruangaman.kernel import clock
from tests.intake.reaching import COVER, NEIGHBOUR, PLAN, begin, decide, end, plan, planned
from tests.intake.test_thread import answer
from tests.worlds import Filed, World, acting


def decisions(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    return [duty for duty in duties.reports(viewer, at, most) if duty.kind == Kind.TRIAGE]


def plans(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    return [duty for duty in duties.reports(viewer, at, most) if duty.kind == Kind.OUTREACH]


MAKERS = (decisions, plans, duties.outreach)


def asked(world: World, maker: Any, person: User, most: int = 100) -> list[Duty]:
    """What a maker asks of somebody; in one query at most."""
    viewer = world.viewer(person)
    with acting(person), CaptureQueriesContext(connection) as told:
        found = maker(viewer, clock.now(), most)
    assert len([q for q in told.captured_queries if "SELECT" in q["sql"]]) <= 1
    return list(found)


def test_an_unanswered_report_is_due_in_three_working_days_and_danger_within_the_hour(world: World) -> None:
    calm, urgent = world.file(), world.file(danger_now="yes")
    found = asked(world, clocks.unheld, world.person(Role.INTAKE_OFFICER))
    assert {(duty.kind, duty.reference) for duty in found} == {
        (Kind.DANGER, urgent.reference),
        (Kind.REPORT, urgent.reference),
        (Kind.REPORT, calm.reference),
    }
    assert next(d for d in found if d.kind == Kind.DANGER).due_at == urgent.dossier.opened_at + timedelta(
        hours=1
    )
    by = deadline(unit_id=world.unit.id, code="answer", since=calm.dossier.opened_at)
    assert {d.due_at for d in found if d.reference == calm.reference} == {by}
    assert {duty.url for duty in found} == {f"/berkas/{f.reference}/" for f in (urgent, calm)}
    answer(world, calm, "Kami baca.")
    left = asked(world, clocks.unheld, world.person(Role.HEAD))
    assert {duty.reference for duty in left} == {urgent.reference}


def test_danger_is_not_cut_off_by_a_long_list_of_calm_reports(world: World) -> None:
    for days in (3, 2):
        world.file(at=clock.now() - timedelta(days=days))
    urgent = world.file(danger_now="yes")
    found = asked(world, decisions, world.person(Role.HEAD), most=1)
    assert [duty.reference for duty in found] == [urgent.reference]


def test_a_report_waits_for_triage_until_it_is_decided(world: World) -> None:
    filed, moved = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    world.move(moved, Stage.CASE)
    officer = world.person(Role.INTAKE_OFFICER)
    found = asked(world, decisions, officer)
    assert [(d.kind, d.reference, d.url) for d in found] == [
        (Kind.TRIAGE, filed.reference, f"/laporan/{filed.reference}/triase/")
    ]
    answer(world, filed, "Kami baca.")
    assert len(asked(world, decisions, officer)) == 1, "an answer alone is no handling"
    decide(world, filed)
    assert asked(world, decisions, officer) == []


def test_nobody_is_forgotten_between_the_decision_and_the_plan_nor_between_two_attempts(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    officer = world.person(Role.INTAKE_OFFICER)
    decide(world, filed)
    assert [d.url for d in asked(world, plans, officer)] == [f"/laporan/{filed.reference}/penjangkauan/"]
    made = plan(world, filed)
    assert asked(world, plans, officer) == []
    begin(world, made)
    end(world, made, OutreachResult.NOT_FOUND)
    assert len(asked(world, plans, officer)) == 1


def test_a_companion_is_reminded_of_their_own_attempts_and_rank_of_all_of_the_unit(world: World) -> None:
    filed, made = planned(world)
    other = world.file(**NEIGHBOUR)
    decide(world, other)
    elsewhere = world.person(Role.COMPANION, tag="-lain")
    plan(world, other, companion=elsewhere)
    own = asked(world, duties.outreach, world.person(Role.COMPANION))
    assert [(d.kind, d.reference, d.url) for d in own] == [
        (Kind.OUTREACH, filed.reference, f"/penjangkauan/{made.id}/")
    ]
    # What has not begun is read first, not reported on.
    assert [d.url for d in asked(world, duties.outreach, elsewhere)] == [f"/berkas/{other.reference}/"]
    for role in (Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.HEAD):
        found = asked(world, duties.outreach, world.person(role))
        assert [d.reference for d in found] == [filed.reference, other.reference], role
    end(world, made)
    assert asked(world, duties.outreach, world.person(Role.COMPANION)) == []


@pytest.mark.parametrize("maker", MAKERS)
def test_strangers_are_asked_nothing_and_what_was_erased_asks_nothing(world: World, maker: Any) -> None:
    planned(world, danger_now="yes")
    decide(world, world.file(**NEIGHBOUR))
    world.file()
    for person in (
        world.person(Role.HEAD, world.other),
        world.person(Role.COMPANION, world.other),
        world.person(Role.COMPANION, tag="-lain"),
        world.person(Role.ANALYST),
        world.person(Role.ADMINISTRATOR),
        world.person(Role.DATA_OFFICER),
        world.person(Role.PARTNER_OFFICER),
    ):
        assert asked(world, maker, person) == []
    supervisor = world.person(Role.SUPERVISOR)
    assert asked(world, maker, supervisor)
    world.rows("UPDATE access_dossier SET erased_at = now()")
    assert asked(world, maker, supervisor) == []


@pytest.mark.parametrize(
    ("index", "where"),
    [
        ("intake_report_untriaged", "triage IN ('received', 'answered') AND stage = 'intake'"),
        (
            "intake_report_flood",
            "in_flood AND triage IN ('received', 'answered') AND stage = 'intake' "
            "ORDER BY danger_now DESC, received_at, id",
        ),
        ("intake_report_awaits", "awaits_outreach AND stage = 'intake'"),
        ("intake_report_waiting", "first_answered_at IS NULL AND stage = 'intake'"),
    ],
)
def test_what_waits_has_an_index_of_what_waits(world: World, index: str, where: str) -> None:
    world.file()
    with transaction.atomic(using="owner"):
        # On so small a table any index is as good as another: the planner is left with those of what waits.
        world.rows("SET LOCAL enable_seqscan = off")
        world.rows("DROP INDEX intake_report_list")
        told = world.rows(
            f"EXPLAIN SELECT id FROM intake_report WHERE unit_id = %s AND {where}", [world.unit.id]
        )
        transaction.set_rollback(True, using="owner")
    assert index in str(told)


def test_each_kind_that_reports_ask_for_is_read_from_its_own_index(world: World) -> None:
    """One statement, and still three small reads: at 100,000 cases nothing but what waits is looked at."""
    world.file()
    officer = world.person(Role.SUPERVISOR)
    viewer = world.viewer(officer)
    with acting(officer), CaptureQueriesContext(connection) as told:
        duties.reports(viewer, clock.now(), 100)
    (asked_for,) = [q["sql"] for q in told.captured_queries if "SELECT" in q["sql"]]
    own = ["intake_report_untriaged", "intake_report_awaits", "intake_report_flood"]
    with transaction.atomic(using="owner"):
        # Of a table with one row any index is as good as another: so that what is shown is which of them fits.
        keys = "SELECT conname FROM pg_constraint WHERE conrelid = 'intake_report'::regclass AND contype IN ('p', 'u')"
        for (name,) in world.rows(keys):
            world.rows(f"ALTER TABLE intake_report DROP CONSTRAINT {name} CASCADE")
        others = (
            "SELECT indexname FROM pg_indexes WHERE tablename = 'intake_report' AND indexname <> ALL (%s)"
        )
        for (name,) in world.rows(others, [own]):
            world.rows(f"DROP INDEX {name}")
        world.rows("SET LOCAL enable_seqscan = off")
        plan_of_it = str(world.rows(f"EXPLAIN {asked_for}"))
        transaction.set_rollback(True, using="owner")
    for index in own:
        assert index in plan_of_it


# --- panels ----------------------------------------------------------------------------------------------------------


def look(world: World, filed: Filed, person: User) -> tuple[Panel | None, Panel | None, int]:
    """The panels of triage and outreach as somebody sees them, and the queries they took."""
    viewer, now = world.viewer(person), clock.now()
    with acting(person):
        dossier = Dossier.objects.get(id=filed.dossier.id)  # as a page finds it, not as it was filed
        sections, writes = reach_of(viewer, dossier, now)
        seen = Look(viewer, dossier, sections, writes, now, RequestFactory().get("/"))
        with CaptureQueriesContext(connection) as told:
            found = triage.triage(seen), outreach.outreach(seen)
    return *found, len(told)


def test_the_panels_tell_who_decided_why_and_what_came_of_it(world: World) -> None:
    filed, made = planned(world)
    answer(world, filed, "Kami baca.")
    end(world, made, note="Ia mau bertemu lagi.")
    triage, outreach, queries = look(world, filed, world.person(Role.SUPERVISOR))
    assert triage is not None
    assert outreach is not None
    assert queries <= 4  # report, decisions, attempts, and the keys of the whole page
    (move,) = triage.context["moves"]  # answered after the decision: no move of its own
    assert (move["after"], move["reason"]) == (Triage.OUTREACH.label, TriageReason.NOT_FROM_VICTIM.label)
    assert move["by"] == world.person(Role.INTAKE_OFFICER).name
    (attempt,) = outreach.context["attempts"]
    assert (attempt["cover_reason"], attempt["safety_plan"]) == (COVER, PLAN)
    assert (attempt["note"], attempt.get("end_url", "")) == ("Ia mau bertemu lagi.", "")
    assert [str(event.text) for event in triage.events] == [
        "Laporan diterima",
        "Jawaban pertama kepada pelapor",
        "Triase: Penjangkauan",
    ]
    assert [str(event.text) for event in outreach.events] == ["Penjangkauan: Bertemu dan bicara berdua"]
    assert (list(triage.reached), list(outreach.reached)) == ([Milestone.REPORT], [Milestone.OUTREACH])


@pytest.mark.parametrize("result", OutreachResult.values)
def test_outreach_is_reached_only_where_somebody_met_her(world: World, result: str) -> None:
    filed, made = planned(world)
    end(world, made, result)
    outreach = look(world, filed, world.person(Role.SUPERVISOR))[1]
    assert outreach is not None
    assert (Milestone.OUTREACH in outreach.reached) == (result in ("reached", "not_alone"))


def test_each_is_offered_what_they_may_do(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    officer, head = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    triage = look(world, filed, officer)[0]
    assert triage is not None
    assert triage.context["triage_url"] == f"/laporan/{filed.reference}/triase/"
    assert triage.context["plan_url"] == ""
    assert "Lampiran D.I.2" in str(triage.context["rules"])
    decide(world, filed)
    for person, plans in ((officer, True), (head, False)):
        triage = look(world, filed, person)[0]
        assert triage is not None
        assert bool(triage.context["plan_url"]) == plans
    plan(world, filed)
    triage, outreach, _queries = look(world, filed, world.person(Role.COMPANION))
    assert triage is not None
    assert outreach is not None
    assert (triage.context["triage_url"], triage.context["plan_url"]) == ("", "")
    assert outreach.context["attempts"][0]["end_url"]


def test_many_decisions_and_attempts_take_no_more_queries(world: World) -> None:
    filed, made = planned(world)
    supervisor = world.person(Role.SUPERVISOR)
    few = look(world, filed, supervisor)[2]
    for _ in range(4):
        begin(world, made)
        end(world, made, OutreachResult.NOT_FOUND)
        made = plan(world, filed)
    assert look(world, filed, supervisor)[2] == few
