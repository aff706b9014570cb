"""Reads of reports: the list, what waits, the parts of one report."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Value

from ruangaman.access.models import Grant, Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Section, Stage
from ruangaman.clocks.queries import deadline_of
from ruangaman.intake.models import Report, SafeContact, Story, TriageMove
from ruangaman.intake.queries.calling_back import told
from ruangaman.intake.states import UNDECIDED, Means, Triage
from ruangaman.kernel.fields import Key, unseal

PAGE = 25
MOST_UNDONE = 100


class Asks(StrEnum):
    """What a report asks: where it goes, a plan to reach her, a look through the queue of a flood."""

    DECISION = "decision"
    PLAN = "plan"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of reports, newest first, and where the next begins."""

    rows: Sequence[Report]
    older: str


def reports(
    viewer: Viewer, *, before: tuple[datetime, UUID] | None = None, at: datetime, size: int = PAGE
) -> Page:
    """This will give a page of the reports a viewer may see: by rank in a unit, else by grants; one or two queries.

    What waits in the queue of a flood stands there, not here.
    """
    units = viewer.units(Section.ADMINISTRATION)
    if units:
        return _by_rank(units, before, size)
    return _by_grants(viewer, before, at, size)


def _cut(rows: list[Report], size: int, mark: datetime | None = None, mark_id: UUID | None = None) -> Page:
    if len(rows) <= size:
        return Page(rows, "")
    last = rows[size - 1]
    return Page(rows[:size], f"{(mark or last.received_at).isoformat()}~{mark_id or last.id}")


def _by_rank(units: dict[UUID, tuple[str, ...]], before: tuple[datetime, UUID] | None, size: int) -> Page:
    """Start from the unit's index; the policy is the backstop."""
    found: QuerySet[Report] = (
        Report.objects.exclude(in_flood=True, triage__in=UNDECIDED)
        .select_related("dossier", "place")
        .order_by("-received_at", "-id")
    )
    if before:
        found = found.filter(received_at__lte=before[0]).exclude(received_at=before[0], id__gte=before[1])
    rows: list[Report] = []
    for unit, stages in units.items():
        rows += found.filter(unit_id=unit, stage__in=stages)[: size + 1]
    rows.sort(key=lambda r: (r.received_at, r.id), reverse=True)
    return _cut(rows[: size + 1], size)


def _by_grants(viewer: Viewer, before: tuple[datetime, UUID] | None, at: datetime, size: int) -> Page:
    """Start from the grants of somebody who sees few dossiers."""
    principals = [viewer.id, *{seat.organisation_id for seat in viewer.seats}]
    live = Grant.objects.filter(
        principal_id__in=principals, section=Section.ADMINISTRATION, until__gt=at, withdrawn_at=None
    ).order_by("-given_at", "-id")
    if before:
        live = live.filter(given_at__lte=before[0]).exclude(given_at=before[0], id__gte=before[1])
    grants = list(live.values_list("dossier_id", "given_at", "id")[: size + 1])
    places = {dossier: (given, grant) for dossier, given, grant in reversed(grants)}
    order = sorted(places, key=lambda d: places[d], reverse=True)
    found = {
        r.dossier_id: r
        for r in Report.objects.filter(dossier_id__in=order[:size]).select_related("dossier", "place")
    }
    older = ""
    if len(grants) > size:
        given, grant = grants[size - 1][1:]
        older = f"{given.isoformat()}~{grant}"
    return Page([found[d] for d in order[:size] if d in found], older)


def count_unanswered(viewer: Viewer, most: int = 100) -> int:
    """This will count reports without a first answer, up to ``most``: beyond, a page says "99+"."""
    return len(_unanswered(viewer).values_list("id")[:most])


def _unanswered(viewer: Viewer) -> QuerySet[Report]:
    return _held(viewer.units(Section.THREAD, "w")).filter(first_answered_at=None)


def untriaged(viewer: Viewer, most: int) -> list[Report]:
    """This will give reports that wait for a decision which the viewer may take, danger first; one query."""
    found = _undecided(_held(viewer.units(Section.ADMINISTRATION, "w"))).select_related("dossier")
    return list(found.order_by("-danger_now", "received_at", "id")[:most])


def flood(
    viewer: Viewer, *, after: tuple[bool, datetime, UUID] | None = None, size: int = PAGE
) -> tuple[list[Report], bool]:
    """This will give a page of the queue of a flood, danger first, then by when it came, and whether more follow.

    ``after``: (danger, moment, id) of the last one of the page before; one query a unit.
    """
    rows: list[Report] = []
    for unit, stages in viewer.units(Section.ADMINISTRATION, "w").items():
        if Stage.INTAKE not in stages:
            continue
        found = _flooded().filter(unit_id=unit).select_related("dossier", "place")
        if after:
            danger, moment, last = after
            later = Q(danger_now=danger) & (Q(received_at__gt=moment) | Q(received_at=moment, id__gt=last))
            found = found.filter(later | Q(danger_now=False) if danger else later)
        rows += found.order_by("-danger_now", "received_at", "id")[: size + 1]
    rows.sort(key=lambda row: (not row.danger_now, row.received_at, row.id))
    return rows[:size], len(rows) > size


