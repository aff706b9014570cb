"""What a code says by itself, and how people begin a name."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ruangaman.places import policies
from ruangaman.places.states import Level, TimeZone

NOT_CODES = [
    "",
    "3",
    "310",
    "31.",
    "31.7",
    "3171",
    "31.71.01.101",
    "31.71.01.1001.1",
    "31\n",
    "٣١",
    "31.\x00",
    "ab",
]


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("31", Level.PROVINCE),
        ("31.71", Level.REGENCY),
        ("31.71.01", Level.DISTRICT),
        ("31.71.01.1001", Level.VILLAGE),
    ],
)
def test_a_code_tells_its_level(code: str, level: Level) -> None:
    assert policies.is_code(code)
    assert policies.level_of(code) == level


@pytest.mark.parametrize("text", NOT_CODES)
def test_what_is_no_code_is_refused(text: str) -> None:
    assert not policies.is_code(text)
    with pytest.raises(ValueError, match="not an area code"):
        policies.level_of(text)


def test_a_code_and_its_level_must_agree() -> None:
    policies.check_level("31.71", Level.REGENCY)
    with pytest.raises(ValueError, match="is not a village"):
        policies.check_level("31.71", Level.VILLAGE)


def test_a_code_names_the_areas_around_it() -> None:
    assert policies.ancestry("31.71.01.1001") == ["31", "31.71", "31.71.01", "31.71.01.1001"]
    assert policies.parent_of("31.71.01.1001") == "31.71.01"


def test_a_province_has_nothing_around_it() -> None:
    assert policies.parent_of("31") is None


@pytest.mark.parametrize(
    ("code", "zone", "hours"),
    [
        ("31.71.01.1001", TimeZone.WESTERN, 7),  # Jakarta
        ("61", TimeZone.WESTERN, 7),  # Kalimantan Barat
        ("62.71", TimeZone.WESTERN, 7),  # Kota Palangka Raya
        ("51", TimeZone.CENTRAL, 8),  # Bali
        ("65", TimeZone.CENTRAL, 8),  # Kalimantan Utara
        ("81", TimeZone.EASTERN, 9),  # Maluku
        ("96.71", TimeZone.EASTERN, 9),  # Kota Sorong
    ],
)
def test_an_area_keeps_the_time_of_its_province(code: str, zone: TimeZone, hours: int) -> None:
    assert policies.time_zone_of(code) == zone
    assert datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)


def test_no_province_keeps_two_times() -> None:
    assert sum(map(len, policies.PROVINCES_BY_TIME_ZONE.values())) == len(policies.TIME_ZONES) == 38


def test_a_province_that_does_not_exist_keeps_no_time() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        policies.time_zone_of("99")


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("jakarta  sel", "Kota Administrasi jakarta sel"),
        ("bogor", "Kabupaten bogor"),
        ("Kab. Bogor", "Kabupaten Bogor"),
        ("kep seribu", "Kabupaten Administrasi Kepulauan seribu"),
        ("DKI", "Daerah Khusus Ibukota"),
        ("dki jakarta", "Daerah Khusus Ibukota jakarta"),
        ("yogya", "Daerah Istimewa yogya"),
        ("NTT", "Nusa Tenggara Timur"),
    ],
)
def test_people_leave_out_or_shorten_the_kind_of_area(typed: str, official: str) -> None:
    assert official in policies.name_beginnings(typed)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "Gam\x00bir", "a" * 101])
def test_what_no_name_can_begin_with_finds_nothing(text: str) -> None:
    assert policies.name_beginnings(text) == []
