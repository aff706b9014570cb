"""What was agreed to is what a partner sees: no more, and no longer. Source: care.md 11; security.md."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ruangaman.access.matrix import allows
from ruangaman.access.models import Grant
from ruangaman.access.queries import every_key
from ruangaman.access.states import OrganisationKind, Role, Section, Stage
from ruangaman.consent import queries
from ruangaman.consent.models import Consent
from ruangaman.consent.states import ALWAYS_SHARED, Answer, Assent, Basis, Service
from ruangaman.intake.models import Message, Report, Story
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.models import Part, Person
from ruangaman.people.states import PersonRole, Relation
from tests.consent.answers import Case, girl, woman
from tests.people.people import added
from tests.worlds import World, acting

ALWAYS = {s.value for s in ALWAYS_SHARED}


@pytest.mark.parametrize("service", list(Service))
def test_a_yes_opens_what_was_agreed_as_far_as_the_matrix_allows(world: World, service: str) -> None:
    one = woman(world)
    consent = one.answer(service, recipient=world.hospital, also=[Section.CONTACT])
    expected = {s for s in consent.scope if allows(Role.PARTNER_OFFICER, "grant", Stage.CASE, s, "r")}
    assert one.granted(world.hospital) == expected
    assert {*ALWAYS, "contact"} <= expected
    assert "plan" not in expected
    written = world.rows("SELECT section FROM access_grant WHERE writes AND source = 'consent'")
    assert not {row[0] for row in written} & {"file", "identity", "contact"}


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.LATER])
def test_what_is_no_yes_opens_nothing(world: World, answer: str) -> None:
    one = woman(world)
    one.answer(answer=answer, recipient=world.hospital)
    assert one.granted(world.hospital) == set()


def test_a_yes_to_the_unit_itself_opens_nothing_to_anybody(world: World) -> None:
    one = woman(world)
    one.answer()
    assert world.rows("SELECT count(*) FROM access_grant WHERE source = 'consent'") == [(0,)]


def test_a_partner_sees_neither_reporter_nor_parties_nor_plan_nor_team(world: World) -> None:
    one = girl(world)
    one.answer(recipient=world.hospital)
    officer = world.person(Role.PARTNER_OFFICER)
    with acting(officer):
        assert set(Part.objects.values_list("role", flat=True)) == {"client", "guardian"}
        assert set(Person.objects.values_list("section", flat=True)) == {"identity"}
        assert not Report.objects.exists()
        assert not Story.objects.exists()
        assert not Message.objects.exists()
        assert not Consent.objects.exists()
        assert set(every_key(one.filed.dossier.id)) <= {*ALWAYS, "medical"}
        assert set(Grant.objects.values_list("principal_id", flat=True)) == {world.hospital.id}


def test_another_partner_sees_nothing_of_it(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital)
    other = world.organisation(OrganisationKind.PARTNER, "LBH Uji", "31")
    with acting(world.person(Role.PARTNER_OFFICER, other)):
        assert not Person.objects.exists()


def by_page(one: Case, consent: Consent) -> None:
    sent = one.world.client(one.manager).post(f"/persetujuan/{consent.id}/tarik/", {"word_of": "client"})
    assert sent.headers["Location"] == f"/berkas/{one.filed.reference}/"


def by_action(one: Case, consent: Consent) -> None:
    one.withdraw(consent)


def by_raw_sql(one: Case, consent: Consent) -> None:
    with acting(one.manager), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_consent SET withdrawn_at = now() WHERE id = %s", [consent.id])
        assert cursor.rowcount == 1


@pytest.mark.parametrize("way", [by_page, by_action, by_raw_sql])
def test_a_withdrawal_closes_at_once_whichever_way_it_comes(
    world: World, way: Callable[[Case, Consent], None]
) -> None:
    one = woman(world)
    consent = one.answer(recipient=world.hospital, also=[Section.NARRATIVE])
    officer = world.person(Role.PARTNER_OFFICER)
    with acting(officer):
        assert Person.objects.exists()

    way(one, consent)

    assert one.granted(world.hospital) == set()
    with acting(officer):
        assert not Person.objects.exists()
        assert not Story.objects.exists()
        assert every_key(one.filed.dossier.id) == {}


def test_withdrawing_one_consent_keeps_what_another_still_allows(world: World) -> None:
    one = woman(world)
    medical = one.answer(Service.MEDICAL, recipient=world.hospital, also=[Section.NARRATIVE])
    legal = one.answer(Service.LEGAL, recipient=world.hospital, also=[Section.NARRATIVE, Section.RISK])
    page = world.client(one.manager).get(f"/persetujuan/{legal.id}/tarik/").context

    one.withdraw(legal)

    assert one.granted(world.hospital) == {*ALWAYS, "medical", "narrative"}
    assert {str(label) for label in page["closes"][0]["sections"]} == {
        Section.LEGAL.label,
        Section.RISK.label,
    }
    one.withdraw(medical)
    assert one.granted(world.hospital) == set()


def test_who_agreed_to_all_and_then_to_less_shares_less(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital, also=[Section.NARRATIVE, Section.RISK])
    newer = one.answer(recipient=world.hospital)
    assert one.granted(world.hospital) == {*ALWAYS, "medical"}
    one.withdraw(newer)
    assert one.granted(world.hospital) == set(), "the wider consent before it does not come back"


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.LATER])
def test_a_no_after_a_yes_closes(world: World, answer: str) -> None:
    one = woman(world)
    consent = one.answer(recipient=world.hospital)
    one.answer(answer=answer, recipient=world.hospital)
    assert one.granted(world.hospital) == set()
    viewer = world.viewer(one.manager)
    with acting(one.manager):
        assert not live(one, viewer, Service.MEDICAL)
    assert not consented(one, consent)


@pytest.mark.parametrize("service", [Service.MEDICAL, Service.SHELTER])
def test_a_guardians_no_about_medical_care_or_shelter_closes_nothing(world: World, service: str) -> None:
    """care.md 11: no guardian may veto them."""
    one = girl(world)
    supervisor = world.person(Role.SUPERVISOR)
    consent = one.answer(
        service, recipient=world.hospital, by=supervisor, basis=Basis.BEST_INTEREST, assent=Assent.GIVEN
    )
    one.answer(service, Answer.REFUSED, recipient=world.hospital)
    assert service in one.granted(world.hospital)
    assert consented(one, consent)
    viewer = world.viewer(one.manager)
    with acting(one.manager):
        assert live(one, viewer, service)
    with pytest.raises(Refused, match="penyelia yang mengakhirinya"):
        one.withdraw(consent, word_of=Basis.GUARDIAN if service == "legal" else Basis.CLIENT)
    one.answer(service, Answer.REFUSED, recipient=world.hospital, basis=Basis.CLIENT, assent=Assent.REFUSED)
    assert service not in one.granted(world.hospital), "a child's own no is heard"


def test_a_guardians_no_about_another_service_counts(world: World) -> None:
    one = girl(world)
    one.answer(Service.LEGAL, recipient=world.hospital)
    one.answer(Service.LEGAL, Answer.REFUSED, recipient=world.hospital)
    assert one.granted(world.hospital) == set()


def test_an_expired_consent_gives_nothing(world: World) -> None:
    one = woman(world)
    consent = one.answer(recipient=world.hospital)
    world.rows("ALTER TABLE consent_consent DISABLE TRIGGER USER")
    world.rows("UPDATE consent_consent SET until = now() - interval '1 minute'")
    world.rows("ALTER TABLE consent_consent ENABLE TRIGGER USER")
    one.answer(Service.LEGAL, Answer.REFUSED, recipient=world.hospital)  # projects again
    assert one.granted(world.hospital) == set()
    with acting(world.person(Role.PARTNER_OFFICER)):
        assert not Person.objects.exists()
    assert not consented(one, consent)


def test_a_move_of_stage_opens_nothing_that_was_closed(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital)
    world.rows("UPDATE access_grant SET withdrawn_at = now() WHERE source = 'consent'")
    world.move(one.filed, Stage.CLOSED)
    world.move(one.filed, Stage.CASE)
    assert one.granted(world.hospital) == set()


def test_what_was_withdrawn_can_not_be_made_undone(world: World) -> None:
    one = woman(world)
    consent = one.answer(recipient=world.hospital)
    one.withdraw(consent)
    with acting(one.manager), pytest.raises(IntegrityError, match="stays withdrawn"), transaction.atomic():
        Consent.objects.filter(id=consent.id).update(withdrawn_at=None)
    with pytest.raises(Refused, match="sudah ditarik"):
        one.withdraw(consent)


@pytest.mark.parametrize(
    "change", ["scope = '[\"narrative\"]'", "answer = 'given'", "until = now()", "service = 'legal'"]
)
def test_an_answer_is_never_rewritten(world: World, change: str) -> None:
    one = woman(world)
    consent = one.answer(Service.MEDICAL, Answer.REFUSED)
    with (
        acting(one.manager),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE consent_consent SET {change} WHERE id = %s", [consent.id])


@pytest.mark.parametrize("source", ["team", "consent", "break_glass"])
@pytest.mark.parametrize("who", ["organisation", "officer"])
def test_nobody_gives_a_partner_a_grant_but_through_a_consent(world: World, who: str, source: str) -> None:
    one = woman(world)
    officer = world.person(Role.PARTNER_OFFICER)
    principal = world.hospital.id if who == "organisation" else officer.id
    for role in (Role.SUPERVISOR, Role.HEAD):
        person = world.person(role)
        with acting(person), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Grant.objects.create(
                dossier=one.filed.dossier,
                unit_id=world.unit.id,
                stage=Stage.CASE,
                section=Section.IDENTITY,
                principal_id=principal,
                writes=False,
                source=source,
                given_by_id=person.id,
                given_at=clock.now(),
                until=clock.now() + timedelta(days=1),
            )


def test_a_grant_of_a_consent_can_be_closed_by_hand_and_not_opened_again(world: World) -> None:
    one = woman(world)
    consent = one.answer(recipient=world.hospital)
    supervisor = world.person(Role.SUPERVISOR)
    grants = Grant.objects.filter(source="consent")
    with acting(supervisor), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        grants.update(until=clock.now() + timedelta(days=300))
    one.withdraw(consent)
    with acting(supervisor), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        grants.update(withdrawn_at=None)
    one.answer(recipient=world.hospital)
    with acting(supervisor):
        assert grants.update(withdrawn_at=clock.now()) == len(ALWAYS) + 1
    assert one.granted(world.hospital) == set()


def test_who_may_not_write_the_plan_writes_no_consent(world: World) -> None:
    one = woman(world)
    consent = one.answer(recipient=world.hospital)
    for role in (Role.HEAD, Role.PSYCHOLOGIST, Role.PARTNER_OFFICER, Role.DATA_OFFICER):
        with pytest.raises((DatabaseError, Refused)):
            one.answer(Service.LEGAL, recipient=world.hospital, by=world.person(role))
        with acting(world.person(role)):
            assert Consent.objects.filter(id=consent.id).update(withdrawn_at=clock.now()) == 0


def test_what_a_barred_guardian_gave_is_asked_again_before_anything_new_rests_on_it(world: World) -> None:
    """care.md 10: suspected later, consents are taken again. What a hospital has begun is not cut off meanwhile."""
    one = girl(world)
    consent = one.answer(recipient=world.hospital)
    viewer = world.viewer(one.manager)
    assert consented(one, consent)

    added(one.filed, one.manager, PersonRole.REPORTED, "Dewi Contoh", relation=Relation.AUNT_UNCLE)

    assert not consented(one, consent)
    with acting(one.manager):
        assert live(one, viewer, Service.MEDICAL) is None
        answers = queries.consents_of(viewer, one.filed.dossier.id)
        assert queries.to_ask_again(viewer, answers, clock.now()) == [consent]
    assert "medical" in one.granted(world.hospital)
    with pytest.raises(Refused, match="Belum ada wali"):
        one.answer(recipient=world.hospital)


def live(one: Case, viewer: Any, service: str) -> Consent | None:
    return queries.live_consent(
        viewer,
        one.filed.dossier.id,
        client_id=one.client.id,
        service=service,
        recipient_id=one.world.hospital.id,
        at=clock.now(),
    )


def consented(one: Case, consent: Consent) -> bool:
    """What the database says to a plan or a referral that would rest on it."""
    rows = one.world.rows(
        "SELECT door.consented(%s, %s, %s, %s, now())",
        [consent.id, consent.dossier_id, consent.service, consent.recipient_id],
    )
    return bool(rows[0][0])
