"""Bad files: a clear sentence, nothing kept, and nothing lost that was there."""

import io
import os
import random
import socket
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import new_key
from ruangaman.kernel.ids import new_id
from ruangaman.papers import storing
from ruangaman.papers.models import Paper
from ruangaman.papers.policies import contents
from ruangaman.papers.storing import examining
from ruangaman.papers.storing.examining import Child
from tests.papers import makings
from tests.papers.test_files import (
    ABOUT,
    filed,
    in_pieces,
    officer,
    store,
    the_paper,
    verbs,
    whole,
)
from tests.worlds import Filed, World, acting

__all__ = ["filed", "officer", "store"]

JPEG, PDF = makings.picture(), makings.pdf()
BOMB = makings.word(word__media__a_dot_xml=b"\0" * 60_000_000)


def encrypted() -> bytes:
    return makings.pdf_with(lambda writer: writer.encrypt("rahasia", algorithm="RC4-128"))


def carries() -> bytes:
    return makings.pdf_with(lambda writer: writer.add_attachment("a.exe", b"MZ"))


def scripted() -> bytes:
    return makings.pdf_that_acts("/JavaScript")


def animated_bomb() -> bytes:
    """A PNG whose text alone would fill a gigabyte."""
    text = b"zTXt" + b"a\0\0" + zlib.compress(b"\0" * 300_000_000)
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    png = makings.picture("PNG", (40, 40))
    return png[:33] + chunk + png[33:]


