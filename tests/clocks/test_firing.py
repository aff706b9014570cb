"""People are told of each moment exactly once, by any number of workers, after any downtime, however late."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from ruangaman.access.actions import join_team
from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.clocks import actions, firing
from ruangaman.clocks.models import Clock, UnitClock
from ruangaman.clocks.states import Event
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.notices.models import Notice
from ruangaman.notices.states import Kind
from tests.worlds import Filed, World, acting

HOUR = timedelta(hours=1)


@contextmanager
def as_worker() -> Iterator[None]:
    """What runs within is signed in to the database as the worker is."""
    connections["default"].close()
    ours = connections["default"]
    connections["default"] = connections["worker"]
    try:
        yield
    finally:
        connections["default"] = ours


def fire(at: datetime) -> int:
    with as_worker():
        return firing.fire_due(at)


def told() -> list[tuple[UUID, str, str]]:
    """(person, kind, moment) of every notice of a clock, as the owner sees them."""
    rows = Notice.objects.using("owner").filter(cause__contains="clock:").order_by("made_at", "person_id")
    return [(row.person_id, row.kind, row.cause.rpartition(":")[2]) for row in rows]


def asked_back(world: World, given: datetime, holder: User | None = None) -> tuple[Filed, Clock]:
    """A file with one clock besides the answer, in the plan, due at ``given``."""
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    Clock.objects.using("owner").filter(dossier_id=filed.dossier.id).delete()
    with acting(supervisor):
        actions.happened(
            event=Event.HOME_VISITED, dossier=filed.dossier, at=clock.now(), by=supervisor.id, given=given,
            holder=holder and holder.id,
        )  # fmt: skip
    return filed, Clock.objects.using("owner").get(dossier_id=filed.dossier.id)


def joined(world: World, filed: Filed, role: Role) -> User:
    person, supervisor = world.person(role), world.person(Role.SUPERVISOR)
    with acting(supervisor):
        join_team(
            dossier=filed.dossier, person=person.id, role=role, until=clock.now() + timedelta(days=90),
            by=supervisor.id, at=clock.now(),
        )  # fmt: skip
    return person


def wall(world: World, filed: Filed, person: User) -> None:
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [person.id, filed.dossier.id],
    )


def test_each_moment_is_told_in_its_time_and_once(world: World) -> None:
    due = clock.now() + 48 * HOUR
    filed, row = asked_back(world, due)
    manager, supervisor = joined(world, filed, Role.CASE_MANAGER), world.person(Role.SUPERVISOR)
    assert fire(due - 25 * HOUR) == 0 and not told()
    for at in (due - 24 * HOUR, due - 23 * HOUR, due, due + HOUR, due + 24 * HOUR, due + 25 * HOUR):
        fire(at)
    assert told() == [
        (manager.id, Kind.CLOCK_SOON, "before"),
        (manager.id, Kind.CLOCK_DUE, "due"),
        (supervisor.id, Kind.ESCALATED, "escalated"),
    ]
    row.refresh_from_db()
    assert row.fires_at is None and row.fired == ["before", "due", "escalated"]


def test_after_weeks_of_downtime_the_latest_moment_is_told_and_what_is_escalated(world: World) -> None:
    due = clock.now() + 48 * HOUR
    filed, _row = asked_back(world, due)
    manager = joined(world, filed, Role.CASE_MANAGER)
    fire(due + timedelta(weeks=5))
    assert [(person == manager.id, moment) for person, _kind, moment in told()] in (
        [(True, "due"), (False, "escalated")],
        [(False, "escalated"), (True, "due")],
    )


def test_a_clock_of_the_machine_that_goes_back_tells_nothing_twice(world: World) -> None:
    due = clock.now() + 48 * HOUR
    asked_back(world, due)
    fire(due)
    before = told()
    for at in (due - 24 * HOUR, due - HOUR, due, due + HOUR):
        fire(at)
    assert told() == before and len(before) == 1


def test_eight_workers_at_once_tell_everything_once(world: World) -> None:
    due = clock.now() + 48 * HOUR
    made = [asked_back(world, due) for _number in range(12)]
    start, failed = threading.Barrier(8), []

    def work() -> None:
        try:
            connections["default"] = connections["worker"]
            start.wait()
            firing.fire_due(due + 30 * HOUR)
        except Exception as error:
            failed.append(error)
        finally:
            connections["worker"].close()

    workers = [threading.Thread(target=work) for _number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failed
    causes = list(Notice.objects.using("owner").values_list("cause", "person_id"))
    assert len(causes) == len(set(causes)) == 2 * len(made)
    entries = world.rows("SELECT objects_named, fields_named FROM ledger_entry WHERE verb = 'clock_told'")
    assert len(entries) == 2 * len(made) == len({str(entry) for entry in entries})


def test_a_worker_that_dies_between_tells_nothing_and_the_next_one_tells_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = clock.now() + 48 * HOUR
    asked_back(world, due)

    def dies(*_given: Any, **_named: Any) -> None:
        raise SystemExit  # as a signal would end it: no handler of ours comes in between

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(firing, "record", dies)
        fire(due)
    assert not told() and not Clock.objects.using("owner").get().fired
    fire(due)
    fire(due)
    assert len(told()) == 1


def test_one_clock_that_can_not_be_told_of_silences_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = clock.now() + 48 * HOUR
    _filed, bad = asked_back(world, due - HOUR)
    asked_back(world, due)
    tell = firing.tell

    def fails(**named: Any) -> None:
        if str(bad.id) in named["cause"]:
            raise RuntimeError("made to fail")
        tell(**named)

    with monkeypatch.context() as patched, pytest.raises(ExceptionGroup):
        patched.setattr(firing, "tell", fails)
        fire(due)
    assert len(told()) == 1
    fire(due)
    assert len(told()) == 2


def test_a_walled_supervisor_is_skipped_and_the_head_told(world: World) -> None:
    due = clock.now() + 48 * HOUR
    filed, _row = asked_back(world, due)
    supervisor, head = world.person(Role.SUPERVISOR), world.person(Role.HEAD)
    wall(world, filed, supervisor)
    fire(due + 30 * HOUR)
    assert {(person, moment) for person, _kind, moment in told()} == {
        (head.id, "due"),
        (head.id, "escalated"),
    }


def test_a_walled_holder_is_not_told_and_somebody_else_is(world: World) -> None:
    due, manager = clock.now() + 48 * HOUR, world.person(Role.CASE_MANAGER)
    filed, _row = asked_back(world, due, holder=manager)
    joined(world, filed, Role.CASE_MANAGER)
    fire(due - 24 * HOUR)
    wall(world, filed, manager)
    fire(due)
    assert [person for person, _kind, _moment in told()] == [manager.id, world.person(Role.SUPERVISOR).id]


def test_a_holder_who_left_the_team_is_not_told_and_somebody_else_is(world: World) -> None:
    due = clock.now() + 48 * HOUR
    asked_back(world, due, holder=world.person(Role.COMPANION))
    fire(due)
    assert [person for person, _kind, _moment in told()] == [world.person(Role.SUPERVISOR).id]


def test_nothing_is_escalated_to_who_holds_it(world: World) -> None:
    due, supervisor = clock.now() + 48 * HOUR, world.person(Role.SUPERVISOR)
    head = world.person(Role.HEAD)
    asked_back(world, due, holder=supervisor)
    fire(due + 30 * HOUR)
    assert {(person, moment) for person, _kind, moment in told()} == {
        (supervisor.id, "due"), (head.id, "escalated"),
    }  # fmt: skip


def test_danger_and_who_does_not_come_back_are_told_as_urgent(world: World) -> None:
    filed, supervisor = world.file(danger_now="yes"), world.person(Role.SUPERVISOR)
    with acting(supervisor):
        actions.happened(
            event=Event.WENT_OUT, dossier=filed.dossier, at=clock.now(), by=supervisor.id, about=new_id(),
            given=clock.now() + HOUR, holder=supervisor.id,
        )  # fmt: skip
    fire(clock.now() + 2 * HOUR)
    assert {kind for _person, kind, _moment in told()} == {Kind.DANGER, Kind.NOT_BACK}


def test_a_clock_that_was_ended_or_stands_still_is_told_to_nobody(world: World) -> None:
    due, supervisor = clock.now() + 48 * HOUR, world.person(Role.SUPERVISOR)
    filed, _row = asked_back(world, due)
    with acting(supervisor):
        actions.happened(event=Event.CASE_ENDED, dossier=filed.dossier, at=clock.now(), by=supervisor.id)
    fire(due + 30 * HOUR)
    assert not told()


def test_the_task_reads_the_clocks_of_one_dossier_and_neither_note_nor_name(world: World) -> None:
    filed, row = asked_back(world, clock.now() + HOUR)
    other, _row = asked_back(world, clock.now() + HOUR)
    with acting(scope=filed.dossier.id, purpose="job_clocks", using="worker"):
        seen = world.rows("SELECT id FROM clocks_clock", using="worker")
        assert seen == [(row.id,)]
        assert not world.rows("SELECT reference FROM access_dossier", using="worker")
        assert not world.rows("SELECT * FROM door.job_seated(%s, '{head}')", [world.unit.id], using="worker")
    with acting(scope=other.dossier.id, purpose="job_announcement", using="worker"):
        assert not world.rows("SELECT id FROM clocks_clock", using="worker")


def test_a_thousand_due_clocks_are_told_in_bounded_time_and_queries(world: World) -> None:
    due = clock.now() + 48 * HOUR
    _filed, row = asked_back(world, due)
    world.rows(
        "INSERT INTO clocks_clock (id, dossier_id, unit_id, stage, section, code, definition_id, about, started_at,"
        " given_at, due_at, fires_at, fired, ending) "
        "SELECT gen_random_uuid(), dossier_id, unit_id, stage, section, code, definition_id, gen_random_uuid(),"
        " started_at, given_at, due_at, fires_at, fired, ending FROM clocks_clock, generate_series(1, 999)"
    )
    world.person(Role.SUPERVISOR)
    began = clock.now()
    with CaptureQueriesContext(connections["worker"]) as asked:
        assert fire(due) == 1000
    assert (clock.now() - began).total_seconds() < 60
    assert 1000 < len(asked) <= 1000 * 8 + 20
    assert len(told()) == 1000 and row.code == "next-visit"


# --- of units ----------------------------------------------------------------------------------------------------


def test_the_semester_report_is_started_once_a_half_year_in_each_unit_and_told(world: World) -> None:
    head = world.person(Role.HEAD)
    june = datetime.fromisoformat("2027-06-15T12:00:00+07:00")
    with as_worker():
        for at in (june, june, june + timedelta(days=1)):
            firing.begin_half_years(at)
    rows = UnitClock.objects.using("owner").filter(code="semester")
    assert {(row.unit_id, row.period) for row in rows} == {
        (world.unit.id, "2027-1"),
        (world.other.id, "2027-1"),
    }
    fire(datetime.fromisoformat("2027-07-01T00:00:00+07:00"))
    fire(datetime.fromisoformat("2027-07-01T00:01:00+07:00"))
    assert told() == [(head.id, Kind.CLOCK_DUE, "due")]


def test_a_breach_counts_from_when_it_was_found_and_is_told_to_the_data_officer(world: World) -> None:
    officer, found = world.person(Role.DATA_OFFICER), clock.now() - 71 * HOUR
    viewer = world.viewer(officer)
    with acting(officer):
        begun = actions.begin_unit_clock(
            viewer=viewer, unit=world.unit.id, code="breach-authority", period="hari ini", found_at=found,
            at=clock.now(),
        )  # fmt: skip
    assert begun.due_at == found + 72 * HOUR
    fire(clock.now())
    assert (officer.id, Kind.CLOCK_URGENT, "before") in told()
    with acting(officer):
        actions.finish_unit_clock(viewer=viewer, clock=begun, note="Surat 12, rekaan", at=clock.now())
    before = told()
    fire(clock.now() + 99 * HOUR)
    assert told() == before
