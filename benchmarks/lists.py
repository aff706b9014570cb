"""The list of reports at 10,000 and at 1,000,000 dossiers, for a head and for a companion.

    python -m benchmarks.lists [--size 1000000] [--small 10000] [--samples 2000] [--explain]

Measured twice: the reads themselves (`intake.queries.reports` and `people.queries.initials_of` under a ticket, in a
transaction), and the whole page from request to answer. Samples of the two sizes alternate; a ratio is the median of
five rounds. Then the same statements with row-level security (the application's role) and without (the owner).
"""

import sys

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import Ground, connection_to, ground
from benchmarks.measure import Figures, Work, compare
from benchmarks.plan import Plan

MOST_GROWTH = 1.25


def read_list(desk: object) -> Work:
    """This will make the work of reading the first page, at a desk (`acting.Desk`)."""
    from ruangaman.intake import queries
    from ruangaman.kernel import clock
    from ruangaman.people.queries import initials_of

    viewer = desk.viewer  # type: ignore[attr-defined]

    def work() -> object:
        page = queries.reports(viewer, at=clock.now())
        return len(page.rows), initials_of(viewer, [row.dossier_id for row in page.rows])

    return work


def measure(where: Ground, plans: list[Plan], samples: int, explain: bool, figures: Figures) -> None:
    """This will measure both people at both sizes."""
    from django.urls import reverse

    from benchmarks.acting import Desk
    from ruangaman.access.states import Role

    for role in (Role.HEAD, Role.COMPANION):
        desks = [Desk(where, plan, plan.person(role)) for plan in plans]
        for desk in desks:
            shown, initials = desk.doing(read_list(desk))()  # type: ignore[misc]
            if not shown == len(initials) == 25:
                raise RuntimeError(
                    f"{role} sees {shown} rows and {len(initials)} initials at {desk.plan.size:,} dossiers"
                )
        reads = [desk.doing(read_list(desk)) for desk in desks]
        pages = [desk.getting(reverse("desk:reports")) for desk in desks]
        for what, works in (("reads", reads), ("page", pages)):
            told = compare(works[0], works[1], samples)
            name = f"list for a {role}, {what}"
            for share in (0.5, 0.95):
                percent = f"p{share * 100:.0f}"
                figures.tell(f"{name}, {percent} at {plans[0].size:,}", told.first[share], "ms")
                figures.tell(f"{name}, {percent} at {plans[1].size:,}", told.second[share], "ms")
                figures.tell(f"{name}, {percent} ratio", told.ratio[share], at_most=MOST_GROWTH)
        if explain:
            for desk in desks:
                desk.explain(desk.statements(read_list(desk)), f"list-{role}")
        row_level_security(where, desks[1], samples, figures)
        for desk in desks:
            desk.connection.close()


def row_level_security(where: Ground, desk: object, samples: int, figures: Figures) -> None:
    """This will time the same statements as the application under a ticket and as the owner, who meets no policy."""
    from django.db import transaction

    from benchmarks.ground import step_to

    plan: Plan = desk.plan  # type: ignore[attr-defined]
    statements = desk.statements(read_list(desk))  # type: ignore[attr-defined]
    owner = connection_to(where.owner_url(plan.size), "owner")
    step_to(owner)

    def run(connection: object) -> Work:
        def work() -> None:
            with connection.cursor() as cursor:  # type: ignore[attr-defined]
                for statement in statements:
                    cursor.execute(statement)
                    cursor.fetchall()

        return work

    with desk.acting(), transaction.atomic(), transaction.atomic(using="owner"):  # type: ignore[attr-defined]
        told = compare(run(owner), run(desk.connection), samples)  # type: ignore[attr-defined]
    owner.close()
    name = f"list for a {desk.person.role}, {len(statements)} statements"  # type: ignore[attr-defined]
    figures.tell(f"{name}, without row-level security, p50", told.first[0.5], "ms")
    figures.tell(f"{name}, with row-level security, p50", told.second[0.5], "ms")
    figures.tell(f"{name}, ratio of p50", told.ratio[0.5])


def main() -> int:
    words = arguments(__doc__, (10_000, 1_000_000))
    figures = Figures()
    with ground() as where:
        plans = [plan_of(words, size) for size in (words.small, words.size)]
        for plan in plans:
            ensure(where, plan, figures)
        measure(where, plans, words.samples, words.explain, figures)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
