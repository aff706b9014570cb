"""What the database itself keeps of referrals and services, whatever statement writes."""

import pytest
from django.db import DatabaseError, connections, transaction

from ruangaman.access.states import Role
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.services.models import Delivery
from ruangaman.services.states import KINDS_OF, Kind
from tests.cases.cases import case
from tests.services.referring import Sent, another, planned_with, refer, sent, withdraw
from tests.worlds import World, acting

COPY = """
INSERT INTO services_referral
SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()) || %s::jsonb)).* FROM services_referral r
"""


def refused(sql: str, values: list[object], using: str = "default") -> str:
    """What the database answers to a statement it does not take; taken back."""
    with (
        pytest.raises(DatabaseError) as told,
        transaction.atomic(using=using),
        connections[using].cursor() as cursor,
    ):
        cursor.execute(sql, values)
    return str(getattr(told.value.__cause__, "sqlstate", ""))


def test_nothing_is_referred_without_a_consent(world: World) -> None:
    one = sent(world)
    withdraw(one.way, one.consent)
    with acting(one.way.manager):
        assert refused(COPY, ['{"status": "done"}']) == "RA002"
    assert refused(COPY, ['{"status": "done"}'], using="owner") == "RA002"
    with pytest.raises(Refused, match="Tanyakan lagi"):
        refer_again(one)
    assert one.count("services_referral") == 1


def refer_again(one: Sent) -> None:
    one.world.rows("UPDATE services_referral SET status = 'withdrawn'")
    refer(one.way, one.item)


def test_a_consent_for_one_recipient_or_service_covers_no_other(world: World) -> None:
    one = sent(world)
    other = another(world)
    with acting(one.way.manager):
        for wrong in (f'{{"organisation_id": "{other.id}"}}', '{"service": "legal"}'):
            assert refused(COPY, [wrong[:-1] + ', "status": "done"}']) == "RA002"


def test_an_answer_that_was_given_anew_carries_the_referral(world: World) -> None:
    way = case(world)
    consent, item = planned_with(way, world.hospital)
    withdraw(way, consent)
    again = way.consent(Service.MEDICAL, to=world.hospital)
    assert refer(way, item).consent_id == again.id


def test_a_no_after_a_yes_closes_as_a_withdrawal_does(world: World) -> None:
    one = sent(world)
    one.way.consent(Service.MEDICAL, to=world.hospital, answer=Answer.REFUSED)
    assert one.browser.get(one.page).status_code == 404


def test_a_partner_sends_no_referral_on(world: World) -> None:
    one = sent(world)
    with acting(one.officer):
        assert refused(COPY, ['{"status": "done"}']) == "42501"


@pytest.mark.parametrize(
    "column", ["request", "client_id", "service", "organisation_id", "item_id", "sent_at", "visum_wanted"]
)
def test_what_was_asked_stays_as_it_was_sent(world: World, column: str) -> None:
    one = sent(world)
    for person in (one.officer, one.way.manager):
        with acting(person):
            assert refused(f"UPDATE services_referral SET {column} = {column}", []) == "42501"


GIVEN = """
INSERT INTO services_delivery (id, dossier_id, unit_id, stage, section, client_id, service, kind, given_on,
    organisation_id, item_id, referral_id, key_id, recorded_by_id, recorded_at)
SELECT gen_random_uuid(), r.dossier_id, r.unit_id, r.stage, r.service, r.client_id, r.service,
    'examination', current_date, coalesce(%s, r.organisation_id), %s, %s, r.key_id, %s, now()
FROM services_referral r WHERE r.id = %s
"""


