"""The scanner: infected, clean and unscanned are three states, and all of them are shown."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.papers import makings
from tests.papers.test_files import filed, in_pieces, officer, store, the_paper, verbs, whole
from tests.worlds import Filed, World

__all__ = ["filed", "officer", "store"]
JPEG = makings.picture()


class Clamd(threading.Thread):
    """What clamd says to INSTREAM, with one signature: the word VIRUS-REKAAN."""

    def __init__(self, answer: bytes | None = None) -> None:
        super().__init__(daemon=True)
        self.line = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.line.getsockname()[1]}"
        self.answer, self.seen = answer, b""

    def run(self) -> None:
        while True:
            try:
                line, _who = self.line.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                self.seen = b""
                while length := int.from_bytes(said.read(4), "big"):
                    self.seen += said.read(length)
                found = b"stream: Rekaan FOUND\0" if b"VIRUS-REKAAN" in self.seen else b"stream: OK\0"
                line.sendall(self.answer if self.answer is not None else found)


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    scanner = Clamd()
    scanner.start()
    settings.SCANNER = scanner.address
    yield scanner
    scanner.line.close()


def test_the_scanner_sees_every_byte_and_says_clean(
    clamd: Clamd, world: World, filed: Filed, officer: Client
) -> None:
    content = makings.film(700_000)
    in_pieces(officer, filed, content, "a.mp4")
    assert (the_paper(world).scan, clamd.seen) == ("clean", content)
    assert "Bersih" in officer.get(f"/berkas/{filed.reference}/").content.decode()


def test_an_infected_file_stays_sealed(clamd: Clamd, world: World, filed: Filed, officer: Client) -> None:
    whole(officer, filed, JPEG + b"VIRUS-REKAAN", "a.jpg")
    paper = the_paper(world)
    assert paper.scan == "infected"
    page = officer.get(f"/dokumen/{paper.id}/")
    assert "Terinfeksi" in page.content.decode() and page.context["pictures"] == []
    assert officer.post(f"/dokumen/{paper.id}/unduh/").status_code == 409
    assert officer.get(f"/dokumen/{paper.id}/gambar/1/").status_code == 404
    assert officer.get(f"/dokumen/{filed.reference}/").context["rows"][0]["thumbnail"] == ""
    assert "paper_downloaded" not in verbs(world) and "paper_looked_at" not in verbs(world)


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"nonsense"])
def test_a_scanner_that_says_nothing_of_use_leaves_a_file_unscanned(
    answer: bytes, settings: Any, world: World, filed: Filed, officer: Client
) -> None:
    scanner = Clamd(answer)
    scanner.start()
    settings.SCANNER = scanner.address
    whole(officer, filed, JPEG, "a.jpg")
    scanner.line.close()
    assert the_paper(world).scan == "unscanned"


def test_a_file_that_came_while_the_scanner_was_away_is_scanned_later(
    settings: Any, world: World, filed: Filed, officer: Client
) -> None:
    settings.SCANNER = "127.0.0.1:1"
    whole(officer, filed, JPEG + b"VIRUS-REKAAN", "a.jpg")
    paper = the_paper(world)
    assert paper.scan == "unscanned"
    scanner = Clamd()
    scanner.start()
    settings.SCANNER = scanner.address
    assert "Pindai lagi" in officer.get(f"/dokumen/{paper.id}/").content.decode()
    assert officer.post(f"/dokumen/{paper.id}/pindai/").status_code == 302
    scanner.line.close()
    assert the_paper(world).scan == "infected"
    settings.SCANNER = "127.0.0.1:1"
    answer = officer.post(f"/dokumen/{paper.id}/pindai/")
    assert answer.status_code == 409 and "Pemindai tidak menjawab" in answer.content.decode()
    assert the_paper(world).scan == "infected", "what was found stays found"
