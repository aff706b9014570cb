"""*Hari ini* at 1,000 and at 100,000 dossiers, for each of those who work with it; and the list of cases.

    python -m benchmarks.today [--size 100000] [--small 1000] [--samples 500] [--explain]

Measured twice, as `lists` does it: the reads alone (`duties_for` under a ticket), and the whole page. What is open is
the same at both sizes (`work.py`), what is done is not.
"""

import sys

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import Ground, ground
from benchmarks.measure import Figures, Work, compare
from benchmarks.plan import Plan

MOST_GROWTH = 1.25


def read_duties(desk: object) -> Work:
    """This will make the work of reading what waits for somebody, at a desk (`acting.Desk`)."""
    from ruangaman.access.duties import duties_for
    from ruangaman.kernel import clock

    viewer = desk.viewer  # type: ignore[attr-defined]
    return lambda: len(duties_for(viewer, clock.now()))


def measure(where: Ground, plans: list[Plan], samples: int, explain: bool, figures: Figures) -> None:
    """This will measure each of those people at both sizes."""
    from django.urls import reverse

    from benchmarks.acting import Desk
    from ruangaman.access.states import Role

    for role in (Role.HEAD, Role.INTAKE_OFFICER, Role.CASE_MANAGER, Role.COMPANION):
        desks = [Desk(where, plan, plan.person(role)) for plan in plans]
        reads = [desk.doing(read_duties(desk)) for desk in desks]
        duties = [read() for read in reads]
        for plan, count in zip(plans, duties, strict=True):
            figures.tell(f"Hari ini of a {role}: duties at {plan.size:,}", count)  # type: ignore[arg-type]
        if not 0.9 <= duties[1] / duties[0] <= 1.1:  # type: ignore[operator]
            raise RuntimeError(f"A {role} has {duties} duties: what is open must be the same at both sizes.")
        if explain:
            for desk in desks:
                desk.explain(desk.statements(read_duties(desk)), f"today-{role}")
        for what, works in (
            ("reads", reads),
            ("page", [desk.getting(reverse("desk:today")) for desk in desks]),
            ("list of cases", [desk.getting(reverse("desk:cases")) for desk in desks]),
        ):
            told = compare(works[0], works[1], samples)
            name = (
                f"Hari ini of a {role}, {what}" if what != "list of cases" else f"list of cases of a {role}"
            )
            for share in (0.5, 0.95):
                percent = f"p{share * 100:.0f}"
                figures.tell(f"{name}, {percent} at {plans[0].size:,}", told.first[share], "ms")
                figures.tell(f"{name}, {percent} at {plans[1].size:,}", told.second[share], "ms")
                figures.tell(f"{name}, {percent} ratio", told.ratio[share], at_most=MOST_GROWTH)
        for desk in desks:
            desk.connection.close()


def main() -> int:
    words = arguments(__doc__, (1_000, 100_000))
    figures = Figures()
    with ground() as where:
        plans = [plan_of(words, size) for size in (words.small, words.size)]
        for plan in plans:
            ensure(where, plan, figures)
        measure(where, plans, words.samples, words.explain, figures)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
