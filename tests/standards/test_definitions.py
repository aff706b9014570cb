"""The indicators as data: all there, each part of each, and every worked example of the regulation recomputed."""

import copy
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
import yaml
from django.utils import translation

from ruangaman.standards import matrix
from ruangaman.standards.apps import check_definitions
from ruangaman.standards.matrix import percent, standard

MAIN = {"I.1", "II.2", "III.3", "III.4", "IV.5", "IV.6", "V.7", "V.8"}
# As the regulation prints them, read apart from the file: numerator, denominator, printed, by the definition.
EXAMPLES = {
    "I.1": (1311, 1500, "87,4", "87.40"),
    "I.1.s1": (2, 5, "40", "40.00"),
    "II.2": (75, 150, "50", "50.00"),
    "II.2.s1": (2, 2, "100", "100.00"),
    "II.2.s2": (1, 5, "20", "20.00"),
    "II.2.s3": (4, 4, "100", "100.00"),
    "II.2.s4": (6, 9, "120", "66.67"),
    "III.3": (100, 163, "61,35", "61.35"),
    "III.3.s1": (2, 20, "10", "10.00"),
    "III.4": (60, 90, "33,3", "66.67"),
    "III.4.s1": (2, 20, "10", "10.00"),
    "IV.5": (15, 20, "75", "75.00"),
    "IV.5.s1": (450, 900, "50", "50.00"),
    "IV.5.s2": (8, 10, "80", "80.00"),
    "IV.5.s3": (3, 6, "50", "50.00"),
    "IV.5.s4": (2, 5, "40", "40.00"),
    "IV.5.s5": (5, 20, "25", "25.00"),
    "IV.5.s6": (2, 10, "20", "20.00"),
    "IV.6": (10, 30, "50", "33.33"),
    "IV.6.s1": (3, 15, "33", "20.00"),
    "V.7": (25, 50, "50", "50.00"),
    "V.8": (50, 100, "50", "50.00"),
    "V.8.s1": (4, 16, "25", "25.00"),
}
TARGETS = {
    **dict.fromkeys(["I.1", "II.2", "II.2.s1", "II.2.s3", "II.2.s4", "V.8", "V.8.s1"], (100, 2018)),
    **dict.fromkeys(["III.3", "III.3.s1", "III.4", "III.4.s1"], (75, 2018)),
    **dict.fromkeys(["IV.5", *(f"IV.5.s{n}" for n in range(1, 7))], (80, 2018)),
    **dict.fromkeys(["IV.6.s1", "V.7"], (50, 2018)),
    "II.2.s2": (60, 2018),
    "IV.6": (50, 2014),
}


@pytest.fixture
def told() -> dict[str, Any]:
    text = files("ruangaman.policy").joinpath("standards", "jabar-2014.yaml").read_text()
    return copy.deepcopy(yaml.safe_load(text))


def test_there_are_eight_main_and_fifteen_supporting_indicators() -> None:
    codes = standard().indicators
    assert {code for code, one in codes.items() if one.is_main} == MAIN
    assert len(codes) == 8 + 15
    assert codes.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_worked_example_is_kept_as_printed_as_defined_and_as_adopted(code: str) -> None:
    numerator, denominator, printed, defined = EXAMPLES[code]
    example = standard().indicators[code].example
    assert (example.numerator, example.denominator, example.printed) == (numerator, denominator, printed)
    assert percent(numerator, denominator) == Decimal(defined) == example.defined == example.adopted


def test_where_the_printed_value_is_not_adopted_one_sentence_says_why() -> None:
    differing = {
        code
        for code, one in standard().indicators.items()
        if Decimal(one.example.printed.replace(",", ".")) != one.example.adopted
    }
    assert differing == {"II.2.s4", "III.4", "IV.6", "IV.6.s1"}
    for code in differing:
        erratum = standard().indicators[code].erratum
        assert erratum is not None and erratum.id and erratum.en and erratum.id != erratum.en


def test_the_targets_are_those_of_the_regulation() -> None:
    found = {
        code: (one.target.percent, one.target.year)
        for code, one in standard().indicators.items()
        if one.target is not None
    }
    assert found == TARGETS
    assert standard().indicators["I.1.s1"].target is None


