"""The path through the form, and the work that a browser does: rules alone, without a database."""

import hashlib
import os
import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from ruangaman.intake.policies import form, work
from ruangaman.intake.states import CHILD_BANDS, AgeBand, Means, Step

ANSWERS = some.fixed_dictionaries(
    {},
    optional={
        "age_band": some.sampled_from(["", *AgeBand.values]),
        "wants_files": some.booleans(),
        "means": some.sampled_from(["", *Means.values]),
        "phone": some.sampled_from(["", "0812-0000"]),
        "trusted": some.just("Bibi"),
        "story": some.text(max_size=5),
        "name": some.just("Sulastri"),
        "never_call": some.booleans(),
    },
)


@given(ANSWERS)
def test_whoever_goes_on_reaches_the_end_and_whoever_goes_back_the_beginning(answers: dict[str, Any]) -> None:
    pages = form.path(answers)
    assert (pages[0], pages[-1]) == (Step.ABOUT, Step.CHECK)
    assert Step.WHAT in pages
    there, seen = Step.ABOUT, [Step.ABOUT]
    while there != Step.CHECK:
        there = form.next_step(there, answers)
        seen.append(there)
    assert tuple(seen) == pages
    back = [Step.CHECK]
    while back[-1] != Step.ABOUT:
        back.append(form.previous_step(back[-1], answers))
    assert tuple(reversed(back)) == pages


@given(ANSWERS, some.sampled_from(list(Step)))
def test_from_a_page_that_is_not_on_the_path_one_comes_back_to_it(
    answers: dict[str, Any], step: Step
) -> None:
    """An answer that is changed in another tab, or an address of yesterday."""
    pages = form.path(answers)
    assert form.next_step(step, answers) in pages
    assert form.previous_step(step, answers) in pages


@given(ANSWERS)
def test_only_a_child_is_asked_whom_they_trust(answers: dict[str, Any]) -> None:
    """Source: care.md 12."""
    assert (Step.CHILD in form.path(answers)) == (answers.get("age_band") in CHILD_BANDS)


@given(ANSWERS)
def test_what_was_answered_on_a_page_that_no_longer_counts_is_not_told(answers: dict[str, Any]) -> None:
    told = form.counted(answers)
    if answers.get("means") not in (Means.TEXT, Means.CALL):
        assert "phone" not in told and "name" not in told
    if answers.get("age_band") not in CHILD_BANDS:
        assert "trusted" not in told
    if not told.get("phone"):
        assert told.get("means", "") in ("", Means.CODE)
    assert told.get("story") == answers.get("story")


def test_no_page_asks_for_a_parent() -> None:
    """Source: care.md 12."""
    asked = {name for names in form.FIELDS.values() for name in names}
    assert not [
        name for name in asked if any(word in name for word in ("parent", "mother", "father", "guardian"))
    ]


def solve(challenge: bytes, places: int = work.PUZZLES) -> list[int]:
    found = []
    for place in range(places):
        number = 0
        while (
            int.from_bytes(hashlib.sha256(challenge + place.to_bytes(4) + number.to_bytes(4)).digest()[:4])
            >> 19
        ):
            number += 1
        found.append(number)
    return found


def test_work_is_taken_for_its_own_draft_alone() -> None:
    challenge = os.urandom(32)
    found = solve(challenge)
    assert work.is_worked(challenge, found)
    assert not work.is_worked(os.urandom(32), found)
    assert not work.is_worked(challenge, found[:-1])
    assert not work.is_worked(challenge, [found[0]] * work.PUZZLES)
    broken = [*found[:5], found[5] + 1, *found[6:]]
    assert work.solved(challenge, broken)[:6] == found[:5] or work.is_worked(challenge, broken)


def test_checking_work_takes_less_than_a_millisecond() -> None:
    challenge = os.urandom(32)
    found = solve(challenge)
    times = []
    for _ in range(20):
        began = time.perf_counter()
        assert work.is_worked(challenge, found)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.001


@given(some.text(max_size=60))
def test_whatever_is_sent_as_work_is_read_or_left(text: str) -> None:
    numbers = work.read_work(text)
    assert len(numbers) <= work.PUZZLES
    assert all(0 <= number < 2**32 for number in numbers)
    assert work.solved(bytes(32), numbers) == numbers[: len(work.solved(bytes(32), numbers))]