def test_a_partner_records_nothing_in_the_name_of_another_nor_beside_its_referral(world: World) -> None:
    one = sent(world)
    mine = [one.item.id, one.referral.id, one.officer.id, one.referral.id]
    stranger = another(world, "RS Ketiga")
    with acting(one.officer):
        assert refused(GIVEN, [stranger.id, *mine]) == "42501"
        assert refused(GIVEN, [None, one.item.id, None, *mine[2:]]) == "42501"
        assert refused(GIVEN, [None, None, *mine[1:]]) == "42501"
    with acting(one.officer), connections["default"].cursor() as cursor:
        cursor.execute(GIVEN, [None, *mine])  # what it may
    assert one.count("services_delivery") == 1


def test_a_service_of_another_client_does_not_follow_this_plan(world: World) -> None:
    one = sent(world)
    reporter = world.rows("SELECT id FROM people_person WHERE id <> %s LIMIT 1", [one.way.client.id])
    other = reporter[0][0] if reporter else _somebody_else(one)
    sql = GIVEN.replace("r.client_id,", f"'{other}',")
    values = [None, one.item.id, one.referral.id, one.officer.id, one.referral.id]
    assert refused(sql, values, using="owner") == "42501"


def _somebody_else(one: Sent) -> object:
    from ruangaman.people.actions import Identity, add_person
    from ruangaman.people.states import PersonRole

    with acting(one.way.manager):
        part = add_person(
            dossier=one.way.dossier,
            role=PersonRole.CLIENT,
            identity=Identity("Adik Rekaan"),
            by=one.way.manager.id,
            at=clock.now(),
        )
    return part.person_id


def test_the_plan_counts_what_was_given_and_the_last_day_of_it(world: World) -> None:
    one = sent(world)
    one.accept()
    for day in ("2026-03-02", "2026-03-09", "2026-03-05"):
        assert one.treat(given_on=day).status_code == 302
    with acting(one.way.manager):
        found = world.rows("SELECT given, last_given_on::text FROM cases_planitem", using="default")
    assert found == [(3, "2026-03-09")]


def test_a_deed_is_added_and_never_changed(world: World) -> None:
    one = sent(world, visum=True)
    one.accept()
    one.treat()
    one.visum()
    with acting(one.officer):
        for table in ("services_delivery", "services_visum"):
            assert refused(f"UPDATE {table} SET client_id = client_id", []) == "42501"


def test_two_open_referrals_of_one_plan_do_not_stand_side_by_side(world: World) -> None:
    sent(world)
    assert refused(COPY, ["{}"], using="owner") == "23505"


def test_the_eleven_forms_of_social_rehabilitation_each_belong_to_a_service() -> None:
    """Source: Pergub 63/2014, Lampiran D.III.1.b."""
    eleven = [
        Kind.PSYCHOSOCIAL_DIAGNOSIS, Kind.CARE, Kind.VOCATIONAL, Kind.SPIRITUAL_GUIDANCE, Kind.PHYSICAL_GUIDANCE,
        Kind.COUNSELLING, Kind.ACCESSIBILITY, Kind.SOCIAL_ASSISTANCE, Kind.RESOCIALISATION, Kind.AFTERCARE,
        Kind.SOCIAL_REFERRAL,
    ]  # fmt: skip
    assert len(set(eleven)) == 11
    offered = {kind for kinds in KINDS_OF.values() for kind in kinds}
    assert offered == set(Kind)
    assert set(KINDS_OF) == set(Service)


def test_a_person_who_answers_for_nobody_is_told_nothing_of_consents(world: World) -> None:
    one = sent(world)
    values = world.rows("SELECT dossier_id, client_id, service, recipient_id FROM consent_consent")[0]
    with acting(world.person(Role.PARTNER_OFFICER, another(world))):
        assert world.rows("SELECT door.agreed(%s, %s, %s, %s)", values, using="default") == [(False,)]
    with acting(one.officer):
        assert world.rows("SELECT door.agreed(%s, %s, %s, %s)", values, using="default") == [(True,)]


def test_a_note_is_sealed(world: World) -> None:
    one = sent(world)
    one.accept()
    one.treat()
    held = Delivery.objects.using("owner").get()
    assert b"Luka" not in bytes(held.note)
