"""The attempts to reach her."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Section
from ruangaman.intake import queries
from ruangaman.intake.models import Outreach
from ruangaman.intake.states import (
    OutreachPlace,
    OutreachResult,
)
from ruangaman.kernel.fields import Key, unseal


def outreach(look: Look) -> Panel | None:
    """This will show the attempts to reach her: the plan that keeps her safe, and what came of it.

    Only to who also sees how the file came in: that somebody had to be sent tells that she did not report herself.
    """
    if not {Section.RISK, Section.ADMINISTRATION} <= look.sections:
        return None
    attempts = queries.outreaches_of(look.viewer, look.dossier.id)
    writes = look.may_write(Section.RISK) and look.dossier.erased_at is None
    if not attempts:
        return None
    key = look.key(Section.RISK)
    met = {OutreachResult.REACHED, OutreachResult.NOT_ALONE}
    return Panel(
        "intake/panel_outreach.html",
        _("Penjangkauan"),
        {
            "attempts": [_attempt(one, key, writes) for one in attempts],
        },
        opens=Section.RISK,
        events=[
            Event(
                one.ended_at,
                _("Penjangkauan: %s") % OutreachResult(one.result).label,
                OutreachPlace(one.place_kind).label,
            )
            for one in attempts
            if one.ended_at
        ],
        reached=[Milestone.OUTREACH] if any(one.result in met for one in attempts) else [],
    )


def _attempt(one: Outreach, key: Key | None, writes: bool) -> dict[str, object]:
    return {
        "place": OutreachPlace(one.place_kind).label,
        "place_name": unseal(one, "place_name", key) if key else "",
        "starts_at": one.starts_at,
        "companion": one.companion.name,
        "planned_by": one.planned_by.name,
        "cover_reason": unseal(one, "cover_reason", key) if key else "",
        "safety_plan": unseal(one, "safety_plan", key) if key else "",
        "result": OutreachResult(one.result).label if one.result else "",
        "ended_at": one.ended_at,
        "note": unseal(one, "note", key) if key else "",
        "end_url": reverse("intake:end_outreach", args=[one.id]) if writes and not one.ended_at else "",
    }
