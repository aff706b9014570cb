"""Two records of one person: proposed, laid side by side, decided, undone; nothing merges itself (care.md 18)."""

import pytest
from django.db import DatabaseError, IntegrityError

from ruangaman.access.models import User
from ruangaman.access.states import Role, Stage
from ruangaman.kernel.errors import Refused
from ruangaman.people.models import Person
from ruangaman.people.queries.likenesses import links_of, ones_of, other_files
from ruangaman.people.states import PersonRole, Relation, Sameness
from tests.people.alike import decided, one_of, twice, two_files, undone, walled
from tests.people.people import added, case, guardian, put_on_team
from tests.worlds import World, acting

# --- inside one file --------------------------------------------------------------------------------------------------


def test_nothing_merges_itself(world: World) -> None:
    _filed, _manager, first, second = twice(world)
    assert one_of(world, first, second) == [first.id, second.id]


def test_who_writes_identities_says_that_two_records_are_one_person(world: World) -> None:
    filed, manager, first, second = twice(world)
    decided(world, manager, second, first)
    assert one_of(world, first, second) == [first.id, first.id]
    with acting(manager):
        assert ones_of(world.viewer(manager), filed.dossier.id) == {first.id: first.id, second.id: first.id}


def test_the_one_is_the_record_of_the_clients_own_section(world: World) -> None:
    filed, manager = case(world)
    neighbour = added(filed, manager, PersonRole.WITNESS, "Ibu Rekaan").person
    client = added(filed, manager, PersonRole.CLIENT, "Siti Rekaan").person
    decided(world, manager, neighbour, client)
    assert neighbour.id < client.id
    assert one_of(world, neighbour, client) == [client.id, client.id]


def test_undoing_gives_each_record_back_and_keeps_both_decisions_to_be_read(world: World) -> None:
    filed, manager, first, second = twice(world)
    link = decided(world, manager, first, second)
    undone(world, manager, link)
    assert one_of(world, first, second) == [first.id, second.id]
    decided(world, manager, first, second, Sameness.DIFFERENT)
    with acting(manager):
        kept = links_of(world.viewer(manager), filed.dossier.id)
    assert [(one.decision, one.undone_at is None) for one in kept] == [("different", True), ("same", False)]


def test_what_was_undone_stays_undone(world: World) -> None:
    _filed, manager, first, second = twice(world)
    link = decided(world, manager, first, second)
    undone(world, manager, link)
    with pytest.raises(Refused, match="sudah dibatalkan"):
        undone(world, manager, link)
    with pytest.raises(DatabaseError, match="stays undone"), acting(manager):
        world.rows(
            "UPDATE people_likeness SET undone_at = NULL, undone_by_id = NULL WHERE id = %s",
            [link.id],
            "default",
        )


def test_a_pair_is_decided_once(world: World) -> None:
    _filed, manager, first, second = twice(world)
    decided(world, manager, first, second, Sameness.DIFFERENT)
    with pytest.raises(Refused, match="sudah ada keputusan"):
        decided(world, manager, second, first)


def test_a_record_is_not_compared_with_itself(world: World) -> None:
    _filed, manager, first, _second = twice(world)
    with pytest.raises(Refused, match="satu catatan yang sama"):
        decided(world, manager, first, first)


def test_the_reported_person_is_not_made_one_with_the_client(world: World) -> None:
    """care.md 21: never a reported person in her own file."""
    filed, manager, first, _second = twice(world)
    reported = added(filed, manager, PersonRole.REPORTED, "Pak Rekaan").person
    with pytest.raises(Refused, match="Terlapor tidak bisa disatukan"):
        decided(world, manager, first, reported)
    assert one_of(world, first, reported) == [first.id, reported.id]


def test_nor_over_a_third_record(world: World) -> None:
    """care.md 10, 21: whoever is linked to both would make them one."""
    filed, manager, first, _second = twice(world)
    reported = added(filed, manager, PersonRole.REPORTED, "Pak Rekaan").person
    witness = added(filed, manager, PersonRole.WITNESS, "Saksi Rekaan").person
    decided(world, manager, witness, reported)
    with pytest.raises(Refused, match="Terlapor tidak bisa disatukan"):
        decided(world, manager, witness, first)


