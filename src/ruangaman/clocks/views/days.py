"""The working calendar: days off of the nation and of the region, and days worked after all."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.queries import Seat
from ruangaman.clocks import actions, forms
from ruangaman.clocks.forms import EARLIEST_YEAR, LATEST_YEAR
from ruangaman.clocks.models import Holiday
from ruangaman.clocks.policies import DRAFTERS
from ruangaman.clocks.queries import pages
from ruangaman.clocks.states import DayOff
from ruangaman.clocks.views.rules import READERS, may_write, others_of, seat_of
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused


@staff(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: StaffRequest) -> HttpResponse:
    """Lawyers, heads, supervisors, data officers and case managers: the days off of a year; lawyers and heads add to
    those of their organisation.
    """
    seat, at = seat_of(request), clock.now()
    year = _year(request.GET.get("tahun", ""), timezone.localdate(at).year)
    writes = may_write(request.viewer, seat)
    form = forms.NewDayOff(request.POST if request.method == "POST" else None) if writes else None
    if form is None and request.method == "POST":
        raise Stranger
    if form is not None and form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_day_off(
                viewer=request.viewer,
                owner=seat.organisation_id,
                day=given["day"],
                kind=DayOff(given["kind"]),
                name=given["name"],
                source=given["source"],
                at=at,
            )
        except Refused as no:
            form.add_error(None, str(no.message))
        else:
            messages.success(
                request, _("Kalender berubah. Tenggat yang dihitung dalam hari kerja segera mengikuti.")
            )
            return HttpResponseRedirect(_page(seat, given["day"].year))
    context = {
        "year": year,
        "rows": [
            {
                "id": one.id,
                "day": one.day,
                "name": one.name,
                "kind": DayOff(one.kind).label,
                "worked": one.kind == DayOff.WORKED,
                "owner": getattr(one, "owner_name", None) or _("nasional"),
                "source": one.source,
                "is_estimate": one.is_estimate,
                "own": writes and one.owner_id == seat.organisation_id,
            }
            for one in pages.days_of(seat.organisation_id, year)
        ],
        "seat": seat,
        "others": others_of(request, seat, reverse("clocks:calendar")),
        "form": form,
        "page": _page(seat, year),
        "before": _page(seat, year - 1) if year > EARLIEST_YEAR else "",
        "after": _page(seat, year + 1) if year < LATEST_YEAR else "",
        "last_year": str(year - 1),
        "next_year": str(year + 1),
    }
    bad = form is not None and form.is_bound
    return render(request, "clocks/calendar.html", context, status=400 if bad else 200)


@staff(roles=DRAFTERS)
@require_POST
def take_back(request: StaffRequest, day: UUID) -> HttpResponse:
    """Lawyers and heads: take a day of their own organisation out of the calendar again."""
    found = Holiday.objects.filter(id=day).first()
    if found is None or not DRAFTERS & request.viewer.roles_in(found.owner_id or day):
        raise Stranger
    try:
        actions.take_back_day_off(viewer=request.viewer, day=found, at=clock.now())
    except Refused as no:
        messages.error(request, str(no.message))
    else:
        messages.success(request, _("Hari itu tidak lagi di kalender Anda."))
    return HttpResponseRedirect(f"{reverse('clocks:calendar')}?unit={found.owner_id}&tahun={found.day.year}")


def _page(seat: Seat, year: int) -> str:
    return f"{reverse('clocks:calendar')}?unit={seat.organisation_id}&tahun={year}"


def _year(text: str, present: int) -> int:
    """The year that the address names; the present one where it is none of a calendar's."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len(str(LATEST_YEAR)) else present
    return year if EARLIEST_YEAR <= year <= LATEST_YEAR else present
