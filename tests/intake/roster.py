"""Somebody on duty, and the task that calls them, for tests."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.intake import jobs, sending
from ruangaman.intake.states.roster import ShiftKind
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from tests.notices.working import working
from tests.worlds import Filed, World

HOUR = timedelta(hours=1)


def on_duty(
    world: World,
    person: User,
    *,
    kind: str = ShiftKind.DESK,
    rank: int = 1,
    begins: timedelta = -HOUR,
    ends: timedelta = 8 * HOUR,
) -> UUID:
    """A shift around now, written by the owner."""
    shift, now = new_id(), clock.now()
    world.rows(
        "INSERT INTO intake_shift (id, unit_id, person_id, kind, rank, starts_at, ends_at, made_by_id, made_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [shift, world.unit.id, person.id, kind, rank, now + begins, now + ends, person.id, now],
    )
    return shift


def announce(filed: Filed) -> None:
    """The task of a new report, run as the worker runs it."""
    with working():
        jobs.announce(str(filed.dossier.id))


def pass_on(at: datetime) -> int:
    """The task of every minute, as the worker runs it."""
    with working():
        return sending.pass_on_overdue(at)


def rings(world: World, filed: Filed) -> list[tuple[Any, ...]]:
    """(turn, person, state) of every call about a report."""
    return world.rows(
        "SELECT turn, person_id, state FROM intake_ring WHERE dossier_id = %s ORDER BY turn",
        [filed.dossier.id],
    )


def notices(world: World, *kinds: str) -> list[tuple[Any, ...]]:
    """(person, kind) of the notices of these kinds, or of all."""
    found = world.rows("SELECT person_id, kind FROM notices_notice ORDER BY made_at, person_id")
    return sorted(one for one in found if not kinds or one[1] in kinds)


def wall(world: World, filed: Filed, person: User) -> None:
    """Between a report and somebody, from now on."""
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [person.id, filed.dossier.id],
    )


def called(world: World) -> tuple[Filed, User, User, list[UUID]]:
    """A report, who was called first and let the time pass, who is called now, and the two calls."""
    first, second = world.person(Role.INTAKE_OFFICER), world.person(Role.INTAKE_OFFICER, tag="-dua")
    on_duty(world, first)
    on_duty(world, second, rank=2)
    filed = world.file()
    announce(filed)
    pass_on(clock.now() + timedelta(minutes=31))
    connections["worker"].close()
    ids = [row[0] for row in world.rows("SELECT id FROM intake_ring ORDER BY turn")]
    return filed, first, second, ids
