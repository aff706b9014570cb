"""Backups: two sealed files from one moment, the files of papers, and a manifest that says what they are.

``data-…``  everything, except what only removal can erase: kept as long as one likes
``keys-…``  wrapped keys, the way back by a code, blind tokens: expires after the delay of erasure
``papers/`` the sealed pieces of papers as they lie in the storage (papers_kept.py); they open with those keys alone

So an erasure comes true in the backups too, when the file of keys expires and the root that wrapped them is retired.
Written by COPY from one connection in one snapshot: no program of PostgreSQL has to be there in the right version,
and what comes back brings rows only, never a function or a policy. Source: security.md 10 and 19; ADR-0006.
"""

import fcntl
import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import connections, transaction
from psycopg import sql

from ruangaman.config import papers_kept
from ruangaman.config.sealed_file import SealedWriter
from ruangaman.kernel import destructions
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.kernel.keyring import Keyring, derive
from ruangaman.ledger.sealing import checkpoint

FORMAT = 1
MANIFEST = "manifest.json"
STAMP = "%Y%m%dT%H%M%S%fZ"
PARTIAL = ".partial"
# What an erasure empties or deletes instead of destroying its key: it goes into the file that expires. Columns, or
# the whole table. A test compares this with policy/data.yaml.
EXPIRING: dict[str, tuple[str, ...]] = {
    "access_datakey": ("wrapped",),
    "intake_thread": ("locator", "code_wrap"),
    "intake_clientthread": ("locator", "code_wrap"),
    "intake_delivery": ("number_hash", "content_hash", "receipt"),
    "people_nametoken": (),
    "papers_letter": ("genuine_hash",),
    "agenda_booking": ("spot",),
    "agenda_presence": ("spot",),
}
# What is not in a backup, and why.
LEFT_OUT = {
    "django_migrations": "stands in the manifest, and a restore walks the same way",
    "access_matrixcell": "written from policy/matrix.yaml at the end of a restore",
    "access_session": "everybody signs in again after a restore",
    "intake_draft": "half an hour is promised to who writes, and a backup lasts longer",
    "intake_draftfile": "goes with its draft",
    "intake_calldraft": "half a day, for one officer, and a backup lasts longer",
    "kernel_cache": "counts of attempts, of this hour only",
}


def backup(
    *, to: Path, keep: int, delay_days: int, keys: Path, ring: Keyring, at: datetime, using: str
) -> Path:
    """This will write a backup into a folder of its own under ``to`` and give that folder; what has expired goes.

    The newest ``keep`` backups stay; files of keys that are older than ``delay_days`` do not.

    :raises Refused: where another backup is being written there.
    """
    with _alone(to):
        for left in to.glob(f"*{PARTIAL}"):  # of a backup that was killed
            shutil.rmtree(left)
        stamp = at.astimezone(UTC).strftime(STAMP)
        draft = to / (stamp + PARTIAL)
        draft.mkdir(mode=0o700)
        try:
            before = max(folders(to), default=None)
            _write(draft, stamp, before, delay_days, keys, ring, at, using)
            draft.rename(to / stamp)
            _sync(to)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        expire(to=to, keep=keep, delay_days=delay_days, at=at)
    return to / stamp


def expire(*, to: Path, keep: int, delay_days: int, at: datetime) -> None:
    """This will delete files of keys older than the delay of erasure, and all backups but the newest ``keep``."""
    found = folders(to)
    for folder in found[:-keep]:
        shutil.rmtree(folder)
    for folder in found[-keep:]:
        taken = datetime.strptime(folder.name, STAMP).replace(tzinfo=UTC)
        if at - taken > timedelta(days=delay_days):
            for file in folder.glob("keys-*"):
                file.unlink()


def folders(to: Path) -> list[Path]:
    """This will give the backups in a folder, oldest first."""
    return sorted(path.parent for path in to.glob(f"*Z/{MANIFEST}"))


def key_of(ring: Keyring, backup_id: UUID) -> bytes:
    """This will give the key that one backup is sealed under (32 bytes)."""
    return derive(ring.derived("backups"), str(backup_id))


def authentication_code(manifest: dict[str, Any], ring: Keyring) -> str:
    """This will give the code that shows that a manifest is ours and whole."""
    text = json.dumps({name: value for name, value in manifest.items() if name != "mac"}, sort_keys=True)
    return hmac.new(ring.derived("backups/manifest"), text.encode(), hashlib.sha256).hexdigest()


