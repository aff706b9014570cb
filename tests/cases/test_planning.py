"""Nothing is planned without consent for just that; and every need is answered, or there is a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from ruangaman.access.models import Organisation, User
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.cases import actions, queries
from ruangaman.cases.models import PlanItem
from ruangaman.consent.actions import withdraw_consent
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.cases.cases import Way, case
from tests.worlds import World, acting


def stored(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM cases_planitem")[0][0])


def by_sql(
    made: Way, need: Any, consent: Any, service: str, organisation: Organisation | None = None
) -> None:
    """The same row, past the application, under the manager's own ticket."""
    with acting(made.manager):
        key = made.world.rows(
            "SELECT id FROM access_datakey WHERE dossier_id = %s",
            [made.dossier.id],
            using="default",
        )[0][0]
        made.world.rows(
            "INSERT INTO cases_planitem (id, dossier_id, unit_id, stage, need_id, consent_id, service, provider_id, "
            "organisation_id, sessions, starts_on, key_id, planned_by_id, planned_at, given) "
            "VALUES (%s, %s, %s, 'case', %s, %s, %s, %s, %s, 1, current_date, %s, %s, now(), 0)",
            [
                new_id(), made.dossier.id, made.dossier.unit_id, need.id, consent.id, service,
                None if organisation else made.manager.id, organisation.id if organisation else None, key,
                made.manager.id,
            ],
            using="default",
        )  # fmt: skip


def test_a_consented_need_is_planned_and_the_profession_comes_onto_the_team(world: World) -> None:
    made, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    made.consent(Service.PSYCHOLOGICAL)
    item = made.plan(need, psychologist)
    assert item.sessions == 3
    assert world.rows("SELECT state FROM cases_need WHERE service = 'psychological'") == [("planned",)]
    assert world.client(psychologist).get(f"/berkas/{made.reference}/").status_code == 200
    with acting(psychologist):
        assert not PlanItem.objects.exists()  # the plan itself is not hers to read
        own = queries.own_plan(world.viewer(psychologist), until=item.starts_on)
    assert [(one.item_id, one.service, one.reference) for one in own] == [
        (item.id, "psychological", made.reference)
    ]


def test_a_need_without_consent_is_refused_by_page_action_and_database(world: World) -> None:
    made, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    medical = made.consent(Service.MEDICAL)
    with pytest.raises(Refused, match="Belum ada persetujuan untuk layanan ini"):
        made.plan(need, psychologist)
    with pytest.raises(DatabaseError, match="no live consent"):
        by_sql(made, need, medical, "psychological")
    browser = world.client(made.manager)
    page = browser.get(made.page("rencana")).content.decode()
    assert "Psikologis (R. R.): belum ada persetujuan" in page
    sent = {
        "what": f"{need.id}~",
        "provider": str(psychologist.id),
        "sessions": "1",
        "starts_on": "2099-01-01",
    }
    answered = browser.post(made.page("rencana"), sent)
    assert answered.status_code == 400
    assert stored(world) == 0


def test_a_wrong_service_for_a_need_is_refused_by_the_database(world: World) -> None:
    made = case(world)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    consent = made.consent(Service.MEDICAL)
    with pytest.raises(DatabaseError, match="no live consent"):
        by_sql(made, need, consent, "medical")


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.LATER])
def test_an_answer_that_is_no_yes_plans_nothing(world: World, answer: str) -> None:
    made = case(world)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    consent = made.consent(Service.PSYCHOLOGICAL, answer=answer)
    with pytest.raises(Refused, match="Belum ada persetujuan"):
        made.plan(need, world.person(Role.PSYCHOLOGIST))
    with pytest.raises(DatabaseError, match="no live consent"):
        by_sql(made, need, consent, "psychological")


def test_a_withdrawn_consent_plans_nothing(world: World) -> None:
    made = case(world)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    consent = made.consent(Service.PSYCHOLOGICAL)
    viewer = world.viewer(made.manager)
    with acting(made.manager):
        withdraw_consent(viewer=viewer, consent=consent, at=clock.now())
    with pytest.raises(Refused, match="Belum ada persetujuan"):
        made.plan(need, world.person(Role.PSYCHOLOGIST))
    with pytest.raises(DatabaseError, match="no live consent"):
        by_sql(made, need, consent, "psychological")
    assert "sudah ditarik" in world.client(made.manager).get(made.page("rencana")).content.decode()


