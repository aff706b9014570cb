"""Where a report stands, and who decided so."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.intake import policies, queries
from ruangaman.intake.models import FirstAct, Report, TriageMove
from ruangaman.intake.policies.joining import OPEN, TAKE_REPORTS
from ruangaman.intake.states import UNDECIDED, Channel, ReporterKind, Triage, TriageReason
from ruangaman.intake.states.handling import FirstStep
from ruangaman.kernel.fields import Key, unseal


def triage(look: Look) -> Panel | None:
    """This will show where the report stands, who decided so and why, and the way to decide."""
    report: Report | None = look.only("report") if Section.ADMINISTRATION in look.sections else None
    if report is None:
        return None
    moves = look.once(queries.moves_of, look.viewer, look.dossier.id)
    acts = queries.first_acts_of(look.viewer, look.dossier.id) if report.danger_now else []
    waits = report.triage in UNDECIDED
    noted = any(move.note is not None for move in moves)
    must_act = report.danger_now and not acts and look.dossier.stage == Stage.INTAKE
    return Panel(
        "intake/panel_triage.html",
        _("Triase"),
        {
            "state": Triage(report.triage).label,
            "waits": waits,
            "awaited": report.awaits_outreach,
            "about_staff": report.about_staff,
            "in_flood": report.in_flood and waits,
            "reporter": ReporterKind(report.reporter_kind).label if report.reporter_kind else "",
            "moves": [_move(one, look.key(Section.ADMINISTRATION) if noted else None) for one in moves],
            "acts": [_act(one) for one in acts],
            "must_act": policies.emergency_rule() if must_act else "",
            "rules": _rules(report) if waits else [],
            **_links(look, report),
        },
        opens=Section.ADMINISTRATION if noted else "",
        events=_told(report, moves, acts),
        reached=[Milestone.REPORT],
    )


def _move(move: TriageMove, key: Key | None) -> dict[str, Any]:
    return {
        "after": Triage(move.after).label,
        "reason": TriageReason(move.reason).label,
        "note": unseal(move, "note", key) if key and move.note is not None else "",
        "by": move.decided_by.name,
        "at": move.decided_at,
    }


def _act(act: FirstAct) -> dict[str, Any]:
    return {"step": FirstStep(act.step).label, "by": act.done_by.name, "at": act.done_at}


def _rules(report: Report) -> list[str]:
    """What the law and the rules of care ask of this report."""
    alone = policies.is_child_alone(age_band=report.age_band, reporter_kind=report.reporter_kind)
    return [
        *([] if policies.is_from_victim(report.reporter_kind) else [policies.outreach_rule()]),
        *([policies.child_rule()] if alone else []),
    ]


def _links(look: Look, report: Report) -> dict[str, Any]:
    """Where this viewer goes on from here, by what they may write."""
    reference, roles = look.dossier.reference, look.viewer.roles_in(look.dossier.unit_id)
    writes = look.may_write(Section.ADMINISTRATION) and look.dossier.erased_at is None
    intake = look.dossier.stage == Stage.INTAKE
    decides = (
        writes
        and intake
        and (
            policies.may_be_taken_back(now=report.triage, attempts=False)
            or bool(
                policies.offered_moves(
                    now=report.triage,
                    reporter_kind=report.reporter_kind,
                    reached=False,
                    child_alone=False,
                    answered=False,
                    roles=roles,
                )
            )
        )
    )
    plans = (
        report.triage == Triage.OUTREACH
        and look.dossier.erased_at is None
        and look.may_write(Section.RISK)
        and look.may_write(Section.TEAM)
    )
    goes_on = writes and report.triage in OPEN
    offered = (
        (goes_on and intake, "intake:merge", _("Gabungkan dengan berkas lain")),
        (
            goes_on and look.dossier.stage != Stage.CLOSED and bool(TAKE_REPORTS & roles),
            "intake:split",
            _("Pisahkan menjadi laporan sendiri"),
        ),
        (goes_on and intake, "intake:transfer", _("Rujuk ke daerah lain")),
        (
            bool(policies.SENIOR & roles) and look.may_write(Section.TEAM),
            "intake:walls",
            _("Yang dijauhkan dari berkas"),
        ),
    )
    return {
        "triage_url": reverse("intake:triage", args=[reference]) if decides else "",
        "plan_url": reverse("intake:plan_outreach", args=[reference]) if plans else "",
        "act_url": reverse("intake:first_act", args=[reference])
        if writes and intake and report.danger_now
        else "",
        "more": [
            {"url": reverse(name, args=[reference]), "text": text} for may, name, text in offered if may
        ],
    }


def _told(report: Report, moves: list[TriageMove], acts: list[FirstAct]) -> list[Event]:
    events = [Event(report.received_at, _("Laporan diterima"), Channel(report.channel).label)]
    if report.first_answered_at:
        events.append(Event(report.first_answered_at, _("Jawaban pertama kepada pelapor")))
    events += [Event(act.done_at, _("Langkah pertama: %s") % FirstStep(act.step).label) for act in acts]
    events += [
        Event(move.decided_at, _("Triase: %s") % Triage(move.after).label)
        for move in moves
        if move.reason != TriageReason.ANSWERED
    ]
    return events
