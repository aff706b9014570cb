"""Background tasks of access. They carry ids only."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ruangaman.access import erasure, queries
from ruangaman.kernel import clock, tickets


@app.task(name="access.erase", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def erase(dossier_id: str) -> None:
    """This will erase one dossier under a ticket that reaches it alone."""
    scope, now = UUID(dossier_id), clock.now()
    with tickets.carry(tickets.sign(purpose="job_erasure", scope=scope, at=now)):
        erasure.erase(dossier_id=scope, at=now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="access.erase_due", queue="default", queueing_lock="erase_due")
def erase_due(timestamp: int) -> None:
    """This will begin again the erasures that were approved and not carried out: a killed task, a restored database."""
    for dossier_id in queries.erasures_due():
        erase.defer(dossier_id=str(dossier_id))
