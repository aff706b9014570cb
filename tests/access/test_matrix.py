"""Every table and section, by every role and purpose, at every stage, laid beside policy/matrix.yaml cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
import yaml

from ruangaman.access import matrix
from ruangaman.access.matrix import allows, cells
from ruangaman.access.models import MatrixCell
from ruangaman.access.states import Role, Section, Stage
from tests.access.filled import OTHER, OWN, TRY_ALL, added_only, fill, may_add, protected, spine, tried
from tests.worlds import Filed, World, acting

SCOPED = sorted({c.role for c in cells() if c.reach == "scope"})
MODES = ("read", "change", "add")
Row = tuple[str, str, str]  # table, stage, section
# Where a table narrows a cell further than a matrix can say: who answers a referral may not send one
# (tests/services/test_database.py tries it).
# Recalls are written by the database, and decisions against her consent by who supervises her own unit
# (tests/consent/test_recalls.py, test_disclosing.py).
NEVER_ADDS = {
    (Role.PARTNER_OFFICER, "services_referral"),
    *((role, "consent_recall") for role in Role.values),
    *((role, "consent_disclosure") for role in Role.values if role not in (Role.SUPERVISOR, Role.HEAD)),
}
# Papers and appointments are narrowed by who brought them, whom they name and what they are (their rooms' tests of the
# database try each rule). Here they must reach no more than a cell, and by rank in the own unit read just as much.
# A link between two records is seen by who sees both (tests/people/test_likenesses.py).
# A client's wish is answered, and what was handed to another region taken back, in one's own name alone
# (tests/intake/test_client_codes.py, test_transfers.py).
NARROWER = ("papers_", "agenda_", "people_likeness", "intake_wish", "intake_transfer")
# And a partner sees the people who agreed to it, which a grant alone does not say (tests/consent/test_partners.py), and
# of the legal process their side alone (tests/justice/test_accused.py); deadlines are the unit's.
NARROWER_FOR = {Role.PARTNER_OFFICER: (*NARROWER, "people_", "justice_", "clocks_")}
# And what is signed with a person's name can't be written without one.
NEEDS_A_PERSON = (
    *NARROWER,
    "clocks_ruled",
    "consent_disclosure",
    "intake_talk",
    "intake_triagemove",
    "intake_firstact",
    "intake_joining",
    "intake_callback",
    "intake_calltry",
    "intake_outreach",
)
# To ask for evidence, and to tell what was done with it, is part of reading it (tests/papers/test_evidence_tables.py).
READERS_ADD = {"papers_opening", "papers_custody"}


@dataclass
class Files:
    """Dossiers at each stage: in the own unit, in another region with grants, and there without."""

    world: World
    own: dict[str, Filed]
    granted: dict[str, Filed]
    strange: dict[str, Filed]
    copies: dict[tuple[UUID, str, str], str]
    seen: dict[Any, dict[str, set[Row]]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def files(lasting_world: World) -> Iterator[Files]:
    made = {
        name: {stage: fill(lasting_world, place=place, stage=stage) for stage in Stage.values}
        for name, place in (("own", OWN), ("granted", OTHER), ("strange", OTHER))
    }
    for role in Role.values:
        person = lasting_world.person(role)
        principal = lasting_world.hospital.id if role == Role.PARTNER_OFFICER else person.id
        for filed in made["granted"].values():
            for section in Section.values:
                lasting_world.grant(filed, principal, section, writes=True)
    copies = {}
    for table, section in protected().items():
        named = f"'{section}'" if section else "section"
        for row in lasting_world.rows(f"SELECT {spine(table)}, {named}, to_jsonb(t)::text FROM {table} t"):
            copies[(row[0], table, row[1])] = row[2]
    lasting_world.rows(TRY_ALL)
    yield Files(lasting_world, **made, copies=copies)
    lasting_world.rows("DROP FUNCTION may_add")


def reached(files: Files, dossiers: dict[str, Filed], using: str = "default") -> dict[str, set[Row]]:
    """What the ticket that is shown reaches of these dossiers: what it reads, changes and adds."""
    stage_of = {filed.dossier.id: stage for stage, filed in dossiers.items()}
    found: dict[str, set[Row]] = {mode: set() for mode in MODES}
    for table, section in protected().items():
        named = f"'{section}'" if section else "section"
        reading = tried(f"SELECT {spine(table)}, {named} FROM {table}", using=using)
        changing = tried(f"UPDATE {table} SET stage = stage RETURNING {spine(table)}, {named}", using=using)
        for mode, rows in (("read", reading), ("change", changing)):
            found[mode] |= {(table, stage_of[d], s) for d, s in rows or [] if d in stage_of}
    copies = {named: copy for named, copy in files.copies.items() if named[0] in stage_of}
    added = may_add([(table, copy) for (_dossier, table, _section), copy in copies.items()], using)
    for (dossier, table, section), may in zip(copies, added, strict=True):
        if may:
            found["add"].add((table, stage_of[dossier], section))
    return found


def expected(role: str, reach: str) -> dict[str, set[Row]]:
    """The same, as policy/matrix.yaml has it."""
    rows = [
        (table, stage, section)
        for table, fixed in protected().items()
        for stage in Stage.values
        for section in ([fixed] if fixed else Section.values)
    ]
    reads = {row for row in rows if allows(role, reach, row[1], row[2], "r")}
    writes = {row for row in rows if allows(role, reach, row[1], row[2], "w")}
    adds = {row for row in writes if (role, row[0]) not in NEVER_ADDS}
    adds |= {row for row in reads if row[0] in READERS_ADD and role not in SCOPED}
    return {"read": reads, "change": {r for r in reads & writes if r[0] not in added_only()}, "add": adds}


def seen_by_role(files: Files, role: str, reach: str) -> dict[str, set[Row]]:
    if (role, reach) not in files.seen:
        dossiers = {"unit": files.own, "grant": files.granted, "nothing": files.strange}[reach]
        with acting(files.world.person(role)):
            files.seen[(role, reach)] = reached(files, dossiers)
    return files.seen[(role, reach)]


def seen_by_purpose(files: Files, purpose: str, using: str) -> dict[str, set[Row]]:
    if (purpose, using) not in files.seen:
        found: dict[str, set[Row]] = {mode: set() for mode in MODES}
        for stage, filed in files.own.items():
            with acting(purpose=purpose, scope=filed.dossier.id, using=using):
                for mode, rows in reached(files, {stage: filed}, using).items():
                    found[mode] |= rows
        files.seen[(purpose, using)] = found
    return files.seen[(purpose, using)]


def test_the_world_has_a_row_in_every_protected_table_section_and_stage(files: Files) -> None:
    rows = {(table, section) for _dossier, table, section in files.copies}
    assert rows == {
        (table, section)
        for table, fixed in protected().items()
        for section in ([fixed] if fixed else Section.values)
    }
    for dossiers in (files.own, files.granted, files.strange):
        for filed in dossiers.values():
            here = {
                (table, section) for dossier, table, section in files.copies if dossier == filed.dossier.id
            }
            assert here == rows


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("reach", ["unit", "grant"])
@pytest.mark.parametrize("role", Role.values)
def test_a_role_reaches_exactly_its_cells(files: Files, role: str, reach: str, mode: str) -> None:
    seen, wanted = seen_by_role(files, role, reach)[mode], expected(role, reach)[mode]
    if (mode, reach) == ("read", "unit"):
        assert seen == wanted
    else:
        assert seen <= wanted
        without = NARROWER_FOR.get(Role(role), NARROWER)
        assert plain(seen, without) == plain(wanted, without)


def plain(rows: set[Row], without: tuple[str, ...] = NARROWER) -> set[Row]:
    return {row for row in rows if not row[0].startswith(without)}


@pytest.mark.parametrize("role", Role.values)
def test_no_role_reaches_anything_of_another_unit_without_a_grant(files: Files, role: str) -> None:
    assert seen_by_role(files, role, "nothing") == {mode: set() for mode in MODES}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("purpose", [p for p in SCOPED if not p.startswith("job")])
def test_a_narrow_ticket_reaches_exactly_its_cells_of_its_dossier(
    files: Files, purpose: str, mode: str
) -> None:
    seen, wanted = seen_by_purpose(files, purpose, "default")[mode], expected(purpose, "scope")[mode]
    assert seen <= wanted
    assert plain(seen, NEEDS_A_PERSON) == plain(wanted, NEEDS_A_PERSON)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("purpose", [p for p in SCOPED if p.startswith("job")])
def test_a_task_reaches_exactly_its_cells_of_its_dossier(files: Files, purpose: str, mode: str) -> None:
    wanted = expected(purpose, "scope")
    wanted["change"] = (
        wanted["read"] & wanted["add"]
    )  # the task that erases also rewrites what is only added to
    assert seen_by_purpose(files, purpose, "worker")[mode] == wanted[mode]


@pytest.mark.parametrize("purpose", SCOPED)
def test_a_task_and_a_page_can_not_use_each_others_tickets(files: Files, purpose: str) -> None:
    wrong = "default" if purpose.startswith("job") else "worker"
    assert seen_by_purpose(files, purpose, wrong) == {mode: set() for mode in MODES}


@pytest.mark.parametrize("purpose", SCOPED)
def test_a_narrow_ticket_reaches_no_other_dossier(files: Files, purpose: str) -> None:
    using = "worker" if purpose.startswith("job") else "default"
    with acting(purpose=purpose, scope=files.own["intake"].dossier.id, using=using):
        for others in ({"case": files.own["case"]}, files.granted, files.strange):
            assert reached(files, others, using) == {mode: set() for mode in MODES}


@pytest.mark.parametrize("role", Role.values)
def test_a_persons_ticket_opens_nothing_to_a_task(files: Files, role: str) -> None:
    with acting(files.world.person(role), using="worker"):
        for dossiers in (files.own, files.granted):
            assert reached(files, dossiers, "worker") == {mode: set() for mode in MODES}


def test_a_person_and_a_scope_in_one_ticket_open_nothing_to_a_task(files: Files) -> None:
    head, wanted = files.world.person(Role.HEAD), files.own["case"]
    with acting(head, purpose="job_erasure", scope=wanted.dossier.id, using="worker"):
        assert reached(files, {"case": wanted}, "worker") == {mode: set() for mode in MODES}


@pytest.mark.parametrize("purpose", ["", "job", "owner", "head", "staff'--", "JOB_ERASURE"])
def test_a_purpose_that_nobody_wrote_down_opens_nothing(files: Files, purpose: str) -> None:
    for using in ("default", "worker"):
        with acting(purpose=purpose, scope=files.own["case"].dossier.id, using=using):
            assert reached(files, files.own, using) == {mode: set() for mode in MODES}


def test_a_read_only_grant_lets_nobody_write(files: Files) -> None:
    reader = files.world.person(Role.CASE_MANAGER, tag="reader")
    for filed in files.granted.values():
        for section in Section.values:
            files.world.grant(filed, reader.id, section)
    with acting(reader):
        found = reached(files, files.granted)
    wanted = expected(Role.CASE_MANAGER, "grant")["read"]
    assert found["read"] <= wanted and plain(found["read"]) == plain(wanted)
    assert found["change"] == set()
    assert {row[0] for row in found["add"]} <= READERS_ADD


def test_a_grant_opens_only_its_own_section(files: Files) -> None:
    lawyer = files.world.person(Role.LAWYER, tag="one")
    files.world.grant(files.strange["case"], lawyer.id, Section.LEGAL, writes=True)
    with acting(lawyer):
        found = reached(files, files.strange)
    assert {row[1:] for row in found["read"]} == {("case", "legal")}
    assert found["read"] <= expected(Role.LAWYER, "grant")["read"]


def test_a_grant_to_a_whole_unit_opens_nothing_to_its_people(files: Files) -> None:
    files.world.grant(files.strange["case"], files.world.unit.id, Section.IDENTITY, writes=True)
    for role in (Role.COMPANION, Role.CASE_MANAGER):
        with acting(files.world.person(role, tag="plain")):
            assert reached(files, files.strange)["read"] == set()


def test_messages_keys_decisions_and_deeds_are_only_ever_added_to() -> None:
    assert {
        "intake_message",
        "access_datakey",
        "intake_triagemove",
        "services_delivery",
        "justice_legalstep",
        "services_visum",
        "cases_safetynote",
        "cases_violence",
        "closure_meeting",
        "closure_invitee",
        "closure_homevisit",
    } <= added_only()


def test_nobody_deletes_a_protected_row_from_a_page(files: Files) -> None:
    with acting(files.world.person(Role.HEAD)):
        for table in protected():
            if table == "papers_paper":  # what was begun and never kept is taken back, by who began it alone
                assert tried(f"DELETE FROM {table} RETURNING id") == []
            else:
                assert tried(f"DELETE FROM {table}") is None


def test_the_database_holds_the_matrix_as_it_is_written(files: Files) -> None:
    rows = MatrixCell.objects.using("owner").values_list(
        "role", "reach", "stage", "section", "reads", "writes"
    )
    assert set(rows) == {(c.role, c.reach, c.stage, c.section, c.reads, c.writes) for c in cells()}


def test_nobody_changes_the_matrix_at_run_time(files: Files) -> None:
    with acting(files.world.person(Role.HEAD)):
        assert tried("UPDATE access_matrixcell SET reads = true, writes = true") is None
        assert (
            tried(
                "INSERT INTO access_matrixcell SELECT gen_random_uuid(), 'analyst', 'unit', 'case', 'identity'"
            )
            is None
        )
        assert tried("DELETE FROM access_matrixcell") is None


def test_administrators_and_analysts_have_no_cell() -> None:
    assert not [c for c in cells() if c.role in (Role.ADMINISTRATOR, Role.ANALYST)]


def test_nobody_reads_medical_or_psychological_notes_by_rank() -> None:
    assert not [c for c in cells() if c.reach == "unit" and c.section in ("medical", "psychological")]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"unit.intake": ["r"]}, "is not a row"),
        ({"unit.never": ["r"] * 2}, "is not a row"),
        ({"world.intake": ["r"] * 2}, "is not a row"),
        ({"unit.intake": ["r", "rwx"]}, "is not a mark"),
    ],
)
def test_a_matrix_that_is_written_wrongly_is_refused(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, list[str]], told: str
) -> None:
    policy = {"sections": ["identity", "thread"], "stages": ["intake"], "cells": {"head": wrong}}
    monkeypatch.setattr(matrix.yaml, "safe_load", lambda text: policy)
    with pytest.raises(ValueError, match=told):
        matrix.cells.__wrapped__()


def test_an_empty_cell_allows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = yaml.safe_dump(
        {
            "sections": ["identity", "thread"],
            "stages": ["case"],
            "cells": {"head": {"unit.case": ["rw", "."]}},
        }
    )
    policy = yaml.safe_load(text)
    monkeypatch.setattr(matrix.yaml, "safe_load", lambda text: policy)
    assert [c.section for c in matrix.cells.__wrapped__()] == ["identity"]
