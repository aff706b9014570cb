"""Ids that sort by time, and references that people can say to each other and a slip in which shows."""

import time
from uuid import RFC_4122

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ruangaman.kernel.ids import (
    ALPHABET,
    REFERENCE_LENGTH,
    check_character,
    new_id,
    new_reference,
    read_reference,
)

bodies = st.text(alphabet=ALPHABET, min_size=REFERENCE_LENGTH, max_size=REFERENCE_LENGTH)


def test_an_id_is_a_uuid_of_version_seven_and_later_ones_sort_later() -> None:
    ids = []
    for _ in range(5):
        ids.append(new_id())
        time.sleep(0.002)
    assert ids == sorted(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, RFC_4122)}


def test_ids_never_meet() -> None:
    assert len({new_id() for _ in range(20_000)}) == 20_000


def test_an_id_tells_its_millisecond_and_nothing_of_the_others() -> None:
    before = time.time_ns() // 1_000_000
    one, other = new_id(), new_id()
    assert before <= one.int >> 80 <= time.time_ns() // 1_000_000
    assert (one.int ^ other.int) & ((1 << 62) - 1) != 1


def test_a_reference_is_said_in_two_groups_of_four() -> None:
    for _ in range(200):
        reference = new_reference()
        assert len(reference) == 12
        head, first, second = reference.split("-")
        assert (head, len(first), len(second)) == ("RA", 4, 4)
        assert set(first + second) <= set(ALPHABET)
        assert read_reference(reference) == reference


def test_references_do_not_count() -> None:
    made = [new_reference() for _ in range(500)]
    assert len(set(made)) == 500
    assert made != sorted(made)


@given(bodies)
@example("RA00000")  # one that begins with the letters in front of every reference
def test_a_reference_is_read_as_people_type_it(body: str) -> None:
    whole = body + check_character(body)
    reference = f"RA-{whole[:4]}-{whole[4:]}"
    for typed in (
        reference.lower(),
        whole,
        f" ra {whole[:4]} {whole[4:]} ",
        reference.replace("0", "o").replace("1", "l"),
    ):
        assert read_reference(typed) == reference


@given(bodies, st.integers(0, REFERENCE_LENGTH), st.sampled_from(ALPHABET))
def test_one_wrong_character_shows(body: str, place: int, wrong: str) -> None:
    whole = body + check_character(body)
    typed = whole[:place] + wrong + whole[place + 1 :]
    assert (read_reference(typed) is None) == (typed != whole)


@given(bodies, st.integers(0, REFERENCE_LENGTH - 1))
def test_two_neighbours_that_changed_places_show(body: str, place: int) -> None:
    whole = body + check_character(body)
    typed = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    ends = {whole[place], whole[place + 1]} == {
        ALPHABET[0],
        ALPHABET[-1],
    }  # the one pair that the formula can't tell
    if typed != whole and not ends:
        assert read_reference(typed) is None


@pytest.mark.parametrize(
    "typed", ["", "RA", "RA-", "RA-7K3M", "RA-7K3M-Q9T4-X", "halo", "'; DROP TABLE", "\0", "RA-" + "0" * 500]
)
def test_what_can_not_be_a_reference_is_none(typed: str) -> None:
    assert read_reference(typed) is None