def count_flood(viewer: Viewer, most: int = 100) -> int:
    """This will count what waits in the queue of a flood, up to ``most``; one query."""
    found = _held(viewer.units(Section.ADMINISTRATION, "w")) & _flooded()
    return len(found.values_list("id")[:most])


def in_flood(viewer: Viewer, dossiers: Collection[UUID]) -> list[Report]:
    """This will give those of some reports that wait in the queue of a flood, with their dossiers; one query."""
    return list(_flooded().filter(dossier_id__in=dossiers).select_related("dossier").order_by("id"))


def closed_from_flood(viewer: Viewer, at: datetime) -> list[Report]:
    """This will give what the viewer closed from the queue of a flood within a day, the newest first; one query."""
    mine = TriageMove.objects.filter(
        dossier_id=OuterRef("dossier_id"), decided_by_id=viewer.id, after=Triage.NOT_IN_SCOPE
    )
    found = Report.objects.filter(
        Exists(mine), in_flood=True, triage=Triage.NOT_IN_SCOPE, triaged_at__gt=at - timedelta(days=1)
    ).filter(within(viewer.units(Section.ADMINISTRATION, "w")), stage=Stage.INTAKE, dossier__erased_at=None)
    return list(found.select_related("dossier").order_by("-triaged_at", "-id")[:MOST_UNDONE])


def _flooded() -> QuerySet[Report]:
    return Report.objects.filter(
        in_flood=True, triage__in=UNDECIDED, stage=Stage.INTAKE, dossier__erased_at=None
    )


def asking(viewer: Viewer, most: int) -> list[Report]:
    """This will give the reports that ask something of the viewer, danger first, at most ``most`` of each kind; one
    query. Each with its dossier, with ``asks`` (one of `Asks`), and with ``answer_by``: when its answer is due.
    """
    held = _held(viewer.units(Section.ADMINISTRATION, "w"))
    planned = _held(viewer.units(Section.RISK, "w")).filter(awaits_outreach=True)
    none = Value(None, output_field=DateTimeField())
    arms = (
        _asks(Asks.DECISION, _undecided(held), "received_at", deadline_of("answer"), most),
        _asks(Asks.PLAN, planned, "triaged_at", deadline_of("answer"), most),
        _asks(Asks.QUEUE, held & _flooded(), "received_at", none, most),
    )
    return list(arms[0].union(*arms[1:], all=True))


def _asks(what: Asks, found: QuerySet[Report], since: str, answer_by: Any, most: int) -> QuerySet[Report]:
    rows = found.select_related("dossier").annotate(asks=Value(what.value), answer_by=answer_by)
    return rows.order_by("-danger_now", since, "id")[:most]


def _undecided(held: QuerySet[Report]) -> QuerySet[Report]:
    return held.filter(triage__in=UNDECIDED, stage=Stage.INTAKE, in_flood=False)


def _held(units: dict[UUID, tuple[str, ...]]) -> QuerySet[Report]:
    """Reports in those units and stages, erased ones left out; nothing where there is no unit."""
    if not units:
        return Report.objects.none()
    return Report.objects.filter(within(units), dossier__erased_at=None)


def within(units: dict[UUID, tuple[str, ...]]) -> Q:
    """This will give the condition that keeps rows to those units, each in those stages."""
    wanted = Q()
    for unit, stages in units.items():
        wanted |= Q(unit_id=unit, stage__in=stages)
    return wanted


def report_of(viewer: Viewer, dossier_id: UUID) -> Report | None:
    """This will give the bare facts of a report."""
    return Report.objects.filter(dossier_id=dossier_id).select_related("place").first()


def story_of(viewer: Viewer, dossier_id: UUID, key: Key | None) -> str | None:
    """This will open what happened, in the reporter's words, with the key of the narrative."""
    story = Story.objects.filter(dossier_id=dossier_id).order_by("id").first() if key else None
    return unseal(story, "text", key) if story and key else None


def contact_of(viewer: Viewer, dossier_id: UUID, key: Key | None) -> dict[str, object] | None:
    """This will open how the reporter can be reached, with the key of the reporter's section."""
    rows: QuerySet[Any] = SafeContact.objects.annotate(told=told())
    contact = rows.filter(dossier_id=dossier_id).first() if key else None
    if contact is None or key is None:
        return None
    now = contact.told or {}
    # A number that is not safe any more tempts: it stands on no page.
    over = bool(now.get("doubted") or now.get("hers"))
    return {
        "means": Means(contact.means).label,
        "never_call": contact.never_call,
        "phone": "" if over else unseal(contact, "phone", key),
        "hours": "" if over else unseal(contact, "hours", key),
        "doubted": bool(now.get("doubted")),
        "by_thread": contact.doubted_at is not None,
        "hers_instead": bool(now.get("hers")),
    }


def unit_for(place_code: str) -> Organisation | None:
    """This will give the unit that serves a place: the one of the smallest area that holds it, else the widest one."""
    units = list(
        Organisation.objects.filter(kind=OrganisationKind.UNIT, is_active=True).order_by("place_id", "id")
    )
    holding = [u for u in units if u.place_id and place_code.startswith(u.place_id)]
    widest = sorted(units, key=lambda u: len(u.place_id or ""))
    return max(holding, key=lambda u: len(u.place_id or "")) if holding else (widest[0] if widest else None)