def test_nor_by_a_part_that_is_given_afterwards(world: World) -> None:
    """care.md 10: the father who was written down twice is no guardian under his other record either."""
    filed, manager = case(world)
    child = added(filed, manager, PersonRole.CLIENT, "Melati Rekaan", age=12).person
    father = added(filed, manager, PersonRole.REPORTED, "Budi Rekaan").person
    uncle = added(filed, manager, PersonRole.HOUSEHOLD, "Om Budi").person
    decided(world, manager, father, uncle)
    with pytest.raises(IntegrityError, match="neither guardian nor client"), acting(manager):
        world.rows(
            "INSERT INTO people_part (id, dossier_id, unit_id, stage, section, person_id, of_id, role, relation, "
            "status, refusal, since) SELECT gen_random_uuid(), dossier_id, unit_id, stage, 'identity', %s, %s, "
            "'guardian', 'aunt_uncle', 'active', '', now() FROM people_person WHERE id = %s",
            [uncle.id, child.id, child.id],
            "default",
        )


def test_two_records_of_a_child_with_a_guardian_each_are_not_joined_before_one_guardian_is_left(
    world: World,
) -> None:
    filed, manager = case(world)
    first = added(filed, manager, PersonRole.CLIENT, "Melati Rekaan", age=12).person
    second = added(filed, manager, PersonRole.CLIENT, "Melatih Rekaan", age=12).person
    guardian(world, filed, manager, first, "Ibu Rekaan", Relation.MOTHER)
    guardian(world, filed, manager, second, "Bibi Lain", Relation.AUNT_UNCLE)
    with pytest.raises(Refused, match="dua wali"):
        decided(world, manager, first, second)


def test_nobody_becomes_their_own_guardian(world: World) -> None:
    filed, manager = case(world)
    child = added(filed, manager, PersonRole.CLIENT, "Melati Rekaan", age=12).person
    part = guardian(world, filed, manager, child, "Ibu Rekaan", Relation.MOTHER)
    with pytest.raises(Refused, match="walinya sendiri"):
        decided(world, manager, child, part.person)


# --- across files -----------------------------------------------------------------------------------------------------


def test_a_supervisor_links_the_records_of_two_files_and_each_keeps_its_own(world: World) -> None:
    filed, later, manager, first, second = two_files(world)
    supervisor = world.person(Role.SUPERVISOR)
    decided(world, supervisor, first, second)
    assert one_of(world, first, second) == [first.id, second.id]
    with acting(supervisor):
        viewer = world.viewer(supervisor)
        assert [one.reference for one in other_files(viewer, filed.dossier.id)] == [later.reference]
        assert [one.reference for one in other_files(viewer, later.dossier.id)] == [filed.reference]
    with acting(manager):
        assert [one.people for one in other_files(world.viewer(manager), filed.dossier.id)] == [(first.id,)]


def test_a_case_manager_does_not_link_two_files(world: World) -> None:
    _filed, _later, manager, first, second = two_files(world)
    with pytest.raises(Refused, match="diputuskan penyelia"):
        decided(world, manager, first, second)


def test_nor_by_raw_sql(world: World) -> None:
    _filed, _later, manager, first, second = two_files(world)
    with pytest.raises(DatabaseError, match="row-level security"), acting(manager):
        insert_link(world, manager, first, second)


def insert_link(world: World, by: User, first: Person, second: Person) -> None:
    world.rows(
        "INSERT INTO people_likeness (id, dossier_id, unit_id, stage, person_id, other_id, other_dossier_id, decision, "
        "why, decided_by_id, decided_at) SELECT gen_random_uuid(), p.dossier_id, p.unit_id, p.stage, p.id, %s, %s, "
        "'same', '[]', %s, now() FROM people_person p WHERE p.id = %s",
        [second.id, second.dossier_id, by.id, first.id],
        "default",
    )


def test_records_of_two_units_are_never_joined(world: World) -> None:
    """care.md 18: across units it says "hubungi unit X" only."""
    filed, manager = case(world)
    first = added(filed, manager, PersonRole.CLIENT, "Siti Rekaan").person
    elsewhere = world.file(place="32.76")
    both = world.person(Role.SUPERVISOR)
    world.seat(both, world.other, Role.SUPERVISOR)
    second = added(elsewhere, both, PersonRole.CLIENT, "Siti Rekaan").person
    assert first.unit_id != second.unit_id
    with pytest.raises(Refused, match="dua unit"):
        decided(world, both, first, second)
    with pytest.raises(IntegrityError, match="of one unit"), acting(both):
        insert_link(world, both, first, second)


