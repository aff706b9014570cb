"""Where sealed pieces lie: a folder of our own, or any other storage that Django knows.

A file lies under its paper's id, in pieces of ``PIECE`` bytes. Each is sealed under a key that is derived from the
data key of its section and the paper's id, and bound to the paper and to its place: a piece that was cut, exchanged
with another or taken from another file does not open. Once the data key is destroyed, none opens, in no backup either.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, open_under, seal_under
from ruangaman.kernel.keyring import derive_once
from ruangaman.papers.policies.files import PIECE as PIECE


class Folder(FileSystemStorage):
    """A folder whose files are on the disk, names too, before anybody is told that they were received."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = Path(self.path(name))
        _make_folder(path.parent)
        # Under another name first: a power cut leaves the piece that was there, or the new one, and never half of it.
        draft = path.with_name(path.name + ".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
        _keep_names(path.parent)
        return name


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _keep_names(folder.parent)


def _keep_names(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_piece(paper_id: UUID, index: int, plain: bytes, key: Key) -> None:
    """This will seal one piece of a file and store it; once it returns, the piece is on the disk."""
    _write(paper_id, str(index), plain, key)


def read_piece(paper_id: UUID, index: int, key: Key) -> bytes:
    """This will open one piece of a file.

    :raises Unreadable: where it is missing, was altered or exchanged, or its key is another.
    """
    return _read(paper_id, str(index), key)


def pieces(paper_id: UUID, count: int, key: Key) -> Iterator[bytes]:
    """This will open the pieces of a file one after the other.

    :raises Unreadable: at the first one that does not open.
    """
    return (read_piece(paper_id, index, key) for index in range(count))


def write_picture(paper_id: UUID, page: int, plain: bytes, key: Key) -> None:
    """This will seal and store what may be looked at of a file: the thumbnail (page 0) or one of its pages."""
    _write(paper_id, f"picture-{page}", plain, key)


def read_picture(paper_id: UUID, page: int, key: Key) -> bytes:
    """This will open the thumbnail (page 0) or one of the pages that may be looked at.

    :raises Unreadable: where it is missing, was altered or exchanged, or its key is another.
    """
    return _read(paper_id, f"picture-{page}", key)


def names(paper_id: UUID, count: int, pages: int) -> list[str]:
    """This will give the names under which all of a kept paper lies in the storage: its pieces, then its pictures."""
    parts = [*map(str, range(count)), *(f"picture-{page}" for page in range(pages + 1 if pages else 0))]
    return [f"{_folder(paper_id)}/{part}" for part in parts]


def forget(paper_id: UUID) -> None:
    """This will delete what lies in the storage of a paper: pieces, pictures, what a crash left half written."""
    storage, folder = _storage(), _folder(paper_id)
    try:
        _folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        storage.delete(f"{folder}/{name}")
    storage.delete(folder)


def _storage() -> Storage:
    return storages["papers"]


def _folder(paper_id: UUID) -> str:
    # Ids begin with the hour in which they were made; their ends are spread evenly.
    return f"{paper_id.hex[-2:]}/{paper_id.hex[-4:-2]}/{paper_id.hex}"


def _sealing(paper_id: UUID, part: str, key: Key) -> tuple[bytes, str]:
    # Not remembered anywhere: a key of a dossier that is erased must be gone from memory too.
    return derive_once(key.secret, f"paper/{paper_id}"), f"paper|{paper_id}|{part}|{key.id}"


def _write(paper_id: UUID, part: str, plain: bytes, key: Key) -> None:
    secret, place = _sealing(paper_id, part, key)
    _storage().save(f"{_folder(paper_id)}/{part}", ContentFile(seal_under(secret, plain, place)))


def _read(paper_id: UUID, part: str, key: Key) -> bytes:
    secret, place = _sealing(paper_id, part, key)
    try:
        with _storage().open(f"{_folder(paper_id)}/{part}") as file:
            sealed: Any = file.read()
    except FileNotFoundError:
        raise Unreadable("a piece of a file is missing from the storage") from None
    return open_under(secret, sealed, place)
