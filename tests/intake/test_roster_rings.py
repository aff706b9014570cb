"""Who is called when a report comes, in which order, and until when: the duty roster at work (issue 6)."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connections, transaction

from ruangaman.access.models import User
from ruangaman.access.states import Role, Section
from ruangaman.intake import actions, jobs, sending
from ruangaman.intake.states.roster import ShiftKind
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.ids import new_id
from tests.intake.roster import announce, notices, on_duty, pass_on, rings, wall
from tests.intake.test_thread import answer
from tests.notices.working import working
from tests.worlds import World, acting

SOON = timedelta(minutes=6)  # after what is allowed in danger, before what is allowed otherwise
LATER = timedelta(minutes=31)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    connections["worker"].close()


def team(world: World) -> tuple[User, User, User, User]:
    """Two officers and a supervisor of the unit, and an officer who is not on duty."""
    return (
        world.person(Role.INTAKE_OFFICER),
        world.person(Role.INTAKE_OFFICER, tag="-dua"),
        world.person(Role.SUPERVISOR),
        world.person(Role.INTAKE_OFFICER, tag="-libur"),
    )


def test_who_is_at_the_desk_is_called_before_who_is_on_call_and_then_by_rank(world: World) -> None:
    first, second, third, _off = team(world)
    on_duty(world, first, rank=2)
    on_duty(world, second, rank=1)
    on_duty(world, third, kind=ShiftKind.ON_CALL, rank=1)
    filed = world.file()
    announce(filed)
    at = clock.now()
    assert rings(world, filed) == [(1, second.id, "waits")]
    assert notices(world) == [(second.id, "on_duty")]
    pass_on(at + LATER)
    pass_on(at + 2 * LATER)
    assert rings(world, filed) == [
        (1, second.id, "passed_on"),
        (2, first.id, "passed_on"),
        (3, third.id, "waits"),
    ]


def test_without_anybody_on_duty_everybody_who_answers_is_told_as_ever(world: World) -> None:
    first, second, third, off = team(world)
    on_duty(world, first, begins=-timedelta(hours=9), ends=-timedelta(minutes=1))
    filed = world.file()
    announce(filed)
    announce(filed)
    assert rings(world, filed) == []
    assert notices(world) == sorted((one.id, "new_report") for one in (first, second, third, off))


def test_danger_is_passed_on_after_five_minutes_and_told_to_the_supervisors_at_once(world: World) -> None:
    first, second, supervisor, _off = team(world)
    on_duty(world, first)
    on_duty(world, second, rank=2)
    filed, calm = world.file(danger_now="yes"), world.file()
    announce(filed)
    announce(calm)
    assert notices(world, "danger") == [(supervisor.id, "danger")]
    assert pass_on(clock.now() + timedelta(minutes=4)) == 0
    assert pass_on(clock.now() + SOON) == 1
    assert [state for _turn, _person, state in rings(world, filed)] == ["passed_on", "waits"]
    assert [state for _turn, _person, state in rings(world, calm)] == ["waits"]


def test_a_unit_sets_its_own_minutes(world: World) -> None:
    first = team(world)[0]
    on_duty(world, first)
    world.rows(
        "INSERT INTO intake_dutyrule (unit_id, danger_minutes, minutes, changed_at) VALUES (%s, 2, 10, now())",
        [world.unit.id],
    )
    for danger, minutes in (("yes", 2), ("", 10)):
        filed = world.file(danger_now=danger)
        announce(filed)
        (allowed,) = world.rows(
            "SELECT answer_by - rung_at FROM intake_ring WHERE dossier_id = %s", [filed.dossier.id]
        )[0]
        assert allowed == timedelta(minutes=minutes)


def test_where_nobody_on_duty_took_it_everybody_is_told_once(world: World) -> None:
    first, second, supervisor, off = team(world)
    on_duty(world, first)
    filed = world.file()
    announce(filed)
    for again in (1, 2, 3):
        pass_on(clock.now() + again * LATER)
    announce(filed)
    assert rings(world, filed) == [(1, first.id, "passed_on")]
    assert notices(world, "new_report") == sorted(
        (one.id, "new_report") for one in (first, second, supervisor, off)
    )


def test_who_is_walled_off_the_report_is_not_called(world: World) -> None:
    """Source: care.md; security.md: escalation skips walled people."""
    first, second, _supervisor, _off = team(world)
    on_duty(world, first)
    on_duty(world, second, rank=2)
    filed = world.file()
    wall(world, filed, first)
    announce(filed)
    assert rings(world, filed) == [(1, second.id, "waits")]
    assert notices(world) == [(second.id, "on_duty")]


def test_where_all_who_answer_are_walled_off_the_head_is_told(world: World) -> None:
    head, people = world.person(Role.HEAD), team(world)
    on_duty(world, people[0])
    filed = world.file()
    for person in people:
        wall(world, filed, person)
    announce(filed)
    assert rings(world, filed) == []
    assert notices(world) == [(head.id, "new_report")]


@pytest.mark.parametrize(
    "left", ["UPDATE access_membership SET until = now()", "UPDATE access_user SET is_active = false"]
)
def test_who_has_left_is_not_called(world: World, left: str) -> None:
    first, second, _supervisor, _off = team(world)
    on_duty(world, first)
    on_duty(world, second, rank=2)
    where = "user_id" if "membership" in left else "id"
    world.rows(f"{left} WHERE {where} = %s", [first.id])
    filed = world.file()
    announce(filed)
    assert rings(world, filed) == [(1, second.id, "waits")]


def test_nobody_is_called_for_another_units_report(world: World) -> None:
    first = team(world)[0]
    on_duty(world, first)
    elsewhere = world.file(place="32.76")
    announce(elsewhere)
    assert rings(world, elsewhere) == []
    assert notices(world) == []


def test_a_report_that_was_answered_before_the_task_ran_calls_nobody(world: World) -> None:
    first = team(world)[0]
    on_duty(world, first)
    filed = world.file(danger_now="yes")
    answer(world, filed, "Kami baca.")
    before = notices(world)
    announce(filed)
    assert rings(world, filed) == []
    assert notices(world) == before


def test_an_answer_ends_the_call_of_whoever_was_called(world: World) -> None:
    first, second, _supervisor, _off = team(world)
    on_duty(world, first)
    mine, theirs = world.file(), world.file()
    announce(mine)
    announce(theirs)
    with acting(first):
        actions.answer(
            viewer=world.viewer(first),
            dossier=mine.dossier,
            message_id=new_id(),
            body="Halo.",
            at=clock.now(),
        )
    answer(world, theirs, "Kami baca.")  # by the head
    assert rings(world, mine) == [(1, first.id, "taken")]
    assert rings(world, theirs) == [(1, first.id, "done")]
    assert pass_on(clock.now() + LATER) == 0
    assert notices(world, "new_report") == []
    assert second.id not in {person for person, _kind in notices(world)}


def test_a_decision_of_triage_ends_the_call(world: World) -> None:
    on_duty(world, team(world)[0])
    filed = world.file()
    announce(filed)
    world.rows("UPDATE intake_report SET triage = 'head_office' WHERE dossier_id = %s", [filed.dossier.id])
    assert [state for _turn, _person, state in rings(world, filed)] == ["done"]


def test_a_flood_calls_nobody_and_is_told_to_the_supervisors_once_an_hour(world: World) -> None:
    first, _second, supervisor, _off = team(world)
    on_duty(world, first)
    filed = [world.file() for _ in range(3)]
    world.rows("UPDATE intake_report SET in_flood = true")
    for one in filed:
        announce(one)
    assert [rings(world, one) for one in filed] == [[], [], []]
    assert notices(world) == [(supervisor.id, "flood")]
    cause, dossier = world.rows("SELECT cause, dossier_id FROM notices_notice")[0]
    assert (cause[:6], dossier) == ("flood:", None)
    assert all(one.reference not in cause for one in filed)


def test_danger_in_a_flood_is_called_all_the_same(world: World) -> None:
    first, _second, supervisor, _off = team(world)
    on_duty(world, first)
    filed = world.file(danger_now="yes")
    world.rows("UPDATE intake_report SET in_flood = true")
    announce(filed)
    assert rings(world, filed) == [(1, first.id, "waits")]
    assert notices(world) == sorted([(first.id, "on_duty"), (supervisor.id, "danger")])


def test_eight_workers_at_once_call_one_person_a_turn(world: World) -> None:
    first, second, third, _off = team(world)
    for rank, person in enumerate((first, second, third), start=1):
        on_duty(world, person, rank=rank)
    filed = world.file()
    announce(filed)
    failed: list[BaseException] = []
    ready = threading.Barrier(8)
    at = clock.now() + LATER

    def work() -> None:
        web = connections["default"]
        connections["default"] = connections["worker"]
        try:
            with (
                tickets.carry(
                    tickets.sign(purpose="job_announcement", scope=filed.dossier.id, at=clock.now())
                ),
                transaction.atomic(),
            ):
                ready.wait(30)
                sending.ring(dossier=filed.dossier.id, at=at)
        except BaseException as error:
            failed.append(error)
        finally:
            connections["worker"].close()
            connections["default"] = web
            web.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert rings(world, filed) == [(1, first.id, "passed_on"), (2, second.id, "waits")]
    assert notices(world, "on_duty") == sorted([(first.id, "on_duty"), (second.id, "on_duty")])


def test_a_worker_that_is_killed_between_calling_and_telling_leaves_nothing_half(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_duty(world, team(world)[0])
    filed = world.file()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "tell", lambda **_values: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            announce(filed)
    assert rings(world, filed) == []
    announce(filed)
    assert len(rings(world, filed)) == 1
    assert len(notices(world)) == 1


def test_a_task_calls_only_about_the_report_of_its_ticket(world: World) -> None:
    on_duty(world, team(world)[0])
    mine, other = world.file(), world.file()
    with working(mine.dossier.id):
        assert sending.ring(dossier=other.dossier.id, at=clock.now()).outcome == "done"
    assert rings(world, other) == []


def test_no_page_calls_anybody_nor_sees_whom_the_task_would_call(world: World) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    for function in ("door.job_ring(%s, now())", "door.job_overdue_rings(now(), %s)"):
        with acting(supervisor), pytest.raises(Exception, match="permission denied"):
            value = filed.dossier.id if "ring(" in function and "overdue" not in function else 5
            world.rows(f"SELECT {function}", [value], using="default")


def test_a_call_is_seen_by_who_sees_the_administration_and_by_nobody_else(world: World) -> None:
    first, _second, supervisor, _off = team(world)
    on_duty(world, first)
    filed = world.file()
    announce(filed)
    for person, seen in (
        (first, 1),
        (supervisor, 1),
        (world.person(Role.COMPANION), 0),
        (world.person(Role.ADMINISTRATOR), 0),
        (world.person(Role.SUPERVISOR, world.other), 0),
    ):
        assert (seen == 1) == world.viewer(person).reaches(Section.ADMINISTRATION) or seen == 0
        with acting(person):
            assert world.rows("SELECT count(*) FROM intake_ring", using="default") == [(seen,)], person.name


def test_the_task_of_every_minute_passes_on_what_is_overdue(world: World) -> None:
    first, second, _supervisor, _off = team(world)
    on_duty(world, first)
    on_duty(world, second, rank=2)
    filed = world.file()
    announce(filed)
    world.rows(
        "UPDATE intake_ring SET rung_at = now() - interval '2 hours', answer_by = now() - interval '1 hour'"
    )
    with working():
        jobs.pass_on_overdue(timestamp=0)
    assert [state for _turn, _person, state in rings(world, filed)] == ["passed_on", "waits"]


def test_one_report_that_can_not_be_passed_on_silences_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_duty(world, team(world)[0])
    bad, good = world.file(), world.file()
    announce(bad)
    announce(good)
    real = sending.ring

    def ring(*, dossier: UUID, at: datetime) -> sending.Called:
        if dossier == bad.dossier.id:
            raise ZeroDivisionError
        return real(dossier=dossier, at=at)

    monkeypatch.setattr(sending, "ring", ring)
    with pytest.raises(ExceptionGroup):
        pass_on(clock.now() + LATER)
    assert [state for _turn, _person, state in rings(world, good)] == ["passed_on"]
    assert [state for _turn, _person, state in rings(world, bad)] == ["waits"]


def test_the_call_about_a_file_that_was_erased_ends_and_tells_nobody(world: World) -> None:
    on_duty(world, team(world)[0])
    filed = world.file()
    announce(filed)
    world.rows("UPDATE access_dossier SET erased_at = now()")
    before = notices(world)
    pass_on(clock.now() + LATER)
    assert [state for _turn, _person, state in rings(world, filed)] == ["done"]
    assert notices(world) == before


def test_the_units_mailbox_is_told_of_a_report_and_stays_quiet_in_a_flood(
    world: World, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    world.rows("UPDATE access_organisation SET mailbox = 'unit@unit.example' WHERE id = %s", [world.unit.id])
    on_duty(world, team(world)[0])
    calm, flooded = world.file(), world.file()
    world.rows("UPDATE intake_report SET in_flood = true WHERE dossier_id = %s", [flooded.dossier.id])
    mail.outbox = []
    announce(flooded)
    assert mail.outbox == []
    announce(calm)
    assert [one.to for one in mail.outbox] == [["unit@unit.example"]]
