"""Who answers for whom today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.kernel.fields import unseal
from ruangaman.people.models import Person
from ruangaman.people.policies import answers_alone, is_child
from ruangaman.people.queries import born_on, parts_of
from ruangaman.people.states import PartStatus, PersonRole

# Who hears nothing, and helps nobody to decide. Source: care.md 10, 12.
KEPT_AWAY = (PersonRole.REPORTED, PersonRole.KEPT_OUT)


@dataclass(frozen=True, slots=True)
class Capacity:
    """Whether a client answers for herself today.

    ``came_of_age``: a child at the report who has turned 18 since; still counted as a child.
    Source: care.md 13; ADR-0016.
    """

    alone: bool
    born_on: date | None
    came_of_age: bool


def capacities(
    viewer: Viewer, dossier_id: UUID, clients: Iterable[Person], at: datetime
) -> dict[UUID, Capacity]:
    """This will say of each client whether she answers for herself today; one query.

    Where the birth date is unknown or out of reach, the age at the report says it.
    """
    keys = every_key(dossier_id)
    found = {}
    for client in clients:
        key = keys.get(client.section)
        born = born_on(client, open_key(key)) if key else None
        alone = answers_alone(client.age_band, born, timezone.localdate(at))
        found[client.id] = Capacity(alone, born, alone and is_child(client.age_band))
    return found


def kept_away(viewer: Viewer, dossier_id: UUID) -> list[str]:
    """This will give the names of who is reported or must not know, as far as the viewer may open them; two queries."""
    keys = every_key(dossier_id)
    names = []
    for part in parts_of(viewer, dossier_id):
        key = keys.get(part.person.section)
        if key and part.role in KEPT_AWAY and part.status == PartStatus.ACTIVE:
            names.append(unseal(part.person, "name", open_key(key)) or "")
    return [name for name in names if name]