def test_a_consent_for_a_partner_is_none_for_the_unit_nor_for_another_partner(world: World) -> None:
    made = case(world)
    need = made.need(Service.MEDICAL)["medical"]
    consent = made.consent(Service.MEDICAL, to=world.hospital)
    clinic = world.organisation(OrganisationKind.PARTNER, "Klinik Uji", "31")
    for who in ({"provider": made.companion}, {"organisation": clinic}):
        with pytest.raises(Refused, match="Belum ada persetujuan"):
            made.plan(need, **who)  # type: ignore[arg-type]
    with pytest.raises(DatabaseError, match="no live consent"):
        by_sql(made, need, consent, "medical", clinic)
    with pytest.raises(DatabaseError, match="no live consent"):
        by_sql(made, need, consent, "medical")
    item = made.plan(need, organisation=world.hospital)
    assert (item.organisation_id, item.provider_id) == (world.hospital.id, None)


def test_a_plan_of_one_file_does_not_rest_on_the_consent_of_another(world: World) -> None:
    made, other = case(world), case(world)
    need = made.need(Service.MEDICAL)["medical"]
    foreign = other.consent(Service.MEDICAL)
    with pytest.raises(Refused, match="Belum ada persetujuan"):
        made.plan(need, made.companion)
    with pytest.raises(DatabaseError, match="no live consent"):
        by_sql(made, need, foreign, "medical")
    own = made.consent(Service.MEDICAL)
    with pytest.raises(DatabaseError, match="no live consent"):
        by_sql(made, other.need(Service.MEDICAL)["medical"], own, "medical")
    with pytest.raises(Refused, match="kebutuhan berkas ini"):
        made.plan(other.need(Service.MEDICAL)["medical"], made.companion)


def test_a_plan_is_not_turned_afterwards_to_a_service_without_consent(world: World) -> None:
    made = case(world)
    needs = made.need(Service.MEDICAL, Service.PSYCHOLOGICAL)
    made.consent(Service.MEDICAL)
    made.plan(needs["medical"], made.companion)
    with pytest.raises(DatabaseError, match="no live consent"), acting(made.manager):
        world.rows(
            "UPDATE cases_planitem SET service = 'psychological', need_id = %s",
            [needs["psychological"].id],
            using="default",
        )


@pytest.mark.parametrize(
    ("role", "said"),
    [(Role.LAWYER, "diberikan oleh: Psikolog"), (Role.COMPANION, "diberikan oleh: Psikolog")],
)
def test_only_the_fitting_profession_gives_a_service(world: World, role: str, said: str) -> None:
    made = case(world)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    made.consent(Service.PSYCHOLOGICAL)
    with pytest.raises(Refused, match=said):
        made.plan(need, world.person(role))
    assert stored(world) == 0


def test_impossible_plans_are_refused(world: World) -> None:
    made = case(world)
    need = made.need(Service.MEDICAL)["medical"]
    made.consent(Service.MEDICAL)
    today = timezone.localdate()
    for wrong in ({"sessions": 0}, {"sessions": 201}, {"starts_on": today - timedelta(days=30)},
                  {"starts_on": today + timedelta(days=91)}):  # fmt: skip
        with pytest.raises(Refused):
            made.plan(need, made.companion, **wrong)  # type: ignore[arg-type]
    for nobody_or_two in ((None, None), (made.companion, world.hospital)):
        with pytest.raises(Refused, match="satu pemberi layanan"):
            made.plan(need, *nobody_or_two)
    with pytest.raises(Refused, match="Hanya manajer kasus"):
        made.plan(need, made.companion, by=made.companion)


def test_the_page_plans_once_however_often_it_is_sent(world: World) -> None:
    made, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    made.consent(Service.PSYCHOLOGICAL)
    browser = world.client(made.manager)
    page = browser.get(made.page("rencana") + f"?kebutuhan={need.id}").content.decode()
    assert f'value="{need.id}~"' in page and "checked" in page
    sent = {
        "row_id": page.split('name="row_id" value="')[1].split('"')[0],
        "what": f"{need.id}~",
        "provider": str(psychologist.id),
        "sessions": "8",
        "starts_on": (timezone.localdate() + timedelta(days=2)).isoformat(),
        "aim": "Tidur lagi tanpa takut.",
    }
    for _twice in range(2):
        assert browser.post(made.page("rencana"), sent).status_code == 302
    assert stored(world) == 1
    assert b"Tidur lagi" not in bytes(world.rows("SELECT aim FROM cases_planitem")[0][0])
    sent |= {"row_id": str(new_id()), "provider": ""}
    answered = browser.post(made.page("rencana"), sent)
    assert answered.status_code == 409
    assert "Tidur lagi tanpa takut." in answered.content.decode()


