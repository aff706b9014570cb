"""Reads about files that belong together."""

from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.intake.models import Joining, Report
from ruangaman.intake.states.handling import JoinKind

# By a subquery, because a file that has ended may be out of reach, and the joining is not.
OTHER = Subquery(Dossier.objects.filter(id=OuterRef("other_id")).values("reference"))


def joinings_of(viewer: Viewer, dossier_id: UUID) -> list[Joining]:
    """This will give what a file was merged into, what was merged into it, and what was split off, oldest first.

    Those undone too; each with its report, and the reference of the other file as far as it is in reach; one query.
    """
    found = Joining.objects.filter(Q(dossier_id=dossier_id) | Q(other_id=dossier_id))
    return list(
        found.select_related("dossier__report", "joined_by")
        .annotate(other_reference=OTHER)
        .order_by("joined_at", "id")
    )


def joining_of(viewer: Viewer, joining_id: UUID) -> Joining | None:
    """This will give one joining with its files, or None where it is out of reach."""
    return Joining.objects.filter(id=joining_id).select_related("dossier").first()


def is_merged(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether a report was merged into another file."""
    return Joining.objects.filter(dossier_id=dossier_id, kind=JoinKind.MERGED, undone_at=None).exists()


def is_joined_to(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether another report was merged into this file, or split from it."""
    return Joining.objects.filter(other_id=dossier_id, undone_at=None).exists()


def may_be_same(viewer: Viewer, dossier: Dossier, most: int = 20) -> list[Report]:
    """This will give the newest other reports from the same kecamatan in the same unit, to choose from; two queries.

    Where and when alone: nobody's name is compared here. Source: care.md 18.
    """
    place = Report.objects.filter(dossier_id=dossier.id).values_list("place_id", flat=True).first()
    if not place:
        return []
    found = Report.objects.filter(
        unit_id=dossier.unit_id, place_id=place, in_flood=False, dossier__erased_at=None
    )
    return list(
        found.exclude(dossier_id=dossier.id)
        .select_related("dossier", "place")
        .order_by("-received_at", "-id")[:most]
    )
