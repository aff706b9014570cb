"""The day on which something first happened to a client: a later room knows it, and is asked for it here."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from ruangaman.access.queries import Viewer

# (who asks, which dossier) → the earliest day, or None where none is known or in reach.
Asker = Callable[[Viewer, UUID], date | None]
_askers: list[Asker] = []


def register(asker: Asker) -> None:
    """This will add a room that knows when something happened."""
    if asker not in _askers:
        _askers.append(asker)


def happened_on(viewer: Viewer, dossier_id: UUID) -> date | None:
    """This will give the earliest day that any room knows of."""
    return min((day for asker in _askers if (day := asker(viewer, dossier_id))), default=None)
