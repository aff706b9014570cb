"""The identity panel of a dossier: who is what, sealed until somebody opens it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.kernel.fields import unseal
from ruangaman.people.queries import PEOPLE, parts_of
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation


def identity(look: Look) -> Panel | None:
    """This will show who is what in the dossier, by initials, with the button that opens the names."""
    if not look.sections & {section.value for section in PEOPLE}:
        return None
    people = []
    for part in parts_of(look.viewer, look.dossier.id):
        if part.status == PartStatus.ENDED:
            continue
        key = look.key(part.person.section)
        people.append(
            {
                "role": PersonRole(part.role).label,
                "initials": (unseal(part.person, "initials", key) if key else "") or "",
                "relation": Relation(part.relation).label if part.relation != Relation.UNKNOWN else "",
                "sex": part.person.get_sex_display() if part.role == PersonRole.CLIENT else "",
                "age_band": part.person.age_band if part.role == PersonRole.CLIENT else "",
                "refused": Refusal(part.refusal).label if part.status == PartStatus.REFUSED else "",
            }
        )
    writes = Section.IDENTITY in look.sections and look.may_write(Section.IDENTITY)
    if not people and not writes:
        return None
    return Panel(
        "people/panel_identity.html",
        _("Siapa"),
        {
            "people": people,
            "open_url": reverse("people:open_identity", args=[look.dossier.reference]) if people else "",
            "add_url": reverse("people:add", args=[look.dossier.reference]) if writes else "",
            "guardian_url": reverse("people:guardian", args=[look.dossier.reference])
            if writes and any(person["role"] == PersonRole.CLIENT.label for person in people)
            else "",
        },
    )
