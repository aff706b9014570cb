"""What the unit does: it asks partners, records services, and sees in one table where each need stands."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from ruangaman.access.duties import Kind as Waits
from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.cases import actions as cases
from ruangaman.cases.models import PlanItem
from ruangaman.clocks import duties as clocks
from ruangaman.consent.states import Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.services import actions, duties
from ruangaman.services.policies import check_can_refer
from ruangaman.services.states import KINDS_OF, Kind, ReferralStatus
from tests.cases.cases import Way, case
from tests.services.referring import NOTE, REQUEST, planned_with, refer, sent, table_of, withdraw
from tests.worlds import World, acting


def asks(browser: Client, way: Way, item: PlanItem, **told: Any) -> Any:
    given = {"row_id": str(new_id()), "item": str(item.id), "request": REQUEST}
    return browser.post(f"/rujukan/{way.reference}/kirim/", {**given, **told})


def counselled(way: Way, psychologist: User, *, sessions: int = 8) -> PlanItem:
    way.consent(Service.PSYCHOLOGICAL)
    need = way.need(Service.PSYCHOLOGICAL)[Service.PSYCHOLOGICAL]
    return way.plan(need, psychologist, sessions=sessions)


def gives(browser: Client, way: Way, item: PlanItem, **told: Any) -> Any:
    given = {
        "row_id": str(new_id()), "what": str(item.id), "kind": Kind.COUNSELLING.value,
        "given_on": timezone.localdate().isoformat(), "note": NOTE,
    }  # fmt: skip
    return browser.post(f"/rujukan/{way.reference}/layanan/", {**given, **told})


# --- asking a partner -----------------------------------------------------------------------------------------------


def test_a_case_manager_asks_a_partner_once_however_often_she_clicks(world: World) -> None:
    way = case(world)
    _consent, item = planned_with(way, world.hospital)
    browser = world.client(way.manager)
    form = browser.get(f"/rujukan/{way.reference}/kirim/").content.decode()
    assert "RS Uji" in form
    assert "govuk-error" not in form
    row = str(new_id())
    assert [asks(browser, way, item, row_id=row).status_code for _ in range(2)] == [302, 302]
    assert world.rows("SELECT count(*) FROM services_referral") == [(1,)]
    assert way.reference in browser.get("/rujukan/").content.decode()


def test_asking_again_while_a_partner_has_not_finished_is_told(world: World) -> None:
    one = sent(world)
    answer = asks(world.client(one.way.manager), one.way, one.item)
    assert answer.status_code == 409
    assert "belum selesai" in answer.content.decode()
    assert REQUEST in answer.content.decode()


def test_a_referral_without_a_word_of_what_is_asked_keeps_what_was_chosen(world: World) -> None:
    way = case(world)
    _consent, item = planned_with(way, world.hospital)
    answer = asks(world.client(way.manager), way, item, request="", visum_wanted="on")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Tulis apa yang diminta" in page
    assert page.count("checked") >= 2


def test_a_consent_withdrawn_while_the_referral_is_written_is_told_and_nothing_is_lost(world: World) -> None:
    way = case(world)
    consent, item = planned_with(way, world.hospital)
    withdraw(way, consent)
    answer = asks(world.client(way.manager), way, item)
    assert answer.status_code == 409
    assert "tidak berlaku lagi" in answer.content.decode()
    assert REQUEST in answer.content.decode()
    assert world.rows("SELECT count(*) FROM services_referral") == [(0,)]


@pytest.mark.parametrize("role", [Role.COMPANION, Role.HEAD, Role.INTAKE_OFFICER, Role.PARTNER_OFFICER])
def test_who_may_not_refer_is_told_no_more_than_a_stranger(world: World, role: Role) -> None:
    one = sent(world)
    browser = world.client(world.person(role))
    assert asks(browser, one.way, one.item).status_code == 404
    assert browser.post(f"{one.page}tarik/").status_code == 404
    assert one.count("services_referral") == 1


def test_the_unit_takes_a_referral_back(world: World) -> None:
    one = sent(world)
    browser = world.client(one.way.manager)
    assert "Tarik rujukan" in browser.get(one.page).content.decode()
    assert browser.post(f"{one.page}tarik/").status_code == 302
    assert one.status == ReferralStatus.WITHDRAWN
    assert "Tarik rujukan" not in browser.get(one.page).content.decode()
    assert browser.post(f"{one.page}terima/").status_code == 404  # the partner's alone
    head = world.client(world.person(Role.HEAD)).get(one.page).content.decode()
    assert "Tarik rujukan" not in head


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"stage": "intake"}, "sesudah kasus diambil"),
        ({"stage": "closed"}, "sesudah kasus diambil"),
        ({"has_partner": False}, "Rencanakan dulu"),
        ({"dropped": True}, "Rencanakan dulu"),
        ({"waiting": True}, "belum selesai"),
        ({"request": "  "}, "Tulis apa yang diminta"),
    ],
)
def test_what_can_not_be_referred(wrong: dict[str, Any], told: str) -> None:
    fine = {"stage": "case", "has_partner": True, "dropped": False, "request": REQUEST, "waiting": False}
    check_can_refer(**fine)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=told):
        check_can_refer(**{**fine, **wrong})


# --- what waits ------------------------------------------------------------------------------------------------------


def test_a_partner_is_reminded_until_it_answered_and_recorded_something(world: World) -> None:
    one = sent(world)
    officer, now = one.officer, clock.now()

    def waiting() -> list[str]:
        viewer = world.viewer(officer)
        with acting(officer):
            return [str(duty.text) for duty in duties.to_answer(viewer, now, 100)]

    assert waiting() == ["Jawab rujukan: Kesehatan dan visum"]
    one.accept()
    assert waiting() == ["Catat layanan rujukan: Kesehatan dan visum"]
    one.treat()
    assert waiting() == []


def test_who_referred_is_asked_about_a_partner_that_does_not_answer(world: World) -> None:
    one = sent(world)
    viewer, now = world.viewer(one.way.manager), clock.now()

    def asked() -> list[str]:
        with acting(one.way.manager):
            return [duty.reference for duty in clocks.held(viewer, now, 100) if duty.kind == Waits.REFERRAL]

    assert asked() == [one.way.reference]
    one.accept()
    assert asked() == []


def test_a_partners_no_waits_until_another_way_is_found(world: World) -> None:
    one = sent(world)
    one.post("tolak", decline="full")
    for person in (one.way.manager, one.way.supervisor):
        viewer = world.viewer(person)
        with acting(person):
            assert [d.reference for d in duties.declined(viewer, clock.now(), 9)] == [one.way.reference]
    refer(one.way, one.item)
    viewer = world.viewer(one.way.manager)
    with acting(one.way.manager):
        assert duties.declined(viewer, clock.now(), 9) == []


# --- recording a service ----------------------------------------------------------------------------------------------


def test_a_psychologist_records_a_session_that_the_case_manager_counts_and_does_not_read(
    world: World,
) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    item = counselled(way, psychologist)
    browser = world.client(psychologist)
    mine = browser.get(f"/berkas/{way.reference}/").content.decode()
    assert f"/rujukan/{way.reference}/layanan/" in mine
    row = str(new_id())
    assert [gives(browser, way, item, row_id=row).status_code for _ in range(2)] == [302, 302]
    assert NOTE in browser.get(f"/berkas/{way.reference}/").content.decode()
    assert "1 dari 8" in table_of(way)
    for person in (way.manager, way.companion, way.supervisor):
        page = world.client(person).get(f"/berkas/{way.reference}/").content.decode()
        assert NOTE not in page
        with acting(person):
            assert world.rows("SELECT 1 FROM services_delivery", using="default") == []


def test_a_session_ahead_or_of_another_service_keeps_what_was_typed(world: World) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    item = counselled(way, psychologist)
    browser = world.client(psychologist)
    ahead = (clock.now() + timedelta(days=2)).date().isoformat()
    for wrong in (
        {"given_on": ahead},
        {"kind": Kind.LEGAL_ADVICE.value},
        {"given_on": ""},
        {"row_id": "x", "kind": ""},
    ):
        answer = gives(browser, way, item, **wrong)
        assert answer.status_code in (400, 409), wrong
        assert NOTE in answer.content.decode()
    assert world.rows("SELECT count(*) FROM services_delivery") == [(0,)]


def test_who_has_no_part_in_the_plan_records_nothing(world: World) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    item = counselled(way, psychologist)
    other = world.person(Role.PSYCHOLOGIST, tag="lain")
    for person in (other, way.companion, world.person(Role.HEAD), world.person(Role.LAWYER)):
        assert gives(world.client(person), way, item).status_code == 404
    # The manager writes the plan, and not the section of the psychologist: nothing of hers is offered or taken.
    assert f"/rujukan/{way.reference}/layanan/" not in (
        world.client(way.manager).get(f"/berkas/{way.reference}/").content.decode()
    )
    assert gives(world.client(way.manager), way, item).status_code == 404
    assert world.rows("SELECT count(*) FROM services_delivery") == [(0,)]


def test_nothing_is_given_after_she_said_no_more(world: World) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    item = counselled(way, psychologist)
    browser = world.client(psychologist)
    told = browser.get("/hari-ini/").content.decode()
    assert way.reference in told
    withdraw(way, item.consent)
    assert "mulai layanan" not in browser.get("/hari-ini/").content.decode()
    # Off the team at once; a supervisor puts them back to record late what was given before.
    assert gives(browser, way, item).status_code == 404
    supervisor, now = world.viewer(way.supervisor), clock.now()
    with acting(way.supervisor):
        cases.assign(
            viewer=supervisor, dossier=way.dossier, person=psychologist.id, role=Role.PSYCHOLOGIST, at=now
        )
    assert "mulai layanan" not in browser.get("/hari-ini/").content.decode()
    # The day of the withdrawal is hers to tell: what is dated after it is refused, here by an hour that has passed.
    world.rows("ALTER TABLE consent_consent DISABLE TRIGGER USER")
    world.rows("UPDATE consent_consent SET withdrawn_at = now() - interval '2 days'")
    world.rows("ALTER TABLE consent_consent ENABLE TRIGGER USER")
    answer = gives(browser, way, item)
    assert answer.status_code == 409
    assert "Tidak ada persetujuan klien" in answer.content.decode()
    assert NOTE in answer.content.decode()
    before = (clock.now() - timedelta(days=5)).date().isoformat()
    assert gives(browser, way, item, given_on=before).status_code == 302
    assert world.rows("SELECT count(*) FROM services_delivery") == [(1,)]


def test_the_manager_records_what_a_partner_gave_that_keeps_no_record_here(world: World) -> None:
    way = case(world)
    way.need(Service.SOCIAL)
    _consent, item = planned_with(way, world.hospital, Service.SOCIAL)
    kind = KINDS_OF[Service.SOCIAL][0]
    assert gives(world.client(way.manager), way, item, kind=kind.value).status_code == 302
    found = world.rows("SELECT organisation_id, section, given_on FROM services_delivery")
    assert found[0][:2] == (world.hospital.id, "plan")
    assert "1 dari 3" in table_of(way)


def test_a_day_ahead_is_refused_by_the_action_itself(world: World) -> None:
    way = case(world)
    _consent, item = planned_with(way, world.hospital)
    viewer, now = world.viewer(way.manager), clock.now()

    def give(given_on: date, delivery_id: UUID) -> None:
        with acting(way.manager):
            actions.give_service(
                viewer=viewer, dossier=way.dossier, client=way.client, service=Service.MEDICAL,
                kind=Kind.EXAMINATION, given_on=given_on, organisation_id=world.hospital.id, item=item.id,
                referral=None, note="", delivery_id=delivery_id, at=now,
            )  # fmt: skip

    with pytest.raises(Refused, match="belum terjadi"):
        give(now.date() + timedelta(days=2), new_id())
    give(now.date(), new_id())


# --- the table --------------------------------------------------------------------------------------------------------
