"""Reads of the legal process."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import OrganisationKind, Section
from ruangaman.justice.models import LegalStep
from ruangaman.justice.states import Step
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.people.models import Person


@dataclass(frozen=True, slots=True)
class Told:
    """One step as a page shows it."""

    happened_on: date
    step: str
    label: str
    institution: str
    statute: str
    outcome: str
    number: str
    note: str


def steps_of(viewer: Viewer, dossier_id: UUID, client_id: UUID | None = None) -> list[LegalStep]:
    """This will give the steps of a dossier, or of one client in it, by the day on which they happened; one query."""
    found = LegalStep.objects.filter(dossier_id=dossier_id).select_related("institution")
    if client_id:
        found = found.filter(client_id=client_id)
    # On one day, as the process goes.
    order = list(Step.values)
    return sorted(found, key=lambda one: (one.happened_on, order.index(one.step), one.recorded_at))


def told(steps: list[LegalStep], key: Key | None) -> list[Told]:
    """This will open number and note of each step, with the key of the section legal."""
    return [
        Told(
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
