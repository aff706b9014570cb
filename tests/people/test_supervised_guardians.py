"""A guardian whose choice needs a second judgment waits for a supervisor. Source: care.md 10, 11, 12."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from ruangaman.access.models import Grant, User
from ruangaman.access.states import Role, Section
from ruangaman.consent import actions as consents
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people import actions, queries
from ruangaman.people.duties import to_decide
from ruangaman.people.models import Likeness, Part, Person
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation, Sameness
from tests.people.people import added, case, child, guardian
from tests.worlds import Filed, World, acting


def decided(world: World, part: Part, by: User, *, accept: bool) -> Part:
    viewer = world.viewer(by)
    with acting(by):
        return actions.decide_guardian(viewer=viewer, part=part, accept=accept, at=clock.now())


def stands(world: World, filed: Filed, girl: Person) -> Part | None:
    manager = world.person(Role.CASE_MANAGER)
    viewer = world.viewer(manager)
    with acting(manager):
        return queries.guardian_of(viewer, filed.dossier.id, girl)


def mother_waiting(world: World) -> tuple[Filed, User, Person, Part]:
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    return filed, manager, girl, guardian(world, filed, manager, girl, "Ratna Contoh", Relation.MOTHER)


def agreed(world: World, filed: Filed, by: User, girl: Person, service: str, recipient: Any) -> None:
    viewer, now = world.viewer(by), clock.now()
    with acting(by):
        consents.record_consent(
            viewer=viewer,
            dossier=filed.dossier,
            client=girl,
            service=service,
            recipient=recipient,
            answer=Answer.GIVEN,
            basis=Basis.GUARDIAN,
            assent=Assent.GIVEN,
            method=Method.SIGNED,
            until=now + timedelta(days=30),
            at=now,
        )


def open_to(filed: Filed, partner: Any) -> set[str]:
    live = Grant.objects.using("owner").filter(
        dossier_id=filed.dossier.id, principal_id=partner.id, withdrawn_at=None
    )
    return set(live.values_list("section", flat=True))


def test_a_mother_who_may_depend_on_the_reported_father_waits_and_does_not_count(world: World) -> None:
    filed, _manager, girl, part = mother_waiting(world)

    assert (part.status, part.section) == (PartStatus.WAITING, Section.PARTIES)
    assert Person.objects.using("owner").get(id=part.person_id).section == Section.PARTIES
    assert stands(world, filed, girl) is None
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'guardian_proposed'") == [(1,)]


def test_supervisors_of_the_unit_are_told_and_find_it_on_their_day(world: World) -> None:
    supervisor, stranger = world.person(Role.SUPERVISOR), world.person(Role.SUPERVISOR, world.other)
    filed, _manager, _girl, part = mother_waiting(world)

    told = world.rows("SELECT person_id FROM notices_notice WHERE kind = 'supervised'")
    assert told == [(supervisor.id,)]
    for who, many in ((supervisor, 1), (stranger, 0), (world.person(Role.CASE_MANAGER), 0)):
        viewer = world.viewer(who)
        with acting(who):
            duties = to_decide(viewer, clock.now(), 10)
        assert len(duties) == many
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        assert (
            to_decide(viewer, clock.now(), 10)[0].url == f"/orang/{filed.reference}/wali/{part.id}/putusan/"
        )


def test_a_supervisor_accepts_and_the_guardian_counts_from_then(world: World) -> None:
    filed, _manager, girl, part = mother_waiting(world)

    done = decided(world, part, world.person(Role.SUPERVISOR), accept=True)

    assert (done.status, done.section) == (PartStatus.ACTIVE, Section.IDENTITY)
    found = stands(world, filed, girl)
    assert found is not None and found.id == part.id
    assert Person.objects.using("owner").get(id=part.person_id).section == Section.IDENTITY


def test_a_supervisor_refuses_and_nobody_decides_twice(world: World) -> None:
    filed, _manager, girl, part = mother_waiting(world)
    supervisor = world.person(Role.SUPERVISOR)

    done = decided(world, part, supervisor, accept=False)

    assert (done.status, done.refusal) == (PartStatus.REFUSED, Refusal.JUDGED)
    assert stands(world, filed, girl) is None
    with pytest.raises(Refused, match="sudah ada putusan"):
        decided(world, part, supervisor, accept=True)


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.INTAKE_OFFICER, Role.HEAD])
def test_nobody_but_a_supervisor_decides(world: World, role: str) -> None:
    _filed, _manager, _girl, part = mother_waiting(world)
    with pytest.raises(Refused, match="milik penyelia"):
        decided(world, part, world.person(role), accept=True)


def test_a_supervisor_who_writes_decides_at_once(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    part = guardian(world, filed, world.person(Role.SUPERVISOR), girl, "Ratna Contoh", Relation.MOTHER)
    assert part.status == PartStatus.ACTIVE


def test_who_says_that_a_neighbour_depends_on_him_lets_a_supervisor_decide(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    part = guardian(world, filed, manager, girl, "Dewi Contoh", Relation.NEIGHBOUR, depends=True)
    assert part.status == PartStatus.WAITING


def test_raw_sql_by_who_is_no_supervisor_accepts_nobody_who_waits(world: World) -> None:
    _filed, manager, _girl, part = mother_waiting(world)
    with (
        acting(manager),
        pytest.raises(ProgrammingError, match="a supervisor decides"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE people_part SET status = 'active', section = 'identity' WHERE id = %s", [part.id]
        )


@pytest.mark.parametrize("relation", ["mother", "aunt_uncle"])
def test_raw_sql_makes_nobody_a_guardian_whom_the_child_keeps_out(world: World, relation: str) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    out = added(filed, manager, PersonRole.KEPT_OUT, "Ratna Contoh", relation=Relation.MOTHER)
    with (
        acting(manager),
        pytest.raises(ProgrammingError, match="a supervisor decides"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO people_part (id, dossier_id, unit_id, stage, section, person_id, of_id, role, relation, "
            "status, refusal, since) SELECT gen_random_uuid(), dossier_id, unit_id, stage, 'identity', id, %s, "
            "'guardian', %s, 'active', '', now() FROM people_person WHERE id = %s",
            [girl.id, relation, out.person_id],
        )


def test_a_refusal_is_not_turned_into_a_yes_even_by_a_supervisor(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    father = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    part = guardian(world, filed, manager, girl, father.person, Relation.FATHER)
    with (
        acting(world.person(Role.SUPERVISOR)),
        pytest.raises(IntegrityError, match="a refusal stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE people_part SET status = 'waiting', refusal = '' WHERE id = %s", [part.id])


# --- who must not know -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kept_out", "relation"), [("Ratna Contoh", Relation.AUNT_UNCLE), ("", Relation.MOTHER)]
)
def test_who_must_not_know_by_the_childs_word_waits_by_name_or_by_who_they_are(
    world: World, kept_out: str, relation: str
) -> None:
    """care.md 12: no parent's name is asked for, so "my mother must not know" holds without one."""
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.KEPT_OUT, kept_out, relation=relation)
    part = guardian(world, filed, manager, girl, "Ratna Contoh", Relation.MOTHER)
    assert part.status == PartStatus.WAITING


