"""The plan of the demonstration's years, without a database: the totals of the source documents, and chance."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from ruangaman.config.demo.years import FIXED, Planned, plan

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
JAKARTA = timedelta(hours=7)


def day(one: Planned) -> date:
    return (one.received_at + JAKARTA).date()


@pytest.fixture(scope="module")
def planned() -> list[Planned]:
    return list(plan(seed=1, cases=6_000, until=UNTIL))


def test_2021_has_the_totals_of_the_source(planned: list[Planned]) -> None:
    year = [one for one in planned if day(one).year == 2021]
    groups = Counter(one.group for one in year)
    assert groups == {"woman": 518, "girl": 566, "boy": 229}
    assert groups["girl"] + groups["boy"] == 795
    assert Counter(one.group for one in year if one.online) == {"woman": 27, "girl": 10, "boy": 5}


def test_south_jakarta_from_january_to_september_2022_has_those_of_its_source(planned: list[Planned]) -> None:
    there = [
        one for one in planned if one.city == "31.74" and date(2022, 1, 1) <= day(one) <= date(2022, 9, 30)
    ]
    assert Counter(one.group for one in there) == {"boy": 34, "girl": 84, "woman": 130}


def test_other_cities_and_later_months_are_not_empty(planned: list[Planned]) -> None:
    assert {one.city for one in planned if date(2022, 1, 1) <= day(one) <= date(2022, 9, 30)} == {
        "31.71", "31.72", "31.73", "31.74", "31.75",
    }  # fmt: skip
    assert {day(one).year for one in planned} == {2021, 2022, 2023, 2024, 2025, 2026}
    assert any(one.city == "31.74" and day(one).year == 2022 and day(one).month > 9 for one in planned)
    assert any(one.group == "man" for one in planned)


def test_nothing_is_planned_before_2021_nor_after_the_present(planned: list[Planned]) -> None:
    assert all(date(2021, 1, 1) <= day(one) and one.received_at < UNTIL for one in planned)
    assert all(6 <= (one.received_at + JAKARTA).hour <= 23 for one in planned)


def test_the_same_seed_gives_the_same_plan_and_another_seed_another(planned: list[Planned]) -> None:
    assert planned == list(plan(seed=1, cases=6_000, until=UNTIL))
    other = list(plan(seed=2, cases=6_000, until=UNTIL))
    assert [one.received_at for one in planned] != [one.received_at for one in other]
    assert not {one.dossier_id for one in planned} & {one.dossier_id for one in other}


def test_a_larger_plan_begins_with_the_smaller_one(planned: list[Planned]) -> None:
    assert list(plan(seed=1, cases=6_500, until=UNTIL))[:6_000] == planned


def test_every_case_has_a_number_and_a_dossier_of_its_own(planned: list[Planned]) -> None:
    assert [one.number for one in planned] == list(range(6_000))
    assert len({one.dossier_id for one in planned}) == 6_000
    assert planned[7].rng.random() == planned[7].rng.random() != planned[8].rng.random()


def test_fewer_than_the_sources_tell_of_are_refused() -> None:
    assert FIXED == 518 + 795 + 34 + 84 + 130
    with pytest.raises(ValueError, match="1561"):
        plan(seed=1, cases=FIXED - 1, until=UNTIL)
    assert len(list(plan(seed=1, cases=FIXED, until=UNTIL))) == FIXED


def test_a_share_of_the_plan_keeps_its_proportions() -> None:
    tenth = [one for one in plan(seed=1, cases=156, until=UNTIL, share=0.1) if day(one).year == 2021]
    assert Counter(one.group for one in tenth) == {"woman": 52, "girl": 57, "boy": 23}
    assert Counter(one.group for one in tenth if one.online) == {"woman": 3, "girl": 1}
