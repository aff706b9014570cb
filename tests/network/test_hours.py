"""Opening hours as people say them."""

from datetime import time

import pytest
from django.utils.translation import override

from ruangaman.network.queries import hours_text

MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(16, 30))
WEEK = [(day, time(8), time(15)) for day in range(5)]


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ([], ""),
        (WEEK, "Senin–Jumat 08.00–15.00 WIB"),
        ([*WEEK, (5, *MORNING)], "Senin–Jumat 08.00–15.00; Sabtu 08.00–12.00 WIB"),
        ([(0, *MORNING), (2, *MORNING)], "Senin 08.00–12.00; Rabu 08.00–12.00 WIB"),
        ([(6, *MORNING), (6, *AFTERNOON)], "Minggu 08.00–12.00; Minggu 13.00–16.30 WIB"),
    ],
)
def test_hours_are_told_day_by_day_and_leave_none_out(hours: list[tuple[int, time, time]], told: str) -> None:
    with override("id"):
        assert hours_text(hours) == told


def test_hours_name_the_time_of_their_place() -> None:
    with override("id"):
        assert hours_text(WEEK, "Asia/Jayapura") == "Senin–Jumat 08.00–15.00 WIT"


def test_hours_are_told_in_english() -> None:
    with override("en"):
        assert hours_text(WEEK) == "Monday–Friday 08.00–15.00 WIB"
