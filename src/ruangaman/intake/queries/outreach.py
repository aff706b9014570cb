"""Reads about the attempts to reach her."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ruangaman.access.models import Dossier, User, Wall
from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import Role, Section
from ruangaman.intake.models import Outreach
from ruangaman.intake.queries.reports import within


def outreaches_of(viewer: Viewer, dossier_id: UUID) -> list[Outreach]:
    """This will give the attempts to reach her, the first one first, with who goes and who planned; one query."""
    attempts = Outreach.objects.filter(dossier_id=dossier_id).select_related("companion", "planned_by")
    return list(attempts.order_by("starts_at", "id"))


def outreach_of(viewer: Viewer, outreach_id: UUID) -> Outreach | None:
    """This will give one attempt with its dossier, or None where it is out of reach."""
    return Outreach.objects.filter(id=outreach_id).select_related("dossier", "companion").first()


def companions_for(viewer: Viewer, dossier: Dossier, at: datetime) -> list[User]:
    """This will give who may go to her: companions of the unit without a wall before this dossier; three queries."""
    walled = set(
        Wall.objects.filter(dossier_id=dossier.id, lifted_at=None).values_list("person_id", flat=True)
    )
    staff = staff_of(dossier.unit_id, [Role.COMPANION], at)
    return [person for person, _role in staff if person.id not in walled]


def open_outreach(viewer: Viewer, most: int) -> list[Outreach]:
    """This will give the open attempts of a companion, and those of units where the viewer holds rank; one query."""
    if not viewer.reaches(Section.RISK):
        return []
    wanted = Q(companion_id=viewer.id) | within(viewer.units(Section.RISK))
    found = Outreach.objects.filter(wanted, ended_at=None, dossier__erased_at=None)
    return list(found.select_related("dossier").order_by("starts_at", "id")[:most])