BAD: dict[str, tuple[Any, str, str]] = {
    "nothing": (b"", "a.jpg", "empty"),
    "a program": (b"MZ\x90\0" + b"\0" * 400, "a.pdf", "program"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "a.txt", "program"),
    "an archive": (makings.archive, "a.zip", "archive"),
    "an archive that is called a Word document": (makings.archive, "a.docx", "archive"),
    "a gzip bomb": (b"\x1f\x8b\x08\0" + b"\0" * 500, "a.gz", "archive"),
    "SVG with script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "a.svg", "page"),
    "SVG called a photo": (b"\xef\xbb\xbf <?xml version='1.0'?><svg onload='a()'/>", "a.jpg", "page"),
    "a page": (b"<!DOCTYPE html><body onload=alert(1)>", "a.html", "page"),
    "a photo of an iPhone": (b"\0\0\0\x18ftypheic" + b"\0" * 200, "a.heic", "heic"),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "office"),
    "plain text": (b"halo, ini teks biasa", "a.txt", "unknown"),
    "a PDF called a photo": (PDF, "a.jpg", "name"),
    "a photo called a program": (JPEG, "a.exe", "name"),
    "a photo with an archive behind it": (lambda: JPEG + makings.archive(), "a.jpg", "twofold"),
    "a photo with a page behind it": (JPEG + b"<html><script>1</script></html>", "a.jpg", "twofold"),
    "a photo with a program behind it": (JPEG + b"MZ\x90\0" + b"\0" * 100, "a.jpg", "twofold"),
    "a PNG with a PDF behind it": (lambda: makings.picture("PNG") + PDF, "a.png", "twofold"),
    "a photo whose comment is a page": (
        lambda: makings.picture(comment=b"<html><script>alert(1)</script></html>"),
        "a.jpg",
        "twofold",
    ),
    "a sound that is a PDF as well": (lambda: makings.sound()[:44] + PDF, "a.wav", "twofold"),
    "a PDF with an archive behind it": (lambda: PDF + makings.archive(), "a.pdf", "twofold"),
    "a film with an archive behind it": (lambda: makings.film() + makings.archive(), "a.mp4", "twofold"),
    "a photo that was cut off": (JPEG[: len(JPEG) // 2], "a.jpg", "cut"),
    "a photo without its last bytes": (JPEG[:-2], "a.jpg", "cut"),
    "a PNG that was cut off": (lambda: makings.picture("PNG")[:-500], "a.png", "cut"),
    "a WebP that was cut off": (lambda: makings.picture("WEBP")[:-500], "a.webp", "cut"),
    "a PDF that was cut off": (PDF[: len(PDF) // 2], "a.pdf", "cut"),
    "a Word document that was cut off": (lambda: makings.word()[:-3000], "a.docx", "cut"),
    "a film that was cut off": (lambda: makings.film()[:-5000], "a.mp4", "cut"),
    "a sound that was cut off": (lambda: makings.sound()[:-5000], "a.wav", "cut"),
    "a picture of 50,000 × 50,000": (makings.huge_png, "a.png", "pixels"),
    "a picture that is one line": (lambda: makings.huge_png(60_000, 1), "a.png", "pixels"),
    "a picture that says it has no pixels": (lambda: makings.huge_png(0, 0), "a.png", "broken"),
    "a PNG with a bomb in its text": (animated_bomb, "a.png", "broken"),
    "a PDF with a script": (scripted, "a.pdf", "script"),
    "a PDF that launches": (lambda: makings.pdf_that_acts("/Launch"), "a.pdf", "script"),
    "a PDF with a script that is packed": (lambda: makings.pdf_that_hides_a_script(), "a.pdf", "script"),
    "a PDF that carries a program": (carries, "a.pdf", "attached"),
    "a PDF with a password": (encrypted, "a.pdf", "locked"),
    "a PDF of nothing": (b"%PDF-1.7\nstartxref\n0\n%%EOF\n", "a.pdf", "broken"),
    "a Word document with macros": (
        lambda: makings.word(word__vbaProject_dot_bin=b"\xd0\xcf"),
        "a.docx",
        "macro",
    ),
    "a Word document that fetches its template": (
        lambda: makings.word(
            word___rels__settings_dot_xml_dot_rels=b'<Relationships><Relationship Type="x/attachedTemplate" '
            b'Target="http://a.example/t.dotm" TargetMode="External"/></Relationships>'
        ),
        "a.docx",
        "macro",
    ),
    "a Word document that is a bomb": (BOMB, "a.docx", "bomb"),
}


@pytest.mark.parametrize("what", list(BAD))
def test_a_bad_file_is_refused_with_a_sentence_and_nothing_of_it_stays(
    what: str, world: World, filed: Filed, officer: Client, store: Path
) -> None:
    made, name, why = BAD[what]
    content = made() if callable(made) else made
    answer = whole(officer, filed, content, name)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert str(contents.SENTENCES[why]).split(":")[0] in page.replace("&amp;", "&"), [
        str(code) for code, sentence in contents.SENTENCES.items() if str(sentence) in page
    ]
    assert not Paper.objects.using("owner").exists()
    assert not [path for path in store.rglob("*") if path.is_file()]
    assert "paper_added" not in verbs(world)


GOOD: dict[str, tuple[Any, str, str]] = {
    "a photo": (JPEG, "a.JPG", "image/jpeg"),
    "a photo with a film behind it, as telephones make": (
        lambda: JPEG + makings.film(9000),
        "a.jpg",
        "image/jpeg",
    ),
    "a grey photo": (lambda: _gray("JPEG"), "a.jpeg", "image/jpeg"),
    "a photo for print": (lambda: _cmyk(), "a.jpg", "image/jpeg"),
    "a progressive photo": (lambda: makings.picture(progressive=True), "a.jpg", "image/jpeg"),
    "a see-through PNG": (lambda: _alpha("PNG"), "a.png", "image/png"),
    "a PNG of few colours": (lambda: _palette(), "a.png", "image/png"),
    "a PNG of sixteen bits": (lambda: _sixteen(), "a.png", "image/png"),
    "a WebP": (lambda: makings.picture("WEBP"), "a.webp", "image/webp"),
    "a PDF": (PDF, "a.pdf", "application/pdf"),
    "a PDF/A": (lambda: _pdf_a(), "a.pdf", "application/pdf"),
    "a Word document": (makings.word, "a.docx", contents.DOCX.media_type),
    "a sound (WAV)": (makings.sound, "a.wav", "audio/wav"),
    "a sound (MP3)": (makings.mp3, "a.mp3", "audio/mpeg"),
    "a sound (MP3 with a title)": (
        lambda: b"ID3\4\0\0\0\0\2\1" + b"\0" * 257 + makings.mp3(),
        "a.mp3",
        "audio/mpeg",
    ),
    "a sound (OGG)": (b"OggS\0\2" + b"\0" * 900, "a.opus", "audio/ogg"),
    "a sound (AMR)": (b"#!AMR\n" + b"\x3c" * 900, "a.amr", "audio/amr"),
    "a sound (M4A)": (lambda: makings.film(9000, b"M4A "), "a.m4a", "audio/mp4"),
    "a film (MP4)": (makings.film, "a.mp4", "video/mp4"),
    "a film (3GP)": (lambda: makings.film(9000, b"3gp5"), "a.3gp", "video/3gpp"),
    "a film (WebM)": (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\0" * 900, "a.webm", "video/webm"),
    "a name without an extension": (JPEG, "foto pintu", "image/jpeg"),
}


def _written(image: Image.Image, form: str, **more: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, form, **more)
    return made.getvalue()


def _gray(form: str) -> bytes:
    return _written(Image.effect_noise((300, 200), 60), form)


def _cmyk() -> bytes:
    return _written(Image.effect_noise((300, 200), 60).convert("CMYK"), "JPEG")


def _alpha(form: str) -> bytes:
    image = Image.effect_noise((300, 200), 60).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((300, 200)))
    return _written(image, form)


def _palette() -> bytes:
    return _written(Image.effect_noise((300, 200), 60).quantize(16), "PNG", transparency=3)


def _sixteen() -> bytes:
    image = Image.frombytes("I;16", (64, 64), b"".join(struct.pack("<H", n * 16) for n in range(4096)))
    return _written(image, "PNG")


def _pdf_a() -> bytes:
    import typst

    source = b'#set document(title: "A", date: datetime(year: 2026, month: 11, day: 23))\n= A'
    made = typst.compile(source, format="pdf", pdf_standards=["a-2b"])
    assert isinstance(made, bytes)
    return made


@pytest.mark.parametrize("what", list(GOOD))
def test_what_telephones_and_offices_make_is_taken_in_looked_at_and_copied(
    what: str, world: World, filed: Filed, officer: Client
) -> None:
    made, name, media_type = GOOD[what]
    answer = whole(officer, filed, made() if callable(made) else made, name)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    paper = the_paper(world)
    assert paper.content_type == media_type
    page = officer.get(f"/dokumen/{paper.id}/")
    for url in page.context["pictures"]:
        seen = Image.open(io.BytesIO(officer.get(url).content))
        assert seen.format == "JPEG" and seen.mode == "RGB"
        darkest, lightest = seen.convert("L").getextrema()
        assert lightest - darkest > 60, "something is to be seen"
    assert bool(page.context["pictures"]) == (
        media_type.startswith("image/") or media_type == "application/pdf"
    )
    assert officer.post(f"/dokumen/{paper.id}/unduh/").status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a" * 4000 + ".jpg", "terlalu panjang"),
        ("../../etc/passwd.jpg", "bagian folder"),
        ("/etc/passwd", "bagian folder"),
        ("C:\\Users\\a.jpg", "bagian folder"),
        ("foto/a.jpg", "bagian folder"),
        ("a\x1b[31m.jpg", "tidak terbaca"),
        ("   ", "wajib"),
    ],
)
def test_a_name_that_is_endless_or_leads_into_folders_is_refused(
    name: str, said: str, world: World, filed: Filed, officer: Client
) -> None:
    answer = in_pieces(officer, filed, JPEG, name)
    assert answer.status_code == 400 and (said in " ".join(answer.json()["errors"]) or said == "wajib")
    assert not Paper.objects.using("owner").exists()


@pytest.mark.parametrize("size", [0, 200 * 1_048_576 + 1])
def test_nothing_and_too_much_are_refused_before_anything_comes(
    size: int, world: World, filed: Filed, officer: Client
) -> None:
    answer = officer.post(f"/unggah/mulai/{filed.reference}/", {**ABOUT, "file_name": "a.mp4", "size": size})
    assert answer.status_code == 400 and answer.json()["errors"]
    assert not Paper.objects.using("owner").exists()


def test_a_refused_file_takes_nothing_away_that_was_there(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    whole(officer, filed, JPEG, "baik.jpg")
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    assert whole(officer, filed, JPEG[:-2], "buruk.jpg").status_code == 400
    assert before == {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    assert officer.get(f"/dokumen/{the_paper(world).id}/").status_code == 200


def _piece_of(store: Path, paper: Paper, part: str) -> Path:
    return store / paper.id.hex[-2:] / paper.id.hex[-4:-2] / paper.id.hex / part


@pytest.mark.parametrize(
    "harm", ["swapped", "of another file", "of another place", "cut", "missing", "one bit"]
)
def test_a_piece_that_was_touched_in_the_storage_does_not_open(
    harm: str, world: World, filed: Filed, officer: Client, store: Path
) -> None:
    content = makings.film(700_000)
    in_pieces(officer, filed, content, "a.mp4", kind="recording")
    paper = the_paper(world)
    first, second = (_piece_of(store, paper, part) for part in "01")
    if harm == "swapped":
        one, other = first.read_bytes(), second.read_bytes()
        first.write_bytes(other)
        second.write_bytes(one)
    elif harm == "of another file":
        in_pieces(officer, filed, content, "b.mp4", kind="recording")
        twin = Paper.objects.using("owner").exclude(id=paper.id).get()
        first.write_bytes(_piece_of(store, twin, "0").read_bytes())
    elif harm == "of another place":
        first.write_bytes(second.read_bytes())
    elif harm == "cut":
        first.write_bytes(first.read_bytes()[:-1])
    elif harm == "missing":
        first.unlink()
    else:
        sealed = bytearray(first.read_bytes())
        sealed[100] ^= 1
        first.write_bytes(sealed)
    with acting(world.person(Role.INTAKE_OFFICER)):
        key = key_of(filed.dossier.id, Section.NARRATIVE)
        assert key
        with pytest.raises(Unreadable):
            list(storing.pieces(paper.id, paper.pieces, key))
    answer = officer.post(f"/dokumen/{paper.id}/unduh/")
    assert answer.status_code == 409 and "tidak terbaca" in answer.content.decode()


def test_pieces_that_were_exchanged_while_a_file_came_in_are_found_before_it_is_kept(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    content = makings.film(700_000)
    told = officer.post(
        f"/unggah/mulai/{filed.reference}/", {**ABOUT, "file_name": "a.mp4", "size": len(content)}
    ).json()
    for index in range(3):
        piece = content[index * storing.PIECE : (index + 1) * storing.PIECE]
        officer.post(
            told["piece_url"].replace("/0/", f"/{index}/"), piece, content_type="application/octet-stream"
        )
    paper = the_paper(world)
    first, second = (_piece_of(store, paper, part) for part in "01")
    first.write_bytes(second.read_bytes())
    answer = officer.post(told["finish_url"])
    assert answer.status_code == 400 and "rusak di penyimpanan" in answer.json()["errors"][0]
    assert not Paper.objects.using("owner").exists()
    assert not [path for path in store.rglob("*") if path.is_file()]


# --- the process that opens files -----------------------------------------------------------------------------------


def test_what_opens_files_can_write_none_and_connect_nowhere() -> None:
    """It is told to open a PDF that is none; instead of reading code, its limits are read while it waits."""
    with Child("image/jpeg") as child:
        until = time.monotonic() + 20
        while True:
            limits = Path(f"/proc/{child.process.pid}/limits").read_text()
            rows = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
            if rows["Max open files"] == "3":
                break
            assert time.monotonic() < until
            time.sleep(0.02)
        assert rows["Max file size"] == "0" and rows["Max core file size"] == "0"
        assert int(rows["Max address space"]) < 2 * 1024**3 and int(rows["Max cpu time"]) <= 60
        assert Path(f"/proc/{child.process.pid}/environ").read_bytes().count(b"RUANGAMAN") == 0
        assert child.process.args[1] == "-I"  # type: ignore[index]


def test_a_process_that_takes_too_long_is_ended_and_the_file_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "SECONDS", 0.2)
    with Child("application/pdf") as child:
        child.feed(PDF)
        time.sleep(0.5)
        with pytest.raises(Refused, match="terlalu berat"):
            list(child.frames())
        pid = child.process.pid
    assert not Path(f"/proc/{pid}").exists()


def test_a_process_that_wants_more_memory_than_it_may_have_is_ended() -> None:
    with Child("application/pdf") as child, pytest.raises(Refused):
        for _megabyte in range(1700):
            child.feed(b"%PDF-1.7" + b"\0" * 1_048_568)
        list(child.frames())


# --- the scanner ------------------------------------------------------------------------------------------------------


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
    small = officer.get(f"/dokumen/{filed.reference}/").context["rows"][0]["thumbnail"]
    assert officer.get(small).status_code == 404 if small else True
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
    assert officer.post(f"/dokumen/{paper.id}/pindai/").status_code == 302
    scanner.line.close()
    assert the_paper(world).scan == "infected"


# --- the storage ------------------------------------------------------------------------------------------------------


def test_a_piece_is_on_the_disk_before_it_is_acknowledged(
    store: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    paper = new_id()
    storing.write_piece(paper, 0, b"isi", new_key())
    folder = store / paper.hex[-2:] / paper.hex[-4:-2] / paper.hex
    assert synced[-2:] == [str(folder / "0.new"), str(folder)]
    assert {str(store), str(folder.parent), str(folder.parent.parent)} <= set(synced)


def test_a_random_walk_of_boxes_ends_where_they_are_fed_whole_or_in_crumbs() -> None:
    dice = random.Random(11)
    for _film in range(60):
        content = makings.film(dice.randrange(0, 3000))
        if dice.random() < 0.5:
            content = content[: -dice.randrange(1, 40)]
        said = []
        for step in (len(content), 1, dice.randrange(2, 50)):
            boxes = contents.Boxes()
            try:
                for at in range(0, len(content), step):
                    boxes.feed(content[at : at + step])
                boxes.end()
                said.append("whole")
            except Refused as no:
                said.append(str(no.message))
        assert len(set(said)) == 1, said
