"""What the page does not offer, the server refuses, and the database as well.

Source: peers.md (Primero), "Consent override is checked in the browser only; the API takes it unchecked".
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ruangaman.access.states import OrganisationKind, Role, Section
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole, Relation
from tests.consent.answers import Case, girl, woman
from tests.consent.test_pages import send
from tests.people.people import added, guardian
from tests.worlds import World, acting


def nothing_opened(one: Case) -> bool:
    """Neither a yes nor a grant that came of it."""
    given = Consent.objects.using("owner").filter(dossier=one.filed.dossier, answer=Answer.GIVEN).exists()
    return not given and not one.world.rows("SELECT 1 FROM access_grant WHERE source = 'consent'")


# --- without the page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"also": ["parties"]},
        {"also": ["reporter"]},
        {"also": ["plan"]},
        {"also": ["courtesy"]},
        {"also": ["background"]},
        {"services": ["narrative"]},
        {"answer": "override"},
        {"basis": "best_interest"},
        {"basis": "supervisor"},
        {"basis": "client"},
        {"assent": "refused"},
        {"assent": "too_young"},
        {"until": "2099-12-31"},
        {"understood": "not_yet"},
        {"recipient": "everybody"},
    ],
)
def test_a_form_made_by_hand_opens_nothing(world: World, changed: dict[str, Any]) -> None:
    one = girl(world)
    until = (clock.now() + timedelta(days=30)).date().isoformat()
    sent = send(one, **{"recipient": str(world.hospital.id), "until": until, **changed})
    assert sent.status_code == 400
    assert nothing_opened(one)


def test_neither_a_unit_nor_a_partner_that_works_no_longer_can_be_named(world: World) -> None:
    one = woman(world)
    gone = world.organisation(OrganisationKind.PARTNER, "RS Tutup", "31")
    world.rows("UPDATE access_organisation SET is_active = false WHERE id = %s", [gone.id])
    for other in (world.unit, world.other, gone):
        assert send(one, recipient=str(other.id)).status_code == 400
    assert nothing_opened(one)


def test_the_client_of_another_file_can_not_be_named(world: World) -> None:
    one, other = woman(world), woman(world)
    added(one.filed, one.manager, PersonRole.CLIENT, "Citra Rekaan", age=40)
    sent = send(one, client=str(other.client.id), recipient=str(world.hospital.id))
    assert sent.status_code == 400
    one.client = other.client
    with pytest.raises(Refused, match="bukan klien"):
        one.answer(recipient=world.hospital)
    assert nothing_opened(one)
    assert nothing_opened(other)


def test_who_signed_out_or_was_taken_off_the_team_opens_nothing_with_an_old_page(world: World) -> None:
    one = woman(world)
    page = world.client(one.manager)
    address = f"/persetujuan/{one.filed.reference}/"
    assert page.get(address).status_code == 200
    world.rows("UPDATE access_grant SET withdrawn_at = now() WHERE source = 'team'")
    typed = {"first_id": str(new_id()), "services": ["medical"], "recipient": str(world.hospital.id),
             "answer": "given", "method": "signed", "understood": "well", "until": "2027-01-01"}  # fmt: skip
    assert page.post(address, typed).status_code == 404
    assert world.client().post(address, typed).status_code == 302  # to sign in
    assert nothing_opened(one)


# --- without the application: raw SQL as its role, under the ticket of who may write the plan ------------------------


def raw(one: Case, by: Any = None, **changed: Any) -> None:
    """A yes by which the hospital would see all of the file."""
    person, now = by or one.manager, clock.now()
    template = Consent.objects.using("owner").filter(dossier=one.filed.dossier).first()
    assert template is not None
    row = {
        "dossier_id": one.filed.dossier.id, "unit_id": one.world.unit.id, "stage": "case", "client_id": one.client.id,
        "service": "medical", "recipient_id": one.world.hospital.id, "scope": ["file", "identity", "medical"],
        "answer": "given", "basis": "client", "given_by_id": one.client.id, "method": "signed",
        "key_id": template.key_id, "recorded_by_id": person.id, "answered_at": now,
        "until": now + timedelta(days=30),
    }  # fmt: skip
    with acting(person), transaction.atomic():
        Consent.objects.create(**{**row, **changed})


def test_the_row_that_the_next_tests_change_is_taken_as_it_is(world: World) -> None:
    one = woman(world)
    one.answer(Service.LEGAL, Answer.REFUSED, until=None)
    raw(one)
    assert one.granted(world.hospital) == {"file", "identity", "medical"}


@pytest.mark.parametrize(
    "changed",
    [
        {"scope": ["file", "parties"]},
        {"scope": ["reporter"]},
        {"scope": ["legal"]},  # another service's
        {"scope": ["plan"]},
        {"answer": "refused"},  # a no that shares
        {"recipient_id": None},  # the unit's own people are shown nothing by a scope
    ],
)
def test_what_is_never_shared_is_refused_by_the_database(world: World, changed: dict[str, Any]) -> None:
    one = woman(world)
    one.answer(Service.LEGAL, Answer.REFUSED, until=None)
    with pytest.raises(DatabaseError, match="never shared"):
        raw(one, **changed)
    assert nothing_opened(one)


def test_who_is_no_client_of_the_file_or_not_any_more_agrees_to_nothing(world: World) -> None:
    one, other = woman(world), woman(world)
    one.answer(Service.LEGAL, Answer.REFUSED, until=None)
    reported = Person.objects.using("owner").get(dossier_id=one.filed.dossier.id, section="parties")
    for person in (other.client, reported):
        with pytest.raises(DatabaseError, match="a client of the file"):
            raw(one, client_id=person.id)
    world.rows("UPDATE people_part SET status = 'ended' WHERE person_id = %s", [one.client.id])
    with pytest.raises(DatabaseError, match="a client of the file"):
        raw(one)
    assert nothing_opened(one)


def test_only_a_partner_that_works_with_us_is_shown_anything(world: World) -> None:
    one = woman(world)
    one.answer(Service.LEGAL, Answer.REFUSED, until=None)
    with pytest.raises(DatabaseError, match="shared with a partner"):
        raw(one, recipient_id=world.other.id)
    world.rows("UPDATE access_organisation SET is_active = false WHERE id = %s", [world.hospital.id])
    with pytest.raises(DatabaseError, match="shared with a partner"):
        raw(one)


def test_a_year_is_the_longest(world: World) -> None:
    one = woman(world)
    one.answer(Service.LEGAL, Answer.REFUSED, until=None)
    with pytest.raises(DatabaseError, match="a year at most"):
        raw(one, until=clock.now() + timedelta(days=400))


def test_nobody_writes_in_the_name_of_somebody_else_nor_decides_like_a_supervisor(world: World) -> None:
    one = girl(world)
    one.answer(Service.LEGAL, Answer.REFUSED, until=None)
    with pytest.raises(DatabaseError, match="own name"):
        raw(one, recorded_by_id=world.person(Role.SUPERVISOR).id)
    best = {"basis": "best_interest", "given_by_id": None, "assent": ""}
    with pytest.raises(DatabaseError, match="only a supervisor"):
        raw(one, **best)
    assert nothing_opened(one)
    raw(one, by=world.person(Role.SUPERVISOR), **best)
    assert "medical" in one.granted(world.hospital)


def test_the_guardian_must_be_this_childs_and_stand_for_her_now(world: World) -> None:
    one = girl(world)
    one.answer(Service.LEGAL, Answer.REFUSED, until=None)
    other = added(one.filed, one.manager, PersonRole.CLIENT, "Bintang Sintetis", age=9).person
    uncle = guardian(world, one.filed, one.manager, other, "Hasan Buatan", Relation.AUNT_UNCLE)
    aunt = (
        Consent.objects.using("owner")
        .filter(dossier=one.filed.dossier)
        .values_list("given_by_id", flat=True)[0]
    )
    for by_whom in (uncle.person_id, one.client.id, other.id, None):
        with pytest.raises(DatabaseError, match="guardian of this child"):
            raw(one, basis="guardian", assent="given", given_by_id=by_whom)
    world.rows(
        "UPDATE people_part SET status = 'refused', refusal = 'namesake', section = 'parties' "
        "WHERE person_id = %s AND role = 'guardian'",
        [aunt],
    )
    with pytest.raises(DatabaseError, match="guardian of this child"):
        raw(one, basis="guardian", assent="given", given_by_id=aunt)
    assert nothing_opened(one)


# --- who stands for nobody any more -----------------------------------------------------------------------------------


def test_when_somebody_is_no_client_any_more_what_she_agreed_to_ends(world: World) -> None:
    """And with her go the ones who would have had to agree as well: the story is not opened by her leaving."""
    one = woman(world)
    second = added(one.filed, one.manager, PersonRole.CLIENT, "Citra Rekaan", age=40).person
    consent = one.answer(recipient=world.hospital, also=[Section.NARRATIVE])
    assert "narrative" not in one.granted(world.hospital), "the second client was not asked"
    world.rows("UPDATE people_part SET status = 'ended', until = now() WHERE person_id = %s", [one.client.id])
    assert one.granted(world.hospital) == set()
    one.client = second
    one.answer(Service.LEGAL, recipient=world.hospital)
    assert "narrative" not in one.granted(world.hospital)
    world.rows(
        "UPDATE people_part SET status = 'active', until = NULL WHERE person_id = %s", [consent.client_id]
    )
    assert "medical" in one.granted(world.hospital)


def test_an_older_answer_does_not_come_back_for_a_plan_or_a_referral(world: World) -> None:
    """She agreed, agreed again to less, and withdrew: the database plans nothing on the first of the two."""
    one = woman(world)
    first = one.answer(recipient=world.hospital, days=200)
    second = one.answer(recipient=world.hospital, days=30)

    def consented(consent: Consent) -> bool:
        ((told,),) = world.rows(
            "SELECT door.consented(%s, %s, %s, %s, now())",
            [consent.id, consent.dossier_id, consent.service, consent.recipient_id],
        )
        return bool(told)

    assert consented(first)
    assert consented(second)
    one.withdraw(second)
    assert not consented(first)
