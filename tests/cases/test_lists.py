"""The list of cases and what waits: a few questions however many cases there are."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ruangaman.access.actions import raise_wall
from ruangaman.access.duties import Kind
from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.cases import actions, duties, queries
from ruangaman.clocks import duties as clocks
from ruangaman.consent.states import Service
from ruangaman.kernel import clock
from tests.cases.cases import case, way
from tests.worlds import World, acting


def listed(world: World, person: User, **asked: Any) -> tuple[list[str], str, int]:
    """(references, where the next page begins, how many questions)"""
    viewer = world.viewer(person)
    with acting(person), CaptureQueriesContext(connection) as asked_for:
        page = queries.cases(viewer, at=clock.now(), **asked)
        references = [row.dossier.reference for row in page.rows if row.manager.name]
    return references, page.older, len(asked_for)


def copied(world: World, many: int) -> None:
    """More cases of the same manager, each taken a minute before the one before it."""
    for number in range(many):
        filed = world.file()
        world.move(filed, "case")
        world.rows(
            "INSERT INTO cases_case (id, dossier_id, unit_id, stage, manager_id, taken_at, risk) "
            "SELECT gen_random_uuid(), %s, unit_id, 'case', manager_id, taken_at - make_interval(mins => %s), '' "
            "FROM cases_case LIMIT 1",
            [filed.dossier.id, number + 1],
        )
        manager = world.person(Role.CASE_MANAGER)
        world.grant(filed, manager.id, "administration")
        world.grant(filed, manager.id, "file")


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.HEAD, Role.CASE_MANAGER])
def test_sixty_cases_ask_as_little_as_one(world: World, role: str) -> None:
    case(world)
    person = world.person(role)
    first = listed(world, person)
    assert len(first[0]) == 1
    copied(world, 60)
    many = listed(world, person)
    assert len(many[0]) == 25 and many[1]
    assert many[2] == first[2] <= 5


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.CASE_MANAGER])
def test_the_pages_of_the_list_hold_every_case_once(world: World, role: str) -> None:
    case(world)
    copied(world, 30)
    person, found, older = world.person(role), [], ""
    for _page in range(5):
        before = None
        if older:
            at, _mark, row = older.partition("~")
            before = (datetime.fromisoformat(at), UUID(row))
        references, older, _asked = listed(world, person, before=before, size=10)
        found += references
        if not older:
            break
    assert len(found) == len(set(found)) == 31


def test_the_list_holds_what_one_may_see(world: World) -> None:
    made = case(world)
    way(world)
    assert listed(world, made.manager)[0] == [made.reference]
    for person in (world.person(Role.CASE_MANAGER, tag="_lain"), world.person(Role.HEAD, world.other),
                   world.person(Role.PSYCHOLOGIST), world.person(Role.PARTNER_OFFICER)):  # fmt: skip
        assert listed(world, person)[0] == []
    with acting(made.supervisor):
        walled = world.person(Role.HEAD)
        raise_wall(dossier=made.dossier, person=walled.id, by=made.supervisor.id, at=clock.now())
    assert listed(world, walled)[0] == []


def waiting(world: World, maker: Any, person: User, most: int = 100) -> list[Any]:
    viewer = world.viewer(person)
    with acting(person), CaptureQueriesContext(connection) as asked:
        found = maker(viewer, clock.now(), most)
    assert len(asked) <= 1
    return list(found)


def test_an_assessed_report_waits_for_its_team_until_a_case_manager_takes_it(world: World) -> None:
    made = way(world)

    def asked(person: User) -> list[str]:
        return [d.reference for d in waiting(world, clocks.of_own_files, person) if d.kind == Kind.CASE]

    assert asked(made.manager) == []
    made.assess()
    assert asked(made.manager) == asked(made.companion) == [made.reference]
    assert asked(world.person(Role.CASE_MANAGER, tag="_lain")) == []
    made.take()
    assert asked(made.manager) == asked(made.companion) == []


def test_needs_without_an_answer_wait_for_the_manager_until_the_plan_answers_each(world: World) -> None:
    made = case(world)

    def asked() -> list[str]:
        return [d.reference for d in waiting(world, clocks.held, made.manager) if d.kind == Kind.CASE]

    assert asked() == [made.reference]
    made.consent(Service.MEDICAL)
    made.plan(made.need(Service.MEDICAL)["medical"], made.companion)
    assert asked() == [made.reference]  # one need is still open
    assert waiting(world, clocks.held, made.companion) == []
    other = made.need(Service.PSYCHOLOGICAL)["psychological"]
    with acting(made.manager):
        actions.leave_unmet(
            viewer=world.viewer(made.manager),
            dossier=made.dossier,
            need=other,
            reason="unavailable",
            at=clock.now(),
        )
    assert asked() == []


def test_a_plan_waits_for_who_gives_it_and_not_once_it_was_begun_or_dropped(world: World) -> None:
    made, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    made.consent(Service.PSYCHOLOGICAL)
    today = timezone.localdate()
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    made.plan(need, psychologist, starts_on=today + timedelta(days=30))
    assert waiting(world, duties.to_begin, psychologist) == []
    made.plan(need, psychologist, starts_on=today + timedelta(days=3))
    told = waiting(world, duties.to_begin, psychologist)
    assert [(duty.kind, duty.reference, str(duty.text)) for duty in told] == [
        (Kind.SERVICE, made.reference, "Psikologis: mulai layanan")
    ]
    assert waiting(world, duties.to_begin, made.manager) == []
    world.rows("UPDATE cases_planitem SET given = 1")
    assert waiting(world, duties.to_begin, psychologist) == []
    world.rows("UPDATE cases_planitem SET given = 0, dropped_at = now()")
    assert waiting(world, duties.to_begin, psychologist) == []


def test_no_more_is_told_than_asked_for(world: World) -> None:
    for _number in range(3):
        made = way(world)
        made.assess()
    assert len(waiting(world, clocks.of_own_files, made.manager, most=2)) == 2


def test_the_panels_of_a_case_ask_a_few_questions(world: World) -> None:
    from ruangaman.access.panels import Look
    from ruangaman.access.queries import reach_of
    from ruangaman.cases import panels

    made = case(world)
    made.note("high", "Jangan menelepon.")
    viewer = world.viewer(made.manager)
    with acting(made.manager):
        sections, writes = reach_of(viewer, made.dossier, clock.now())
        look = Look(viewer, made.dossier, sections, writes, clock.now(), None)  # type: ignore[arg-type]
        look.key("plan")
        with CaptureQueriesContext(connection) as asked:
            shown = [
                maker(look) for maker in (panels.safety, panels.assessment, panels.incident, panels.team)
            ]
    assert all(shown)
    assert len(asked) <= 5
