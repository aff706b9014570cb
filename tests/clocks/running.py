"""Clocks that run, made through the room's own doors."""

from datetime import datetime, timedelta
from uuid import UUID

from ruangaman.access.actions import join_team
from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.clocks import actions
from ruangaman.clocks.models import Clock
from ruangaman.clocks.states import Event
from ruangaman.kernel import clock
from tests.worlds import Filed, World, acting


def happened(
    filed: Filed,
    event: Event,
    by: User,
    *,
    at: datetime | None = None,
    given: datetime | None = None,
    about: UUID | None = None,
    holder: UUID | None = None,
) -> list[Clock]:
    """Say that something happened, and give the clocks that run then, the newest first."""
    with acting(by):
        actions.happened(
            event=event,
            dossier=filed.dossier,
            at=at or clock.now(),
            by=by.id,
            given=given,
            about=about,
            holder=holder,
        )
    found = Clock.objects.using("owner").filter(dossier_id=filed.dossier.id, ended_at=None)
    return list(found.select_related("definition").order_by("-started_at", "-id"))


def one_of(clocks: list[Clock], code: str) -> Clock:
    return next(one for one in clocks if one.code == code)


def reported(world: World, event: Event = Event.REPORT_RECEIVED, code: str = "answer") -> tuple[Filed, Clock]:
    """A report, and a clock that runs for it."""
    filed = world.file()
    clocks = happened(filed, event, world.person(Role.SUPERVISOR))
    return filed, one_of(clocks, code)


def late(world: World, one: Clock, by: timedelta = timedelta(days=2)) -> None:
    """Let the deadline of a clock be over."""
    world.rows("UPDATE clocks_clock SET due_at = now() - %s WHERE id = %s", [by, one.id])


def hold(world: World, one: Clock, person: User) -> None:
    world.rows("UPDATE clocks_clock SET holder_id = %s WHERE id = %s", [person.id, one.id])


def on_the_team(world: World, filed: Filed, role: str, tag: str = "") -> User:
    person, supervisor = world.person(role, tag=tag), world.person(Role.SUPERVISOR)
    with acting(supervisor):
        join_team(
            dossier=filed.dossier,
            person=person.id,
            role=role,
            until=clock.now() + timedelta(days=30),
            by=supervisor.id,
            at=clock.now(),
        )
    return person
