"""What services show on the page of a dossier: the table, referrals, and what was done."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from ruangaman.access.panels import ClientLook, Event, Look, Maker, Milestone, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.cases.queries import own_plan
from ruangaman.cases.states import NeedState
from ruangaman.consent.models import Consent
from ruangaman.consent.queries import consents_of, holds
from ruangaman.consent.states import SECTION_OF, Answer, Assent, Basis, Service
from ruangaman.kernel.fields import Key, unseal
from ruangaman.papers.queries.sheets import without_sheet
from ruangaman.people.policies.profiles import Courtesy
from ruangaman.people.queries import initials_in, parts_of
from ruangaman.people.queries.profiles import every_profile, safe_place, told
from ruangaman.people.states import PartStatus, PersonRole
from ruangaman.services import queries
from ruangaman.services.models import Delivery
from ruangaman.services.queries import Line
from ruangaman.services.states import Offered, ReferralStatus


def table(look: Look) -> Panel | None:
    """This will show needs, consents, plan and deeds side by side."""
    if Section.PLAN not in look.sections:
        return None
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    answers = look.once(consents_of, look.viewer, look.dossier.id)
    lines = queries.table(look.viewer, look.dossier.id, look.at, parts, answers)
    writes = look.may_write(Section.PLAN) and look.dossier.stage != Stage.CLOSED
    if not lines and not writes:
        return None
    reference = look.dossier.reference
    given = [c for line in lines for c in line.consents if c.answer == Answer.GIVEN]
    items = [item for line in lines for item in line.items]
    first = min((c.answered_at for c in given), default=None)
    plans = writes and look.dossier.stage == Stage.CASE
    clients = {line.client.id: line.client for line in lines}
    initials = initials_in(clients.values(), look.wrapped) if len(clients) > 1 else {}
    gives = plans and any(look.may_write(SECTION_OF[Service(item.service)]) for item in items)
    missing = without_sheet(look.viewer, look.dossier.id, given)
    refers = look.may_write(Section.REFERRAL) and any(item.organisation_id for item in items)
    return Panel(
        "services/panel_table.html",
        _("Kebutuhan, persetujuan, layanan"),
        {
            "rows": [_row(look, line, initials.get(line.client.id, ""), writes, missing) for line in lines],
            "needs_url": reverse("cases:needs", args=[reference]) if writes else "",
            "consent_url": reverse("consent:record", args=[reference]) if writes and lines else "",
            "review_url": reverse("consent:review", args=[reference]),
            "told_without": any(getattr(consent, "told_without", False) for consent in answers),
            "plan_url": reverse("cases:plan", args=[reference]) if plans and lines else "",
            "unmet_url": reverse("cases:unmet", args=[reference]) if plans and lines else "",
            "give_url": reverse("services:give", args=[reference]) if gives else "",
            "refer_url": reverse("services:refer", args=[reference]) if refers else "",
        },
        events=[Event(first, _("Persetujuan dicatat"))] if first else [],
        # A session that was given counts for who may not read what was said in it.
        reached=[
            *([Milestone.CONSENT] if given else []),
            *([Milestone.SERVICES] if any(item.given for item in items) else []),
        ],
    )


def _row(look: Look, line: Line, initials: str, writes: bool, missing: set[UUID]) -> dict[str, Any]:
    need = line.need
    asked = reverse("consent:record", args=[look.dossier.reference]) if writes else ""
    return {
        "service": Service(line.service).label,
        "initials": initials,
        "not_needed": need is None,
        "ask_url": f"{asked}?layanan={line.service}" if asked else "",
        "consents": [_answered(look, consent, line, missing) for consent in line.consents],
        "items": [
            {
                "who": item.provider.name if item.provider else str(item.organisation),
                "starts_on": item.starts_on,
                "sessions": item.sessions,
                "given": item.given,
                "last_given_on": item.last_given_on,
            }
            for item in line.items
        ],
        "state": NeedState(need.state).label if need else "",
        "met": need is not None and need.state == NeedState.MET,
        "unmet": need.get_unmet_display() if need and need.state == NeedState.UNMET else "",
    }


def _answered(look: Look, consent: Consent, line: Line, missing: set[UUID]) -> dict[str, Any]:
    attach = reverse("papers:attach", args=[look.dossier.reference]) if look.may_write(Section.PLAN) else ""
    live = holds(consent, look.at)
    if consent in line.again:
        text, tag = _("ditanyakan lagi: wali tidak bisa lagi"), "tag--care"
    elif consent.withdrawn_at:
        text, tag = _("ditarik"), ""
    elif consent.answer == Answer.LATER:
        text, tag = _("ditanyakan lagi"), "tag--care"
    elif consent.answer == Answer.REFUSED:
        text, tag = _("tidak setuju"), ""
    elif not live:
        text, tag = _("sudah berakhir"), "tag--care"
    elif consent.basis == Basis.BEST_INTEREST:
        text, tag = _("keputusan penyelia"), "tag--good"
    elif consent.basis == Basis.GUARDIAN and consent.assent == Assent.GIVEN:
        text, tag = _("wali dan anak setuju"), "tag--good"
    elif consent.basis == Basis.GUARDIAN:
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
        "scan_url": f"{attach}?persetujuan={consent.id}" if attach and consent.id in missing else "",
        "scan_missing": consent.id in missing,
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


def deliveries_in(section: Section) -> Maker:
    """This will make the panel of the services given in one section, with their notes, for who may read it."""

    def deliveries(look: Look) -> Panel | None:
        return _deliveries(look, section)

    return deliveries


def _deliveries(look: Look, section: Section) -> Panel | None:
    if section not in look.sections:
        return None
    every = look.once(queries.deliveries_of, look.viewer, look.dossier.id)
    rows = [row for row in every if row.section == section]
    visums = queries.visums_of(look.viewer, look.dossier.id) if section == Section.MEDICAL else []
    give = _gives(look, section)
    if not rows and not visums and not give:
        return None
    key = look.key(section)
    events = [
        Event(
            _noon(row), f"{row.get_service_display()}: {row.get_kind_display()}", row.organisation.name, True
        )
        for row in rows
    ]
    shown = [_given(row, key) for row in rows]
    places = _safe_places(look) if section == Section.SHELTER else []
    opens = [section.value] if visums or any(row["note"] for row in shown) else []
    opens += [Section.COURTESY.value] if places else []
    return Panel(
        "services/panel_deliveries.html",
        _("Layanan yang diberikan: %s") % section.label
        if section != Section.PLAN
        else _("Layanan sosial yang diberikan"),
        {
            "rows": shown,
            "visums": [
                {
                    "number": unseal(row, "number", key) if key else "",
                    "request_number": unseal(row, "request_number", key) if key else "",
                    "dated_on": row.dated_on,
                }
                for row in visums
            ],
            "give_url": reverse("services:give", args=[look.dossier.reference]) if give else "",
            "safe_places": places,
        },
        opens=" ".join(opens),
        events=events,
        reached=[Milestone.SERVICES] if rows else [],
    )


def _safe_places(look: Look) -> list[str]:
    """Where each client feels safe to stay, for who may read how she wants to be met. Source: care.md 22."""
    key = look.key(Section.COURTESY)
    if Section.COURTESY not in look.sections or key is None:
        return []
    told_of = look.once(every_profile, look.viewer, look.dossier.id)
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    live = [p for p in parts if p.role == PersonRole.CLIENT and p.status == PartStatus.ACTIVE]
    clients = {part.person.one_id: part.person for part in reversed(live)}
    initials = initials_in(clients.values(), look.wrapped) if len(clients) > 1 else {}
    found = []
    for one, person in clients.items():
        row = told_of.get((Section.COURTESY.value, one))
        said = told(row, key) if row else None
        place = safe_place(said) if isinstance(said, Courtesy) else ""
        if place:
            found.append(": ".join(text for text in (initials.get(person.id, ""), place) if text))
    return found


def _gives(look: Look, section: Section) -> bool:
    """Whether a profession of the unit has something to record here; who writes the plan finds that at the table."""
    if look.dossier.stage != Stage.CASE or not look.may_write(section) or look.may_write(Section.PLAN):
        return False
    if not look.viewer.roles_in(look.dossier.unit_id):
        return False
    own = look.once(own_plan, look.viewer, dossier_id=look.dossier.id, until=date.max)
    return any(SECTION_OF[Service(item.service)] == section for item in own)


def _given(row: Delivery, key: Key | None) -> dict[str, Any]:
    return {
        "service": row.get_service_display(),
        "kind": row.get_kind_display(),
        "given_on": row.given_on,
        "who": row.organisation.name,
        "by": row.recorded_by.name,
        "note": unseal(row, "note", key) if key else None,
    }


def _noon(row: Delivery) -> datetime:
    return datetime.combine(row.given_on, time(12), get_current_timezone())


def client_rights(look: ClientLook) -> Panel | None:
    """This will show a client what she was offered and what became of it. Its title tells a passer-by nothing."""
    if "rights" not in look.opens:
        return None
    rows = [(Service(service).label, Offered(state).label) for service, state in queries.own_rights()]
    return Panel("services/client_rights.html", _("Yang ditawarkan kepadamu"), {"rows": rows})
