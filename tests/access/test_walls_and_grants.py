"""Ended roles, grants that are over, walls: nothing, at the very next statement; and the writes that make them."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from ruangaman.access import actions, policies
from ruangaman.access.matrix import allows
from ruangaman.access.models import Dossier, Grant, Wall
from ruangaman.access.queries import (
    dossier_by_reference,
    key_of,
    reach_of,
    viewer_of,
)
from ruangaman.access.states import STAGE_MOVES, GrantSource, Role, Section, Stage
from ruangaman.intake.models import Message, Report
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.access.filled import OTHER, added_only, fill, protected, sections_held, spine, tried
from tests.worlds import World, acting


def sees() -> int:
    """How many rows of protected tables the ticket that is shown reads."""
    counts = (tried(f"SELECT count(*) FROM {table}") for table in protected())
    return sum(found[0][0] for found in counts if found)


def give(world: World, filed: object, principal: UUID, until_days: int = 1) -> None:
    for section in Section.values:
        world.grant(filed, principal, section, writes=True, days=until_days)  # type: ignore[arg-type]


def test_an_ended_role_opens_nothing_at_the_next_statement(world: World) -> None:
    fill(world)
    with acting(world.person(Role.HEAD)):
        assert sees()
        world.rows("UPDATE access_membership SET until = now() WHERE role = 'head'")
        assert not sees()


def test_a_role_that_has_not_begun_opens_nothing(world: World) -> None:
    fill(world)
    head = world.person(Role.HEAD)
    world.rows("UPDATE access_membership SET since = now() + interval '1 hour' WHERE role = 'head'")
    with acting(head):
        assert not sees()


def test_somebody_who_was_made_inactive_sees_nothing_at_the_next_statement(world: World) -> None:
    filed = fill(world)
    companion = world.person(Role.COMPANION)
    give(world, filed, companion.id)
    for person in (world.person(Role.HEAD), companion):
        with acting(person):
            assert sees()
            world.rows("UPDATE access_user SET is_active = false WHERE id = %s", [person.id])
            assert not sees()


@pytest.mark.parametrize(
    "change",
    ["until = now()", "withdrawn_at = now()", "section = 'journal'", "principal_id = gen_random_uuid()"],
)
def test_a_grant_that_is_over_opens_nothing_at_the_next_statement(world: World, change: str) -> None:
    filed, companion = fill(world), world.person(Role.COMPANION)
    world.grant(filed, companion.id, Section.IDENTITY)
    with acting(companion):
        assert sees()
        world.rows(f"UPDATE access_grant SET {change}")
        assert not sees()


def test_an_ended_role_takes_its_grants_along(world: World) -> None:
    filed, companion = fill(world), world.person(Role.COMPANION)
    give(world, filed, companion.id)
    with acting(companion):
        assert sees()
        world.rows("UPDATE access_membership SET until = now() WHERE role = 'companion'")
        assert not sees()


def test_somebody_who_left_the_partner_agency_loses_its_grants(world: World) -> None:
    filed, officer = fill(world, stage=Stage.CASE), world.person(Role.PARTNER_OFFICER)
    give(world, filed, world.hospital.id)
    with acting(officer):
        assert sees()
        world.rows("UPDATE access_membership SET until = now() WHERE role = 'partner_officer'")
        assert not sees()


@pytest.mark.parametrize("role", [Role.HEAD, Role.SUPERVISOR, Role.INTAKE_OFFICER])
def test_a_wall_stands_against_any_rank(world: World, role: str) -> None:
    filed, other = fill(world), fill(world)
    person = world.person(role)
    with acting(person):
        before = sees()
        world.rows(
            "UPDATE access_wall SET person_id = %s WHERE dossier_id = %s", [person.id, filed.dossier.id]
        )
        assert 0 < sees() < before
        for table in protected():
            rows = tried(f"SELECT {spine(table)} FROM {table}") or []
            assert {row[0] for row in rows} <= {other.dossier.id}


def test_a_wall_stands_against_a_grant_too(world: World) -> None:
    filed, companion = fill(world, stage=Stage.CASE), world.person(Role.COMPANION)
    give(world, filed, companion.id)
    with acting(companion):
        assert sees()
        world.rows("UPDATE access_wall SET person_id = %s", [companion.id])
        assert not sees()
        for table in set(protected()) - added_only():
            assert tried(f"UPDATE {table} SET stage = stage RETURNING 1") in ([], None)
        assert sections_held(filed.dossier) == set()


def test_a_wall_that_was_lifted_stands_no_more(world: World) -> None:
    fill(world)
    head = world.person(Role.HEAD)
    world.rows("UPDATE access_wall SET person_id = %s", [head.id])
    with acting(head):
        assert not sees()
        world.rows("UPDATE access_wall SET lifted_at = now()")
        assert sees()


def test_who_is_walled_can_not_lift_the_wall(world: World) -> None:
    fill(world)
    head = world.person(Role.HEAD)
    world.rows("UPDATE access_wall SET person_id = %s", [head.id])
    with acting(head):
        assert tried("UPDATE access_wall SET lifted_at = now() RETURNING 1") == []


def test_who_is_walled_can_not_let_somebody_else_in(world: World) -> None:
    walled, open_one = fill(world), fill(world)
    head = world.person(Role.HEAD)
    world.grant(open_one, world.person(Role.COMPANION).id, Section.IDENTITY)
    world.rows("UPDATE access_wall SET person_id = %s WHERE dossier_id = %s", [head.id, walled.dossier.id])
    with acting(head):
        added = tried(
            "INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, "
            "given_by_id, given_at, until) VALUES (gen_random_uuid(), %s, %s, 'intake', 'identity', %s, true, 'team', "
            "%s, now(), now() + interval '1 day')",
            [walled.dossier.id, world.unit.id, world.person(Role.COMPANION).id, head.id],
        )
        assert added is None
        assert tried("UPDATE access_grant SET dossier_id = %s", [walled.dossier.id]) is None


@pytest.mark.parametrize("role", [Role.COMPANION, Role.PSYCHOLOGIST, Role.ADMINISTRATOR, Role.DATA_OFFICER])
def test_who_does_not_look_after_the_team_gives_no_grant(world: World, role: str) -> None:
    filed, person = fill(world), world.person(role)
    with acting(person):
        assert tried(
            "INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, "
            "given_by_id, given_at, until) VALUES (gen_random_uuid(), %s, %s, 'intake', 'identity', %s, true, 'team', "
            "%s, now(), now() + interval '1 day')",
            [filed.dossier.id, world.unit.id, person.id, person.id],
        ) is None  # fmt: skip


def test_a_grant_is_given_in_ones_own_name_and_stays_where_it_was_given(world: World) -> None:
    filed, head = fill(world), world.person(Role.HEAD)
    insert = (
        "INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, given_by_id, "
        "given_at, until) VALUES (gen_random_uuid(), %s, %s, 'intake', 'identity', %s, true, 'team', %s, now(), now())"
    )
    with acting(head):
        for name, gives in ((head.id, True), (world.person(Role.SUPERVISOR).id, False)):
            values = [filed.dossier.id, world.unit.id, world.person(Role.COMPANION).id, name]
            assert (tried(insert, values) is not None) == gives
        for column in ("dossier_id", "principal_id", "section", "unit_id", "stage"):
            assert tried(f"UPDATE access_grant SET {column} = {column}") is None


def test_a_row_can_not_be_put_under_another_unit_than_its_dossier(world: World) -> None:
    filed, strange = fill(world), fill(world, place=OTHER)
    with acting(world.person(Role.HEAD)):
        with pytest.raises(DatabaseError, match="access_wall_place"), transaction.atomic():
            Wall.objects.create(
                dossier_id=strange.dossier.id,
                unit=world.unit,
                stage="intake",
                person=world.person(Role.COMPANION),
                raised_at=clock.now(),
            )
        with pytest.raises(DatabaseError, match=r"row-level security|_place"), transaction.atomic():
            Wall.objects.filter(dossier_id=filed.dossier.id).update(dossier_id=strange.dossier.id)


def test_unit_and_stage_of_every_row_follow_the_dossier(world: World) -> None:
    filed = fill(world)
    world.grant(filed, world.person(Role.COMPANION).id, Section.IDENTITY)
    world.rows("UPDATE access_dossier SET unit_id = %s, stage = 'case'", [world.other.id])
    for table in [*protected(), "access_grant"]:
        rows = world.rows(f"SELECT DISTINCT unit_id, stage FROM {table}")
        assert rows == [(world.other.id, "case")], table


# --- the writes -------------------------------------------------------------------------------------------------


def test_a_grant_is_given_withdrawn_and_given_again_and_each_is_recorded(world: World) -> None:
    filed, head, companion = fill(world), world.person(Role.HEAD), world.person(Role.COMPANION)
    now = clock.now()
    given = {
        "dossier": filed.dossier,
        "section": Section.NARRATIVE,
        "principal": companion.id,
        "roles": frozenset({Role.COMPANION}),
        "writes": False,
        "source": GrantSource.TEAM,
        "until": now + timedelta(days=10),
        "by": head.id,
        "at": now,
    }
    with acting(head):
        grant = actions.give_grant(**given)
        assert grant.lives(now)
        assert not grant.lives(now + timedelta(days=10))
    with acting(companion):
        assert key_of(filed.dossier.id, Section.NARRATIVE)
    with acting(head):
        actions.withdraw_grant(grant=grant, by=head.id, at=now)
        assert not grant.lives(now)
    with acting(companion):
        assert key_of(filed.dossier.id, Section.NARRATIVE) is None
    with acting(head):
        assert actions.give_grant(**given).id == grant.id
    with acting(companion):
        assert key_of(filed.dossier.id, Section.NARRATIVE)
    told = world.rows(
        "SELECT verb, fields_named, objects_named[2] FROM ledger_entry WHERE actor_id = %s ORDER BY id",
        [head.id],
    )
    assert [row[0] for row in told] == ["granted", "grant_withdrawn", "granted"]
    assert {(tuple(row[1]), row[2]) for row in told} == {(("narrative",), companion.id)}


@pytest.mark.parametrize(
    ("role", "section", "writes"),
    [
        (Role.COMPANION, Section.PSYCHOLOGICAL, False),
        (Role.COMPANION, Section.ADMINISTRATION, True),
        (Role.ADMINISTRATOR, Section.IDENTITY, False),
        (Role.HEAD, Section.IDENTITY, False),
        (Role.PARTNER_OFFICER, Section.THREAD, False),
    ],
)
def test_a_grant_above_the_matrix_is_refused(world: World, role: str, section: str, writes: bool) -> None:
    until = world.now + timedelta(days=1)
    with pytest.raises(Refused, match="Peran orang ini"):
        policies.check_can_grant(
            roles=[role], stage="case", section=section, writes=writes, until=until, at=world.now
        )


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_grant_that_is_over_or_too_long_is_refused(world: World, days: int) -> None:
    with pytest.raises(Refused, match="paling lama satu tahun"):
        policies.check_can_grant(
            roles=[Role.COMPANION],
            stage="case",
            section=Section.IDENTITY,
            writes=False,
            until=world.now + timedelta(days=days),
            at=world.now,
        )


def test_a_grant_may_be_given_to_one_of_several_roles(world: World) -> None:
    policies.check_can_grant(
        roles=[Role.ANALYST, Role.PSYCHOLOGIST],
        stage="case",
        section=Section.PSYCHOLOGICAL,
        writes=True,
        until=world.now + timedelta(days=366),
        at=world.now,
    )


def test_a_wall_is_raised_and_lifted_and_both_are_recorded(world: World) -> None:
    filed, supervisor, head = fill(world), world.person(Role.SUPERVISOR), world.person(Role.HEAD)
    with acting(supervisor):
        wall = actions.raise_wall(dossier=filed.dossier, person=head.id, by=supervisor.id, at=clock.now())
    with acting(head):
        assert dossier_by_reference(world.viewer(head), filed.reference) is None
    with acting(supervisor):
        actions.lift_wall(wall=wall, by=supervisor.id, at=clock.now())
    with acting(head):
        assert Dossier.objects.filter(reference=filed.reference).exists()
    told = world.rows(
        "SELECT verb, objects_named FROM ledger_entry WHERE actor_id = %s ORDER BY id", [supervisor.id]
    )
    assert told == [("walled", [wall.id, head.id]), ("wall_lifted", [wall.id, head.id])]


@pytest.mark.parametrize("now", Stage.values)
@pytest.mark.parametrize("to", Stage.values)
def test_only_the_written_moves_of_stage_are_legal(now: str, to: str) -> None:
    if (now, to) in STAGE_MOVES:
        policies.check_can_move(now=now, to=to)
    else:
        with pytest.raises(Refused, match="tidak bisa langsung"):
            policies.check_can_move(now=now, to=to)


def test_a_dossier_moves_with_all_that_is_in_it(world: World) -> None:
    filed, supervisor = fill(world), world.person(Role.SUPERVISOR)
    with acting(supervisor):
        actions.move_stage(dossier=filed.dossier, to=Stage.CASE, by=supervisor.id, at=clock.now())
    assert set(Report.objects.using("owner").values_list("stage", flat=True)) == {"case"}
    assert set(Message.objects.using("owner").values_list("stage", flat=True)) == {"case"}
    assert world.rows("SELECT verb, fields_named FROM ledger_entry WHERE actor_id = %s", [supervisor.id]) == [
        ("stage_moved", ["case"])
    ]


def test_two_people_who_move_one_dossier_at_once_do_not_both_succeed(world: World) -> None:
    filed, supervisor = fill(world), world.person(Role.SUPERVISOR)
    seen_before = Dossier.objects.using("owner").get(id=filed.dossier.id)
    with acting(supervisor):
        actions.move_stage(dossier=filed.dossier, to=Stage.CASE, by=supervisor.id, at=clock.now())
    with acting(supervisor), pytest.raises(Refused, match="Muat ulang"):
        actions.move_stage(dossier=seen_before, to=Stage.CLOSED, by=supervisor.id, at=clock.now())
    assert Dossier.objects.using("owner").get(id=filed.dossier.id).stage == "case"


# --- what the pages ask before they ask the database --------------------------------------------------------------


@pytest.mark.parametrize("role", [r for r in Role.values if r != Role.PARTNER_OFFICER])
def test_the_sections_a_page_offers_are_those_the_database_opens(world: World, role: str) -> None:
    filed, person = fill(world, stage=Stage.CASE), world.person(role)
    strange = fill(world, place=OTHER, stage=Stage.CASE)
    for section in Section.values:
        world.grant(strange, person.id, section)
    with acting(person):
        viewer = viewer_of(person, clock.now())
        for dossier, reach in ((filed.dossier, "unit"), (strange.dossier, "grant")):
            offered = reach_of(viewer, dossier, clock.now())[0]
            opened = {
                row[0]
                for row in tried("SELECT section FROM access_datakey WHERE dossier_id = %s", [dossier.id])
                or []
            }
            assert offered == opened == {s for s in Section.values if allows(role, reach, "case", s, "r")}


def test_that_something_is_withheld_is_told_only_to_who_sees_the_dossier(world: World) -> None:
    filed = fill(world, stage=Stage.CASE)
    with acting(world.person(Role.HEAD)):
        assert sections_held(filed.dossier) == set(Section.values)
    for stranger in (
        world.person(Role.HEAD, world.other),
        world.person(Role.COMPANION),
        world.person(Role.ANALYST),
    ):
        with acting(stranger):
            assert sections_held(filed.dossier) == set()
    with acting(purpose="reporter", scope=filed.dossier.id):
        assert sections_held(filed.dossier) == set()


def test_a_companion_with_a_grant_is_told_what_is_withheld(world: World) -> None:
    filed, companion = fill(world, stage=Stage.CASE), world.person(Role.COMPANION)
    world.grant(filed, companion.id, Section.FILE)
    with acting(companion):
        assert "medical" in sections_held(filed.dossier)


def test_a_partner_is_not_told_what_else_there_is(world: World) -> None:
    filed, officer = fill(world, stage=Stage.CASE), world.person(Role.PARTNER_OFFICER)
    for section in (Section.FILE, Section.IDENTITY, Section.MEDICAL):
        world.grant(filed, world.hospital.id, section)
    with acting(officer):
        assert sections_held(filed.dossier) == set()
    page = world.client(officer).get(f"/berkas/{filed.reference}/")
    assert page.status_code == 200
    assert "tidak ditampilkan" not in page.content.decode()


def test_a_key_that_was_destroyed_is_nowhere_to_be_had(world: World) -> None:
    filed = fill(world)
    assert Grant.objects.using("owner").count() == 0
    world.rows("UPDATE access_datakey SET wrapped = NULL, destroyed_at = now() WHERE section = 'identity'")
    with acting(world.person(Role.HEAD)):
        assert key_of(filed.dossier.id, Section.IDENTITY) is None
        assert key_of(filed.dossier.id, Section.NARRATIVE)
        assert "identity" not in sections_held(filed.dossier)
