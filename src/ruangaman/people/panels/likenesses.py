"""Other files of the people of a dossier, and what was decided about records of one person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.doors import page_of
from ruangaman.access.models import Dossier
from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Role, Section, Stage
from ruangaman.kernel.fields import unseal
from ruangaman.people.models import Likeness, Part, Person
from ruangaman.people.queries import parts_of
from ruangaman.people.queries.likenesses import links_of, other_files
from ruangaman.people.states import PartStatus, PersonRole, Sameness


def likenesses(look: Look) -> Panel | None:
    """This will show in which other files somebody of this one is, and which records were found to be of one person."""
    if Section.IDENTITY not in look.sections:
        return None
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    linked = any(part.linked for part in parts)  # type: ignore[attr-defined]
    links = links_of(look.viewer, look.dossier.id) if linked else []
    live = [one for one in links if one.undone_at is None and one.decision == Sameness.SAME]
    across = any(one.dossier_id != one.other_dossier_id for one in live)
    files = other_files(look.viewer, look.dossier.id) if across else []
    supervises = Role.SUPERVISOR in look.viewer.roles_in(look.dossier.unit_id)
    writes = look.may_write(Section.IDENTITY)
    if not links and not writes:
        return None
    called = _called(look, parts)
    where = [look.dossier.reference]
    context = {
        "files": [
            {
                "reference": one.reference,
                "url": page_of(Dossier(reference=one.reference)),
                "stage": Stage(one.stage).label,
                "opened_at": one.opened_at,
                "who": ", ".join(called[person] for person in one.people if person in called),
            }
            for one in files
        ],
        "links": [_link(look, one, called, supervises or writes) for one in links],
        "alike_url": reverse("people:alike", args=where) if (writes or supervises) and parts else "",
    }
    return Panel("people/panel_likenesses.html", _("Orang yang sama"), context)


def _called(look: Look, parts: list[Part]) -> dict[UUID, str]:
    """Each person by initials and part; what is out of reach has neither."""
    found: dict[UUID, str] = {}
    for part in parts:
        if part.status != PartStatus.ENDED and part.person_id not in found:
            found[part.person_id] = f"{_initials(look, part.person)} ({PersonRole(part.role).label})"
    return found


def _initials(look: Look, person: Person) -> str:
    key = look.key(person.section)
    return (unseal(person, "initials", key) if key else "") or "?"


def _link(look: Look, one: Likeness, called: Mapping[UUID, str], may: bool) -> dict[str, Any]:
    here = [person for person in (one.person_id, one.other_id) if person in called]
    away = one.other_dossier if one.dossier_id == look.dossier.id else one.dossier
    across = one.dossier_id != one.other_dossier_id
    return {
        "who": " · ".join(called[person] for person in here),
        "reference": away.reference if across else "",
        "decision": one.get_decision_display(),
        "same": one.decision == Sameness.SAME,
        "by": one.decided_by.name,
        "at": one.decided_at,
        "undone_by": one.undone_by.name if one.undone_by else "",
        "undone_at": one.undone_at,
        "undo_url": reverse("people:undo_same", args=[look.dossier.reference, one.id]) if may else "",
    }
