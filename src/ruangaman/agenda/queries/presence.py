"""Reads of when and where a reported person is likely to be."""

from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.agenda.models import Presence

MOST = 60


def presences_of(viewer: Viewer, dossier_id: UUID) -> list[Presence]:
    """This will give the windows of a dossier that have not ended, words still sealed; one query."""
    found = Presence.objects.filter(dossier_id=dossier_id, ended_at=None).select_related("venue", "area")
    return list(found.order_by("person_id", "told_at", "id")[:MOST])
