"""Reads about decisions of triage, and about what was done at once."""

from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.intake.models import FirstAct, Outreach, Report, SafeContact, TriageMove
from ruangaman.intake.queries.outreach import is_of_a_child
from ruangaman.intake.states import SHE_WAS_MET, OutreachResult
from ruangaman.kernel.fields import Key, unseal
from ruangaman.people.models import Person
from ruangaman.people.states import PartStatus, PersonRole


def moves_of(viewer: Viewer, dossier_id: UUID) -> list[TriageMove]:
    """This will give the decisions of triage, the first one first, with who took them; one query."""
    moves = TriageMove.objects.filter(dossier_id=dossier_id).select_related("decided_by")
    return list(moves.order_by("decided_at", "id"))


def first_acts_of(viewer: Viewer, dossier_id: UUID) -> list[FirstAct]:
    """This will give what was done at once where danger was told, the first one first; one query."""
    acts = FirstAct.objects.filter(dossier_id=dossier_id).select_related("done_by")
    return list(acts.order_by("done_at", "id"))


def has_acted(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether it is recorded what was done at once."""
    return FirstAct.objects.filter(dossier_id=dossier_id).exists()


def was_met(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether an attempt has met her, or she herself said no."""
    return Outreach.objects.filter(dossier_id=dossier_id, result__in=SHE_WAS_MET).exists()


def has_declined(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether she herself said no, in private."""
    return Outreach.objects.filter(dossier_id=dossier_id, result=OutreachResult.DECLINED).exists()


def is_awaited(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether no attempt stands open, has reached her, or was declined by herself, an adult.

    Source: care.md 5 and 11; the database says the same (``door.outreach_awaited``).
    """
    settled = ["", OutreachResult.REACHED]
    report = Report.objects.filter(dossier_id=dossier_id).first()
    clients = Person.objects.filter(
        dossier_id=dossier_id, parts__role=PersonRole.CLIENT, parts__status=PartStatus.ACTIVE
    )
    if not is_of_a_child(report, clients):
        settled.append(OutreachResult.DECLINED)
    return not Outreach.objects.filter(dossier_id=dossier_id, result__in=settled).exists()


def trust_of(viewer: Viewer, dossier_id: UUID, key: Key | None) -> tuple[str, str]:
    """This will open whom a child trusts and who must not know, with the key of the reporter's section; one query."""
    told = SafeContact.objects.filter(dossier_id=dossier_id).first() if key else None
    if told is None or key is None:
        return "", ""
    return unseal(told, "trusted", key) or "", unseal(told, "must_not_know", key) or ""
