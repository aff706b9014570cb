"""The roles the database knows, and what makes them.

owner    migrates, backs up, restores; no process that answers people signs in as it.
app      the web: reads and writes what its ticket reaches.
worker   background tasks: what a ticket narrowed to one dossier reaches.
sealer   chains ledger entries.
counter  counts unsealed facts; holds no key.
"""

from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ruangaman.kernel.keyring import derive

APP, WORKER, SEALER, COUNTER = "ruangaman_app", "ruangaman_worker", "ruangaman_sealer", "ruangaman_counter"
RUNTIME_ROLES = (APP, WORKER, SEALER, COUNTER)
VARIABLES = {
    APP: "RUANGAMAN_DATABASE_URL",
    WORKER: "RUANGAMAN_WORKER_URL",
    SEALER: "RUANGAMAN_SEALER_URL",
    COUNTER: "RUANGAMAN_COUNTER_URL",
}
# A query of a page or a task is a matter of milliseconds; what takes longer is a fault or an attack.
STATEMENT_TIMEOUT = {APP: "15s", WORKER: "5min", SEALER: "60s", COUNTER: "15s"}
IDLE_TIMEOUT = "30s"


class UnsafeRole(Exception):
    """This process is signed in to the database with a role that could walk round row-level security."""


def derive_urls(env: Mapping[str, str]) -> dict[str, str]:
    """This will give the address of each run-time role; those not given are derived from the application's.

    The derived password is an HKDF of the application's, so one run-time URL is enough.

    :raises KeyError: where ``RUANGAMAN_DATABASE_URL`` is not set.
    """
    app = env["RUANGAMAN_DATABASE_URL"]
    parts = urlsplit(app)
    urls = {APP: app}
    for role in (WORKER, SEALER, COUNTER):
        password = derive(unquote(parts.password or "").encode() or b"none", f"database/{role}").hex()
        host = parts.netloc.rpartition("@")[2]
        urls[role] = env.get(VARIABLES[role]) or urlunsplit(
            parts._replace(netloc=f"{role}:{quote(password)}@{host}")
        )
    return urls


def prepare_sql(urls: Mapping[str, str]) -> list[str]:
    """This will give the statements that make the run-time roles, to be run once by a database administrator."""
    statements: list[sql.Composable] = []
    for role in RUNTIME_ROLES:
        password = unquote(urlsplit(urls[role]).password or "")
        name, secret = sql.Identifier(role), sql.Literal(password)
        exists = sql.SQL("SELECT FROM pg_roles WHERE rolname = {}").format(sql.Literal(role))
        make = "DO $make$ BEGIN IF NOT EXISTS ({}) THEN CREATE ROLE {} LOGIN; END IF; END $make$"
        limit = "ALTER ROLE {} SET idle_in_transaction_session_timeout = {}"
        statements += [
            sql.SQL(make).format(exists, name),
            sql.SQL("ALTER ROLE {} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE PASSWORD {}").format(name, secret),
            sql.SQL("ALTER ROLE {} SET statement_timeout = {}").format(
                name, sql.Literal(STATEMENT_TIMEOUT[role])
            ),
            sql.SQL(limit).format(name, sql.Literal(IDLE_TIMEOUT)),
            # Short statements through an index gain nothing from compilation.
            sql.SQL("ALTER ROLE {} SET jit = off").format(name),
        ]
    database = sql.Identifier(unquote(urlsplit(urls[APP]).path.lstrip("/")))
    statements.append(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    statements.append(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    statements += [
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role))
        for role in RUNTIME_ROLES
    ]
    return [statement.as_string(None) for statement in statements]


def prepare(owner_url: str, urls: Mapping[str, str]) -> None:
    """This will make the run-time roles, or bring their passwords and limits up to date; it may be run again.

    :raises psycopg.Error: where the owner may not create roles: then use ``prepare_sql``.
    """
    with psycopg.connect(owner_url, autocommit=True) as connection:
        if _is_superuser(connection):
            # The password must not stand in the server's log should a statement fail.
            connection.execute("SET log_min_error_statement = panic")
        for statement in prepare_sql(urls):
            connection.execute(statement)


def _is_superuser(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def check_safe(url: str) -> None:
    """This will make sure that a run-time process can't walk round row-level security.

    :raises UnsafeRole: where its role is a superuser, has BYPASSRLS, owns a table, or may become such a role.
    """
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """
            SELECT current_user,
                   bool_or(r.rolsuper OR r.rolbypassrls),
                   EXISTS (SELECT FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
                           WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text NOT LIKE 'pg_%'
                             AND c.relnamespace::regnamespace::text <> 'information_schema'
                             AND pg_has_role(current_user, o.oid, 'MEMBER'))
            FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER')
            """
        ).fetchone()
    assert row is not None
    if row[1] or row[2]:
        raise UnsafeRole(
            f"The role {row[0]!r} is a superuser, bypasses row-level security or owns tables. A process that answers "
            f"people must not: set RUANGAMAN_DATABASE_URL to the role {APP!r} (see `ruangaman db prepare`)."
        )
