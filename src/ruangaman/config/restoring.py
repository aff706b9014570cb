"""Restoring a backup into an empty database, and destroying again what was destroyed since, before the door opens.

The door stays shut until the end: the database checks tickets with a key that only ``install`` gives it, as the last
step. What stops half-way leaves a database that answers nobody. Source: security.md 10; ADR-0006.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from ruangaman.access import erasure
from ruangaman.config import papers_kept
from ruangaman.config.backup import (
    EXPIRING,
    FORMAT,
    LEFT_OUT,
    MANIFEST,
    authentication_code,
    columns,
    key_of,
    listed,
    qualified,
    tables,
)
from ruangaman.config.installing import install
from ruangaman.config.sealed_file import SealedReader
from ruangaman.kernel import destructions
from ruangaman.kernel.destructions import Destroyed, RecordAltered
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.keyring import Keyring
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb

Say = Callable[[str], None]
# Where one of these has a row, somebody has worked here, or its door is open.
USED = (
    "access_user",
    "access_organisation",
    "access_dossier",
    "ledger_entry",
    "ledger_seal",
    "access_destruction",
    "door.ticket_key",
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: rows loaded, erasures done again, whether sealed values open, roots that are missing, and
    what became of the files of papers.
    """

    rows: int
    erased_again: int
    opens: bool
    missing_roots: tuple[int, ...]
    papers: papers_kept.PutBack


def restore(*, folder: Path, keys: Path, ring: Keyring, at: datetime, using: str, say: Say) -> Restored:
    """This will bring a backup into the empty database ``using``, in a new epoch of the ledger.

    :raises Refused: where the database is not empty, the backup is altered or of a newer version.
    :raises RecordAltered: where the record of destructions was altered: what to erase again would not be known.
    :raises Unreadable: where a file is not what this keyring sealed.
    """
    manifest = read_manifest(folder, ring)
    files = _check_files(folder, manifest)
    _check_empty(using)
    recorded = _recorded_outside(folder, keys, ring, say)
    # At once, so that also after a crash in what follows the next start finds what to erase again.
    destructions.append(keys, ring, *_merged(recorded))
    missing = tuple(number for number in manifest["roots"] if number not in ring.roots)
    say(f"Making the tables of version {manifest['version']} …")
    _migrate(manifest["migrations"], using)
    say(f"Loading what was there on {manifest['taken_at']} …")
    backup_id = UUID(manifest["id"])
    with transaction.atomic(using=using):
        rows = _load(files, key_of(ring, backup_id), using)
        with connections[using].cursor() as cursor:
            # The numbers of transactions begin anew here: the ledger goes on in another epoch.
            cursor.execute(
                "INSERT INTO door.ledger_epoch (number, reason) "
                "SELECT max(number) + 1, 'restored' FROM door.ledger_epoch"
            )
        record(Verb.RESTORED, at=at, kind=ActorKind.OWNER, objects=[backup_id], using=using)
    everywhere = _merged([*recorded, *erasure.recorded_in_database(using=using)])
    erased_again = erasure.replay(recorded=everywhere, at=at, using=using)
    destructions.append(keys, ring, *everywhere)
    say("Putting back the files of papers …")
    papers = papers_kept.put_back(folder, manifest.get("papers", {}), ring=ring, using=using)
    install(using=using, verbosity=0)
    with connections[using].cursor() as cursor:
        cursor.execute("ANALYZE")
    return Restored(rows, erased_again, "keys" in files and not missing, missing, papers)


def read_manifest(folder: Path, ring: Keyring) -> dict[str, Any]:
    """This will read what a backup says of itself.

    :raises Refused: where there is no backup, or its manifest was altered or is another installation's.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        if manifest["mac"] != authentication_code(manifest, ring):
            raise ValueError
        number = manifest["format"]
    except FileNotFoundError:
        raise Refused(f"There is no backup in {folder}: it has no {MANIFEST}.") from None
    except (ValueError, KeyError, TypeError):
        raise Refused(
            f"{folder / MANIFEST} was altered, or belongs to another keyring than the one in RUANGAMAN_KEYS."
        ) from None
    if number != FORMAT:
        raise Refused(
            f"This backup has format {number}; this version reads format {FORMAT}. Install its version."
        )
    return manifest


def _check_files(folder: Path, manifest: dict[str, Any]) -> dict[str, Path]:
    found = {}
    for part, said in manifest["files"].items():
        path = folder / said["name"]
        if not path.exists():
            if part == "keys":
                continue  # it has expired, or will be said so
            raise Refused(f"{path} is missing. Without it there is nothing to restore.")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != said["sha256"]:
                raise Refused(f"{path} was altered or is damaged. Take another copy of this backup.")
        found[part] = path
    return found


def _check_empty(using: str) -> None:
    """A restore that was stopped before it loaded anything left tables without rows: it may simply be run again."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass(name) IS NOT NULL FROM unnest(%s::text[]) WITH ORDINALITY AS t (name, number) "
            "ORDER BY number",
            [list(USED)],
        )
        there = [table for table, (made,) in zip(USED, cursor.fetchall(), strict=True) if made]
        if there:
            cursor.execute(" UNION ALL ".join(f"(SELECT 1 FROM {table} LIMIT 1)" for table in there))
            used = cursor.fetchone() is not None
        else:
            cursor.execute(
                "SELECT count(*) > 0 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg_%%' AND n.nspname <> 'information_schema'"
            )
            (used,) = cursor.fetchone()
        if used:
            raise Refused(
                "The database is not empty. A restore never writes over one: make an empty database and name it with "
                "--into, or set the embedded one aside (move RUANGAMAN_VAR/postgres and postgres.json away)."
            )


