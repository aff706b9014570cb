"""The product's counts against the second count, on dossiers of made-up facts; and what the counter may not do."""

import random
from datetime import date
from typing import Any

import pytest

from ruangaman.access.states import OrganisationKind, Role
from ruangaman.config.postgres import Server
from ruangaman.standards import queries
from ruangaman.standards.matrix import standard
from ruangaman.standards.policies import Period, period
from tests.access.filled import tried
from tests.standards.independent import Second
from tests.standards.made_up import Maker, health_services, tables
from tests.worlds import World, acting

PERIODS = {
    "2026-1": (date(2026, 1, 1), date(2026, 6, 30)),
    "2025-2": (date(2025, 7, 1), date(2025, 12, 31)),
    "2026": (date(2026, 1, 1), date(2026, 12, 31)),
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
}


def of(code: str) -> Period:
    found = period(code)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def filled(lasting_world: World, server: Server) -> World:
    world = lasting_world
    health = [world.organisation(OrganisationKind.PARTNER, f"Faskes {n}", "31").id for n in range(10)]
    with tables(server) as into:
        health_services(into, health, random.Random(11))
        maker = Maker(into, 20261122, [world.unit.id, world.unit.id, world.other.id], health)
        for _ in range(400):
            maker.dossier()
    return world


@pytest.mark.parametrize("code", PERIODS)
@pytest.mark.parametrize("whose", ["unit", "other"])
def test_every_figure_equals_the_second_count(filled: World, code: str, whose: str) -> None:
    unit = getattr(filled, whose).id
    counted = queries.figures(standard(), unit=unit, period=of(code))
    second = Second(filled.rows, unit, *PERIODS[code])
    assert {c: (f.numerator, f.denominator) for c, f in counted.items()} == second.all()


@pytest.mark.parametrize("code", PERIODS)
def test_one_figure_alone_is_the_figure_of_the_board(filled: World, code: str) -> None:
    board = queries.figures(standard(), unit=filled.unit.id, period=of(code))
    for one in standard().counted():
        alone = queries.figures(standard(), unit=filled.unit.id, period=of(code), only=one)
        assert alone == {one.code: board[one.code]}


def test_the_made_up_facts_try_every_indicator(filled: World) -> None:
    for code, figure in queries.figures(standard(), unit=filled.unit.id, period=of("2026-1")).items():
        assert 0 < figure.numerator < figure.denominator, code
        assert sum(figure.not_yet.values()) == figure.missing, code
        assert code == "I.1" or figure.left_out, code


@pytest.mark.parametrize("code", PERIODS)
def test_the_other_readings_equal_the_second_count(filled: World, code: str) -> None:
    second = Second(filled.rows, filled.unit.id, *PERIODS[code])
    readings = {"IV.5.s1": second.police_by_period(), "V.7": second.returned_of_those_in_need()}
    for name, one in standard().indicators.items():
        found = queries.beside(standard(), one, unit=filled.unit.id, period=of(code))
        assert (found and (found.numerator, found.denominator)) == readings.get(name), name


@pytest.mark.parametrize("code", PERIODS)
def test_the_half_years_of_reports_add_up_to_the_year(filled: World, code: str) -> None:
    halves = [queries.figures(standard(), unit=filled.unit.id, period=of(c)) for c in ("2026-1", "2026-2")]
    year = queries.figures(standard(), unit=filled.unit.id, period=of("2026"))
    assert sum(half["I.1"].denominator for half in halves) == year["I.1"].denominator


def test_a_unit_without_dossiers_has_no_figures(filled: World) -> None:
    for figure in queries.figures(standard(), unit=filled.hospital.id, period=of("2026")).values():
        assert (figure.numerator, figure.denominator, figure.value) == (0, 0, None)


@pytest.mark.parametrize(
    "column",
    [
        "name FROM people_person",
        "initials FROM people_person",
        "born_on FROM people_person",
        "nik FROM people_person",
        "note FROM services_delivery",
        "request FROM services_referral",
        "number FROM justice_legalstep",
        "number FROM services_visum",
        "preparation FROM closure_return",
        "text FROM cases_safetynote",
        "chronology FROM cases_assessment",
        "text FROM intake_story",
        "body FROM intake_message",
        "safety_plan FROM intake_outreach",
        "token FROM people_nametoken",
        "wrapped FROM access_datakey",
    ],
)
def test_the_counter_reads_nothing_sealed(filled: World, column: str) -> None:
    assert tried(f"SELECT {column}", using="counter") is None


def test_the_counter_changes_nothing(filled: World) -> None:
    for table in ("cases_need", "network_healthservice", "people_part", "justice_legalstep"):
        assert tried(f"DELETE FROM {table}", using="counter") is None
        assert tried(f"UPDATE {table} SET id = id", using="counter") is None


def test_all_figures_are_one_statement(filled: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1, using="counter"), django_assert_num_queries(0):
        queries.figures(standard(), unit=filled.unit.id, period=of("2026"))


@pytest.mark.parametrize("code", [one.code for one in standard().counted()])
@pytest.mark.parametrize("done", [True, False])
def test_the_dossiers_behind_a_figure_are_those_that_were_counted(
    filled: World, code: str, done: bool
) -> None:
    one, head = standard().indicators[code], filled.person(Role.HEAD)
    asked: dict[str, Any] = {"unit": filled.unit.id, "period": of("2026-1")}
    [figure] = queries.figures(standard(), **asked, only=one).values()
    number = figure.numerator if done else figure.missing
    listed: list[Any] = []
    before = None
    with acting(head):
        while True:
            found = queries.behind(filled.viewer(head), standard(), one, **asked, done=done, before=before)
            listed += found.dossiers
            before = found.older
            assert not found.some_hidden
            if before is None:
                break
    assert len({dossier.id for dossier in listed}) == len(listed)
    assert {dossier.unit_id for dossier in listed} == {filled.unit.id}
    assert [d.opened_at for d in listed] == sorted((d.opened_at for d in listed), reverse=True)
    # A report and a case are one dossier each; a dossier may hold several victims.
    assert len(listed) == number if one.unit in ("reports", "cases") else 0 < len(listed) <= number


def test_a_list_of_another_unit_is_empty_and_says_that_something_is_hidden(filled: World) -> None:
    head = filled.person(Role.HEAD, filled.other)
    with acting(head):
        one = standard().indicators["I.1"]
        found = queries.behind(
            filled.viewer(head), standard(), one, unit=filled.unit.id, period=of("2026"), done=False
        )
    assert (found.dossiers, found.some_hidden) == ([], True)
