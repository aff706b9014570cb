"""Bad files: a clear sentence, nothing kept, and nothing lost that was there."""

import os
import random
import struct
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

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
