"""The sealed files of papers in a backup: copied as they lie, because they are sealed already.

The rows come first, then the files: what a row of the snapshot names was stored before its row was written, and what
is kept is deleted only after its dossier was erased. So each row finds its files, and what came later is left to the
next backup. A file never changes; one that an earlier backup holds becomes one more name of the same bytes there.

In a backup files have other names (an HMAC of the old one): who finds them learns neither which paper a piece belongs
to nor when it came. Where papers lie in a bucket, nothing is copied: the bucket's own versions are their backup.
"""

import hashlib
import hmac
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connections

from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import unwrap
from ruangaman.kernel.keyring import Keyring
from ruangaman.papers import storing

FOLDER = "papers"
ABSENT = -1  # a size that no file has
KEPT = (
    "SELECT p.id, p.pieces, p.pages FROM papers_paper p JOIN access_dossier d ON d.id = p.dossier_id "
    "WHERE p.state = 'kept' AND d.erased_at IS NULL AND p.pieces > 0"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper of which something lies in the storage."""

    id: UUID
    pieces: int
    pages: int

    def names(self) -> list[str]:
        """This will give the names of its files in the storage."""
        return storing.names(self.id, self.pieces, self.pages)


@dataclass(frozen=True, slots=True)
class PutBack:
    """What became of the files of papers at a restore: how many papers are whole, missing something, don't open."""

    whole: int
    incomplete: int
    closed: int


def kept(cursor: Any) -> list[Kept]:
    """This will give the kept papers of the snapshot that ``cursor`` reads."""
    cursor.execute(f"{KEPT} ORDER BY p.id")
    return [Kept(*row) for row in cursor.fetchall()]


def copy(papers: list[Kept], *, to: Path, before: Path | None, ring: Keyring, using: str) -> dict[str, Any]:
    """This will copy what the storage holds of ``papers`` into a backup, and give what its manifest says of them.

    ``before``: the newest backup before this one.

    :raises OSError: where the disk is full.
    """
    storage = storages["papers"]
    if not isinstance(storage, FileSystemStorage):
        return {"where": "elsewhere", "papers": len(papers)}
    files = size = 0
    damaged = []
    for paper in papers:
        for name in paper.names():
            place = _place(name, ring)
            target = to / FOLDER / place
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if (before and _link(before / FOLDER / place, target)) or _copy(storage, name, target):
                files, size = files + 1, size + target.stat().st_size
            # Also of what an earlier backup holds: so each backup finds what the storage has lost since.
            here = _size_of(Path(storage.path(name)))
            if here == ABSENT or here != _size_of(target):
                damaged.append(paper.id)
    # All of them at once: to wait for the disk after each of a hundred thousand files would take hours.
    os.sync()
    return {
        "where": "here",
        "papers": len(papers),
        "files": files,
        "bytes": size,
        "damaged": _still_kept(damaged, using),
    }


def put_back(folder: Path, manifest: dict[str, Any], *, ring: Keyring, using: str) -> PutBack:
    """This will put the files of a backup back into the storage, and see that each kept paper is whole and opens.

    A file that lies there already, unchanged, is left alone. Of each paper the first piece is opened.
    """
    storage = storages["papers"]
    whole = incomplete = closed = 0
    with connections[using].cursor() as cursor:
        papers = kept(cursor) if _has_papers(cursor) else []
    for paper in papers:
        names = paper.names()
        if manifest.get("where") == "here":
            for name in names:
                _put(storage, folder / FOLDER / _place(name, ring), name)
        if not all(storage.exists(name) for name in names):
            incomplete += 1
        elif _opens(paper, ring, using):
            whole += 1
        else:
            closed += 1
    return PutBack(whole, incomplete, closed)


def _place(name: str, ring: Keyring) -> str:
    hidden = hmac.new(ring.derived("backups/papers"), name.encode(), hashlib.sha256).hexdigest()
    return f"{hidden[:2]}/{hidden[2:]}"


def _link(there: Path, target: Path) -> bool:
    try:
        os.link(there, target)
    except FileNotFoundError:
        return False
    except OSError:  # a disk that knows no second names
        shutil.copyfile(there, target)
    return True


def _copy(storage: FileSystemStorage, name: str, target: Path) -> bool:
    try:
        with storage.open(name) as file, _create(target) as out:
            shutil.copyfileobj(file, out)
    except FileNotFoundError:
        return False
    return True


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return ABSENT


def _still_kept(damaged: list[UUID], using: str) -> int:
    """How many papers are not whole, and were not erased while the files were copied."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({KEPT} AND p.id = ANY (%s)) still", [damaged])
        return int(cursor.fetchone()[0])


def _put(storage: Storage, there: Path, name: str) -> None:
    if not there.exists():  # counted by who looks into the storage next
        return
    content = there.read_bytes()
    if not storage.exists(name) or _read(storage, name) != content:
        storage.save(name, ContentFile(content))


def _read(storage: Storage, name: str) -> bytes:
    with storage.open(name) as file:
        content: bytes = file.read()
    return content


def _has_papers(cursor: Any) -> bool:
    cursor.execute("SELECT to_regclass('public.papers_paper') IS NOT NULL")
    return bool(cursor.fetchone()[0])


def _opens(paper: Kept, ring: Keyring, using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT k.id, k.kek_number, k.wrapped FROM papers_paper p JOIN access_datakey k ON k.id = p.key_id "
            "WHERE p.id = %s",
            [paper.id],
        )
        key_id, number, wrapped = cursor.fetchone()
    try:
        storing.read_piece(paper.id, 0, unwrap(key_id, number, bytes(wrapped or b""), ring))
    except Unreadable:  # the file is another's or was altered; or its key has expired with the file of keys
        return False
    return True
