"""Entries are only ever added, in one's own name, inside the act they tell; and who may read them."""

import pytest
from django.db import DatabaseError, ProgrammingError, transaction

from ruangaman.access.states import Role
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.ledger import queries, sealing
from ruangaman.ledger.actions import record
from ruangaman.ledger.models import Entry
from ruangaman.ledger.states import ActorKind, Verb
from tests.access.filled import tried
from tests.ledger.test_sealing import seal, write
from tests.worlds import World, acting

TABLES = ("ledger_entry", "ledger_seal")


def test_an_entry_outside_a_transaction_is_refused(world: World) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        record(Verb.OPENED, at=clock.now(), kind=ActorKind.SYSTEM)


def test_an_entry_goes_with_the_act_it_tells(world: World) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(Verb.OPENED, at=clock.now(), kind=ActorKind.SYSTEM)
        raise ZeroDivisionError
    assert not Entry.objects.using("owner").exists()


@pytest.mark.parametrize("using", ["default", "worker"])
def test_nobody_writes_an_entry_in_somebody_elses_name(world: World, using: str) -> None:
    head, colleague = world.person(Role.HEAD), world.person(Role.SUPERVISOR)
    with acting(head, using=using):
        record(Verb.OPENED, at=clock.now(), by=head.id, using=using)
        for name in (colleague.id, None):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(using=using):
                record(Verb.OPENED, at=clock.now(), by=name, using=using)
    with acting(using=using), pytest.raises(DatabaseError, match="row-level security"):
        record(Verb.OPENED, at=clock.now(), by=head.id, using=using)
    assert [row[0] for row in world.rows("SELECT actor_id FROM ledger_entry")] == [head.id]


@pytest.mark.parametrize("using", ["default", "worker", "sealer", "counter"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET epoch = epoch", "DELETE FROM {}", "TRUNCATE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"],
)
def test_no_run_time_role_changes_or_removes_an_entry_or_a_seal(
    world: World, using: str, table: str, statement: str
) -> None:
    write()
    seal()
    assert tried(statement.format(table), using=using) is None


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET epoch = epoch", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_owner_can_not_change_or_remove_one_by_a_slip_either(
    world: World, table: str, statement: str
) -> None:
    write()
    seal()
    with (
        pytest.raises(ProgrammingError, match=r"only ever added|Cannot update or delete"),
        transaction.atomic(using="owner"),
    ):
        world.rows(statement.format(table))
    assert world.rows(f"SELECT count(*) FROM {table}") == [(1,)]


@pytest.mark.parametrize("using", ["default", "worker"])
@pytest.mark.parametrize("column", ["xid", "epoch"])
def test_an_entry_can_not_be_dated_back_by_who_writes_it(world: World, using: str, column: str) -> None:
    values = {"xid": "'3'::xid8", "epoch": "0"}[column]
    assert tried(
        f"INSERT INTO ledger_entry (id, at, actor_kind, verb, objects_named, fields_named, mac, {column}) "
        f"VALUES (gen_random_uuid(), now(), 'system', 'opened', '{{}}', '{{}}', '', {values})",
        using=using,
    ) is None  # fmt: skip


def test_only_the_sealer_adds_seals_and_it_adds_no_entries(world: World) -> None:
    columns = "(number, epoch, from_xid, upto_xid, count, leaves, previous, digest, signature, sealed_at)"
    for using in ("default", "worker", "counter"):
        assert (
            tried(
                f"INSERT INTO ledger_seal {columns} VALUES (1, 1, 0, 1, 0, '', '', '', '', now())",
                using=using,
            )
            is None
        )
    assert tried("INSERT INTO ledger_entry (id) VALUES (gen_random_uuid())", using="sealer") is None


def test_the_journal_is_read_by_the_head_and_the_data_officer_of_the_unit_alone(world: World) -> None:
    for unit in (world.unit, world.other):
        with transaction.atomic():
            record(
                Verb.REPORT_RECEIVED, at=clock.now(), kind=ActorKind.REPORTER, unit=unit.id, dossier=new_id()
            )
    write()
    readers = {Role.HEAD, Role.DATA_OFFICER}
    for role in Role.values:
        with acting(world.person(role)):
            units = {entry.unit_id for entry in Entry.objects.all()}
            assert units == ({world.unit.id} if role in readers else set()), role


def test_everybody_reads_what_they_did_themselves(world: World) -> None:
    analyst = world.person(Role.ANALYST)
    with acting(analyst):
        entry = record(Verb.SIGNED_IN, at=clock.now(), by=analyst.id)
        assert [e.id for e in Entry.objects.all()] == [entry]


def test_the_state_of_the_chain_is_shown_to_who_reads_the_journal(world: World) -> None:
    write(2)
    seal()
    sealing.keep_check(at=clock.now(), using="sealer")
    with acting(world.person(Role.DATA_OFFICER)):
        newest, check = queries.newest_seal(), queries.newest_check()
        assert newest is not None
        assert check is not None
        assert (newest.number, newest.count, check.entries) == (1, 2, 2)
        assert tried("SELECT digest, signature, leaves FROM ledger_seal") is None
    with acting(world.person(Role.COMPANION)):
        assert queries.newest_seal() is None
        assert queries.newest_check() is None


def test_a_page_of_entries_goes_on_where_the_last_one_ended(world: World) -> None:
    dossier = new_id()
    for _ in range(5):
        with transaction.atomic():
            record(
                Verb.OPENED,
                at=clock.now(),
                kind=ActorKind.SYSTEM,
                unit=world.unit.id,
                dossier=dossier,
                fields=["identity"],
            )
    with acting(world.person(Role.HEAD)):
        first = queries.entries_of(units=[world.unit.id], size=2)
        second = queries.entries_of(units=[world.unit.id], before=first[1].id, size=2)
        assert len(first) == len(second) == 3
        assert first[2].id == second[0].id
        assert len(queries.entries_about(dossier)) == 5
        assert queries.sentence(first[0], {"identity": "Identitas"}) == "membuka: Identitas"


def test_a_sentence_tells_what_was_done_also_of_a_verb_from_another_version() -> None:
    assert queries.sentence(Entry(verb=Verb.SIGNED_IN, fields_named=[]), {}) == "masuk"
    assert queries.sentence(Entry(verb="from_tomorrow", fields_named=[]), {}) == "from_tomorrow"
