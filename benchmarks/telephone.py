"""Who may be known already, while an officer types names on the telephone: the whole answer of the page.

    python -m benchmarks.telephone [--size 1000000]

Each of the 300 stored names of name_pairs.csv is asked for in its other spelling, with the birth year or the kelurahan,
as the page asks while the officer types: draft opened, own reach searched, one entry in the ledger, draft sealed again.

- by an intake officer, who reaches reports only, and by a supervisor, who reaches the whole unit;
- asking the other units, which an officer does once in a call.

That nothing hidden is touched, so that time tells nothing, is counted by `search`.
"""

import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import Ground, ground, step_to
from benchmarks.measure import Figures, percentile
from benchmarks.plan import Plan, pairs
from benchmarks.search import facts

SLOWEST = 150  # milliseconds, issue 6
A_DRAFT = 20  # questions a call; the page stops at thirty
WARM = 60


def questions(plan: Plan) -> Iterator[dict[str, str]]:
    """This will give what is typed, with the year and with the area in turn."""
    asked = list(zip(pairs(), plan.name_places, strict=True))
    for what in ("year", "area"):
        for pair, place in asked:
            more = facts(plan, place, what)
            yield {
                "name": pair["query"],
                "born_year": str(more.get("born_year") or ""),
                "place": str(more.get("area") or ""),
            }


def begun(desk: Any) -> UUID:
    """This will begin a call at that desk."""
    from ruangaman.intake.actions.calls import begin_call
    from ruangaman.kernel import clock

    code = f"{desk.viewer.seats[0].organisation_id}.phone_112."
    draft: UUID = desk.doing(lambda: begin_call(viewer=desk.viewer, code=code, at=clock.now()).id)()
    return draft


def asking(desk: Any, asked: list[dict[str, str]], **more: str) -> list[float]:
    """This will give how long each answer took, in milliseconds."""
    taken, draft = [], begun(desk)
    for number, fields in enumerate(asked):
        if number % A_DRAFT == 0:
            draft = begun(desk)
        step_to(desk.connection)
        began = time.perf_counter()
        answer = desk.browser.post(f"/telepon/{draft}/mirip/", {**fields, **more})
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200 or (
            b"note--care" in answer.content and b"Mungkin" not in answer.content
        ):
            raise RuntimeError(f"the page answered {answer.status_code}: {answer.content[:200]!r}")
    return taken


def measure(where: Ground, plan: Plan, many: int, figures: Figures) -> None:
    """This will ask at both desks."""
    from benchmarks.acting import Desk
    from ruangaman.access.states import Role

    limit = SLOWEST if plan.size >= 100_000 else None
    for role in (Role.INTAKE_OFFICER, Role.SUPERVISOR):
        desk = Desk(where, plan, plan.person(role))
        known = [one for one in islice(questions(plan), many) if one["born_year"] or one["place"]]
        asking(desk, known[:WARM])
        taken = asking(desk, known)
        name = f"suggestions while typing, {role}, {plan.size:,} people"
        figures.tell(f"{name}, p50", percentile(taken, 0.5), "ms")
        figures.tell(f"{name}, p95", percentile(taken, 0.95), "ms", at_most=limit)
        if role == Role.INTAKE_OFFICER:
            elsewhere = asking(desk, known[: A_DRAFT * 3], elsewhere="yes")
            figures.tell("asking the other units, p95", percentile(elsewhere, 0.95), "ms")
        desk.connection.close()


def main() -> int:
    words = arguments(__doc__, (10_000, 1_000_000))
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.size)
        ensure(where, plan, figures)
        measure(where, plan, 600, figures)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
