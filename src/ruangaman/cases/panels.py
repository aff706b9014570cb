"""What cases shows on the page of a dossier: safety on top, the assessment, the coding, the team."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Role, Section, Stage
from ruangaman.cases import queries
from ruangaman.cases.models import Case
from ruangaman.cases.states import Online, RiskLevel, Setting

RISK_TAGS = {RiskLevel.HIGH: "tag--danger", RiskLevel.MEDIUM: "tag--care", RiskLevel.LOW: "tag--good"}


def _url(look: Look, name: str, section: str) -> str:
    return reverse(name, args=[look.dossier.reference]) if look.may_write(section) else ""


def safety(look: Look) -> Panel | None:
    """This will show the newest safety note on top of everything."""
    if Section.RISK not in look.sections:
        return None
    note = queries.newest_note(look.dossier.id, look.key(Section.RISK))
    url = _url(look, "cases:safety", Section.RISK)
    if note is None and not url:
        return None
    context: dict[str, Any] = {"write_url": url}
    if note:
        context |= {
            "level": note.row.get_level_display(),
            "tag": RISK_TAGS[RiskLevel(note.row.level)],
            "text": note.text,
            "by": note.row.written_by.name,
            "at": note.row.written_at,
        }
    return Panel("cases/panel_safety.html", _("Keamanan"), context, opens=Section.RISK if note else "")


def assessment(look: Look) -> Panel | None:
    """This will show the initial assessment, or the way to write it."""
    if Section.NARRATIVE not in look.sections:
        return None
    found = queries.assessed(look.only("assessment"), look.key(Section.NARRATIVE))
    url = _url(look, "cases:assess", Section.NARRATIVE)
    if found is None:
        return Panel("cases/panel_assessment.html", _("Asesmen awal"), {"write_url": url}) if url else None
    return Panel(
        "cases/panel_assessment.html",
        _("Asesmen awal"),
        {
            "write_url": url,
            "chronology": found.chronology,
            "hopes": found.hopes,
            "seen_alone": found.row.seen_alone,
            "by": found.row.done_by.name,
            "at": found.row.done_at,
        },
        opens=Section.NARRATIVE,
        events=[Event(found.row.done_at, _("Asesmen dicatat"), found.row.done_by.name)],
        reached=[Milestone.ASSESSMENT],
    )


def incident(look: Look) -> Panel | None:
    """This will show how the incident is coded, or the way to code it."""
    if Section.CODING not in look.sections:
        return None
    coded = queries.incidents_of(look.viewer, look.dossier.id)
    url = _url(look, "cases:incident", Section.CODING)
    if not coded and not url:
        return None
    rows = [
        {
            "forms": ", ".join(str(form.label) for form in one.forms),
            "happened_on": one.row.happened_on,
            "setting": Setting(one.row.setting).label if one.row.setting else "",
            "place": one.row.place.name if one.row.place else "",
            "online": Online(one.row.online).label if one.row.online else "",
            "hour": one.row.happened_from,
            "penetration": one.row.get_penetration_display(),
        }
        for one in coded
    ]
    return Panel("cases/panel_incident.html", _("Kejadian"), {"rows": rows, "write_url": url})


def team(look: Look) -> Panel | None:
    """This will show who holds the case and who works on it, and the way to take it."""
    if Section.ADMINISTRATION not in look.sections:
        return None
    case: Case | None = look.only("case")
    mates = (
        queries.mates(look.viewer, look.dossier.id, look.dossier.unit_id, look.at)
        if Section.TEAM in look.sections
        else []
    )
    may_take = (
        look.dossier.stage != Stage.CLOSED
        and look.may_write(Section.ADMINISTRATION)
        and Role.CASE_MANAGER in look.viewer.roles_in(look.dossier.unit_id)
        and (case is None or case.manager_id != look.viewer.id)
    )
    take_url = reverse("cases:take", args=[look.dossier.reference]) if may_take else ""
    team_url = _url(look, "cases:team", Section.TEAM)
    if case is None and not mates and not take_url and not team_url:
        return None
    return Panel(
        "cases/panel_team.html",
        _("Tim"),
        {
            "manager": case.manager.name if case else "",
            "team": mates,
            "take_url": take_url,
            "taken": case is not None,
            "team_url": team_url,
        },
        events=[Event(case.taken_at, _("Menjadi kasus"), case.manager.name)] if case else [],
    )
