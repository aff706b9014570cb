"""A throw-away PostgreSQL whose tables are made already: making them takes longer than most files of tests.

What is kept lies beside the installed packages and is named by all that decides what the tables are; where one byte of
that differs, tables are made anew. What `ruangaman migrate` does besides migrating is done in every run.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg

from ruangaman.config import postgres
from ruangaman.kernel import keyring, roles

HERE = Path(__file__).resolve().parents[1]
KEPT = Path(sys.prefix) / "tables"
MOST = 4  # of several checkouts and states of work
# A database with tables, nothing in them and its door shut: what drills restore into.
BARE = "bare"


def start(var: Path) -> postgres.Server:
    """A server with those tables, under ``var``."""
    with _alone():
        kept = KEPT / _name()
        if not kept.exists():
            # In a process of its own: Django is not set up yet, and will be for another server.
            with tempfile.TemporaryDirectory(prefix="ruangaman-tables-") as folder:
                words = [sys.executable, "-m", "tests.tables", folder, str(kept)]
                subprocess.run(words, cwd=HERE, check=True)
            _clear_away(kept)
        os.utime(kept)
        return postgres.start_throwaway(var, like=kept)


def _name() -> str:
    digest = sha256()
    source = HERE / "src" / "ruangaman"
    for path in (
        HERE / "requirements-dev.lock",
        Path(__file__),
        source / "config" / "postgres.py",
        *sorted(source.glob("kernel/**/*.py")),
        *sorted(source.glob("*/migrations/*.py")),
    ):
        digest.update(f"{path.relative_to(HERE)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


@contextmanager
def _alone() -> Iterator[None]:
    KEPT.mkdir(mode=0o700, exist_ok=True)
    with (KEPT / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _clear_away(kept: Path) -> None:
    made = sorted((path for path in KEPT.iterdir() if path.is_dir()), key=lambda path: -path.stat().st_mtime)
    for path in made[MOST:]:
        if path != kept:
            shutil.rmtree(path)


def environ(server: postgres.Server, var: Path) -> dict[str, str]:
    """What the application is told when it runs on that server."""
    return {
        "RUANGAMAN_VAR": str(var),
        "RUANGAMAN_DEMO": "1",
        "RUANGAMAN_DATABASE_URL": server.app_url,
        "DJANGO_SETTINGS_MODULE": "ruangaman.config.settings",
    }


def _make(var: Path, kept: Path) -> None:
    server = postgres.start_throwaway(var)
    try:
        keyring.ensure(var / "keys")
        os.environ |= environ(server, var)
        roles.prepare(server.owner_url, roles.derive_urls(os.environ))
        import django
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        from ruangaman.config.settings import _database

        settings.DATABASES["owner"] = _database(server.owner_url)
        django.setup()
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        connections.close_all()
        name = psycopg.conninfo.conninfo_to_dict(server.owner_url)["dbname"]
        with psycopg.connect(server.admin_url, dbname="postgres", autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {BARE} TEMPLATE {name}")
    except BaseException:
        server.stop()
        raise
    draft = kept.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    server.keep(draft)
    draft.rename(kept)


if __name__ == "__main__":
    _make(Path(sys.argv[1]), Path(sys.argv[2]))
