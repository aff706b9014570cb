"""The page of one dossier: its head, how far it has come, the panels of the rooms, the timeline."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.panels import Look, Milestone, Panel, panels_for
from ruangaman.access.queries import dossier_whole
from ruangaman.access.states import Section, Stage
from ruangaman.cases.models import Case
from ruangaman.cases.states import RiskLevel
from ruangaman.desk import policies
from ruangaman.desk.views import ACTOR, told
from ruangaman.desk.views.cases import RISK_TAGS
from ruangaman.intake.models import Report
from ruangaman.intake.queries.there import MARKS
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.ledger import queries as ledger
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import PEOPLE, parts_of
from ruangaman.people.states import CHILD_BANDS, PartStatus, PersonRole

# Where a panel stands. Everything else is work, in the order in which the rooms registered it.
SAFETY = "cases/panel_safety.html"
# How to address her and how dangerous it is come before anything else.
ON_TOP = frozenset({SAFETY, "people/panel_on_top.html"})
WHO = frozenset(
    {"people/panel_identity.html", "people/panel_profile.html", "intake/panel_contact.html"}
)  # who she is, how to reach her safely
WORK_FIRST = "services/panel_table.html"  # need, consent, plan and deed side by side
DECIDED_LONG_AGO = frozenset({"intake/panel_triage.html", "intake/panel_outreach.html"})  # once it is a case
# What an officer reads and decides before anything else, as long as it is a report.
REPORT_FIRST = DECIDED_LONG_AGO | {
    "intake/panel_rings.html",
    "intake/panel_narrative.html",
    "intake/panel_thread.html",
}
BESIDE = frozenset({"cases/panel_team.html", "consent/panel_recalls.html"})
RISKS = {
    RiskLevel.HIGH: gettext_lazy("risiko tinggi"),
    RiskLevel.MEDIUM: gettext_lazy("risiko sedang"),
    RiskLevel.LOW: gettext_lazy("risiko rendah"),
}
HIGH = RISK_TAGS[RiskLevel.HIGH]
HAS_ONCE = ("report__place", "case__manager", "assessment__done_by")  # read along with the dossier
NEWEST = 12  # events of the timeline that stand open; the earlier ones unfold


@staff(section=Section.FILE)
@require_safe
def dossier(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may see this dossier: its parts, as far as they reach."""
    now = clock.now()
    whole = dossier_whole(request.viewer, reference, now, *HAS_ONCE, **MARKS)
    if whole is None:
        raise Stranger(reference)
    found, sections = whole.dossier, whole.reads
    look = Look(request.viewer, found, sections, whole.writes, now, request)
    made = panels_for(look)
    head = _head(look, whole.held - sections)
    head["open_url"] = _taken_out_of(made, "people/panel_identity.html", "open_url")
    events = sorted((event for panel in made for event in panel.events), key=lambda e: e.at, reverse=True)
    reached = {Milestone.REPORT, *(step for panel in made for step in panel.reached)}
    context: dict[str, Any] = {
        "dossier": head,
        "steps": policies.steps(reached, sections),
        "events": events[:NEWEST],
        "earlier": events[NEWEST:],
        **_placed(made, is_case=found.stage != Stage.INTAKE),
    }
    if Section.JOURNAL in sections:
        context["entries"] = told(ledger.entries_about(found.id, actor_name=ACTOR), {found.id: ""})
    # After the journal was read: it tells what was before this look. A breach is told from these entries.
    opened = sorted({section for panel in made for section in str(panel.opens).split()})
    if opened:
        record(Verb.OPENED, at=now, by=request.viewer.id, unit=found.unit_id, dossier=found.id, fields=opened)
    return render(request, "desk/dossier.html", context)


def _head(look: Look, withheld: Iterable[str]) -> dict[str, Any]:
    """What stands above everything: reference, where it is, who she is without her name."""
    found, sections = look.dossier, look.sections
    told = Section.ADMINISTRATION in sections
    report: Report | None = look.only("report") if told else None
    case: Case | None = look.only("case") if told else None
    risk = RiskLevel(case.risk) if case and case.risk else None
    people = look.once(parts_of, look.viewer, found.id) if sections & set(PEOPLE) else []
    live = [part for part in people if part.status == PartStatus.ACTIVE]
    client = next((part.person for part in live if part.role == PersonRole.CLIENT), None)
    reporter = next((part.person for part in live if part.role == PersonRole.REPORTER), None)
    facts = (
        _who(client.age_band) if client else "",
        report.place.name if report and report.place else "",
    )
    return {
        "reference": found.reference,
        "initials": _initials(look, client or reporter),
        "facts": [fact for fact in facts if fact],
        "stage_label": Stage(found.stage).label,
        "risk": RISKS[risk] if risk else "",
        "risk_tag": RISK_TAGS[risk] if risk else "",
        "received_at": found.opened_at,
        "danger": bool(report and report.danger_now) and found.stage == Stage.INTAKE,
        "erased_at": found.erased_at,
        "withheld": [Section(name).label for name in sorted(withheld)],
    }


def _initials(look: Look, person: Person | None) -> str:
    """The client's, else the reporter's; ``?`` where they were altered, as in the lists."""
    try:
        key = look.key(person.section) if person else None
        return (unseal(person, "initials", key) or "") if person and key else ""
    except Unreadable:
        return "?"


def _who(band: str) -> str:
    """How old the client is: anak, 13–17 th. The registered sex stands on no page. Source: care.md 22."""
    years = _("%s th") % band.replace("-", "–") if band else ""
    return ", ".join(part for part in (_("anak") if band in CHILD_BANDS else "", years) if part)


def _taken_out_of(made: Sequence[Panel], template: str, name: str) -> str:
    """Takes a value out of a panel that shows it, to show it in the head instead."""
    return next((str(panel.context.pop(name, "")) for panel in made if panel.template == template), "")


def _look(panel: dict[str, Any]) -> str:
    if panel["template"] != SAFETY:
        return ""
    return "safety safety--high" if panel["context"].get("tag") == HIGH else "safety"


def _placed(made: Iterable[Panel], *, is_case: bool) -> dict[str, list[dict[str, Any]]]:
    drawn = [
        {"template": panel.template, "title": panel.title, "context": panel.context}
        for panel in made
        if panel.template
    ]

    def order(panel: dict[str, Any]) -> int:
        if not is_case:
            return 0 if panel["template"] in REPORT_FIRST else 1
        if panel["template"] == WORK_FIRST:
            return 0
        return 2 if panel["template"] in DECIDED_LONG_AGO else 1

    top = [{**panel, "look": _look(panel)} for panel in drawn if panel["template"] in ON_TOP]
    return {
        "on_top": top,
        "who": [p for p in drawn if p["template"] in WHO],
        "work": sorted((p for p in drawn if p["template"] not in ON_TOP | WHO | BESIDE), key=order),
        "beside": [p for p in drawn if p["template"] in BESIDE],
    }
