"""An unborn child who was the aim of violence or of trafficking, for who reads what is medical. Source: care.md 13."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.people.queries import parts_of, unborn_of
from ruangaman.people.states import PersonRole, Sex, UnbornGround


def unborn(look: Look) -> Panel | None:
    """This will show that an unborn child is recorded, with why, and where that is ended; to the unit's own people, who
    alone read the plan.
    """
    if not {Section.MEDICAL, Section.PLAN} <= look.sections:
        return None
    found = unborn_of(look.viewer, look.dossier.id)
    writes = look.may_write(Section.MEDICAL)
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    clients = (part.person for part in parts if part.role == PersonRole.CLIENT)
    if not found and not (writes and any(client.sex != Sex.MALE for client in clients)):
        return None
    where = look.dossier.reference
    return Panel(
        "people/panel_unborn.html",
        _("Anak dalam kandungan"),
        {
            "unborn": [
                {
                    "ground": UnbornGround(one.ground).label,
                    "since": one.recorded_at,
                    "end_url": reverse("people:end_unborn", args=[where, one.id]) if writes else "",
                }
                for one in found
            ],
            "add_url": reverse("people:unborn", args=[where]) if writes else "",
        },
    )
