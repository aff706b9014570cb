"""Which table a run-time role may touch: the list that people agreed on, and the catalogue of the database."""

import difflib
from importlib.resources import files

import pytest
import yaml
from django.apps import apps
from django.db import connections, models

from ruangaman.access.models import DossierRow
from ruangaman.kernel import roles
from tests.house.grants import held
from tests.house.rooms import ROOT

pytestmark = pytest.mark.usefixtures("owner")
GRANTS = ROOT / "tests" / "house" / "grants.yaml"
OPEN = yaml.safe_load(files("ruangaman.policy").joinpath("open_tables.yaml").read_text())
SHORT = {role.removeprefix("ruangaman_") for role in roles.RUNTIME_ROLES}


def ask(sql: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def tables() -> dict[str, bool]:
    """Every table of ours and of other packages, and whether row-level security is on."""
    rows = ask(
        "SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname, relrowsecurity "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relkind IN ('r', 'p', 'm', 'v', 'f') AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
    )
    return {str(name): bool(secured) for name, secured in rows}


def readers() -> dict[str, set[str]]:
    """For each table, the run-time roles that hold a right to read some of it."""
    found: dict[str, set[str]] = {}
    for role, rights in held().items():
        for thing, told in rights.items():
            kind, _space, name = thing.partition(" ")
            if kind == "table" and "SELECT" in told:
                found.setdefault(name, set()).add(role)
    return found


def always_true() -> dict[str, set[str]]:
    """For each table with row-level security, the roles whose policy lets them read it whole."""
    rows = ask(
        "SELECT tablename, unnest(roles)::text FROM pg_policies WHERE cmd IN ('SELECT', 'ALL') AND qual = 'true'"
    )
    found: dict[str, set[str]] = {}
    for table, role in rows:
        found.setdefault(str(table), set()).add(str(role).removeprefix("ruangaman_"))
    return found


def test_every_listed_table_is_there_with_roles_and_a_reason() -> None:
    for table, told in OPEN.items():
        assert table in tables(), table
        assert told.keys() == {"roles", "reason"}, table
        assert told["roles"] and set(told["roles"]) <= SHORT, table
        assert len(told["reason"].split()) >= 4, table


def test_every_table_without_row_level_security_is_listed_for_each_role_that_reads_it() -> None:
    secured = tables()
    for table, by in readers().items():
        if not secured[table]:
            assert by == set(OPEN.get(table, {"roles": []})["roles"]), table


def test_every_policy_that_opens_a_whole_table_is_listed() -> None:
    for table, by in always_true().items():
        assert by <= set(OPEN.get(table, {"roles": []})["roles"]), table


def test_no_table_is_listed_for_a_role_that_may_not_read_it() -> None:
    reading = readers()
    for table, told in OPEN.items():
        assert set(told["roles"]) <= reading.get(table, set()), table


def test_everybody_together_may_do_nothing() -> None:
    assert {thing for thing in held().get("public", {}) if not thing.startswith("schema ")} == set()
    assert held().get("public", {}).get("schema public", "") == "USAGE"


def test_every_row_of_a_dossier_is_held_to_its_dossiers_unit_and_stage() -> None:
    placed = {
        str(table)
        for (table,) in ask(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conname = conrelid::regclass"
            " || '_place' AND confrelid = 'access_dossier'::regclass AND confupdtype = 'c' AND convalidated "
            "AND cardinality(conkey) = 3"
        )
    }
    carrying = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, DossierRow) or {"dossier_id", "unit_id", "stage"} <= _columns(model)
    }
    assert carrying == placed
    assert all(tables()[table] for table in carrying)


def test_row_level_security_is_on_wherever_a_row_names_a_dossier() -> None:
    # What is recorded of a destroyed key has no stage any more; the ledger's entries have policies of their own.
    naming = {m._meta.db_table for m in apps.get_models() if "dossier_id" in _columns(m)}
    assert all(tables()[table] for table in naming)


def test_no_run_time_role_owns_anything_or_may_become_another() -> None:
    names = ", ".join(f"'{role}'" for role in roles.RUNTIME_ROLES)
    owned = f"SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname IN ({names})"
    became = (
        f"SELECT rolname FROM pg_auth_members JOIN pg_roles r ON r.oid = member WHERE rolname IN ({names})"
    )
    assert ask(f"SELECT count(*) FROM pg_roles WHERE rolname IN ({names})") == [(len(SHORT),)]
    assert ask(owned) == []
    assert ask(became) == []


def test_no_function_with_the_owners_rights_is_open_to_everybody() -> None:
    found = ask(
        "SELECT p.oid::regprocedure::text, proconfig::text FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace "
        "WHERE prosecdef AND prorettype <> 'trigger'::regtype AND nspname !~ '^pg_' AND ("
        "EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) "
        "OR coalesce(proconfig::text, '') NOT LIKE '%search_path=%')"
    )
    assert found == []


def test_what_each_role_may_do_is_what_was_agreed() -> None:
    wanted = yaml.safe_dump(held(), sort_keys=True, width=1000)
    agreed = GRANTS.read_text().partition("\n\n")[2]
    difference = "\n".join(
        difflib.unified_diff(agreed.splitlines(), wanted.splitlines(), "agreed", "database", lineterm="")
    )
    assert not difference, (
        f"Who may do what has changed. If it was meant, change {GRANTS.name}:\n{difference}"
    )


def _columns(model: type[models.Model]) -> set[str]:
    return {field.column for field in model._meta.local_concrete_fields}
