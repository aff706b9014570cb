"""What somebody had of a file: each room that gives something out says what it gave. Kinds and moments only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section

MOST = 60  # of one recipient that a page lists


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that somebody had: when, what it was, and in which part of the file it lay."""

    at: datetime
    what: Any
    where: Any = ""


# (who asks, dossier, the partner or the colleague who had it) → what they had; one query each. The database decides
# who is answered: whoever reads the plan of that file, and whoever is asked to delete what they had.
Asker = Callable[[Viewer, UUID, UUID], list[Holding]]
_askers: list[Asker] = []


def register_holding(asker: Asker) -> None:
    """This will add a room that gives something of a file to others."""
    if asker not in _askers:
        _askers.append(asker)


def holdings(viewer: Viewer, dossier_id: UUID, holder_id: UUID) -> list[Holding]:
    """This will list what a partner or a colleague had of a file, newest first; one query for each room."""
    found = [one for asker in _askers for one in asker(viewer, dossier_id, holder_id)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def opened(viewer: Viewer, dossier_id: UUID, holder_id: UUID) -> list[Holding]:
    """This will give the sealed parts of a file that somebody opened, each with the last time; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, section FROM door.held_opened(%s, %s)", [dossier_id, holder_id])
        rows = cursor.fetchall()
    return [
        Holding(at, _("Dibuka di layar, terakhir"), Section(section).label)
        for at, section in rows
        if section in Section.values
    ]


register_holding(opened)
