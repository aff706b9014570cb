"""Reads of people: initials for lists, an opened identity, and finding by name without opening what is not shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ruangaman.access.models import DataKey
from ruangaman.access.queries import Viewer, open_key
from ruangaman.access.states import Section
from ruangaman.kernel import keyring
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.names import ALIKE, OPENED, fetched, likeness
from ruangaman.kernel.tokens import asked
from ruangaman.network.queries import DAYS
from ruangaman.people import policies
from ruangaman.people.models import Contact, Part, Person
from ruangaman.people.states import ContactMeans, PartStatus, PersonRole

# Each token for its newest people, in one unit and stage after the other: the index gives them in that order and is
# never entered at a place that the viewer may not see. The policy is the backstop.
HITS = """
SELECT wanted.form, hit.person_id, hit.dossier_id, hit.opened_at
FROM unnest(%s::integer[], %s::uuid[], %s::text[], %s::text[], %s::bytea[])
     AS wanted (form, unit, section, stage, token)
CROSS JOIN LATERAL (
    SELECT t.person_id, t.dossier_id, t.opened_at FROM people_nametoken t
    WHERE t.unit_id = wanted.unit AND t.section = wanted.section AND t.stage = wanted.stage
      AND t.token = wanted.token
      AND t.opened_at >= %s AND t.opened_at < %s
    ORDER BY t.opened_at DESC LIMIT %s
) AS hit
"""
# The sections in which people are known.
PEOPLE = (Section.IDENTITY, Section.REPORTER, Section.PARTIES)
EVER = (datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))

Hit = tuple[UUID, UUID, datetime]  # person, dossier, opened_at


@dataclass(frozen=True, slots=True)
class Found:
    """One person a search proposes, with how alike the names are (0 to 1)."""

    person_id: UUID
    dossier_id: UUID
    name: str
    likeness: float
    opened_at: datetime


def token_key(unit_id: UUID) -> bytes:
    """This will give the key of one unit's blind tokens (32 bytes)."""
    return keyring.current().derived(f"tokens/{unit_id}")


def initials_of(viewer: Viewer, dossier_ids: Iterable[UUID]) -> dict[UUID, str]:
    """This will give the initials to show in a list: the client's, else the reporter's; two queries.

    Where a row was altered they are ``?``, so that one such row does not close the list.
    """
    ids = list(dossier_ids)
    return _initials(Part.objects.filter(dossier_id__in=ids)) if ids else {}


def initials_by_reference(viewer: Viewer, references: Iterable[str]) -> dict[str, str]:
    """This will give the initials to show in a list that knows dossiers by their references only; two queries."""
    wanted = set(references)
    parts = Part.objects.filter(dossier__reference__in=wanted).select_related("dossier")
    called: dict[UUID, str] = {}
    found = _initials(parts, called) if wanted else {}
    return {called[dossier]: initials for dossier, initials in found.items()}


def _initials(parts: QuerySet[Part], called: dict[UUID, str] | None = None) -> dict[UUID, str]:
    shown: dict[UUID, Person] = {}
    live = parts.filter(role__in=(PersonRole.CLIENT, PersonRole.REPORTER), status=PartStatus.ACTIVE)
    for part in live.select_related("person").order_by("role", "id"):  # "client" sorts before "reporter"
        shown.setdefault(part.dossier_id, part.person)
        if called is not None:
            called[part.dossier_id] = part.dossier.reference
    rows = DataKey.objects.filter(dossier_id__in=list(shown), section__in=PEOPLE, wrapped__isnull=False)
    keys = {(row.dossier_id, row.section): row for row in rows} if shown else {}
    found = {}
    for dossier, person in shown.items():
        key = keys.get((dossier, person.section))
        if key:
            found[dossier] = _opened(person, "initials", key) or "?"
    return found


def _opened(person: Person, field: str, key: DataKey) -> str | None:
    try:
        return unseal(person, field, open_key(key))
    except Unreadable:
        return None


