"""The demonstration's years, loaded by the product's own rules and counted by plain SQL."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from ruangaman.config import demo
from ruangaman.config.demo.years import FIXED, plan
from ruangaman.config.postgres import Server
from ruangaman.kernel import clock
from ruangaman.standards import queries
from ruangaman.standards.matrix import standard
from ruangaman.standards.policies import period
from tests.conftest import empty
from tests.standards.independent import Second

SEED, SHARE, CASES = 4, 0.05, 110
YEARS = range(2021, 2027)

# What a case is made of, without what is sealed, without ids that chance gives, without who: by dossier.
FACTS = {
    "intake_report": "channel, reporter_kind, danger_now, place_id, received_at, first_answered_at, triage, triaged_at",
    "intake_outreach": "place_kind, starts_at, result, ended_at",
    "people_part": "role, relation, status, since",
    "people_person": "section, sex, age_band",
    "consent_consent": "service, answer, basis, assent, method, until",
    "cases_incident": "happened_on, setting, place_id, online",
    "cases_violence": "form",
    "cases_case": "risk, taken_at, ended_at",
    "cases_need": "service, state, unmet, recorded_at",
    "cases_planitem": "service, sessions, starts_on, given, dropped_at",
    "services_referral": "service, status, sent_at, answered_at, ended_at",
    "services_delivery": "service, kind, given_on",
    "justice_legalstep": "step, happened_on, statute, outcome",
    "closure_return": "destination, prepared_at, returned_on, reunited_on",
    "closure_homevisit": "visited_on, no_violence, next_on",
    "closure_ending": "reason, word_of, decided_at",
}
CLIENTS = """
SELECT CASE WHEN p.age_band IN ('0-5', '6-12', '13-17') THEN CASE p.sex WHEN 'f' THEN 'girl' ELSE 'boy' END
            ELSE CASE p.sex WHEN 'f' THEN 'woman' ELSE 'man' END END, count(DISTINCT p.id)
FROM people_person p
JOIN people_part a ON a.person_id = p.id AND a.role = 'client'
JOIN intake_report r ON r.dossier_id = a.dossier_id
WHERE (r.received_at AT TIME ZONE 'Asia/Jakarta')::date BETWEEN %(first)s AND %(last)s AND r.place_id LIKE %(place)s
  AND (%(online)s = '' OR EXISTS (SELECT FROM cases_incident i WHERE i.client_id = p.id AND i.online <> ''
                                  AND i.replaced_at IS NULL))
GROUP BY 1"""

Rows = Callable[..., list[tuple[Any, ...]]]
Loaded = tuple[Rows, UUID, datetime]


@contextmanager
def as_the_owner() -> Iterator[None]:
    """The demonstration is loaded with the owner's address, as `ruangaman demo` does it."""
    before = connections["default"]
    connections["default"] = connections["owner"]
    try:
        yield
    finally:
        connections["default"] = before


def load(at: datetime, *, cases: int = CASES, share: float = SHARE, part: tuple[int, int] = (0, 1)) -> int:
    with as_the_owner():
        demo.load(at=at, reports=0, cases=0)
        return demo.load_years(at=at, cases=cases, seed=SEED, share=share, part=part, say=print)


@pytest.fixture(scope="module")
def counted(database: None, server: Server) -> Iterator[Rows]:
    """An empty database, and how to ask it as the owner."""

    def rows(sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(server.owner_url) as owner:
            return owner.execute(sql, values).fetchall()

    empty(server)
    yield rows
    empty(server)


@pytest.fixture(scope="module")
def loaded(counted: Rows) -> Loaded:
    at = clock.now()
    assert load(at) == CASES
    return counted, unit_of(counted), at


def unit_of(rows: Rows) -> UUID:
    [(unit,)] = rows("SELECT id FROM access_organisation WHERE kind = 'unit' AND place_id = '31'")
    return unit


def clients(
    rows: Rows, first: date, last: date, place: str = "31", *, online: bool = False
) -> dict[str, int]:
    values = {"first": first, "last": last, "place": f"{place}.%", "online": "yes" if online else ""}
    return dict(rows(CLIENTS, values))


def facts(rows: Rows, dossiers: list[UUID]) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: sorted(
            rows(f"SELECT dossier_id, {columns} FROM {table} WHERE dossier_id = ANY(%s)", [dossiers]), key=str
        )
        for table, columns in FACTS.items()
    }


@pytest.mark.parametrize("year", YEARS)
def test_every_figure_of_a_year_equals_the_second_count(loaded: Loaded, year: int) -> None:
    rows, unit, _at = loaded
    told = period(str(year))
    assert told is not None
    figures = queries.figures(standard(), unit=unit, period=told)
    second = Second(rows, unit, date(year, 1, 1), date(year, 12, 31))
    assert {code: (f.numerator, f.denominator) for code, f in figures.items()} == second.all()


