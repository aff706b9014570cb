"""Reads of the conversation with a reporter."""

from uuid import UUID

from django.db import connection

from ruangaman.access.queries import Viewer
from ruangaman.intake.models import Message, Thread
from ruangaman.kernel.fields import Key, unseal


def thread_of(viewer: Viewer, dossier_id: UUID, key: Key | None) -> list[dict[str, object]]:
    """This will open the messages of a report for the unit; ``mine`` is the unit's own side."""
    return opened_messages(dossier_id, key, staff=True) if key else []


def opened_messages(dossier_id: UUID, key: Key, *, staff: bool) -> list[dict[str, object]]:
    """This will open the newest 200 messages of a thread, oldest first, as one side sees them."""
    newest = list(Message.objects.filter(dossier_id=dossier_id).order_by("-sent_at", "-id")[:200])
    return [
        {"mine": (m.author_id is not None) == staff, "body": unseal(m, "body", key), "at": m.sent_at}
        for m in reversed(newest)
    ]


def own_report(dossier_id: UUID) -> Thread | None:
    """This will give a reporter's thread under the reporter's own ticket; one query."""
    return Thread.objects.filter(dossier_id=dossier_id).first()


def thread_status(dossier_id: UUID) -> str | None:
    """This will give what a reporter may know of the handling, under the reporter's own ticket."""
    return Thread.objects.filter(dossier_id=dossier_id).values_list("status", flat=True).first()


def locate(locator: bytes) -> tuple[UUID, UUID, bytes] | None:
    """This will find a thread by the keyed hash of its code: (dossier, key id, key wrapped by the code)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossier, key, code_wrap FROM door.locate(%s)", [locator])
        row = cursor.fetchone()
    return (row[0], row[1], bytes(row[2])) if row and row[0] and row[2] else None
