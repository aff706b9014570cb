"""Finding again among a million sealed names, by the product's own `people.queries.find`: name, name and year, area.

    python -m benchmarks.search [--size 1000000] [--explain]

The 300 stored names of name_pairs.csv are strewn among made-up people, whose names are spread as common as in a real
register; each is asked for in its other spelling, as the head of the unit that holds nine tenths of the people.

What is asked: the name alone; the name and the birth year; the name and the kelurahan.

- recall: the share of queries whose own record, not a namesake, is among the names opened at once;
- recall with the year of filing: where find asks for more, the query is asked again within the year of the record;
- precision@10: of the names shown, the share that are the same name as the stored one, by word lists written by hand
  (`names_offline.Truth`); mean over the queries that show something;
- candidates: how many names a query opened, for a million people in reach.

What a plan touches is looked at as people who see one stage or one small unit only: no row may be read and thrown away.
"""

import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import Ground, ground
from benchmarks.measure import Figures, milliseconds, percentile
from benchmarks.names_offline import Truth
from benchmarks.plan import Plan, pairs

SHOWN = 10
SLOWEST, RECALL, PRECISION, CANDIDATES = 100, 0.95, 0.8, 50
ROUNDS = 4  # of the 300 queries: 1,200 times, and each name is met again after 299 others


@contextmanager
def counted() -> Iterator[dict[Any, Any]]:
    """This will gather the persons that `find` opens within the block."""
    from ruangaman.people.queries import finding

    real, met = finding.open_names, {}

    def open_names(wanted: Any, hits: Any, *more: Any) -> Any:
        met.update((hit[1], hit[0]) for hit in hits)
        return real(wanted, hits, *more)

    finding.open_names = open_names
    try:
        yield met
    finally:
        finding.open_names = real


def targets(where: Ground, plan: Plan) -> list[Any]:
    """This will give the ids of the dossiers that hold the stored names, in the order of the pairs."""
    from benchmarks.rows import reference

    wanted = [reference(plan, place) for place in plan.name_places]
    with psycopg.connect(where.owner_url(plan.size)) as owner:
        found = dict(
            owner.execute("SELECT reference, id FROM access_dossier WHERE reference = ANY(%s)", [wanted])
        )
    return [found[one] for one in wanted]


def measure(where: Ground, plan: Plan, explain: bool, figures: Figures) -> None:
    """This will ask for every pair, and look at what the plans touch."""
    from benchmarks.acting import Desk
    from ruangaman.access.states import Role
    from ruangaman.people import queries

    desk = Desk(where, plan, plan.person(Role.HEAD))
    asked, dossiers, truth = pairs(), targets(where, plan), Truth()
    taken: list[float] = []
    used: list[float] = []
    for _ in range(ROUNDS):
        for pair in asked:
            before = time.process_time()
            taken.append(
                milliseconds(desk.doing(lambda query=pair["query"]: queries.find(desk.viewer, query)))
            )
            used.append((time.process_time() - before) * 1000)
    taken = taken[len(asked) :]  # the first round warms the cache, as the first morning does
    counts, precisions, hit, hit_with_year, shown_own, crowded = [], [], 0, 0, 0, 0
    for pair, place, dossier in zip(asked, plan.name_places, dossiers, strict=True):
        query, year = pair["query"], plan.opened_at(place)
        with counted() as met:
            found, more = desk.doing(lambda query=query: queries.find(desk.viewer, query, most=SHOWN))()  # type: ignore[misc]
        counts.append(len(met))
        hit += dossier in met
        shown_own += any(f.dossier_id == dossier for f in found)
        if found:
            precisions.append(sum(truth.same(pair["stored"], f.name) for f in found) / len(found))
        crowded += more
        if more and dossier not in met:
            half = timedelta(days=183)
            with counted() as met:
                within = (year - half, year + half)
                desk.doing(
                    lambda query=query, within=within: queries.find(desk.viewer, query, within=within)
                )()
        hit_with_year += dossier in met
    reach = plan.size * 45 / 50
    many = f"{reach:,.0f} people in reach"
    strict = plan.size >= 1_000_000
    figures.tell(f"search by name, p50, {many}", percentile(taken, 0.5), "ms")
    figures.tell(f"search by name, p95, {many}", percentile(taken, 0.95), "ms", at_most=SLOWEST)
    figures.tell("search by name, processor time without the database, p95", percentile(used, 0.95), "ms")
    figures.tell("search by name, slowest of all", max(taken), "ms")
    figures.tell("search by name, recall", hit / len(asked), at_least=RECALL)
    figures.tell("search by name, recall with the year of filing", hit_with_year / len(asked))
    figures.tell("search by name, own record on the first page", shown_own / len(asked))
    figures.tell("search by name, precision@10", statistics.fmean(precisions), at_least=PRECISION)
    figures.tell("search by name, share that asks for the year", crowded / len(asked))
    per_million = statistics.median(counts) * 1_000_000 / reach
    figures.tell(
        "search by name, median candidates per million", per_million, at_most=CANDIDATES if strict else None
    )
    for what in ("year", "area"):
        measure_with(desk, plan, what, dossiers, figures)
    touched(where, plan, explain, figures)


