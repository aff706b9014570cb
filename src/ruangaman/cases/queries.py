"""Reads of cases: the list, and the parts of one case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import QuerySet

from ruangaman.access.models import DataKey, Grant
from ruangaman.access.queries import Viewer, open_key
from ruangaman.access.states import GrantSource, Role, Section, Stage
from ruangaman.cases.models import Assessment, Case, Incident, Need, PlanItem, SafetyNote
from ruangaman.cases.policies import TEAM_ROLES
from ruangaman.cases.states import NEVER_NEEDED, Form
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.people.models import Person
from ruangaman.people.queries.likenesses import ones_of

PAGE = 25
ORDER = Service.values
# What is a case; a report is in `intake.queries`.
CASES = (Stage.CASE, Stage.CLOSED)
TEAM = """
SELECT g.principal_id, u.name, array_remove(array_agg(c.role ORDER BY c.role), NULL), min(g.given_at)
FROM access_grant g
JOIN access_user u ON u.id = g.principal_id
LEFT JOIN door.colleagues(%s, %s) AS c (person, role) ON c.person = g.principal_id
WHERE g.dossier_id = %s AND g.source = 'team' AND g.section = 'file' AND g.until > %s AND g.withdrawn_at IS NULL
GROUP BY g.principal_id, u.name ORDER BY min(g.given_at), u.name
"""
OWN_PLAN = """
SELECT p.item, p.dossier, d.reference, p.client, p.service, p.sessions, p.given, p.starts_on, p.last_given_on
FROM door.own_plan(%s, %s, %s) p JOIN access_dossier d ON d.id = p.dossier
ORDER BY p.starts_on, p.item
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cases, newest first, and where the next begins."""

    rows: Sequence[Case]
    older: str


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment in clear, for one page."""

    row: Assessment
    chronology: str
    hopes: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A safety note in clear, for one page."""

    row: SafetyNote
    text: str


@dataclass(frozen=True, slots=True)
class Coded:
    """What happened to a client as it is coded, with its forms."""

    row: Incident
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody on the team of a dossier, with the roles they hold in its unit."""

    id: UUID
    name: str
    roles: tuple[str, ...]
    since: datetime

    @property
    def called(self) -> str:
        return ", ".join(str(Role(role).label) for role in self.roles)


@dataclass(frozen=True, slots=True)
class OwnItem:
    """What a plan asks of the viewer: never why, nor what else is planned."""

    item_id: UUID
    dossier_id: UUID
    reference: str
    client_id: UUID
    service: str
    sessions: int
    given: int
    starts_on: date
    last_given_on: date | None


# --- the list ----------------------------------------------------------------------------------------------------


def cases(
    viewer: Viewer, *, before: tuple[datetime, UUID] | None = None, at: datetime, size: int = PAGE
) -> Page:
    """This will give a page of the cases a viewer may see: by rank in a unit, else by grants; a few queries."""
    units = {
        unit: [stage for stage in stages if stage in CASES]
        for unit, stages in viewer.units(Section.ADMINISTRATION).items()
    }
    if any(units.values()):
        return _by_rank(units, before, size)
    return _by_grants(viewer, before, at, size)


def _by_rank(units: Mapping[UUID, list[str]], before: tuple[datetime, UUID] | None, size: int) -> Page:
    """Start from the unit's index, stage by stage, so that it gives them in order; the policy is the backstop."""
    found: QuerySet[Case] = Case.objects.select_related("dossier", "manager").order_by("-taken_at", "-id")
    if before:
        found = found.filter(taken_at__lte=before[0]).exclude(taken_at=before[0], id__gte=before[1])
    rows: list[Case] = []
    for unit, stages in units.items():
        for stage in stages:
            rows += found.filter(unit_id=unit, stage=stage)[: size + 1]
    rows.sort(key=lambda case: (case.taken_at, case.id), reverse=True)
    if len(rows) <= size:
        return Page(rows, "")
    last = rows[size - 1]
    return Page(rows[:size], f"{last.taken_at.isoformat()}~{last.id}")


def _by_grants(viewer: Viewer, before: tuple[datetime, UUID] | None, at: datetime, size: int) -> Page:
    """Start from the grants of somebody who sees few dossiers."""
    principals = [viewer.id, *{seat.organisation_id for seat in viewer.seats}]
    live = Grant.objects.filter(
        principal_id__in=principals,
        section=Section.ADMINISTRATION,
        stage__in=CASES,
        until__gt=at,
        withdrawn_at=None,
    ).order_by("-given_at", "-id")
    if before:
        live = live.filter(given_at__lte=before[0]).exclude(given_at=before[0], id__gte=before[1])
    grants = list(live.values_list("dossier_id", "given_at", "id")[: size + 1])
    order = list(dict.fromkeys(dossier for dossier, _given, _grant in grants[:size]))
    rows = Case.objects.filter(dossier_id__in=order).select_related("dossier", "manager")
    found = {case.dossier_id: case for case in rows}
    older = ""
    if len(grants) > size:
        given, grant = grants[size - 1][1:]
        older = f"{given.isoformat()}~{grant}"
    return Page([found[dossier] for dossier in order if dossier in found], older)


# --- one case ----------------------------------------------------------------------------------------------------


def case_of(viewer: Viewer, dossier_id: UUID) -> Case | None:
    """This will give that a dossier is a case, and who holds it; one query."""
    return Case.objects.filter(dossier_id=dossier_id).select_related("manager").first()


