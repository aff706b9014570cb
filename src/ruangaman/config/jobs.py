"""How background tasks are set up, and those that belong to no room: what is kept no longer than was promised."""

from datetime import UTC, datetime

from django.db import connection
from procrastinate import App, JobContext
from procrastinate.contrib.django import app

from ruangaman.access.models import Session
from ruangaman.kernel import dictionary

STALLED_SECONDS = 60  # a worker that lives says so every ten seconds


def on_app_ready(app: App) -> None:
    """This will let each task be found in the ``jobs`` module of its room."""


@app.periodic(cron="*/5 * * * *")
@app.task(name="config.forget_expired", queue="default", queueing_lock="forget_expired")
def forget_expired(timestamp: int) -> None:
    """This will delete sessions and counts of attempts whose time is over.

    Source: policy/data.yaml, retention ``session`` and ``limits``.
    """
    now = datetime.fromtimestamp(timestamp, UTC)
    Session.objects.filter(expires_at__lte=now).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_cache WHERE expires <= %s", [now])


@app.periodic(cron="23 * * * *")
@app.task(name="config.forget_jobs", queue="default", queueing_lock="forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """This will delete tasks that ended, well or not, so long ago as policy/data.yaml says under ``queue``."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=dictionary.codes()["retention"]["queue"]["minutes"] // 60,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )


@app.periodic(cron="*/2 * * * *")
@app.task(name="config.retry_stalled", queue="default", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """This will take up again what a worker was doing when it was killed. Every task of ours may be run twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.retry_job(job)