def facts(plan: Plan, place: int, what: str) -> dict[str, Any]:
    """This will give what is asked besides the name: ``year``, ``area`` or, for the name alone, nothing."""
    born = plan.birth_of(place)
    if what == "year":
        return {"born_year": born.year if born else None}
    return {"area": plan.home_of(place)} if what == "area" else {}


def measure_with(desk: Any, plan: Plan, what: str, dossiers: list[Any], figures: Figures) -> None:
    """This will ask for every pair by name and one more fact."""
    from ruangaman.people import queries

    taken: list[float] = []
    own = first = 0
    for turn in range(ROUNDS):
        for pair, place, dossier in zip(pairs(), plan.name_places, dossiers, strict=True):
            more = facts(plan, place, what)
            asking = desk.doing(
                lambda query=pair["query"], more=more: queries.find(desk.viewer, query, most=SHOWN, **more)
            )
            began = time.perf_counter()
            found, _more = asking()
            taken.append((time.perf_counter() - began) * 1000)
            if turn == 0:
                own += any(f.dossier_id == dossier for f in found)
                first += bool(found) and found[0].dossier_id == dossier
    taken = taken[len(dossiers) :]
    reach = f"{plan.size * 45 / 50:,.0f} people in reach"
    figures.tell(f"search by name and {what}, p50, {reach}", percentile(taken, 0.5), "ms")
    figures.tell(f"search by name and {what}, p95, {reach}", percentile(taken, 0.95), "ms", at_most=SLOWEST)
    figures.tell(
        f"search by name and {what}, own record on the first page", own / len(dossiers), at_least=RECALL
    )
    figures.tell(f"search by name and {what}, own record first", first / len(dossiers))


def touched(where: Ground, plan: Plan, explain: bool, figures: Figures) -> None:
    """This will count the rows of tokens that a search reads and then throws away."""
    from benchmarks.acting import Desk
    from ruangaman.access.states import Role

    people = {
        "who sees one stage": plan.person(Role.INTAKE_OFFICER),
        "who sees a small unit": plan.person(Role.SUPERVISOR, unit=1),
        "who sees the whole unit": plan.person(Role.SUPERVISOR),
    }
    for who, person in people.items():
        desk = Desk(where, plan, person)
        removed = read = 0
        every = list(zip(pairs(), plan.name_places, ("", "year", "area") * len(pairs()), strict=False))[::5]
        for pair, place, what in every:
            for statement in asking(desk, pair["query"], facts(plan, place, what)):
                seen = plan_nodes(desk, statement)
                removed += sum(node.get("Rows Removed by Filter", 0) * node["Actual Loops"] for node in seen)
                read += sum(node["Actual Rows"] * node["Actual Loops"] for node in seen)
                if any(node["Node Type"] not in ("Index Scan", "Index Only Scan") for node in seen):
                    raise RuntimeError(
                        f"a search does not go by the index: {[node['Node Type'] for node in seen]}"
                    )
        if explain:
            first = facts(plan, plan.name_places[0], "year")
            desk.explain(asking(desk, pairs()[0]["query"], first), f"search-{person.role}-unit{person.unit}")
        figures.tell(f"tokens read by somebody {who}, 60 queries", read)
        figures.tell(f"hidden tokens read by somebody {who}", removed, at_most=0)
        desk.connection.close()


def asking(desk: Any, query: str, more: dict[str, Any]) -> list[str]:
    """This will give the statements of one search that read tokens."""
    from ruangaman.people import queries

    made = desk.statements(lambda: queries.find(desk.viewer, query, **more))
    return [statement for statement in made if "people_nametoken" in statement]


def plan_nodes(desk: Any, statement: str) -> list[dict[str, Any]]:
    """This will run a statement and give the nodes of its plan that read the table of tokens."""
    from django.db import transaction

    def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield node
        for child in node.get("Plans", []):
            yield from walk(child)

    with desk.acting(), transaction.atomic(), desk.connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        told = cursor.fetchone()[0]
    root = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return [node for node in walk(root) if node.get("Relation Name") == "people_nametoken"]


def main() -> int:
    words = arguments(__doc__, (10_000, 1_000_000))
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.size)
        ensure(where, plan, figures)
        measure(where, plan, words.explain, figures)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
