"""Telling people of deadlines, exactly once a moment, by any number of workers.

A clock is told of in one transaction of its own: it is held against other workers, looked at again, its moments that
have passed are marked as told, and the notices are written. A worker that is killed leaves nothing half done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruangaman.access.models import Organisation
from ruangaman.access.states import OrganisationKind, Role, Section
from ruangaman.clocks import policies, queries
from ruangaman.clocks.models import Clock, UnitClock
from ruangaman.clocks.states import Moment
from ruangaman.kernel import clock, tickets
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.notices.sending import reachers, tell

BATCH = 500
SEMESTER = "semester"


def fire_due(at: datetime) -> int:
    """This will tell of every moment that has passed at ``at`` and was not told of, and count the clocks.

    :raises ExceptionGroup: after all others were told, where some clocks could not be told of.
    """
    told, failed, seen = 0, [], set[UUID]()
    while True:
        # What another worker holds, or what failed, is still due: it is passed over, so that it stops nothing.
        due = [one for one in queries.due_now(at, BATCH + len(seen)) if one[0] not in seen]
        if not due:
            break
        for clock_id, dossier_id in due:
            seen.add(clock_id)
            try:
                told += _fire(clock_id, dossier_id, at)
            except Exception as error:  # one that can't be told of must not silence the others
                failed.append(error)
    told += _fire_units(at, failed)
    if failed:
        raise ExceptionGroup("clocks that could not be told of", failed)
    return told


@contextmanager
def _under_ticket(scope: UUID) -> Iterator[None]:
    """The task at work for one dossier or unit. A ticket lasts minutes, a run after a long downtime longer."""
    ticket = tickets.sign(purpose="job_clocks", scope=scope, at=clock.now())
    with tickets.carry(ticket), transaction.atomic():
        yield


def _fire(clock_id: UUID, dossier_id: UUID, at: datetime) -> bool:
    with _under_ticket(dossier_id):
        row = (
            Clock.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("definition")
            .defer("end_note")
            .filter(id=clock_id, fires_at__lte=at, ended_at=None, paused_at=None)
            .first()
        )
        if row is None:
            return False
        moments = _mark(row, at)
        for moment in policies.worth_telling(moments):
            tell(
                people=_whom(row, moment),
                kind=policies.notice_kind(row.definition, moment),
                cause=f"clock:{row.id}:{moment.value}",
                at=at,
                dossier=row.dossier_id,
            )
            record(
                Verb.CLOCK_TOLD,
                at=at,
                kind=ActorKind.SYSTEM,
                unit=row.unit_id,
                dossier=row.dossier_id,
                objects=[row.id],
                fields=[row.code, moment.value],
            )
    return True


def _mark(row: Clock | UnitClock, at: datetime) -> list[Moment]:
    """The moments that have passed, now marked as told of."""
    planned = policies.firings(row.definition, started_at=row.started_at, due_at=row.due_at)
    moments = policies.passed(planned, row.fired, at)
    row.fired = [*row.fired, *(moment.value for moment in moments)]
    row.fires_at = policies.next_firing(planned, row.fired)
    row.save(update_fields=["fired", "fires_at"])
    return moments


def _whom(row: Clock, moment: Moment) -> list[UUID]:
    """Whom a moment concerns: the holder, or those of the definition's roles; what is escalated, a supervisor who is
    not the holder, or the head. Whoever is walled, left the team or has no account is none of them.
    """
    seniors = (Role.SUPERVISOR.value, Role.HEAD.value)
    roles = {*row.definition.told_roles, *seniors}
    reached = reachers(dossier=row.dossier_id, section=row.section, roles=roles)
    told = row.definition.told_roles
    if moment == Moment.ESCALATED:
        reached = [one for one in reached if one[0] != row.holder_id]
        told = []
    elif row.holder_id is not None:
        # Who sees the file at all: a psychologist holds an appointment in a section that is not theirs to read.
        seeing = reachers(dossier=row.dossier_id, section=Section.FILE, roles=Role.values)
        if row.holder_id in {person for person, _role in seeing}:
            return [row.holder_id]
    for group in (told, *([senior] for senior in seniors)):
        people = [person for person, role in reached if role in group]
        if people:
            return people
    return []


# --- of units ----------------------------------------------------------------------------------------------------


def _fire_units(at: datetime, failed: list[Exception]) -> int:
    told = 0
    due = UnitClock.objects.filter(fires_at__lte=at).order_by("fires_at").values_list("id", "unit_id")
    for clock_id, unit_id in list(due):
        try:
            told += _fire_unit(clock_id, unit_id, at)
        except Exception as error:  # as above
            failed.append(error)
    return told


def _fire_unit(clock_id: UUID, unit_id: UUID, at: datetime) -> bool:
    with _under_ticket(unit_id):
        row = (
            UnitClock.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("definition")
            .filter(id=clock_id, fires_at__lte=at, ended_at=None)
            .first()
        )
        if row is None:
            return False
        for moment in policies.worth_telling(_mark(row, at)):
            tell(
                people=_whom_of_unit(row, moment),
                kind=policies.notice_kind(row.definition, moment),
                cause=f"unit-clock:{row.id}:{moment.value}",
                at=at,
            )
            record(
                Verb.CLOCK_TOLD,
                at=at,
                kind=ActorKind.SYSTEM,
                unit=unit_id,
                objects=[row.id],
                fields=[row.code, moment.value],
            )
    return True


def _whom_of_unit(row: UnitClock, moment: Moment) -> list[UUID]:
    told = [Role.HEAD.value] if moment == Moment.ESCALATED else row.definition.told_roles
    found = queries.seated(row.unit_id, {*told, Role.HEAD.value})
    return [person for person, role in found if role in told] or [person for person, _role in found]


def begin_half_years(at: datetime) -> None:
    """This will start the semester report of this half-year in each unit where it has not been started yet."""
    units = Organisation.objects.filter(kind=OrganisationKind.UNIT, is_active=True)
    for unit_id in units.order_by("id").values_list("id", flat=True):
        one = queries.in_force(unit_id, SEMESTER, at)
        if one is not None:
            row = queries.unit_clock_of(one, unit_id, policies.half_year(at, one.zone), at)
            UnitClock.objects.bulk_create([row], ignore_conflicts=True)


# --- when days off change ----------------------------------------------------------------------------------------


def recount() -> None:
    """This will count anew every running deadline that the calendar decides; what was told stays told."""
    for clock_id, dossier_id in queries.counted_in_working_days():
        with _under_ticket(dossier_id):
            row = (
                Clock.objects.select_for_update(of=("self",))
                .select_related("definition")
                .defer("end_note")
                .filter(id=clock_id, ended_at=None)
                .first()
            )
            if row is not None and row.paused_at is None:
                _recount(row)


def _recount(row: Clock) -> None:
    due_at, fires_at = queries.recounted(row)
    if (due_at, fires_at) != (row.due_at, row.fires_at):
        row.due_at, row.fires_at = due_at, fires_at
        row.save(update_fields=["due_at", "fires_at"])
