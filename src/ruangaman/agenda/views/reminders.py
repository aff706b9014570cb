"""Reminding a client of an appointment, in her safe hours and without content."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.states import Section
from ruangaman.agenda.actions import reminders as actions
from ruangaman.agenda.queries.reminders import reminders_of
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused

MOST_CLIENTS = 20


@staff(section=Section.CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: StaffRequest, booking_id: UUID) -> HttpResponse:
    """Who sits in an appointment with a client for whom reminders are safe: when and how, and that it was done."""
    at = clock.now()
    found = reminders_of(request.viewer, at, MOST_CLIENTS, booking_id)
    if not found:
        raise Stranger
    one = found[0]
    back = page_of(Dossier(reference=one.reference))
    why_not: object = ""
    if request.method == "POST":
        try:
            actions.remind(viewer=request.viewer, booking_id=booking_id, at=at)
            return HttpResponseRedirect(back)
        except Refused as no:
            why_not = no.message
    local = ZoneInfo(one.zone)
    context = {
        "reference": one.reference,
        "back": back,
        "why_not": why_not,
        "open_url": reverse("people:open_contact", args=[one.reference]),
        "means": one.means.label,
        "day": date_format(one.since.astimezone(local), "l, j M"),
        "since": date_format(one.since.astimezone(local), "H.i"),
        "until": date_format(one.until.astimezone(local), "H.i"),
        "safe_now": one.since <= at < one.until,
        "may_note": at >= one.since,
        "begins": date_format(one.starts_at.astimezone(local), "l, H.i"),
    }
    return render(request, "agenda/remind.html", context, status=409 if why_not else 200)
