"""What the sealer chains, and that everybody's entries come into the chain exactly once."""

import threading
from uuid import uuid4

import psycopg
import pytest
from django.db import connections, transaction

from ruangaman.kernel import clock, keyring
from ruangaman.ledger import sealing
from ruangaman.ledger.actions import record
from ruangaman.ledger.models import Check, Seal
from ruangaman.ledger.states import ActorKind, Verb
from tests.worlds import World

SYSTEM = {"kind": ActorKind.SYSTEM}


def write(times: int = 1) -> None:
    """Entries of the system, each in a transaction of its own."""
    for _ in range(times):
        with transaction.atomic():
            record(Verb.SEARCHED, at=clock.now(), **SYSTEM)


def seal() -> int:
    return sealing.seal_once(at=clock.now(), using="sealer")


def leaves(world: World) -> list[bytes]:
    size = sealing.DIGEST_BYTES
    rows = world.rows("SELECT leaves FROM ledger_seal ORDER BY number")
    return [bytes(row[0])[i : i + size] for row in rows for i in range(0, len(row[0]), size)]


def test_what_is_over_is_sealed_and_what_is_sealed_is_not_sealed_again(world: World) -> None:
    write(3)
    assert seal() == 3
    assert seal() == 0
    write(2)
    assert seal() == 2
    report = sealing.verify(using="sealer")
    assert (report.ok, report.seals, report.entries, report.unsealed) == (True, 2, 5, 0)


def test_the_first_seal_of_an_empty_ledger_is_not_made(world: World) -> None:
    assert seal() == 0
    assert not Seal.objects.using("owner").exists()
    report = sealing.verify(using="sealer")
    assert (report.ok, report.seals, report.entries, report.unsealed) == (True, 0, 0, 0)
    assert sealing.checkpoint(using="sealer")["seal"] == 0


def test_the_window_that_is_not_sealed_yet_is_stated(world: World) -> None:
    write(2)
    assert sealing.verify(using="sealer").unsealed == 2
    seal()
    write(3)
    report = sealing.verify(using="sealer")
    assert (report.ok, report.entries, report.unsealed) == (True, 2, 3)


def test_a_slow_transaction_is_waited_for_and_not_skipped(world: World, server: object) -> None:
    write()
    with psycopg.connect(**plain("default")) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        write(4)
        assert seal() == 1
        assert seal() == 0
        assert sealing.verify(using="sealer").unsealed == 4
        slow.execute(
            "INSERT INTO ledger_entry (id, at, actor_kind, verb, objects_named, fields_named, mac) "
            "VALUES (%s, now(), 'system', 'searched', '{}', '{}', '')",
            [uuid4()],
        )
    assert seal() == 5
    report = sealing.verify(using="sealer")
    assert report.entries == 6
    assert report.unsealed == 0


def plain(using: str) -> dict[str, object]:
    """How to reach the database as that role, without Django between."""
    settings = connections[using].get_connection_params()
    return {k: settings[k] for k in ("dbname", "user", "password", "host", "port") if settings.get(k)}


def test_a_transaction_that_failed_leaves_no_hole(world: World) -> None:
    write()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(Verb.SEARCHED, at=clock.now(), **SYSTEM)
        raise ZeroDivisionError
    write()
    assert seal() == 2
    assert sealing.verify(using="sealer").ok


def test_eight_writers_and_two_sealers_at_once_and_every_entry_is_sealed_exactly_once(world: World) -> None:
    done, each = threading.Event(), 40
    troubles: list[BaseException] = []

    def work(task: object) -> None:
        try:
            task()  # type: ignore[operator]
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connections.close_all()

    def sealer() -> None:
        while not done.is_set():
            seal()

    sealers = [threading.Thread(target=work, args=[sealer]) for _ in range(2)]
    writers = [threading.Thread(target=work, args=[lambda: write(each)]) for _ in range(8)]
    with psycopg.connect(**plain("default")) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        for thread in sealers + writers:
            thread.start()
        for thread in writers[:4]:
            thread.join()
        slow.execute(
            "INSERT INTO ledger_entry (id, at, actor_kind, verb, objects_named, fields_named, mac) "
            "VALUES (%s, now(), 'system', 'searched', '{}', '{}', '')",
            [uuid4()],
        )
    for thread in writers:
        thread.join()
    done.set()
    for thread in sealers:
        thread.join()
    while seal():
        pass
    assert troubles == []
    sealed = leaves(world)
    assert len(sealed) == len(set(sealed)) == 8 * each + 1
    report = sealing.verify(using="sealer")
    assert [finding.what for finding in report.findings] == []
    assert (report.entries, report.unsealed) == (8 * each + 1, 0)


