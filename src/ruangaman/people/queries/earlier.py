"""Reads of what somebody was taken to be before a correction, and of whether it was corrected meanwhile."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from ruangaman.access.models import DataKey
from ruangaman.access.queries import Viewer, open_key
from ruangaman.kernel.fields import unseal
from ruangaman.people.models import EarlierIdentity, Person
from ruangaman.people.policies import Identity


class Earlier(NamedTuple):
    """Who somebody was taken to be, until when, and who corrected it."""

    identity: Identity
    until: datetime
    by: str


def version_of(person: Person) -> str:
    """This will name what is kept of somebody now, so that a change in between is noticed; it tells nothing of them.

    Each sealing is another ciphertext, whoever writes.
    """
    sealed = [bytes(getattr(person, field) or b"") for field in ("name", "born_on", "nik")]
    told = b"|".join([*sealed, person.sex.encode(), str(person.born_estimated).encode()])
    return hashlib.sha256(told).hexdigest()


def earlier_of(
    viewer: Viewer, dossier_id: UUID, people: Iterable[UUID], wrapped: Mapping[str, DataKey]
) -> dict[UUID, list[Earlier]]:
    """This will open what people of a dossier were taken to be before, newest first, by person; one query.

    :raises Unreadable: where it was altered.
    """
    rows = EarlierIdentity.objects.filter(dossier_id=dossier_id, person_id__in=list(people))
    found: dict[UUID, list[Earlier]] = {}
    for row in rows.select_related("replaced_by").order_by("-replaced_at", "-id"):
        key = wrapped.get(row.section)
        told = unseal(row, "told", open_key(key)) if key else None
        if told:
            earlier = Earlier(_from_text(told), row.replaced_at, row.replaced_by.name)
            found.setdefault(row.person_id, []).append(earlier)
    return found


def _from_text(told: str) -> Identity:
    known: dict[str, Any] = json.loads(told)
    born = known.pop("born_on")
    return Identity(**known, born_on=date.fromisoformat(born) if born else None)
