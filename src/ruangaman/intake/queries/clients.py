"""Reads of what lies behind a client's own code: for the client under her ticket, and for the unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.intake.models import ClientMessage, ClientThread, Wish
from ruangaman.intake.states.client import WishKind
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.papers.models import Paper
from ruangaman.papers.policies.files import check_can_look
from ruangaman.papers.states import PaperState, Scan
from ruangaman.people.models import Contact

MOST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A client's thread, found by her code and not opened yet."""

    thread: UUID
    dossier: UUID
    person: UUID
    key: UUID
    code_wrap: bytes
    locked: bool


def locate_client(locator: bytes) -> Found | None:
    """This will find a client's thread by the keyed hash of her code; nothing where it was revoked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT thread, dossier, person, key, code_wrap, locked FROM door.locate_client(%s)", [locator]
        )
        row = cursor.fetchone()
    if not row or not row[0] or not row[4]:
        return None
    thread, dossier, person, key, code_wrap, locked = row
    return Found(thread, dossier, person, key, bytes(code_wrap), locked)


def own_thread(thread_id: UUID) -> ClientThread | None:
    """This will give a client's thread under her own ticket; nothing where it was revoked or locked meanwhile."""
    return ClientThread.objects.filter(id=thread_id).first()


def client_messages(
    dossier_id: UUID, key: Key, *, staff: bool, person: UUID | None = None
) -> list[dict[str, Any]]:
    """This will open the newest 200 messages with clients, oldest first, as one side sees them; one query."""
    found = ClientMessage.objects.filter(dossier_id=dossier_id)
    found = found.filter(person_id=person) if person else found
    newest = list(found.order_by("-sent_at", "-id")[:MOST])
    return [
        {
            "mine": (m.author_id is not None) == staff,
            "body": unseal(m, "body", key),
            "at": m.sent_at,
            "person": m.person_id,
        }
        for m in reversed(newest)
    ]


def own_wishes(dossier_id: UUID) -> list[Wish]:
    """This will give what a client has asked lately, newest first, under her own ticket."""
    return list(Wish.objects.filter(dossier_id=dossier_id).order_by("-asked_at")[:10])


def codes_of(viewer: Viewer, dossier_id: UUID) -> list[ClientThread]:
    """This will give the codes of the clients of a dossier, newest first, revoked ones too; one query."""
    found = ClientThread.objects.filter(dossier_id=dossier_id).select_related("person", "issued_by")
    return list(found.order_by("-issued_at", "-id"))


def code_by_id(viewer: Viewer, thread_id: UUID) -> ClientThread | None:
    """This will give one code with its dossier, if the viewer may know of it; one query."""
    return ClientThread.objects.filter(id=thread_id).select_related("dossier", "person").first()


def wishes_of(viewer: Viewer, dossier_id: UUID) -> list[Wish]:
    """This will give what the clients of a dossier asked, newest first, each with whether it tells of a contact that is
    still in doubt; one query.
    """
    found = Wish.objects.filter(dossier_id=dossier_id).select_related("answered_by")
    found = found.annotate(in_doubt=_in_doubt())
    return list(found.order_by("-asked_at", "-id")[:50])


def wish_by_id(viewer: Viewer, wish_id: UUID) -> Wish | None:
    """This will give one wish with its dossier, if the viewer may know of it; one query."""
    return Wish.objects.filter(id=wish_id).select_related("dossier", "person").first()


def contact_is_doubted(viewer: Viewer, dossier_id: UUID) -> bool:
    """This will say whether a client has told by her code, here or in a file that was merged with this one, that her
    contact is not safe any more, and none of hers was confirmed since: until then nobody calls it or writes to it.
    Source: care.md 7.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT standing FROM door.last_doubt(%s)", [dossier_id])
        return bool(cursor.fetchone()[0])


def doubted_since(viewer: Viewer, dossier_id: UUID) -> datetime | None:
    """This will give when that was told last, where it still stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT told_at FROM door.last_doubt(%s) WHERE standing", [dossier_id])
        row = cursor.fetchone()
    return row[0] if row else None


def _in_doubt() -> Q:
    since = Contact.objects.filter(
        dossier_id=OuterRef("dossier_id"),
        person__one_id=OuterRef("person__one_id"),
        confirmed_at__gt=OuterRef("asked_at"),
    )
    return Q(~Exists(since), kind=WishKind.OTHER_CONTACT)


def still_doubts() -> bool:
    """This will say, under a client's own ticket, whether what she told of her contact still stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.client_still_doubts()")
        return bool(cursor.fetchone()[0])


# --- files of a thread, for who holds its code ---


def thread_files(section: Section, dossier_id: UUID, key: Key) -> list[dict[str, Any]]:
    """This will list the files of a thread under the ticket of its code, oldest first; one query.

    Only pictures that were made anew are shown: what a file tells of itself (who wrote it, where, with what) stays
    behind. Source: care.md 14.
    """
    kept = Paper.objects.filter(
        dossier_id=dossier_id, section=section, state=PaperState.KEPT, is_evidence=False
    )
    return [
        {
            "id": paper.id,
            "name": _name(paper, key),
            "mine": paper.added_by_id is None,
            "at": paper.added_at,
            "pages": range(1, paper.pages + 1) if paper.scan != Scan.INFECTED else (),
            "infected": paper.scan == Scan.INFECTED,
        }
        for paper in kept.order_by("added_at", "id")[:MOST]
    ]


def _name(paper: Paper, key: Key) -> str | None:
    try:
        return unseal(paper, "name", key)
    except Unreadable:
        return None


def strangers_files(section: Section, dossier_id: UUID) -> int:
    """This will count the files that the holder of a code brought into a thread, under the ticket of the code."""
    return Paper.objects.filter(dossier_id=dossier_id, section=section, added_by=None).count()


def thread_file(section: Section, paper_id: UUID) -> Paper | None:
    """This will give a file of a thread whose pictures its code may show, under its ticket; one query.

    :raises Refused: for what is infected or evidence.
    """
    paper = Paper.objects.filter(id=paper_id, section=section).exclude(state=PaperState.RECEIVING).first()
    if paper:
        check_can_look(state=paper.state, is_evidence=paper.is_evidence, scan=paper.scan)
    return paper


def appointments() -> list[tuple[datetime, str]]:
    """This will give when a client is awaited next, and for what kind of meeting, under her own ticket."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT starts_at, kind FROM door.client_appointments()")
        return [(row[0], row[1]) for row in cursor.fetchall()]


def newest_live(codes: Iterable[ClientThread]) -> dict[UUID, ClientThread]:
    """This will give the live code of each client (``one_id``), of codes that were read already."""
    return {code.person.one_id: code for code in codes if code.revoked_at is None}
