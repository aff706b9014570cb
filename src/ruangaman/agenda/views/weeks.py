"""The week and the day of a professional or a room."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.states import Section
from ruangaman.agenda.models import Resource
from ruangaman.agenda.policies.bookings import OVERRIDERS
from ruangaman.agenda.queries import bookings as queries
from ruangaman.agenda.queries.bookings import Hours
from ruangaman.agenda.queries.places import resources_of, zone_of
from ruangaman.agenda.states import BookingKind
from ruangaman.agenda.views.outings import standing
from ruangaman.kernel import clock

DAY, WEEK = timedelta(days=1), timedelta(days=7)
FIRST, LAST = date(2000, 1, 1), date(2200, 1, 1)


@staff(section=Section.FILE)
@require_safe
def week(request: StaffRequest) -> HttpResponse:
    """Everybody of staff: their own week; of a colleague or a room of the unit the hours that are taken."""
    return _agenda(request, "agenda/week.html", "agenda:week", 7)


@staff(section=Section.FILE)
@require_safe
def day(request: StaffRequest) -> HttpResponse:
    """Everybody of staff: the same for one day."""
    return _agenda(request, "agenda/day.html", "agenda:day", 1)


def _agenda(request: StaffRequest, template: str, address: str, length: int) -> HttpResponse:
    viewer, at = request.viewer, clock.now()
    units = list(dict.fromkeys(seat.organisation_id for seat in viewer.seats))
    if not units:
        raise Stranger
    zone = ZoneInfo(zone_of(units[0]))
    today = at.astimezone(zone).date()
    first = _day(request.GET.get("mulai", "")) or today
    if length == 7:
        first -= timedelta(days=first.weekday())
    since = datetime.combine(first, time(0), zone)
    until = datetime.combine(first + timedelta(days=length), time(0), zone)
    colleagues = queries.colleagues_of(viewer, units, at)
    rooms = resources_of(viewer, units)
    who, room = _chosen(request, {one.id for one in colleagues} | {viewer.id}, rooms)
    if room:
        hours = queries.hours_of(viewer, units, room, since, until, room=True)
    elif who and who != viewer.id:
        hours = queries.hours_of(viewer, units, who, since, until, room=False)
    else:
        hours = queries.own_hours(viewer, since, until)
    names = {one.id: one.name for one in colleagues} | {one.id: one.name for one in rooms}

    def link(start: date, name: str = address) -> str:
        asked = {"mulai": start.isoformat(), "siapa": str(who or ""), "ruang": str(room or "")}
        return f"{reverse(name)}?{urlencode(asked)}"

    step = timedelta(days=length)
    return render(
        request,
        template,
        {
            "title": date_format(first, "j F Y") if length == 1 else _title(first),
            "days": [_one_day(first + DAY * n, today, hours, zone) for n in range(length)],
            "of_whom": next((names[one] for one in (room, who) if one), ""),
            "colleagues": [one for one in colleagues if one.id != viewer.id],
            "rooms": rooms,
            "who": who,
            "room": room,
            "first": first.isoformat(),
            "before": link(first - step),
            "after": link(first + step),
            "now": link(today),
            "week": link(first, "agenda:week"),
            "day": link(today if first <= today < first + step else first, "agenda:day"),
            "zone": datetime.combine(first, time(12), zone).tzname(),
            "out": standing(viewer),
            "keeps_places": bool(OVERRIDERS & viewer.roles),
        },
    )


def _title(first: date) -> str:
    last = first + WEEK - DAY
    return _("%(first)s sampai %(last)s") % {
        "first": date_format(first, "j F" if first.year == last.year else "j F Y"),
        "last": date_format(last, "j F Y"),
    }


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None


def _chosen(
    request: StaffRequest, people: set[UUID], rooms: Iterable[Resource]
) -> tuple[UUID | None, UUID | None]:
    """Whose week: of a colleague, or of a room; nobody else's."""
    who, room = (_id(request.GET.get(name, "")) for name in ("siapa", "ruang"))
    if (who and who not in people) or (room and room not in {one.id for one in rooms}):
        raise Stranger
    return who, room


def _id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Stranger from None


def _one_day(day: date, today: date, hours: Iterable[Hours], zone: ZoneInfo) -> dict[str, Any]:
    since, until = datetime.combine(day, time(0), zone), datetime.combine(day + DAY, time(0), zone)
    return {
        "day": day,
        "name": date_format(day, "l"),
        "date": date_format(day, "j M"),
        "is_today": day == today,
        "rows": [
            _row(one, since, until, zone) for one in hours if one.starts_at < until and one.ends_at > since
        ],
    }


def _row(one: Hours, since: datetime, until: datetime, zone: ZoneInfo) -> dict[str, Any]:
    booking = one.booking
    shown = {
        "from": _hour(max(one.starts_at, since), zone),
        "until": "24.00" if one.ends_at >= until else _hour(one.ends_at, zone),
        "starts_at": one.starts_at,
    }
    if booking is None:
        return shown
    area = _("Kelurahan %s") % booking.area.name if booking.area else ""
    return shown | {
        "kind": BookingKind(booking.kind).label,
        "where": booking.venue.name if booking.venue else area,
        "reference": booking.dossier.reference,
        "url": reverse("agenda:booking", args=[booking.id]),
    }


def _hour(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "H.i")
