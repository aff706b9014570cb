"""A file that is sealed while it is written: nothing of a backup ever lies on disk in the clear.

What goes in is compressed, cut into pieces of 1 MiB, and each piece sealed (AES-256-GCM), bound to the file's name, its
number, and whether it is the last: a piece that was altered, moved, left out or taken from another file does not
open, and neither does a file that was cut off.
"""

import hashlib
import zlib
from collections.abc import Generator, Iterator
from types import TracebackType
from typing import BinaryIO

from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import open_under, seal_under

PIECE = 1024 * 1024
LENGTH = 4  # bytes that say how long a sealed piece, or a frame, is


class SealedWriter:
    """Writes frames (texts of bytes, an empty one ends a part) into a sealed file."""

    def __init__(self, file: BinaryIO, key: bytes, name: str) -> None:
        self._file, self._key, self._name = file, key, name
        self._packer, self._hash = zlib.compressobj(1), hashlib.sha256()
        self._waiting, self._number = bytearray(), 0
        self.size = 0

    def frame(self, content: bytes) -> None:
        """This will add one frame."""
        self._pack(len(content).to_bytes(LENGTH, "big"))
        self._pack(content)

    def _pack(self, content: bytes) -> None:
        self._gather(self._packer.compress(content))

    def _gather(self, packed: bytes) -> None:
        self._waiting += packed
        while len(self._waiting) > PIECE:
            self._write(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def _write(self, piece: bytes, last: bool) -> None:
        sealed = seal_under(self._key, piece, place(self._name, self._number, last))
        out = len(sealed).to_bytes(LENGTH, "big") + sealed
        self._file.write(out)
        self._hash.update(out)
        self._number += 1
        self.size += len(out)

    def finish(self) -> str:
        """This will seal the last piece and give the file's SHA-256."""
        self._gather(self._packer.flush())
        self._write(bytes(self._waiting), last=True)
        return self._hash.hexdigest()


class SealedReader:
    """Reads the frames of a sealed file, in order."""

    def __init__(self, file: BinaryIO, key: bytes, name: str) -> None:
        self._pieces = _pieces(file, key, name)
        self._unpacker = zlib.decompressobj()
        self._waiting = bytearray()

    def __enter__(self) -> "SealedReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pieces.close()

    def frame(self) -> bytes:
        """This will give the next frame.

        :raises Unreadable: where the file was altered or cut off, or sealed under another key.
        """
        return self._take(int.from_bytes(self._take(LENGTH), "big"))

    def part(self) -> Iterator[bytes]:
        """This will give frames up to the next empty one."""
        while content := self.frame():
            yield content

    def _take(self, size: int) -> bytes:
        while len(self._waiting) < size:
            piece = next(self._pieces, None)
            if piece is None:
                raise Unreadable("a sealed file ends before its time")
            self._waiting += self._unpacker.decompress(piece)
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken


def place(name: str, number: int, last: bool) -> str:
    """This will name the place of one piece, to which it is bound."""
    return f"file|{name}|{number}|{'last' if last else 'more'}"


def _pieces(file: BinaryIO, key: bytes, name: str) -> Generator[bytes, None, None]:
    number, head = 0, file.read(LENGTH)
    while head:
        sealed = file.read(int.from_bytes(head, "big"))
        head = file.read(LENGTH)
        yield open_under(key, sealed, place(name, number, last=not head))
        number += 1
