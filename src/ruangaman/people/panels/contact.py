"""How the clients of a dossier can be reached, sealed until somebody opens it."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.clocks.queries import clocks_of
from ruangaman.clocks.states import Event
from ruangaman.people.models import Contact
from ruangaman.people.panels.who import initials
from ruangaman.people.queries import contacts_of, parts_of, said
from ruangaman.people.states import PartStatus, PersonRole


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
    names: dict[UUID, str] = {}
    for part in clients:
        names.setdefault(part.person.one_id, initials(look, part.person))
    moved = _moved(look)
    return Panel(
        "people/panel_contact.html",
        _("Kontak aman klien"),
        {
            "contacts": [_told(look, one, names.get(of, ""), moved) for of, one in known.items()],
            "several": len(names) > 1,
            "ends_only": all(one.doubted_at for one in known.values()),
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
