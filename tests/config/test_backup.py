"""A backup that was altered is refused, one that fails leaves nothing, and a thief of its files reads nothing."""

import json
import os
import shutil
import zlib
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from ruangaman.access.states import Role
from ruangaman.config import backup as backups
from ruangaman.config import restoring, sealed_file
from ruangaman.kernel import clock, destructions, keyring
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.tokens import tokens
from ruangaman.people.queries import token_key
from tests.access.erasing import TOLD
from tests.config.drills import CANARY, back_up, restore, story
from tests.worlds import World

# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["data", "keys"])
def test_an_altered_or_cut_off_file_is_refused(
    world: World, keys: Path, drill: str, tmp_path: Path, part: str
) -> None:
    world.file(**TOLD)
    folder = back_up(tmp_path, keys)
    (path,) = folder.glob(f"{part}-*")
    whole = path.read_bytes()
    middle = len(whole) // 2
    for broken in (
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        whole[:-1],
        whole + whole,
    ):
        path.write_bytes(broken)
        with pytest.raises(Refused, match="altered or is damaged"):
            restore(folder, keys, drill)
    path.write_bytes(whole)
    assert restore(folder, keys, drill).opens


def test_an_altered_manifest_is_refused(world: World, keys: Path, drill: str, tmp_path: Path) -> None:
    folder = back_up(tmp_path, keys)
    path = folder / backups.MANIFEST
    whole = path.read_text()
    for broken in (whole.replace('"epoch": 1', '"epoch": 2'), "{}", "[]", "not json"):
        path.write_text(broken)
        with pytest.raises(Refused, match=r"manifest\.json was altered"):
            restore(folder, keys, drill)
    path.unlink()
    with pytest.raises(Refused, match="no backup"):
        restore(folder, keys, drill)


