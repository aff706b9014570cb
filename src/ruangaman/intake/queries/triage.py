"""Reads about decisions of triage."""

from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.intake.models import Outreach, TriageMove
from ruangaman.intake.states import SHE_WAS_MET, OutreachResult


def moves_of(viewer: Viewer, dossier_id: UUID) -> list[TriageMove]:
    """This will give the decisions of triage, the first one first, with who took them; one query."""
    moves = TriageMove.objects.filter(dossier_id=dossier_id).select_related("decided_by")
    return list(moves.order_by("decided_at", "id"))


def was_met(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether an attempt has met her, or she herself said no."""
    return Outreach.objects.filter(dossier_id=dossier_id, result__in=SHE_WAS_MET).exists()


def has_declined(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether she herself said no, in private."""
    return Outreach.objects.filter(dossier_id=dossier_id, result=OutreachResult.DECLINED).exists()
