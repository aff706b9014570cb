"""Indonesian names: the table of spellings, and what strangers may type."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.kernel import names

TABLE = list(
    csv.DictReader((Path(__file__).parent / "name_table.csv").read_text(encoding="utf-8").splitlines())
)
YES = [(row["a"], row["b"]) for row in TABLE if row["same"] == "yes"]
NO = [(row["a"], row["b"]) for row in TABLE if row["same"] == "no"]


def met(query: str, stored: str) -> bool:
    sharp, blunt = names.asked(query)
    return bool(names.forms(stored) & set(sharp + blunt))


def test_the_table_has_both_kinds_of_rows() -> None:
    assert len(YES) >= 120 and len(NO) >= 30 and len(YES) + len(NO) == len(TABLE)


@pytest.mark.parametrize(("one", "other"), YES)
def test_spellings_of_one_name_are_alike_both_ways(one: str, other: str) -> None:
    assert names.likeness(one, other) >= names.ALIKE
    assert names.likeness(other, one) >= names.ALIKE


@pytest.mark.parametrize(("one", "other"), YES)
def test_spellings_of_one_name_find_each_other(one: str, other: str) -> None:
    assert met(one, other) and met(other, one)


@pytest.mark.parametrize(("one", "other"), NO)
def test_two_names_are_not_alike(one: str, other: str) -> None:
    assert names.likeness(one, other) < names.ALIKE
    assert names.likeness(other, one) < names.ALIKE


def test_a_single_name_finds_itself() -> None:
    assert names.asked("Sumarni")[0][0] in names.forms("Ny. Soemarni")


def test_a_single_name_is_sharper_than_a_longer_name_with_it() -> None:
    assert not names.forms("Dewi Sumarni") & set(names.asked("Sumarni")[0])


def test_the_order_of_the_parts_changes_no_form_but_the_whole() -> None:
    changed = names.forms("Dewi Lestari") ^ names.forms("Lestari Dewi")
    assert {form[0] for form in changed} == {"="}


def test_two_common_parts_are_asked_as_a_pair_and_not_alone() -> None:
    sharp, blunt = names.asked("Siti Nur")
    assert "nur+siti" in sharp
    assert not {"siti", "nur"} & set(sharp)
    assert {"siti", "nur"} <= set(blunt)


def test_titles_degrees_and_particles_are_no_parts() -> None:
    assert names.parts("Prof. Dr. Hj. Siti Aminah binti Kasim, S.H., M.Si.") == ("siti", "aminah", "kasim")


def test_a_name_of_titles_only_keeps_the_last() -> None:
    assert names.parts("Ibu") == ("ibu",)
    assert names.forms("Ibu")


def test_m_in_front_is_muhammad_and_at_the_end_an_initial() -> None:
    assert names.parts("M. Yusuf") == ("muhammad", "yusuf")
    assert names.parts("Siti M.") == ("siti", "m")


def test_initials_alone_are_still_indexed() -> None:
    assert names.forms("A. B.") >= {"a", "b"}
    assert met("A. B.", "A.B.")


@pytest.mark.parametrize("empty", ["", "   ", "...", "123", "\x00", "\u202e", "'", "-"])
def test_text_without_letters_gives_nothing(empty: str) -> None:
    assert names.parts(empty) == ()
    assert names.forms(empty) == frozenset()
    assert names.asked(empty) == ([], [])
    assert names.likeness(empty, "Siti") == 0.0


@pytest.mark.parametrize(
    "dirty", ["Siti\x00Aminah", "\u202eSiti Aminah\u202c", "Si\u200bti Aminah", "Ｓｉｔｉ Aminah"]
)
def test_control_and_lookalike_characters_change_nothing(dirty: str) -> None:
    assert names.parts(dirty) == ("siti", "aminah")


def test_letters_of_other_scripts_are_kept() -> None:
    assert names.likeness("王小明", "王小明") == 1.0
    assert met("王小明", "王小明")


@pytest.mark.parametrize("long", ["a" * 4000, "Siti " * 800, "\ufdfa" * 4000, "ab " * 1333, "m.s" * 1333])
def test_a_name_of_4000_characters_stays_bounded(long: str) -> None:
    found = names.parts(long)
    assert len(found) <= names.MOST_PARTS and all(len(part) <= names.MOST_LETTERS for part in found)
    assert len(names.forms(long)) <= 200
    assert sum(map(len, names.asked(long))) <= 400
    assert names.likeness(long, long) == 1.0


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=300)
def test_any_two_texts_have_a_likeness_the_same_both_ways(one: str, other: str) -> None:
    there, back = names.likeness(one, other), names.likeness(other, one)
    assert 0.0 <= there <= 1.0
    assert there == pytest.approx(back)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_name_with_a_letter_finds_itself(name: str) -> None:
    assert met(name, name) == bool(names.parts(name))


def test_of_many_hits_those_of_rare_forms_are_opened_first() -> None:
    crowd = list(range(500))
    assert names.fetched([crowd, [900, 901], [901, 3]]) == [900, 901, 3, *[n for n in crowd if n != 3][:197]]
    assert names.fetched([]) == []
