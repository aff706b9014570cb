"""Background tasks of papers: what is not kept goes. They carry ids only."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from ruangaman.papers.policies.files import UNFINISHED
from ruangaman.papers.queries import files
from ruangaman.papers.storing import forgetting


@app.periodic(cron="17 * * * *")
@app.task(name="papers.forget_files", queue="default", queueing_lock="forget_files")
def forget_files(timestamp: int) -> None:
    """This will delete uploads that were not finished within a day, and the sealed pieces of erased dossiers."""
    at = datetime.fromtimestamp(timestamp, UTC)
    for paper, dossier in files.unfinished(at - UNFINISHED):
        forgetting.forget_unfinished(paper_id=paper, dossier_id=dossier, at=at)
    for paper, dossier in files.erased():
        forgetting.forget_erased(paper_id=paper, dossier_id=dossier, at=at)
