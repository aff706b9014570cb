"""A clock stands still, goes on, is ended by hand, or a decision ends it; and what the database keeps of its own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from ruangaman.access.models import User
from ruangaman.access.queries import key_of
from ruangaman.access.states import Role
from ruangaman.clocks import actions
from ruangaman.clocks.models import Clock, Pause, Ruled
from ruangaman.clocks.policies import Facts
from ruangaman.clocks.states import Answer, Event, PauseReason, Ruling
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import unseal
from ruangaman.notices.models import Notice
from tests.clocks.test_firing import fire, told
from tests.worlds import Filed, World, acting

DAY = timedelta(days=1)
AGREES = Facts(Answer.NO, Answer.NO, Answer.NO, Answer.YES, Answer.NO)
SAYS_NO = Facts(Answer.YES, Answer.NO, Answer.NO, Answer.NO, Answer.NO)


def begun(world: World, event: Event, code: str, **more: Any) -> tuple[Filed, Clock, User]:
    """A file with a clock of that code, and its supervisor."""
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    with acting(supervisor):
        actions.happened(event=event, dossier=filed.dossier, at=clock.now(), by=supervisor.id, **more)
        return filed, Clock.objects.get(dossier_id=filed.dossier.id, code=code), supervisor


def stand_still(world: World, row: Clock, who: User, at: datetime, note: str = "") -> None:
    with acting(who):
        actions.pause(
            viewer=world.viewer(who), clock=row, reason=PauseReason.UNREACHABLE, note=note, at=at
        )  # fmt: skip


def go_on(world: World, row: Clock, who: User, at: datetime) -> None:
    with acting(who):
        actions.resume(viewer=world.viewer(who), clock=row, at=at)


def test_while_a_clock_stands_still_nobody_is_told_and_then_it_goes_on_later(world: World) -> None:
    filed, row, supervisor = begun(world, Event.NEED_RECORDED, "plan")
    due = row.due_at
    stand_still(world, row, supervisor, row.started_at + DAY, note="Rekaan: ke luar kota")
    fire(due + 9 * DAY)
    assert not told_of(row)
    go_on(world, row, supervisor, row.started_at + 4 * DAY)
    row.refresh_from_db(using="owner")
    # Four days, from that of the pause to that of its end, do not count.
    assert row.due_at == due + 4 * DAY and row.paused_at is None and row.fires_at is not None
    with acting(supervisor):
        pause = Pause.objects.get(clock=row)
        key = key_of(filed.dossier.id, "plan")
        assert key and unseal(pause, "note", key) == "Rekaan: ke luar kota"
        assert pause.resumed_by_id == supervisor.id


def told_of(row: Clock) -> list[Notice]:
    return list(Notice.objects.using("owner").filter(cause__startswith=f"clock:{row.id}"))


def test_a_clock_stands_still_once_and_goes_on_once(world: World) -> None:
    _filed, row, supervisor = begun(world, Event.NEED_RECORDED, "plan")
    with pytest.raises(Refused):
        go_on(world, row, supervisor, clock.now())
    stand_still(world, row, supervisor, clock.now())
    with pytest.raises(Refused):
        stand_still(world, row, supervisor, clock.now())
    go_on(world, row, supervisor, clock.now())
    with pytest.raises(Refused):
        go_on(world, row, supervisor, clock.now())


def test_care_8_the_72_hours_never_stand_still(world: World) -> None:
    _filed, row, supervisor = begun(world, Event.SEXUAL_ASSAULT, "health-72")
    with pytest.raises(Refused):
        stand_still(world, row, supervisor, clock.now())


def test_who_reads_a_clock_and_may_not_write_its_section_changes_nothing(world: World) -> None:
    _filed, row, _supervisor = begun(world, Event.NEED_RECORDED, "plan")
    head = world.person(Role.HEAD)
    with acting(head):
        assert Clock.objects.filter(id=row.id).exists()
    with pytest.raises(Refused):
        stand_still(world, row, head, clock.now())
    with pytest.raises(Refused), acting(head):
        actions.end_by_hand(viewer=world.viewer(head), clock=row, note="Rekaan", at=clock.now())
    assert not world.rows("SELECT FROM clocks_pause")


def test_a_clock_ends_by_hand_with_a_reason_that_is_sealed(world: World) -> None:
    filed, row, supervisor = begun(world, Event.NEED_RECORDED, "plan")
    viewer = world.viewer(supervisor)
    with pytest.raises(Refused), acting(supervisor):
        actions.end_by_hand(viewer=viewer, clock=row, note="   ", at=clock.now())
    with acting(supervisor):
        actions.end_by_hand(viewer=viewer, clock=row, note="Sudah ditangani unit lain", at=clock.now())
        ended = Clock.objects.get(id=row.id)
        key = key_of(filed.dossier.id, "plan")
        assert key and unseal(ended, "end_note", key) == "Sudah ditangani unit lain"
    assert (ended.ending, ended.ended_by_id, ended.fires_at) == ("not_needed", supervisor.id, None)
    with pytest.raises(Refused), acting(supervisor):
        actions.end_by_hand(viewer=viewer, clock=row, note="Lagi", at=clock.now())


# --- care.md 9 ---------------------------------------------------------------------------------------------------


def rule(world: World, row: Clock, who: User, facts: Facts, ruling: Ruling) -> Ruled:
    with acting(who):
        return actions.rule(
            viewer=world.viewer(who),
            clock=row,
            facts=facts,
            ruling=ruling,
            reason="Alasan rekaan",
            at=clock.now(),
        )


def test_care_9_the_duty_counts_from_the_victims_report_and_ends_with_a_recorded_decision(
    world: World,
) -> None:
    reported = clock.now() - timedelta(hours=10)
    filed, row, supervisor = begun(world, Event.VICTIM_REPORTED, "police-duty", since=reported)
    assert row.due_at == reported + timedelta(hours=72)
    with acting(supervisor):
        actions.happened(
            event=Event.POLICE_REPORTED, dossier=filed.dossier, at=clock.now(), by=supervisor.id
        )  # fmt: skip
    with pytest.raises(Refused), acting(supervisor):
        actions.end_by_hand(viewer=world.viewer(supervisor), clock=row, note="Selesai", at=clock.now())
    ruled = rule(world, row, supervisor, AGREES, Ruling.REPORT)
    row.refresh_from_db(using="owner")
    assert (row.ending, ruled.ruling, ruled.section) == ("met", "report", "plan")
    entries = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'duty_ruled'")
    assert entries == [(["police-duty", "report"],)]
    with acting(supervisor):
        key = key_of(filed.dossier.id, "plan")
        assert key and unseal(Ruled.objects.get(), "reason", key) == "Alasan rekaan"


def test_care_9_a_decision_sends_nothing(world: World) -> None:
    _filed, row, supervisor = begun(world, Event.VICTIM_REPORTED, "police-duty")
    before = world.rows("SELECT count(*) FROM procrastinate_jobs"), told()
    rule(world, row, supervisor, AGREES, Ruling.REPORT)
    assert (world.rows("SELECT count(*) FROM procrastinate_jobs"), told()) == before


def test_care_9_her_no_is_the_outcome_of_an_offence_on_complaint_for_the_database_too(world: World) -> None:
    _filed, row, supervisor = begun(world, Event.VICTIM_REPORTED, "police-duty")
    for ruling in (Ruling.REPORT, Ruling.REPORT_AGAINST):
        with pytest.raises(Refused):
            rule(world, row, supervisor, SAYS_NO, ruling)
    assert rule(world, row, supervisor, SAYS_NO, Ruling.RESPECT)
    with pytest.raises(IntegrityError):
        world.rows("UPDATE clocks_ruled SET ruling = 'report_against'")


def test_care_9_a_decision_is_made_in_ones_own_name_and_never_changed(world: World) -> None:
    _filed, row, supervisor = begun(world, Event.VICTIM_REPORTED, "police-duty")
    ruled = rule(world, row, supervisor, AGREES, Ruling.REPORT)
    with pytest.raises(DatabaseError), acting(supervisor):
        Ruled.objects.filter(id=ruled.id).update(ruling=Ruling.RESPECT)
    copy = (
        "INSERT INTO clocks_ruled SELECT gen_random_uuid(), stage, section, on_complaint, child, disability, "
        "she_agrees, danger, ruling, reason, ruled_at, clock_id, dossier_id, key_id, %s, unit_id FROM clocks_ruled"
    )
    with pytest.raises(DatabaseError), acting(supervisor):
        world.rows(copy, [world.person(Role.HEAD).id], using="default")


def test_who_may_not_write_the_plan_decides_nothing(world: World) -> None:
    _filed, row, _supervisor = begun(world, Event.VICTIM_REPORTED, "police-duty")
    with pytest.raises(Refused):
        rule(world, row, world.person(Role.HEAD), AGREES, Ruling.REPORT)
    assert not world.rows("SELECT FROM clocks_ruled")
