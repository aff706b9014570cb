"""The worker's minute, brought forward: nobody waits for a clock in a test."""

import time

from tests.journeys.running import Site

PATIENCE_SECONDS = 60


def run_task(site: Site, name: str) -> None:
    """The running site's own worker does a task of every minute now."""
    job = site.rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        "VALUES ('default', %s, jsonb_build_object('timestamp', extract(epoch FROM now())::int)) RETURNING id",
        [name],
    )[0][0]
    until = time.monotonic() + PATIENCE_SECONDS
    status = "todo"
    while status != "succeeded":
        assert status in ("todo", "doing"), f"{name}: {status}"
        assert time.monotonic() < until, f"{name} is still {status}"
        time.sleep(0.1)
        status = str(site.rows("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])[0][0])
