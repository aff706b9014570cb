"""The board of deadlines: what is late or near, by kind, person and unit."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruangaman.access.doors import StaffRequest, page_of, staff
from ruangaman.access.states import Section
from ruangaman.clocks.forms import LATE, NEAR, NOBODY, Chosen
from ruangaman.clocks.models import Clock
from ruangaman.clocks.panels import tag, who
from ruangaman.clocks.queries import pages
from ruangaman.clocks.queries.pages import Tally
from ruangaman.clocks.views.rules import READERS
from ruangaman.kernel import clock

MOST_COUNTED = 100  # beyond, a page says "99+" (security.md, point 3)
Key = Callable[[Tally], tuple[str, str]]


@staff(section=Section.FILE)
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Supervisors and heads: the deadlines of their units that are late or near; everybody else: those they hold."""
    now, chosen = clock.now(), Chosen.read(request.GET)
    counted = pages.tally(request.viewer, now)
    found = pages.board(request.viewer, now, chosen.narrows(now), after=_mark(request.GET.get("sesudah", "")))
    matching = [one for one in counted if chosen.holds(one)]
    tables = [
        _table(_("Menurut tenggat"), "kode", counted, chosen, lambda one: (one.code, one.name)),
        _table(_("Menurut pemegang"), "orang", counted, chosen, _holder),
        _table(_("Menurut unit"), "unit", counted, chosen, lambda one: (str(one.unit_id), one.unit)),
    ]
    units = {one.unit_id for one in counted}
    context = {
        "watches": bool(pages.WATCHERS & request.viewer.roles),
        "tiles": [
            _tile(chosen, LATE, _("lewat tenggat"), sum(one.late for one in matching), "care"),
            _tile(chosen, NEAR, _("jatuh dalam 7 hari"), sum(one.near for one in matching), ""),
        ],
        "tables": [t for t in tables if t["rows"] and (t["field"] != "unit" or len(units) > 1)],
        "only": _only(chosen, counted),
        "rows": [_row(row, now) for row in found.rows],
        "next_url": f"{chosen.address}&sesudah={quote(found.next)}" if found.next else "",
        "pages": [
            (label, reverse(name))
            for label, name, roles in (
                (_("Aturan tenggat"), "clocks:rules", READERS),
                (_("Kalender kerja"), "clocks:calendar", READERS),
                (_("Kewajiban unit"), "clocks:unit", pages.UNIT_WATCHERS),
            )
            if roles & request.viewer.roles
        ],
    }
    return render(request, "clocks/board.html", context)


def _row(row: Clock, at: datetime) -> dict[str, Any]:
    return {
        "due_at": row.due_at,
        "name": row.definition.said("name"),
        "article": row.definition.article,
        "reference": row.dossier.reference,
        "holder": who(row),
        "url": page_of(row.dossier),
        **tag(row, at),
    }


def _mark(text: str) -> tuple[datetime, UUID] | None:
    """Where a page of the list begins; None where the address says nothing of use."""
    moment, _sign, row = text.partition("~")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(row)
    except (ValueError, OverflowError):
        return None


def _count(number: int) -> str:
    return "99+" if number >= MOST_COUNTED else str(number)


def _tile(chosen: Chosen, state: str, label: str, number: int, tone: str) -> dict[str, Any]:
    return {
        "label": label,
        "count": _count(number),
        "tone": tone if number else "none",
        "url": chosen.but(keadaan=state).address,
        "chosen": chosen.keadaan == state,
    }


def _holder(one: Tally) -> tuple[str, str]:
    return str(one.holder_id or NOBODY), one.holder


def _table(title: str, field: str, counted: Sequence[Tally], chosen: Chosen, key: Key) -> dict[str, Any]:
    """Counts by one of the three, within what was chosen of the other two; each count opens its list."""
    rest = chosen.but(keadaan="", **{field: ""})
    sums: dict[tuple[str, str], list[int]] = {}
    for one in counted:
        if rest.holds(one):
            line = sums.setdefault(key(one), [0, 0])
            line[0] += one.late
            line[1] += one.near
    in_order = sorted(sums.items(), key=lambda line: (-line[1][0], -line[1][1], line[0][1]))
    return {
        "title": title,
        "field": field,
        "rows": [
            {
                "label": label,
                "late": _count(late) if late else "",
                "near": _count(near) if near else "",
                "late_url": rest.but(keadaan=LATE, **{field: value}).address,
                "near_url": rest.but(keadaan=NEAR, **{field: value}).address,
            }
            for (value, label), (late, near) in in_order
        ],
    }


def _only(chosen: Chosen, counted: Sequence[Tally]) -> str:
    """What the list is narrowed to, in words; empty where it is not."""
    words = [one.name for one in counted if chosen.kode == one.code]
    words += [one.holder for one in counted if chosen.orang == _holder(one)[0]]
    words += [one.unit for one in counted if chosen.unit == str(one.unit_id)]
    if chosen.keadaan:
        words.append(_("lewat tenggat") if chosen.keadaan == LATE else _("jatuh dalam 7 hari"))
    return " · ".join(dict.fromkeys(words))
