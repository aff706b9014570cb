"""The files of papers in a backup: each row finds its files, the erased stay closed, and a thief reads nothing."""

import shutil
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from ruangaman.access.queries import open_key
from ruangaman.config import backup as backups
from ruangaman.config import doctor, papers_kept
from ruangaman.config.restoring import read_manifest
from ruangaman.kernel import keyring
from ruangaman.kernel.errors import Unreadable
from ruangaman.papers import storing
from ruangaman.papers.models import Paper
from tests.access.erasing import approve, carry_out
from tests.config.drills import back_up, restore
from tests.papers.evidences import CONTENT, companion_of, file_of, keep
from tests.worlds import World

TELLING = b"<kenari-burungwangi>" * 30_000


@pytest.fixture(autouse=True)
def storage() -> Path:
    """The storage of papers, empty."""
    folder = Path(settings.STORAGES["papers"]["OPTIONS"]["location"])
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def read(paper: Paper, using: str) -> bytes:
    """A paper as whoever holds database, storage and keyring reads it."""
    row = Paper.objects.using(using).select_related("key").get(id=paper.id)
    return b"".join(storing.pieces(row.id, row.pieces, open_key(row.key)))


def test_a_file_is_copied_once_and_later_backups_only_name_it_again(
    world: World, keys: Path, tmp_path: Path
) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    keep(world, filed, companion)
    older = back_up(tmp_path, keys)
    keep(world, filed, companion, TELLING)
    newer = back_up(tmp_path, keys, days=1)
    count = {folder: len(list(files_of(folder))) for folder in (older, newer)}
    assert count == {older: 3, newer: 6}
    assert sorted(path.stat().st_nlink for path in files_of(newer)) == [1, 1, 1, 2, 2, 2]
    shutil.rmtree(older)
    assert sum(path.stat().st_size for path in files_of(newer)) > len(CONTENT) + len(TELLING)


def test_names_and_contents_of_the_copies_tell_nothing(world: World, keys: Path, tmp_path: Path) -> None:
    filed = world.file()
    paper = keep(world, filed, companion_of(world, filed), TELLING)
    folder = back_up(tmp_path, keys)
    assert (folder.stat().st_mode & 0o077, *{path.stat().st_mode & 0o077 for path in files_of(folder)}) == (
        0,
        0,
    )
    for path in files_of(folder):
        assert b"kenari" not in path.read_bytes()
        assert paper.id.hex[:12] not in str(path)
        assert paper.id.hex[-12:] not in str(path)


def test_after_the_drill_papers_open_and_what_was_erased_opens_with_no_key_that_is_left(
    world: World, keys: Path, drill: str, tmp_path: Path, storage: Path
) -> None:
    gone, stays = world.file(), world.file()
    lost = keep(world, gone, companion_of(world, gone), TELLING)
    companion = companion_of(world, stays)
    kept, other = keep(world, stays, companion), keep(world, stays, companion, TELLING)
    folder = back_up(tmp_path, keys)
    approve(world, gone)
    assert carry_out(gone)
    shutil.rmtree(storage)
    done = restore(folder, keys, drill)
    assert done.erased_again == 1
    assert done.papers == papers_kept.PutBack(whole=2, incomplete=0, closed=0)
    assert (read(kept, drill), read(other, drill)) == (CONTENT, TELLING)
    assert not file_of(lost).exists()
    # The thief puts them back himself, from the backup.
    for name in storing.names(lost.id, 3, 0):
        copy = folder / papers_kept.FOLDER / papers_kept._place(name, keyring.current())
        target = storage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(copy, target)
    with pytest.raises(Unreadable):
        read(lost, drill)
    for row in Paper.objects.using(drill).filter(id=kept.id).select_related("key"):
        with pytest.raises(Unreadable):
            storing.read_piece(lost.id, 0, open_key(row.key))


def test_an_erased_paper_is_in_no_new_backup(world: World, keys: Path, tmp_path: Path) -> None:
    filed = world.file()
    keep(world, filed, companion_of(world, filed))
    approve(world, filed)
    assert carry_out(filed)
    assert list(files_of(back_up(tmp_path, keys))) == []


