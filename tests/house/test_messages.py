"""Whatever a person reads can be read in Indonesian and in English."""

import ast
import re
import shutil
from pathlib import Path
from typing import Any

import allauth
import django
import polib
import pytest
from django.core.management import call_command

from tests.house.rooms import PACKAGE, place, python_files, room_of, said_at, templates, tree

CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Our Indonesian for texts of Django and django-allauth, whose own is poor or in other words than ours.
BORROWED = PACKAGE / "locale" / "id" / "LC_MESSAGES" / "django.po"
LIBRARIES = (
    Path(allauth.__file__).parent,
    Path(django.__file__).parent / "conf",
    Path(django.__file__).parent / "contrib" / "auth",
)
needs_gettext = pytest.mark.skipif(
    shutil.which("xgettext") is None,
    reason="GETTEXT IS MISSING: apt install gettext; the catalogue was NOT checked",
)
# Said to a person: a text in one of these must be one that can be translated.
TOLD = {"Refused", "ValidationError", "success", "error", "warning", "info", "add_error", "Stranger"}
BLOCKS = re.compile(r"{%\s*(blocktranslate|comment)\b.*?{%\s*end\1\s*%}|<script.*?</script>", re.DOTALL)
MARKS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->|<[^>]*>|&[a-z]+;", re.DOTALL)
SPOKEN = re.compile(r"\b(?:alt|title|aria-label|placeholder)=([\"'])(?P<text>[^\"'{]*[a-z]{2}[^\"'{]*)\1")
# These speak to an administrator at the command line, in English like all of it.
AT_COMMAND_LINE = {"access/erasure.py", "access/rotation.py"}
# The same in every language.
NAMES = re.compile(r"Ruang Aman|Bahasa Indonesia|English")


def entries(catalogue: Path = CATALOGUE) -> dict[tuple[str, str], polib.POEntry]:
    return {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(catalogue)) if not e.obsolete}


@pytest.fixture
def wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> set[tuple[str, str]]:
    """Every text of the code that is marked for translation, collected anew."""
    copy = tmp_path / "ruangaman"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("locale", "static", "data", "__pycache__"))
    (copy / "locale").mkdir()
    monkeypatch.chdir(copy)
    settings.LOCALE_PATHS = [copy / "locale"]
    call_command("makemessages", locale=["en"], no_location=True, verbosity=0)
    collected = polib.pofile(str(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    return {(entry.msgctxt or "", entry.msgid) for entry in collected}


@needs_gettext
def test_every_text_has_an_english_one(wanted: set[tuple[str, str]]) -> None:
    there = entries()
    missing = sorted(msgid for _context, msgid in wanted - there.keys())
    assert not missing, "run `make messages`, then translate"


@needs_gettext
def test_the_catalogue_holds_no_text_that_nobody_says_any_more(wanted: set[tuple[str, str]]) -> None:
    assert not sorted(msgid for _context, msgid in entries().keys() - wanted)


@pytest.mark.parametrize("catalogue", [CATALOGUE, BORROWED], ids=["en", "id"])
def test_no_translation_is_empty_or_guessed(catalogue: Path) -> None:
    there = entries(catalogue).values()
    assert there
    unsure = [
        e.msgid
        for e in there
        if e.fuzzy or not (all(e.msgstr_plural.values()) if e.msgid_plural else e.msgstr)
    ]
    assert not unsure


def test_translations_keep_the_values_that_are_filled_in() -> None:
    value = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}")
    for entry in entries().values():
        for text in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            assert set(value.findall(text)) == set(value.findall(entry.msgid)), entry.msgid


@pytest.mark.parametrize("catalogue", [CATALOGUE, BORROWED], ids=["en", "id"])
def test_the_compiled_catalogue_is_that_of_the_texts(catalogue: Path) -> None:
    compiled = polib.mofile(str(catalogue.with_suffix(".mo")))
    said = {(e.msgctxt or "", e.msgid): (e.msgstr, e.msgstr_plural) for e in compiled}
    assert said == {key: (e.msgstr, e.msgstr_plural) for key, e in entries(catalogue).items()}


def test_our_indonesian_for_libraries_still_meets_their_texts() -> None:
    """After an upgrade that words a text anew, people would read the library's own Indonesian again."""
    theirs = {
        key for folder in LIBRARIES for key in entries(folder / "locale" / "id" / "LC_MESSAGES" / "django.po")
    }
    assert not sorted(entries(BORROWED).keys() - theirs)


def test_nothing_is_told_to_a_person_in_one_language_only() -> None:
    untold = [
        said_at(path, node.lineno)
        for path in python_files()
        if place(path) not in AT_COMMAND_LINE and room_of(path) != "config"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _called(node) in TOLD and _speaks_for_people(node)
    ]
    assert not untold


def test_templates_say_nothing_in_one_language_only() -> None:
    untold = []
    for name, path in templates().items():
        text = BLOCKS.sub(" ", path.read_text())
        untold += [f"{name}: {found['text']}" for found in SPOKEN.finditer(text)]
        left = NAMES.sub(" ", MARKS.sub(" ", text))
        untold += [f"{name}: {word.strip()}" for word in re.findall(r"[^\W\d_]{2,}[^\n]*", left)]
    assert not untold


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _speaks_for_people(node: ast.Call) -> bool:
    """Whether a plain text with a blank in it is among what is given: a sentence, not a code or a field's name."""
    texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    is_log = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("log", "logger")
    return not is_log and any(" " in text for text in texts)
