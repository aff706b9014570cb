"""Reads of people: initials for lists, an opened identity, and finding by name without opening what is not shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ruangaman.access.queries import Viewer, keys_of
from ruangaman.access.states import Section
from ruangaman.kernel import keyring
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.names import asked, likeness
from ruangaman.kernel.tokens import token
from ruangaman.people.models import NameToken, Person

# At most this many of the newest candidates are opened and ranked; beyond, the page asks for a year or an area.
MOST_CANDIDATES = 200
LIKE_ENOUGH = 0.6


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
    """This will give the initials to show in a list, where the viewer may see identities; two queries."""
    ids = list(dossier_ids)
    people = {p.dossier_id: p for p in Person.objects.filter(dossier_id__in=ids).order_by("role", "-id")}
    keys = keys_of(people, Section.IDENTITY) if people else {}
    return {d: unseal(p, "initials", keys[d]) or "" for d, p in people.items() if d in keys}


def people_of(viewer: Viewer, dossier_id: UUID) -> list[Person]:
    """This will give the sealed persons of a dossier, as far as the viewer may know that they are there."""
    return list(Person.objects.filter(dossier_id=dossier_id).order_by("role", "id"))


def find(viewer: Viewer, name: str, *, most: int = 10) -> tuple[list[Found], bool]:
    """This will find people by name in the units the viewer reaches by rank: (the most alike, whether more fit).

    The tokens of the name's pairs are asked first, single parts only when the pairs give nothing. Only tokens of
    units and stages in reach are touched, so that nothing hidden takes time. Source: security.md 11.
    """
    strict, loose = asked(name)
    for forms in (strict, loose):
        candidates: dict[UUID, tuple[UUID, datetime]] = {}
        for unit_id, stages in viewer.units(Section.IDENTITY).items():
            key = token_key(unit_id)
            rows = (
                NameToken.objects.filter(
                    unit_id=unit_id, stage__in=stages, token__in=[token(f, key) for f in forms]
                )
                .order_by("-opened_at")
                .values_list("person_id", "dossier_id", "opened_at")[: MOST_CANDIDATES + 1]
            )
            candidates.update({person: (dossier, opened) for person, dossier, opened in rows})
        if candidates:
            found = _ranked(name, candidates)
            if found:
                return found[:most], len(candidates) > MOST_CANDIDATES
    return [], False


def _ranked(name: str, candidates: dict[UUID, tuple[UUID, datetime]]) -> list[Found]:
    newest = dict(sorted(candidates.items(), key=lambda item: item[1][1], reverse=True)[:MOST_CANDIDATES])
    people = Person.objects.filter(id__in=list(newest))
    keys = keys_of({dossier for dossier, _ in newest.values()}, Section.IDENTITY)
    found = []
    for person in people:
        key = keys.get(person.dossier_id)
        stored = unseal(person, "name", key) if key else None
        alike = likeness(name, stored) if stored else 0.0
        if stored and alike >= LIKE_ENOUGH:
            found.append(Found(person.id, person.dossier_id, stored, alike, newest[person.id][1]))
    return sorted(found, key=lambda f: (-f.likeness, f.name))
