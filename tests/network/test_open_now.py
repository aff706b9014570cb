"""Open now, by the hours of the seeds and the nation's days off, in the place's own time (issue 6)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ruangaman.access.models import Organisation
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.clocks.queries import days_off_near
from ruangaman.intake.queries import ways
from ruangaman.intake.states import Channel
from ruangaman.kernel import clock
from ruangaman.network.models import Facility, OpeningHours
from ruangaman.network.policies import DaysOff, is_open
from ruangaman.network.queries import public_doors
from ruangaman.network.states import FacilityKind
from tests.intake.applications import way
from tests.worlds import World, acting

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
    assert days_off_near(at(JAKARTA, 2026, 1, 1, 10)).nation.keys() == {NEW_YEAR}
    around = days_off_near(at(JAKARTA, 2026, 3, 20, 10)).nation
    assert IDUL_FITRI in around
    assert any("cuti bersama" in said for said in around.values()), around
    assert days_off_near(at(JAKARTA, 2026, 11, 24, 10)) == DaysOff()


def _day_of(
    world: World, owner: Organisation, day: str, kind: str = "regional", name: str = "Hari Jadi"
) -> None:
    world.rows(
        "INSERT INTO clocks_holiday (id, day, kind, name, owner_id, source, is_estimate) "
        "VALUES (gen_random_uuid(), %s, %s, %s, %s, 'SE rahasia 1', false)",
        [day, kind, name, owner.id],
    )


def _post(
    world: World, name: str, place: str, organisation: Organisation | None = None, **more: object
) -> Facility:
    made: Facility = Facility.objects.using("owner").create(
        organisation=organisation or world.unit, name=name, kind=FacilityKind.POST, place_id=place, **more
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
    days = days_off_near(moment)
    assert days.nation[leave].startswith("cuti bersama")
    (door,) = public_doors(moment, days)[1]
    assert (door.open_now, door.closed_for) == (False, days.nation[leave])
    sunday = at(JAKARTA, 2026, 3, 22, 10)
    (door,) = public_doors(sunday, DaysOff({date(2026, 3, 22): "hari libur nasional: Idulfitri"}))[1]
    assert (door.open_now, door.closed_for) == (False, "")


# --- the days of a region -------------------------------------------------------------------------------------------


@dataclass
class Region:
    """A region, its unit and a post of that unit, each an organisation below the other."""

    government: Organisation
    unit: Organisation
    post: Organisation


@pytest.fixture
def region(world: World) -> Region:
    government = world.organisation(OrganisationKind.REGENCY, "Kota Rekaan", "31.73")
    unit = world.organisation(OrganisationKind.UNIT, "Unit Rekaan", "31.73", government)
    return Region(government, unit, world.organisation(OrganisationKind.POST, "Pos Rekaan", "31.73", unit))


TUESDAY = (2026, 11, 24)


def _opened(moment: datetime) -> dict[str, tuple[bool, str]]:
    return {
        one.name: (one.open_now, one.closed_for) for one in public_doors(moment, days_off_near(moment))[1]
    }


def test_a_day_off_of_a_region_closes_the_posts_below_it_and_none_of_another_region(
    world: World, region: Region
) -> None:
    _post(world, "Pos Rekaan", "31.73", region.post)
    _post(world, "Kantor Rekaan", "31.73", region.unit)
    _post(world, "Pos Lain", "31.73", world.other)
    _day_of(world, region.government, "2026-11-24", name="Hari Jadi Kota")
    closed = (False, "libur daerah: Hari Jadi Kota")
    assert _opened(at(JAKARTA, *TUESDAY, 10)) == {
        "Pos Rekaan": closed,
        "Kantor Rekaan": closed,
        "Pos Lain": (True, ""),
    }
    assert set(_opened(at(JAKARTA, 2026, 11, 25, 10)).values()) == {(True, "")}


def test_a_day_off_of_one_post_does_not_close_what_stands_above_or_beside_it(
    world: World, region: Region
) -> None:
    beside = world.organisation(OrganisationKind.POST, "Pos Sebelah", "31.73", region.unit)
    for name, owner in (("Pos", region.post), ("Sebelah", beside), ("Kantor", region.unit)):
        _post(world, name, "31.73", owner)
    _day_of(world, region.post, "2026-11-24")
    told = {name: is_it for name, (is_it, _why) in _opened(at(JAKARTA, *TUESDAY, 10)).items()}
    assert told == {"Pos": False, "Sebelah": True, "Kantor": True}


def test_a_line_of_24_hours_is_closed_by_no_region(world: World, region: Region) -> None:
    _post(world, "Pos Selalu", "31.73", region.post, always_open=True)
    _day_of(world, region.government, "2026-11-24")
    assert _opened(at(JAKARTA, *TUESDAY, 10)) == {"Pos Selalu": (True, "")}


def test_who_is_nearest_decides_whether_a_day_is_worked(world: World, region: Region) -> None:
    _post(world, "Pos", "31.73", region.post)
    _post(world, "Kantor", "31.73", region.unit)
    _post(world, "Pos Lain", "31.73", world.other)
    _day_of(world, region.unit, "2026-01-01", kind="worked")  # works on a day of the nation
    _day_of(world, region.government, "2026-11-24")
    _day_of(world, region.post, "2026-11-24", kind="worked")  # works on a day of its own region
    new_year, tuesday = _opened(at(JAKARTA, 2026, 1, 1, 10)), _opened(at(JAKARTA, *TUESDAY, 10))
    assert {name for name, (is_it, _why) in new_year.items() if is_it} == {"Pos", "Kantor"}
    assert {name for name, (is_it, _why) in tuesday.items() if is_it} == {"Pos", "Pos Lain"}


def test_a_day_off_of_a_region_begins_at_the_midnight_of_the_post(world: World, region: Region) -> None:
    post = _post(world, "Pos", "91", region.post, always_open=False)
    OpeningHours.objects.using("owner").filter(facility=post).update(opens=time(0), closes=time(23, 59))
    _day_of(world, region.government, "2026-11-24")
    assert _opened(at(JAYAPURA, 2026, 11, 23, 23, 58))["Pos"][0]
    assert not _opened(at(JAYAPURA, 2026, 11, 24, 0, 0))["Pos"][0]
    assert not _opened(at(JAYAPURA, 2026, 11, 24, 23, 58))["Pos"][0]
    assert _opened(at(JAYAPURA, 2026, 11, 25, 0, 0))["Pos"][0]


def test_an_organisation_in_a_circle_turns_nothing_for_ever(world: World, region: Region) -> None:
    world.rows(
        "UPDATE access_organisation SET parent_id = %s WHERE id = %s", [region.post.id, region.government.id]
    )
    _post(world, "Pos", "31.73", region.post)
    _day_of(world, region.government, "2026-11-24")
    assert not _opened(at(JAKARTA, *TUESDAY, 10))["Pos"][0]


def test_the_public_page_tells_the_name_of_the_day_and_neither_its_source_nor_who_wrote_it(
    world: World, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    for turn in range(30):
        _post(world, f"Pos {turn}", "31.73", region.post)
    _day_of(world, region.government, "2026-11-24", name="Hari Jadi <Kota>")
    monkeypatch.setattr(clock, "now", lambda: at(JAKARTA, *TUESDAY, 10))
    with CaptureQueriesContext(connection) as asked:
        page = Client().get("/bantuan/").content.decode()
    assert page.count("tutup hari ini</strong>, libur daerah: Hari Jadi &lt;Kota&gt;") == 30
    assert "SE rahasia" not in page
    reads = [one["sql"] for one in asked if "SELECT" in one["sql"] and "network_" in one["sql"]]
    days = [one["sql"] for one in asked if "clocks_holiday" in one["sql"]]
    assert (len(reads), len(days)) == (2, 1)
    reader = Client()
    reader.post("/bahasa/", {"language": "en"})
    assert "regional day off: Hari Jadi" in reader.get("/bantuan/").content.decode()


def test_staff_see_a_way_in_open_and_closed_as_the_public_does(world: World, region: Region) -> None:
    post = _post(world, "Pos", "31.73", region.post)
    head = world.person(Role.HEAD, region.unit)
    found = way(world, "Pos", region.unit, owner=region.post, facility=post, channel=Channel.POST)
    _day_of(world, region.government, "2026-11-24")
    viewer = world.viewer(head)
    with acting(head):
        told = {
            day: ways.openings(viewer, ways.ways_of(viewer), at(JAKARTA, 2026, 11, day, 10))[found.id].now
            for day in (23, 24, 25)
        }
    assert told == {23: True, 24: False, 25: True}
