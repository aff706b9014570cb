"""What is told of a file that is attached: whom it is about, which consent it is the sheet of."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.doors import StaffRequest
from ruangaman.access.models import Dossier
from ruangaman.access.queries import every_key
from ruangaman.consent.queries import consent_in
from ruangaman.papers.forms import files as forms
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of, initials_in, parts_of
from ruangaman.people.states import PartStatus, PersonRole


def people_in(request: StaffRequest, dossier: Dossier) -> dict[str, Person]:
    """This will give whom a file may be about, by what they are called in the form: role and initials, no name."""
    live = [part for part in parts_of(request.viewer, dossier.id) if part.status == PartStatus.ACTIVE]
    initials = initials_in([part.person for part in live], every_key(dossier.id)) if live else {}
    return {
        f"{PersonRole(part.role).label} · {initials.get(part.person_id) or _('tanpa nama')}": part.person
        for part in live
    }


def called(people: dict[str, Person]) -> dict[str, str]:
    """This will give the choices of a form: id and words."""
    return {str(person.id): words for words, person in people.items()}


def about_file(
    request: StaffRequest, dossier: Dossier, form: forms.About, people: dict[str, Person], file_name: str
) -> dict[str, Any]:
    """This will give what was told of a file, on its way to being attached."""
    given = form.cleaned_data
    # A request that takes long has no transaction around it, and without one nothing can be read.
    with transaction.atomic():
        consent = consent_in(request.viewer, dossier, given["consent"])
        shown = [] if request.viewer.roles_in(dossier.unit_id) else clients_of(request.viewer, dossier.id)
    by_id = {str(person.id): person for person in people.values()}
    return {
        "kind": given["kind"],
        "section": given["section"],
        "origin": given["origin"],
        # What a partner brings is about the client it is shown, so that it goes out of sight with her consent.
        "subject": by_id.get(given["subject"]) or (shown[0] if len(shown) == 1 else None),
        "is_evidence": given["is_evidence"],
        "name": form.called(file_name),
        "note": given["note"],
        "paper_id": given["paper_id"],
        "consent": consent,
    }