def parts_of(viewer: Viewer, dossier_id: UUID) -> list[Part]:
    """This will give who is what in a dossier, still sealed, as far as the viewer may know of them; one query."""
    return list(Part.objects.filter(dossier_id=dossier_id).select_related("person").order_by("since", "id"))


def clients_of(viewer: Viewer, dossier_id: UUID) -> list[Person]:
    """This will give the clients of a dossier, still sealed; one query."""
    live = Part.objects.filter(dossier_id=dossier_id, role=PersonRole.CLIENT, status=PartStatus.ACTIVE)
    return [part.person for part in live.select_related("person").order_by("since", "id")]


def client_of(viewer: Viewer, dossier_id: UUID) -> Person | None:
    """This will give the first client of a dossier, or None before somebody was recorded as such; one query."""
    return next(iter(clients_of(viewer, dossier_id)), None)


def contacts_of(viewer: Viewer, dossier_id: UUID) -> dict[UUID, Contact]:
    """This will give how each client of a dossier can be reached, by person, the newest word of each; one query."""
    newest = Contact.objects.filter(dossier_id=dossier_id).select_related("confirmed_by")
    found = newest.order_by("person_id", "-confirmed_at", "-id").distinct("person_id")
    return {contact.person_id: contact for contact in found}


def said(contact: Contact, at: datetime) -> dict[str, Any]:
    """This will give what a page may show of a safe contact while it is sealed: by which way, when, what is safe."""
    days = policies.days_of(contact.weekdays)
    hours = ""
    if contact.from_time and contact.until_time:
        hours = f"{contact.from_time:%H.%M}–{contact.until_time:%H.%M}"
    return {
        "means": ContactMeans(contact.means).label,
        "never_call": contact.never_call,
        "days": _("setiap hari") if len(days) == len(DAYS) else ", ".join(str(DAYS[day]) for day in days),
        "hours": hours,
        "reminders_safe": contact.reminders_safe,
        "paper_safe": contact.paper_safe,
        "confirmed_at": contact.confirmed_at,
        "confirmed_by": contact.confirmed_by.name,
        "stale": policies.is_stale(contact.confirmed_at, at),
    }


def reported_relations(viewer: Viewer, dossier_id: UUID) -> set[str]:
    """This will give who the reported persons of a dossier are to the client, as far as in reach; one query."""
    live = Part.objects.filter(dossier_id=dossier_id, role=PersonRole.REPORTED, status=PartStatus.ACTIVE)
    return set(live.values_list("relation", flat=True))


def guardian_of(viewer: Viewer, dossier_id: UUID, client: Person) -> Part | None:
    """This will give the guardian who stands for a child now, or None; one query."""
    live = Part.objects.filter(dossier_id=dossier_id, role=PersonRole.GUARDIAN, status=PartStatus.ACTIVE)
    return live.filter(of__one_id=client.one_id).select_related("person").first()


def refused_guardian(viewer: Viewer, dossier_id: UUID) -> Part | None:
    """This will give the newest refusal of a guardian, for who may know of it, or None; one query."""
    refused = Part.objects.filter(dossier_id=dossier_id, role=PersonRole.GUARDIAN, status=PartStatus.REFUSED)
    return refused.order_by("-since", "-id").first()


def born_on(person: Person, key: Key | None) -> date | None:
    """This will open somebody's birth date with the key of their section, or give None where it is not known.

    :raises Unreadable: where it was altered.
    """
    born = unseal(person, "born_on", key) if key else None
    return date.fromisoformat(born) if born else None


def initials_in(people: Iterable[Person], wrapped: Mapping[str, DataKey]) -> dict[UUID, str]:
    """This will give initials for choosing somebody in a form, with the keys at hand; ``?`` where a row was altered."""
    keys = [(person, wrapped.get(person.section)) for person in people]
    return {person.id: _shown(person, key) for person, key in keys if key}


