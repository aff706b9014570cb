"""The worker's part of notices, at work in this process: with the worker's rights, as its process has them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from ruangaman.access.models import User
from ruangaman.kernel import clock, tickets
from ruangaman.notices import sending
from ruangaman.notices.sending import tell
from ruangaman.notices.states import Kind
from tests.worlds import World


@contextmanager
def working(scope: UUID | None = None, purpose: str = "job_announcement") -> Iterator[None]:
    """What is the default connection here is the worker's; with a ticket of one dossier where ``scope`` is given."""
    app, connections["default"] = connections["default"], connections["worker"]
    try:
        if scope is None:
            yield
        else:
            with (
                tickets.carry(tickets.sign(purpose=purpose, scope=scope, at=clock.now())),
                transaction.atomic(),
            ):
                yield
    finally:
        connections["default"] = app


def told(
    people: Iterable[User],
    kind: Kind = Kind.CLOCK_DUE,
    *,
    cause: str = "clock:1:due",
    dossier: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """A task tells people something."""
    with working(), transaction.atomic():
        tell(people=[p.id for p in people], kind=kind, cause=cause, at=at or clock.now(), dossier=dossier)


def run(at: datetime | None = None) -> None:
    """One run of the task of every minute, at ``at``."""
    now, down = at or clock.now(), set[str]()
    with working():
        sending.plan(now)
        while sending.send_next(now, down):
            continue


def wish(world: World, person: User, **chosen: object) -> None:
    """What somebody chose, written by the owner."""
    values = {
        "by_mail": True,
        "by_messenger": False,
        "messenger_name": "",
        "quiet_from": None,
        "quiet_until": None,
        **chosen,
    }
    world.rows(
        "INSERT INTO notices_preference "
        "(person_id, by_mail, by_messenger, messenger_name, quiet_from, quiet_until) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [person.id, *values.values()],
    )
