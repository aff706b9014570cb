"""Settings, migrations and terms: what would only be noticed in a real installation, noticed here."""

import asyncio
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from procrastinate import PsycopgConnector

from ruangaman.access.sessions import hashed
from ruangaman.config import jobs
from ruangaman.kernel import clock, dictionary, roles
from tests.house.rooms import PACKAGE, ROOT, rooms
from tests.worlds import World


def test_the_models_are_those_of_the_migrations(database: None) -> None:
    told = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=told, verbosity=1)
    assert "No changes detected" in told.getvalue()


def test_migrations_of_each_room_stand_in_one_line() -> None:
    loader = MigrationLoader(None)
    assert not loader.detect_conflicts()
    for room in rooms():
        folder = PACKAGE / room / "migrations"
        if folder.is_dir():
            newest = (folder / "max_migration.txt").read_text().strip()
            assert [name for app, name in loader.graph.leaf_nodes() if app == room] == [newest], room


def test_no_migration_waits_for_one_of_a_later_room() -> None:
    order = rooms()
    loader = MigrationLoader(None)
    forward = [
        f"{app}.{name} waits for {before}"
        for (app, name), migration in loader.disk_migrations.items()
        for before, _name in migration.dependencies
        if app in order and before in order and order.index(before) > order.index(app)
    ]
    assert not forward


def test_a_real_installation_has_nothing_to_warn_of(var: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env={
            **os.environ,
            "RUANGAMAN_DEMO": "0",
            "RUANGAMAN_VAR": str(tmp_path),
            "RUANGAMAN_KEYS": str(var / "keys"),
            "RUANGAMAN_SITE_URL": "https://aman.example",
            "RUANGAMAN_HOSTS": "aman.example",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_build_calls_the_commands_that_people_call() -> None:
    ci = (ROOT / ".ci" / "run").read_text()
    assert "make check test" in ci


def test_policy_files_are_plain_data() -> None:
    for path in (PACKAGE / "policy").glob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text()), dict), path


@contextmanager
def as_worker() -> Iterator[None]:
    """The code under test, on the worker's connection."""
    web = connections["default"]
    connections["default"] = connections["worker"]
    try:
        yield
    finally:
        connections["default"] = web


def test_sessions_and_counts_of_attempts_go_when_their_time_is_over(world: World) -> None:
    now = clock.now()
    for name, ends in (("old", now - timedelta(minutes=1)), ("new", now + timedelta(hours=1))):
        world.rows(
            "INSERT INTO access_session (key_hash, device, expires_at) VALUES (%s, '', %s)",
            [hashed(name), ends],
        )
        world.rows("INSERT INTO kernel_cache VALUES (%s, '1', %s)", [name, ends])
    with as_worker():
        jobs.forget_expired(int(time.time()))
    assert world.rows("SELECT key_hash FROM access_session") == [(hashed("new"),)]
    assert world.rows("SELECT cache_key FROM kernel_cache") == [("new",)]


def test_tasks_are_forgotten_a_week_after_they_ended(world: World) -> None:
    minutes = dictionary.codes()["retention"]["queue"]["minutes"]
    for name, ago in (("old", minutes + 60), ("recent", minutes - 60)):
        for status in ("succeeded", "failed", "cancelled", "aborted"):
            _ended_job(world, f"{name}.{status}", status, ago)
    world.rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'waits', 'todo')"
    )
    asyncio.run(_forget())
    left = {name for (name,) in world.rows("SELECT task_name FROM procrastinate_jobs")}
    assert left == {"waits", "recent.succeeded", "recent.failed", "recent.cancelled", "recent.aborted"}


async def _forget() -> None:
    from procrastinate.contrib.django import app

    worker = app.with_connector(PsycopgConnector(conninfo=roles.derive_urls(os.environ)[roles.WORKER]))
    async with worker.open_async():
        context: Any = SimpleNamespace(app=worker)
        await jobs.forget_jobs(context, int(time.time()))


def _ended_job(world: World, name: str, status: str, minutes_ago: int) -> None:
    ((job,),) = world.rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', %s, 'todo') RETURNING id",
        [name],
    )
    # The queue's own triggers tell the event at this moment; the test needs it long ago.
    world.rows("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
    world.rows(
        "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s", [status, job]
    )
    world.rows(
        "UPDATE procrastinate_events SET at = now() - make_interval(mins => %s) WHERE job_id = %s",
        [minutes_ago, job],
    )


def test_a_periodic_task_keeps_each_term_of_the_dictionary() -> None:
    from procrastinate.contrib.django import app

    periodic = {name for name, _identifier in app.periodic_registry.periodic_tasks}
    assert {"intake.forget_drafts", "config.forget_expired", "config.forget_jobs"} <= periodic