def test_a_link_lies_in_the_file_that_may_be_written_where_the_other_is_closed(world: World) -> None:
    filed, later, _manager, first, second = two_files(world)
    world.move(filed, Stage.CLOSED)
    link = decided(world, world.person(Role.SUPERVISOR), first, second)
    assert (link.dossier_id, link.other_dossier_id) == (later.dossier.id, filed.dossier.id)
    undone(world, world.person(Role.SUPERVISOR), link)


def test_files_are_told_over_all_links_but_not_beyond_one_that_is_out_of_reach(world: World) -> None:
    filed, later, manager, first, second = two_files(world)
    third, _manager = case(world)
    last = added(third, manager, PersonRole.CLIENT, "Siti R. Melati").person
    supervisor = world.person(Role.SUPERVISOR)
    decided(world, supervisor, first, second)
    decided(world, supervisor, second, last)
    with acting(supervisor):
        seen = other_files(world.viewer(supervisor), filed.dossier.id)
    assert {one.reference for one in seen} == {later.reference, third.reference}
    walled(world, later, supervisor)
    with acting(supervisor):
        assert other_files(world.viewer(supervisor), filed.dossier.id) == []
        assert links_of(world.viewer(supervisor), filed.dossier.id) == []


def test_who_sees_one_file_only_does_not_see_the_link(world: World) -> None:
    filed, later, _manager, first, second = two_files(world)
    decided(world, world.person(Role.SUPERVISOR), first, second)
    companion = world.person(Role.COMPANION)
    put_on_team(world, filed, companion, Role.COMPANION)
    with acting(companion):
        assert world.rows("SELECT id FROM people_likeness", using="default") == []
        assert other_files(world.viewer(companion), filed.dossier.id) == []
    put_on_team(world, later, companion, Role.COMPANION)
    with acting(companion):
        assert len(world.rows("SELECT id FROM people_likeness", using="default")) == 1


@pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.ANALYST, Role.ADMINISTRATOR, Role.PARTNER_OFFICER])
def test_who_sees_no_identity_sees_no_link(world: World, role: Role) -> None:
    filed, _manager, first, second = twice(world)
    decided(world, world.person(Role.SUPERVISOR), first, second)
    if role == Role.PARTNER_OFFICER:
        world.grant(filed, world.hospital.id, "identity", writes=True)
    with acting(world.person(role)):
        assert world.rows("SELECT id FROM people_likeness", using="default") == []


def test_an_erased_file_is_nobodys_other_file(world: World) -> None:
    filed, later, _manager, first, second = two_files(world)
    supervisor = world.person(Role.SUPERVISOR)
    decided(world, supervisor, first, second)
    world.rows("UPDATE access_dossier SET erased_at = now() WHERE id = %s", [later.dossier.id])
    assert world.rows("SELECT id FROM people_likeness") == []
    with acting(supervisor):
        assert other_files(world.viewer(supervisor), filed.dossier.id) == []
    with pytest.raises((Refused, IntegrityError)):
        decided(world, supervisor, first, second)


# --- the database -----------------------------------------------------------------------------------------------------


def test_who_is_one_with_whom_can_not_be_written(world: World) -> None:
    _filed, manager, first, second = twice(world)
    with pytest.raises(DatabaseError, match="permission denied"), acting(manager):
        world.rows("UPDATE people_person SET one_id = %s WHERE id = %s", [first.id, second.id], "default")


def test_a_link_is_decided_in_the_own_name(world: World) -> None:
    _filed, manager, first, second = twice(world)
    with pytest.raises(DatabaseError, match="own name"), acting(manager):
        insert_link(world, world.person(Role.SUPERVISOR), first, second)


def test_a_decision_can_not_be_altered(world: World) -> None:
    _filed, manager, first, second = twice(world)
    link = decided(world, manager, first, second)
    with pytest.raises(DatabaseError, match="permission denied"), acting(manager):
        world.rows("UPDATE people_likeness SET decision = 'different' WHERE id = %s", [link.id], "default")


def test_who_may_not_write_identities_decides_nothing(world: World) -> None:
    filed, _manager, first, second = twice(world)
    lawyer = world.person(Role.LAWYER)
    put_on_team(world, filed, lawyer, Role.LAWYER)
    with pytest.raises(Refused, match="tidak bisa Anda ubah"):
        decided(world, lawyer, first, second)
    with pytest.raises(DatabaseError, match="row-level security"), acting(lawyer):
        insert_link(world, lawyer, first, second)
