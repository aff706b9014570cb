"""Who is what in a dossier, sealed until somebody opens it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Role, Section
from ruangaman.kernel.fields import unseal
from ruangaman.people.models import Part, Person
from ruangaman.people.policies import is_child
from ruangaman.people.queries import PEOPLE, parts_of
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation

ORDER = list(PersonRole)  # the client first


def identity(look: Look) -> Panel | None:
    """This will show who is what in the dossier, one line a person, by initials, with the button that opens names."""
    if not look.sections & {section.value for section in PEOPLE}:
        return None
    parts = [p for p in look.once(parts_of, look.viewer, look.dossier.id) if p.status != PartStatus.ENDED]
    writes = look.may_write(Section.IDENTITY)
    if not parts and not writes:
        return None
    live = [part for part in parts if part.status == PartStatus.ACTIVE]
    children = {p.person.one_id for p in live if p.role == PersonRole.CLIENT and is_child(p.person.age_band)}
    where = [look.dossier.reference]
    return Panel(
        "people/panel_identity.html",
        _("Siapa"),
        {
            "people": [_line(look, own, len(children) > 1) for own in _by_one(parts)],
            "open_url": reverse("people:open_identity", args=where) if parts else "",
            "add_url": reverse("people:add", args=where) if writes else "",
            "guardian_url": reverse("people:guardian", args=where) if writes and children else "",
            "alone": _is_alone(live, children),
            "reported_child": any(_is_reported_child(part) for part in live),
        },
    )


def _by_one(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts of each person together, whichever record they hang on; clients first."""
    found: dict[UUID, list[Part]] = {}
    for part in sorted(parts, key=lambda part: ORDER.index(PersonRole(part.role))):
        found.setdefault(part.person.one_id, []).append(part)
    return list(found.values())


def _is_alone(live: Sequence[Part], children: set[UUID]) -> bool:
    """Whether a child has nobody who stands for it, and somebody must not know. Source: care.md 12."""
    ones = {part.person_id: part.person.one_id for part in live if part.role == PersonRole.CLIENT}
    stood_for = {ones[p.of_id] for p in live if p.role == PersonRole.GUARDIAN and p.of_id in ones}
    return bool(children - stood_for) and any(part.role == PersonRole.KEPT_OUT for part in live)


def _is_reported_child(part: Part) -> bool:
    return part.role == PersonRole.REPORTED and is_child(part.person.age_band)


def initials(look: Look, person: Person) -> str:
    """This will give the initials of somebody in the dossier, or nothing where they are out of reach.

    :raises Unreadable: where they were altered.
    """
    key = look.key(person.section)
    return (unseal(person, "initials", key) if key else "") or ""


def _line(look: Look, own: Sequence[Part], several: bool) -> dict[str, Any]:
    """One person. The registered sex is shown nowhere but where a national form asks for it. Source: care.md 22."""
    first, where = own[0], look.dossier.reference
    names = list(dict.fromkeys(initials(look, part.person) for part in own))
    about = [str(Relation(p.relation).label) for p in own if p.relation != Relation.UNKNOWN]
    if first.role == PersonRole.CLIENT:
        band = first.person.age_band
        about.append(_("%(band)s tahun") % {"band": band} if band else _("umur belum diketahui"))
    edits = look.may_write(first.person.section)
    return {
        "role": _called(look, first, several),
        "also": ", ".join(dict.fromkeys(_called(look, part, several) for part in own[1:])),
        "initials": names[0],
        "other_initials": ", ".join(name for name in names[1:] if name),
        "about": " · ".join(dict.fromkeys(about)),
        "refused": next((str(Refusal(p.refusal).label) for p in own if p.status == PartStatus.REFUSED), ""),
        "waiting": any(part.status == PartStatus.WAITING for part in own),
        "rulings": _rulings(look, own),
        "correct_url": reverse("people:correct", args=[where, first.person_id]) if edits else "",
        "ends": [
            (str(PersonRole(part.role).label), reverse("people:end_part", args=[where, part.id]))
            for part in own
            if part.status != PartStatus.REFUSED
            and part.role != PersonRole.REPORTER
            and look.may_write(part.section)
        ],
    }


def _called(look: Look, part: Part, several: bool) -> str:
    label = str(PersonRole(part.role).label)
    if _is_reported_child(part):
        return _("Terlapor, anak (anak yang berkonflik dengan hukum)")
    if part.role == PersonRole.GUARDIAN and several and part.of_id:
        for other in look.once(parts_of, look.viewer, look.dossier.id):
            if other.person_id == part.of_id:
                return _("%(role)s untuk %(child)s") % {
                    "role": label,
                    "child": initials(look, other.person) or _("anak"),
                }
    return label


def _rulings(look: Look, own: Sequence[Part]) -> list[str]:
    """Where a supervisor decides about who waits."""
    if Role.SUPERVISOR not in look.viewer.roles_in(look.dossier.unit_id):
        return []
    waits = [part.id for part in own if part.status == PartStatus.WAITING]
    return [reverse("people:guardian_ruling", args=[look.dossier.reference, part]) for part in waits]