def test_the_years_try_every_indicator(loaded: Loaded) -> None:
    rows, unit, _at = loaded
    told = period("2021")
    assert told is not None
    for code, figure in queries.figures(standard(), unit=unit, period=told).items():
        assert 0 < figure.numerator < figure.denominator or code in ("I.1", "II.2"), code
        assert figure.numerator > 0, code


def test_the_clients_of_each_group_are_those_of_the_plan(loaded: Loaded) -> None:
    rows, _unit, at = loaded
    planned = list(plan(seed=SEED, cases=CASES, until=at, share=SHARE))
    year = [
        one for one in planned if one.number < round(518 * SHARE) + round(566 * SHARE) + round(229 * SHARE)
    ]
    assert clients(rows, date(2021, 1, 1), date(2021, 12, 31)) == Counter(one.group for one in year)
    assert clients(rows, date(2021, 1, 1), date(2021, 12, 31), online=True) == Counter(
        one.group for one in year if one.online
    )
    assert clients(rows, date(2022, 1, 1), date(2022, 9, 30), "31.74") == {
        "woman": round(130 * SHARE), "girl": round(84 * SHARE), "boy": round(34 * SHARE),
    }  # fmt: skip


def test_a_load_that_is_repeated_adds_nothing_and_one_that_broke_off_goes_on(loaded: Loaded) -> None:
    rows, _unit, at = loaded
    assert load(at) == 0
    assert load(at, cases=CASES + 2) == 2
    assert rows("SELECT count(*) FROM access_dossier") == [(CASES + 2,)]


def test_a_case_that_another_process_is_at_is_passed_over(loaded: Loaded, server: Server) -> None:
    rows, _unit, at = loaded
    before = rows("SELECT count(*) FROM access_dossier")
    *_rest, last = plan(seed=SEED, cases=CASES + 4, until=at, share=SHARE)
    with psycopg.connect(server.owner_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [last.dossier_id.int >> 65])
        load(at, cases=CASES + 3)
        assert load(at, cases=CASES + 4) == 0
    assert load(at, cases=CASES + 4) == 1
    assert rows("SELECT count(*) FROM access_dossier") == [(before[0][0] + 2,)]


def test_another_seed_is_refused_where_its_year_would_double(loaded: Loaded) -> None:
    _rows, _unit, at = loaded
    with as_the_owner(), pytest.raises(ValueError, match="another seed"):
        demo.load_years(at=at, cases=CASES, seed=SEED + 1, share=SHARE, say=print)


def test_a_case_that_breaks_leaves_nothing_behind(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _unit, at = loaded
    before = rows("SELECT count(*) FROM access_dossier")

    def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("ruangaman.config.demo.arrival.cases.record_needs", breaks)
    with pytest.raises(RuntimeError, match="the power went"):
        load(at, cases=CASES + 5)
    assert rows("SELECT count(*) FROM access_dossier") == before


def test_the_same_seed_gives_the_same_facts(loaded: Loaded, server: Server) -> None:
    """Comes last: it empties the database and loads a fourth of the cases once more, as one process of four does."""
    rows, _unit, at = loaded
    planned = [o.dossier_id for o in plan(seed=SEED, cases=CASES, until=at, share=SHARE) if o.number % 4 == 0]
    before = facts(rows, planned)
    assert all(before.values())
    empty(server)
    assert load(at, part=(0, 4)) == len(planned)
    assert rows("SELECT count(*) FROM access_dossier") == [(len(planned),)]
    assert facts(rows, planned) == before


@pytest.mark.long
def test_the_whole_years_have_the_totals_of_the_source_documents(counted: Rows, server: Server) -> None:
    """Source: seeds 000 (518 women, 795 children; online 27, 10, 5) and 001 (34 boys, 84 girls, 130 women)."""
    empty(server)
    assert load(clock.now(), cases=FIXED, share=1) == FIXED
    year = clients(counted, date(2021, 1, 1), date(2021, 12, 31))
    assert year["woman"] == 518
    assert year["girl"] + year["boy"] == 795
    assert set(year) == {"woman", "girl", "boy"}
    assert clients(counted, date(2021, 1, 1), date(2021, 12, 31), online=True) == {
        "woman": 27,
        "girl": 10,
        "boy": 5,
    }
    south = clients(counted, date(2022, 1, 1), date(2022, 9, 30), "31.74")
    assert south == {"boy": 34, "girl": 84, "woman": 130}
    assert south["boy"] + south["girl"] == 118
    unit = unit_of(counted)
    for year_ in (2021, 2022):
        told = period(str(year_))
        assert told is not None
        figures = queries.figures(standard(), unit=unit, period=told)
        second = Second(counted, unit, date(year_, 1, 1), date(year_, 12, 31))
        assert {code: (f.numerator, f.denominator) for code, f in figures.items()} == second.all()
