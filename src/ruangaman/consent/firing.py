"""Asking back what somebody may see no more: what lapsed is closed, a clock begins, and who is asked is told.

The recall itself was written by the database in the moment in which access closed. Each is told of in a transaction of
its own, which marks it: a worker that is killed leaves nothing half done.
"""

import json
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from ruangaman.clocks import policies
from ruangaman.clocks.queries import InForce, definitions_of
from ruangaman.clocks.states import Event
from ruangaman.consent.queries import recalls as queries
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.ids import new_id
from ruangaman.notices.sending import tell
from ruangaman.notices.states import Kind

BATCH = 200


def close_lapsed() -> None:
    """This will close, some at a time, what rests on consents whose time is over."""
    while True:
        with transaction.atomic():
            if queries.close_lapsed(BATCH) < BATCH:
                return


def ask_back(at: datetime) -> int:
    """This will tell of every recall that nobody was told of, and count them.

    :raises ExceptionGroup: after all others were told, where some could not be told of.
    """
    told, failed = 0, []
    for recall, dossier, unit, asked in queries.untold(BATCH):
        try:
            told += _ask(recall, dossier, unit, asked, at)
        except Exception as error:  # one that can't be told of must not silence the others
            failed.append(error)
    if failed:
        raise ExceptionGroup("recalls that could not be told of", failed)
    return told


def _ask(recall: UUID, dossier: UUID, unit: UUID, asked: datetime, at: datetime) -> bool:
    ticket = tickets.sign(purpose="job_recalls", scope=dossier, at=clock.now())
    with tickets.carry(ticket), transaction.atomic():
        begun = [_begun(one, asked) for one in definitions_of(unit, Event.ACCESS_RECALLED, asked)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT door.job_recall_told(%s, %s)", [recall, json.dumps(begun)])
            people = [row[0] for row in cursor.fetchall()]
        # Without the file: who is asked sees it no more, and a notice of it would not be shown to them.
        tell(people=people, kind=Kind.RECALL, cause=f"recall:{recall}", at=at)
    return bool(people)


def _begun(one: InForce, asked: datetime) -> dict[str, str | None]:
    due_at = one.due(asked)
    planned = policies.firings(one.definition, started_at=asked, due_at=due_at)
    fires_at = policies.next_firing(planned, ())
    return {
        "id": str(new_id()),
        "definition": str(one.definition.id),
        "due": due_at.isoformat(),
        "fires": fires_at.isoformat() if fires_at else None,
    }
