"""Reads of clocks: which definition is in force, the calendar of a unit, what runs and what is overdue."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from ruangaman.access.models import Grant
from ruangaman.access.queries import Viewer
from ruangaman.access.states import GrantSource, Section
from ruangaman.clocks import policies
from ruangaman.clocks.models import Clock, Definition, Pause, UnitClock
from ruangaman.clocks.policies import Calendar
from ruangaman.clocks.states import DayOff, Event, Measure
from ruangaman.network.policies import DEFAULT_ZONE, DaysOff

# The agenda itself tells somebody of their own appointments and of coming back, with the way to do it.
ASKED_BY_THE_AGENDA = (Event.APPOINTMENT_MADE, Event.WENT_OUT)
# A unit and what stands above it, the nearest first, and the local time it keeps. An organisation has few parents; the
# bound keeps a circle among them from turning for ever.
CHAIN = f"""
WITH RECURSIVE chain AS (
    SELECT id, parent_id, place_id, 0 AS depth FROM access_organisation WHERE id = %(unit)s
    UNION ALL
    SELECT o.id, o.parent_id, o.place_id, c.depth + 1
    FROM access_organisation o JOIN chain c ON o.id = c.parent_id WHERE c.depth < 10
), keeps AS (
    SELECT coalesce((SELECT p.time_zone FROM chain c JOIN places_place p ON p.code = c.place_id
                     ORDER BY c.depth LIMIT 1), '{DEFAULT_ZONE}') AS zone
)"""
# Of each day the row of the nearest owner: a unit may work on a day off of the nation.
DAYS = """
SELECT coalesce(jsonb_object_agg(n.day, n.kind), '{}')::text FROM (
    SELECT DISTINCT ON (h.day) h.day, h.kind FROM clocks_holiday h LEFT JOIN chain c ON c.id = h.owner_id
    WHERE (h.owner_id IS NULL OR c.id IS NOT NULL) AND h.day > %(after)s
    ORDER BY h.day, c.depth NULLS LAST) n"""
# Of some days what they are, for the nation (no organisation) and for every organisation at or below an owner of one.
# Downwards, because few organisations have a day of their own and many doors ask.
NEAR = """
WITH RECURSIVE reached AS (
    SELECT owner_id AS organisation, day, kind, name, 0 AS depth FROM clocks_holiday
    WHERE day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT o.id, r.day, r.kind, r.name, r.depth + 1
    FROM access_organisation o JOIN reached r ON o.parent_id = r.organisation WHERE r.depth < 10
) SELECT DISTINCT ON (organisation, day) organisation, day, kind, name FROM reached
ORDER BY organisation, day, depth"""
# Of each code the newest version of the nearest owner. One that is switched off hides what stands behind it.
IN_FORCE = f"""{CHAIN}, newest AS (
    SELECT DISTINCT ON (d.code) d.*
    FROM clocks_definition d CROSS JOIN keeps LEFT JOIN chain c ON c.id = d.owner_id
    WHERE d.code IN (SELECT code FROM clocks_definition WHERE starts_on = %(event)s OR code = %(code)s)
      AND (d.owner_id IS NULL OR c.id IS NOT NULL)
      AND d.from_on <= coalesce(%(on)s::date, (%(since)s::timestamptz AT TIME ZONE keeps.zone)::date)
    ORDER BY d.code, c.depth NULLS LAST, d.from_on DESC, d.written_at DESC, d.id DESC)