def test_a_backup_says_what_the_storage_has_lost_and_keeps_what_an_earlier_one_holds(
    world: World, keys: Path, tmp_path: Path
) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper, other = keep(world, filed, companion), keep(world, filed, companion, TELLING)
    older = back_up(tmp_path, keys, days=-1)
    file_of(paper, 1).unlink()
    file_of(other, 0).write_bytes(b"half")
    out = StringIO()
    call_command("backup", "--to", str(tmp_path), stdout=out)
    assert "WARNING: of 2 papers" in out.getvalue()
    newest = backups.folders(tmp_path)[-1]
    assert newest != older
    for index in range(3):
        assert _copy_of(newest, paper, index).read_bytes() == _copy_of(older, paper, index).read_bytes()


def test_a_restore_says_of_how_many_papers_files_are_missing_or_do_not_open(
    world: World, keys: Path, drill: str, tmp_path: Path, storage: Path
) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    cut, altered, _whole = (keep(world, filed, companion) for _ in range(3))
    folder = back_up(tmp_path, keys)
    shutil.rmtree(storage)
    place = {paper: _copy_of(folder, paper, 0) for paper in (cut, altered)}
    place[cut].unlink()
    whole = place[altered].read_bytes()
    place[altered].write_bytes(whole[:90] + bytes([whole[90] ^ 1]) + whole[91:])
    assert restore(folder, keys, drill).papers == papers_kept.PutBack(whole=1, incomplete=1, closed=1)


def test_whatever_comes_in_while_a_backup_is_written_no_row_of_it_lacks_its_file(
    world: World, keys: Path, drill: str, tmp_path: Path, storage: Path
) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    done, wrong = Event(), []

    def attach() -> None:
        try:
            while not done.is_set():
                keep(world, filed, companion, b"kecil")
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    busy = Thread(target=attach)
    busy.start()
    try:
        folders = [back_up(tmp_path, keys, days=day) for day in range(3)]
    finally:
        done.set()
        busy.join()
    assert not wrong
    listed = [read_manifest(folder, keyring.current())["papers"] for folder in folders]
    assert [told["damaged"] for told in listed] == [0, 0, 0]
    assert [told["files"] for told in listed] == [told["papers"] for told in listed]
    assert listed[-1]["papers"] > listed[0]["papers"], "something did come in meanwhile"
    shutil.rmtree(storage)
    restored = restore(folders[-1], keys, drill).papers
    assert restored == papers_kept.PutBack(whole=listed[-1]["papers"], incomplete=0, closed=0)


def test_a_full_disk_while_files_are_copied_leaves_nothing_behind(
    world: World, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = world.file()
    keep(world, filed, companion_of(world, filed))

    def full(*_how: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(papers_kept.shutil, "copyfileobj", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", "--to", str(tmp_path))
    assert list(tmp_path.glob("2*")) == []


# --- is it well? --------------------------------------------------------------------------------------------------


def test_the_check_writes_and_reads_where_papers_lie_and_leaves_nothing(tmp_path: Path) -> None:
    said = doctor.check_papers({"RUANGAMAN_PAPERS": str(tmp_path / "papers")})
    assert said == f"files of papers: {tmp_path}/papers, written and read"
    assert list((tmp_path / "papers").iterdir()) == []


def test_the_check_says_where_papers_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("a file where the folder should be")
    with pytest.raises(doctor.Refusal, match=r"can't be written into .* RUANGAMAN_PAPERS"):
        doctor.check_papers({"RUANGAMAN_PAPERS": str(tmp_path / "papers")})


def files_of(folder: Path) -> list[Path]:
    return [path for path in (folder / papers_kept.FOLDER).rglob("*") if path.is_file()]


def _copy_of(folder: Path, paper: Paper, index: int) -> Path:
    name = storing.names(paper.id, paper.pieces, 0)[index]
    return folder / papers_kept.FOLDER / papers_kept._place(name, keyring.current())
