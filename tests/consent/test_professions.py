"""The unit's own psychologist is in a file for one service, and leaves it with her no. Source: flow.md 5."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from ruangaman.access.actions import join_team
from ruangaman.access.models import User
from ruangaman.access.queries import every_key
from ruangaman.access.states import Role, Section
from ruangaman.cases import actions
from ruangaman.consent.models import Consent, Recall
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.models import Person
from tests.access.filled import protected
from tests.cases.cases import Way, case
from tests.consent.partners import second_client
from tests.consent.test_recalls import INBOX, ask_back, let_lapse, notices, recalls
from tests.services.referring import withdraw
from tests.worlds import World, acting


def planned(way: Way, service: str, person: User) -> None:
    way.consent(service)
    way.plan(way.need(service)[service], person)


def on_team(way: Way, person: User) -> set[str]:
    """The sections somebody holds as a member of the team now."""
    rows = way.world.rows(
        "SELECT section FROM access_grant WHERE principal_id = %s AND source = 'team' "
        "AND withdrawn_at IS NULL AND until > now()",
        [person.id],
    )
    return {row[0] for row in rows}


def assign(way: Way, by: User, person: User, role: str) -> None:
    viewer = way.world.viewer(by)
    with acting(by):
        actions.assign(viewer=viewer, dossier=way.dossier, person=person.id, role=role, at=clock.now())


def sees_nothing(way: Way, person: User) -> None:
    world, browser = way.world, way.world.client(person)
    assert browser.get(f"/berkas/{way.reference}/").status_code == 404
    assert way.reference not in browser.get("/kasus/").content.decode()
    assert browser.post(f"/orang/{way.reference}/buka/").status_code == 404
    with acting(person):
        assert every_key(way.dossier.id) == {}
        for table in protected():
            expected = [] if table != "consent_recall" else [(way.dossier.id,)]
            column = "id" if table == "access_dossier" else "dossier_id"
            assert world.rows(f"SELECT {column} FROM {table}", using="default") == expected, table


def by_withdrawing(way: Way) -> None:
    """This client takes back what she said to psychological service."""
    withdraw(way, Consent.objects.using("owner").get(service=Service.PSYCHOLOGICAL, client_id=way.client.id))


def by_a_no(way: Way) -> None:
    way.consent(Service.PSYCHOLOGICAL, answer=Answer.REFUSED)


def by_raw_sql(way: Way) -> None:
    with acting(way.manager):
        way.world.rows("UPDATE consent_consent SET withdrawn_at = now()", using="default")


def by_time(way: Way) -> None:
    let_lapse(way.world, Service.PSYCHOLOGICAL)
    ask_back()


@pytest.mark.parametrize("ends", [by_withdrawing, by_a_no, by_raw_sql, by_time])
def test_the_psychologist_leaves_at_once_and_who_works_on_the_case_stays(
    world: World, ends: Callable[[Way], None]
) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    planned(way, Service.PSYCHOLOGICAL, psychologist)
    browser = world.client(psychologist)
    assert browser.get(f"/berkas/{way.reference}/").status_code == 200
    assert "mulai layanan" in browser.get("/hari-ini/").content.decode()
    stays = {person.id: on_team(way, person) for person in (way.manager, way.companion)}

    ends(way)

    sees_nothing(way, psychologist)
    today = browser.get("/hari-ini/").content.decode()
    assert "mulai layanan" not in today
    assert "Hapus salinan Anda" in today
    for person in (way.manager, way.companion):
        assert on_team(way, person) == stays[person.id]
        assert world.client(person).get(f"/berkas/{way.reference}/").status_code == 200
    (recall,) = recalls(world)
    assert recall.person_id == psychologist.id
    assert "psychological" in recall.sections


def test_the_psychologist_is_told_and_confirms_without_seeing_the_file(world: World) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    planned(way, Service.PSYCHOLOGICAL, psychologist)
    by_withdrawing(way)
    ask_back()
    assert notices(world) == {psychologist.id}
    browser, (recall,) = world.client(psychologist), recalls(world)
    page = browser.get(f"{INBOX}{recall.id}/").content.decode()
    assert "Ratna" not in page
    assert browser.post(f"{INBOX}{recall.id}/", {"answer": "nothing"}).headers["Location"] == INBOX
    assert Recall.objects.using("owner").get().answered_by_id == psychologist.id


def test_a_lawyer_stays_while_she_agrees_to_legal_aid(world: World) -> None:
    way, psychologist, lawyer = case(world), world.person(Role.PSYCHOLOGIST), world.person(Role.LAWYER)
    planned(way, Service.LEGAL, lawyer)
    planned(way, Service.PSYCHOLOGICAL, psychologist)
    held = on_team(way, lawyer)
    by_withdrawing(way)
    assert on_team(way, lawyer) == held
    assert on_team(way, psychologist) == set()


def test_who_has_two_professions_keeps_the_other(world: World) -> None:
    way, both = case(world), world.person(Role.PSYCHOLOGIST)
    world.seat(both, world.unit, Role.LAWYER)
    planned(way, Service.LEGAL, both)
    planned(way, Service.PSYCHOLOGICAL, both)
    held = on_team(way, both)
    by_withdrawing(way)
    assert on_team(way, both) == held - {Section.PSYCHOLOGICAL}
    assert recalls(world)[0].sections == ["psychological"]


def test_planned_anew_the_psychologist_is_back_and_asked_for_nothing(world: World) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    planned(way, Service.PSYCHOLOGICAL, psychologist)
    held = on_team(way, psychologist)
    by_withdrawing(way)
    way.consent(Service.PSYCHOLOGICAL)
    assert on_team(way, psychologist) == set(), "her yes alone brings nobody back"
    need = way.need(Service.PSYCHOLOGICAL)[Service.PSYCHOLOGICAL]
    way.plan(need, psychologist)
    assert on_team(way, psychologist) == held
    assert recalls(world)[0].answer == "reopened"
    with acting(psychologist):
        assert Person.objects.exists()


def test_against_her_no_a_psychologist_is_put_on_the_team_by_a_supervisor_alone(world: World) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    planned(way, Service.PSYCHOLOGICAL, psychologist)
    by_withdrawing(way)
    with pytest.raises(Refused, match="tidak lagi menyetujui"):
        assign(way, way.manager, psychologist, Role.PSYCHOLOGIST)
    assert on_team(way, psychologist) == set()
    assign(way, way.manager, world.person(Role.LAWYER), Role.LAWYER)  # another service
    assign(way, way.supervisor, psychologist, Role.PSYCHOLOGIST)
    held = on_team(way, psychologist)
    assert held
    way.consent(Service.LEGAL, answer=Answer.REFUSED)
    assert on_team(way, psychologist) == held, "to record late; another answer does not end it"


def test_before_anybody_asked_her_the_team_is_the_units_to_choose(world: World) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    assign(way, way.manager, psychologist, Role.PSYCHOLOGIST)
    way.consent(Service.MEDICAL, answer=Answer.REFUSED)
    assert on_team(way, psychologist)
    assert recalls(world) == []


def test_with_two_clients_the_psychologist_stays_while_one_of_them_agrees(world: World) -> None:
    way, psychologist = case(world), world.person(Role.PSYCHOLOGIST)
    planned(way, Service.PSYCHOLOGICAL, psychologist)
    other = second_client(way)
    other.consent(Service.PSYCHOLOGICAL)
    by_withdrawing(way)
    assert on_team(way, psychologist)
    by_withdrawing(other)
    assert on_team(way, psychologist) == set()


def test_who_joined_by_hand_for_a_year_leaves_as_well(world: World) -> None:
    way, psychologist, now = case(world), world.person(Role.PSYCHOLOGIST), clock.now()
    with acting(way.supervisor):
        join_team(
            dossier=way.dossier, person=psychologist.id, role=Role.PSYCHOLOGIST,
            until=now + timedelta(days=300), by=way.supervisor.id, at=now,
        )  # fmt: skip
    way.consent(Service.PSYCHOLOGICAL, answer=Answer.REFUSED)
    assert on_team(way, psychologist) == set()
