"""Reads of guardians who wait for a supervisor."""

from datetime import datetime
from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role
from ruangaman.people.models import Part
from ruangaman.people.states import PartStatus, PersonRole


def guardians_waiting(viewer: Viewer, most: int) -> list[tuple[str, UUID, datetime]]:
    """This will give (reference, part, since) of guardians for the viewer to decide about, oldest first; one query."""
    units = [seat.organisation_id for seat in viewer.seats if seat.role == Role.SUPERVISOR]
    if not units:
        return []
    waiting = Part.objects.filter(unit_id__in=units, role=PersonRole.GUARDIAN, status=PartStatus.WAITING)
    found = waiting.order_by("since", "id").values_list("dossier__reference", "id", "since")
    return list(found[:most])


def waiting_guardian(viewer: Viewer, dossier_id: UUID, part_id: UUID) -> Part | None:
    """This will give one guardian of a dossier who waits, with the child, or None; one query."""
    waiting = Part.objects.filter(dossier_id=dossier_id, id=part_id, status=PartStatus.WAITING)
    return waiting.select_related("person", "of", "dossier", "decided_by").first()
