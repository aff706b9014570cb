"""Sending what waits: at least once, and by one name each time, so that a second copy is known as one."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from ruangaman.notices.models import Notice
from ruangaman.notices.states import Kind


def tell(
    *, people: Iterable[UUID], kind: Kind, cause: str, at: datetime, dossier: UUID | None = None
) -> None:
    """This will leave one notice for each of ``people``, in the caller's transaction.

    ``cause`` names what happened (``clock:<uuid>:due``): nobody is told of it twice. Who is walled off the dossier or
    has no account any more is passed over by the database, whoever tells. The database refuses a dossier that the
    teller can't see.
    """
    # In one order for everybody: two who tell the same people of the same thing must not wait for each other.
    rows = [
        Notice(person_id=person, dossier_id=dossier, kind=kind, cause=cause, made_at=at)
        for person in sorted(set(people))
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        # Only a nudge: what it misses, the task of every minute finds. So its failure must not undo what was done.
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    try:
        app.configure_task("notices.send", queue="default", queueing_lock="notices.send").defer(timestamp=0)
    except exceptions.AlreadyEnqueued:
        return  # one that waits will see these notices as well


def reachers(*, dossier: UUID, section: str, roles: Iterable[str]) -> list[tuple[UUID, str]]:
    """This will give (person, role) of whoever holds one of ``roles`` and reaches the section of the dossier.

    Only a task gets an answer, and only under its ticket for that very dossier. Who is walled is not among them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, role FROM door.job_reachers(%s, %s, %s)", [dossier, section, list(roles)]
        )
        return [(person, role) for person, role in cursor.fetchall()]
