"""What the legal process shows on the page of a dossier: that the client is accused, pressure, the steps, the walls."""

from datetime import date, datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.models import Organisation
from ruangaman.access.panels import ClientLook, Event, Look, Milestone, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.justice import queries
from ruangaman.justice.models import LegalStep
from ruangaman.justice.policies import is_child_reported
from ruangaman.justice.states import DIVERSION, NO_PEACE, Side, Step
from ruangaman.people.queries import initials_in, parts_of


def _url(look: Look, name: str, section: str) -> str:
    return reverse(name, args=[look.dossier.reference]) if look.may_write(section) else ""


def _steps(look: Look) -> list[LegalStep]:
    return look.once(queries.steps_of, look.viewer, look.dossier.id)


def _called(look: Look, steps: list[LegalStep]) -> dict[Any, str]:
    """The initials of the clients, where the process is of more than one."""
    if len({one.client_id for one in steps}) < 2:
        return {}
    people = {part.person_id: part.person for part in look.once(parts_of, look.viewer, look.dossier.id)}
    return initials_in(people.values(), look.wrapped)


def accused(look: Look) -> Panel | None:
    """This will warn, near the top, that a client is accused, and say who speaks for her. Source: care.md 21."""
    if Section.LEGAL not in look.sections:
        return None
    against = [one for one in _steps(look) if one.side == Side.AGAINST]
    if not against:
        return None
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    ones = {part.person_id: part.person.one_id for part in parts}  # several records may be of one client
    by_client: dict[Any, list[LegalStep]] = {}
    for one in against:
        by_client.setdefault(ones.get(one.client_id, one.client_id), []).append(one)
    called = _called(look, _steps(look))
    known = {client: queries.defence(steps) for client, steps in by_client.items()}
    opposing = {one.id: one for found in known.values() if found for one in found.opposing}
    reading = (
        queries.sees_the_file(look.viewer, look.dossier.id, opposing, look.at)
        if opposing and Section.TEAM in look.sections
        else set()
    )
    return Panel(
        "justice/panel_accused.html",
        gettext_lazy("Klien dilaporkan balik"),
        {
            "clients": [
                {
                    "initials": called.get(client, ""),
                    "counsel": found.counsel.name if found.counsel else _("pendamping hukum dari unit"),
                    "in_conflict": found.in_conflict,
                    "opposing": ", ".join(one.name for one in found.opposing),
                }
                for client, found in known.items()
                if found
            ],
            "reading": _names(opposing[one] for one in reading),
            "needs_url": _url(look, "cases:needs", Section.PLAN),
            "walls_url": _url(look, "justice:walls", Section.TEAM),
        },
    )


def _names(organisations: Any) -> str:
    found: list[Organisation] = list(organisations)
    return ", ".join(sorted(one.name for one in found))


def pressure(look: Look) -> Panel | None:
    """This will show the pressure to settle that was put on a client, and the way to write it down."""
    if Section.RISK not in look.sections:
        return None
    rows = queries.pressures_of(look.viewer, look.dossier.id)
    url = _url(look, "justice:pressure", Section.RISK)
    if not rows and not url:
        return None
    return Panel(
        "justice/panel_pressure.html",
        gettext_lazy("Tekanan untuk berdamai"),
        {
            "rows": queries.pressed(rows, look.key(Section.RISK)) if rows else [],
            "no_peace": NO_PEACE,
            "write_url": url,
        },
        opens=Section.RISK if rows else "",
    )


def process(look: Look) -> Panel | None:
    """This will show the steps of the legal process on both sides, by the day on which they happened."""
    if Section.LEGAL not in look.sections:
        return None
    rows = _steps(look)
    called = _called(look, rows)
    steps = queries.told(rows, look.key(Section.LEGAL)) if rows else []
    writes = look.may_write(Section.LEGAL) and look.dossier.stage == Stage.CASE
    if not steps and not writes:
        return None
    hers = [one for one in steps if one.side == Side.HERS]
    against = [one for one in steps if one.side == Side.AGAINST]
    diversion = bool(hers) and is_child_reported(look.once(parts_of, look.viewer, look.dossier.id))
    return Panel(
        "justice/panel_process.html",
        gettext_lazy("Proses hukum"),
        {
            "sides": [
                {
                    "label": side.label,
                    "steps": [{"told": one, "who": called.get(one.client_id, "")} for one in told],
                }
                for side, told in ((Side.HERS, hers), (Side.AGAINST, against))
                if told
            ],
            "two": bool(against),
            "diversion": DIVERSION if diversion else "",
            "record_url": reverse("justice:record", args=[look.dossier.reference]) if writes else "",
            "against_url": reverse("justice:against", args=[look.dossier.reference]) if writes else "",
        },
        opens=Section.LEGAL if any(one.number or one.note for one in steps) else "",
        events=[
            Event(
                noon(one.happened_on),
                one.label if one.side == Side.HERS else _("Klien dilaporkan balik: %s") % one.label,
                one.institution,
                whole_day=True,
            )
            for one in steps
        ],
        reached=[Milestone.LAW] if hers else [],
    )


def walls(look: Look) -> Panel | None:
    """This will show who looks after the team the way to whom the file is closed to; it asks nothing by itself."""
    url = _url(look, "justice:walls", Section.TEAM)
    return Panel("justice/panel_walls.html", gettext_lazy("Tembok"), {"walls_url": url}) if url else None


def noon(day: date) -> datetime:
    """This will give the noon of a day, where an event without an hour stands in the timeline."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def client_legal(look: ClientLook) -> Panel | None:
    """This will show a client where the process about what was done to her stands, under a neutral title."""
    if "legal" not in look.opens:
        return None
    found = queries.own_step()
    told = {"step": Step(found[0]).label, "day": found[1]} if found else {}
    return Panel("justice/client_legal.html", _("Perkembangan"), told)
