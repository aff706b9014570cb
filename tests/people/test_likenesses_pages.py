"""What is proposed as one person, and the pages on which it is decided and undone. Source: care.md 18."""

from django.urls import reverse

from ruangaman.access.states import Role
from ruangaman.people.queries.likenesses import alike_elsewhere, alike_inside
from ruangaman.people.states import PersonRole, Sameness
from tests.people.alike import decided, one_of, twice, two_files, walled
from tests.people.people import added
from tests.worlds import World, acting

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
