"""Somebody at work on one database: queries under their ticket, pages through their browser."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.ground import Ground, connection_to, step_to
from benchmarks.measure import Work
from benchmarks.plan import Plan, Staff
from ruangaman.access.models import User
from ruangaman.access.queries import Viewer, viewer_of
from ruangaman.kernel import clock, tickets

RESULTS = Path(__file__).with_name("results")


class Desk:
    """One person before one database, as the application's role."""

    def __init__(self, where: Ground, plan: Plan, person: Staff) -> None:
        self.plan, self.person = plan, person
        self.connection = connection_to(where.app_url(plan.size))
        step_to(self.connection)
        user = User.objects.get(id=person.id)
        with self.acting(), transaction.atomic():
            self.viewer: Viewer = viewer_of(user, clock.now())
        self.browser = Client(SERVER_NAME="127.0.0.1")
        self.browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def acting(self) -> Any:
        """This will carry a fresh ticket of the person."""
        return tickets.carry(tickets.sign(purpose="staff", person=self.person.id, at=clock.now()))

    def doing(self, work: Work) -> Work:
        """This will make of ``work`` one transaction of the person on this database."""

        def done() -> object:
            step_to(self.connection)
            with self.acting(), transaction.atomic():
                return work()

        return done

    def getting(self, path: str) -> Work:
        """This will make a work that fetches a page, which must answer 200."""

        def done() -> object:
            step_to(self.connection)
            response = self.browser.get(path)
            if response.status_code != 200:
                raise RuntimeError(f"{path} answered {response.status_code}")
            return response

        return done

    def statements(self, work: Work) -> list[str]:
        """This will give the SELECT statements that ``work`` sends, values in place."""
        step_to(self.connection)
        with self.acting(), transaction.atomic(), CaptureQueriesContext(self.connection) as captured:
            work()
        return [
            query["sql"] for query in captured.captured_queries if query["sql"].lstrip().startswith("SELECT")
        ]

    def explain(self, statements: list[str], name: str) -> list[str]:
        """This will write what PostgreSQL did for each statement into benchmarks/results/, and give the plans."""
        plans = []
        step_to(self.connection)
        with self.acting(), transaction.atomic(), self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}")
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        RESULTS.mkdir(exist_ok=True)
        parts = [f"{sql}\n\n{plan}\n" for sql, plan in zip(statements, plans, strict=True)]
        (RESULTS / f"explain-{name}-{self.plan.size}.txt").write_text("\n".join(parts), encoding="utf-8")
        return plans
