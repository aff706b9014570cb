"""The deadlines of a dossier: what runs, what stands still and why, what has ended."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Look, Panel
from ruangaman.clocks import queries
from ruangaman.clocks.models import Clock, Pause
from ruangaman.clocks.queries import pages
from ruangaman.clocks.states import PauseReason

A_DAY = timedelta(days=1)


def deadlines(look: Look) -> Panel | None:
    """This will show the deadlines in reach, the earliest first; one query, and one more where one stands still."""
    clocks = look.once(queries.clocks_of, look.viewer, look.dossier.id)
    if not clocks:
        return None
    running = [one for one in clocks if one.ended_at is None]
    ended = [one for one in clocks if one.ended_at is not None]
    still = any(one.paused_at for one in running)
    pauses = pages.open_pauses(look.viewer, look.dossier.id) if still else {}
    return Panel(
        "clocks/panel_deadlines.html",
        _("Tenggat"),
        {
            "running": [_running(look, one, pauses.get(one.id)) for one in running],
            "ended": [
                {
                    "name": one.definition.said("name"),
                    "url": reverse("clocks:detail", args=[one.id]),
                    "ending": one.get_ending_display(),
                    "ended_at": one.ended_at,
                    "late": bool(one.ended_at and one.ended_at > one.due_at and not one.paused_at),
                }
                for one in ended
            ],
        },
    )


def _running(look: Look, one: Clock, pause: Pause | None) -> dict[str, Any]:
    definition = one.definition
    return {
        "name": definition.said("name"),
        "duty": definition.said("duty"),
        "article": definition.article,
        "url": reverse("clocks:detail", args=[one.id]),
        "due_at": one.due_at,
        "holder": who(one),
        "paused_at": one.paused_at,
        "pause_reason": PauseReason(pause.reason).label if pause else "",
        **tag(one, look.at),
        "ways": ways(one, writes=look.may_write(one.section)),
    }


def who(one: Clock) -> str:
    """This will name who has to do it."""
    return pages.holder_name(one.holder_id, one.holder.name if one.holder else None)


def tag(one: Clock, at: datetime) -> dict[str, Any]:
    """This will say how a deadline stands and how that looks. Red is for danger alone."""
    if one.paused_at:
        return {"state": _("dijeda"), "look": ""}
    late = one.due_at < at
    if one.definition.urgent:
        return {"state": _("lewat tenggat") if late else _("mendesak"), "look": "tag--danger"}
    if late:
        return {"state": _("lewat tenggat"), "look": "tag--late"}
    return (
        {"state": _("segera"), "look": "tag--care"} if one.due_at < at + A_DAY else {"state": "", "look": ""}
    )


def ways(one: Clock, *, writes: bool) -> dict[str, str]:
    """This will give the addresses of what may be done with a clock now; none for who may only read it."""
    if not writes or one.ended_at is not None:
        return {}
    found = {}
    if one.definition.needs_decision:
        found["rule"] = reverse("clocks:ruling", args=[one.id])
    else:
        found["end"] = reverse("clocks:end", args=[one.id])
    if one.paused_at:
        found["resume"] = reverse("clocks:resume", args=[one.id])
    elif one.definition.may_pause:
        found["pause"] = reverse("clocks:pause", args=[one.id])
    return found
