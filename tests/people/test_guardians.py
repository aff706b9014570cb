"""Who may stand for a child. Source: care.md 10, 11; seed 004, Lampiran I.2."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from ruangaman.access.states import Role, Section
from ruangaman.consent.states import Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people import actions
from ruangaman.people.models import Part, Person
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation
from tests.people.people import added, case, child, guardian, put_on_team
from tests.people.test_supervised_guardians import agreed
from tests.worlds import World, acting


def statuses(filed: Any) -> list[tuple[str, str]]:
    rows = Part.objects.using("owner").filter(dossier_id=filed.dossier.id, role=PersonRole.GUARDIAN)
    return list(rows.order_by("since").values_list("status", "refusal"))


def test_a_father_who_is_the_reported_person_is_refused(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    father = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)

    part = guardian(world, filed, manager, girl, father.person, Relation.FATHER)

    assert (part.status, part.refusal) == (PartStatus.REFUSED, Refusal.REPORTED)
    assert part.section == Section.PARTIES
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'guardian_refused'") == [(1,)]


@pytest.mark.parametrize(
    "spelling", ["Bambang Rekaan", "Bambang Rékaan", "bambang  rekaan", "H. Bambang Rekaan"]
)
def test_the_same_man_typed_again_in_another_spelling_is_refused_as_namesake(
    world: World, spelling: str
) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)

    part = guardian(world, filed, manager, girl, spelling, Relation.FATHER)

    assert part.refusal == Refusal.NAMESAKE
    assert part.person.section == Section.PARTIES, "a refused man stands nowhere in the client's identity"


def test_an_aunt_is_accepted_and_the_guardian_before_her_ends(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    guardian(world, filed, manager, girl, "Kartini Contoh", Relation.GRANDPARENT)
    aunt = added(filed, manager, PersonRole.TRUSTED, "Dewi Contoh", relation=Relation.AUNT_UNCLE)

    part = guardian(world, filed, manager, girl, aunt.person, Relation.AUNT_UNCLE)

    assert (part.status, part.section) == (PartStatus.ACTIVE, Section.IDENTITY)
    assert Person.objects.using("owner").get(id=aunt.person_id).section == Section.IDENTITY
    assert statuses(filed) == [(PartStatus.ENDED, ""), (PartStatus.ACTIVE, "")]


def test_a_refusal_leaves_the_guardian_who_stands(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    father = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    guardian(world, filed, manager, girl, "Dewi Contoh", Relation.AUNT_UNCLE)
    guardian(world, filed, manager, girl, father.person, Relation.FATHER)

    assert statuses(filed) == [(PartStatus.ACTIVE, ""), (PartStatus.REFUSED, Refusal.REPORTED)]


@pytest.mark.parametrize("age", [18, 40])
def test_an_adult_has_no_guardian_whatever_her_abilities(world: World, age: int) -> None:
    filed, manager = case(world)
    woman = child(filed, manager, age=age)
    with pytest.raises(Refused, match="di bawah 18"):
        guardian(world, filed, manager, woman, "Dewi Contoh", Relation.MOTHER)


def test_a_child_is_nobodys_guardian(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    brother = added(filed, manager, PersonRole.HOUSEHOLD, "Adi Rekaan", age=16, relation=Relation.SIBLING)
    with pytest.raises(Refused, match="dewasa"):
        guardian(world, filed, manager, girl, brother.person, Relation.SIBLING)


@pytest.mark.parametrize("relation", [Relation.PARTNER, Relation.STRANGER, Relation.TEACHER, "made up"])
def test_who_is_neither_family_nor_trusted_neighbour_nor_ours_is_no_guardian(
    world: World, relation: str
) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    with pytest.raises(Refused, match="Wali adalah"):
        guardian(world, filed, manager, girl, "Dewi Contoh", relation)


def test_somebody_without_a_name_can_not_be_compared_and_is_not_accepted(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    nameless = added(filed, manager, PersonRole.HOUSEHOLD, relation=Relation.AUNT_UNCLE)
    with pytest.raises(Refused, match="nama"):
        guardian(world, filed, manager, girl, nameless.person, Relation.AUNT_UNCLE)


def test_a_reported_name_that_was_altered_lets_nobody_through(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    reported = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    world.rows("UPDATE people_person SET name = 'x' WHERE id = %s", [reported.person_id])
    with pytest.raises(Refused, match="tidak terbaca"):
        guardian(world, filed, manager, girl, "Bambang Rekaan", Relation.FATHER)


def test_a_guardian_who_is_reported_later_is_barred_at_once(world: World) -> None:
    """care.md 10: suspected later, role and access stop."""
    filed, manager = case(world)
    girl = child(filed, manager)
    guardian(world, filed, manager, girl, "Bambang Rekaan", Relation.FATHER)

    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)

    assert statuses(filed) == [(PartStatus.REFUSED, Refusal.NAMESAKE)]
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'guardian_refused'") == [(1,)]


def test_a_guardian_himself_given_the_part_of_reported_is_barred(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    stands = guardian(world, filed, manager, girl, "Bambang Rekaan", Relation.FATHER)
    viewer = world.viewer(manager)
    with acting(manager):
        actions.add_part(
            viewer=viewer,
            dossier=filed.dossier,
            person=stands.person,
            role=PersonRole.REPORTED,
            relation=Relation.FATHER,
            at=clock.now(),
        )
    assert statuses(filed) == [(PartStatus.REFUSED, Refusal.REPORTED)]


@pytest.mark.parametrize("role", ["guardian", "client"])
def test_the_database_itself_takes_no_reported_guardian_and_no_reported_client(
    world: World, role: str
) -> None:
    filed, manager = case(world)
    father = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    with (
        acting(manager),
        pytest.raises(IntegrityError, match="neither guardian nor client"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO people_part (id, dossier_id, unit_id, stage, section, person_id, role, relation, status, "
            "refusal, since) SELECT gen_random_uuid(), dossier_id, unit_id, stage, 'identity', id, %s, 'father', "
            "'active', '', now() FROM people_person WHERE id = %s",
            [role, father.person_id],
        )


def test_a_client_is_never_the_reported_person_of_her_own_file(world: World) -> None:
    """care.md 21: a victim who is accused has a process, not a part."""
    filed, manager = case(world)
    girl = child(filed, manager)
    viewer = world.viewer(manager)
    with acting(manager), pytest.raises(Refused, match="tidak pernah menjadi terlapor"):
        actions.add_part(
            viewer=viewer, dossier=filed.dossier, person=girl, role=PersonRole.REPORTED, at=clock.now()
        )


def test_who_may_not_know_the_reported_person_decides_about_no_guardian(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    world.rows("UPDATE access_grant SET withdrawn_at = now() WHERE section = 'parties'")
    with pytest.raises(Refused, match="siapa terlapor"):
        guardian(world, filed, manager, girl, "Bambang Rekaan", Relation.FATHER)


def test_a_partner_who_is_shown_the_identity_sees_no_refused_guardian(world: World) -> None:
    filed, manager = case(world, name="Tetangga Rekaan")
    girl = child(filed, manager)
    father = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    guardian(world, filed, manager, girl, father.person, Relation.FATHER)
    guardian(world, filed, manager, girl, "Bambang Rekaan", Relation.FATHER)
    guardian(world, filed, manager, girl, "Dewi Contoh", Relation.AUNT_UNCLE)
    agreed(world, filed, manager, girl, Service.LEGAL, world.hospital)
    officer = world.person(Role.PARTNER_OFFICER)
    with acting(officer):
        seen = set(Part.objects.values_list("role", "status"))
        people = Person.objects.count()
    assert seen == {("client", "active"), ("guardian", "active")}
    assert people == 2


# --- the page ----------------------------------------------------------------------------------------------------


def test_the_page_says_neutrally_that_he_is_refused_and_keeps_the_reason_for_staff(world: World) -> None:
    filed, manager = case(world)
    child(filed, manager)
    father = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    browser = world.client(manager)
    address = f"/orang/{filed.reference}/wali/"
    page = browser.get(address).content.decode()
    assert "B. R. · Terlapor · Ayah kandung" in page
    assert "Bambang" not in page

    sent = browser.post(address, {"who": str(father.person_id), "relation": "father"})

    assert sent.status_code == 302
    shown = browser.get(sent.headers["Location"]).content.decode()
    assert "belum bisa menjadi wali" in shown.split("<details")[0]
    assert "terlapor" not in shown.split("<details")[0].lower()
    assert "ia terlapor di berkas ini" in shown.split("<details")[1]


@pytest.mark.parametrize(
    "role", [Role.PSYCHOLOGIST, Role.HEAD, Role.ANALYST, Role.PARTNER_OFFICER, Role.COMPANION]
)
def test_who_may_not_write_identities_reaches_neither_page(world: World, role: str) -> None:
    filed, manager = case(world)
    child(filed, manager)
    person = world.person(role)
    if role == Role.PSYCHOLOGIST:
        put_on_team(world, filed, person, role)
    for page in ("tambah", "wali"):
        assert world.client(person).get(f"/orang/{filed.reference}/{page}/").status_code == 404
        assert world.client(person).post(f"/orang/{filed.reference}/{page}/", {}).status_code == 404
