"""The identity panel of a dossier: who is what, sealed until somebody opens it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.kernel.fields import unseal
from ruangaman.people.models import Part
from ruangaman.people.policies import is_child
from ruangaman.people.queries import PEOPLE, parts_of
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation


def identity(look: Look) -> Panel | None:
    """This will show who is what in the dossier, by initials, with the button that opens the names."""
    if not look.sections & {section.value for section in PEOPLE}:
        return None
    parts = [p for p in look.once(parts_of, look.viewer, look.dossier.id) if p.status != PartStatus.ENDED]
    writes = look.may_write(Section.IDENTITY)
    if not parts and not writes:
        return None
    children = [p for p in parts if p.role == PersonRole.CLIENT and is_child(p.person.age_band)]
    where = [look.dossier.reference]
    return Panel(
        "people/panel_identity.html",
        _("Siapa"),
        {
            "people": [_shown(look, part) for part in parts],
            "open_url": reverse("people:open_identity", args=where) if parts else "",
            "add_url": reverse("people:add", args=where) if writes else "",
            "guardian_url": reverse("people:guardian", args=where) if writes and children else "",
        },
    )


def _shown(look: Look, part: Part) -> dict[str, str]:
    person, key = part.person, look.key(part.person.section)
    about = [str(Relation(part.relation).label)] if part.relation != Relation.UNKNOWN else []
    if part.role == PersonRole.CLIENT:
        about.append(person.get_sex_display())
        about.append(
            _("%(band)s tahun") % {"band": person.age_band} if person.age_band else _("umur belum diketahui")
        )
    return {
        "role": str(PersonRole(part.role).label),
        "initials": (unseal(person, "initials", key) if key else "") or "",
        "about": " · ".join(about),
        "refused": str(Refusal(part.refusal).label) if part.status == PartStatus.REFUSED else "",
    }
