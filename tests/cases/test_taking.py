"""From a report to a case: who takes it, when, and what moves with it."""

import pytest

from ruangaman.access.states import Role, Stage
from ruangaman.cases import actions, queries
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.cases.cases import way
from tests.worlds import World, acting


def test_a_case_manager_takes_an_assessed_report_and_every_row_moves_with_it(world: World) -> None:
    made = way(world)
    made.assess()
    made.note("high", "Jangan menelepon malam.")
    case = made.take()
    assert (case.manager_id, case.stage, case.risk) == (made.manager.id, Stage.CASE, "high")
    for table in (
        "access_dossier",
        "people_person",
        "cases_assessment",
        "cases_safetynote",
        "cases_case",
        "access_grant",
    ):
        assert world.rows(f"SELECT DISTINCT stage FROM {table}") == [("case",)], table
    assert world.rows(
        "SELECT verb FROM ledger_entry WHERE verb IN ('stage_moved', 'case_taken') ORDER BY verb"
    ) == [
        ("case_taken",),
        ("stage_moved",),
    ]


def test_nothing_is_taken_before_it_is_assessed(world: World) -> None:
    made = way(world)
    with pytest.raises(Refused, match="Belum ada asesmen"):
        made.take()
    assert world.rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_an_assessment_needs_somebody_it_is_about(world: World) -> None:
    made = way(world)
    world.rows("UPDATE people_part SET status = 'ended'")
    with pytest.raises(Refused, match="Catat dulu klien"):
        made.assess()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INTAKE_OFFICER, Role.COMPANION])
def test_only_a_case_manager_takes_a_case(world: World, role: str) -> None:
    made = way(world)
    made.assess()
    with pytest.raises(Refused, match="Hanya manajer kasus"):
        made.take(by=world.person(role))


def test_a_case_manager_outside_the_team_takes_nothing(world: World) -> None:
    made = way(world)
    made.assess()
    with pytest.raises(Refused, match="belum di tim"):
        made.take(by=world.person(Role.CASE_MANAGER, tag="_lain"))


def test_a_case_is_taken_once_and_handed_over_only_to_a_case_manager_of_its_team(world: World) -> None:
    made = way(world)
    made.assess()
    made.take()
    with pytest.raises(Refused, match="sudah Anda pegang"):
        made.take()
    second = world.person(Role.CASE_MANAGER, tag="_dua")
    viewer = world.viewer(made.supervisor)
    with acting(made.supervisor), pytest.raises(Refused, match="memegang kasus"):
        actions.unassign(viewer=viewer, dossier=made.dossier, person=made.manager.id, at=clock.now())
    with acting(made.supervisor):
        actions.assign(
            viewer=viewer, dossier=made.dossier, person=second.id, role=Role.CASE_MANAGER, at=clock.now()
        )
    made.take(by=second)
    with acting(made.supervisor):
        actions.unassign(viewer=viewer, dossier=made.dossier, person=made.manager.id, at=clock.now())
        case = queries.case_of(viewer, made.dossier.id)
    assert case and case.manager_id == second.id
    assert world.client(made.manager).get(made.page("kebutuhan")).status_code == 404


def test_the_level_of_danger_follows_each_note_even_of_who_may_not_write_the_case(world: World) -> None:
    made = way(world)
    made.assess()
    made.take()
    made.note("medium", "Lebih tenang.", by=made.companion)
    assert world.rows("SELECT risk FROM cases_case") == [("medium",)]
    with acting(made.companion):
        world.rows("UPDATE cases_case SET risk = 'low'", using="default")
    assert world.rows("SELECT risk FROM cases_case") == [("medium",)]


def test_a_colleague_joins_only_in_a_role_they_hold_and_that_works_at_this_stage(world: World) -> None:
    made = way(world)
    viewer = world.viewer(made.supervisor)
    lawyer = world.person(Role.LAWYER)
    with acting(made.supervisor), pytest.raises(Refused, match="tidak memegang peran"):
        actions.assign(
            viewer=viewer, dossier=made.dossier, person=lawyer.id, role=Role.COMPANION, at=clock.now()
        )
    with acting(made.supervisor), pytest.raises(Refused, match="baru bekerja sesudah"):
        actions.assign(
            viewer=viewer, dossier=made.dossier, person=lawyer.id, role=Role.LAWYER, at=clock.now()
        )
    stranger = world.person(Role.COMPANION, world.other)
    with acting(made.supervisor), pytest.raises(Refused, match="tidak memegang peran"):
        actions.assign(
            viewer=viewer, dossier=made.dossier, person=stranger.id, role=Role.COMPANION, at=clock.now()
        )
