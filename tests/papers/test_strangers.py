"""Files of somebody without an account: taken in without a row, kept in their own thread, and nowhere else."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.intake import queries
from ruangaman.intake.actions import locator, thread_key
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, new_key, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.papers import storing
from ruangaman.papers.actions import strangers
from ruangaman.papers.models import Paper
from tests.papers import makings
from tests.worlds import Filed, World, acting


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """A folder of the test's own."""
    options = {**settings.STORAGES["papers"]["OPTIONS"], "location": str(tmp_path / "papers")}
    settings.STORAGES = {
        **settings.STORAGES,
        "papers": {**settings.STORAGES["papers"], "OPTIONS": options},
    }
    return tmp_path / "papers"


def left(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def reporters_key(filed: Filed) -> Key:
    found = queries.locate(locator(filed.code))
    assert found
    return thread_key(filed.code, found[1], found[2])


def keep(filed: Filed, facts: strangers.Facts, key: Key, section: str = Section.THREAD) -> Paper:
    return strangers.keep(
        dossier_id=filed.dossier.id,
        unit_id=filed.dossier.unit_id,
        stage=filed.dossier.stage,
        section=section,
        key=key,
        subject=None,
        facts=facts,
        at=clock.now(),
    )


def whole(key: Key, content: bytes, name: str, paper_id: UUID | None = None) -> strangers.Facts:
    return strangers.take_whole(paper_id=paper_id or new_id(), key=key, name=name, content=content)


def test_a_photo_of_a_reporter_lies_sealed_in_their_thread_and_the_unit_reads_it(
    world: World, store: Path
) -> None:
    filed, content = world.file(), makings.picture()
    key = reporters_key(filed)
    facts = whole(key, content, "bukti.jpg")
    with acting(purpose="reporter", scope=filed.dossier.id):
        paper = keep(filed, facts, key)
    for path in left(store):
        assert content[:64] not in path.read_bytes() and "bukti" not in str(path)
    told = world.rows("SELECT verb, actor_kind, objects_named, fields_named FROM ledger_entry")
    assert ("paper_added", "reporter", [paper.id], ["thread"]) in told
    with acting(world.person(Role.INTAKE_OFFICER)):
        seen = Paper.objects.get()
        opened = key_of(filed.dossier.id, Section.THREAD)
        assert opened
        assert (seen.kind, seen.origin, seen.added_by_id, seen.pages) == ("photo", "reporter", None, 1)
        assert unseal(seen, "name", opened) == "bukti.jpg"
        assert unseal(seen, "digest", opened) == hashlib.sha256(content).hexdigest()
        assert b"".join(storing.pieces(seen.id, seen.pieces, opened)) == content


def test_a_file_comes_in_pieces_and_one_that_comes_twice_is_written_once(world: World) -> None:
    key, paper_id, content = new_key(), new_id(), makings.sound(seconds=20)
    cut = [content[at : at + storing.PIECE] for at in range(0, len(content), storing.PIECE)]
    received = 0
    for index, piece in enumerate(cut):
        for _again in range(2):
            received = strangers.take_piece(
                paper_id=paper_id, key=key, index=index, received=received, size=len(content), content=piece
            )
    assert received == len(cut) > 1
    facts = strangers.examine(paper_id=paper_id, key=key, name="suara.wav", size=len(content))
    assert (facts.media_type, facts.pieces) == ("audio/wav", len(cut))
    with pytest.raises(Refused, match="urutan"):
        strangers.take_piece(
            paper_id=paper_id, key=key, index=5, received=2, size=len(content) * 9, content=cut[0]
        )


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ" + bytes(400), "foto.jpg"),
        (b"<html><script>1</script>", "surat.pdf"),
        (makings.archive(), "foto.zip"),
        (makings.picture()[:-400], "foto.jpg"),
        (makings.picture(), "foto.exe"),
        (makings.picture(), "../foto.jpg"),
        (makings.picture(), "folder/foto.jpg"),
        (makings.picture(), "f\u202egpj.exe"),
        (b"", "kosong.jpg"),
        (b"\xff\xd8\xff" + bytes(strangers.WHOLE), "besar.jpg"),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing_behind(store: Path, content: bytes, name: str) -> None:
    with pytest.raises(Refused):
        whole(new_key(), content, name)
    assert left(store) == []


def test_a_storage_that_fails_in_the_middle_leaves_no_piece(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = storing.write_piece

    def fail(paper_id: UUID, index: int, plain: bytes, key: Key) -> None:
        if index:
            raise OSError("no space")
        write(paper_id, index, plain, key)

    monkeypatch.setattr(storing, "write_piece", fail)
    with pytest.raises(OSError, match="no space"):
        whole(new_key(), makings.sound(seconds=20), "suara.wav")
    assert left(store) == []


def test_a_reporter_brings_a_file_into_their_own_thread_and_nowhere_else(world: World) -> None:
    """Source: care.md 1."""
    filed, other = world.file(), world.file()
    key = reporters_key(filed)
    facts = whole(key, makings.picture(), "foto.jpg")
    for where, section in (
        (filed, Section.NARRATIVE),
        (filed, Section.CLIENT_THREAD),
        (other, Section.THREAD),
    ):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            acting(purpose="reporter", scope=filed.dossier.id),
            transaction.atomic(),
        ):
            keep(where, facts, key, section)
    assert world.rows("SELECT count(*) FROM papers_paper") == [(0,)]


def test_a_file_of_a_report_is_out_of_reach_for_another_reporter_and_another_unit(world: World) -> None:
    filed, other = world.file(), world.file()
    key = reporters_key(filed)
    with acting(purpose="reporter", scope=filed.dossier.id):
        keep(filed, whole(key, makings.picture(), "foto.jpg"), key)
        assert Paper.objects.count() == 1
    with acting(purpose="reporter", scope=other.dossier.id):
        assert not Paper.objects.exists()
    with acting(world.person(Role.HEAD, world.other)):
        assert not Paper.objects.exists()
