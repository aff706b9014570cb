"""Who is told that a report waits: first who is on duty, one after the other; else everybody who answers reports."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from ruangaman.access.states import Role, Section
from ruangaman.kernel import clock, tickets
from ruangaman.notices.sending import reachers, tell
from ruangaman.notices.states import Kind

ANSWERING = (Role.INTAKE_OFFICER, Role.SUPERVISOR)  # who answers a report, and who sees to it that they do
BATCH = 500


@dataclass(frozen=True, slots=True)
class Called:
    """What came of calling: an outcome of ``door.job_ring``, and whom it was that was called."""

    outcome: str
    ring: UUID | None
    person: UUID | None
    in_danger: bool
    unit: UUID | None

    @property
    def is_waiting(self) -> bool:
        """Whether the report still waits for somebody."""
        return self.outcome not in ("done", "")


def ring(*, dossier: UUID, at: datetime) -> Called:
    """This will call the next one on duty about a report, and tell whoever has to know; in the caller's transaction.

    It may be asked as often as one likes and by any number of workers: nobody is called or told twice. Where no one is
    on duty, or nobody on duty took it in time, everybody who answers reports is told. Danger is always told to the
    supervisors too. Of a flood the supervisors are told once an hour. Source: issue 6 (acknowledgement in minutes, else
    the next person); flow.md 2 (high risk before all else).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, ring, person, in_danger, of_unit FROM door.job_ring(%s, %s)", [dossier, at]
        )
        called = Called(*cursor.fetchone())
    if called.outcome == "rung" and called.person:
        tell(people=[called.person], kind=Kind.ON_DUTY, cause=f"ring:{called.ring}", at=at, dossier=dossier)
        if called.in_danger:
            _tell_all(dossier, (Role.SUPERVISOR,), called, f"report:{dossier}", at)
    elif called.outcome == "nobody":
        _tell_all(dossier, ANSWERING, called, f"report:{dossier}", at)
    elif called.outcome == "everybody":
        _tell_all(dossier, ANSWERING, called, f"untaken:{dossier}", at)
    elif called.outcome == "flood":
        people = _whom(dossier, (Role.SUPERVISOR,))
        tell(people=people, kind=Kind.FLOOD, cause=f"flood:{called.unit}:{at:%Y%m%d%H}", at=at)
    return called


def _tell_all(dossier: UUID, roles: Collection[Role], called: Called, cause: str, at: datetime) -> None:
    kind = Kind.DANGER if called.in_danger else Kind.NEW_REPORT
    tell(people=_whom(dossier, roles), kind=kind, cause=cause, at=at, dossier=dossier)


def _whom(dossier: UUID, roles: Collection[Role]) -> list[UUID]:
    """Where all of them are walled off the report, which may be about them, it is the head who must know of it."""
    people = reachers(dossier=dossier, section=Section.ADMINISTRATION, roles=roles)
    people = people or reachers(dossier=dossier, section=Section.ADMINISTRATION, roles=(Role.HEAD,))
    return [person for person, _role in people]


def pass_on_overdue(at: datetime) -> int:
    """This will call the next one wherever nobody took a report in time, each in a transaction of its own, and count.

    :raises ExceptionGroup: after all others were called, where some could not be.
    """
    failed: list[Exception] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM door.job_overdue_rings(%s, %s)", [at, BATCH])
        waiting = [row[0] for row in cursor.fetchall()]
    for dossier in waiting:
        try:
            with (
                tickets.carry(tickets.sign(purpose="job_announcement", scope=dossier, at=clock.now())),
                transaction.atomic(),
            ):
                ring(dossier=dossier, at=at)
        except Exception as error:  # one that can't be passed on must not silence the others
            failed.append(error)
    if failed:
        raise ExceptionGroup("reports that could not be passed on to the next on duty", failed)
    return len(waiting)


def takers(transfer: UUID) -> list[UUID]:
    """This will give who may answer a hand-over in the unit that gets it, under the task's ticket for its report."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_takers(%s)", [transfer])
        return [row[0] for row in cursor.fetchall()]
