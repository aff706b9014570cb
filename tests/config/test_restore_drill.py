"""The drill: reports, a backup, an erasure, everything lost; and afterwards what was erased stays erased."""

import json
import os
import shutil
import zlib
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from ruangaman.access import rotation
from ruangaman.access.erasure import tables
from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.config import backup as backups
from ruangaman.config import postgres, restoring, sealed_file
from ruangaman.config.settings import _database
from ruangaman.intake.models import Story
from ruangaman.kernel import clock, destructions, keyring, roles, tickets
from ruangaman.kernel.dictionary import lines
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unseal, unwrap
from ruangaman.kernel.tokens import tokens
from ruangaman.ledger.models import Entry
from ruangaman.ledger.sealing import checkpoint, seal_once, verify
from ruangaman.ledger.states import Verb
from ruangaman.people.queries import token_key
from tests.access.test_erasure import TOLD, approve, carry_out
from tests.worlds import Filed, World

CANARY = "Zulaikha Kenari Burungwangi"
DELAY = 30


@pytest.fixture(autouse=True)
def keys() -> Iterator[Path]:
    folder = Path(settings.RUANGAMAN_KEYS)
    before = keyring.read(folder)
    (folder / destructions.FILE_NAME).unlink(missing_ok=True)
    yield folder
    keyring.write(before, folder)
    (folder / destructions.FILE_NAME).unlink(missing_ok=True)


@pytest.fixture
def drill(world: World, server: postgres.Server) -> Iterator[str]:
    """A new, empty database beside the lost one: the machine it is restored on."""
    name = f"drill_{uuid4().hex[:8]}"
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute(
            f"CREATE DATABASE {name} OWNER {psycopg.conninfo.conninfo_to_dict(server.owner_url)['user']}"
        )
    url = server.owner_url.rpartition("/")[0] + f"/{name}"
    app_url = server.app_url.rpartition("/")[0] + f"/{name}"
    urls = roles.derive_urls({"RUANGAMAN_DATABASE_URL": app_url})
    roles.prepare(url, urls)
    made = {"drill": url, "drill_app": urls[roles.APP], "drill_sealer": urls[roles.SEALER]}
    for alias, address in made.items():
        # As Django's own handler completes the settings of a database.
        connections.settings[alias] = connections.configure_settings(
            {"default": {}, alias: _database(address)}
        )[alias]
    yield "drill"
    for alias in made:
        connections[alias].close()
        del connections.settings[alias]
        del connections[alias]
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def back_up(to: Path, keys: Path, days: int = 0, keep: int = 30) -> Path:
    return backups.backup(
        to=to,
        keep=keep,
        delay_days=DELAY,
        keys=keys,
        ring=keyring.current(),
        at=clock.now() + timedelta(days=days),
        using="owner",
    )


def restore(folder: Path, keys: Path, using: str) -> restoring.Restored:
    return restoring.restore(
        folder=folder, keys=keys, ring=keyring.current(), at=clock.now(), using=using, say=lambda line: None
    )


def story(filed: Filed, using: str) -> str | None:
    """What happened, as whoever holds database and keyring reads it."""
    told = Story.objects.using(using).get(dossier_id=filed.dossier.id)
    key = told.key
    if key.wrapped is None:
        return None
    return unseal(told, "text", unwrap(key.id, key.kek_number, bytes(key.wrapped)))