def test_every_indicator_carries_all_its_parts_in_words() -> None:
    for code, one in standard().indicators.items():
        assert one.place.startswith("Lampiran D."), code
        assert one.title.id != one.title.en and one.agencies, code
        for part in ("meaning", "operational", "numerator", "denominator"):
            assert getattr(one, part), (code, part)
        if code != "I.1.s1":
            assert one.data and one.references and one.steps and one.staff and one.target, code


def test_what_the_unit_can_count_is_counted_and_says_by_which_cohort() -> None:
    counted = {one.code for one in standard().counted()}
    assert counted == MAIN | {"IV.5.s1"}
    for one in standard().counted():
        assert one.cohort is not None and len(one.cohort.id.split()) > 8 and one.cohort.id != one.cohort.en


def test_law_enforcement_and_health_stand_beside_the_figure_of_their_agency() -> None:
    assert {c for c, one in standard().indicators.items() if one.agency_figure} == {"II.2", "IV.5", "IV.5.s1"}


def test_a_text_is_shown_in_the_readers_language() -> None:
    title = standard().indicators["V.8"].title
    with translation.override("id"):
        assert str(title) == "Reintegrasi sosial"
    with translation.override("en"):
        assert str(title) == "Social reintegration"


@pytest.mark.parametrize(
    ("code", "change", "fault"),
    [
        ("III.3", {"numerator": ""}, "numerator"),
        ("III.3", {"steps": []}, "steps"),
        ("III.3", {"missing": ["numerator"]}, "may not miss"),
        ("III.3", {"missing": ["steps"]}, "steps"),
        ("III.3", {"cohort": None}, "cohort"),
        ("III.3", {"count": {"rule": "needs", "services": ["astrology"]}}, "unknown code"),
        ("III.3", {"count": {"rule": "needs", "services": []}}, "unknown code"),
        ("III.3", {"count": {"rule": "needs", "statutes": ["tpks"]}}, "is told"),
        ("V.8", {"count": {"rule": "needs", "services": ["return"], "done": "hoped"}}, "no outcome"),
        ("III.4", {"erratum": None}, "no erratum"),
        (
            "I.1",
            {
                "example": {
                    "numerator": 1,
                    "denominator": 3,
                    "printed": "33",
                    "defined": "34.00",
                    "adopted": "33.00",
                }
            },
            "does not give",
        ),
    ],
)
def test_a_definition_with_a_fault_is_refused(
    told: dict[str, Any], code: str, change: dict[str, Any], fault: str
) -> None:
    one = told["indicators"][code]
    for key, value in change.items():
        if value is None:
            del one[key]
        else:
            one[key] = value
    with pytest.raises(ValueError, match=fault):
        matrix.made_of(told)


def test_an_indicator_of_no_service_and_an_able_that_names_no_facility_are_refused(
    told: dict[str, Any],
) -> None:
    with pytest.raises(ValueError, match="no service"):
        matrix.made_of({**told, "indicators": {"VI.9": told["indicators"]["V.8"]}})
    with pytest.raises(ValueError, match="another facility"):
        matrix.made_of({**told, "able": {"clinic": 2}})


def test_another_regions_set_needs_no_code(told: dict[str, Any]) -> None:
    told |= {"code": "elsewhere-2022", "region": "31", "from_year": 2022}
    told["indicators"] = {"III.7": told["indicators"]["III.3"] | {"target": {"percent": 90, "year": 2024}}}
    made = matrix.made_of(told)
    assert [one.code for one in made.counted()] == ["III.7"]
    assert made.region == "31"


def test_the_system_check_reads_every_set() -> None:
    assert matrix.names() == ["jabar-2014"]
    assert check_definitions(None) == []


def test_a_figure_without_a_denominator_does_not_exist() -> None:
    assert percent(0, 0) is None
    assert percent(0, 7) == Decimal("0.00")
    assert percent(1, 8) == Decimal("12.50")
    assert percent(1, 1600) == Decimal("0.06")
