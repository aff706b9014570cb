"""The rules of deadlines: what is in force, every version, and a new one for the own organisation."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.duties import Kind
from ruangaman.access.queries import Seat, Viewer
from ruangaman.access.states import Role, Section
from ruangaman.clocks import actions, forms
from ruangaman.clocks.actions.defining import Version
from ruangaman.clocks.models import Definition
from ruangaman.clocks.policies import DRAFTERS
from ruangaman.clocks.queries import pages
from ruangaman.clocks.states import Event
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id

READERS = frozenset({Role.LAWYER, Role.HEAD, Role.SUPERVISOR, Role.DATA_OFFICER, Role.CASE_MANAGER})
MOST_COUNTED = 100
BEGINS_WITH = (
    "is_on", "name", "duty", "article", "amount", "measure", "told_roles", "before_hours", "after_hours",
    "escalate_hours", "may_pause", "name_en", "duty_en",
)  # fmt: skip


@staff(roles=READERS)
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """Lawyers, heads, supervisors, data officers and case managers: the deadlines in force at their organisation."""
    seat, today = seat_of(request), timezone.localdate(clock.now())
    versions = pages.versions_for(seat.organisation_id)
    now, later = _in_force(versions, today), _later(versions, today)
    rows = [
        {
            **_told(one),
            "url": f"{reverse('clocks:rule', args=[one.code])}?unit={seat.organisation_id}",
            "changes_on": later[one.code].from_on if one.code in later else None,
        }
        for one in sorted(now.values(), key=lambda one: (not one.section, one.said("name")))
    ]
    context = {
        "rows": rows,
        "seat": seat,
        "others": others_of(request, seat, reverse("clocks:rules")),
        "writes": may_write(request.viewer, seat),
    }
    return render(request, "clocks/rules.html", context)


@staff(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: StaffRequest, code: str) -> HttpResponse:
    """Lawyers, heads, supervisors, data officers and case managers: one deadline with its versions; lawyers and heads
    write a new one.
    """
    seat, at = seat_of(request), clock.now()
    today = timezone.localdate(at)
    versions = pages.versions_for(seat.organisation_id, code)
    if not versions:
        raise Stranger
    page = f"{reverse('clocks:rule', args=[code])}?unit={seat.organisation_id}"
    form = None
    if may_write(request.viewer, seat):
        newest = versions[0]
        form = forms.Version(
            request.POST if request.method == "POST" else None,
            replaces=newest,
            today=today,
            initial={name: getattr(newest, name) for name in BEGINS_WITH}
            | {"from_on": today, "definition_id": new_id()},
        )
        if form.is_valid():
            try:
                actions.define(
                    viewer=request.viewer,
                    owner=seat.organisation_id,
                    code=code,
                    version=Version(**form.values()),
                    at=at,
                    definition_id=form.cleaned_data["definition_id"],
                )
            except Refused as no:
                form.add_error(None, str(no.message))
            else:
                messages.success(
                    request, _("Aturan baru tersimpan. Tenggat yang sudah berjalan tidak berubah.")
                )
                return HttpResponseRedirect(page)
    elif request.method == "POST":
        raise Stranger
    present = _in_force(versions, today).get(code, versions[0])
    units = [one.organisation_id for one in request.viewer.seats]
    running = pages.count_running(request.viewer, units, present.id, MOST_COUNTED) if present.section else 0
    context = {
        "now": {**_told(present), **_fixed(present)},
        "versions": [
            {**_told(one), "is_present": one.id == present.id, "ahead": one.from_on > today}
            for one in versions
        ],
        "running": "99+" if running >= MOST_COUNTED else str(running or ""),
        "seat": seat,
        "others": others_of(request, seat, reverse("clocks:rule", args=[code])),
        "form": form,
        "page": page,
        "back": f"{reverse('clocks:rules')}?unit={seat.organisation_id}",
    }
    bad = form is not None and form.is_bound
    return render(request, "clocks/rule.html", context, status=400 if bad else 200)


def seat_of(request: StaffRequest) -> Seat:
    """The organisation whose rules are looked at: the one that the address names, or the first of one's own."""
    seats = [seat for seat in request.viewer.seats if seat.role in READERS]
    return next((seat for seat in seats if str(seat.organisation_id) == request.GET.get("unit")), seats[0])


def others_of(request: StaffRequest, here: Seat, page: str) -> list[tuple[str, str]]:
    """The other organisations of somebody who reads the rules of several: (name, address)."""
    names = {s.organisation_id: s.organisation_name for s in request.viewer.seats if s.role in READERS}
    return [(name, f"{page}?unit={one}") for one, name in names.items() if one != here.organisation_id]


def may_write(viewer: Viewer, seat: Seat) -> bool:
    """Whether somebody is lawyer or head there. It spares a useless form; the database decides."""
    return bool(DRAFTERS & viewer.roles_in(seat.organisation_id))


def _in_force(versions: Iterable[Definition], today: date) -> dict[str, Definition]:
    """Of each code the version in force; they come nearest owner first, newest first."""
    found: dict[str, Definition] = {}
    for one in versions:
        if one.from_on <= today:
            found.setdefault(one.code, one)
    return found


def _later(versions: Iterable[Definition], today: date) -> dict[str, Definition]:
    """Of each code the first change that is written already; a version further away than the one in force is none."""
    found: dict[str, Definition] = {}
    decided: set[str] = set()
    for one in versions:
        if one.from_on <= today:
            decided.add(one.code)
        elif one.code not in decided:
            found[one.code] = one
    return found


def _told(one: Definition) -> dict[str, Any]:
    roles = dict(Role.choices)
    return {
        "code": one.code,
        "name": one.said("name"),
        "duty": one.said("duty"),
        "article": one.article,
        "length": one.length,
        "told": [roles.get(role, role) for role in one.told_roles],
        "before": one.before_hours,
        "after": one.after_hours,
        "escalate": one.escalate_hours,
        "may_pause": one.may_pause,
        "from_on": one.from_on,
        "is_on": one.is_on,
        "owner": getattr(one, "owner_name", None) or _("nasional"),
    }


def _fixed(one: Definition) -> dict[str, Any]:
    """What the program knows of a deadline, and no version changes."""
    return {
        "starts_on": Event(one.starts_on).label,
        "ends_on": [Event(event).label for event in one.ends_on],
        "section": Section(one.section).label if one.section else "",
        "kind": Kind(one.kind).label,
        "needs_decision": one.needs_decision,
        "urgent": one.urgent,
    }
