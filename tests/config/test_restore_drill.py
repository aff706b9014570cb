"""The drill: reports, a backup, an erasure, everything lost; and afterwards what was erased stays erased."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from ruangaman.access import rotation
from ruangaman.access.erasure import tables
from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.config import backup as backups
from ruangaman.config import doctor, postgres, restoring
from ruangaman.kernel import clock, destructions, keyring, roles, tickets
from ruangaman.kernel.dictionary import lines
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.ledger.models import Entry
from ruangaman.ledger.sealing import checkpoint, seal_once, verify
from ruangaman.ledger.states import Verb
from tests.access.erasing import TOLD, approve, carry_out
from tests.config.drills import DELAY, back_up, restore, story
from tests.worlds import World


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
    world: World, keys: Path, new_drill: str, tmp_path: Path
) -> None:
    drill = new_drill
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


def test_a_restore_that_stopped_before_it_loaded_anything_is_run_again_and_never_over_somebodys_work(
    world: World, keys: Path, drill: str, tmp_path: Path
) -> None:
    filed, folder = world.file(**TOLD), back_up(tmp_path, keys)
    used = "INSERT INTO access_user (id, email, name, is_active, language, password) VALUES "
    world.rows(used + "(gen_random_uuid(), 'a@uji.example', 'A', true, 'id', '')", using=drill)
    with pytest.raises(Refused, match="not empty"):
        restore(folder, keys, drill)
    world.rows("DELETE FROM access_user", using=drill)
    world.rows("INSERT INTO door.ticket_key VALUES (1, %s, %s)", [b"x" * 64] * 2, drill)
    with pytest.raises(Refused, match="not empty"):
        restore(folder, keys, drill)
    world.rows("DELETE FROM door.ticket_key", using=drill)
    restore(folder, keys, drill)
    assert story(filed, drill) == TOLD["story"]


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
    world: World, keys: Path, new_drill: str, tmp_path: Path
) -> None:
    drill = new_drill
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


# --- before the door opens -----------------------------------------------------------------------------------------


def test_nothing_starts_while_something_lives_that_was_recorded_as_destroyed(
    world: World, keys: Path, server: postgres.Server
) -> None:
    filed = world.file(**TOLD)
    assert doctor.check_destructions(keys, server.app_url) == "recorded erasures: none"
    line = destructions.Destroyed(filed.dossier.id, world.unit.id, (), clock.now(), "request")
    destructions.append(keys, keyring.current(), line)
    urls = roles.derive_urls({"RUANGAMAN_DATABASE_URL": server.app_url})
    for url in (urls[roles.APP], urls[roles.WORKER], server.owner_url):
        with pytest.raises(doctor.Refusal, match="1 dossiers that were erased"):
            doctor.check_destructions(keys, url)
    call_command("erase", stdout=StringIO())
    assert doctor.check_destructions(keys, server.app_url) == "recorded erasures: 1, all carried out"


def test_nothing_starts_with_an_altered_record_or_without_a_keyring(
    world: World, keys: Path, server: postgres.Server, tmp_path: Path
) -> None:
    (keys / destructions.FILE_NAME).write_text("{}\n")
    with pytest.raises(doctor.Refusal, match="altered"):
        doctor.check_destructions(keys, server.app_url)
    with pytest.raises(doctor.Refusal, match="No keyring"):
        doctor.check_destructions(tmp_path, server.app_url)