def test_a_backup_of_a_newer_version_or_format_is_refused(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    folder = back_up(tmp_path, keys)
    path, ring = folder / backups.MANIFEST, keyring.current()
    for change, sentence in (
        ({"migrations": [["access", "0999_from_the_future"]]}, "newer version"),
        ({"format": 2}, "format 2"),
    ):
        manifest = json.loads(path.read_text())
        manifest = {**manifest, **change}
        manifest["mac"] = backups.authentication_code(manifest, ring)
        (tmp_path / "x").mkdir(exist_ok=True)
        shutil.copytree(folder, tmp_path / "x", dirs_exist_ok=True)
        (tmp_path / "x" / backups.MANIFEST).write_text(json.dumps(manifest))
        with pytest.raises(Refused, match=sentence):
            restore(tmp_path / "x", keys, drill)


def test_a_missing_file_of_data_and_a_database_that_is_not_empty_are_refused(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    folder = back_up(tmp_path, keys)
    with pytest.raises(Refused, match="not empty"):
        restore(folder, keys, "owner")
    next(folder.glob("data-*")).unlink()
    with pytest.raises(Refused, match="missing"):
        restore(folder, keys, drill)


def test_two_backups_at_once_are_refused_and_what_a_killed_one_left_is_cleared_away(
    world: World, keys: Path, tmp_path: Path
) -> None:
    left = tmp_path / "20260101T000000000000Z.partial"
    left.mkdir()
    with backups._alone(tmp_path), pytest.raises(Refused, match="Another backup"):
        back_up(tmp_path, keys)
    assert left.exists()
    back_up(tmp_path, keys)
    assert not left.exists()


def test_a_backup_that_fails_leaves_nothing_behind(
    world: World, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_how: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_copy", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", "--to", str(tmp_path))
    assert list(tmp_path.glob("2*")) == []


# --- what a thief finds --------------------------------------------------------------------------------------------


def test_nothing_of_a_report_stands_in_the_files_in_clear(
    world: World, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = world.file(name=CANARY, story=f"Cerita {CANARY}.", phone="0812-777-888", place="31.73.01")
    supervisor = world.person(Role.SUPERVISOR)
    folder = back_up(tmp_path, keys)
    # Not even before it is sealed: the first thief has the key of the backups, and not the keyring's roots.
    opened: list[bytes] = []
    for part in ("data", "keys"):
        (path,) = folder.glob(f"{part}-*")
        manifest = restoring.read_manifest(folder, keyring.current())
        key = backups.key_of(keyring.current(), UUID(manifest["id"]))
        with path.open("rb") as file:
            opened.append(b"".join(sealed_file._pieces(file, key, path.name)))
    whole = b"".join(path.read_bytes() for path in folder.iterdir())
    for told in (
        CANARY,
        "Burungwangi",
        "0812-777-888",
        "Cerita",
        filed.reference,
        supervisor.email,
        str(filed.code),
    ):
        for written in (told, told.lower(), told.encode().hex()):
            assert written.encode() not in whole
    inside = b"".join(zlib.decompress(part) for part in opened)
    assert filed.reference.encode() in inside, "the search looks at the right bytes"
    for told in (CANARY, "Burungwangi", "0812-777-888", "Cerita Z", str(filed.code)):
        for written in (told, told.lower(), told.encode().hex()):
            assert written.encode() not in inside
    data = zlib.decompress(opened[0])
    hidden = [token.hex().encode() for token in tokens(CANARY, token_key(world.unit.id))]
    assert hidden
    assert not any(token in data for token in hidden)
    assert any(token in zlib.decompress(opened[1]) for token in hidden)
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}


def test_a_piece_of_a_sealed_file_opens_at_its_place_only(tmp_path: Path) -> None:
    key, path = os.urandom(32), tmp_path / "a"
    with path.open("wb") as file:
        writer = sealed_file.SealedWriter(file, key, "a")
        blocks = [os.urandom(900_000) for _ in range(4)]
        for block in blocks:
            writer.frame(block)
        writer.frame(b"")
        writer.finish()
    with path.open("rb") as file, sealed_file.SealedReader(file, key, "a") as reader:
        assert list(reader.part()) == blocks
        with pytest.raises(Unreadable, match="before its time"):
            reader.frame()
    whole = path.read_bytes()
    first = 4 + int.from_bytes(whole[:4], "big")
    second = first + 4 + int.from_bytes(whole[first : first + 4], "big")
    swapped = whole[first:second] + whole[:first] + whole[second:]
    for name, content in (("b", whole), ("a", swapped), ("a", whole[:second]), ("a", whole[first:])):
        path.write_bytes(content)
        with (
            pytest.raises(Unreadable),
            path.open("rb") as file,
            sealed_file.SealedReader(file, key, name) as reader,
        ):
            list(reader.part())


# --- the commands --------------------------------------------------------------------------------------------------


def test_the_commands_say_what_they_did(world: World, keys: Path, drill: str, tmp_path: Path) -> None:
    world.file(**TOLD)
    out = StringIO()
    call_command("backup", "--to", str(tmp_path), stdout=out)
    made = Path(out.getvalue().splitlines()[0])
    assert (made / backups.MANIFEST).exists()
    with pytest.raises(CommandError, match="at least 1"):
        call_command("backup", "--keep", "0")
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(made), stdout=out)
    next(made.glob("keys-*")).unlink()
    lost, connections["owner"] = connections["owner"], connections[drill]
    try:
        call_command("restore", str(made), stdout=out)
    finally:
        connections["owner"] = lost
    assert "stays closed for ever" in out.getvalue()
    assert "Restored" in out.getvalue()
    assert world.rows("SELECT count(*) FROM intake_story", using=drill) == [(1,)]


def test_a_destruction_that_a_crash_left_in_the_record_alone_is_carried_out_by_the_command(
    world: World, keys: Path
) -> None:
    filed = world.file(**TOLD)
    line = destructions.Destroyed(filed.dossier.id, world.unit.id, (), clock.now(), "request")
    destructions.append(keys, keyring.current(), line)
    out = StringIO()
    call_command("erase", stdout=out)
    assert "carried out: 1" in out.getvalue()
    assert story(filed, "owner") is None
    call_command("erase", stdout=out)
    assert out.getvalue().count("carried out") == 1
    (keys / destructions.FILE_NAME).write_text("{}\n")
    with pytest.raises(CommandError, match="altered"):
        call_command("erase")
