"""Reads of look-ups and matches: what one asked oneself, what was asked in a unit, what one officer has to see to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ruangaman.access.models import DataKey, Dossier, Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role
from ruangaman.network.models import Facility
from ruangaman.network.states import PUBLIC_KINDS
from ruangaman.people.models import Match, Person, Probe
from ruangaman.people.policies.likenesses import LOOKS
from ruangaman.people.queries.finding import PEOPLE, opened

MOST_TRACES = 200
MOST_MATCHES = 100
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Trace:
    """One look-up as it is shown: no name of whom it was about."""

    id: UUID
    asked_at: datetime
    asked_by: str
    kinds: tuple[str, ...]
    elsewhere: int
    settled_at: datetime | None
    dossier: Dossier | None  # None where there is none, or out of reach
    alarmed: bool


def own_units(viewer: Viewer) -> list[Organisation]:
    """This will give the units for which the viewer may look for people, by name; one query."""
    ids = [seat.organisation_id for seat in viewer.seats if seat.role in LOOKS]
    return list(Organisation.objects.filter(id__in=ids, is_active=True).order_by("name", "id"))


def to_call(units: Iterable[Organisation]) -> list[dict[str, str]]:
    """This will give the units that are to be called, each with its public number where there is one; one query."""
    named = {unit.id: unit.name for unit in units}
    numbers: dict[UUID, str] = {}
    if named:
        known = Facility.objects.filter(organisation_id__in=list(named), kind__in=PUBLIC_KINDS).exclude(
            phone=""
        )
        for facility in known.order_by("rank", "name"):
            numbers.setdefault(facility.organisation_id, facility.phone)
    return [{"name": name, "phone": numbers.get(unit, "")} for unit, name in named.items()]


def own_waiting(viewer: Viewer, at: datetime) -> list[Trace]:
    """This will give the viewer's look-ups of the last day that no report came of yet; one query."""
    own = Probe.objects.filter(asked_by_id=viewer.id, settled_at=None, asked_at__gt=at - DAY)
    return _traces(own.order_by("-asked_at", "-id")[:MOST_TRACES])


def own_probe(viewer: Viewer, probe_id: UUID) -> Trace | None:
    """This will give one look-up of the viewer's own, or None; two queries."""
    return next(iter(_traces(Probe.objects.filter(asked_by_id=viewer.id, id=probe_id))), None)


def probes_of_units(viewer: Viewer) -> list[Trace]:
    """This will give the newest look-ups of the units that the viewer watches over; two queries."""
    roles = {Role.SUPERVISOR, Role.HEAD, Role.DATA_OFFICER}
    units = [seat.organisation_id for seat in viewer.seats if seat.role in roles]
    return _traces(Probe.objects.filter(unit_id__in=units).order_by("-asked_at")[:MOST_TRACES])


def _traces(probes: QuerySet[Probe]) -> list[Trace]:
    rows = list(probes.select_related("asked_by"))
    about = {row.dossier_id for row in rows if row.dossier_id}
    dossiers = Dossier.objects.in_bulk(about) if about else {}
    return [
        Trace(
            row.id,
            row.asked_at,
            row.asked_by.name,
            tuple(row.identifiers),
            row.elsewhere,
            row.settled_at,
            dossiers.get(row.dossier_id) if row.dossier_id else None,
            row.alarmed_at is not None,
        )
        for row in rows
    ]


# --- hidden matches ---------------------------------------------------------------------------------------------------


def _open(viewer: Viewer) -> QuerySet[Match]:
    """What waits for this very person; the database shows it to nobody else."""
    return Match.objects.filter(officer_id=viewer.id, handled_at=None).select_related("dossier", "other_unit")


def own_match(viewer: Viewer, match_id: UUID) -> Match | None:
    """This will give one match that the viewer is the officer of, or None; one query."""
    return Match.objects.filter(officer_id=viewer.id, id=match_id).first()


def matches_waiting(viewer: Viewer, most: int) -> list[Match]:
    """This will give the matches that wait for the viewer, the oldest first; one query, none for who is no officer."""
    if not viewer.roles & {Role.SUPERVISOR, Role.HEAD}:
        return []
    return list(_open(viewer).order_by("found_at")[:most])


def open_matches(viewer: Viewer) -> list[dict[str, Any]]:
    """This will give the matches that wait for the viewer: the own file with initials, and the other or whom to call.

    Of another unit's file nothing is told but the unit. Five queries.
    """
    waiting = matches_waiting(viewer, MOST_MATCHES)
    people = {one.person_id for one in waiting}
    initials = _initials(people) if people else {}
    others = {one.other_dossier_id for one in waiting if one.other_dossier_id}
    dossiers = Dossier.objects.in_bulk(others) if others else {}
    apart = {one.other_unit.id: one.other_unit for one in waiting if one.other_unit_id != one.unit_id}
    calls = dict(zip(apart, to_call(apart.values()), strict=True))
    return [
        {
            "id": one.id,
            "found_at": one.found_at,
            "dossier": one.dossier,
            "initials": initials.get(one.person_id, ""),
            "other": dossiers.get(one.other_dossier_id) if one.other_dossier_id else None,
            "call": calls.get(one.other_unit_id),
        }
        for one in waiting
    ]


def _initials(people: set[UUID]) -> dict[UUID, str]:
    known = list(Person.objects.filter(id__in=people))
    rows = DataKey.objects.filter(
        dossier_id__in={person.dossier_id for person in known}, section__in=PEOPLE, wrapped__isnull=False
    )
    keys = {(row.dossier_id, row.section): row for row in rows}
    return {
        person.id: opened(person, "initials", keys[person.dossier_id, person.section]) or "?"
        for person in known
        if (person.dossier_id, person.section) in keys
    }
