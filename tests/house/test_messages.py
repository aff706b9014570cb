"""Both languages: every text of ours has its English, and nothing is shown that no catalogue knows."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import allauth
import django
import polib
import pytest

import ruangaman

PACKAGE = Path(ruangaman.__file__).parent
LOCALE = PACKAGE / "locale"
# What people are told by these goes to a page, so it must come through the catalogue.
TELLS = {"Refused", "ValidationError", "UnreadableCode"}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")

Key = tuple[str, str]
Said = tuple[str, ...]


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def texts(entries: polib.POFile | polib.MOFile) -> dict[Key, Said]:
    """Each text with what stands for it; of a plural, every form."""
    return {
        (entry.msgctxt or "", entry.msgid): tuple(entry.msgstr_plural.values()) or (entry.msgstr,)
        for entry in entries
        if not getattr(entry, "obsolete", False)
    }


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> set[Key]:
    """The texts that the code and the pages hold now, read by the same command that collects them."""
    if not shutil.which("xgettext"):
        pytest.skip("gettext is not installed, so nobody can tell whether the English is complete")
    copy = tmp_path_factory.mktemp("texts") / "ruangaman"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("static", "locale", "__pycache__", "data"))
    (copy / "locale").mkdir()
    # Without settings the command writes beside what it reads, not into the tree.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-location", "--no-wrap"],
        cwd=copy,
        env=environment,
        check=True,
        capture_output=True,
    )
    return set(texts(polib.pofile(str(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"))))


def test_every_text_has_its_english(wanted: set[Key]) -> None:
    english = catalogue("en")
    told = {key for key, said in texts(english).items() if all(said)}
    assert len(wanted) > 300
    assert not sorted(wanted - told), "run `make messages`, then write the English"
    assert not [entry.msgid for entry in english if entry.fuzzy]


def test_the_english_holds_nothing_that_is_gone(wanted: set[Key]) -> None:
    english = catalogue("en")
    assert not sorted(set(texts(english)) - wanted)
    assert not english.obsolete_entries()


def test_a_placeholder_survives_its_translation() -> None:
    lost = [
        key
        for key, said in texts(catalogue("en")).items()
        for one in said
        if sorted(PLACEHOLDER.findall(key[1])) != sorted(PLACEHOLDER.findall(one))
    ]
    assert not lost


@pytest.mark.parametrize("language", ["en", "id"])
def test_what_the_program_reads_is_what_was_written(language: str) -> None:
    compiled = polib.mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))
    assert texts(compiled) == texts(catalogue(language)), "run `make messages`"


def test_our_indonesian_for_the_libraries_still_meets_their_texts() -> None:
    """A library that words a text anew would show its own, poorer Indonesian."""
    theirs: set[Key] = set()
    for folder in (
        Path(allauth.__file__).parent / "locale",
        Path(django.__file__).parent / "conf" / "locale",
        Path(django.__file__).parent / "contrib" / "auth" / "locale",
    ):
        theirs |= set(texts(polib.pofile(str(folder / "id" / "LC_MESSAGES" / "django.po"))))
    ours = texts(catalogue("id"))
    assert ours
    assert not sorted(set(ours) - theirs)
    assert all(all(said) for said in ours.values())


def test_what_people_are_told_comes_through_the_catalogue() -> None:
    """Not in config: its commands speak to whoever runs the machine, in English."""
    untold = []
    for path in PACKAGE.rglob("*.py"):
        if path.is_relative_to(PACKAGE / "config"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            bare = isinstance(first, ast.JoinedStr) or (
                isinstance(first, ast.Constant) and isinstance(first.value, str)
            )
            if name in TELLS and bare:
                untold.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert not untold
