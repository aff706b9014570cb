"""Reads of the legal process."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier, Grant, Organisation, Wall
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import OrganisationKind, Section, Stage
from ruangaman.cases.models import Need
from ruangaman.cases.states import NEVER_NEEDED
from ruangaman.consent.states import Service
from ruangaman.justice.models import LegalStep, Pressure
from ruangaman.justice.states import Side, Step
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.people.models import Person


@dataclass(frozen=True, slots=True)
class Told:
    """One step as a page shows it."""

    client_id: UUID
    side: str
    happened_on: date
    step: str
    label: str
    institution: str
    statute: str
    outcome: str
    number: str
    note: str


@dataclass(frozen=True, slots=True)
class Defence:
    """Who speaks for an accused client now, and who is on the other side; None is the unit's own lawyer."""

    counsel: Organisation | None
    opposing: tuple[Organisation, ...]

    @property
    def in_conflict(self) -> bool:
        return self.counsel in self.opposing


def steps_of(
    viewer: Viewer, dossier_id: UUID, client: Person | None = None, side: str = ""
) -> list[LegalStep]:
    """This will give the steps of a dossier, or of one client and side in it, by the day on which they happened; one
    query.
    """
    found = LegalStep.objects.filter(dossier_id=dossier_id).select_related(
        "institution", "counsel", "opposing"
    )
    if client:
        found = found.filter(client_id__in=Person.objects.filter(dossier_id=dossier_id, one_id=client.one_id))
    if side:
        found = found.filter(side=side)
    # On one day, as the process goes.
    order = list(Step.values)
    return sorted(found, key=lambda one: (one.happened_on, order.index(one.step), one.recorded_at))


def defence(steps: Iterable[LegalStep]) -> Defence | None:
    """This will give who speaks for one client who is accused: what was written down last. None where she is not."""
    against = sorted(
        (one for one in steps if one.side == Side.AGAINST), key=lambda one: (one.recorded_at, one.id)
    )
    if not against:
        return None
    known = {one.opposing.id: one.opposing for one in against if one.opposing}
    return Defence(against[-1].counsel, tuple(known.values()))


def agencies(steps: Iterable[LegalStep]) -> set[UUID]:
    """This will give the agencies at which steps were taken."""
    return {one.institution_id for one in steps if one.institution_id}


def sees_the_file(viewer: Viewer, dossier_id: UUID, organisations: Iterable[UUID], at: datetime) -> set[UUID]:
    """This will give which of these organisations reach anything of a dossier now, for who may see its grants; one
    query.
    """
    live = Grant.objects.filter(dossier_id=dossier_id, until__gt=at, withdrawn_at=None)
    return set(live.filter(principal_id__in=list(organisations)).values_list("principal_id", flat=True))


def guards_of(viewer: Viewer, dossier_id: UUID, *, lawyers: bool) -> list[UUID]:
    """This will give whom to tell at once where a client is accused or was pressed, but for the viewer; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.guards_of(%s, %s)", [dossier_id, lawyers])
        return [row[0] for row in cursor.fetchall() if row[0] != viewer.id]


def without_help(viewer: Viewer, most: int) -> list[LegalStep]:
    """This will give the first steps against clients in running cases for whom no legal help is recorded as a need, the
    oldest first; one query. Source: care.md 21; seed 000 (protection from criminalisation is a service).
    """
    needed = Need.objects.filter(
        dossier_id=OuterRef("dossier_id"), client__one_id=OuterRef("client__one_id"), service=Service.LEGAL
    ).exclude(unmet=NEVER_NEEDED)
    waiting = LegalStep.objects.filter(~Exists(needed), side=Side.AGAINST, stage=Stage.CASE)
    rows = waiting.select_related("dossier", "client").order_by("recorded_at", "id")[:most]
    first: dict[UUID, LegalStep] = {}
    for row in rows:
        first.setdefault(row.client.one_id, row)
    return list(first.values())


def pressures_of(viewer: Viewer, dossier_id: UUID) -> list[Pressure]:
    """This will give the pressure put on the clients of a dossier, the newest first, still sealed; one query."""
    found = Pressure.objects.filter(dossier_id=dossier_id).select_related("recorded_by")
    return list(found.order_by("-happened_on", "-recorded_at"))


def pressed(rows: Iterable[Pressure], key: Key | None) -> list[dict[str, Any]]:
    """This will open what was said, with the key of the section risk, as a page shows it."""
    return [
        {
            "happened_on": one.happened_on,
            "by": one.get_pressed_by_display(),
            "how": one.get_how_display(),
            "told": (unseal(one, "told", key) if key else None) or "",
            "recorded_by": one.recorded_by.name,
            "recorded_at": one.recorded_at,
        }
        for one in rows
    ]


def walls_of(viewer: Viewer, dossier_id: UUID) -> list[Wall]:
    """This will give the walls that stand in a dossier, for who looks after its team; one query."""
    standing = Wall.objects.filter(dossier_id=dossier_id, lifted_at=None)
    return list(standing.select_related("person", "raised_by").order_by("raised_at", "id"))


def told(steps: list[LegalStep], key: Key | None) -> list[Told]:
    """This will open number and note of each step, with the key of the section legal."""
    return [
        Told(
            client_id=one.client_id,
            side=one.side,
            happened_on=one.happened_on,
            step=one.step,
            label=one.get_step_display(),
            institution=one.institution.name if one.institution else "",
            statute=one.get_statute_display() if one.statute else "",
            outcome=one.get_outcome_display() if one.outcome else "",
            number=(unseal(one, "number", key) if key else None) or "",
            note=(unseal(one, "note", key) if key else None) or "",
        )
        for one in steps
    ]


def institutions() -> list[Organisation]:
    """This will give the partner agencies that a step can be taken at, by name; one query."""
    found = Organisation.objects.filter(kind=OrganisationKind.PARTNER, is_active=True)
    return list(found.order_by("name", "id"))


def called(dossier: Dossier, people: list[Person]) -> list[tuple[str, str]]:
    """This will give clients to choose from, by initials. One whose initials do not open can still be chosen."""
    key = key_of(dossier.id, Section.IDENTITY)
    found = []
    for number, person in enumerate(people, 1):
        try:
            name = unseal(person, "initials", key) if key else None
        except Unreadable:
            name = None
        found.append((str(person.id), name or _("Klien %d") % number))
    return found


def own_step() -> tuple[str, date] | None:
    """This will give the newest step of a client's own process and its day, under the ticket of her own code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT step, happened_on FROM door.client_legal()")
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None
