"""A new machine for the drill, and the keyring put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from ruangaman.config import postgres
from ruangaman.kernel import destructions, keyring, roles
from tests.tables import BARE


@pytest.fixture
def keys() -> Iterator[Path]:
    """The folder of the keyring, which is put back afterwards."""
    folder = Path(settings.RUANGAMAN_KEYS)
    before = keyring.read(folder)
    (folder / destructions.FILE_NAME).unlink(missing_ok=True)
    yield folder
    keyring.write(before, folder)
    (folder / destructions.FILE_NAME).unlink(missing_ok=True)


@pytest.fixture
def drill(world: Any, server: postgres.Server) -> Iterator[str]:
    """A database beside the lost one, with tables and nothing in them: the machine it is restored on."""
    with _beside(server, f"TEMPLATE {BARE}"):
        yield "drill"


@pytest.fixture
def new_drill(world: Any, server: postgres.Server) -> Iterator[str]:
    """A database beside the lost one that has no tables either."""
    with _beside(server, ""):
        yield "drill"


@contextmanager
def _beside(server: postgres.Server, like: str) -> Iterator[None]:
    from ruangaman.config.settings import _database  # settings are read when the tests begin

    name = f"drill_{uuid4().hex[:8]}"
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        owner = psycopg.conninfo.conninfo_to_dict(server.owner_url)["user"]
        admin.execute(f"CREATE DATABASE {name} OWNER {owner} {like}")
    url = server.owner_url.rpartition("/")[0] + f"/{name}"
    app_url = server.app_url.rpartition("/")[0] + f"/{name}"
    urls = roles.derive_urls({"RUANGAMAN_DATABASE_URL": app_url})
    roles.prepare(url, urls)
    made = {"drill": url, "drill_app": urls[roles.APP], "drill_sealer": urls[roles.SEALER]}
    for alias, address in made.items():
        # As Django's own handler completes the settings of a database.
        connections.settings[alias] = connections.configure_settings(
            {"default": {}, alias: _database(address)}
        )[alias]
    yield
    for alias in made:
        connections[alias].close()
        del connections.settings[alias]
        del connections[alias]
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
