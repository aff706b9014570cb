"""Pages of the duty roster: who is on duty, setting it, taking a call, and handing a shift over."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.models import User
from ruangaman.access.queries import Seat
from ruangaman.access.states import OrganisationKind
from ruangaman.clocks.queries import zone_of
from ruangaman.intake.actions import roster as actions
from ruangaman.intake.forms import roster as forms
from ruangaman.intake.models import HandOver, Report, Shift
from ruangaman.intake.policies import roster as policies
from ruangaman.intake.policies.roster import ROSTER_READERS, ROSTER_WRITERS, Stretch, Turn
from ruangaman.intake.queries import roster as queries
from ruangaman.intake.states.roster import Ringing, ShiftKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id

DAYS_SHOWN = 7
WEEK = timedelta(days=DAYS_SHOWN)


# --- the roster ------------------------------------------------------------------------------------------------------


@staff(roles=ROSTER_READERS)
@require_safe
def roster(request: StaffRequest) -> HttpResponse:
    """Intake officers, supervisors and heads: who is on duty this week, and when nobody is."""
    seat, at = seat_of(request), clock.now()
    zone = zone_of(seat.organisation_id)
    first = _monday(request.GET.get("minggu", ""), at, zone)
    since = datetime.combine(first, time.min, zone)
    found = queries.shifts(request.viewer, seat.organisation_id, since, since + WEEK)
    danger_minutes, minutes = queries.minutes_of(request.viewer, seat.organisation_id)
    leads = _leads(request, seat)
    unread = [
        row
        for row in queries.hand_overs(request.viewer, seat.organisation_id, at)
        if row.to_id == request.viewer.id and row.read_at is None
    ]
    context = {
        **around(request, seat, reverse("intake:roster")),
        "days": [_day(first + timedelta(days=n), found, zone, at, leads) for n in range(DAYS_SHOWN)],
        "until": first + timedelta(days=DAYS_SHOWN - 1),
        "first": first,
        "before": _page("intake:roster", seat, minggu=first - WEEK),
        "after": _page("intake:roster", seat, minggu=first + WEEK),
        "now": [
            {
                "name": one.person.name,
                "kind": ShiftKind(one.kind).label,
                "until": f"{one.ends_at.astimezone(zone):%H.%M}",
            }
            for one in found
            if one.starts_at <= at < one.ends_at
        ],
        "is_this_week": since <= at < since + WEEK,
        "danger_minutes": danger_minutes,
        "minutes": minutes,
        "unread": [{"from": row.given_by.name, "at": row.given_at, "url": _read_url(row)} for row in unread],
        "set_url": _page("intake:set_shifts", seat) if leads else "",
        "hand_over_url": _page("intake:hand_over", seat),
        "register_url": reverse("intake:register"),
    }
    return render(request, "intake/roster.html", context)


def _day(day: date, found: Sequence[Shift], zone: ZoneInfo, at: datetime, leads: bool) -> dict[str, Any]:
    since = datetime.combine(day, time.min, zone)
    until = datetime.combine(day + timedelta(days=1), time.min, zone)
    here = [one for one in found if one.starts_at < until and one.ends_at > since]
    covered = [Stretch(one.starts_at, one.ends_at) for one in here]
    return {
        "day": day,
        "is_today": since <= at < until,
        "is_over": until <= at,
        "rows": [
            {
                "name": one.person.name,
                "kind": ShiftKind(one.kind).label,
                "rank": one.rank,
                "hours": _hours(one.starts_at, one.ends_at, zone, since),
                "is_now": one.starts_at <= at < one.ends_at,
                "cancel_url": reverse("intake:cancel_shift", args=[one.id])
                if leads and one.ends_at > at and since <= one.starts_at
                else "",
            }
            for one in here
        ],
        "gaps": [_hours(gap.starts_at, gap.ends_at, zone) for gap in policies.gaps(covered, since, until)]
        if until > at
        else [],
    }


def _hours(starts: datetime, ends: datetime, zone: ZoneInfo, since: datetime | None = None) -> str:
    """``07.00–15.00``; the end of the day is 24.00. What began before ``since``, the day shown, says only its end."""
    begins, stops = starts.astimezone(zone), ends.astimezone(zone)
    if since and starts < since:
        return _("sampai %s") % f"{stops:%H.%M}"
    whole = stops.time() == time.min and stops.date() > begins.date()
    return f"{begins:%H.%M}–{'24.00' if whole else f'{stops:%H.%M}'}"


@staff(roles=ROSTER_WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def set_shifts(request: StaffRequest) -> HttpResponse:
    """Supervisors and heads: shifts of some days, looked at before they are saved; and the minutes to answer in."""
    seat, at = seat_of(request, ROSTER_WRITERS), clock.now()
    zone = zone_of(seat.organisation_id)
    people = queries.may_be_on_duty(request.viewer, seat.organisation_id, at)
    form = forms.Shifts(
        request.POST if request.method == "POST" else None,
        people=people,
        initial={"day": timezone.localdate(at, zone)},
    )
    rows: list[dict[str, Any]] = []
    if form.is_valid():
        given = form.cleaned_data
        try:
            turns = policies.turns(
                people=[UUID(one) for one in given["people"]],
                first=given["day"],
                last=given["until_day"],
                weekdays=given["days"],
                hours=given["turns"],
                zone=zone,
            )
            rows = _preview(request, turns, people, zone)
            if request.POST.get("go") == "save":
                made = actions.set_shifts(
                    viewer=request.viewer,
                    unit_id=seat.organisation_id,
                    turns=turns,
                    kind=ShiftKind(given["kind"]),
                    rank=given["rank"],
                    at=at,
                )
                messages.success(request, _("%d giliran tersimpan di jadwal piket.") % made)
                return HttpResponseRedirect(_page("intake:roster", seat, minggu=given["day"]))
        except Refused as no:
            form.add_error(None, str(no.message))
    danger_minutes, minutes = queries.minutes_of(request.viewer, seat.organisation_id)
    context = {
        **around(request, seat, reverse("intake:set_shifts")),
        "form": form,
        "rows": rows,
        "clashes": sum(row["clashes"] for row in rows),
        "shared": Counter(row["name"] for row in rows).most_common(),
        "minutes_form": forms.Minutes(initial={"danger_minutes": danger_minutes, "minutes": minutes}),
        "minutes_url": _page("intake:set_minutes", seat),
        "page": _page("intake:set_shifts", seat),
        "back": _page("intake:roster", seat),
    }
    return render(request, "intake/set_shifts.html", context, status=400 if form.errors else 200)


def _preview(
    request: StaffRequest, turns: Sequence[Turn], people: Sequence[User], zone: ZoneInfo
) -> list[dict[str, Any]]:
    names = {person.id: person.name for person in people}
    there = queries.turns_there(
        request.viewer, names, turns[0].when.starts_at, max(turn.when.ends_at for turn in turns)
    )
    clashes = policies.overlapping(turns, there)
    return [
        {
            "day": turn.when.starts_at.astimezone(zone).date(),
            "hours": _hours(turn.when.starts_at, turn.when.ends_at, zone),
            "name": names[turn.person],
            "clashes": turn in clashes,
        }
        for turn in turns
    ]


@staff(roles=ROSTER_WRITERS)
@require_POST
def set_minutes(request: StaffRequest) -> HttpResponse:
    """Supervisors and heads: in how many minutes a call is taken before the next one is called."""
    seat = seat_of(request, ROSTER_WRITERS)
    form = forms.Minutes(request.POST)
    said = str(next(iter(form.errors.values()))[0]) if not form.is_valid() else ""
    if not said:
        try:
            actions.set_minutes(
                viewer=request.viewer, unit_id=seat.organisation_id, **form.cleaned_data, at=clock.now()
            )
            messages.success(request, _("Waktu menjawab berubah. Panggilan berikutnya mengikutinya."))
        except Refused as no:
            said = str(no.message)
    if said:
        messages.error(request, said)
    return HttpResponseRedirect(_page("intake:set_shifts", seat))


@staff(roles=ROSTER_WRITERS)
@require_POST
def cancel_shift(request: StaffRequest, shift: UUID) -> HttpResponse:
    """Supervisors and heads of the unit: take a shift out of the roster."""
    found = queries.shift_of(request.viewer, shift)
    if found is None or not ROSTER_WRITERS & request.viewer.roles_in(found.unit_id):
        raise Stranger
    try:
        actions.cancel_shift(viewer=request.viewer, shift=found, at=clock.now())
        messages.success(request, _("Giliran dibatalkan. Lihat apakah jamnya masih ada yang mengisi."))
    except Refused as no:
        messages.error(request, str(no.message))
    day = timezone.localdate(found.starts_at, zone_of(found.unit_id))
    return HttpResponseRedirect(f"{reverse('intake:roster')}?unit={found.unit_id}&minggu={day}")


# --- a call ----------------------------------------------------------------------------------------------------------


@staff(roles=ROSTER_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def take_ring(request: StaffRequest, ring: UUID) -> HttpResponse:
    """Who was called about a report: says that they take it."""
    found = queries.own_ring(request.viewer, ring)
    if found is None:
        raise Stranger
    if request.method == "POST":
        taken = actions.take_ring(viewer=request.viewer, ring_id=found.id, at=clock.now())
        if taken.outcome in ("taken", "yours"):
            messages.success(request, _("Laporan ini Anda terima. Baca dan jawab sekarang."))
            return HttpResponseRedirect(page_of(found.dossier))
        found = queries.own_ring(request.viewer, ring) or found
    calls = queries.rings_of(request.viewer, found.dossier_id)
    holder = next((one for one in calls if one.state == Ringing.TAKEN), None)
    context = {
        "reference": found.dossier.reference,
        "danger": Report.objects.filter(dossier_id=found.dossier_id, danger_now=True).exists(),
        "ring": found,
        "state": Ringing(found.state).label,
        "waits": found.state == Ringing.WAITS,
        "holder": holder.person.name if holder else "",
        "is_mine": holder is not None and holder.person_id == request.viewer.id,
        "takes": holder is None and found.state in (Ringing.WAITS, Ringing.PASSED_ON),
        "file": page_of(found.dossier),
        "calls": [
            {"name": one.person.name, "at": one.rung_at, "state": Ringing(one.state).label} for one in calls
        ],
    }
    return render(request, "intake/take_ring.html", context, status=409 if request.method == "POST" else 200)


# --- handing over ----------------------------------------------------------------------------------------------------


@staff(roles=ROSTER_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: StaffRequest) -> HttpResponse:
    """Intake officers, supervisors and heads: hand a shift over, and what was handed over in the last thirty days."""
    seat, at = seat_of(request), clock.now()
    unit_id = seat.organisation_id
    people = queries.may_take_over(request.viewer, unit_id, at)
    form = forms.HandingOver(
        request.POST if request.method == "POST" else None,
        people=people,
        initial={"hand_over_id": new_id(), "to": queries.next_on_duty(request.viewer, unit_id, at)},
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.hand_over(
                viewer=request.viewer,
                unit_id=unit_id,
                hand_over_id=given["hand_over_id"],
                to=UUID(given["to"]),
                text=given["text"],
                at=at,
            )
            messages.success(request, _("Serah terima tersimpan, dan penerimanya diberi tahu."))
            return HttpResponseRedirect(_page("intake:hand_over", seat))
        except Refused as no:
            form.add_error(None, str(no.message))
    context = {
        **around(request, seat, reverse("intake:hand_over")),
        "form": form,
        "open": queries.left_open(request.viewer, unit_id, at),
        "rows": [
            {
                "from": row.given_by.name,
                "to": row.to.name,
                "at": row.given_at,
                "read_at": row.read_at,
                "url": _read_url(row),
            }
            for row in queries.hand_overs(request.viewer, unit_id, at)
        ],
        "page": _page("intake:hand_over", seat),
        "back": _page("intake:roster", seat),
    }
    return render(request, "intake/hand_over.html", context, status=400 if form.errors else 200)


@staff(roles=ROSTER_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def handed_over(request: StaffRequest, row: UUID) -> HttpResponse:
    """Intake officers, supervisors and heads of the unit: one hand-over; its receiver says that they have read it."""
    found = queries.hand_over(request.viewer, row)
    if found is None:
        raise Stranger
    if request.method == "POST":
        try:
            actions.read_hand_over(viewer=request.viewer, row=found, at=clock.now())
            return HttpResponseRedirect(f"{reverse('intake:roster')}?unit={found.unit_id}")
        except Refused as no:
            messages.error(request, str(no.message))
            return HttpResponseRedirect(_read_url(found))
    context = {
        "from": found.given_by.name,
        "to": found.to.name,
        "at": found.given_at,
        "read_at": found.read_at,
        "words": queries.words_of(found),
        "confirms": found.to_id == request.viewer.id and found.read_at is None,
        "back": f"{reverse('intake:hand_over')}?unit={found.unit_id}",
    }
    return render(request, "intake/handed_over.html", context)


# --- which unit, which week ------------------------------------------------------------------------------------------


def seat_of(request: StaffRequest, roles: frozenset[Any] = ROSTER_READERS) -> Seat:
    """This will give the unit that the address names, or the first one where the viewer holds one of these roles.

    :raises Stranger: where there is none.
    """
    wanted = request.GET.get("unit", "")
    seats = [
        one
        for one in request.viewer.seats
        if one.role in roles and one.organisation_kind == OrganisationKind.UNIT
    ]
    named = [one for one in seats if str(one.organisation_id) == wanted] if wanted else seats
    if not named:
        raise Stranger
    return named[0]


def _leads(request: StaffRequest, seat: Seat) -> bool:
    return bool(ROSTER_WRITERS & request.viewer.roles_in(seat.organisation_id))


def around(request: StaffRequest, seat: Seat, page: str) -> dict[str, Any]:
    """This will give the unit's name, and the others that somebody with several seats may look at."""
    others = {
        one.organisation_id: one.organisation_name
        for one in request.viewer.seats
        if one.role in ROSTER_READERS and one.organisation_id != seat.organisation_id
    }
    return {
        "at_unit": seat.organisation_name,
        "others": [(name, f"{page}?unit={unit}") for unit, name in others.items()],
    }


def _page(name: str, seat: Seat, **more: object) -> str:
    asked = "".join(f"&{key}={value}" for key, value in more.items())
    return f"{reverse(name)}?unit={seat.organisation_id}{asked}"


def _read_url(row: HandOver) -> str:
    return reverse("intake:handed_over", args=[row.id])


def _monday(text: str, at: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week that the address names; of the present one where it names none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = at.astimezone(zone).date()
    if not date(2000, 1, 3) <= day <= date(2100, 1, 1):
        day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
