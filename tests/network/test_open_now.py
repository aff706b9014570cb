"""Open now, by the hours of the seeds and the nation's days off, in the place's own time (issue 6)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from ruangaman.clocks.queries import national_days_off
from ruangaman.kernel import clock
from ruangaman.network.models import Facility, OpeningHours
from ruangaman.network.policies import is_open
from ruangaman.network.queries import public_doors
from ruangaman.network.states import FacilityKind
from tests.worlds import World

JAKARTA, MAKASSAR, JAYAPURA = (ZoneInfo(f"Asia/{name}") for name in ("Jakarta", "Makassar", "Jayapura"))
# Source: seed 000: office Mon to Fri 08.00 to 16.00, posts to 15.00; call centre on working days 07.30 to 16.00.
OFFICE = [(day, time(8), time(16)) for day in range(5)]
POST = [(day, time(8), time(15)) for day in range(5)]
CALL_CENTRE = [(day, time(7, 30), time(16)) for day in range(5)]
NEW_YEAR = date(2026, 1, 1)
IDUL_FITRI = date(2026, 3, 20)  # a Friday


def at(zone: ZoneInfo, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=zone)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("hours", "moment", "is_it"),
    [
        (OFFICE, (2026, 11, 23, 8, 0), True),
        (OFFICE, (2026, 11, 23, 7, 59), False),
        (OFFICE, (2026, 11, 23, 15, 59), True),
        (OFFICE, (2026, 11, 23, 16, 0), False),
        (POST, (2026, 11, 23, 15, 0), False),
        (POST, (2026, 11, 23, 14, 59), True),
        (CALL_CENTRE, (2026, 11, 23, 7, 30), True),
        (CALL_CENTRE, (2026, 11, 22, 10, 0), False),  # a Sunday
        (POST, (2026, 11, 24, 0, 0), False),
    ],
)
def test_the_hours_of_the_seeds(
    hours: list[tuple[int, time, time]], moment: tuple[int, ...], is_it: bool
) -> None:
    assert is_open(at(JAKARTA, *moment), always=False, hours=hours) == is_it


def test_on_a_day_off_nothing_is_open_but_what_always_is() -> None:
    moment, off = at(JAKARTA, 2026, 1, 1, 10, 0), frozenset({NEW_YEAR})
    assert is_open(moment, always=False, hours=OFFICE)
    assert not is_open(moment, always=False, hours=OFFICE, days_off=off)
    assert is_open(moment, always=True, hours=[], days_off=off)


def test_a_day_off_begins_and_ends_at_the_midnight_of_the_place() -> None:
    off, all_day = frozenset({NEW_YEAR}), [(day, time(0), time(23, 59)) for day in range(7)]
    last_evening = datetime(
        2025, 12, 31, 16, 30, tzinfo=UTC
    )  # 23.30 in Jakarta, 00.30 of the new year in Makassar
    told = {
        zone: is_open(last_evening, always=False, hours=all_day, zone=zone, days_off=off)
        for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    }
    assert told == {"Asia/Jakarta": True, "Asia/Makassar": False, "Asia/Jayapura": False}
    over = datetime(2026, 1, 1, 16, 0, tzinfo=UTC)  # midnight in Makassar
    assert is_open(over, always=False, hours=all_day, zone="Asia/Makassar", days_off=off)
    assert not is_open(
        over - timedelta(seconds=1), always=False, hours=all_day, zone="Asia/Makassar", days_off=off
    )


def test_the_nations_days_off_are_read_without_an_account(world: World) -> None:
    """New Year, Idul Fitri and the joint leave around it; source: SKB 3 Menteri, as the package `holidays` has it."""
    assert national_days_off(at(JAKARTA, 2026, 1, 1, 10)).keys() == {NEW_YEAR}
    around = national_days_off(at(JAKARTA, 2026, 3, 20, 10))
    assert IDUL_FITRI in around
    assert any("cuti bersama" in said for said in around.values()), around
    assert national_days_off(at(JAKARTA, 2026, 11, 24, 10)) == {}


def test_a_day_that_a_region_works_after_all_or_takes_off_is_not_the_nations(world: World) -> None:
    world.rows(
        "INSERT INTO clocks_holiday (id, day, kind, name, owner_id, source, is_estimate) "
        "VALUES (gen_random_uuid(), '2026-11-24', 'regional', 'Hari daerah', %s, 'uji', false)",
        [world.unit.id],
    )
    assert national_days_off(at(JAKARTA, 2026, 11, 24, 10)) == {}


def _post(world: World, name: str, place: str, **more: object) -> Facility:
    made: Facility = Facility.objects.using("owner").create(
        organisation=world.unit, name=name, kind=FacilityKind.POST, place_id=place, **more
    )
    for day, opens, closes in () if more.get("always_open") else POST:
        OpeningHours.objects.using("owner").create(facility=made, weekday=day, opens=opens, closes=closes)
    return made


def test_a_post_that_would_be_open_says_for_which_holiday_it_is_closed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post(world, "Pos Hari Kerja", "31.73")
    _post(world, "Pos Selalu", "31.73", always_open=True)
    monkeypatch.setattr(clock, "now", lambda: at(JAKARTA, 2026, 1, 1, 10))
    page = Client().get("/bantuan/").content.decode()
    assert "tutup hari ini" in page
    assert "hari libur nasional: Tahun Baru" in page
    assert page.count("tutup hari ini") == 1  # not the one that is always open
    assert page.index("Pos Selalu") < page.index("Pos Hari Kerja")
    monkeypatch.setattr(clock, "now", lambda: at(JAKARTA, 2026, 11, 24, 10))
    page = Client().get("/bantuan/").content.decode()
    assert "tutup hari ini" not in page
    assert page.count("buka sekarang") == 2


def test_joint_leave_closes_posts_and_a_sunday_names_no_holiday(world: World) -> None:
    _post(world, "Pos", "31.73")
    leave = date(2026, 3, 23)  # joint leave after Idul Fitri 2026, a Monday
    moment = at(JAKARTA, 2026, 3, 23, 10)
    days = national_days_off(moment)
    assert days[leave].startswith("cuti bersama")
    (door,) = public_doors(moment, days)[1]
    assert (door.open_now, door.closed_for) == (False, days[leave])
    sunday = at(JAKARTA, 2026, 3, 22, 10)
    (door,) = public_doors(sunday, {date(2026, 3, 22): "hari libur nasional: Idulfitri"})[1]
    assert (door.open_now, door.closed_for) == (False, "")