SELECT newest.*, keeps.zone, CASE WHEN newest.measure = '{Measure.WORKING_DAYS}' THEN ({DAYS}) END AS days
FROM newest CROSS JOIN keeps WHERE newest.is_on AND (newest.starts_on = %(event)s OR newest.code = %(code)s)
ORDER BY newest.code"""


MOST_OF_A_DOSSIER = 100


@dataclass(frozen=True, slots=True)
class InForce:
    """A definition that applies in a unit, with the local time and the calendar that its deadline is counted by."""

    definition: Definition
    zone: str
    calendar: Calendar

    def due(self, since: datetime, given: datetime | None = None) -> datetime:
        """When a clock that begins at ``since`` runs out."""
        definition = self.definition
        return policies.due(
            definition.measure, definition.amount, since, self.zone, self.calendar, given=given
        )


def definitions_of(unit_id: UUID, event: Event, since: datetime) -> list[InForce]:
    """This will give what an event starts in a unit, as in force on the local day of ``since``; one query."""
    return _in_force(unit_id, event=event.value, since=since)


def definition_for(unit_id: UUID, code: str, on: date) -> Definition | None:
    """This will give the version of a deadline that is in force in a unit on a day, if it applies there; one query."""
    found = _in_force(unit_id, code=code, on=on)
    return found[0].definition if found else None


def deadline(*, unit_id: UUID, code: str, since: datetime) -> datetime | None:
    """This will give when a clock of that code, begun at ``since``, runs out; for who can't read the clock; one query.

    None where the deadline does not apply in the unit, or is one that is given.
    """
    found = _in_force(unit_id, code=code, since=since)
    if not found or found[0].definition.measure == Measure.GIVEN:
        return None
    return found[0].due(since)


def in_force(unit_id: UUID, code: str, since: datetime) -> InForce | None:
    """This will give a deadline as it applies in a unit to what begins at ``since``; one query."""
    return next(iter(_in_force(unit_id, code=code, since=since)), None)


def _in_force(
    unit_id: UUID, *, event: str = "", code: str = "", since: datetime | None = None, on: date | None = None
) -> list[InForce]:
    after = on or (day_before(since) if since else None)
    rows: Any = Definition.objects.raw(
        IN_FORCE, {"unit": unit_id, "event": event, "code": code, "since": since, "on": on, "after": after}
    )
    return [InForce(row, row.zone, calendar_from(row.days or "{}")) for row in rows]


def calendar_from(days: str) -> Calendar:
    """This will make a calendar of days and what they are, as the database tells them."""
    found = {date.fromisoformat(day): kind for day, kind in json.loads(days).items()}
    return Calendar(
        days_off=frozenset(day for day, kind in found.items() if kind != DayOff.WORKED),
        worked=frozenset(day for day, kind in found.items() if kind == DayOff.WORKED),
    )


def calendar_of(unit_id: UUID, after: date = date.min) -> Calendar:
    """This will give the working calendar of a unit: the nation's, its parents' and its own days; one query."""
    return local_time_of(unit_id, after)[1]


def days_off_near(at: datetime) -> DaysOff:
    """This will give the days off around a moment, the nation's and of every organisation that differs; one query.

    For anybody: which day it is and how it is called is public, its source and who wrote it are not read. Around: in
    one part of the country it is the day before or after already.
    """
    days = {"first": day_before(at), "last": at.astimezone(UTC).date() + timedelta(days=1)}
    nation: dict[date, str] = {}
    own: dict[UUID, dict[date, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEAR, days)
        for organisation, day, kind, name in cursor.fetchall():
            said = "" if kind == DayOff.WORKED else f"{DayOff(kind).label.lower()}: {name}"
            (nation if organisation is None else own.setdefault(organisation, {}))[day] = said
    return DaysOff(nation, own)


def local_time_of(unit_id: UUID, after: date) -> tuple[str, Calendar]:
    """This will give the time zone of a unit, and its calendar of the days after one; one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"{CHAIN} SELECT keeps.zone, ({DAYS}) FROM keeps", {"unit": unit_id, "after": after})
        zone, days = cursor.fetchone()
    return zone, calendar_from(days)


