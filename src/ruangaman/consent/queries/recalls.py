"""Reads of recalls: who was asked to delete what they had, and what they answered.

Who is asked sees the file no more: nothing here joins the dossier, whose row they would not get.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind
from ruangaman.consent.models import Recall

MOST = 100


def recalls_of(viewer: Viewer, dossier_id: UUID) -> list[Recall]:
    """This will give everything that was asked back of a file, newest first, with who was asked; one query."""
    found = Recall.objects.filter(dossier_id=dossier_id).select_related("recipient", "person", "answered_by")
    return list(found.order_by("-asked_at", "-id")[:MOST])


def own_recalls(viewer: Viewer, *, most: int = MOST) -> list[Recall]:
    """This will give what the viewer, or the partner they answer for, is or was asked: open ones first; one query."""
    found = _own(viewer).select_related("recipient", "unit", "answered_by")
    return list(found.order_by(F("answered_at").desc(nulls_first=True), "asked_at", "id")[:most])


def open_recalls(viewer: Viewer, *, most: int = MOST) -> list[Recall]:
    """This will give what waits for the viewer's confirmation, the oldest first; one query."""
    return list(_own(viewer).filter(answered_at=None).order_by("asked_at", "id")[:most])


def count_open(viewer: Viewer) -> int:
    """This will count what waits for the viewer's confirmation, up to ``MOST``; one query."""
    return _own(viewer).filter(answered_at=None)[:MOST].count()


def recall_by_id(viewer: Viewer, recall_id: UUID) -> Recall | None:
    """This will give one recall: to who is asked, and to who reads the plan of that file; one query."""
    found = Recall.objects.filter(id=recall_id)
    return found.select_related("recipient", "person", "unit", "answered_by").first()


def is_asked(viewer: Viewer, recall: Recall) -> bool:
    """This will say whether it is the viewer, or the partner they answer for, who is asked."""
    return recall.person_id == viewer.id or recall.recipient_id in partners_of(viewer)


def partners_of(viewer: Viewer) -> list[UUID]:
    """This will give the partner organisations the viewer answers for."""
    return [
        seat.organisation_id for seat in viewer.seats if seat.organisation_kind == OrganisationKind.PARTNER
    ]


def _own(viewer: Viewer) -> QuerySet[Recall]:
    return Recall.objects.filter(Q(person_id=viewer.id) | Q(recipient_id__in=partners_of(viewer)))


# --- for the task ------------------------------------------------------------------------------------------------


def close_lapsed(most: int) -> int:
    """This will close what consents gave whose time is over, and give how many files and recipients that were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_close_lapsed(%s)", [most])
        return int(cursor.fetchone()[0])


def untold(most: int) -> list[tuple[UUID, UUID, UUID, datetime]]:
    """This will give (recall, dossier, unit, since when) of what nobody was told of yet, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT recall, dossier, unit, asked FROM door.job_recalls_untold(%s)", [most])
        return list(cursor.fetchall())
