"""Who was called about a report that waits, and the way to take it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.intake.models import Report
from ruangaman.intake.queries import roster as queries
from ruangaman.intake.states import Triage
from ruangaman.intake.states.roster import Ringing


def rings(look: Look) -> Panel | None:
    """This will show who on duty was called, while nobody has answered; no query once somebody has."""
    report: Report | None = look.only("report") if Section.ADMINISTRATION in look.sections else None
    waits = (
        report is not None
        and look.dossier.stage == Stage.INTAKE
        and look.dossier.erased_at is None
        and report.triage == Triage.RECEIVED
        and report.first_answered_at is None
    )
    calls = queries.rings_of(look.viewer, look.dossier.id) if waits else []
    if not calls:
        return None
    is_taken = any(one.state == Ringing.TAKEN for one in calls)
    mine = next((one for one in calls if one.person_id == look.viewer.id), None)
    return Panel(
        "intake/panel_rings.html",
        _("Panggilan piket"),
        {
            "calls": [
                {"name": one.person.name, "at": one.rung_at, "state": Ringing(one.state).label}
                for one in calls
            ],
            "take_url": reverse("intake:take_ring", args=[mine.id]) if mine and not is_taken else "",
        },
    )
