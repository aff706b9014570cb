"""What clients need, how they want to be met, and their background: the gist on top of the page, the rest below."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.kernel.fields import unseal
from ruangaman.people.models import Part, Person
from ruangaman.people.policies import profiles
from ruangaman.people.policies.profiles import Courtesy, Support
from ruangaman.people.queries import parts_of
from ruangaman.people.queries.profiles import every_profile, greeting, needs_from, said_of, told
from ruangaman.people.states import PROFILE_SECTIONS, PartStatus, PersonRole

PAGES = {
    Section.SUPPORT: "people:support",
    Section.COURTESY: "people:courtesy",
    Section.BACKGROUND: "people:background",
}


def on_top(look: Look) -> Panel | None:
    """This will show first of all how to address each client, by whom they want to be met, and what they need."""
    lines: list[dict[str, Any]] = []
    opens = set()
    clients = _clients(look)
    for one, client in clients.items():
        told_of = _told(look, one)
        courtesy, support = told_of.get(Section.COURTESY), told_of.get(Section.SUPPORT)
        needs = needs_from(support) if isinstance(support, Support) else None
        line = {
            "initials": _initials(look, client) if len(clients) > 1 else "",
            "greeting": greeting(courtesy) if isinstance(courtesy, Courtesy) else "",
            "interpreter": needs.interpreter if needs else "",
            "needs": needs.words if needs else (),
        }
        opens |= {Section.COURTESY} if line["greeting"] else set()
        opens |= {Section.SUPPORT} if line["interpreter"] or line["needs"] else set()
        if line["greeting"] or line["interpreter"] or line["needs"]:
            lines.append(line)
    if not lines:
        return None
    return Panel(
        "people/panel_on_top.html", _("Cara menemuinya"), {"lines": lines}, opens=" ".join(sorted(opens))
    )


def profile(look: Look) -> Panel | None:
    """This will show what was told of each client, the background folded, with the ways to tell more."""
    shown = [section for section in PROFILE_SECTIONS if section in look.sections]
    clients = _clients(look)
    if not shown or not clients:
        return None
    writes = [section for section in PROFILE_SECTIONS if look.may_write(section)]
    told_of = {one: _told(look, one) for one in clients}
    opened = {section for told in told_of.values() for section in told}
    if not writes and not opened:
        return None
    rows = [_client(look, person, told_of[one], len(clients) > 1, writes) for one, person in clients.items()]
    return Panel(
        "people/panel_profile.html",
        _("Keadaan dan kebutuhannya"),
        {"clients": rows, "others": _others(look, clients) if Section.SUPPORT in writes else []},
        opens=" ".join(sorted(opened)),
    )


def _client(
    look: Look, person: Person, told_of: dict[str, profiles.Profile], several: bool, writes: list[Section]
) -> dict[str, Any]:
    # Religion is asked for spiritual guidance only: shown to who asks it and to who guides.
    religion = Section.COURTESY in writes or Section.SPIRITUAL in look.sections
    rows = {section: said_of(told, with_religion=religion) for section, told in told_of.items()}
    links = {section: reverse(PAGES[section], args=[look.dossier.reference, person.id]) for section in writes}
    return {
        "initials": _initials(look, person) if several else "",
        "several": several,
        "rows": rows.get(Section.SUPPORT, []) + rows.get(Section.COURTESY, []),
        "folded": rows.get(Section.BACKGROUND, []),
        "support_url": links.get(Section.SUPPORT, ""),
        "courtesy_url": links.get(Section.COURTESY, ""),
        "background_url": links.get(Section.BACKGROUND, ""),
    }


def _others(look: Look, clients: dict[UUID, Person]) -> list[dict[str, str]]:
    """Who else may need an interpreter, say: a guardian, for whom the same can be told."""
    found: dict[UUID, Part] = {}
    for part in _live(look):
        if part.person.one_id not in clients:
            found.setdefault(part.person.one_id, part)
    return [
        {
            "called": " · ".join(
                one for one in (_initials(look, part.person), str(PersonRole(part.role).label)) if one
            ),
            "url": reverse("people:support", args=[look.dossier.reference, part.person_id]),
        }
        for part in found.values()
    ]


def _live(look: Look) -> list[Part]:
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    return [part for part in parts if part.status == PartStatus.ACTIVE]


def _clients(look: Look) -> dict[UUID, Person]:
    """Each client once, by the one they are, under their earliest record."""
    if not look.sections & {section.value for section in PROFILE_SECTIONS}:
        return {}
    found: dict[UUID, Person] = {}
    for part in _live(look):
        if part.role == PersonRole.CLIENT:
            found.setdefault(part.person.one_id, part.person)
    return found


def _told(look: Look, one: UUID) -> dict[str, profiles.Profile]:
    """What was told of one person, opened, by section.

    :raises Unreadable: where it was altered; the page says so in the panel's place.
    """
    rows = look.once(every_profile, look.viewer, look.dossier.id)
    found = {}
    for section in PROFILE_SECTIONS:
        row, key = rows.get((section.value, one)), look.key(section)
        if row and key:
            said = told(row, key)
            if not said.is_empty:
                found[section.value] = said
    return found


def _initials(look: Look, person: Person) -> str:
    key = look.key(person.section)
    return (unseal(person, "initials", key) if key else "") or ""
