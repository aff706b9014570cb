"""Whoever alters the ledger, even as the owner with every trigger set aside, is found, and the place is named."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command

from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.ledger import sealing
from ruangaman.ledger.actions import authentication_code
from tests.ledger.test_sealing import new_life, seal, write
from tests.worlds import World

Alter = Callable[..., None]


@pytest.fixture
def alter(world: World, server: Any) -> Alter:
    """A database administrator who sets every trigger aside."""

    def change(statement: str, values: Any = ()) -> None:
        with psycopg.connect(server.admin_url, autocommit=True) as admin:
            admin.execute("SET session_replication_role = replica")
            admin.execute(statement, values)

    return change


def sealed(world: World) -> list[UUID]:
    """Three seals of three entries each; gives the ids in order."""
    for _ in range(3):
        write(3)
        assert seal() == 3
    assert sealing.verify(using="sealer").ok
    return [row[0] for row in world.rows("SELECT id FROM ledger_entry ORDER BY xid, id")]


def told(**kept: Any) -> str:
    return "; ".join(f"{f.where}: {f.what}" for f in sealing.verify(using="sealer", **kept).findings)


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_id = gen_random_uuid()",
        "actor_kind = 'staff'",
        "verb = 'opened'",
        "unit_id = gen_random_uuid()",
        "dossier_id = gen_random_uuid()",
        "objects_named = ARRAY[gen_random_uuid()]",
        "fields_named = ARRAY['name']",
        "mac = 'x'",
    ],
)
def test_a_changed_entry_is_found(world: World, alter: Alter, change: str) -> None:
    entries = sealed(world)
    alter(f"UPDATE ledger_entry SET {change} WHERE id = %s", [entries[4]])
    assert told() == f"seal 2, entry {entries[4]} (place 2): the entry was altered or inserted"


def test_a_changed_entry_with_a_mac_that_fits_is_found(world: World, alter: Alter) -> None:
    entries = sealed(world)
    row = world.rows(
        "SELECT id, at, actor_id, actor_kind, unit_id, dossier_id, objects_named, fields_named FROM ledger_entry "
        "WHERE id = %s",
        [entries[1]],
    )[0]
    mac = authentication_code(*row[:4], "opened", *row[4:])
    alter("UPDATE ledger_entry SET verb = 'opened', mac = %s WHERE id = %s", [mac, entries[1]])
    assert told().startswith(f"seal 1, entry {entries[1]} (place 2): ")


@pytest.mark.parametrize("place", range(9))
def test_a_removed_entry_is_found(world: World, alter: Alter, place: int) -> None:
    entries = sealed(world)
    alter("DELETE FROM ledger_entry WHERE id = %s", [entries[place]])
    assert told() == f"seal {place // 3 + 1}, place {place % 3 + 1}: an entry was removed"


def test_every_entry_of_a_seal_removed_is_found(world: World, alter: Alter) -> None:
    entries = sealed(world)
    alter("DELETE FROM ledger_entry WHERE id = ANY(%s)", [entries[3:6]])
    assert told().count("an entry was removed") == 3


def test_one_removed_and_one_changed_are_both_found(world: World, alter: Alter) -> None:
    entries = sealed(world)
    alter("DELETE FROM ledger_entry WHERE id = %s", [entries[3]])
    alter("UPDATE ledger_entry SET verb = 'opened' WHERE id = %s", [entries[5]])
    found = told()
    assert "seal 2, place 1" in found or "an entry was removed" in found
    assert str(entries[5]) in found


def test_an_entry_dated_back_into_a_sealed_transaction_is_found(world: World, alter: Alter) -> None:
    entries, new, at = sealed(world), new_id(), clock.now() - timedelta(days=2)
    mac = authentication_code(new, at, None, "system", "opened", None, None, [], [])
    alter(
        "INSERT INTO ledger_entry (id, at, actor_kind, verb, objects_named, fields_named, mac, epoch, xid) "
        "SELECT %s, %s, 'system', 'opened', '{}', '{}', %s, epoch, xid FROM ledger_entry WHERE id = %s",
        [new, at, mac, entries[4]],
    )
    assert told() == f"seal 2, entry {new} (place 3): an entry was inserted"


@pytest.mark.parametrize("epoch", [0, -1])
def test_an_entry_put_before_the_first_life_is_found(world: World, alter: Alter, epoch: int) -> None:
    entries, new = sealed(world), new_id()
    alter(
        "INSERT INTO ledger_entry (id, at, actor_kind, verb, objects_named, fields_named, mac, epoch, xid) "
        "SELECT %s, at, actor_kind, verb, objects_named, fields_named, mac, %s, xid FROM ledger_entry WHERE id = %s",
        [new, epoch, entries[4]],
    )
    assert told() == f"entry {new}: an entry was inserted where no seal can be"


def test_entries_that_changed_places_are_found(world: World, alter: Alter) -> None:
    entries = sealed(world)
    first, last = (
        world.rows("SELECT xid::text FROM ledger_entry WHERE id = %s", [e])[0][0]
        for e in (entries[3], entries[5])
    )
    alter("UPDATE ledger_entry SET xid = %s::xid8 WHERE id = %s", [last, entries[3]])
    alter("UPDATE ledger_entry SET xid = %s::xid8 WHERE id = %s", [first, entries[5]])
    found = told()
    assert "the entry's number or order was altered" in found
    assert f"seal 2, entry {entries[3]}" in found
    assert f"seal 2, entry {entries[5]}" in found


def test_an_entry_moved_from_one_seal_to_another_is_found_in_both(world: World, alter: Alter) -> None:
    entries = sealed(world)
    xid = world.rows("SELECT xid::text FROM ledger_entry WHERE id = %s", [entries[8]])[0][0]
    alter("UPDATE ledger_entry SET xid = %s::xid8 WHERE id = %s", [xid, entries[0]])
    found = told()
    assert "seal 1, place 1: an entry was removed" in found
    assert f"seal 3, entry {entries[0]}" in found


def test_a_sealed_entry_moved_into_the_unsealed_window_is_found(world: World, alter: Alter) -> None:
    entries = sealed(world)
    alter("UPDATE ledger_entry SET xid = '9000000000000000000'::xid8 WHERE id = %s", [entries[4]])
    assert "seal 2, place 2: an entry was removed" in told()


def test_a_forged_entry_in_the_unsealed_window_is_found(world: World, alter: Alter) -> None:
    sealed(world)
    write(1)
    alter(
        "UPDATE ledger_entry SET mac = 'forged' WHERE id = (SELECT id FROM ledger_entry ORDER BY xid DESC LIMIT 1)"
    )
    assert told().endswith("not sealed yet: the entry was altered or forged")


@pytest.mark.parametrize(
    "change",
    [
        "digest = sha256(digest)",
        "previous = sha256(previous)",
        "leaves = ''",
        "count = count + 1",
        "upto_xid = upto_xid + 1",
        "from_xid = from_xid - 1",
        "epoch = 1000",
    ],
)
def test_an_altered_seal_is_found(world: World, alter: Alter, change: str) -> None:
    sealed(world)
    alter(f"UPDATE ledger_seal SET {change} WHERE number = 2")
    assert "seal 2: the chain is broken" in told()


def test_a_seal_with_a_signature_of_somebody_else_is_found(world: World, alter: Alter) -> None:
    sealed(world)
    alter("UPDATE ledger_seal SET signature = repeat('x', 64)::bytea WHERE number = 2")
    assert told() == "seal 2: the signature is not ours"


def test_a_whole_chain_made_anew_without_the_key_is_found(world: World, alter: Alter) -> None:
    entries = sealed(world)
    alter("UPDATE ledger_entry SET verb = 'opened' WHERE id = %s", [entries[0]])
    previous = sealing.START
    columns = "number, epoch, from_xid, upto_xid, count"
    for seal_row in world.rows(f"SELECT {columns} FROM ledger_seal ORDER BY number"):
        rows = world.rows(
            f"SELECT {sealing.COLUMNS} FROM ledger_entry WHERE xid::text::bigint >= %s AND xid::text::bigint < %s "
            "ORDER BY xid, id",
            [seal_row[2], seal_row[3]],
        )
        leaves = b"".join(sealing.leaf(1, row) for row in rows)
        digest = sealing.link(*seal_row, leaves, previous)
        alter(
            "UPDATE ledger_seal SET leaves = %s, previous = %s, digest = %s, signature = %s WHERE number = %s",
            [leaves, previous, digest, hashlib.sha512(digest).digest(), seal_row[0]],
        )
        previous = digest
    assert told().count("the signature is not ours") == 3


def test_a_removed_seal_is_found_with_its_number(world: World, alter: Alter) -> None:
    sealed(world)
    alter("DELETE FROM ledger_seal WHERE number = 2")
    found = told()
    assert "seal 3: seal 2 is missing" in found
    assert "seal 3: the chain is broken" in found


def test_a_removed_first_seal_is_found(world: World, alter: Alter) -> None:
    sealed(world)
    alter("DELETE FROM ledger_seal WHERE number = 1")
    assert "seal 2: seal 1 is missing" in told()


def test_a_gap_between_two_seals_is_found(world: World, alter: Alter) -> None:
    sealed(world)
    row = world.rows(
        "SELECT number, epoch, from_xid, upto_xid, count, leaves, previous FROM ledger_seal WHERE number = 3"
    )[0]
    digest = sealing.link(row[0], row[1], row[2] + 1, row[3], row[4], bytes(row[5]), bytes(row[6]))
    alter(
        "UPDATE ledger_seal SET from_xid = from_xid + 1, digest = %s, signature = %s WHERE number = 3",
        [digest, sealing.signing_key().sign(digest)],
    )
    assert "seal 3: the seal does not begin where the one before it ended" in told()


def test_an_end_that_was_cut_off_is_found_by_a_kept_checkpoint_only(world: World, alter: Alter) -> None:
    entries = sealed(world)
    kept = sealing.checkpoint(using="sealer")
    alter("DELETE FROM ledger_seal WHERE number = 3")
    alter("DELETE FROM ledger_entry WHERE id = ANY(%s)", [entries[6:]])
    assert told() == ""
    assert (
        told(kept=[kept])
        == "checkpoint 3: the chain no longer holds this seal: the end was cut off or rewritten"
    )


def test_the_whole_ledger_emptied_is_found_by_a_kept_checkpoint(world: World, alter: Alter) -> None:
    sealed(world)
    kept = sealing.checkpoint(using="sealer")
    alter("DELETE FROM ledger_seal")
    alter("DELETE FROM ledger_entry")
    assert "checkpoint 3" in told(kept=[kept])


def test_a_cut_off_end_is_still_found_when_the_sealer_has_gone_on(world: World, alter: Alter) -> None:
    entries = sealed(world)
    kept = sealing.checkpoint(using="sealer")
    alter("DELETE FROM ledger_seal WHERE number = 3")
    alter("DELETE FROM ledger_entry WHERE id = ANY(%s)", [entries[6:]])
    write(2)
    seal()
    assert told() == ""
    assert "rewritten" in told(kept=[kept])


def test_a_checkpoint_of_another_installation_proves_nothing(world: World) -> None:
    sealed(world)
    kept = sealing.checkpoint(using="sealer")
    for change in ({"signature": "00" * 64}, {"public_key": "00" * 32}, {"digest": "00" * 32}):
        assert (
            told(kept=[kept | change]) == "checkpoint 3: the checkpoint was not signed by this installation"
        )


def test_a_checkpoint_of_an_empty_ledger_proves_nothing_and_harms_nothing(world: World) -> None:
    empty = sealing.checkpoint(using="sealer")
    sealed(world)
    assert told(kept=[empty]) == ""


def test_what_was_altered_in_an_old_life_is_found(world: World, alter: Alter) -> None:
    entries = sealed(world)
    new_life(world, 2)
    write(1)
    seal()
    seal()
    assert told() == ""
    alter("DELETE FROM ledger_entry WHERE id = %s", [entries[2]])
    assert told() == "seal 1, place 3: an entry was removed"


def test_the_command_says_what_it_found_and_ends_with_an_error(
    world: World,
    alter: Alter,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries = sealed(world)
    from ruangaman.config.management.commands import ledger_verify

    check = sealing.verify
    monkeypatch.setattr(ledger_verify, "verify", lambda kept: check(using="sealer", kept=kept))
    call_command("ledger_verify")
    assert "9 entries under 3 seals; 0 newer ones not sealed yet." in capsys.readouterr().out
    kept = tmp_path / "checkpoint.json"
    kept.write_text(json.dumps(sealing.checkpoint(using="sealer")))
    call_command("ledger_verify", checkpoint=[str(kept)])
    assert "holds 1 checkpoints" in capsys.readouterr().out
    alter("DELETE FROM ledger_entry WHERE id = %s", [entries[0]])
    with pytest.raises(SystemExit) as end:
        call_command("ledger_verify")
    assert end.value.code == 1
    assert "ALTERED  seal 1, place 1: an entry was removed" in capsys.readouterr().out


def test_the_kept_check_tells_what_was_found(world: World, alter: Alter) -> None:
    entries = sealed(world)
    alter("DELETE FROM ledger_entry WHERE id = %s", [entries[0]])
    sealing.keep_check(at=clock.now(), using="sealer")
    findings = world.rows("SELECT findings FROM ledger_check")[0][0]
    assert "an entry was removed" in json.dumps(findings)


def test_entries_told_in_another_order_by_who_holds_the_key_are_found(world: World, alter: Alter) -> None:
    sealed(world)
    columns = "number, epoch, from_xid, upto_xid, count"
    row = world.rows(f"SELECT {columns}, leaves, previous FROM ledger_seal WHERE number = 3")[0]
    size, leaves = sealing.DIGEST_BYTES, bytes(row[5])
    turned = leaves[size : 2 * size] + leaves[:size] + leaves[2 * size :]
    digest = sealing.link(*row[:5], turned, bytes(row[6]))
    alter(
        "UPDATE ledger_seal SET leaves = %s, digest = %s, signature = %s WHERE number = 3",
        [turned, digest, sealing.signing_key().sign(digest)],
    )
    assert told() == "seal 3: entries were reordered"
