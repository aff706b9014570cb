"""Reads of who has just opened a number, and whose contact is in doubt, before a number is shown."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import connection

from ruangaman.access.queries import Viewer
from ruangaman.people.policies.openings import CALLING, Opening


def numbers_opened(viewer: Viewer, dossier_id: UUID, at: datetime) -> list[Opening]:
    """This will give who may be calling by a number of this file, or of one merged with it, the newest first, as the
    ledger knows; one query. Only of sections that the viewer may read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry, by_id, name, opened_at, objects, here FROM door.numbers_opened(%s, %s)",
            [dossier_id, at - CALLING],
        )
        return [Opening(*row) for row in cursor.fetchall()]


# --- since when clients of a file say that their contact is not safe: a later room knows, and is asked for it here ---

# (who asks, which dossier) → when it was told last, or None where it does not stand any more.
Doubt = Callable[[Viewer, UUID], datetime | None]
_doubt_tellers: list[Doubt] = []


def register_doubt(asker: Doubt) -> None:
    """This will add a room that hears it when a contact is not safe any more."""
    if asker not in _doubt_tellers:
        _doubt_tellers.append(asker)


def doubted_since(viewer: Viewer, dossier_id: UUID) -> datetime | None:
    """This will give when a client of this file, or of one merged with it, last told that her contact is not safe any
    more, where that still stands.
    """
    return max((told for asker in _doubt_tellers if (told := asker(viewer, dossier_id))), default=None)
