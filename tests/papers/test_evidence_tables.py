"""What the database itself keeps of evidence, tried with raw SQL as the application's role (care.md 14)."""

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from ruangaman.access.models import User
from ruangaman.access.states import Role, Section
from ruangaman.kernel.ids import new_id
from ruangaman.papers.models import Paper
from tests.papers.evidences import allow, ask, chain, companion_of, keep, on_team
from tests.worlds import Filed, World, acting

DECIDE = (
    "UPDATE papers_opening SET decision = 'approved', decided_by_id = %s, decided_at = now(), "
    "until = now() + interval '1 hour'"
)


def run(who: User, sql: str, *values: Any) -> int:
    """One statement as somebody, in the application's role; how many rows it touched."""
    with acting(who), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def add_link(who: User, paper: Paper, act: str, by: UUID | None = None, section: str = "narrative") -> int:
    return run(
        who,
        "INSERT INTO papers_custody (id, dossier_id, unit_id, stage, section, paper_id, act, done_by_id, done_at) "
        "SELECT %s, id, unit_id, stage, %s, %s, %s, %s, now() FROM access_dossier WHERE id = %s",
        new_id(),
        section,
        paper.id,
        act,
        by or who.id,
        paper.dossier_id,
    )


@pytest.fixture
def case(world: World) -> tuple[World, User, Paper]:
    filed = world.file()
    companion = companion_of(world, filed)
    return world, companion, keep(world, filed, companion)


def test_nobody_approves_the_own_opening(case: tuple[World, User, Paper]) -> None:
    world, _companion, paper = case
    supervisor = world.person(Role.SUPERVISOR)
    ask(world, paper, supervisor)
    with pytest.raises(DatabaseError, match="papers_opening_four_eyes"):
        run(supervisor, DECIDE, supervisor.id)
    with pytest.raises(DatabaseError, match="row-level security"):
        run(supervisor, DECIDE, world.person(Role.HEAD).id)
    assert world.rows("SELECT decision FROM papers_opening") == [("open",)]


def test_an_opening_is_asked_in_ones_own_name_open_and_of_evidence_alone(
    case: tuple[World, User, Paper],
) -> None:
    world, companion, paper = case
    ask_for = (
        "INSERT INTO papers_opening (id, dossier_id, unit_id, stage, section, paper_id, key_id, asked_by_id, asked_at, "
        "decision, decided_by_id, decided_at, until) SELECT gen_random_uuid(), p.dossier_id, p.unit_id, p.stage, "
        "p.section, p.id, p.key_id, %s, now(), %s, %s, %s, %s FROM papers_paper p"
    )
    head = world.person(Role.HEAD)
    none = (None, None, None)
    with pytest.raises(DatabaseError, match="row-level security"):
        run(companion, ask_for, head.id, "open", *none)
    now = world.now
    with pytest.raises(DatabaseError, match="row-level security"):
        run(companion, ask_for, companion.id, "approved", head.id, now, now)
    world.rows("UPDATE papers_paper SET is_evidence = false")
    with pytest.raises(DatabaseError, match="row-level security"):
        run(companion, ask_for, companion.id, "open", *none)
    world.rows("UPDATE papers_paper SET is_evidence = true")
    assert run(companion, ask_for, companion.id, "open", *none) == 1


def test_who_leads_decides_once_for_an_hour_at_most_and_a_colleague_does_not(
    case: tuple[World, User, Paper],
) -> None:
    world, companion, paper = case
    filed_other = on_team_of(world, paper)
    ask(world, paper, companion)
    assert run(filed_other, DECIDE, filed_other.id) == 0
    supervisor = world.person(Role.SUPERVISOR)
    with pytest.raises(DatabaseError, match="row-level security"):
        run(supervisor, DECIDE.replace("1 hour", "2 hours"), supervisor.id)
    assert run(supervisor, DECIDE, supervisor.id) == 1
    assert run(world.person(Role.HEAD), DECIDE, world.person(Role.HEAD).id) == 0, "it was decided"
    for change in ("asked_by_id = decided_by_id", "reason = NULL", "paper_id = gen_random_uuid()"):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(supervisor, f"UPDATE papers_opening SET {change}")
    with pytest.raises(DatabaseError, match="permission denied"):
        run(supervisor, "DELETE FROM papers_opening")


