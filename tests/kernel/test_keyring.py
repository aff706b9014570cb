"""Root keys: made, kept for their owner's eyes, turned over, retired; and read anew when the file changes."""

import json
import os
import stat
from pathlib import Path

import pytest

from ruangaman.kernel import keyring
from ruangaman.kernel.keyring import KeyringMissing


def test_two_keyrings_have_nothing_in_common() -> None:
    first, second = keyring.new_keyring(), keyring.new_keyring()
    assert first.base != second.base
    assert first.roots[1] != second.roots[1]
    assert len(first.base) == len(first.roots[1]) == 32


def test_each_purpose_and_each_number_has_a_key_of_its_own() -> None:
    ring = keyring.with_new_root(keyring.new_keyring())
    keys = [
        ring.kek(1),
        ring.kek(2),
        *(ring.derived(p) for p in ("tickets", "sessions", "tokens/a", "tokens/b")),
    ]
    assert len(set(keys)) == len(keys)
    assert all(key is not None and len(key) == 32 for key in keys)
    assert ring.base not in keys
    assert not set(ring.roots.values()) & set(keys)


def test_turning_over_keeps_the_old_root_and_all_that_lasts() -> None:
    ring = keyring.new_keyring()
    turned = keyring.with_new_root(ring)
    assert (turned.active, set(turned.roots)) == (2, {1, 2})
    assert turned.roots[1] == ring.roots[1]
    assert turned.derived("tickets") == ring.derived("tickets")
    assert set(turned.made_on) == {1, 2}


def test_a_retired_root_is_gone_and_the_active_one_stays() -> None:
    turned = keyring.with_new_root(keyring.new_keyring())
    left = keyring.without_root(turned, 1)
    assert set(left.roots) == set(left.made_on) == {2}
    assert left.kek(1) is None
    with pytest.raises(ValueError, match="rotate first"):
        keyring.without_root(turned, 2)


def test_numbers_are_never_used_again() -> None:
    ring = keyring.with_new_root(keyring.new_keyring())
    ring = keyring.with_new_root(keyring.without_root(ring, 1))
    assert ring.active == 3


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    ring = keyring.with_new_root(keyring.new_keyring())
    keyring.write(ring, tmp_path / "keys")
    assert keyring.read(tmp_path / "keys") == ring


def test_the_file_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    keyring.write(keyring.new_keyring(), folder)
    assert stat.S_IMODE((folder / keyring.FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [keyring.FILE_NAME]


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = keyring.new_keyring()
    keyring.write(ring, tmp_path)

    def fail(*_paths: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        keyring.write(keyring.with_new_root(ring), tmp_path)
    assert keyring.read(tmp_path) == ring


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyringMissing, match="keys new"):
        keyring.read(tmp_path)


def test_the_first_start_makes_a_keyring_and_the_next_finds_it(tmp_path: Path) -> None:
    made = keyring.ensure(tmp_path / "keys")
    assert keyring.ensure(tmp_path / "keys") == made


def test_a_secret_store_may_give_the_text_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = keyring.new_keyring()
    keyring.write(ring, tmp_path)
    text = (tmp_path / keyring.FILE_NAME).read_text()
    (tmp_path / keyring.FILE_NAME).unlink()
    monkeypatch.setenv("RUANGAMAN_KEYRING", text)
    assert keyring.read(tmp_path) == ring
    assert json.loads(text)["active"] == 1


def test_a_running_process_reads_a_changed_file_anew(tmp_path: Path, settings: object) -> None:
    settings.RUANGAMAN_KEYS = tmp_path  # type: ignore[attr-defined]
    ring = keyring.new_keyring()
    keyring.write(ring, tmp_path)
    assert keyring.current() == ring
    assert keyring.current() is keyring.current()
    turned = keyring.with_new_root(ring)
    keyring.write(turned, tmp_path)
    assert keyring.current() == turned
    (tmp_path / keyring.FILE_NAME).unlink()
    with pytest.raises(KeyringMissing):
        keyring.current()
    keyring.forget()