def test_a_second_sealer_steps_aside(world: World) -> None:
    write()
    with psycopg.connect(**plain("sealer")) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('ruangaman/ledger'))")
        assert seal() == 0
    assert seal() == 1


@pytest.mark.parametrize("most", [1, 2, 3, 4, 100])
def test_a_transaction_is_never_cut_in_two(world: World, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(sealing, "MOST_ENTRIES_A_SEAL", most)
    for size in (1, 3, 2, 5):
        with transaction.atomic():
            for _ in range(size):
                record(Verb.SEARCHED, at=clock.now(), **SYSTEM)
    while seal():
        pass
    report = sealing.verify(using="sealer")
    assert (report.ok, report.entries, report.unsealed) == (True, 11, 0)
    ends = {row[0] for row in world.rows("SELECT upto_xid FROM ledger_seal")}
    spread = world.rows(
        "SELECT count(DISTINCT s.number) FROM ledger_entry e JOIN ledger_seal s "
        "ON e.xid::text::bigint >= s.from_xid AND e.xid::text::bigint < s.upto_xid GROUP BY e.xid"
    )
    assert ends
    assert set(spread) == {(1,)}


def new_life(world: World, number: int) -> None:
    world.rows("INSERT INTO door.ledger_epoch (number, reason) VALUES (%s, 'restored')", [number])


def test_after_a_restore_the_old_life_is_closed_and_the_chain_goes_on(world: World) -> None:
    write(2)
    seal()
    write(1)
    new_life(world, 2)
    write(3)
    sealed = seal() + seal()
    assert sealed == 4
    report = sealing.verify(using="sealer")
    assert (report.ok, report.entries, report.unsealed) == (True, 6, 0)
    assert {row[0] for row in world.rows("SELECT epoch FROM ledger_seal")} == {1, 2}


def test_a_life_in_which_no_sealer_ran_is_sealed_as_well(world: World) -> None:
    write(2)
    seal()
    for number in (2, 3):
        new_life(world, number)
        write(2)
    for _ in range(4):
        seal()
    report = sealing.verify(using="sealer")
    assert (report.ok, report.entries, report.unsealed) == (True, 6, 0)
    assert {row[0] for row in world.rows("SELECT epoch FROM ledger_seal")} == {1, 2, 3}


def test_a_new_life_with_much_left_over_from_the_old_one_is_sealed_in_pieces(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(1)
    seal()
    write(5)
    new_life(world, 2)
    write(2)
    monkeypatch.setattr(sealing, "MOST_ENTRIES_A_SEAL", 2)
    for _ in range(12):
        seal()
    report = sealing.verify(using="sealer")
    assert (report.ok, report.entries, report.unsealed) == (True, 8, 0)


def test_a_check_of_the_whole_ledger_is_kept_for_the_data_officer(world: World) -> None:
    write(2)
    seal()
    write(1)
    found = sealing.keep_check(at=clock.now(), using="sealer")
    kept = Check.objects.using("owner").get()
    assert (kept.seals, kept.entries, kept.unsealed, kept.findings) == (1, 2, 1, [])
    assert found.ok


def test_a_checkpoint_holds_the_newest_seal_signed(world: World) -> None:
    write(2)
    seal()
    kept = sealing.checkpoint(using="sealer")
    assert kept["seal"] == 1
    assert kept["public_key"] == sealing.public_key().hex()
    assert sealing.verify(using="sealer", kept=[kept]).ok
    assert keyring.current().derived("ledger/signature").hex() not in str(kept)
