"""One's private calendar feed."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar
from icalendar import Event as Entry

from ruangaman.access.doors import StaffRequest, public, staff
from ruangaman.access.states import Section
from ruangaman.agenda.actions import feed as actions
from ruangaman.agenda.policies.feed import ASKED, ASKED_SECONDS, BACK, SECRET, WRONG, WRONG_SECONDS
from ruangaman.agenda.queries import feed as queries
from ruangaman.kernel import clock, limits


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: StaffRequest) -> HttpResponse:
    """Everybody of staff, for themselves: the secret address of their calendar, shown once, and its end."""
    address = ""
    if request.method == "POST":
        if request.POST.get("go") == "end":
            actions.end_feed(viewer=request.viewer, at=clock.now())
            messages.success(
                request, _("Alamat kalender ditutup. Telepon yang memakainya tidak lagi mendapat apa pun.")
            )
            return redirect("agenda:calendar")
        secret = actions.make_feed(viewer=request.viewer, at=clock.now())
        address = request.build_absolute_uri(reverse("agenda:ics", args=[secret]))
    own = queries.own_feed(request.viewer)
    return render(
        request, "agenda/calendar.html", {"address": address, "made_at": own.made_at if own else None}
    )


@public
@require_safe
def ics(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever holds the secret: hours under the word "Janji", and nothing else."""
    if not limits.allow("feed", secret, most=ASKED, seconds=ASKED_SECONDS):
        return HttpResponse(status=429, headers={"Retry-After": str(ASKED_SECONDS)})
    at = clock.now()
    found = queries.entries(secret, at - BACK) if SECRET.fullmatch(secret) else None
    if found is None:
        if not limits.allow("feed/wrong", limits.caller(request), most=WRONG, seconds=WRONG_SECONDS):
            return HttpResponse(status=429, headers={"Retry-After": str(WRONG_SECONDS)})
        # Not raised: the attempt is to be counted, and an error would take the count back.
        return render(request, "404.html", status=404)
    return HttpResponse(
        _calendar(found), content_type="text/calendar; charset=utf-8", headers={"X-Robots-Tag": "noindex"}
    )


def _calendar(entries: Iterable[queries.Entry]) -> bytes:
    """No name of ours, no place, no number: a calendar lies open on a telephone."""
    made = Calendar()
    made.add("prodid", "-//agenda//id")
    made.add("version", "2.0")
    for one in entries:
        event = Entry()
        event.add("uid", f"{one.uid}@agenda")
        event.add("dtstamp", one.changed_at)
        event.add("dtstart", one.starts_at)
        event.add("dtend", one.ends_at)
        event.add("summary", _("Janji"))
        event.add("class", "PRIVATE")
        event.add("sequence", 0 if one.live else 1)
        event.add("status", "CONFIRMED" if one.live else "CANCELLED")
        event.add("transp", "OPAQUE" if one.live else "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical())
