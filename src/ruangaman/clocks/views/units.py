"""What a unit itself owes by a deadline: its report of the half-year, the notice of a breach of data."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.states import Role
from ruangaman.clocks import actions, forms, queries
from ruangaman.clocks.models import UnitClock
from ruangaman.clocks.queries import pages
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused

# Source: UU 27/2022 Pasal 46 and 53: who looks after personal data answers for telling of a breach, and the head.
BREACH_TELLERS = frozenset({Role.DATA_OFFICER, Role.HEAD})


@staff(roles=pages.UNIT_WATCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: StaffRequest) -> HttpResponse:
    """Heads, supervisors, data officers and lawyers: what their units owe; heads and data officers start the deadlines
    of a breach.
    """
    at, viewer = clock.now(), request.viewer
    seats = [seat for seat in viewer.seats if seat.role in BREACH_TELLERS]
    units = list({str(seat.organisation_id): seat.organisation_name for seat in seats}.items())
    form = (
        forms.Breach(request.POST if request.method == "POST" else None, units=units, at=at)
        if units
        else None
    )
    if form is None and request.method == "POST":
        raise Stranger
    if form is not None and form.is_valid():
        try:
            actions.find_breach(
                viewer=viewer, unit=UUID(form.unit_id), found_at=form.cleaned_data["found_at"], at=at
            )
        except Refused as no:
            form.add_error(None, str(no.message))
        else:
            messages.success(request, _("Tenggat pemberitahuan kebocoran data sudah berjalan."))
            return HttpResponseRedirect(reverse("clocks:unit"))
    clocks = queries.unit_clocks(viewer)
    context = {
        "running": [
            {
                "name": one.definition.said("name"),
                "duty": one.definition.said("duty"),
                "article": one.definition.article,
                "period": one.period,
                "unit": one.unit.name,
                "due_at": one.due_at,
                "late": one.due_at < at,
                "url": reverse("clocks:finish", args=[one.id]),
            }
            for one in clocks
            if one.ended_at is None
        ],
        "ended": [
            {
                "name": one.definition.said("name"),
                "period": one.period,
                "unit": one.unit.name,
                "ended_at": one.ended_at,
                "ended_by": one.ended_by.name if one.ended_by else "",
                "note": one.end_note,
                "late": one.ended_at > one.due_at,
            }
            for one in clocks
            if one.ended_at is not None
        ],
        "form": form,
    }
    bad = form is not None and form.is_bound
    return render(request, "clocks/unit.html", context, status=400 if bad else 200)


@staff(roles=pages.UNIT_WATCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: StaffRequest, unit_clock: UUID) -> HttpResponse:
    """Heads, supervisors, data officers and lawyers: say that their unit did what it owed, and how."""
    found = UnitClock.objects.filter(id=unit_clock).select_related("definition", "unit").first()
    if found is None:
        raise Stranger
    form = forms.Finishing(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.finish_unit_clock(
                viewer=request.viewer, clock=found, note=form.cleaned_data["note"], at=clock.now()
            )
        except Refused as no:
            form.add_error(None, str(no.message))
        else:
            messages.success(request, _("Kewajiban ini tercatat selesai."))
            return HttpResponseRedirect(reverse("clocks:unit"))
    context = {
        "form": form,
        "name": found.definition.said("name"),
        "duty": found.definition.said("duty"),
        "article": found.definition.article,
        "period": found.period,
        "unit": found.unit.name,
        "due_at": found.due_at,
    }
    return render(request, "clocks/finish.html", context, status=400 if form.is_bound else 200)