def test_a_guardian_of_whom_the_child_says_later_that_they_must_not_know_is_suspended(world: World) -> None:
    supervisor = world.person(Role.SUPERVISOR)
    filed, manager = case(world)
    girl = child(filed, manager)
    guardian(world, filed, manager, girl, "Ratna Contoh", Relation.MOTHER)
    added(filed, manager, PersonRole.KEPT_OUT, relation=Relation.MOTHER)
    assert stands(world, filed, girl) is None
    assert world.rows("SELECT person_id FROM notices_notice WHERE kind = 'supervised'") == [(supervisor.id,)]


def test_an_aunt_stands_while_the_parents_must_not_know(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.KEPT_OUT, relation=Relation.MOTHER)
    aunt = guardian(world, filed, manager, girl, "Dewi Contoh", Relation.AUNT_UNCLE)
    assert aunt.status == PartStatus.ACTIVE


def test_do_not_tell_my_parents_proposes_the_units_own_companion_first(world: World) -> None:
    """care.md 11."""
    companion = world.person(Role.COMPANION)
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.HOUSEHOLD, "Dewi Contoh", relation=Relation.AUNT_UNCLE)
    added(filed, manager, PersonRole.KEPT_OUT, relation=Relation.MOTHER)
    browser, address = world.client(manager), f"/orang/{filed.reference}/wali/"
    page = browser.get(address)
    assert "orang tuanya tidak diberi tahu" in page.content.decode()
    assert page.context["form"].fields["who"].choices[0][0] == f"unit:{companion.id}"

    sent = browser.post(address, {"who": f"unit:{companion.id}"})

    assert sent.status_code == 302
    found = stands(world, filed, girl)
    assert found is not None
    assert (found.relation, found.status) == (Relation.UNIT_COMPANION, PartStatus.ACTIVE)


# --- suspected later, and accepted again -------------------------------------------------------------------------


def test_a_guardian_suspected_later_is_barred_for_every_child_and_what_he_agreed_to_ends(
    world: World,
) -> None:
    """care.md 10: access stops and consents are taken again; what could end a treatment goes on until asked."""
    filed, manager = case(world)
    girl = child(filed, manager)
    brother = added(filed, manager, PersonRole.CLIENT, "Adi Rekaan", age=9).person
    first = guardian(world, filed, manager, girl, "Bambang Rekaan", Relation.AUNT_UNCLE)
    guardian(world, filed, manager, brother, fresh(first.person), Relation.AUNT_UNCLE)
    agreed(world, filed, manager, girl, Service.LEGAL, world.hospital)
    agreed(world, filed, manager, girl, Service.MEDICAL, world.hospital)
    assert {"legal", "medical"} <= open_to(filed, world.hospital)

    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.AUNT_UNCLE)

    rows = Part.objects.using("owner").filter(role=PersonRole.GUARDIAN)
    assert set(rows.values_list("status", "refusal")) == {(PartStatus.REFUSED, Refusal.NAMESAKE)}
    assert len(rows) == 2
    assert "legal" not in open_to(filed, world.hospital)
    assert "medical" in open_to(filed, world.hospital)


