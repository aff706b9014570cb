"""What intake shows on the page of a dossier."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import kept_form
from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.intake import policies, queries
from ruangaman.intake.forms import Message
from ruangaman.intake.models import Outreach, Report, TriageMove
from ruangaman.intake.states import (
    Channel,
    OutreachPlace,
    OutreachResult,
    ReporterKind,
    Triage,
    TriageReason,
)
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.ids import new_id


def triage(look: Look) -> Panel | None:
    """This will show where the report stands, who decided so and why, and the way to decide."""
    report: Report | None = look.only("report") if Section.ADMINISTRATION in look.sections else None
    if report is None:
        return None
    moves = queries.moves_of(look.viewer, look.dossier.id)
    decides = (
        look.may_write(Section.ADMINISTRATION)
        and look.dossier.stage == Stage.INTAKE
        and look.dossier.erased_at is None
        and bool(policies.offered_moves(now=report.triage, reporter_kind=report.reporter_kind, reached=False))
    )
    plans = (
        report.triage == Triage.OUTREACH
        and look.dossier.erased_at is None
        and look.may_write(Section.RISK)
        and look.may_write(Section.TEAM)
    )
    from_victim = policies.is_from_victim(report.reporter_kind)
    waits = report.triage == Triage.RECEIVED
    return Panel(
        "intake/panel_triage.html",
        _("Triase"),
        {
            "state": Triage(report.triage).label,
            "waits": waits,
            "awaited": report.awaits_outreach,
            "reporter": ReporterKind(report.reporter_kind).label if report.reporter_kind else "",
            "moves": [
                {
                    "after": Triage(move.after).label,
                    "reason": TriageReason(move.reason).label,
                    "by": move.decided_by.name,
                    "at": move.decided_at,
                }
                for move in moves
            ],
            "rule": policies.outreach_rule() if waits and not from_victim else "",
            "triage_url": reverse("intake:triage", args=[look.dossier.reference]) if decides else "",
            "plan_url": reverse("intake:plan_outreach", args=[look.dossier.reference]) if plans else "",
        },
        events=_told(report, moves),
        reached=[Milestone.REPORT],
    )


def _told(report: Report, moves: list[TriageMove]) -> list[Event]:
    events = [Event(report.received_at, _("Laporan diterima"), Channel(report.channel).label)]
    if report.first_answered_at:
        events.append(Event(report.first_answered_at, _("Jawaban pertama kepada pelapor")))
    for move in moves:
        events.append(Event(move.decided_at, _("Triase: %s") % Triage(move.after).label))
    return events


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


def narrative(look: Look) -> Panel | None:
    """This will show what happened, in the reporter's words."""
    story = (
        queries.story_of(look.viewer, look.dossier.id, look.key(Section.NARRATIVE))
        if Section.NARRATIVE in look.sections
        else None
    )
    if not story:
        return None
    title = _("Apa yang terjadi")
    return Panel("intake/panel_narrative.html", title, {"story": story}, opens=Section.NARRATIVE)


def contact(look: Look) -> Panel | None:
    """This will show how the reporter can be reached safely."""
    contact = (
        queries.contact_of(look.viewer, look.dossier.id, look.key(Section.REPORTER))
        if Section.REPORTER in look.sections
        else None
    )
    if not contact:
        return None
    return Panel("intake/panel_contact.html", _("Kontak aman pelapor"), contact, opens=Section.REPORTER)


def thread(look: Look) -> Panel | None:
    """This will show the conversation with the reporter, and the form for an answer where this viewer may answer."""
    if Section.THREAD not in look.sections:
        return None
    url = reverse("intake:answer", args=[look.dossier.reference])
    may_answer = look.may_write(Section.THREAD)
    typed = kept_form(look.request, url) or {}
    messages = queries.thread_of(look.viewer, look.dossier.id, look.key(Section.THREAD))
    form = Message(initial={"message_id": typed.get("message_id") or new_id(), "body": typed.get("body", "")})
    return Panel(
        "intake/panel_thread.html",
        _("Percakapan dengan pelapor"),
        {
            "messages": messages,
            "form": form if may_answer else None,
            "answer_url": url if may_answer else "",
            "kept": bool(typed),
        },
        opens=Section.THREAD if messages else "",
    )