def _recorded_outside(folder: Path, keys: Path, ring: Keyring, say: Say) -> list[Destroyed]:
    """The record of this machine and of this backup must be whole; other backups' records only add to them."""
    name = destructions.FILE_NAME
    found = [*destructions.read(keys / name, ring), *destructions.read(folder / name, ring)]
    for path in sorted(folder.resolve().parent.glob(f"*/{name}")):
        try:
            found += destructions.read(path, ring)
        except RecordAltered as altered:
            say(f"WARNING: {altered}")
    return found


def _merged(found: Iterable[Destroyed]) -> list[Destroyed]:
    first: dict[UUID, Destroyed] = {}
    for line in found:
        first.setdefault(line.dossier, line)
    return sorted(first.values(), key=lambda line: line.at)


def _migrate(recorded: list[list[str]], using: str) -> None:
    """Walk exactly as far as the backed-up database had come; ``install`` goes the rest of the way at the end."""
    executor = MigrationExecutor(connections[using])
    wanted = {(app, name) for app, name in recorded}
    unknown = sorted(wanted - set(executor.loader.graph.nodes))
    if unknown:
        raise Refused(
            f"This backup is of a newer version: it knows {unknown[0][0]}.{unknown[0][1]}, which this one does not. "
            f"Install that version, then restore."
        )
    followed = {
        parent.key
        for node in wanted
        for parent in executor.loader.graph.node_map[node].parents
        if parent.key[0] == node[0]
    }
    executor.migrate(sorted(wanted - followed))


def _load(files: dict[str, Path], key: bytes, using: str) -> int:
    rows = 0
    with connections[using].cursor() as cursor:
        every = tables(cursor)
        # Triggers guard against additions by people, and rows were guarded when they came; references are checked at
        # the end, because the keys come first.
        for table in every:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(qualified(table)))
        # What migrations put there themselves comes from the backup.
        emptied = [*every, *(table for table in LEFT_OUT if table != "django_migrations")]
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(qualified, emptied))))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, apart in EXPIRING.items():
            if apart:
                _make_apart(cursor, table, apart)
        for part in ("keys", "data"):
            if part in files:
                with files[part].open("rb") as file, SealedReader(file, key, files[part].name) as reader:
                    rows += _load_part(cursor, reader, part)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in every:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(qualified(table)))
        _set_sequences(cursor)
    return rows


def _make_apart(cursor: Any, table: str, apart: tuple[str, ...]) -> None:
    """Tables of this transaction, where the two halves of a row meet."""
    others = [name for name in columns(cursor, table) if name not in apart]
    for half, names in (("keys", ("id", *apart)), ("data", tuple(others))):
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                sql.Identifier(f"{half}_of_{table}"), listed(names), qualified(table)
            )
        )


def _load_part(cursor: Any, reader: SealedReader, half: str) -> int:
    rows = 0
    while head := reader.frame():
        told = json.loads(head)
        table, names, apart = told["table"], told["columns"], EXPIRING.get(told["table"], ())
        target = sql.Identifier(f"{half}_of_{table}") if apart else qualified(table)
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, listed(names))) as copying:
            for block in reader.part():
                copying.write(block)
        rows += cursor.rowcount
        if apart and half == "data":
            _join(cursor, table, names, apart)
    return rows


def _join(cursor: Any, table: str, names: list[str], apart: tuple[str, ...]) -> None:
    told: dict[str, sql.Composable] = {name: sql.SQL("d.{}").format(sql.Identifier(name)) for name in names}
    told |= {name: sql.SQL("k.{}").format(sql.Identifier(name)) for name in apart}
    if table == "access_datakey":
        # Without its wrapped half a key is gone, and the row says so.
        told["destroyed_at"] = sql.SQL("CASE WHEN k.wrapped IS NULL THEN coalesce(d.destroyed_at, now()) END")
    cursor.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} d LEFT JOIN {} k USING (id)").format(
            qualified(table),
            listed(list(told)),
            sql.SQL(", ").join(told.values()),
            sql.Identifier(f"data_of_{table}"),
            sql.Identifier(f"keys_of_{table}"),
        )
    )


def _set_sequences(cursor: Any) -> None:
    cursor.execute(
        "SELECT s.relname, t.relname, a.attname FROM pg_class s "
        "JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') "
        "JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid "
        "WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace"
    )
    for sequence, table, column in cursor.fetchall():
        cursor.execute(
            sql.SQL("SELECT setval({}, coalesce(max({}), 1), max({}) IS NOT NULL) FROM {}").format(
                sql.Literal(f"public.{sequence}"),
                sql.Identifier(column),
                sql.Identifier(column),
                qualified(table),
            )
        )
