"""Half-years and years, in the time of the region."""

from datetime import UTC, date, datetime

import pytest

from ruangaman.standards.matrix import Target
from ruangaman.standards.policies import Figure, is_reached, offered, period, present


def test_a_half_year_ends_with_june_or_december() -> None:
    first, second, whole = period("2026-1"), period("2026-2"), period("2026")
    assert first and second and whole
    assert (first.first, first.last) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (second.first, second.last) == (date(2026, 7, 1), date(2026, 12, 31))
    assert (whole.first, whole.last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert first.until == second.since and whole.since == first.since and whole.until == second.until


@pytest.mark.parametrize(
    "code", ["", "2026-", "2026-3", "26", "abcd", "2026-1-1", "9999", "0001", "٢٠٢٦", "1999"]
)
def test_what_is_no_period_is_none(code: str) -> None:
    assert period(code) is None


def test_the_year_turns_at_midnight_in_jakarta() -> None:
    assert present(datetime(2025, 12, 31, 16, 59, tzinfo=UTC)) == "2025-2"
    assert present(datetime(2025, 12, 31, 17, 0, tzinfo=UTC)) == "2026-1"
    year = period("2026")
    assert year and year.since == datetime(2025, 12, 31, 17, tzinfo=UTC)


def test_this_half_year_the_one_before_and_the_last_years_are_offered() -> None:
    assert offered(datetime(2026, 3, 1, tzinfo=UTC))[:4] == ["2026-1", "2025-2", "2026", "2025"]
    assert offered(datetime(2026, 8, 1, tzinfo=UTC))[:3] == ["2026-2", "2026-1", "2026"]
    assert all(period(code) for code in offered(datetime(2026, 8, 1, tzinfo=UTC)))


def test_a_period_is_over_when_its_last_day_is() -> None:
    year = period("2026")
    assert year and not year.is_over(datetime(2026, 12, 31, 16, 59, tzinfo=UTC))
    assert year.is_over(datetime(2026, 12, 31, 17, tzinfo=UTC))


def test_a_target_is_reached_at_its_value_and_not_by_a_figure_that_does_not_exist() -> None:
    assert is_reached(Figure(3, 4), Target(75, 2018))
    assert not is_reached(Figure(74, 99), Target(75, 2018))
    assert not is_reached(Figure(0, 0), Target(75, 2018))
    assert not is_reached(Figure(4, 4), None)
