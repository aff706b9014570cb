"""Deadlines on the page of today: whom each is asked of."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ruangaman.access.duties import Kind
from ruangaman.access.states import Role, Stage
from ruangaman.clocks import duties
from ruangaman.clocks.models import Clock
from ruangaman.clocks.states import Event
from ruangaman.kernel import clock
from tests.clocks.running import happened, hold, late, on_the_team, one_of, reported
from tests.worlds import World, acting


def test_who_holds_a_deadline_is_asked_for_it(world: World) -> None:
    filed, answer = reported(world)
    officer = world.person(Role.INTAKE_OFFICER, tag="_holder")
    hold(world, answer, officer)
    with acting(officer):
        found = duties.held(world.viewer(officer), clock.now(), 10)
    assert [(duty.reference, duty.kind, str(duty.text)) for duty in found] == [
        (filed.reference, Kind.REPORT, answer.definition.name)
    ]
    assert found[0].basis == answer.definition.article
    assert found[0].url == f"/berkas/{filed.reference}/"


def test_what_nobody_holds_is_asked_of_who_may_do_it_by_rank(world: World) -> None:
    filed, _answer = reported(world)
    asked = {}
    for role in (Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.DATA_OFFICER, Role.COMPANION):
        person = world.person(role)
        with acting(person):
            found = duties.unheld(world.viewer(person), clock.now(), 10)
        asked[role] = filed.reference in {duty.reference for duty in found}
    assert asked == {
        Role.INTAKE_OFFICER: True,
        Role.SUPERVISOR: True,
        Role.DATA_OFFICER: False,  # reads the administration, and answers nobody
        Role.COMPANION: False,
    }


def test_danger_is_danger_on_the_page_of_today(world: World) -> None:
    filed, _danger = reported(world, Event.DANGER_TOLD, "danger")
    officer = world.person(Role.INTAKE_OFFICER)
    with acting(officer):
        found = duties.unheld(world.viewer(officer), clock.now(), 10)
    assert [duty.kind for duty in found if duty.reference == filed.reference] == [Kind.DANGER, Kind.REPORT]


def test_what_stands_still_or_is_far_away_is_not_asked_for(world: World) -> None:
    filed, plan = reported(world, Event.NEED_RECORDED, "plan")
    late(world, plan)
    supervisor = world.person(Role.SUPERVISOR)
    far = clock.now() + timedelta(days=60)
    happened(filed, Event.APPOINTMENT_MADE, supervisor, given=far, about=plan.id)
    world.client(supervisor).post(f"/tenggat/{plan.id}/jeda/", {"reason": "her_pause", "note": "Menunggu."})
    with acting(supervisor):
        found = duties.unheld(world.viewer(supervisor), clock.now(), 10)
    assert [str(duty.text) for duty in found] == ["Jawab pelapor"]


def test_each_maker_of_duties_asks_once(world: World) -> None:
    for _one in range(4):
        filed, _answer = reported(world)
    companion = on_the_team(world, filed, Role.COMPANION)
    supervisor = world.person(Role.SUPERVISOR)
    for maker, person in (
        (duties.held, supervisor),
        (duties.unheld, supervisor),
        (duties.of_own_files, companion),
        (duties.of_the_unit, supervisor),
    ):
        viewer = world.viewer(person)
        with acting(person), CaptureQueriesContext(connection) as asked:
            maker(viewer, clock.now(), 2)
        assert len([one for one in asked if "clocks_" in one["sql"]]) == 1, maker


def test_deadlines_of_a_case_are_the_managers_who_hold_them(world: World) -> None:
    filed = world.file()
    supervisor = world.person(Role.SUPERVISOR)
    world.move(filed, Stage.CASE)
    manager = on_the_team(world, filed, Role.CASE_MANAGER)
    plan = one_of(happened(filed, Event.NEED_RECORDED, supervisor, holder=manager.id), "plan")
    late(world, plan)
    with acting(manager):
        assert [duty.reference for duty in duties.held(world.viewer(manager), clock.now(), 5)] == [
            filed.reference
        ]
    with acting(supervisor):
        unheld = duties.unheld(world.viewer(supervisor), clock.now(), 5)
        assert plan.definition.name not in {str(duty.text) for duty in unheld}
    assert Clock.objects.using("owner").get(id=plan.id).holder_id == manager.id
