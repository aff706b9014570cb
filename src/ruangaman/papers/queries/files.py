"""Reads of files: what lies in a dossier, and the key that opens it. The database decides what is seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from ruangaman.access.models import DataKey
from ruangaman.access.queries import Viewer, open_key
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.papers.models import Paper
from ruangaman.papers.states import PaperState


@dataclass(frozen=True, slots=True)
class Listed:
    """A file in a list, with its name opened; ``None`` where it does not open."""

    paper: Paper
    name: str | None


def paper_of(viewer: Viewer, paper_id: UUID) -> Paper | None:
    """This will give a file that has come in, with its dossier, if it is in the viewer's reach; one query."""
    return (
        Paper.objects.filter(id=paper_id)
        .exclude(state=PaperState.RECEIVING)
        .select_related("dossier", "key", "added_by")
        .first()
    )


def receiving(viewer: Viewer, paper_id: UUID) -> Paper | None:
    """This will give a file that the viewer is sending, or has sent, with its dossier; one query."""
    return Paper.objects.filter(id=paper_id, added_by_id=viewer.id).select_related("dossier", "key").first()


def papers_of(viewer: Viewer, dossier_id: UUID, most: int) -> list[Paper]:
    """This will give the newest files of a dossier, still sealed; one query."""
    kept = Paper.objects.filter(dossier_id=dossier_id).exclude(state=PaperState.RECEIVING)
    return list(kept.select_related("added_by").order_by("-added_at", "-id")[:most])


def key_of(paper: Paper) -> Key:
    """This will open the key that a paper's pieces, name and digest are sealed under.

    :raises Unreadable: where it was destroyed or altered.
    """
    return open_key(DataKey.objects.get(id=paper.key_id))


def listed(papers: Iterable[Paper], keys: Mapping[str, Key | None]) -> list[Listed]:
    """This will open the names of files with the keys at hand, by section."""
    return [Listed(paper, _name(paper, keys.get(paper.section))) for paper in papers]


def _name(paper: Paper, key: Key | None) -> str | None:
    try:
        return unseal(paper, "name", key) if key else None
    except Unreadable:
        return None


def unfinished(before: datetime) -> list[tuple[UUID, UUID]]:
    """This will give (paper, dossier) of uploads that were begun before ``before`` and never finished; for the task."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT paper, dossier FROM door.job_unfinished(%s)", [before])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def erased() -> list[tuple[UUID, UUID]]:
    """This will give (paper, dossier) of erased files whose pieces still lie in the storage; for the task."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT paper, dossier FROM door.job_erased_papers()")
        return [(row[0], row[1]) for row in cursor.fetchall()]