def test_every_need_is_answered_or_there_is_a_reason(world: World) -> None:
    made = case(world)
    needs = made.need(Service.PSYCHOLOGICAL, Service.MEDICAL)
    browser = world.client(made.manager)
    assert browser.post(made.page("rencana/tidak"), {"need": str(needs["medical"].id)}).status_code == 400
    sent = {"need": str(needs["medical"].id), "reason": "unavailable"}
    assert browser.post(made.page("rencana/tidak"), sent).status_code == 302
    assert world.rows("SELECT state, unmet FROM cases_need WHERE service = 'medical'") == [
        ("unmet", "unavailable")
    ]
    assert browser.post(made.page("rencana/tidak"), sent).status_code == 400
    made.consent(Service.MEDICAL)
    with pytest.raises(Refused, match="sudah ditutup"):
        needs["medical"].refresh_from_db(using="owner")
        made.plan(needs["medical"], made.companion)
    assert made.need(Service.MEDICAL)["medical"].state == "open"
    item = made.plan(made.need(Service.MEDICAL)["medical"], made.companion)
    assert str(item.need_id) not in browser.get(made.page("rencana/tidak")).content.decode()


def test_a_dropped_plan_opens_its_need_and_takes_the_profession_off_the_team(world: World) -> None:
    made, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    made.consent(Service.PSYCHOLOGICAL)
    item = made.plan(need, psychologist)
    page = f"/berkas/{made.reference}/"
    assert world.client(psychologist).get(page).status_code == 200
    browser = world.client(made.manager)
    assert browser.post(made.page("rencana/hentikan"), {"item": str(item.id)}).status_code == 302
    assert world.rows("SELECT state FROM cases_need WHERE service = 'psychological'") == [("open",)]
    assert world.client(psychologist).get(page).status_code == 404
    assert browser.post(made.page("rencana/hentikan"), {"item": str(item.id)}).status_code == 400


def test_the_own_part_of_a_plan_is_told_to_nobody_else(world: World) -> None:
    made, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    need = made.need(Service.PSYCHOLOGICAL)["psychological"]
    made.consent(Service.PSYCHOLOGICAL)
    item = made.plan(need, psychologist)

    def told(person: User) -> int:
        with acting(person):
            return len(queries.own_plan(world.viewer(person), until=item.starts_on))

    others = (
        made.companion,
        made.manager,
        world.person(Role.PSYCHOLOGIST, tag="_lain"),
        world.person(Role.HEAD),
    )
    assert [told(person) for person in (psychologist, *others)] == [1, 0, 0, 0, 0]
    with acting(made.supervisor):
        from ruangaman.access.actions import raise_wall

        raise_wall(dossier=made.dossier, person=psychologist.id, by=made.supervisor.id, at=clock.now())
    assert told(psychologist) == 0


def test_needs_are_added_once_and_the_ledger_says_nothing_of_what_they_are(world: World) -> None:
    made = case(world)
    made.need(Service.MEDICAL)
    made.need(Service.MEDICAL, Service.LEGAL)
    assert world.rows("SELECT count(*) FROM cases_need") == [(3,)]
    told = str(world.rows("SELECT fields_named FROM ledger_entry WHERE verb IN ('need_recorded', 'planned')"))
    assert "legal" not in told and "medical" not in told
    viewer = world.viewer(made.manager)
    stranger = case(world).client
    with acting(made.manager), pytest.raises(Refused, match="bukan klien berkas ini"):
        actions.record_needs(
            viewer=viewer, dossier=made.dossier, client=stranger, services=["legal"], at=clock.now()
        )


@pytest.mark.parametrize(("reason", "known_anew"), [("declined", False), ("mistaken", True)])
def test_a_need_that_is_named_again_counts_in_the_period_in_which_it_was_first_known(
    world: World, reason: str, known_anew: bool
) -> None:
    made = case(world)
    need = made.need(Service.MEDICAL)["medical"]
    viewer = world.viewer(made.manager)
    with acting(made.manager):
        actions.leave_unmet(viewer=viewer, dossier=made.dossier, need=need, reason=reason, at=clock.now())
    again = made.need(Service.MEDICAL)["medical"]
    assert (again.state, again.unmet) == ("open", "")
    assert (again.recorded_at > need.recorded_at) == known_anew
