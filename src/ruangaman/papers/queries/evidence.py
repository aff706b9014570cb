"""Reads of evidence: what it is, whose hands it passed through, and who waits to open it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ruangaman.access.matrix import allows
from ruangaman.access.models import Dossier, Grant
from ruangaman.access.queries import Viewer, open_key, staff_of
from ruangaman.access.states import Decision
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.papers.models import Custody, Opening, Paper
from ruangaman.papers.policies.evidence import deciders
from ruangaman.papers.states import PaperState

MOST_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What is sealed of a piece of evidence, opened."""

    name: str
    note: str
    digest: str


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain of custody, opened."""

    row: Custody
    to_whom: str
    note: str


def evidence_of(viewer: Viewer, paper_id: UUID) -> Paper | None:
    """This will give a piece of evidence that the viewer reaches; one query."""
    found = Paper.objects.filter(id=paper_id, is_evidence=True).exclude(state=PaperState.RECEIVING)
    return found.select_related("dossier__unit", "key", "added_by").first()


def key_of_paper(paper: Paper) -> Key:
    """This will open the key that a paper is sealed under.

    :raises Unreadable: where it was destroyed or altered.
    """
    return open_key(paper.key)


def told_of(paper: Paper, key: Key) -> Told:
    """This will open what is sealed of a paper.

    :raises Unreadable: where it was altered.
    """
    return Told(
        unseal(paper, "name", key) or "", unseal(paper, "note", key) or "", unseal(paper, "digest", key) or ""
    )


def chain_of(viewer: Viewer, paper_id: UUID) -> list[Custody]:
    """This will give the chain of custody, the first hand first; one query."""
    rows = Custody.objects.filter(paper_id=paper_id).select_related("done_by")
    return list(rows.order_by("done_at", "id"))


def opened_chain(rows: Iterable[Custody], key: Key) -> list[Link]:
    """This will open what is sealed in the chain.

    :raises Unreadable: where a link was altered.
    """
    return [Link(row, unseal(row, "to_whom", key) or "", unseal(row, "note", key) or "") for row in rows]


def openings_of(viewer: Viewer, paper_id: UUID, most: int = 50) -> list[Opening]:
    """This will give who asked to open a piece of evidence, the newest first; one query."""
    rows = Opening.objects.filter(paper_id=paper_id).select_related("asked_by", "decided_by")
    return list(rows.order_by("-asked_at", "-id")[:most])


def reasons_of(openings: Iterable[Opening], key: Key) -> dict[UUID, str]:
    """This will open why each opening was asked for.

    :raises Unreadable: where a reason was altered.
    """
    return {one.id: unseal(one, "reason", key) or "" for one in openings}


def to_decide(viewer: Viewer, most: int) -> list[Opening]:
    """This will give the openings that wait for this viewer's decision, the oldest first; one query."""
    rows = Opening.objects.filter(decision=Decision.OPEN).exclude(asked_by_id=viewer.id)
    found = rows.select_related("dossier").order_by("asked_at")[:most]
    return [one for one in found if viewer.roles_in(one.unit_id) & deciders(one.section)]


def second_persons(viewer: Viewer, paper: Paper, at: datetime) -> set[UUID]:
    """This will give who may decide on an opening: by rank, or by a grant that the viewer sees; never the viewer."""
    held = Grant.objects.filter(
        dossier_id=paper.dossier_id, section=paper.section, until__gt=at, withdrawn_at=None
    )
    granted = set(held.values_list("principal_id", flat=True))
    return {
        person.id
        for person, role in staff_of(paper.unit_id, deciders(paper.section), at)
        if person.id != viewer.id
        and (allows(role, "unit", paper.stage, paper.section, "r") or person.id in granted)
    }


def same_digest(viewer: Viewer, dossier: Dossier, digest: str) -> datetime | None:
    """This will say when the same digest was recorded in this dossier first, as far as the viewer reaches.

    Never beyond the dossier: else whoever pastes a digest would learn who else is a client.
    """
    keys: dict[UUID, Key] = {}
    rows = Paper.objects.filter(dossier_id=dossier.id, digest__isnull=False).select_related("key")
    for paper in rows.order_by("added_at")[:MOST_COMPARED]:
        try:
            if paper.key_id not in keys:
                keys[paper.key_id] = open_key(paper.key)
            if unseal(paper, "digest", keys[paper.key_id]) == digest:
                return paper.added_at
        except Unreadable:  # what was altered is told on its own page
            continue
    return None


def digest_of(pieces: Iterable[bytes]) -> str:
    """This will give the SHA-256 of a file, piece by piece.

    :raises Unreadable: where a piece does not open.
    """
    sum_of = hashlib.sha256()
    for piece in pieces:
        sum_of.update(piece)
    return sum_of.hexdigest()
