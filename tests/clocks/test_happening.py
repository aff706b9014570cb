"""What happens in a file starts and ends its clocks, whoever says that it happened."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from ruangaman.access.actions import join_team
from ruangaman.access.states import Role, Stage
from ruangaman.clocks import actions, queries
from ruangaman.clocks.models import Clock
from ruangaman.clocks.states import Event
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.ids import new_id
from tests.worlds import Filed, World, acting


def clocks_of(filed: Filed) -> dict[str, Clock]:
    """The running clocks of a file, as the owner sees them."""
    rows = Clock.objects.using("owner").filter(dossier_id=filed.dossier.id, ended_at=None)
    return {row.code: row for row in rows.select_related("definition")}


def say(filed: Filed, who: Any, event: Event, **more: Any) -> None:
    with acting(who):
        actions.happened(event=event, dossier=filed.dossier, at=more.pop("at", clock.now()), by=who.id, **more)


def joined(world: World, filed: Filed, role: Role) -> Any:
    person = world.person(role)
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        join_team(
            dossier=filed.dossier, person=person.id, role=role, until=clock.now() + timedelta(days=9),
            by=supervisor.id, at=clock.now(),
        )  # fmt: skip
    return person


def test_a_report_is_to_be_answered_and_danger_within_the_hour(world: World) -> None:
    friday = datetime(2026, 8, 14, 9, tzinfo=UTC)  # the Monday after is the day of independence
    filed = world.file(at=friday, danger_now="yes")
    running = clocks_of(filed)
    assert running.keys() == {"answer", "danger"}
    assert running["answer"].due_at == datetime(2026, 8, 20, 16, 59, 59, 999999, tzinfo=UTC)
    assert running["danger"].due_at == friday + timedelta(hours=1)
    assert "danger" not in clocks_of(world.file(at=friday))
