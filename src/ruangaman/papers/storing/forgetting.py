"""Deleting what is not kept: uploads that were never finished, and what can't be opened any more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruangaman.access.queries import Viewer
from ruangaman.kernel import tickets
from ruangaman.papers import storing
from ruangaman.papers.models import Paper
from ruangaman.papers.states import PaperState

PURPOSE = "job_papers"


@transaction.atomic
def take_back(*, viewer: Viewer, paper: Paper) -> None:
    """This will delete what the viewer had begun to send, pieces first, so that none is left without its row."""
    now = Paper.objects.select_for_update().filter(id=paper.id, state=PaperState.RECEIVING).first()
    if now and now.added_by_id == viewer.id:
        storing.forget(now.id)
        now.delete()


def forget_unfinished(*, paper_id: UUID, dossier_id: UUID, at: datetime) -> None:
    """This will delete a file that was begun and never finished, pieces first: a crash between leaves the row."""
    with (
        tickets.carry(tickets.sign(purpose=PURPOSE, scope=dossier_id, at=at)),
        transaction.atomic(),
    ):
        paper = Paper.objects.select_for_update().filter(id=paper_id, state=PaperState.RECEIVING).first()
        if paper:
            storing.forget(paper.id)
            paper.delete()


def forget_erased(*, paper_id: UUID, dossier_id: UUID, at: datetime) -> None:
    """This will delete the pieces of a file whose dossier was erased; that there was one stays."""
    with (
        tickets.carry(tickets.sign(purpose=PURPOSE, scope=dossier_id, at=at)),
        transaction.atomic(),
    ):
        storing.forget(paper_id)
        Paper.objects.filter(id=paper_id).update(pieces=0, pages=0)
