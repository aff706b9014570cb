"""Writes of clocks: what happened in a file, pauses, ends, decisions, definitions, days off, deadlines of a unit."""

import json
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from ruangaman.access.models import Dossier
from ruangaman.clocks import policies, queries
from ruangaman.clocks.actions.defining import define as define
from ruangaman.clocks.actions.defining import set_day_off as set_day_off
from ruangaman.clocks.actions.defining import take_back_day_off as take_back_day_off
from ruangaman.clocks.actions.handling import end_by_hand as end_by_hand
from ruangaman.clocks.actions.handling import pause as pause
from ruangaman.clocks.actions.handling import resume as resume
from ruangaman.clocks.actions.handling import rule as rule
from ruangaman.clocks.actions.of_units import begin_unit_clock as begin_unit_clock
from ruangaman.clocks.actions.of_units import find_breach as find_breach
from ruangaman.clocks.actions.of_units import finish_unit_clock as finish_unit_clock
from ruangaman.clocks.queries import InForce
from ruangaman.clocks.states import OF_A_ROW, Event, Measure
from ruangaman.kernel.ids import new_id


# Often called within larger writes: a savepoint for each would only cost time.
@transaction.atomic(savepoint=False)
def happened(
    *,
    event: Event,
    dossier: Dossier,
    at: datetime,
    by: UUID | None,
    about: UUID | None = None,
    since: datetime | None = None,
    given: datetime | None = None,
    holder: UUID | None = None,
) -> None:
    """This will end the clocks that the event ends, and start those that it starts, in the caller's transaction.

    ``by`` is None for a reporter, whose event ends nothing. ``since``: when it began, if earlier than ``at`` (the hour
    of an assault). ``about``: the row that a referral, an appointment or a way out is; ``given``: the deadline, where
    it is given. One that lapses, and whose time is over already, is not started; one that runs already goes on as it
    was.
    """
    with connection.cursor() as cursor:
        if by is not None:
            cursor.execute("SELECT door.end_clocks(%s, %s, %s, %s)", [dossier.id, event.value, about, at])
        begun = started_by(
            event=event, unit=dossier.unit_id, at=at, about=about, since=since, given=given, holder=holder
        )
        if begun:
            cursor.execute("SELECT door.begin_clocks(%s, %s)", [dossier.id, json.dumps(begun)])


def started_by(
    *,
    event: Event,
    unit: UUID,
    at: datetime,
    about: UUID | None = None,
    since: datetime | None = None,
    given: datetime | None = None,
    holder: UUID | None = None,
) -> list[dict[str, str | None]]:
    """This will give the clocks that an event starts in a file of a unit, as the functions of the door take them."""
    began = since or at
    return [
        _started(one, began, given, about if event in OF_A_ROW else None, holder)
        for one in queries.definitions_of(unit, event, began)
        if one.definition.section
        and (given is not None or one.definition.measure != Measure.GIVEN)
        # What was learnt late is late, and still to be done; a chance that is gone is gone.
        and (one.due(began, given) > at or not one.definition.lapses)
    ]


def over(*, event: Event, dossier: Dossier, about: UUID, at: datetime) -> None:
    """This will end the clocks about one row that the event ends, and start none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.end_clocks(%s, %s, %s, %s)", [dossier.id, event.value, about, at])


def _started(
    one: InForce, began: datetime, given: datetime | None, about: UUID | None, holder: UUID | None
) -> dict[str, str | None]:
    definition, due_at = one.definition, one.due(began, given)
    planned = policies.firings(definition, started_at=began, due_at=due_at)
    fires_at = policies.next_firing(planned, ())
    return {
        "id": str(new_id()),
        "definition": str(definition.id),
        "about": str(about) if about else None,
        "holder": str(holder) if holder else None,
        "started": began.isoformat(),
        "given": due_at.isoformat() if definition.measure == Measure.GIVEN else None,
        "due": due_at.isoformat(),
        "fires": fires_at.isoformat() if fires_at else None,
    }


def hand_over(*, dossier: Dossier, to: UUID) -> None:
    """This will put the running clocks of a dossier into the hands of who took it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.hand_clocks(%s, %s)", [dossier.id, to])
