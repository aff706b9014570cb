"""policy/data.yaml says of every field what is promised about it, and the promises hold."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.db import connections, models

from ruangaman.config.management.commands import draw_docs
from ruangaman.intake.policies import DRAFT_LIFE
from ruangaman.kernel import checks, dictionary
from ruangaman.kernel.dictionary import Line
from ruangaman.kernel.fields import SealedField
from tests.house.rooms import ROOT

OPEN = Line("none", "open", "schema", "none", "keep")
SEALED = Line("special", "sealed", "dossier", "public_task", "destroy")


def test_every_stored_field_has_its_line() -> None:
    assert run_checks() == []


def test_a_field_without_a_line_is_an_error() -> None:
    found = list(checks.compare({"a.b.c": models.IntegerField()}, {}))
    assert [error.id for error in found] == ["kernel.E002"]


def test_a_line_without_a_field_is_an_error() -> None:
    found = list(checks.compare({}, {"a.b.c": OPEN}))
    assert [error.id for error in found] == ["kernel.E003"]


def test_a_sealed_field_must_be_told_as_sealed_and_an_open_one_as_open() -> None:
    wrong: dict[str, Any] = {"a.b.c": SealedField(), "a.b.d": models.TextField()}
    assert [e.id for e in checks.compare(wrong, {"a.b.c": OPEN, "a.b.d": SEALED})] == ["kernel.E004"] * 2
    assert not list(checks.compare(wrong, {"a.b.c": SEALED, "a.b.d": OPEN}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fields: {a.b.c: [none, open, schema, none]}", "has 4 codes"),
        ("fields: {a.b.c: [none, open, for_ever, none, keep]}", "'for_ever' is no retention"),
        ("fields: {a.b.c: [none, open, schema, none, keep], a.b.c: []}", "stands there twice"),
    ],
)
def test_a_wrong_line_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, said: str
) -> None:
    head = (ROOT / "src/ruangaman/policy/data.yaml").read_text().split("fields:")[0]
    (tmp_path / "data.yaml").write_text(f"{head}{text}\ncolumns: {{}}\n")
    monkeypatch.setattr(dictionary, "files", lambda _package: tmp_path)
    dictionary._policy.cache_clear()
    try:
        errors = checks.check_dictionary(None)
    finally:
        dictionary._policy.cache_clear()
    assert [error.id for error in errors] == ["kernel.E001"]
    assert said in str(errors[0].msg)


def test_every_code_is_explained_in_both_languages_and_used() -> None:
    used = [*dictionary.lines().values(), *dictionary.columns().values()]
    for kind, meanings in dictionary.codes().items():
        for code, meaning in meanings.items():
            assert meaning["id"] and meaning["en"], (kind, code)
        assert {getattr(line, kind) for line in used} == meanings.keys(), kind


def test_every_column_of_the_database_is_in_the_dictionary(owner: None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname || '.' || attname "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid "
            "WHERE relkind IN ('r', 'p', 'm', 'v') AND attnum > 0 AND NOT attisdropped "
            "AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        there = {row[0] for row in cursor.fetchall()}
    told = {f"{f.model._meta.db_table}.{f.column}" for f in checks.stored_fields().values()}
    assert there == told | dictionary.columns().keys()


def test_what_is_not_about_a_person_needs_no_legal_basis_and_what_is_has_one() -> None:
    for name, line in {**dictionary.lines(), **dictionary.columns()}.items():
        if line.sensitivity == "none":
            assert line.basis == "none", name
        if line.sensitivity in ("staff", "personal", "special"):
            assert line.basis != "none", name


def test_nothing_special_that_tells_or_finds_somebody_stands_open() -> None:
    # A wall names staff, not clients: whom it shuts out of which dossier must be looked up by id.
    walls = {"access.wall.dossier", "access.wall.person"}
    standing_open = {
        name
        for name, line in dictionary.lines().items()
        if line.sensitivity == "special" and line.sealing == "open"
    }
    assert standing_open == walls


def test_whatever_is_sealed_in_a_dossier_ends_with_its_erasure() -> None:
    for name, line in dictionary.lines().items():
        if line.retention == "dossier" and line.sealing in ("sealed", "wrapped", "hashed"):
            assert line.on_erasure in ("destroy", "delete"), name


def test_a_row_that_is_deleted_is_deleted_whole() -> None:
    by_model: dict[str, set[str]] = {}
    for name, line in dictionary.lines().items():
        by_model.setdefault(name.rpartition(".")[0], set()).add(line.on_erasure)
    assert all(ends == {"delete"} for ends in by_model.values() if "delete" in ends)


def test_what_is_emptied_or_made_coarse_can_be() -> None:
    for name, line in dictionary.lines().items():
        model, _dot, field_name = name.rpartition(".")
        field = apps.get_model(model)._meta.get_field(field_name)
        if line.on_erasure == "destroy" and line.sealing != "sealed":
            assert field.null, f"{name} can't be emptied"
        if line.on_erasure == "generalise":
            assert field.related_model is not None and field.related_model._meta.label == "places.Place", name


def test_terms_are_those_that_the_code_keeps() -> None:
    def term(code: str) -> timedelta:
        return timedelta(minutes=dictionary.codes()["retention"][code]["minutes"])

    assert term("draft") == DRAFT_LIFE
    assert term("session") == timedelta(seconds=settings.SESSION_COOKIE_AGE)
    assert term("limits") == timedelta(seconds=settings.CACHES["default"]["TIMEOUT"])


def test_the_pages_drawn_from_the_policies_are_current() -> None:
    for name, text in draw_docs.pages().items():
        assert (ROOT / "docs" / name).read_text() == text, f"docs/{name} is old: run `make drawn`"


def test_the_dictionary_quotes_the_law_as_read_in_secondary_sources() -> None:
    head = (ROOT / "src/ruangaman/policy/data.yaml").read_text().split("codes:")[0]
    assert re.search(r"lawyer\s+(#\s+)?confirms", head)
