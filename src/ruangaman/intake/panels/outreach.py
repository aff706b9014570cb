"""The attempts to reach her."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Section
from ruangaman.agenda.models import Booking
from ruangaman.clocks.states import Answer
from ruangaman.intake import queries
from ruangaman.intake.models import Outreach, Report
from ruangaman.intake.policies import is_from_victim
from ruangaman.intake.queries.calling_back import safe_of
from ruangaman.intake.queries.clients import contact_is_doubted
from ruangaman.intake.states import (
    OutreachPlace,
    OutreachResult,
)
from ruangaman.kernel.fields import Key, unseal
from ruangaman.people.policies import ends_of


def outreach(look: Look) -> Panel | None:
    """This will show the attempts to reach her: the plan that keeps her safe, and what came of it.

    Only to who also sees how the file came in: that somebody had to be sent tells that she did not report herself.
    """
    if not {Section.RISK, Section.ADMINISTRATION} <= look.sections:
        return None
    attempts = queries.outreaches_of(look.viewer, look.dossier.id) if look.has("outreach") else []
    if not attempts:
        return None
    key = look.key(Section.RISK)
    doubted = any(map(_is_call, attempts)) and _is_in_doubt(look)
    met = {OutreachResult.REACHED, OutreachResult.NOT_ALONE}
    return Panel(
        "intake/panel_outreach.html",
        _("Penjangkauan"),
        {
            "attempts": [
                _attempt(one, key) | _ways_on(one, look) | (_doubted(one, key) if doubted else {})
                for one in attempts
            ],
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


def _is_call(one: Outreach) -> bool:
    return one.place_kind == OutreachPlace.CALL


def _is_in_doubt(look: Look) -> bool:
    """Whether her number is: by her own code, or by that of the report, where she told it herself."""
    if contact_is_doubted(look.viewer, look.dossier.id):
        return True
    report: Report | None = look.only("report")
    if report is None or not is_from_victim(report.reporter_kind):
        return False
    told = safe_of(look.viewer, look.dossier.id)
    return told is not None and told.doubted


def _doubted(one: Outreach, key: Key | None) -> dict[str, Any]:
    """Of a call, planned or made, to a number in doubt: no more than its end, by which she is recognised."""
    if not _is_call(one):
        return {}
    return {
        "doubted": one.ended_at is None,
        "place_name": ends_of(_place_name(one, key) or "") if key else "",
    }


def _attempt(one: Outreach, key: Key | None) -> dict[str, Any]:
    opened = (
        "cover_reason",
        "safety_plan",
        "safety_note",
        "trusted_nearby",
        "neighbours_word",
        "note",
        "wants",
    )
    return {
        **{field: unseal(one, field, key) if key else "" for field in opened},
        "place": OutreachPlace(one.place_kind).label,
        "place_name": _place_name(one, key) if key else "",
        "where": _where(one.booking),
        "starts_at": one.starts_at,
        "companion": one.companion.name,
        "planned_by": one.planned_by.name,
        "overridden": bool(one.booking and one.booking.overridden_by_id),
        "result": OutreachResult(one.result).label if one.result else "",
        "safe_now": Answer(one.safe_now).label if one.safe_now else "",
        "not_safe": one.safe_now == Answer.NO,
        "ended_at": one.ended_at,
    }


def _place_name(one: Outreach, key: Key) -> str | None:
    """Its words as planned, or where the appointment was moved since."""
    if one.booking and one.booking.moved_from_id:
        return unseal(one.booking, "where", key)
    return unseal(one, "place_name", key)


def _where(booking: Booking | None) -> str:
    if booking is None:
        return ""
    return booking.venue.name if booking.venue else booking.area.name if booking.area else ""


def _ways_on(one: Outreach, look: Look) -> dict[str, str]:
    """What is still to be done about an attempt, and by whom."""
    if one.ended_at or look.dossier.erased_at:
        return {}
    writes, goes = look.may_write(Section.RISK), one.place_kind != OutreachPlace.CALL
    booked = one.booking_id if goes else None
    own = one.companion_id == look.viewer.id
    return {
        "end_url": reverse("intake:end_outreach", args=[one.id]) if writes else "",
        "go_url": f"{reverse('agenda:go_out')}?janji={booked}" if own and booked else "",
        "booking_url": reverse("agenda:booking", args=[one.booking_id]) if one.booking_id else "",
        "assignment_url": reverse("intake:assignment", args=[one.id])
        if booked and look.may_write(Section.ADMINISTRATION)
        else "",
    }
