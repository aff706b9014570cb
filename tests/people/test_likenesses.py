"""Two records of one person: proposed, laid side by side, decided, undone; nothing merges itself (care.md 18)."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError
from django.urls import reverse

from ruangaman.access.models import User
from ruangaman.access.states import Role, Stage
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.actions.likenesses import decide_same, undo_same
from ruangaman.people.models import Likeness, Person
from ruangaman.people.queries.likenesses import alike_elsewhere, alike_inside, links_of, ones_of, other_files
from ruangaman.people.states import PersonRole, Relation, Sameness, Sex
from tests.people.people import added, case, guardian, put_on_team
from tests.worlds import Filed, World, acting


def decided(
    world: World, by: User, person: Person, other: Person, decision: Sameness = Sameness.SAME, **more: Any
) -> Likeness:
    """A decision about two records, as the page makes it."""
    viewer = world.viewer(by)
    with acting(by):
        pair = [Person.objects.select_related("dossier").get(id=one.id) for one in (person, other)]
        return decide_same(
            viewer=viewer, person=pair[0], other=pair[1], decision=decision, at=clock.now(), **more
        )


def undone(world: World, by: User, likeness: Likeness) -> Likeness:
    viewer = world.viewer(by)
    with acting(by):
        found = Likeness.objects.select_related("dossier").get(id=likeness.id)
        return undo_same(viewer=viewer, likeness=found, at=clock.now())


def one_of(world: World, *people: Person) -> list[Any]:
    """Which one each of these records was found to be, as the database keeps it."""
    rows = dict(world.rows("SELECT id, one_id FROM people_person"))
    return [rows[person.id] for person in people]


def twice(world: World) -> tuple[Filed, User, Person, Person]:
    """A case in which one woman was written down twice."""
    filed, manager = case(world)
    first = added(filed, manager, PersonRole.CLIENT, "Siti Rekaan Melati", age=30, sex=Sex.FEMALE).person
    second = added(filed, manager, PersonRole.CLIENT, "Sitti Rekaan Melati", age=31, sex=Sex.FEMALE).person
    return filed, manager, first, second


def two_files(world: World) -> tuple[Filed, Filed, User, Person, Person]:
    """Two cases of one unit with a woman of the same name in each."""
    filed, manager = case(world)
    later, _manager = case(world)
    first = added(filed, manager, PersonRole.CLIENT, "Siti Rekaan Melati", age=30, sex=Sex.FEMALE).person
    second = added(later, manager, PersonRole.CLIENT, "Siti Rekaan Melati", age=30, sex=Sex.FEMALE).person
    return filed, later, manager, first, second


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


def walled(world: World, filed: Filed, person: User) -> None:
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_by_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, %s, now() FROM access_dossier WHERE id = %s",
        [person.id, world.person(Role.HEAD).id, filed.dossier.id],
    )


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


# --- proposals --------------------------------------------------------------------------------------------------------


def test_alike_records_of_a_file_are_proposed_with_reasons_until_it_is_decided(world: World) -> None:
    filed, manager, first, second = twice(world)
    added(filed, manager, PersonRole.WITNESS, "Bambang Lain")
    viewer = world.viewer(manager)
    with acting(manager):
        [pair] = alike_inside(viewer, filed.dossier)
    assert {pair.person.id, pair.other.id} == {first.id, second.id}
    assert "name_same" in pair.score.why or "name_alike" in pair.score.why
    decided(world, manager, first, second, Sameness.DIFFERENT)
    with acting(manager):
        assert alike_inside(viewer, filed.dossier) == []


def test_records_of_other_files_are_proposed_to_a_supervisor(world: World) -> None:
    filed, later, _manager, first, second = two_files(world)
    supervisor = world.person(Role.SUPERVISOR)
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        [pair] = alike_elsewhere(viewer, filed.dossier)
        assert (pair.person.id, pair.other.id) == (first.id, second.id)
    walled(world, later, supervisor)
    with acting(supervisor):
        assert alike_elsewhere(viewer, filed.dossier) == []


# --- pages ------------------------------------------------------------------------------------------------------------


def test_both_records_are_laid_side_by_side_and_the_ledger_knows_who_looked(world: World) -> None:
    filed, manager, first, second = twice(world)
    browser = world.client(manager)
    page = browser.get(reverse("people:alike", args=[filed.reference])).content.decode()
    assert "Rekaan" not in page
    assert reverse("people:compare", args=[filed.reference, first.id, second.id]) in page
    page = browser.get(
        reverse("people:compare", args=[filed.reference, first.id, second.id])
    ).content.decode()
    assert "Siti Rekaan Melati" in page and "Sitti Rekaan Melati" in page
    seen = world.rows(
        "SELECT objects_named FROM ledger_entry WHERE verb = 'opened' AND actor_id = %s", [manager.id]
    )
    assert [set(row[0]) for row in seen] == [{first.id, second.id}]


def test_the_page_decides_and_undoes(world: World) -> None:
    filed, manager, first, second = twice(world)
    browser = world.client(manager)
    address = reverse("people:compare", args=[filed.reference, first.id, second.id])
    assert browser.post(address, {"decision": "perhaps"}).status_code == 409
    assert browser.post(address, {"decision": "same"}).status_code == 302
    assert one_of(world, first, second) == [first.id, first.id]
    assert browser.post(address, {"decision": "same"}).status_code == 409
    page = browser.get(f"/berkas/{filed.reference}/").content.decode()
    link = world.rows("SELECT id FROM people_likeness")[0][0]
    undo = reverse("people:undo_same", args=[filed.reference, link])
    assert undo in page
    assert browser.get(undo).status_code == 200
    assert browser.post(undo).status_code == 302
    assert one_of(world, first, second) == [first.id, second.id]
    assert browser.post(undo).status_code == 400
    verbs = world.rows("SELECT verb FROM ledger_entry WHERE verb LIKE 'same%%' ORDER BY at, id")
    assert [row[0] for row in verbs] == ["same_decided", "same_undone"]


def test_two_people_of_the_file_are_chosen_by_hand(world: World) -> None:
    filed, manager, first, _second = twice(world)
    witness = added(filed, manager, PersonRole.WITNESS, "Mbak Lain Sekali").person
    address = reverse("people:alike", args=[filed.reference])
    browser = world.client(manager)
    assert browser.post(address, {"person": str(first.id), "other": str(first.id)}).status_code == 400
    answer = browser.post(address, {"person": str(first.id), "other": str(witness.id)})
    assert answer["Location"] == reverse("people:compare", args=[filed.reference, first.id, witness.id])


def test_a_stranger_finds_no_such_pages(world: World) -> None:
    filed, later, manager, first, second = two_files(world)
    link = decided(world, world.person(Role.SUPERVISOR), first, second)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    for address in (
        reverse("people:alike", args=[filed.reference]),
        reverse("people:compare", args=[filed.reference, first.id, second.id]),
        reverse("people:undo_same", args=[filed.reference, link.id]),
    ):
        assert browser.get(address).status_code == 404
    # The case manager of both files reads the link, and does not open two files' people side by side.
    pair = reverse("people:compare", args=[filed.reference, first.id, second.id])
    assert world.client(manager).get(pair).status_code == 404
    assert world.client(world.person(Role.SUPERVISOR)).get(pair).status_code == 200


def test_the_other_file_stands_on_the_page_of_each(world: World) -> None:
    filed, later, _manager, first, second = two_files(world)
    supervisor = world.person(Role.SUPERVISOR)
    decided(world, supervisor, first, second)
    page = world.client(supervisor).get(f"/berkas/{filed.reference}/").content.decode()
    assert f'href="/berkas/{later.reference}/"' in page
