"""The list of a unit with 10,000 reports: its first page and one deep in it, for a head and an intake officer.

    python -m benchmarks.reports_list [--small 11200] [--samples 60] [--explain]

The whole page from request to answer, in one process, as the application's role under row-level security. A head sees
all of the unit's reports; an intake officer those that are not yet cases. The deep page begins where the last but one
page of that person's list ends.
"""

import sys
from typing import Any
from urllib.parse import urlencode

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import Ground, ground
from benchmarks.measure import Figures, interleaved, percentile
from benchmarks.plan import Plan

SLOWEST = 100  # ms
PAGE = 25


def marked(desk: Any, size: int) -> tuple[int, str]:
    """This will give how many reports a list of that size holds, and where the next begins."""
    from ruangaman.intake.queries import reports
    from ruangaman.kernel import clock

    found: list[tuple[int, str]] = []

    def read() -> None:
        page = reports(desk.viewer, at=clock.now(), size=size)
        found.append((len(page.rows), page.older))

    desk.doing(read)()
    return found[0]


def measure(where: Ground, plan: Plan, samples: int, explain: bool, figures: Figures) -> None:
    """This will measure both people."""
    from django.urls import reverse

    from benchmarks.acting import Desk
    from benchmarks.lists import read_list
    from ruangaman.access.states import Role

    for role in (Role.HEAD, Role.INTAKE_OFFICER):
        desk = Desk(where, plan, plan.person(role))
        count, _none = marked(desk, 10 * plan.size)
        _rows, deep = marked(desk, count - PAGE)
        if not deep:
            raise RuntimeError(f"A {role} sees {count} reports: there is no deep page.")
        figures.tell(f"reports in the list of a {role}", count)
        first = reverse("desk:reports")
        works = [desk.getting(first), desk.getting(f"{first}?{urlencode({'sebelum': deep})}")]
        for page, taken in zip(("first page", "last page"), interleaved(works, samples), strict=True):
            figures.tell(f"list of a {role}, {page}, p50", percentile(taken, 0.5), "ms")
            figures.tell(f"list of a {role}, {page}, p95", percentile(taken, 0.95), "ms", at_most=SLOWEST)
        if explain:
            desk.explain(desk.statements(read_list(desk)), f"reports-{role}")
        desk.connection.close()


def main() -> int:
    words = arguments(__doc__, (11_200, 11_200), samples=60)
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.small)
        ensure(where, plan, figures)
        measure(where, plan, words.samples, words.explain, figures)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
