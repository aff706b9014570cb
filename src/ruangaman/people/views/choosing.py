"""Choosing among the people of a dossier: by initials, no name is opened for it."""

from uuid import UUID

from django.utils.translation import gettext as _

from ruangaman.access.doors import StaffRequest
from ruangaman.access.models import Dossier
from ruangaman.access.queries import every_key
from ruangaman.people import queries
from ruangaman.people.models import Part
from ruangaman.people.states import PartStatus, PersonRole, Relation


def live_parts(request: StaffRequest, dossier: Dossier) -> list[Part]:
    """This will give who is what in a dossier now; one query."""
    found = queries.parts_of(request.viewer, dossier.id)
    return [part for part in found if part.status == PartStatus.ACTIVE]


def choices(request: StaffRequest, dossier: Dossier, parts: list[Part]) -> list[tuple[str, str]]:
    """This will name each person once, by initials, parts and relation; no name is opened for it."""
    initials = queries.initials_in([part.person for part in parts], every_key(dossier.id)) if parts else {}
    said: dict[UUID, list[str]] = {}
    for part in parts:
        words = said.setdefault(part.person_id, [initials.get(part.person_id) or _("tanpa nama")])
        words.append(str(PersonRole(part.role).label))
        if part.relation != Relation.UNKNOWN:
            words.append(str(Relation(part.relation).label))
    return [(str(person), " · ".join(words)) for person, words in said.items()]
