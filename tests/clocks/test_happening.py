"""What happens in a file starts and ends its clocks, whoever says that it happened."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from ruangaman.access.actions import join_team
from ruangaman.access.states import Role, Stage
from ruangaman.clocks import actions, queries
from ruangaman.clocks.models import Clock
from ruangaman.clocks.states import Event
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from tests.worlds import Filed, World, acting


def clocks_of(filed: Filed) -> dict[str, Clock]:
    """The running clocks of a file, as the owner sees them."""
    rows = Clock.objects.using("owner").filter(dossier_id=filed.dossier.id, ended_at=None)
    return {row.code: row for row in rows.select_related("definition")}


def say(filed: Filed, who: Any, event: Event, **more: Any) -> None:
    with acting(who):
        actions.happened(
            event=event, dossier=filed.dossier, at=more.pop("at", clock.now()), by=who.id, **more
        )


def joined(world: World, filed: Filed, role: Role) -> Any:
    person = world.person(role)
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        join_team(
            dossier=filed.dossier, person=person.id, role=role, until=clock.now() + timedelta(days=9),
            by=supervisor.id, at=clock.now(),
        )  # fmt: skip
    return person


def test_a_report_is_to_be_answered_and_danger_within_the_hour(world: World) -> None:
    friday = datetime(2026, 8, 14, 9, tzinfo=UTC)  # the Monday after is the day of independence
    filed = world.file(at=friday, danger_now="yes")
    running = clocks_of(filed)
    assert running.keys() == {"answer", "danger"}
    assert running["answer"].due_at == datetime(2026, 8, 20, 16, 59, 59, 999999, tzinfo=UTC)
    assert running["danger"].due_at == friday + timedelta(hours=1)
    assert "danger" not in clocks_of(world.file(at=friday))


def test_two_events_of_a_report_cost_four_queries(world: World) -> None:
    filed = world.file()
    with (
        acting(scope=filed.dossier.id, purpose="filing"),
        CaptureQueriesContext(connections["default"]) as asked,
    ):
        for event in (Event.REPORT_RECEIVED, Event.DANGER_TOLD):
            actions.happened(event=event, dossier=filed.dossier, at=clock.now(), by=None)
    assert len(asked) <= 4


def test_a_companion_who_may_not_write_the_administration_ends_the_clock_by_answering(world: World) -> None:
    filed = world.file(danger_now="yes")
    companion = joined(world, filed, Role.COMPANION)
    say(filed, companion, Event.REPORT_ANSWERED)
    assert not clocks_of(filed)
    ended = Clock.objects.using("owner").filter(dossier_id=filed.dossier.id)
    assert {(row.ending, row.ended_by_id, row.fires_at) for row in ended} == {("met", companion.id, None)}


def test_a_psychologist_starts_a_clock_in_a_section_that_is_not_theirs_to_write(world: World) -> None:
    filed = world.file()
    world.move(filed, Stage.CASE)
    psychologist = joined(world, filed, Role.PSYCHOLOGIST)
    given = clock.now() + timedelta(days=2)
    say(filed, psychologist, Event.APPOINTMENT_MADE, given=given, about=new_id(), holder=psychologist.id)
    row = clocks_of(filed)["appointment"]
    assert (row.section, row.due_at, row.given_at, row.holder_id) == ("plan", given, given, psychologist.id)
    with acting(psychologist):
        seen = queries.running_of(world.viewer(psychologist), filed.dossier.id)
    assert [row.code for row in seen] == ["answer"]


@pytest.mark.parametrize("who", ["walled", "other unit", "no role", "reporter", "nobody"])
def test_whoever_does_not_see_the_file_starts_and_ends_nothing(world: World, who: str) -> None:
    filed = world.file()
    person = (
        world.person(Role.SUPERVISOR, world.other) if who == "other unit" else world.person(Role.SUPERVISOR)
    )
    if who == "walled":
        wall(world, filed, person.id)
    if who == "no role":
        person = world.person(Role.ADMINISTRATOR)
    ways: dict[str, Any] = {
        "reporter": {"scope": filed.dossier.id, "purpose": "reporter"},
        "nobody": {},
    }
    with acting(**ways[who]) if who in ways else acting(person):
        for event in (Event.REPORT_ANSWERED, Event.CASE_ENDED, Event.SEXUAL_ASSAULT):
            actions.happened(event=event, dossier=filed.dossier, at=clock.now(), by=person.id)
        assert not world_hand(filed, person.id)
    assert clocks_of(filed).keys() == {"answer"}
    assert clocks_of(filed)["answer"].holder_id is None


def world_hand(filed: Filed, to: UUID) -> int:
    """How many clocks change hands."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT door.hand_clocks(%s, %s)", [filed.dossier.id, to])
        return int(cursor.fetchone()[0])


