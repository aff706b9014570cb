"""The board of the standards, and what stands behind each figure."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruangaman.access.doors import StaffRequest, page_of, staff
from ruangaman.access.queries import Seat, Viewer
from ruangaman.access.states import Role
from ruangaman.kernel import clock
from ruangaman.standards import actions, queries
from ruangaman.standards.forms import Choosing, name_of
from ruangaman.standards.matrix import Indicator, standard
from ruangaman.standards.policies import Figure, is_reached
from ruangaman.standards.states import LeftOut, NotYet, Who

# Analysts are given figures and open no case. Source: policy/matrix.yaml; security.md, "Who may".
DRILLERS = frozenset({Role.HEAD, Role.SUPERVISOR})
READERS = DRILLERS | {Role.ANALYST}
WIDTH = 200  # units of the bar's drawing: half a percent each


@staff(roles=READERS)
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Heads, supervisors and analysts: every indicator of their unit for a period."""
    now, set_in_force = clock.now(), standard()
    choosing = Choosing(request.GET, _seats(request.viewer), now)
    assert choosing.period is not None
    counted = queries.figures(set_in_force, unit=choosing.unit_id, period=choosing.period)
    drills = _may_drill(request.viewer, choosing.unit_id)
    rows = [_row(set_in_force.indicators[code], figure, choosing, drills) for code, figure in counted.items()]
    others = [
        {
            "code": one.code,
            "title": one.title,
            "url": _url(one, choosing),
            "data": one.data,
            "target": one.target,
        }
        for one in set_in_force.indicators.values()
        if one.counting is None
    ]
    context = {
        "set": set_in_force,
        "choosing": choosing,
        "period_name": name_of(choosing.period),
        "unit_name": choosing.seat.organisation_name,
        "is_over": choosing.period.is_over(now),
        "counted_at": now,
        "rows": rows,
        "others": others,
        "clients": _clients(choosing),
    }
    return render(request, "standards/board.html", context)


def _clients(choosing: Choosing) -> dict[str, Any]:
    assert choosing.period is not None
    counted = queries.clients(unit=choosing.unit_id, period=choosing.period)
    return {
        "rows": [(who.label, *counted[who]) for who in Who if who in counted],
        "all": sum(number for number, _online in counted.values()),
        "online": sum(online for _number, online in counted.values()),
        "unborn": queries.unborn(unit=choosing.unit_id, period=choosing.period),
    }


@staff(roles=READERS)
@require_safe
def indicator(request: StaffRequest, code: str) -> HttpResponse:
    """Heads, supervisors and analysts: one indicator, whole; heads and supervisors: the cases behind its figure."""
    now, set_in_force = clock.now(), standard()
    one = set_in_force.indicators.get(code)
    if one is None:
        raise Http404
    choosing = Choosing(request.GET, _seats(request.viewer), now)
    assert choosing.period is not None
    context: dict[str, Any] = {
        "set": set_in_force,
        "one": one,
        "choosing": choosing,
        "period": choosing.period,
        "period_name": name_of(choosing.period),
        "unit_name": choosing.seat.organisation_name,
        "board_url": f"{reverse('standards:board')}?{choosing.query}",
        "printed": _percent_text(Decimal(one.example.printed.replace(",", ".")), as_written=True),
        "defined": _percent_text(one.example.defined),
        "adopted": _percent_text(one.example.adopted),
    }
    if one.counting:
        figure = queries.figures(set_in_force, unit=choosing.unit_id, period=choosing.period, only=one)[code]
        drills = _may_drill(request.viewer, choosing.unit_id)
        other = queries.beside(set_in_force, one, unit=choosing.unit_id, period=choosing.period)
        context |= {
            "row": _row(one, figure, choosing, drills),
            "not_yet": [(NotYet(why).label, number) for why, number in sorted(figure.not_yet.items())],
            "left_out": [(LeftOut(why).label, number) for why, number in sorted(figure.left_out.items())],
            "beside": other and {"figure": other, "value": _value_text(other)},
            "drills": drills,
        }
        shown = request.GET.get("lihat", "")
        if drills and shown in ("belum", "sudah"):
            context["list"] = _list(request, one, choosing, shown, now)
    return render(request, "standards/indicator.html", context)


def _list(
    request: StaffRequest, one: Indicator, choosing: Choosing, shown: str, now: datetime
) -> dict[str, Any]:
    before = _mark(request.GET.get("sebelum", ""))
    assert choosing.period is not None
    found = queries.behind(
        request.viewer,
        standard(),
        one,
        unit=choosing.unit_id,
        period=choosing.period,
        done=shown == "sudah",
        before=before,
    )
    actions.record_drill(
        viewer=request.viewer,
        unit=choosing.unit_id,
        code=one.code,
        shown=[dossier.id for dossier in found.dossiers],
        at=now,
    )
    here = f"{_url(one, choosing)}&lihat={shown}"
    return {
        "shown": shown,
        "rows": [
            {
                "reference": dossier.reference,
                "url": page_of(dossier),
                "opened_at": dossier.opened_at,
                "stage": dossier.get_stage_display(),
                "erased": dossier.erased_at is not None,
            }
            for dossier in found.dossiers
        ],
        "some_hidden": found.some_hidden,
        "older_url": f"{here}&sebelum={quote(found.older[0].isoformat())}~{found.older[1]}"
        if found.older
        else "",
        "newer_url": here if before else "",
    }


def _row(one: Indicator, figure: Figure, choosing: Choosing, drills: bool) -> dict[str, Any]:
    value = figure.value
    reached = is_reached(figure, one.target)
    missing = ""
    if figure.missing and not reached:
        missing = _("%(number)s belum") % {"number": number_format(figure.missing)}
    url = _url(one, choosing)
    return {
        "code": one.code,
        "title": one.title,
        "unit": one.unit.label,
        "url": url,
        "value": _value_text(figure),
        "figure": figure,
        "target": one.target,
        "agency_figure": one.agency_figure,
        "reached": reached,
        "missing": missing,
        "missing_url": f"{url}&lihat=belum#berkas" if drills and missing else "",
        # As texts: numbers in a drawing are written with a point in every language.
        "bar": str(min(WIDTH, round(value * WIDTH / 100))) if value is not None else "",
        "line": str(min(WIDTH - 2, one.target.percent * WIDTH // 100)) if one.target else "",
    }


def _url(one: Indicator, choosing: Choosing) -> str:
    return f"{reverse('standards:indicator', args=[one.code])}?{choosing.query}"


def _value_text(figure: Figure) -> str:
    return _percent_text(figure.value) if figure.value is not None else _("belum ada")


def _percent_text(value: Decimal, *, as_written: bool = False) -> str:
    text = number_format(value, None if as_written else 2)
    return _("%(value)s %%") % {"value": text}


def _seats(viewer: Viewer) -> list[Seat]:
    return [seat for seat in viewer.seats if seat.role in READERS]


def _may_drill(viewer: Viewer, unit: UUID) -> bool:
    return bool(DRILLERS & viewer.roles_in(unit))


def _mark(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, row = text.partition("~")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(row)
    except (ValueError, OverflowError):
        return None
