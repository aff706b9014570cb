"""Buildings, rooms, vehicles and interpreters of a unit."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.models import Organisation
from ruangaman.agenda.actions import venues as actions
from ruangaman.agenda.forms.venues import NewResource, NewVenue
from ruangaman.agenda.models import Resource, Venue
from ruangaman.agenda.policies.bookings import OVERRIDERS
from ruangaman.agenda.queries.places import areas_around, things_of
from ruangaman.agenda.states import ResourceKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.places.models import Place


@staff(roles=OVERRIDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: StaffRequest) -> HttpResponse:
    """Supervisors and heads: where and with what appointments of their unit can be."""
    unit = _unit(request)
    venues, resources = things_of(request.viewer, [unit.id])
    what = request.POST.get("what", "")
    new_venue = NewVenue(
        request.POST if what == "venue" else None, prefix="venue", areas=areas_around(unit.place_id or "")
    )
    new_resource = NewResource(
        request.POST if what == "resource" else None,
        prefix="resource",
        venues=[(str(one.id), one.name) for one in venues if one.is_active],
    )
    form = new_venue if what == "venue" else new_resource
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        at: dict[str, Any] = {"viewer": request.viewer, "unit": unit.id, "at": clock.now()}
        try:
            if what == "venue":
                actions.add_venue(name=told["name"], area=Place.objects.get(code=told["area"]), **at)
            else:
                venue = next((one for one in venues if str(one.id) == told["venue"]), None)
                actions.add_resource(kind=ResourceKind(told["kind"]), name=told["name"], venue=venue, **at)
            messages.success(request, _("Ditambahkan."))
            return redirect("agenda:places")
        except Refused as no:
            form.add_error(None, str(no.message))
    return render(
        request,
        "agenda/places.html",
        {"venues": venues, "resources": resources, "new_venue": new_venue, "new_resource": new_resource},
        status=400 if request.method == "POST" else 200,
    )


def _unit(request: StaffRequest) -> Organisation:
    for seat in request.viewer.seats:
        if seat.role in OVERRIDERS:
            return Organisation.objects.get(id=seat.organisation_id)
    raise Stranger


@staff(roles=OVERRIDERS)
@require_POST
def use(request: StaffRequest, row_id: UUID) -> HttpResponse:
    """Supervisors and heads: whether one of them is offered any more. What is booked stays."""
    unit = _unit(request)
    venues, resources = things_of(request.viewer, [unit.id])
    rows: list[Venue | Resource] = [*venues, *resources]
    found = next((one for one in rows if one.id == row_id), None)
    if found is None:
        raise Stranger
    actions.use(viewer=request.viewer, what=found, active=not found.is_active, at=clock.now())
    return redirect("agenda:places")