def assessment_of(dossier_id: UUID, key: Key | None) -> Assessed | None:
    """This will open the assessment with the key of the narrative; one query."""
    row = Assessment.objects.filter(dossier_id=dossier_id).select_related("done_by").first() if key else None
    return assessed(row, key)


def assessed(row: Assessment | None, key: Key | None) -> Assessed | None:
    """This will open an assessment with the key of the narrative."""
    if row is None or key is None:
        return None
    return Assessed(row, unseal(row, "chronology", key) or "", unseal(row, "hopes", key) or "")


def newest_note(dossier_id: UUID, key: Key | None) -> Noted | None:
    """This will open the newest safety note with the key of the section risk; one query."""
    if key is None:
        return None
    row = (
        SafetyNote.objects.filter(dossier_id=dossier_id)
        .select_related("written_by")
        .order_by("-written_at", "-id")
        .first()
    )
    return Noted(row, unseal(row, "text", key) or "") if row else None


def incidents_of(viewer: Viewer, dossier_id: UUID) -> list[Coded]:
    """This will give how the incident is coded for each client, with its forms; one query."""
    rows = (
        Incident.objects.filter(dossier_id=dossier_id, replaced_at=None)
        .select_related("place", "client")
        .annotate(coded=ArrayAgg("forms__form"))
        .order_by("recorded_at", "id")
    )
    return [Coded(row, tuple(form for form in Form if form.value in row.coded)) for row in rows]


def first_happened(viewer: Viewer, dossier_id: UUID) -> date | None:
    """This will give the earliest day on which something happened to a client of a dossier; one query."""
    known = Incident.objects.filter(dossier_id=dossier_id, replaced_at=None, happened_on__isnull=False)
    return known.order_by("happened_on").values_list("happened_on", flat=True).first()


def needs_of(viewer: Viewer, dossier_id: UUID) -> list[Need]:
    """This will give the needs of a dossier, in the order of services, with their clients still sealed; one query."""
    found = Need.objects.filter(dossier_id=dossier_id).select_related("client")
    return sorted(found, key=lambda need: (need.client.one_id, ORDER.index(need.service)))


def items_of(viewer: Viewer, dossier_id: UUID) -> list[PlanItem]:
    """This will give what is planned in a dossier, what was dropped included, in order of time; one query."""
    found = PlanItem.objects.filter(dossier_id=dossier_id).select_related(
        "provider", "organisation", "need__client"
    )
    return list(found.order_by("starts_on", "id"))


def own_plan(
    viewer: Viewer, *, dossier_id: UUID | None = None, until: date, most: int = PAGE
) -> list[OwnItem]:
    """This will give what plans ask of the viewer up to a day; one query.

    Without a dossier only what was not begun. Professions may not read plans: the database tells them their own part.
    """
    with connection.cursor() as cursor:
        cursor.execute(OWN_PLAN, [dossier_id, until, most])
        return [OwnItem(*row) for row in cursor.fetchall()]


def mates(viewer: Viewer, dossier_id: UUID, unit_id: UUID, at: datetime) -> list[Mate]:
    """This will give the team of a dossier as far as the viewer may see it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(TEAM, [unit_id, [role.value for role in TEAM_ROLES], dossier_id, at])
        return [Mate(person, name, tuple(roles), since) for person, name, roles, since in cursor.fetchall()]


def on_team(viewer: Viewer, dossier_id: UUID, at: datetime) -> bool:
    """This will say whether the viewer is on the team of a dossier; one query."""
    return Grant.objects.filter(
        dossier_id=dossier_id,
        principal_id=viewer.id,
        source=GrantSource.TEAM,
        section=Section.FILE,
        until__gt=at,
        withdrawn_at=None,
    ).exists()


def called(clients: Iterable[Person], wrapped: Mapping[str, DataKey]) -> dict[UUID, str]:
    """This will give the initials of clients, for choosing one in a form; ``?`` where they can't be read."""
    found = {}
    for client in clients:
        key = wrapped.get(client.section)
        try:
            found[client.id] = (unseal(client, "initials", open_key(key)) if key else None) or "?"
        except Unreadable:
            found[client.id] = "?"
    return found


def letter_facts(
    viewer: Viewer, dossier_id: UUID, client_id: UUID | None, wrapped: Mapping[str, DataKey]
) -> dict[str, str]:
    """This will tell letters what happened and what is needed, as far as the keys that a letter may use reach."""
    keys = {section: open_key(row) for section, row in wrapped.items()}
    told: dict[str, str] = {}
    if found := assessment_of(dossier_id, keys.get(Section.NARRATIVE)):
        told |= {"kronologi": found.chronology, "harapan": found.hopes}
    if note := newest_note(dossier_id, keys.get(Section.RISK)):
        told["tingkat_risiko"] = note.row.get_level_display()
    one_id = ones_of(viewer, dossier_id).get(client_id) if client_id else None
    coded = [one for one in incidents_of(viewer, dossier_id) if one.row.client.one_id == one_id]
    told["bentuk_kekerasan"] = "; ".join(str(form.label) for one in coded for form in one.forms)
    needs = [need for need in needs_of(viewer, dossier_id) if need.client.one_id == one_id]
    told["kebutuhan"] = "; ".join(
        str(Service(need.service).label) for need in needs if need.unmet != NEVER_NEEDED
    )
    return told