def test_the_reported_person_is_barred_also_under_a_record_that_was_found_to_be_his(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    man = added(filed, manager, PersonRole.HOUSEHOLD, "Pak Slamet", relation=Relation.AUNT_UNCLE).person
    reported = added(
        filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.AUNT_UNCLE
    ).person
    link(filed, manager, man, reported, Sameness.SAME)
    part = guardian(world, filed, manager, girl, fresh(man), Relation.AUNT_UNCLE)
    assert (part.status, part.refusal) == (PartStatus.REFUSED, Refusal.REPORTED)


def test_a_namesake_who_was_told_apart_is_named_again_and_waits_for_a_supervisor(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    reported = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.NEIGHBOUR)
    refused = guardian(world, filed, manager, girl, "Bambang Rekaan", Relation.GRANDPARENT)
    assert refused.refusal == Refusal.NAMESAKE
    link(filed, manager, refused.person, reported.person, Sameness.DIFFERENT)

    again = guardian(world, filed, manager, girl, fresh(refused.person), Relation.GRANDPARENT)
    assert again.status == PartStatus.WAITING
    decided(world, again, world.person(Role.SUPERVISOR), accept=True)
    found = stands(world, filed, girl)
    assert found is not None and found.id == again.id
    assert world.rows("SELECT door.is_barred(%s, %s)", [filed.dossier.id, again.person_id]) == [(False,)]


def test_who_waits_and_turns_out_to_be_the_reported_one_is_refused_whatever_is_decided(world: World) -> None:
    _filed, manager, _girl, part = mother_waiting(world)
    added(_filed, manager, PersonRole.REPORTED, "Ratna Contoh", relation=Relation.MOTHER)
    assert Part.objects.using("owner").get(id=part.id).refusal == Refusal.NAMESAKE
    with pytest.raises(Refused, match="sudah ada putusan"):
        decided(world, part, world.person(Role.SUPERVISOR), accept=True)


def link(filed: Filed, by: User, one: Person, other: Person, decision: str) -> None:
    with acting(by):
        Likeness.objects.create(
            dossier=filed.dossier,
            unit_id=filed.dossier.unit_id,
            stage=filed.dossier.stage,
            person_id=one.id,
            other_id=other.id,
            other_dossier=filed.dossier,
            decision=decision,
            decided_by_id=by.id,
            decided_at=clock.now(),
        )


def fresh(person: Person) -> Person:
    """As it is now: who is one with whom is written by the database."""
    with acting(User.objects.using("owner").filter(memberships__role=Role.CASE_MANAGER).get()):
        return Person.objects.get(id=person.id)


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_page_of_the_ruling_names_nobody_and_says_why_it_waits(world: World) -> None:
    filed, manager, girl, part = mother_waiting(world)
    address = f"/orang/{filed.reference}/wali/{part.id}/putusan/"
    assert world.client(manager).get(address).status_code == 404
    browser = world.client(world.person(Role.SUPERVISOR))
    page = browser.get(address).content.decode()
    assert "Diusulkan menjadi wali untuk M. R.: R. C., Ibu kandung." in page
    assert "Ratna" not in page
    assert "bergantung pada terlapor" in page
    assert browser.post(address, {}).status_code == 400
    assert browser.post(address, {"decision": "accept"}).status_code == 302
    assert stands(world, filed, girl) is not None
    assert browser.get(address).status_code == 404


def test_the_page_of_the_ruling_is_not_of_another_units_supervisor(world: World) -> None:
    filed, _manager, _girl, part = mother_waiting(world)
    other = world.client(world.person(Role.SUPERVISOR, world.other))
    assert other.get(f"/orang/{filed.reference}/wali/{part.id}/putusan/").status_code == 404


def test_a_refused_ruling_leads_to_the_neutral_page(world: World) -> None:
    filed, _manager, _girl, part = mother_waiting(world)
    browser = world.client(world.person(Role.SUPERVISOR))
    sent = browser.post(f"/orang/{filed.reference}/wali/{part.id}/putusan/", {"decision": "decline"})
    shown = browser.get(sent.headers["Location"]).content.decode()
    assert "belum bisa menjadi wali" in shown.split("<details")[0]
    assert "penyelia memutuskan tidak" in shown.split("<details")[1]


def test_a_guardian_who_was_sent_twice_is_recorded_once(world: World) -> None:
    from ruangaman.kernel.ids import new_id

    filed, manager = case(world)
    child(filed, manager)
    browser, fields = world.client(manager), {"who": "new", "name": "Dewi Contoh", "relation": "aunt_uncle"}
    for _ in range(2):
        sent = browser.post(f"/orang/{filed.reference}/wali/", {**fields, "person_id": "0"})
        assert sent.status_code == 302
    same = str(new_id())
    for _ in range(2):
        browser.post(f"/orang/{filed.reference}/wali/", {**fields, "name": "Sari Contoh", "person_id": same})
    assert Part.objects.using("owner").filter(role=PersonRole.GUARDIAN).count() == 3
