"""Where a report stands, and who decided so."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.intake import policies, queries
from ruangaman.intake.models import Report, TriageMove
from ruangaman.intake.states import (
    Channel,
    ReporterKind,
    Triage,
    TriageReason,
)


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
