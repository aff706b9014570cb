"""What services show on the page of a dossier: the table, referrals, and what was done."""

from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.cases.states import NeedState
from ruangaman.consent.models import Consent
from ruangaman.consent.queries import holds
from ruangaman.consent.states import Answer, Assent, Basis, Service
from ruangaman.kernel.fields import unseal
from ruangaman.people.policies import is_child
from ruangaman.services import queries
from ruangaman.services.models import Delivery
from ruangaman.services.queries import Line
from ruangaman.services.states import ReferralStatus


def table(look: Look) -> Panel | None:
    """This will show needs, consents, plan and deeds side by side."""
    if Section.PLAN not in look.sections:
        return None
    lines = queries.table(look.viewer, look.dossier.id)
    writes = look.may_write(Section.PLAN) and look.dossier.stage != Stage.CLOSED
    if not lines and not writes:
        return None
    reference = look.dossier.reference
    given = [c for line in lines for c in line.consents if c.answer == Answer.GIVEN]
    first = min((c.answered_at for c in given), default=None)
    plans = writes and look.dossier.stage == Stage.CASE
    return Panel(
        "services/panel_table.html",
        _("Kebutuhan, persetujuan, layanan"),
        {
            "rows": [_row(look, line) for line in lines],
            "needs_url": reverse("cases:needs", args=[reference]) if writes else "",
            "consent_url": reverse("consent:record", args=[reference]) if writes and lines else "",
            "plan_url": reverse("cases:plan", args=[reference]) if plans and lines else "",
            "unmet_url": reverse("cases:unmet", args=[reference]) if plans and lines else "",
            "give_url": reverse("services:give", args=[reference]) if plans and lines else "",
            "refer_url": reverse("services:refer", args=[reference])
            if look.may_write(Section.REFERRAL)
            and any(item.organisation_id for line in lines for item in line.items)
            else "",
        },
        events=[Event(first, _("Persetujuan dicatat"))] if first else [],
        # A session that was given counts for who may not read what was said in it.
        reached=[
            *([Milestone.CONSENT] if given else []),
            *([Milestone.SERVICES] if any(item.given for line in lines for item in line.items) else []),
        ],
    )


def _row(look: Look, line: Line) -> dict[str, Any]:
    need = line.need
    return {
        "service": Service(need.service).label,
        "consents": [_answered(look, consent, need.client.age_band) for consent in line.consents],
        "items": [
            {
                "who": item.provider.name
                if item.provider
                else item.organisation.name
                if item.organisation
                else "",
                "starts_on": item.starts_on,
                "sessions": item.sessions,
                "given": item.given,
                "last_given_on": item.last_given_on,
            }
            for item in line.items
        ],
        "state": NeedState(need.state).label,
        "met": need.state == NeedState.MET,
        "unmet": need.get_unmet_display() if need.state == NeedState.UNMET else "",
    }


def _answered(look: Look, consent: Consent, band: str) -> dict[str, Any]:
    live = holds(consent, look.at)
    if consent.withdrawn_at:
        text, tag = _("ditarik"), ""
    elif consent.answer == Answer.LATER:
        text, tag = _("ditanyakan lagi"), "tag--care"
    elif consent.answer == Answer.REFUSED:
        text, tag = _("tidak setuju"), ""
    elif not live:
        text, tag = _("sudah berakhir"), "tag--care"
    elif consent.basis == Basis.BEST_INTEREST:
        text, tag = _("keputusan penyelia"), "tag--good"
    elif is_child(band) and consent.assent == Assent.GIVEN:
        text, tag = _("wali dan anak setuju"), "tag--good"
    elif is_child(band):
        text, tag = _("wali setuju"), "tag--good"
    else:
        text, tag = _("setuju"), "tag--good"
    return {
        "text": text,
        "tag": tag,
        "who": consent.recipient.name if consent.recipient else "",
        "withdraw_url": reverse("consent:withdraw", args=[consent.id])
        if live and look.may_write(Section.PLAN)
        else "",
    }


def referrals(look: Look) -> Panel | None:
    """This will show where each referral stands."""
    if Section.REFERRAL not in look.sections:
        return None
    rows = queries.referrals_of(look.viewer, look.dossier.id)
    if not rows:
        return None
    events = []
    for row in rows:
        events.append(Event(row.sent_at, _("Rujukan dikirim"), row.organisation.name))
        if row.answered_at:
            accepted = row.status != ReferralStatus.DECLINED
            told = _("Rujukan diterima") if accepted else _("Rujukan ditolak")
            events.append(Event(row.answered_at, told, row.organisation.name))
    return Panel(
        "services/panel_referrals.html",
        _("Rujukan"),
        {
            "rows": [
                {
                    "who": row.organisation.name,
                    "service": row.get_service_display(),
                    "status": row.get_status_display(),
                    "why": row.get_decline_display() if row.decline else "",
                    "waits": row.status == ReferralStatus.SENT,
                    "sent_at": row.sent_at,
                    "url": reverse("services:referral", args=[row.id]),
                }
                for row in rows
            ]
        },
        events=events,
    )


def deliveries(look: Look) -> Panel | None:
    """This will show the services given in the sections in reach, with their notes."""
    rows = queries.deliveries_of(look.viewer, look.dossier.id)
    visums = queries.visums_of(look.viewer, look.dossier.id) if Section.MEDICAL in look.sections else []
    own = any(look.may_write(section) for section in OWN_SECTIONS)
    give = own and not look.may_write(Section.PLAN) and look.dossier.stage == Stage.CASE
    if not rows and not visums and not give:
        return None
    medical = look.key(Section.MEDICAL) if visums else None
    shown = [_given(look, row) for row in rows]
    events = [
        Event(
            _noon(look, row),
            f"{row.get_service_display()}: {row.get_kind_display()}",
            row.organisation.name,
            True,
        )
        for row in rows
    ]
    return Panel(
        "services/panel_deliveries.html",
        gettext_lazy("Layanan yang diberikan"),
        {
            "rows": shown,
            "visums": [
                {"number": unseal(row, "number", medical), "dated_on": row.dated_on}
                for row in visums
                if medical is not None
            ],
            "give_url": reverse("services:give", args=[look.dossier.reference]) if give else "",
        },
        opens=rows[0].section if any(row["note"] for row in shown) else Section.MEDICAL if visums else "",
        events=events,
        reached=[Milestone.SERVICES] if rows else [],
    )


OWN_SECTIONS = (Section.PSYCHOLOGICAL, Section.LEGAL, Section.SPIRITUAL, Section.SHELTER)


def _given(look: Look, row: Delivery) -> dict[str, Any]:
    key = look.key(row.section)
    return {
        "service": row.get_service_display(),
        "kind": row.get_kind_display(),
        "given_on": date_format(row.given_on, "j F Y"),
        "who": row.organisation.name,
        "by": row.recorded_by.name,
        "note": unseal(row, "note", key) if key else None,
    }


def _noon(look: Look, row: Delivery) -> Any:
    return datetime.combine(row.given_on, time(12), get_current_timezone())