def test_after_the_drill_the_erased_stays_erased_and_the_rest_opens(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    erased, kept = world.file(**TOLD), world.file(**{**TOLD, "story": "Yang tetap."})
    world.person(Role.SUPERVISOR)
    seal_once(at=clock.now(), using="sealer")
    kept_elsewhere = checkpoint(using="owner")
    folder = back_up(tmp_path, keys)
    approve(world, erased)
    assert carry_out(erased)

    done = restore(folder, keys, drill)

    assert (done.erased_again, done.opens) == (1, True)
    assert story(erased, drill) is None
    assert story(kept, drill) == "Yang tetap."
    assert Dossier.objects.using(drill).get(id=erased.dossier.id).erased_at is not None
    left = "SELECT 1 FROM people_nametoken WHERE dossier_id = %s UNION ALL SELECT 1 FROM intake_thread "
    assert (
        world.rows(left + "WHERE locator IS NOT NULL AND dossier_id = %s", [erased.dossier.id] * 2, drill)
        == []
    )
    assert world.rows("SELECT count(*) FROM access_destruction", using=drill) == [(1,)]
    verbs = Entry.objects.using(drill).order_by("id").values_list("verb", flat=True)
    assert list(verbs)[-2:] == [Verb.RESTORED, Verb.ERASED]

    report = verify(using=drill, kept=[kept_elsewhere])
    assert report.ok, report.findings
    for _second in range(4):  # one seal closes the old epoch, one opens the new one
        seal_once(at=clock.now(), using="drill_sealer")
    assert world.rows("SELECT max(epoch) FROM ledger_seal", using=drill) == [(2,)]
    assert world.rows("SELECT DISTINCT epoch FROM ledger_entry ORDER BY 1", using=drill) == [(1,), (2,)]
    report = verify(using=drill, kept=[kept_elsewhere])
    assert report.ok, report.findings
    assert report.unsealed == 0


def test_a_restored_database_is_the_one_that_was_lost(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    for _ in range(3):
        world.file(**TOLD)
    folder = back_up(tmp_path, keys)
    restore(folder, keys, drill)
    with connections["owner"].cursor() as cursor:
        wanted = [table for table in backups.tables(cursor) if not table.startswith("door.")]
    for table in wanted:
        rows = f"SELECT t::text FROM {table} t ORDER BY 1"
        restored, lost = world.rows(rows, using=drill), world.rows(rows)
        if table == "ledger_entry":  # the restore itself
            assert len(restored) == len(lost) + 1
            restored = [row for row in restored if row in lost]
        assert restored == lost, table
    triggers = "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger ORDER BY 1, 2"
    named = [(table, name, how) for table, name, how in world.rows(triggers) if not name.startswith("RI_")]
    here = [(t, n, how) for t, n, how in world.rows(triggers, using=drill) if not n.startswith("RI_")]
    assert here == named
    ids = "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 't') RETURNING id > 3"
    assert world.rows(ids, using=drill) == [(True,)]


def test_the_door_of_a_restored_database_opens_to_whom_it_opened_before(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    filed, supervisor = world.file(**TOLD), world.person(Role.SUPERVISOR)
    restore(back_up(tmp_path, keys), keys, drill)
    assert world.rows("SELECT count(*) FROM intake_story", using="drill_app") == [(0,)]
    ticket = tickets.sign(purpose="staff", person=supervisor.id, at=clock.now())
    with psycopg.connect(**connections["drill_app"].get_connection_params()) as app:
        app.execute("SELECT set_config('app.ticket', %s, false)", [ticket])
        assert app.execute("SELECT dossier_id FROM intake_story").fetchall() == [(filed.dossier.id,)]


def test_nothing_opens_the_door_before_destructions_are_replayed(
    world: World, keys: Path, drill: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased, supervisor = world.file(**TOLD), world.person(Role.SUPERVISOR)
    folder = back_up(tmp_path, keys)
    approve(world, erased)
    carry_out(erased)

    class Crash(Exception): ...

    def crash(**_how: Any) -> int:
        raise Crash

    monkeypatch.setattr(restoring.erasure, "replay", crash)
    with pytest.raises(Crash):
        restore(folder, keys, drill)
    ticket = tickets.sign(purpose="staff", person=supervisor.id, at=clock.now())
    with psycopg.connect(**connections["drill_app"].get_connection_params()) as app:
        app.execute("SELECT set_config('app.ticket', %s, false)", [ticket])
        assert app.execute("SELECT 1 FROM intake_story").fetchall() == []
    with pytest.raises(Refused, match="not empty"):
        restore(folder, keys, drill)


def test_the_record_of_an_erasure_is_found_in_a_newer_backup_when_the_machine_is_lost(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    erased = world.file(**TOLD)
    older = back_up(tmp_path, keys)
    approve(world, erased)
    carry_out(erased)
    back_up(tmp_path, keys)
    (keys / destructions.FILE_NAME).unlink()
    assert restore(older, keys, drill).erased_again == 1
    assert story(erased, drill) is None
    (line,) = destructions.read(keys / destructions.FILE_NAME, keyring.current())
    assert line.dossier == erased.dossier.id


def test_a_record_of_destructions_that_was_altered_stops_the_restore(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    erased = world.file(**TOLD)
    folder = back_up(tmp_path, keys)
    approve(world, erased)
    carry_out(erased)
    path = keys / destructions.FILE_NAME
    path.write_text(path.read_text().replace(str(erased.dossier.id), str(uuid4())))
    with pytest.raises(destructions.RecordAltered):
        restore(folder, keys, drill)
    assert world.rows("SELECT count(*) FROM pg_class WHERE relname LIKE 'access_%%'", using=drill) == [(0,)]


def test_another_backups_altered_record_is_told_and_does_not_stop_it(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    world.file(**TOLD)
    folder = back_up(tmp_path, keys)
    other = back_up(tmp_path, keys)
    (other / destructions.FILE_NAME).write_text("{}\n")
    said: list[str] = []
    restoring.restore(
        folder=folder, keys=keys, ring=keyring.current(), at=clock.now(), using=drill, say=said.append
    )
    assert any(line.startswith("WARNING") for line in said)


# --- what expires --------------------------------------------------------------------------------------------------


def test_without_its_expired_file_of_keys_the_rest_is_restored_and_nothing_opens(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    filed = world.file(**TOLD)
    folder = back_up(tmp_path, keys)
    backups.expire(to=tmp_path, keep=9, delay_days=DELAY, at=clock.now() + timedelta(days=DELAY, minutes=1))
    assert sorted(path.name.partition("-")[0] for path in folder.iterdir()) == ["data", "manifest.json"]
    done = restore(folder, keys, drill)
    assert not done.opens
    assert story(filed, drill) is None
    assert Dossier.objects.using(drill).filter(id=filed.dossier.id, erased_at=None).exists()
    assert world.rows("SELECT count(*) FROM people_nametoken", using=drill) == [(0,)]
    assert world.rows("SELECT count(*) FROM access_datakey WHERE destroyed_at IS NULL", using=drill) == [(0,)]


def test_a_root_that_was_retired_since_is_named_and_the_rest_is_restored(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    filed = world.file(**TOLD)
    old = keyring.current().active
    folder = back_up(tmp_path, keys)
    rotation.rotate(folder=keys, at=clock.now(), using="owner", say=lambda line: None)
    later = clock.now() + timedelta(days=DELAY)
    rotation.retire(number=old, folder=keys, at=later, delay_days=DELAY, using="owner")
    done = restore(folder, keys, drill)
    assert (done.missing_roots, done.opens) == ((old,), False)
    with pytest.raises(Unreadable):
        story(filed, drill)


def test_files_of_keys_expire_and_only_the_newest_backups_stay(
    world: World, keys: Path, tmp_path: Path
) -> None:
    made = [back_up(tmp_path, keys, days=day) for day in (0, 10, DELAY + 5)]
    assert [folder.name for folder in backups.folders(tmp_path)] == [folder.name for folder in made]
    assert [len(list(folder.glob("keys-*"))) for folder in made] == [0, 1, 1]
    back_up(tmp_path, keys, days=DELAY + 6, keep=2)
    assert [folder.exists() for folder in made] == [False, False, True]


def test_what_only_removal_can_erase_stands_in_the_file_that_expires(database: None) -> None:
    apart = set()
    for model, _name in tables():
        for field in model._meta.concrete_fields:
            line = lines()[f"{model._meta.label_lower}.{field.name}"]
            if line.sealing in ("wrapped", "hashed") and line.on_erasure != "keep":
                whole = backups.EXPIRING.get(model._meta.db_table) == ()
                apart.add((model._meta.db_table, "" if whole else field.column))
    apart |= {("access_datakey", "wrapped")}
    said = {(table, name) for table, names in backups.EXPIRING.items() for name in (names or ("",))}
    assert apart == said


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
    lost, connections["owner"] = connections["owner"], connections[drill]
    try:
        call_command("restore", str(made), stdout=out)
    finally:
        connections["owner"] = lost
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
