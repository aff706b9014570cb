"""The file of places against the decree, and against a second list made by others."""

import csv
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from ruangaman.places import policies
from ruangaman.places.states import LONGEST_NAME, Level

# Kabupaten and kota of each province. Source: Kepmendagri 300.2.2-2138/2025.
REGENCIES = {
    "11": (18, 5),
    "12": (25, 8),
    "13": (12, 7),
    "14": (10, 2),
    "15": (9, 2),
    "16": (13, 4),
    "17": (9, 1),
    "18": (13, 2),
    "19": (6, 1),
    "21": (5, 2),
    "31": (1, 5),
    "32": (18, 9),
    "33": (29, 6),
    "34": (4, 1),
    "35": (29, 9),
    "36": (4, 4),
    "51": (8, 1),
    "52": (8, 2),
    "53": (21, 1),
    "61": (12, 2),
    "62": (13, 1),
    "63": (11, 2),
    "64": (7, 3),
    "65": (4, 1),
    "71": (11, 4),
    "72": (12, 1),
    "73": (21, 3),
    "74": (15, 2),
    "75": (5, 1),
    "76": (6, 0),
    "81": (9, 2),
    "82": (8, 2),
    "91": (8, 1),
    "92": (7, 0),
    "93": (4, 0),
    "94": (8, 0),
    "95": (8, 0),
    "96": (5, 1),
}

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    text = (files("ruangaman.places") / "data" / "places.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def names(rows: list[Row], level: Level) -> dict[str, str]:
    return {row["code"]: row["name"] for row in rows if row["level"] == level}


def test_the_whole_country_and_all_of_jakarta_are_there(rows: list[Row]) -> None:
    assert Counter(row["level"] for row in rows) == {
        Level.PROVINCE: 38,
        Level.REGENCY: 514,
        Level.DISTRICT: 44,
        Level.VILLAGE: 267,
    }


def test_no_code_stands_twice(rows: list[Row]) -> None:
    assert len({row["code"] for row in rows}) == len(rows)


def test_every_code_has_the_form_of_its_level(rows: list[Row]) -> None:
    assert [row for row in rows if policies.level_of(row["code"]) != row["level"]] == []


def test_every_area_lies_in_one_that_is_there(rows: list[Row]) -> None:
    parents = {policies.parent_of(row["code"]) for row in rows}
    assert parents - {row["code"] for row in rows} == {None}


def test_every_area_keeps_a_time(rows: list[Row]) -> None:
    provinces = {int(code) for code in names(rows, Level.PROVINCE)}
    assert provinces == policies.TIME_ZONES.keys()


def test_names_are_clean(rows: list[Row]) -> None:
    assert [
        row["name"]
        for row in rows
        if not row["name"]
        or row["name"] != " ".join(row["name"].split())
        or len(row["name"]) > LONGEST_NAME
        or not row["name"].isprintable()
    ] == []


def test_no_two_areas_within_one_share_a_name(rows: list[Row]) -> None:
    twice = Counter((policies.parent_of(row["code"]), row["name"].casefold()) for row in rows)
    assert [place for place, times in twice.items() if times > 1] == []


def test_each_province_has_as_many_kabupaten_and_kota_as_the_decree_says(rows: list[Row]) -> None:
    kinds = Counter((code[:2], name.split()[0]) for code, name in names(rows, Level.REGENCY).items())
    found = {code: (kinds[code, "Kabupaten"], kinds[code, "Kota"]) for code in names(rows, Level.PROVINCE)}
    assert found == REGENCIES


def test_a_kota_is_numbered_from_71_and_a_kabupaten_below(rows: list[Row]) -> None:
    """Source: Permendagri 58/2021."""
    wrong = [
        (code, name)
        for code, name in names(rows, Level.REGENCY).items()
        if name.split()[0] != ("Kota" if int(code[3:]) > 70 else "Kabupaten")
    ]
    assert wrong == []


def test_the_provinces_made_in_papua_in_2022_are_there(rows: list[Row]) -> None:
    papua = {code: name for code, name in names(rows, Level.PROVINCE).items() if code.startswith("9")}
    assert papua == {
        "91": "Papua",
        "92": "Papua Barat",
        "93": "Papua Selatan",
        "94": "Papua Tengah",
        "95": "Papua Pegunungan",
        "96": "Papua Barat Daya",
    }


def test_jakarta_equals_a_second_list(rows: list[Row]) -> None:
    """dki.csv: cahyadsn/wilayah_boundaries (MIT, (c) 2024 Cahya DSN), Kepmendagri 300.2.2-2430/2025."""
    with (Path(__file__).parent / "dki.csv").open(encoding="utf-8", newline="") as file:
        second = {row["code"]: row["name"] for row in csv.DictReader(file)}
    assert len(second) == 6 + 44 + 267
    assert {row["code"]: row["name"] for row in rows if row["code"].startswith("31.")} == second


def test_the_licence_of_the_data_travels_with_it() -> None:
    data = files("ruangaman.places") / "data"
    assert "MIT License" in (data / "LICENSE-wilayah.txt").read_text(encoding="utf-8")
    assert "LICENSE-wilayah.txt" in (data / "README.md").read_text(encoding="utf-8")
