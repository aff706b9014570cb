"""Going out and coming back."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer, dossier_by_reference
from ruangaman.access.states import Section
from ruangaman.agenda.actions import outings as actions
from ruangaman.agenda.forms.outings import OTHER, GoOut
from ruangaman.agenda.models import Booking, Outing
from ruangaman.agenda.policies.outings import WATCHERS, back_by, proposed
from ruangaman.agenda.queries import outings as queries
from ruangaman.agenda.queries.places import areas_around, zone_of
from ruangaman.agenda.states import BookingKind, OutingEnd
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id


@staff(section=Section.RISK)
@require_http_methods(["GET", "HEAD", "POST"])
def go_out(request: StaffRequest) -> HttpResponse:
    """Who may read the risks of any file: that they go out now, for which file, and when they are back."""
    at, viewer = clock.now(), request.viewer
    if queries.own_outing(viewer) and request.method != "POST":
        return redirect("agenda:outing")
    home = Organisation.objects.filter(id=viewer.seats[0].organisation_id).first()
    zone = zone_of(viewer.seats[0].organisation_id)
    bookings = {str(one.id): one for one in queries.bookings_to_go(viewer, at)}
    chosen = request.GET.get("janji") or next(iter(bookings), "")
    ends_at = bookings[chosen].ends_at if chosen in bookings else None
    files = queries.team_files(viewer, at)
    form = GoOut(
        request.POST if request.method == "POST" else None,
        bookings=[(key, _said(one, zone)) for key, one in bookings.items()],
        files=files,
        areas=areas_around(home.place_id) if home and home.place_id else [],
        initial={
            "outing_id": new_id(),
            "what": chosen
            if chosen in bookings
            else request.GET.get("berkas") or (OTHER if not files else ""),
            "back_by": proposed(at, ends_at).astimezone(ZoneInfo(zone)).time(),
        },
    )
    if form.is_valid():
        given = form.cleaned_data
        booking = bookings.get(given["what"])
        try:
            actions.go_out(
                viewer=viewer,
                dossier=_dossier(viewer, booking, given["what"], given["reference"]),
                booking=booking,
                area=given["area"] or None,
                expected_at=back_by(at, given["back_by"], zone),
                at=at,
                outing_id=given["outing_id"],
            )
            return redirect("agenda:outing")
        except Refused as no:
            form.add_error(None, str(no.message))
    return render(request, "agenda/go_out.html", {"form": form}, status=400 if form.errors else 200)


def _dossier(viewer: Viewer, booking: Booking | None, what: str, reference: str) -> Dossier:
    if booking:
        return booking.dossier
    wanted = reference if what == OTHER else what
    found = dossier_by_reference(viewer, wanted.strip().upper())
    if found is None:
        raise Refused(_("Berkas ini tidak ada, atau bukan berkas yang Anda tangani. Periksa nomornya."))
    return found


def _said(booking: Booking, zone: str) -> str:
    where = booking.area.name if booking.area else booking.venue.name if booking.venue else ""
    words = (
        BookingKind(booking.kind).label,
        booking.dossier.reference,
        _hour(booking.starts_at, zone),
        where,
    )
    return " · ".join(str(word) for word in words if word)


def _hour(moment: datetime, zone: str) -> str:
    return date_format(moment.astimezone(ZoneInfo(zone)), "H.i")


@staff(section=Section.FILE)
@require_safe
def outing(request: StaffRequest) -> HttpResponse:
    """Everybody of staff, for themselves: that they are out, and the button that says that they are back."""
    return _own_page(request)


def standing(viewer: Viewer) -> dict[str, object]:
    """This will say, for the head of a page, whether the viewer is out, until when, and what they may do; at most two
    queries.
    """
    found = queries.own_outing(viewer)
    may: dict[str, object] = {
        "may_go": viewer.reaches(Section.RISK),
        "watches": bool(WATCHERS & viewer.roles),
    }
    if found is None:
        return may
    zone = zone_of(found.unit_id)
    return may | {
        "reference": found.reference,
        "since": _hour(found.out_at, zone),
        "until": _hour(found.expected_at, zone),
        "late": found.expected_at <= clock.now(),
    }


def _own_page(request: StaffRequest, why_not: object = "") -> HttpResponse:
    context = {**standing(request.viewer), "why_not": why_not}
    return render(request, "agenda/outing.html", context, status=409 if why_not else 200)


@staff(section=Section.FILE)
@require_POST
def come_back(request: StaffRequest) -> HttpResponse:
    """Everybody of staff, for themselves: they are back, and safe."""
    found = queries.own_outing(request.viewer)
    if found is None:
        return redirect("agenda:outing")
    try:
        actions.come_back(viewer=request.viewer, outing=found, ending=OutingEnd.BACK, at=clock.now())
    except Refused as no:
        return _own_page(request, no.message)
    return redirect("agenda:outing")


@staff(section=Section.FILE)
@require_POST
def add_time(request: StaffRequest) -> HttpResponse:
    """Everybody of staff, for themselves: they need half an hour more."""
    found = queries.own_outing(request.viewer)
    if found is None:
        return redirect("agenda:outing")
    try:
        actions.add_time(viewer=request.viewer, outing=found, at=clock.now())
    except Refused as no:
        return _own_page(request, no.message)
    return redirect("agenda:outing")


@staff(roles=WATCHERS)
@require_safe
def out_now(request: StaffRequest) -> HttpResponse:
    """Supervisors and heads: who of their unit is out now, who is late, and what to do."""
    return _watch(request)


def _watch(request: StaffRequest, why_not: object = "") -> HttpResponse:
    at = clock.now()
    units = [seat.organisation_id for seat in request.viewer.seats if seat.role in WATCHERS]
    zones = {unit: zone_of(unit) for unit in set(units)}
    context = {
        "why_not": why_not,
        "rows": [_row(one, zones[one.unit_id], at) for one in queries.out_now(request.viewer, units)],
    }
    return render(request, "agenda/out_now.html", context, status=409 if why_not else 200)


def _row(one: Outing, zone: str, at: datetime) -> dict[str, object]:
    reference = one.reference or ""
    return {
        "id": one.id,
        "who": one.user.name,
        "reference": reference,
        "url": page_of(Dossier(reference=reference)) if reference else "",
        "since": _hour(one.out_at, zone),
        "until": _hour(one.expected_at, zone),
        "area": one.area.name if one.area else "",
        "late": one.expected_at <= at,
    }


@staff(roles=WATCHERS)
@require_POST
def found(request: StaffRequest, outing_id: UUID) -> HttpResponse:
    """Supervisors and heads: somebody who was out was found safe, or help was sent."""
    one = queries.outing_in_reach(request.viewer, outing_id)
    ending = request.POST.get("ending", "")
    if one is None or ending not in OutingEnd.values:
        raise Stranger
    try:
        actions.come_back(viewer=request.viewer, outing=one, ending=OutingEnd(ending), at=clock.now())
    except Refused as no:
        return _watch(request, no.message)
    return redirect("agenda:out_now")
