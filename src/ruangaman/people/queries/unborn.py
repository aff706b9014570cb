"""Reads of unborn children who were the aim of violence or of trafficking, for who reads what is medical."""

from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.people.models import Unborn


def unborn_of(viewer: Viewer, dossier_id: UUID) -> list[Unborn]:
    """This will give the unborn children who are recorded in a dossier now, with the mother; one query."""
    live = Unborn.objects.filter(dossier_id=dossier_id, ended_at=None).select_related("mother")
    return list(live.order_by("recorded_at", "id"))
