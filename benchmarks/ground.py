"""Where benchmarks run: a PostgreSQL, one database for each size, and Django able to step from one to the other.

The server is the one of RUANGAMAN_OWNER_URL (with RUANGAMAN_DATABASE_URL for the run-time role), else the embedded
one in a folder that is deleted at the end. RUANGAMAN_BENCH_VAR names a folder that is kept, so that a million
dossiers need not be made twice. A crash-safe cluster, as an installation has it: no setting is bent for the figures.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ruangaman.config import postgres
from ruangaman.kernel import keyring, roles

KEPT = "RUANGAMAN_BENCH_VAR"
WHOLE = "ruangaman benchmark data, whole"


@dataclass(frozen=True)
class Ground:
    """A server and a folder."""

    owner: str
    app: str
    var: Path

    def database(self, size: int) -> str:
        return f"bench_{size}"

    def owner_url(self, size: int) -> str:
        """This will give the owner's address of the database of that size."""
        return within(self.owner, self.database(size))

    def app_url(self, size: int) -> str:
        """This will give the application's address of the database of that size."""
        return within(self.app, self.database(size))

    def urls(self, size: int) -> dict[str, str]:
        """This will give the address of each run-time role."""
        return roles.derive_urls({"RUANGAMAN_DATABASE_URL": self.app_url(size)})

    def is_whole(self, size: int) -> bool:
        """This will say whether the database of that size is there and filled."""
        with psycopg.connect(self.owner) as connection:
            row = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [self.database(size)],
            ).fetchone()
        return bool(row and row[0] == WHOLE)

    def mark_whole(self, size: int) -> None:
        with psycopg.connect(self.owner_url(size), autocommit=True) as connection:
            name = sql.Identifier(self.database(size))
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(WHOLE)))

    def make_empty(self, size: int) -> None:
        """This will make the database of that size anew, migrated, with roles, matrix and ticket key."""
        from ruangaman.config.installing import install

        name = sql.Identifier(self.database(size))
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        roles.prepare(self.owner_url(size), self.urls(size))
        with connected(self.owner_url(size), "owner"):
            install(verbosity=0)


def within(url: str, database: str) -> str:
    """This will give the same address for another database of the server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextmanager
def ground() -> Iterator[Ground]:
    """This will give a server to measure on, and Django set up for it."""
    owner, app = os.environ.get("RUANGAMAN_OWNER_URL"), os.environ.get("RUANGAMAN_DATABASE_URL")
    kept = os.environ.get(KEPT)
    for name in [name for name in os.environ if name.startswith("RUANGAMAN_") and "_BENCH_" not in name]:
        del os.environ[name]
    with ExitStack() as stack:
        if kept:
            var = Path(kept).resolve()
            var.mkdir(parents=True, exist_ok=True)
        else:
            var = Path(tempfile.mkdtemp(prefix="ruangaman-bench-"))
            stack.callback(shutil.rmtree, var, ignore_errors=True)
        if not owner:
            stack.callback(_forget_outside, var, kept)
            cluster = stack.enter_context(postgres.reach(var))
            owner, app = cluster.owner_url, cluster.app_url
        assert app, "RUANGAMAN_OWNER_URL needs RUANGAMAN_DATABASE_URL beside it"
        keyring.ensure(var / "keys")
        os.environ |= {
            "RUANGAMAN_VAR": str(var),
            "RUANGAMAN_DEMO": "1",
            "RUANGAMAN_DATABASE_URL": app,
            "DJANGO_SETTINGS_MODULE": "ruangaman.config.settings",
        }
        import django
        from django.conf import settings

        from ruangaman.config.settings import _database

        settings.DATABASES["owner"] = _database(owner)
        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        yield Ground(owner, app, var)
        from django.db import connections

        connections.close_all()


def _forget_outside(var: Path, kept: str | None) -> None:
    """A cluster whose user can't enter the folder lies elsewhere; it goes with the folder."""
    from ruangaman.config.cluster import outside

    if not kept:
        shutil.rmtree(outside(var), ignore_errors=True)


def connection_to(url: str, alias: str = "default") -> Any:
    """This will make a Django connection to ``url`` that can stand in for ``alias``."""
    from django.db import connections

    made = connections.create_connection(alias)
    parts = urlsplit(url)
    made.settings_dict = made.settings_dict | {
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "PASSWORD": parts.password,
        "HOST": parts.hostname,
        "PORT": parts.port,
    }
    return made


def step_to(connection: Any) -> None:
    """This will make all of Django work on that connection from here on."""
    from django.db import connections

    connections[connection.alias] = connection


@contextmanager
def connected(url: str, alias: str = "default") -> Iterator[Any]:
    """This will make all of Django work on ``url`` within the block."""
    from django.db import connections

    before, made = connections[alias], connection_to(url, alias)
    step_to(made)
    try:
        yield made
    finally:
        made.close()
        step_to(before)
