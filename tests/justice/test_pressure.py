"""care.md 15: no mediation; pressure to settle is an incident, told to who manages the case and who supervises."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError

from ruangaman.access.states import Role, Section
from ruangaman.justice import actions
from ruangaman.justice.models import Pressure
from ruangaman.justice.states import Pressing, Step
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.states import PersonRole
from tests.justice.scene import Accused
from tests.worlds import World, acting

WORDS = "Pak RT bilang: damai saja, malu sama tetangga."


@pytest.fixture
def case(world: World) -> Accused:
    made = Accused(world)
    made.companion = world.person(Role.COMPANION)  # type: ignore[attr-defined]
    made.join(made.companion, Role.COMPANION)  # type: ignore[attr-defined]
    return made


def send(case: Any, user: Any = None, **told: Any) -> Any:
    values = {
        "client": str(case.client.id),
        "pressure_id": str(new_id()),
        "pressed_by": "community_leader",
        "how": "meeting",
        "happened_on": case.day(-1).isoformat(),
        "told": WORDS,
        **told,
    }
    return case.world.client(user or case.companion).post(case.address("tekanan/"), values)


def test_it_is_recorded_sealed_and_shown_to_who_plans_her_safety(case: Any) -> None:
    assert send(case).status_code == 302
    (sealed,) = case.world.rows("SELECT told FROM justice_pressure")[0]
    assert b"damai" not in bytes(sealed)
    for reader in (case.companion, case.manager, case.supervisor, case.lawyer):
        page = case.page(reader)
        assert WORDS in page and "Dipanggil ke musyawarah" in page and "Pasal 23" in page, reader
    entries = case.world.rows("SELECT fields_named::text FROM ledger_entry WHERE verb = 'pressure_noted'")
    assert entries == [("{}",)]


def test_the_manager_and_the_supervisor_are_told_and_nobody_else(case: Any) -> None:
    send(case)
    rows = case.world.rows("SELECT person_id FROM notices_notice WHERE kind = 'law'")
    assert {one for (one,) in rows} == {case.manager.id, case.supervisor.id}


def test_the_page_says_that_there_is_no_peace_to_be_made(case: Any) -> None:
    page = case.world.client(case.companion).get(case.address("tekanan/")).content.decode()
    assert "Tidak ada mediasi dan tidak ada perdamaian" in page and "UU 12/2022 Pasal 23" in page
    assert "diversi" not in page


def test_where_a_child_is_reported_her_presence_at_diversion_is_voluntary(case: Any) -> None:
    case.record("police_report", -3)
    assert "diversi" not in case.page(case.lawyer)
    case.somebody("Budi Santoso", PersonRole.REPORTED, born_on=date(case.world.now.year - 15, 1, 1))
    page = case.world.client(case.companion).get(case.address("tekanan/")).content.decode()
    for told in (page, case.page(case.lawyer)):
        assert "sukarela dan di ruang terpisah" in told


def test_no_way_of_being_pressed_is_a_step_of_the_process() -> None:
    """Source: care.md 15; there is no step for mediation, and none is to be added."""
    assert not set(Pressing.values) - {"other"} & set(Step.values)
    assert not any(
        "mediasi" in str(step.label).lower() or "damai" in str(step.label).lower() for step in Step
    )


def test_a_double_click_records_it_once(case: Any) -> None:
    number = str(new_id())
    for _click in range(2):
        assert send(case, pressure_id=number).status_code == 302
    assert case.world.rows("SELECT count(*) FROM justice_pressure") == [(1,)]


def test_without_a_word_or_on_a_day_ahead_it_is_refused_and_stays_typed(case: Any) -> None:
    assert send(case, told="   ").status_code == 400
    sent = send(case, happened_on=case.day(1).isoformat())
    assert sent.status_code == 400 and WORDS in sent.content.decode()
    for wrong in ({"told": " "}, {"happened_on": case.day(1)}):
        with pytest.raises(Refused), acting(case.companion):
            actions.note_pressure(
                viewer=case.world.viewer(case.companion),
                dossier=case.filed.dossier,
                client=case.client,
                pressed_by="father",
                how="talked",
                **{"told": WORDS, "happened_on": case.day(-1), **wrong},
                pressure_id=new_id(),
                at=case.world.now,
            )
    assert case.world.rows("SELECT count(*) FROM justice_pressure") == [(0,)]


def test_it_is_never_changed_or_taken_away(case: Any) -> None:
    send(case)
    for change in (lambda: Pressure.objects.update(how="other"), lambda: Pressure.objects.all().delete()):
        with pytest.raises(DatabaseError, match="permission denied"), acting(case.companion):
            change()


def test_no_partner_reads_it_because_who_pressed_may_be_of_one(case: Any) -> None:
    send(case)
    case.world.grant(case.filed, case.prosecutor.id, Section.RISK, writes=True)
    with acting(case.attorney):
        assert case.world.rows("SELECT id FROM justice_pressure", using="default") == []


def test_who_may_not_write_the_risk_records_nothing(case: Any) -> None:
    world = case.world
    for user in (case.lawyer, case.attorney, world.person(Role.DATA_OFFICER), world.person(Role.HEAD)):
        assert world.client(user).get(case.address("tekanan/")).status_code == 404
        assert send(case, user).status_code == 404
    assert world.rows("SELECT count(*) FROM justice_pressure") == [(0,)]
