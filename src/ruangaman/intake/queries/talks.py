"""Reads of what was said outside the thread."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from ruangaman.access.queries import Viewer
from ruangaman.intake.models import Talk
from ruangaman.intake.states.ways import Direction, Medium
from ruangaman.kernel.fields import Key, unseal

MOST = 200


def talks_of(viewer: Viewer, dossier_id: UUID, key: Key | None) -> list[dict[str, object]]:
    """This will open the newest entries of the log, oldest first; one query."""
    if key is None:
        return []
    found = Talk.objects.filter(dossier_id=dossier_id).select_related("written_by")
    return [
        {
            "id": talk.id,
            "medium": Medium(talk.medium).label,
            "direction": Direction(talk.direction).label,
            "out": talk.direction == Direction.OUT,
            "text": unseal(talk, "text", key),
            "said_at": talk.said_at,
            "by": talk.written_by.name,
            "written_at": talk.written_at,
            "wiped_at": talk.wiped_at,
            "to_wipe": talk.medium == Medium.MESSENGER and talk.wiped_at is None,
            "mine": talk.written_by_id == viewer.id,
        }
        for talk in reversed(found.order_by("-said_at", "-id")[:MOST])
    ]


def unwiped(viewer: Viewer, most: int) -> list[tuple[UUID, str, datetime]]:
    """This will give what the viewer logged and has not yet deleted on the telephone: (entry, reference, written at).

    Of files that have moved out of their reach as well: the telephone still holds it. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT talk, reference, written_at FROM door.own_unwiped(%s)", [most])
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]
