"""Rotation wraps every data key anew and touches no data; retiring makes an erasure complete."""

import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from ruangaman.access import rotation
from ruangaman.access.models import DataKey
from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.intake import queries as reading
from ruangaman.kernel import clock, destructions, keyring
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unwrap, wrap
from ruangaman.kernel.keyring import Keyring
from ruangaman.ledger.models import Entry
from ruangaman.ledger.states import ActorKind, Verb
from tests.access.erasing import TOLD, approve, carry_out
from tests.worlds import Filed, World, acting

DELAY = 30


def rotate(folder: Path, **how: Any) -> int:
    return rotation.rotate(folder=folder, at=clock.now(), using="owner", say=lambda line: None, **how)


def retire(folder: Path, number: int, days: int = DELAY) -> None:
    later = clock.now() + timedelta(days=days)
    rotation.retire(number=number, folder=folder, at=later, delay_days=DELAY, using="owner")


def story(world: World, filed: Filed) -> str | None:
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        return reading.story_of(
            world.viewer(supervisor), filed.dossier.id, key_of(filed.dossier.id, Section.NARRATIVE)
        )


def wrapped_by() -> set[int]:
    return set(
        DataKey.objects.using("owner").filter(wrapped__isnull=False).values_list("kek_number", flat=True)
    )


def test_a_rotation_wraps_every_key_anew_and_everything_still_opens(world: World, keys: Path) -> None:
    filed = [world.file(**TOLD) for _ in range(3)]
    before = keyring.current().active
    number = rotate(keys, batch=5)
    assert number == before + 1
    assert wrapped_by() == {number}
    assert {story(world, each) for each in filed} == {TOLD["story"]}
    assert keyring.current().kek(before) is not None


def test_a_rotation_touches_no_row_of_data(world: World, keys: Path) -> None:
    world.file(**TOLD)
    marks = "SELECT xmin::text FROM people_person UNION ALL SELECT xmin::text FROM intake_story"
    before = world.rows(marks)
    rotate(keys)
    assert world.rows(marks) == before


def test_what_is_filed_while_and_after_rotating_opens_too(world: World, keys: Path) -> None:
    late: list[Filed] = []
    for _ in range(4):
        world.file()

    def say(line: str) -> None:
        if not late:
            late.append(world.file(**TOLD))

    number = rotation.rotate(folder=keys, at=clock.now(), using="owner", say=say, batch=2)
    assert wrapped_by() == {number}
    assert story(world, late[0]) == TOLD["story"]
    assert story(world, world.file(**TOLD)) == TOLD["story"]


def test_a_key_wrapped_by_a_process_that_had_not_read_the_new_root_yet_is_found(
    world: World, keys: Path
) -> None:
    """A request that was under way adds a key by the old root after the rotation went past its place."""
    filed = world.file(**TOLD)
    old = keyring.current()
    slow: list[int] = []

    def say(line: str) -> None:
        if line.startswith("3 of") and not slow:
            key = DataKey.objects.using("owner").order_by("id").first()
            assert key is not None
            number, wrapped = wrap(unwrap(key.id, key.kek_number, bytes(key.wrapped or b"")), old)
            DataKey.objects.using("owner").filter(id=key.id).update(kek_number=number, wrapped=wrapped)
            slow.append(number)

    number = rotation.rotate(folder=keys, at=clock.now(), using="owner", say=say)
    assert slow == [old.active]
    assert wrapped_by() == {number}
    assert story(world, filed) == TOLD["story"]


def test_a_rotation_that_crashed_half_way_leaves_everything_open_and_is_brought_to_its_end(
    world: World, keys: Path
) -> None:
    filed = [world.file(**TOLD) for _ in range(3)]
    before = keyring.current().active

    class Crash(Exception): ...

    def crash(line: str) -> None:
        if line.startswith("5 of"):
            raise Crash

    with pytest.raises(Crash):
        rotation.rotate(folder=keys, at=clock.now(), using="owner", say=crash, batch=5)
    assert wrapped_by() == {before, before + 1}
    assert {story(world, each) for each in filed} == {TOLD["story"]}
    said: list[str] = []
    number = rotation.rotate(folder=keys, at=clock.now(), using="owner", say=said.append, batch=5)
    assert number == before + 1
    assert "interrupted" in said[0]
    assert wrapped_by() == {number}
    assert {story(world, each) for each in filed} == {TOLD["story"]}


def test_an_erasure_that_runs_at_the_same_time_wins(world: World, keys: Path) -> None:
    filed, other = world.file(**TOLD), world.file(**TOLD)
    done: list[int] = []

    def turn() -> None:
        done.append(rotate(keys))
        connections.close_all()

    with transaction.atomic(using="owner"):
        DataKey.objects.using("owner").filter(dossier_id=filed.dossier.id).update(
            wrapped=None, destroyed_at=clock.now()
        )
        other_side = threading.Thread(target=turn)
        other_side.start()
        for _attempt in range(200):
            if world.rows("SELECT count(*) FROM pg_locks WHERE NOT granted")[0][0]:
                break
            threading.Event().wait(0.02)
        else:
            pytest.fail("the rotation did not wait for the erasure")
    other_side.join(20)
    assert wrapped_by() == {done[0]}
    assert story(world, filed) is None
    assert story(world, other) == TOLD["story"]


def test_an_altered_key_stops_the_rotation_and_is_not_written_over(world: World, keys: Path) -> None:
    world.file()
    DataKey.objects.using("owner").update(wrapped=b"\x01" + b"0" * 60)
    with pytest.raises(Unreadable):
        rotate(keys)
    assert wrapped_by() == {keyring.current().active - 1}