def wall(world: World, filed: Filed, person: UUID) -> None:
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [person, filed.dossier.id],
    )


def test_who_takes_the_case_takes_its_clocks(world: World) -> None:
    filed = world.file()
    manager = joined(world, filed, Role.CASE_MANAGER)
    say(filed, manager, Event.ASSESSED)
    with acting(manager):
        actions.hand_over(dossier=filed.dossier, to=manager.id)
    assert {row.holder_id for row in clocks_of(filed).values()} == {manager.id}


def test_care_8_the_72_hours_run_from_the_assault_and_not_from_the_telling(world: World) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    assault = clock.now() - timedelta(hours=70)
    say(filed, supervisor, Event.SEXUAL_ASSAULT, since=assault)
    row = clocks_of(filed)["health-72"]
    assert row.due_at == assault + timedelta(hours=72) and row.started_at == assault
    assert row.fires_at is not None and row.fires_at < clock.now()  # told at once


def test_care_8_what_can_not_be_made_up_any_more_is_not_started(world: World) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    say(filed, supervisor, Event.SEXUAL_ASSAULT, since=clock.now() - timedelta(hours=73))
    assert "health-72" not in clocks_of(filed)


def test_a_second_start_changes_nothing_and_a_new_confirmation_starts_anew(world: World) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    say(filed, supervisor, Event.ASSESSED)
    taken = clocks_of(filed)["take"]
    say(filed, supervisor, Event.ASSESSED, at=clock.now() + timedelta(hours=30))
    assert clocks_of(filed)["take"].id == taken.id
    say(filed, supervisor, Event.CONTACT_CONFIRMED)
    first = clocks_of(filed)["contact-30"]
    say(filed, supervisor, Event.CONTACT_CONFIRMED, at=clock.now() + timedelta(days=2))
    second = clocks_of(filed)["contact-30"]
    assert second.id != first.id and second.due_at > first.due_at


def test_two_referrals_are_answered_apart(world: World) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    one, other = new_id(), new_id()
    for about in (one, other):
        say(filed, supervisor, Event.REFERRAL_SENT, about=about)
    say(filed, supervisor, Event.REFERRAL_ANSWERED, about=one)
    assert clocks_of(filed)["referral"].about == other


def test_the_row_that_made_an_event_keeps_no_other_event_from_ending_the_clock(world: World) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    say(filed, supervisor, Event.SEXUAL_ASSAULT, about=new_id())
    say(filed, supervisor, Event.HEALTH_CARE, about=new_id())
    assert "health-72" not in clocks_of(filed)


def test_the_end_of_a_case_ends_every_clock(world: World) -> None:
    filed, supervisor = world.file(danger_now="yes"), world.person(Role.SUPERVISOR)
    for event in (Event.SEXUAL_ASSAULT, Event.VICTIM_REPORTED, Event.NEED_RECORDED, Event.CONTACT_CONFIRMED):
        say(filed, supervisor, event)
    assert len(clocks_of(filed)) == 6
    say(filed, supervisor, Event.CASE_ENDED)
    assert not clocks_of(filed)
    endings = Clock.objects.using("owner").values_list("ending", flat=True)
    assert set(endings) == {"case_ended"}


def test_a_visit_without_a_next_day_starts_no_clock(world: World) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    say(filed, supervisor, Event.RETURNED)
    assert "first-visit" in clocks_of(filed)
    say(filed, supervisor, Event.HOME_VISITED)
    assert not {"first-visit", "next-visit"} & clocks_of(filed).keys()
    say(filed, supervisor, Event.HOME_VISITED, given=clock.now() + timedelta(days=9))
    assert "next-visit" in clocks_of(filed)


def test_the_stage_of_a_clock_is_that_of_its_dossier_however_old_the_callers_copy(world: World) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    world.move(filed, Stage.CASE)
    filed.dossier.stage = Stage.INTAKE
    say(filed, supervisor, Event.CONTACT_CONFIRMED)
    assert clocks_of(filed)["contact-30"].stage == Stage.CASE


def test_nobody_is_told_of_an_erased_file(world: World) -> None:
    filed = world.file()
    world.rows("UPDATE access_dossier SET erased_at = now() WHERE id = %s", [filed.dossier.id])
    assert not clocks_of(filed)
    assert not Clock.objects.using("owner").filter(fires_at__isnull=False).exists()