def zone_of(unit_id: UUID) -> ZoneInfo:
    """This will give the local time that a unit keeps; one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"{CHAIN} SELECT zone FROM keeps", {"unit": unit_id})
        return ZoneInfo(cursor.fetchone()[0])


def day_before(moment: datetime) -> date:
    """This will give a day that is before the local day of a moment in every time zone of Indonesia."""
    return moment.astimezone(UTC).date() - timedelta(days=1)


def newest_version(owner: UUID, code: str) -> Definition | None:
    """This will give the version of a deadline that was written last for an organisation, or what it inherits, also
    one that is switched off or comes into force later.
    """
    rows: Any = Definition.objects.raw(
        f"{CHAIN} SELECT d.* FROM clocks_definition d LEFT JOIN chain c ON c.id = d.owner_id "
        "WHERE d.code = %(code)s AND (d.owner_id IS NULL OR c.id IS NOT NULL) "
        "ORDER BY c.depth NULLS LAST, d.from_on DESC, d.written_at DESC, d.id DESC LIMIT 1",
        {"unit": owner, "code": code},
    )
    return next(iter(rows), None)


def unit_clock_of(one: InForce, unit_id: UUID, period: str, began: datetime) -> UnitClock:
    """This will give a deadline of a unit as it would run from ``began``; nothing is saved."""
    due_at = one.due(began)
    planned = policies.firings(one.definition, started_at=began, due_at=due_at)
    return UnitClock(
        definition=one.definition,
        code=one.definition.code,
        unit_id=unit_id,
        period=period,
        started_at=began,
        due_at=due_at,
        fires_at=policies.next_firing(planned, ()),
    )


def running_of(viewer: Viewer, dossier_id: UUID) -> list[Clock]:
    """This will give the clocks of a dossier that have not ended, as far as the viewer reaches them; one query."""
    return list(_running().filter(dossier_id=dossier_id).order_by("due_at", "id"))


def clock_in_reach(viewer: Viewer, clock_id: UUID) -> Clock | None:
    """This will give one clock with its dossier and definition if the viewer reaches it, also an ended one."""
    return (
        Clock.objects.filter(id=clock_id)
        .select_related("definition", "holder", "dossier")
        .defer("end_note")
        .first()
    )


def _running() -> QuerySet[Clock]:
    return (
        Clock.objects.filter(ended_at=None)
        .select_related("definition", "holder", "dossier")
        .defer("end_note")
    )


def due_clocks(viewer: Viewer, most: int, *, until: datetime, held: bool) -> list[Clock]:
    """This will give running clocks due by ``until``, the most urgent first; one query.

    ``held``: those in the viewer's hands. Else those in nobody's, of the units and stages in which the viewer may write
    by rank.
    """
    found = _running().filter(paused_at=None, due_at__lte=until)
    if held:
        own = found.filter(holder_id=viewer.id).exclude(definition__starts_on__in=ASKED_BY_THE_AGENDA)
        return list(own.order_by("due_at")[:most])
    mine = by_rank(viewer, "w")
    return list(found.filter(mine, holder=None).order_by("due_at")[:most]) if mine else []


def due_in_own_files(viewer: Viewer, most: int, *, until: datetime, at: datetime) -> list[Clock]:
    """This will give running clocks that nobody holds, in files on whose team the viewer is; one query.

    It starts from the viewer's own grants, which are few. What they reach by rank ``due_clocks`` gives.
    """
    teams = Grant.objects.filter(
        principal_id=viewer.id,
        section=Section.FILE,
        source=GrantSource.TEAM,
        until__gt=at,
        withdrawn_at=None,
    )
    found = _running().filter(paused_at=None, due_at__lte=until, holder=None)
    ranked = by_rank(viewer, "w")
    own = found.filter(dossier_id__in=teams.values("dossier_id"))
    return list((own.exclude(ranked) if ranked else own).order_by("due_at")[:most])


def deadline_of(code: str) -> Subquery:
    """This will give, for an outer row with a dossier, when its newest clock of that code runs out."""
    newest = Clock.objects.filter(dossier_id=OuterRef("dossier_id"), code=code).order_by("-started_at")
    return Subquery(newest.values("due_at")[:1])


def by_rank(viewer: Viewer, mode: str = "r") -> Q:
    """This will give the condition that a row with a section lies where the viewer reaches by rank; empty: nowhere.

    The database decides; this lets it use an index that begins with the unit.
    """
    mine = Q()
    for section in Section.values:
        for unit, stages in viewer.units(section, mode).items():
            mine |= Q(unit_id=unit, section=section, stage__in=stages)
    return mine


def clocks_of(viewer: Viewer, dossier_id: UUID) -> list[Clock]:
    """This will give the clocks of a dossier in reach, those that run first, by deadline; one query."""
    found = (
        Clock.objects.filter(dossier_id=dossier_id).select_related("definition", "holder").defer("end_note")
    )
    return list(found.order_by(F("ended_at").desc(nulls_first=True), "due_at", "id")[:MOST_OF_A_DOSSIER])


def unit_clocks(viewer: Viewer, most: int = 100) -> list[UnitClock]:
    """This will give the deadlines of the viewer's units, those that run first; one query."""
    found = UnitClock.objects.select_related("definition", "unit", "ended_by")
    return list(found.order_by(F("ended_at").desc(nulls_first=True), "due_at", "id")[:most])


def recounted(row: Clock) -> tuple[datetime, datetime | None]:
    """This will give the deadline of a clock, and when somebody is told next, by its pauses and today's calendar."""
    pauses = Pause.objects.filter(clock=row, resumed_at__isnull=False)
    stretches = [
        (one.paused_at, one.resumed_at) for one in pauses.only("paused_at", "resumed_at") if one.resumed_at
    ]
    zone, calendar = local_time_of(row.unit_id, day_before(row.started_at))
    definition = row.definition
    due_at = policies.due(
        definition.measure, definition.amount, row.started_at, zone, calendar, stretches, row.given_at
    )
    planned = policies.firings(definition, started_at=row.started_at, due_at=due_at)
    return due_at, policies.next_firing(planned, row.fired)


# --- for the tasks -----------------------------------------------------------------------------------------------


def due_now(until: datetime, most: int) -> list[tuple[UUID, UUID]]:
    """This will give (clock, dossier) of what has something to tell, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock, dossier FROM door.job_clocks_due(%s, %s)", [until, most])
        return [(clock, dossier) for clock, dossier in cursor.fetchall()]


def counted_in_working_days() -> list[tuple[UUID, UUID]]:
    """This will give (clock, dossier) of the running clocks whose deadline the calendar decides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock, dossier FROM door.job_clocks_of_days()")
        return [(clock, dossier) for clock, dossier in cursor.fetchall()]


def seated(unit_id: UUID, roles: Iterable[str]) -> list[tuple[UUID, str]]:
    """This will give (person, role) of a unit, under a task's ticket for that unit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, role FROM door.job_seated(%s, %s)", [unit_id, list(roles)])
        return [(person, role) for person, role in cursor.fetchall()]
