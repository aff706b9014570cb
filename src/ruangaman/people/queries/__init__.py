"""Reads of people: initials for lists, an opened identity, and finding by name without opening what is not shown."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ruangaman.access.models import DataKey
from ruangaman.access.queries import Viewer
from ruangaman.kernel.fields import Key, unseal
from ruangaman.network.queries import DAYS
from ruangaman.people import policies
from ruangaman.people.models import Contact, Likeness, Part, Person
from ruangaman.people.queries.earlier import Earlier as Earlier
from ruangaman.people.queries.earlier import earlier_of as earlier_of
from ruangaman.people.queries.earlier import version_of as version_of
from ruangaman.people.queries.finding import PEOPLE as PEOPLE
from ruangaman.people.queries.finding import find as find
from ruangaman.people.queries.finding import opened
from ruangaman.people.queries.finding import token_key as token_key
from ruangaman.people.queries.openings import numbers_opened as numbers_opened
from ruangaman.people.queries.openings import register_doubt as register_doubt
from ruangaman.people.queries.unborn import unborn_of as unborn_of
from ruangaman.people.queries.waiting import guardians_waiting as guardians_waiting
from ruangaman.people.queries.waiting import waiting_guardian as waiting_guardian
from ruangaman.people.states import ContactMeans, PartStatus, PersonRole


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
            found[dossier] = opened(person, "initials", key) or "?"
    return found


def parts_of(viewer: Viewer, dossier_id: UUID) -> list[Part]:
    """This will give who is what in a dossier, still sealed, as far as the viewer may know of them; one query.

    Each says whether anything was decided about who is one with that person (``linked``).
    """
    decided = Likeness.objects.filter(Q(person=OuterRef("person_id")) | Q(other=OuterRef("person_id")))
    found = Part.objects.filter(dossier_id=dossier_id).select_related("person")
    return list(found.annotate(linked=Exists(decided)).order_by("since", "id"))


def person_in(viewer: Viewer, dossier_id: UUID, person_id: UUID) -> Person | None:
    """This will give one person of a dossier, still sealed, if the viewer may know of them; one query."""
    return Person.objects.filter(dossier_id=dossier_id, id=person_id).first()


def clients_of(viewer: Viewer, dossier_id: UUID) -> list[Person]:
    """This will give the clients of a dossier, still sealed, each once however often they were recorded; one query."""
    live = Part.objects.filter(dossier_id=dossier_id, role=PersonRole.CLIENT, status=PartStatus.ACTIVE)
    found: dict[UUID, Person] = {}
    for part in live.select_related("person").order_by("since", "id"):
        found.setdefault(part.person.one_id, part.person)
    return list(found.values())


def client_of(viewer: Viewer, dossier_id: UUID) -> Person | None:
    """This will give the first client of a dossier, or None before somebody was recorded as such; one query."""
    return next(iter(clients_of(viewer, dossier_id)), None)


def contacts_of(viewer: Viewer, dossier_id: UUID) -> dict[UUID, Contact]:
    """This will give how each client of a dossier can be reached, by ``one_id``, the newest word of each; one query."""
    newest = Contact.objects.filter(dossier_id=dossier_id).select_related("confirmed_by", "person")
    found = newest.order_by("person__one_id", "-confirmed_at", "-id").distinct("person__one_id")
    return {contact.person.one_id: contact for contact in found}


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
        "doubted_at": contact.doubted_at,
    }


def reported_relations(viewer: Viewer, dossier_id: UUID) -> set[str]:
    """This will give who the reported persons of a dossier are to the client, as far as in reach; one query."""
    live = Part.objects.filter(dossier_id=dossier_id, role=PersonRole.REPORTED, status=PartStatus.ACTIVE)
    return set(live.values_list("relation", flat=True))


def guardian_of(viewer: Viewer, dossier_id: UUID, client: Person) -> Part | None:
    """This will give the guardian who stands for a child now, or None; one query."""
    live = Part.objects.filter(dossier_id=dossier_id, role=PersonRole.GUARDIAN, status=PartStatus.ACTIVE)
    newest = live.filter(of__one_id=client.one_id).order_by("-since", "-id")
    return newest.select_related("person").first()


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
    initials = opened(person, "initials", key)
    return "?" if initials is None else initials


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
