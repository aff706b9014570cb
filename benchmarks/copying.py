"""PostgreSQL's binary COPY format, and the taking off and putting back of what slows a load."""

import struct
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
from psycopg import sql

HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TAIL = struct.pack("!h", -1)
NULL = struct.pack("!i", -1)
YES, NO = struct.pack("!i?", 1, True), struct.pack("!i?", 1, False)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_SIZES = [struct.pack("!i", size) for size in range(8192)]


def field(value: bytes) -> bytes:
    """This will write one value of bytea, uuid or text (encoded)."""
    return _SIZES[len(value)] + value


def moment(microseconds: int) -> bytes:
    """This will write a timestamptz given in microseconds since 2000."""
    return b"\0\0\0\x08" + microseconds.to_bytes(8, "big", signed=True)


def small(number: int) -> bytes:
    """This will write a smallint."""
    return b"\0\0\0\x02" + number.to_bytes(2, "big", signed=True)


def since_2000(at: datetime) -> int:
    """This will give microseconds since 2000."""
    return int((at - EPOCH).total_seconds() * 1_000_000)


def copy(connection: psycopg.Connection, table: str, columns: Sequence[str], rows: Sequence[bytes]) -> None:
    """This will load rows that begin with their number of fields."""
    if not rows:
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor().copy(statement) as into:
        into.write(b"".join([HEAD, *rows, TAIL]))


def take_off(owner: psycopg.Connection, tables: Sequence[str]) -> dict[str, list[str]]:
    """This will drop foreign keys, other constraints and indexes of ``tables``, and rest their triggers.

    Gives what puts them back: by table its own triggers and indexes, by ``""`` the foreign keys, which come last.
    """
    names = list(tables)
    keys = owner.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype::text FROM pg_constraint "
        "WHERE (conrelid::regclass::text = ANY(%s) AND contype IN ('p', 'u', 'f')) "
        "OR (confrelid::regclass::text = ANY(%s) AND contype = 'f') ORDER BY contype <> 'f', conname",
        [names, names],
    ).fetchall()
    back: dict[str, list[str]] = {name: [f"ALTER TABLE {name} ENABLE TRIGGER USER"] for name in names} | {
        "": []
    }
    for name in names:
        # A trigger looks up the dossier of each row, to refuse what was erased: without an index, and in vain here.
        owner.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    for table, name, definition, kind in keys:
        owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        back["" if kind == "f" else table].append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    indexes = owner.execute(
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)",
        [names],
    ).fetchall()
    for table, name, definition in indexes:
        owner.execute(f'DROP INDEX "{name}"')
        back[table].append(definition)
    owner.commit()
    return back


def put_back(url: str, back: dict[str, list[str]], big: Sequence[str]) -> None:
    """This will make constraints and indexes again: those of the ``big`` tables beside those of the others."""
    first = [statement for name in big for statement in back[name]]
    rest = [
        statement for name, statements in back.items() if name and name not in big for statement in statements
    ]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(_run, url, statements) for statements in (first, rest)]:
            done.result()
    _run(url, back[""])


def _run(url: str, statements: Sequence[str]) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET maintenance_work_mem = '512MB'")
        owner.execute("SET work_mem = '256MB'")
        for statement in statements:
            owner.execute(statement)
