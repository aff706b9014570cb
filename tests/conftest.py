"""One throw-away PostgreSQL for each test process, made as an installation is made; every test commits for real.

The application's code runs as the application's role. What a test needs to arrange beyond that it does as the owner.
"""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from ruangaman.config import postgres
from ruangaman.kernel import keyring, roles
from tests import tables

ALIASES = {"worker": roles.WORKER, "sealer": roles.SEALER, "counter": roles.COUNTER}
# What `ruangaman migrate` puts there, and no test may change.
LASTING = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "places_place",
    "access_matrixcell",
}
# Of these the rows without an owner come with the program; those of an organisation are a test's own.
SHIPPED = {"clocks_definition", "clocks_holiday", "papers_template"}
ON_THE_SITE = ("tests/journeys/", "tests/config/test_canary.py", "tests/intake/test_bad_input.py")
# How long one example takes says nothing of what a test is about; speed is measured in benchmarks/.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")
_server: postgres.Server | None = None
_folder: tempfile.TemporaryDirectory[str] | None = None
_emptier: Any = None


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and getattr(config.option, "numprocesses", None):
        return  # this process hands out the tests; the others run them
    _start()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out whole files, because what a file arranges once is dear; and all that is tried on the running site goes
    to one process, so that there is one site.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return "site" if file.startswith(ON_THE_SITE) else file

    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: no collection of garbage need walk through it again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is not None:
        from django.db import connections

        connections.close_all()
        if _emptier is not None:
            _emptier.close()
        _server.stop()
    if _folder is not None:
        _folder.cleanup()


def _start() -> None:
    global _server, _folder
    # Not from the environment of whoever runs the tests: a test must never meet a real database.
    for name in [name for name in os.environ if name.startswith("RUANGAMAN_")]:
        del os.environ[name]
    _folder = tempfile.TemporaryDirectory(prefix="ruangaman-test-")
    var = Path(_folder.name)
    _server = tables.start(var)
    keyring.ensure(var / "keys")
    os.environ |= tables.environ(_server, var)
    urls = roles.derive_urls(os.environ)
    roles.prepare(_server.owner_url, urls)

    import django
    from django.conf import settings

    from ruangaman.config.settings import _database

    for alias, role in ALIASES.items():
        settings.DATABASES[alias] = _database(urls[role])
    settings.DATABASES["owner"] = _database(_server.owner_url)
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    django.setup()
    _share_middleware()


def _share_middleware() -> None:
    """Every browser of a test goes through the same middleware: to set it up reads all static files of the site."""
    from django.conf import settings
    from django.test.client import ClientHandler

    load = ClientHandler.load_middleware
    loaded: dict[tuple[bool, tuple[str, ...]], dict[str, Any]] = {}

    def load_once(handler: Any, is_async: bool = False) -> None:
        kind = (is_async, tuple(settings.MIDDLEWARE))
        if kind not in loaded:
            before = set(vars(handler))
            load(handler, is_async)
            loaded[kind] = {name: found for name, found in vars(handler).items() if name not in before}
        vars(handler).update(loaded[kind])

    ClientHandler.load_middleware = load_once  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def server() -> postgres.Server:
    assert _server is not None
    return _server


@pytest.fixture(scope="session")
def var() -> Path:
    assert _folder is not None
    return Path(_folder.name)


@pytest.fixture(scope="session")
def database(django_db_blocker: Any, server: postgres.Server) -> None:
    """The tables, made by the owner as `ruangaman migrate` makes them."""
    from ruangaman.config.installing import install

    django_db_blocker.unblock()
    install(verbosity=0)


@pytest.fixture
def owner(database: None, server: postgres.Server) -> Iterator[None]:
    """An empty, migrated database; emptied again afterwards."""
    yield
    empty(server)


def empty(server: postgres.Server) -> None:
    """Take out every row that a test may have left."""
    from django.db import connections

    connections.close_all()
    global _emptier
    if _emptier is None:
        _emptier = _make_emptier(server.admin_url)
    _emptier.execute("SELECT pg_temp.empty()")


def _make_emptier(url: str) -> Any:
    """A connection of the superuser that stays, with the plan of what is emptied after every test."""
    import psycopg

    admin = psycopg.connect(url, autocommit=True)
    tables = admin.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    deeds = [f'DELETE FROM "{name}"' for (name,) in tables if name not in LASTING | SHIPPED]
    deeds += [f"DELETE FROM {name} WHERE owner_id IS NOT NULL" for name in SHIPPED]
    deeds += ["DELETE FROM door.ledger_epoch WHERE number > 1"]
    # The owner's own triggers keep the ledger from being emptied; only here they are set aside.
    admin.execute("SET session_replication_role = replica")
    body = "; ".join(deeds)
    admin.execute(f"CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {body}; END $$")
    return admin


@pytest.fixture
def world(owner: None) -> Any:
    """A unit, another region's unit, a partner, and people in every role."""
    from tests.worlds import World

    return World()


@pytest.fixture(scope="module")
def lasting_world(database: None, server: postgres.Server) -> Iterator[Any]:
    """A world for all tests of a module that only look, or take back what they try."""
    from tests.worlds import World

    yield World()
    empty(server)
