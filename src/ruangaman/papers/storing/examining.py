"""One walk over a file that has come in: what it is, its digest, what the scanner says, and pictures to look at.

What a stranger made is opened in a process of its own (looking.py), never here.
"""

import contextlib
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from uuid import UUID

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key
from ruangaman.papers import storing
from ruangaman.papers.policies import contents
from ruangaman.papers.states import Scan
from ruangaman.papers.storing.scanning import Scanner

SCRIPT = Path(__file__).with_name("looking.py")
SECONDS = 60
AT_ONCE = threading.BoundedSemaphore(
    2
)  # a process takes up to 1.5 GB for a moment: two a web worker, others wait


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found of a file."""

    media_type: str
    digest: str
    pages: int
    scan: Scan


class Child:
    """The process that opens a file. Bytes go in, frames come out; nothing touches the disk."""

    def __init__(self, media_type: str, *, pictures: bool = False, mark: bytes = b"", told: str = "") -> None:
        self.asked = {
            "type": media_type, "pictures": pictures, "copy": bool(told), "mark": len(mark), "told": told
        }  # fmt: skip
        self.mark = mark

    def __enter__(self) -> "Child":
        AT_ONCE.acquire()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-I", str(SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},  # the keyring may stand in ours
            )
        except BaseException:
            AT_ONCE.release()
            raise
        self.clock = threading.Timer(SECONDS, self.process.kill)
        self.clock.start()
        self.feed(json.dumps(self.asked).encode() + b"\n" + self.mark)
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.flush()  # type: ignore[union-attr]  # it loads what it needs meanwhile
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clock.cancel()
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self.process.wait()
        AT_ONCE.release()

    def feed(self, chunk: bytes) -> None:
        """This will send the next bytes; a process that has ended already says why when it is asked."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(chunk)

    def frames(self) -> Iterator[bytes]:
        """This will end the sending and give what comes back, one picture or file after the other.

        :raises Refused: where the file is not kept, or could not be opened within memory and time.
        """
        assert self.process.stdin and self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        while True:
            kind, content = _frame(self.process.stdout)
            if kind == b"E":
                why = json.loads(content).get("refused")
                if why:
                    raise contents.refused(why)
                return
            if kind not in (b"P", b"F"):
                raise contents.refused("heavy")  # it was ended by a limit
            yield content


def _frame(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    head = pipe.read(5)
    length = int.from_bytes(head[1:5], "big")
    content = pipe.read(length) if len(head) == 5 else b""
    return (head[:1], content) if len(head) == 5 and len(content) == length else (b"", b"")


def examine(*, paper_id: UUID, pieces: int, size: int, name: str, key: Key, pictures: bool) -> Seen:
    """This will walk a file once and store the pictures of it, sealed.

    :raises Refused: where it is not a file that is kept.
    :raises Unreadable: where a piece does not open.
    """
    if not pieces:
        raise contents.refused("empty")
    head = storing.read_piece(paper_id, 0, key)
    content = contents.content_of(head, name)
    if content.media_type.endswith(("wav", "webp")):
        contents.check_wave(head, size)
    with Scanner() as scanner, contextlib.ExitStack() as stack:
        child = None
        if content.looked_at:
            child = stack.enter_context(Child(content.media_type, pictures=pictures))
        digest = _walk(paper_id, pieces, size, key, content, (scanner, *([child] if child else [])))
        pages = 0
        if child:
            for number, picture in enumerate(child.frames()):
                storing.write_picture(paper_id, number, picture, key)
                pages = number
        return Seen(content.media_type, digest, pages, scanner.verdict())


def _walk(
    paper_id: UUID, pieces: int, size: int, key: Key, content: contents.Content, watchers: tuple[Any, ...]
) -> str:
    digest, tail, length = hashlib.sha256(), b"", 0
    boxes = contents.Boxes() if content.has_boxes else None
    for chunk in storing.pieces(paper_id, pieces, key):
        digest.update(chunk)
        length += len(chunk)
        tail = (tail + chunk)[-contents.TAIL :]
        if boxes:
            boxes.feed(chunk)
        for watcher in watchers:
            watcher.feed(chunk)
    if length != size:
        raise contents.refused("size")
    if boxes:
        boxes.end()
    if content is not contents.DOCX and contents.ends_as_archive(tail, size):
        raise contents.refused("twofold")
    return digest.hexdigest()


def scan_again(*, paper_id: UUID, pieces: int, key: Key) -> Scan:
    """This will show a kept file to the scanner once more.

    :raises Unreadable: where a piece does not open.
    """
    with Scanner() as scanner:
        for chunk in storing.pieces(paper_id, pieces, key):
            scanner.feed(chunk)
        return scanner.verdict()


def marked(*, paper_id: UUID, pieces: int, key: Key, media_type: str, mark: bytes, told: str) -> bytes:
    """This will make the copy of a picture or a document that says who took it.

    :raises Refused: where no copy can be made.
    :raises Unreadable: where a piece does not open.
    """
    with Child(media_type, mark=mark, told=told) as child:
        for chunk in storing.pieces(paper_id, pieces, key):
            child.feed(chunk)
        for made in child.frames():
            return made
    raise Refused(contents.SENTENCES["heavy"])