def _write(
    folder: Path,
    stamp: str,
    before: Path | None,
    delay_days: int,
    keys: Path,
    ring: Keyring,
    at: datetime,
    using: str,
) -> None:
    backup_id = new_id()
    names = {"data": f"data-{stamp}.sealed", "keys": f"keys-{stamp}.sealed"}
    with ExitStack() as held:
        files = {part: held.enter_context(_create(folder / name)) for part, name in names.items()}
        writers = {part: SealedWriter(files[part], key_of(ring, backup_id), names[part]) for part in names}
        state, papers = _copy_all(writers, using)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "id": str(backup_id),
            "taken_at": at.isoformat(),
            **state,
        }
        manifest["keys_expire_on"] = (at + timedelta(days=delay_days)).date().isoformat()
        manifest["files"] = {}
        for part, writer in writers.items():
            writer.frame(b"")
            digest = writer.finish()
            manifest["files"][part] = {"name": names[part], "sha256": digest, "bytes": writer.size}
            _settle(files[part])
    manifest["papers"] = papers_kept.copy(papers, to=folder, before=before, ring=ring, using=using)
    record = keys / destructions.FILE_NAME
    if record.exists():
        with _create(folder / destructions.FILE_NAME) as file:
            file.write(record.read_bytes())
            _settle(file)
    with _create(folder / MANIFEST) as file:
        manifest["mac"] = authentication_code(manifest, ring)
        file.write(json.dumps(manifest, indent=1).encode())
        _settle(file)


def _copy_all(writers: dict[str, SealedWriter], using: str) -> tuple[dict[str, Any], list[papers_kept.Kept]]:
    """Both files, what the manifest says and the list of papers are of one moment: one transaction, one snapshot."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in tables(cursor):
            all_of = columns(cursor, table)
            apart = EXPIRING.get(table)
            if apart == ():
                _copy(cursor, writers["keys"], table, all_of)
                continue
            if apart:
                _copy(cursor, writers["keys"], table, ["id", *apart])
            _copy(cursor, writers["data"], table, [name for name in all_of if name not in (apart or ())])
        return _state(cursor, using), papers_kept.kept(cursor)


def _state(cursor: Any, using: str) -> dict[str, Any]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    migrations = [list(row) for row in cursor.fetchall()]
    cursor.execute("SELECT DISTINCT kek_number FROM access_datakey WHERE wrapped IS NOT NULL ORDER BY 1")
    roots = [row[0] for row in cursor.fetchall()]
    cursor.execute("SELECT door.epoch(), (SELECT count(*) FROM access_destruction), version()")
    epoch, destroyed, server = cursor.fetchone()
    return {
        "version": version("ruangaman"),
        "server": server,
        "migrations": migrations,
        "epoch": epoch,
        "roots": roots,
        "destructions": destroyed,
        "checkpoint": checkpoint(using=using),
    }


def _copy(cursor: Any, writer: SealedWriter, table: str, names: Sequence[str]) -> None:
    writer.frame(json.dumps({"table": table, "columns": list(names)}).encode())
    with cursor.copy(sql.SQL("COPY {} ({}) TO STDOUT").format(qualified(table), listed(names))) as rows:
        for block in rows:
            writer.frame(bytes(block))
    writer.frame(b"")


def tables(cursor: Any) -> list[str]:
    """This will give the tables of a backup, those that others refer to first. ``door.`` stands before its own one."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    order: TopologicalSorter[str] = TopologicalSorter({row[0]: () for row in cursor.fetchall()})
    cursor.execute(
        "SELECT a.relname, b.relname FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid "
        "JOIN pg_class b ON b.oid = c.confrelid WHERE c.contype = 'f' AND c.conrelid <> c.confrelid"
    )
    for table, referred in cursor.fetchall():
        order.add(table, referred)
    return ["door.ledger_epoch", *(name for name in order.static_order() if name not in LEFT_OUT)]


def columns(cursor: Any, table: str) -> list[str]:
    """This will give the columns that hold something of their own."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]


def qualified(table: str) -> sql.Composable:
    """This will quote a table's name."""
    return sql.Identifier(*table.split(".")) if "." in table else sql.Identifier("public", table)


def listed(names: Sequence[str]) -> sql.Composable:
    """This will quote columns' names."""
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(to / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Refused(f"Another backup is being written into {to}.") from None
    finally:
        os.close(handle)
