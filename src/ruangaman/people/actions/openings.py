"""Opening a number in order to call: one at a time, and each on record."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from ruangaman.access.queries import Viewer
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.policies.openings import check_nobody_calls, is_same_look
from ruangaman.people.queries.openings import numbers_opened

NUMBER = (
    "number"  # what door.numbers_opened looks for: a page that only tells when she may be called opens none
)
ALL_THE_SAME = "all_the_same"


@transaction.atomic
def note_opening(
    *,
    viewer: Viewer,
    dossier_id: UUID,
    unit_id: UUID,
    section: str,
    objects: Collection[UUID],
    told: UUID | None,
    at: datetime,
) -> None:
    """This will record that a number is being opened, and tell first if a colleague has just opened one in this file.

    In the transaction of the opening, before anything is unsealed, for who was found to be able to. ``told``: the entry
    of which they were told already.

    :raises PerhapsCalling: where a colleague may be calling and the viewer does not know it. Source: ONE_CALL_SOURCE.
    """
    with connection.cursor() as cursor:
        # Of two who press at the same moment, the second sees what the first wrote.
        cursor.execute("SELECT door.one_caller(%s)", [dossier_id])
    lately = numbers_opened(viewer, dossier_id, at)
    check_nobody_calls(lately, by=viewer.id, told=told, at=at)
    if is_same_look(lately, by=viewer.id, objects=objects, at=at):
        return
    others = any(one.by != viewer.id for one in lately)
    record(
        Verb.OPENED,
        at=at,
        by=viewer.id,
        unit=unit_id,
        dossier=dossier_id,
        objects=sorted(objects),
        fields=[section, NUMBER, ALL_THE_SAME] if others else [section, NUMBER],
    )
