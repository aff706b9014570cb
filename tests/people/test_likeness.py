"""How likely two records are of one person, and why. care.md 18, 22."""

from typing import Any

import pytest

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.names import ALIKE
from ruangaman.people.policies.likenesses import (
    Wanted,
    Why,
    agreeing,
    check_can_look_up,
    in_words,
    score,
    worth_showing,
)
from ruangaman.people.states import Identifier, Sex


def test_certain_is_only_the_national_number() -> None:
    everything = score(1.0, years=(1990, 1990), village=True, sexes=("f", "f"))
    assert everything.value < 1
    assert score(0.1, same_nik=True).value == 1


def test_what_is_unknown_speaks_neither_for_nor_against() -> None:
    bare = score(0.9)
    assert score(0.9, years=(1990, None)) == score(0.9, years=(None, 1990)) == bare
    assert score(0.9, sexes=(Sex.FEMALE, Sex.UNKNOWN)) == score(0.9, same_nik=None) == bare


@pytest.mark.parametrize(
    ("years", "guessed", "why"),
    [
        ((1990, 1990), False, Why.YEAR_SAME),
        ((1990, 1991), False, Why.YEAR_NEAR),
        ((1990, 1992), False, Why.YEAR_OTHER),
        ((1990, 1992), True, Why.YEAR_NEAR),
        ((1993, 1990), True, Why.YEAR_OTHER),
    ],
)
def test_how_far_years_may_lie_apart(years: tuple[int, int], guessed: bool, why: Why) -> None:
    assert score(1.0, years=years, guessed=guessed).why == (Why.NAME_SAME, why)


def test_each_fact_moves_the_score_to_its_side() -> None:
    bare = score(0.9).value
    for_it: list[dict[str, Any]] = [{"years": (1990, 1990)}, {"village": True}, {"regency": True}]
    against: list[dict[str, Any]] = [{"years": (1990, 1970)}, {"sexes": ("f", "m")}, {"same_nik": False}]
    assert all(score(0.9, **fact).value > bare for fact in for_it)
    assert all(score(0.9, **fact).value < bare for fact in against)


def test_registered_sex_that_differs_hides_nobody() -> None:
    """What stands on papers may not be who somebody is. Source: care.md 22."""
    other = score(1.0, sexes=("f", "m"))
    assert worth_showing(1.0, other) and Why.SEX_OTHER in other.why


def test_a_namesake_with_another_year_is_shown_with_the_reason() -> None:
    assert worth_showing(1.0, score(1.0, years=(1990, 1960)))


def test_a_name_that_is_less_alike_needs_another_fact() -> None:
    name = ALIKE - 0.05
    assert not worth_showing(name, score(name))
    assert worth_showing(name, score(name, years=(1990, 1990)))
    assert not worth_showing(0.3, score(0.3, years=(1990, 1990), village=True))


def test_agreement_is_counted_by_kind() -> None:
    assert agreeing(score(1.0, years=(1990, 1960)).why) == 1
    assert agreeing(score(1.0, village=True, regency=True).why) == 2
    assert agreeing(score(1.0, years=(1990, 1991), village=True, same_nik=True).why) == 4
    assert agreeing(score(0.2, same_nik=True).why) == 1


def test_reasons_are_said_in_words() -> None:
    assert in_words(score(0.8, years=(1990, 1990), village=True).why) == [
        "nama hampir sama",
        "tahun lahir sama",
        "kelurahan sama",
    ]
    assert in_words(["no_longer_used"]) == []


@pytest.mark.parametrize(
    "one", [Wanted("Siti"), Wanted("", 1990, "31.73"), Wanted(" ", nik="3173014403910007"), Wanted("")]
)
def test_a_name_and_another_fact_are_needed(one: Wanted) -> None:
    with pytest.raises(Refused):
        check_can_look_up(one)


@pytest.mark.parametrize(
    ("two", "kind"),
    [
        (Wanted("Siti", 1990), Identifier.BIRTH_YEAR),
        (Wanted("Siti", area="31.73"), Identifier.AREA),
        (Wanted("Siti", nik="3173014403910007"), Identifier.NIK),
    ],
)
def test_two_kinds_are_enough(two: Wanted, kind: Identifier) -> None:
    check_can_look_up(two)
    assert two.kinds() == [Identifier.NAME, kind]
