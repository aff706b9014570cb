"""Who is what in a dossier and how its client can be reached, sealed until somebody opens it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.clocks.queries import clocks_of
from ruangaman.clocks.states import Event
from ruangaman.kernel.fields import unseal
from ruangaman.people.models import Contact, Part
from ruangaman.people.policies import is_child
from ruangaman.people.queries import PEOPLE, contacts_of, parts_of, said
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


def contact(look: Look) -> Panel | None:
    """This will show how the client can be reached without danger, and warn where that has to be asked again."""
    if Section.CONTACT not in look.sections:
        return None
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    clients = [p for p in parts if p.role == PersonRole.CLIENT and p.status == PartStatus.ACTIVE]
    known = contacts_of(look.viewer, look.dossier.id)
    writes = look.may_write(Section.CONTACT) and bool(clients)
    if not known and not writes:
        return None
    where = [look.dossier.reference]
    names = {part.person_id: _shown(look, part)["initials"] for part in clients}
    moved = _moved(look)
    return Panel(
        "people/panel_contact.html",
        _("Kontak aman klien"),
        {
            "contacts": [_told(look, one, names.get(one.person_id, ""), moved) for one in known.values()],
            "several": len(clients) > 1,
            "missing": len(set(names) - set(known)),
            "open_url": reverse("people:open_contact", args=where) if known else "",
            "contact_url": reverse("people:contact", args=where) if writes else "",
            "confirm_url": reverse("people:confirm_contact", args=where) if writes else "",
        },
    )


def _moved(look: Look) -> bool:
    """Whether something happened (a return, a shelter) that asks for the contact to be confirmed again: such a clock
    runs until it is. Source: care.md 7.
    """
    running = [c for c in look.once(clocks_of, look.viewer, look.dossier.id) if c.ended_at is None]
    return any(
        Event.CONTACT_CONFIRMED in one.definition.ends_on
        and one.definition.starts_on != Event.CONTACT_CONFIRMED
        for one in running
    )


def _told(look: Look, one: Contact, initials: str, moved: bool) -> dict[str, Any]:
    return {**said(one, look.at), "person": one.person_id, "initials": initials, "moved": moved}