def test_evidence_is_not_altered_after_it_was_kept(case: tuple[World, User, Paper]) -> None:
    _world, companion, _paper = case
    for change in (
        "digest = '\\x00'",
        "name = '\\x00'",
        "is_evidence = false",
        "size = 1",
        "pieces = 1",
        "content_type = 'text/html'",
        "state = 'hash_only'",
        "section = 'administration'",
        "origin = 'police'",
        "added_at = now()",
        "kept_at = now()",
    ):
        with pytest.raises(DatabaseError, match="never altered"):
            run(companion, f"UPDATE papers_paper SET {change}")


def test_evidence_that_was_kept_is_not_removed_and_only_a_scan_may_change(
    case: tuple[World, User, Paper],
) -> None:
    _world, companion, _paper = case
    assert run(companion, "DELETE FROM papers_paper") == 0
    assert run(companion, "UPDATE papers_paper SET scan = 'clean', scanned_at = now()") == 1


def test_the_chain_is_only_added_to_in_ones_own_name(case: tuple[World, User, Paper]) -> None:
    world, companion, paper = case
    for statement in (
        "UPDATE papers_custody SET act = 'opened'",
        "UPDATE papers_custody SET note = NULL",
        "DELETE FROM papers_custody",
        "TRUNCATE papers_custody",
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(companion, statement)
    with pytest.raises(DatabaseError, match="row-level security"):
        add_link(companion, paper, "handed", by=world.person(Role.HEAD).id)
    assert add_link(companion, paper, "handed") == 1
    assert chain(world, paper) == ["entered", "handed"]


def test_the_chain_does_not_tell_of_an_opening_that_nobody_allowed(case: tuple[World, User, Paper]) -> None:
    world, companion, paper = case
    supervisor = world.person(Role.SUPERVISOR)
    opening = ask(world, paper, companion)
    with pytest.raises(DatabaseError, match="row-level security"):
        add_link(companion, paper, "opened")
    allow(world, paper, opening, supervisor)
    with pytest.raises(DatabaseError, match="row-level security"):
        add_link(supervisor, paper, "opened")
    assert add_link(companion, paper, "opened") == 1


def test_a_link_can_not_be_hung_into_another_section(case: tuple[World, User, Paper]) -> None:
    _world, companion, paper = case
    with pytest.raises(DatabaseError, match="row-level security"):
        add_link(companion, paper, "checked", section="plan")


def test_the_stage_of_a_case_goes_along(case: tuple[World, User, Paper]) -> None:
    world, _companion, paper = case
    ask(world, paper, world.person(Role.SUPERVISOR))
    world.rows("UPDATE access_dossier SET stage = 'closed' WHERE id = %s", [paper.dossier_id])
    for table in ("papers_paper", "papers_opening", "papers_custody"):
        assert world.rows(f"SELECT DISTINCT stage FROM {table}") == [("closed",)]


def test_a_partner_sees_no_evidence_of_the_unit_and_begins_the_chain_of_its_own(
    case: tuple[World, User, Paper],
) -> None:
    world, companion, paper = case
    filed = Filed(paper.dossier, None)  # type: ignore[arg-type]
    partner = world.person(Role.PARTNER_OFFICER)
    for section in (Section.FILE, Section.NARRATIVE, Section.MEDICAL):
        world.grant(filed, world.hospital.id, section, writes=section == Section.MEDICAL)
    ask(world, paper, companion)
    with acting(partner), connection.cursor() as cursor:
        for table in ("papers_paper", "papers_opening", "papers_custody"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
    with pytest.raises(DatabaseError, match="row-level security"):
        add_link(partner, paper, "handed")
    theirs = keep(world, filed, partner, section=Section.MEDICAL)
    assert chain(world, theirs) == ["entered"]
    with pytest.raises(DatabaseError, match="row-level security"):
        add_link(partner, theirs, "opened", section="medical")
    with transaction.atomic(), acting(partner), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM papers_paper")
        assert cursor.fetchall() == [(theirs.id,)]


def on_team_of(world: World, paper: Paper) -> User:
    return on_team(world, Filed(paper.dossier, None), Role.COMPANION, tag="2")  # type: ignore[arg-type]
