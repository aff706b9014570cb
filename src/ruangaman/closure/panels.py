"""What the way home and the end show on the page of a dossier."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.closure import queries
from ruangaman.closure.models import Ending, HomeVisit, Invitee, Return
from ruangaman.justice.panels import noon
from ruangaman.kernel.fields import Key, unseal


def way_home(look: Look) -> Panel | None:
    """This will show the return, closed meetings, visits and the end, with what can be done next; four queries."""
    if Section.PLAN not in look.sections or look.dossier.stage == Stage.INTAKE:
        return None
    key = look.key(Section.PLAN)
    returns = queries.returns_of(look.viewer, look.dossier.id)
    invitees = queries.invitees_of(look.viewer, look.dossier.id)
    home = queries.newest_home(returns)
    visits = queries.visits_of(look.viewer, look.dossier.id) if home else []
    endings = queries.endings_of(look.viewer, look.dossier.id)
    context = {
        "returns": [_return(one, key) for one in returns],
        "meetings": _meetings(look, invitees, key),
        "visits": [_visit(one, key) for one in visits],
        "worry": bool(visits) and not visits[-1].no_violence and look.dossier.stage == Stage.CASE,
        "endings": [_ending(one, key) for one in endings],
        **_ways(look, returns, home is not None),
    }
    if not any(context.values()):
        return None
    ended = look.dossier.stage == Stage.CLOSED
    return Panel(
        "closure/panel_way_home.html",
        _("Pulang dan selesai"),
        context,
        opens=Section.PLAN if returns or invitees or visits or endings else "",
        events=_events(returns, invitees, visits, endings),
        reached=[*([Milestone.HOME] if home else []), *([Milestone.ENDED] if ended else [])],
    )


def _open(row: Any, field: str, key: Key | None) -> str:
    return (unseal(row, field, key) if key else None) or ""


def _return(one: Return, key: Key | None) -> dict[str, Any]:
    return {
        "destination": one.get_destination_display(),
        "preparation": _open(one, "preparation", key),
        "prepared_at": one.prepared_at,
        "returned_on": one.returned_on,
        "reunited_on": one.reunited_on,
    }


def _meetings(look: Look, invitees: list[Invitee], key: Key | None) -> list[dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for one in invitees:
        told = found.setdefault(
            one.meeting_id,
            {"held_on": one.meeting.held_on, "agreed": _open(one.meeting, "agreed", key), "who": []},
        )
        # Who reads the plan and not who is around her sees that somebody was there.
        own = look.key(one.person.section) if one.person.section in look.sections else None
        told["who"].append(_open(one.person, "initials", own) or "–")
    return list(found.values())


def _visit(one: HomeVisit, key: Key | None) -> dict[str, Any]:
    return {
        "visited_on": one.visited_on,
        "by": one.visited_by.name,
        "found": (
            (_("tidak ada kekerasan lagi"), one.no_violence),
            (_("diterima tanpa stigma"), one.no_stigma),
            (_("diberi kesempatan dan dukungan"), one.supported),
        ),
        "note": _open(one, "note", key),
        "next_on": one.next_on,
    }


def _ending(one: Ending, key: Key | None) -> dict[str, Any]:
    return {
        "reason": one.get_reason_display(),
        "word_of": one.get_word_of_display(),
        "asked_privately": one.asked_privately,
        "by": one.decided_by.name,
        "at": one.decided_at,
        "note": _open(one, "note", key),
        "reopening": one.get_reopening_display(),
        "reopened_at": one.reopened_at,
        "reopened_by": one.reopened_by.name if one.reopened_by else "",
        "reopening_note": _open(one, "reopening_note", key),
    }


def _ways(look: Look, returns: list[Return], at_home: bool) -> dict[str, str]:
    """The buttons: only what can be done now, and only for who may write it."""
    plans = look.dossier.stage == Stage.CASE and look.may_write(Section.PLAN)
    files = look.may_write(Section.FILE)
    waiting = any(one.returned_on is None for one in returns)
    apart = any(one.returned_on and one.reunited_on is None for one in returns)
    ways = {
        "prepare": plans,
        "meeting": plans and bool(returns),
        "home": plans and (waiting or apart),
        "visit": plans and at_home,
        "end": files and look.dossier.stage == Stage.CASE,
        "reopen": files and look.dossier.stage == Stage.CLOSED,
    }
    return {
        f"{name}_url": reverse(f"closure:{name}", args=[look.dossier.reference]) if there else ""
        for name, there in ways.items()
    }


def _events(
    returns: list[Return], invitees: list[Invitee], visits: list[HomeVisit], endings: list[Ending]
) -> list[Event]:
    found = [Event(one.prepared_at, _("Pemulangan disiapkan")) for one in returns]
    found += [
        Event(noon(one.returned_on), _("Pulang"), one.get_destination_display(), whole_day=True)
        for one in returns
        if one.returned_on
    ]
    found += [
        Event(noon(one.reunited_on), _("Diterima kembali"), whole_day=True)
        for one in returns
        if one.reunited_on
    ]
    met = {one.meeting_id: one.meeting.held_on for one in invitees}
    found += [Event(noon(day), _("Pertemuan tertutup"), whole_day=True) for day in met.values()]
    found += [
        Event(noon(one.visited_on), _("Kunjungan rumah"), one.visited_by.name, whole_day=True)
        for one in visits
    ]
    for one in endings:
        found.append(Event(one.decided_at, _("Kasus berakhir"), one.get_reason_display()))
        if one.reopened_at:
            found.append(Event(one.reopened_at, _("Kasus dibuka lagi"), one.get_reopening_display()))
    return found