def _shown(person: Person, key: DataKey) -> str:
    initials = _opened(person, "initials", key)
    return "?" if initials is None else initials


def find(
    viewer: Viewer, name: str, *, most: int = 10, within: tuple[datetime, datetime] = EVER
) -> tuple[list[Found], bool]:
    """This will find people by name in the units the viewer reaches by rank: (the most alike, whether to ask for more).

    Sharp forms are asked first, blunt ones only when nobody alike was among those (`kernel.names.asked`). At most
    OPENED names are opened; where that many were met, namesakes may be left out, and the page asks for the year
    (``within``: from, until). Only tokens of units and stages in reach are touched, so that nothing hidden takes time.
    Source: security.md 11.
    """
    reach = [(unit, part, stages) for part in PEOPLE for unit, stages in viewer.units(part).items()]
    keys = {unit: token_key(unit) for unit, _part, _stages in reach}
    opened: dict[UUID, Found] = {}
    met: dict[UUID, Hit] = {}
    questions = {unit: asked(name, key) for unit, key in keys.items()}
    for kind in (0, 1):
        wanted = [
            (form, unit, part.value, stage, token)
            for unit, part, stages in reach
            for form, token in enumerate(questions[unit][kind])
            for stage in stages
        ]
        chosen = _newest(wanted, within)
        fresh = [hit for hit in chosen if hit[0] not in met][: OPENED - len(met)]
        met.update((hit[0], hit) for hit in fresh)
        opened.update(open_names(name, fresh))
        if any(found.likeness >= ALIKE for found in opened.values()):
            break
    alike = sorted((f for f in opened.values() if f.likeness >= ALIKE), key=lambda f: (-f.likeness, f.name))
    return alike[:most], len(met) >= OPENED


def _newest(
    wanted: Sequence[tuple[int, UUID, str, str, bytes]], within: tuple[datetime, datetime]
) -> list[Hit]:
    """Whom to open: the hits of each form, newest first, rare forms before common ones; one query."""
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(HITS, [*(list(column) for column in zip(*wanted, strict=True)), *within, OPENED])
        rows = cursor.fetchall()
    by_form: dict[int, list[Hit]] = {}
    for form, person, dossier, opened_at in rows:
        by_form.setdefault(form, []).append((person, dossier, opened_at))
    lists = [
        sorted(hits, key=lambda hit: (hit[2], hit[0]), reverse=True)[:OPENED] for hits in by_form.values()
    ]
    return fetched(lists)


def open_names(name: str, hits: Sequence[Hit]) -> dict[UUID, Found]:
    """This will open the names of a search and say how alike each is; two queries. What can't be opened is absent."""
    if not hits:
        return {}
    dossiers = {dossier for _person, dossier, _at in hits}
    rows = DataKey.objects.filter(dossier_id__in=dossiers, section__in=PEOPLE, wrapped__isnull=False)
    keys = {(row.dossier_id, row.section): row for row in rows}
    met = {person: opened_at for person, _dossier, opened_at in hits}
    found = {}
    for person in Person.objects.filter(id__in=list(met)):
        key = keys.get((person.dossier_id, person.section))
        stored = _opened(person, "name", key) if key else None
        if stored:
            found[person.id] = Found(
                person.id, person.dossier_id, stored, likeness(name, stored), met[person.id]
            )
    return found


# --- the day on which something first happened to a client: a later room knows it, and is asked for it here ---

# (who asks, which dossier) → the earliest day, or None where none is known or in reach.
Asker = Callable[[Viewer, UUID], date | None]
_day_tellers: list[Asker] = []


def register_day(asker: Asker) -> None:
    """This will add a room that knows when something happened."""
    if asker not in _day_tellers:
        _day_tellers.append(asker)


def happened_on(viewer: Viewer, dossier_id: UUID) -> date | None:
    """This will give the earliest day that any room knows of."""
    return min((day for asker in _day_tellers if (day := asker(viewer, dossier_id))), default=None)