def test_two_rotations_at_once_are_one(world: World, keys: Path) -> None:
    refused: list[str] = []

    def second() -> None:
        try:
            rotate(keys)
        except Refused as no:
            refused.append(str(no.message))
        connections.close_all()

    def say(line: str) -> None:
        if not refused:
            thread = threading.Thread(target=second)
            thread.start()
            thread.join()

    before = keyring.current().active
    assert rotation.rotate(folder=keys, at=clock.now(), using="owner", say=say) == before + 1
    assert refused == ["Another rotation or retirement is running."]


def test_a_keyring_from_the_environment_is_not_rotated_behind_its_back(
    world: World, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUANGAMAN_KEYRING", (keys / keyring.FILE_NAME).read_text())
    with pytest.raises(Refused, match="RUANGAMAN_KEYRING"):
        rotate(keys)
    monkeypatch.delenv("RUANGAMAN_KEYRING")
    with pytest.raises(Refused, match="no keyring"):
        rotate(keys / "elsewhere")


# --- retiring ------------------------------------------------------------------------------------------------------


def test_a_root_that_is_in_use_or_unknown_is_not_retired(world: World, keys: Path) -> None:
    with pytest.raises(Refused, match="in use"):
        retire(keys, keyring.current().active)
    with pytest.raises(Refused, match="no key 99"):
        retire(keys, 99)


def test_a_root_that_still_wraps_a_key_is_not_retired(world: World, keys: Path) -> None:
    world.file()
    old = keyring.current().active
    keyring.write(keyring.with_new_root(keyring.current()), keys)
    with pytest.raises(Refused, match=f"Key {old} still wraps 2 data keys"):
        retire(keys, old)


def test_a_root_that_backups_may_need_is_not_retired_yet(world: World, keys: Path) -> None:
    old = keyring.current().active
    rotate(keys)
    with pytest.raises(Refused, match="may be retired from"):
        retire(keys, old, days=DELAY - 1)
    retire(keys, old, days=DELAY)
    assert old not in keyring.current().roots


def test_a_stolen_copy_and_todays_keyring_open_nothing_that_was_erased_once_the_root_is_retired(
    world: World, keys: Path
) -> None:
    filed, other = world.file(**TOLD), world.file(**TOLD)
    stolen = list(DataKey.objects.using("owner").filter(dossier_id=filed.dossier.id))
    approve(world, filed)
    carry_out(filed)
    assert opens(stolen, keyring.current()), "until the root is retired, an old copy opens: that is the delay"
    old = keyring.current().active
    rotate(keys)
    assert opens(stolen, keyring.current())
    retire(keys, old)
    assert not opens(stolen, keyring.current())
    assert story(world, other) == TOLD["story"]


def opens(copies: list[DataKey], ring: Keyring) -> bool:
    opened = 0
    for key in copies:
        try:
            unwrap(key.id, key.kek_number, bytes(key.wrapped or b""), ring)
            opened += 1
        except Unreadable:
            continue
    return opened > 0


def test_rotating_and_retiring_stand_in_the_ledger_as_the_owners(world: World, keys: Path) -> None:
    old = keyring.current().active
    rotate(keys)
    retire(keys, old)
    entries = (
        Entry.objects.using("owner")
        .order_by("id")
        .values_list("verb", "actor_kind", "actor_id", "fields_named")
    )
    assert list(entries) == [
        (Verb.KEYS_ROTATED, ActorKind.OWNER, None, [str(old + 1)]),
        (Verb.KEY_RETIRED, ActorKind.OWNER, None, [str(old)]),
    ]


def test_the_command_shows_numbers_and_dates_and_never_a_key(world: World, keys: Path) -> None:
    filed = world.file(**TOLD)
    approve(world, filed)
    carry_out(filed)
    out = StringIO()
    call_command("keys", "rotate", stdout=out)
    call_command("keys", "status", stdout=out)
    said, ring = out.getvalue(), keyring.current()
    assert f"key {ring.active}  made {ring.made_on[ring.active]}" in said
    assert f"may be retired from {timezone.localdate() + timedelta(days=settings.ERASURE_DELAY_DAYS)}" in said
    assert "1 in the database, 1 outside it" in said
    text = (keys / keyring.FILE_NAME).read_text()
    secrets = [part for part in text.replace('"', " ").split() if len(part) >= 40]
    assert len(secrets) == 3
    assert not any(secret in said for secret in secrets)
    with pytest.raises(CommandError, match="in use"):
        call_command("keys", "retire", str(ring.active))


def test_the_command_says_what_is_wrong(world: World, keys: Path) -> None:
    world.file()
    filed = world.file(**TOLD)
    approve(world, filed)
    carry_out(filed)
    (keys / destructions.FILE_NAME).unlink()
    DataKey.objects.using("owner").filter(wrapped__isnull=False).update(kek_number=77)
    out = StringIO()
    call_command("keys", "status", stdout=out)
    assert "key 77  made unknown  wraps 2 data keys  MISSING" in out.getvalue()
    assert "The record outside is shorter" in out.getvalue()
    keyring.write(keyring.with_new_root(keyring.current()), keys)
    DataKey.objects.using("owner").filter(wrapped__isnull=False).update(
        kek_number=keyring.current().active - 1
    )
    call_command("keys", "status", stdout=out)
    assert "to its end" in out.getvalue()
