"""Making an appointment, its page, and what becomes of it."""

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, every_key, key_of, reach_of
from ruangaman.access.states import Section
from ruangaman.agenda.actions import bookings as actions
from ruangaman.agenda.forms.bookings import Because, MoveBooking, NewBooking, When
from ruangaman.agenda.models import Booking, Seat, Venue
from ruangaman.agenda.policies.bookings import ANY_SECTION, OVERRIDERS, Apart, period, section_for
from ruangaman.agenda.queries import bookings as queries
from ruangaman.agenda.queries.places import areas_around, resources_of, venues_of, zone_of
from ruangaman.agenda.queries.reminders import reminders_of
from ruangaman.agenda.states import OUTSIDE, BookingKind, BookingState, Whose, Why
from ruangaman.agenda.views.needs import interpreters
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of, initials_in, parts_of
from ruangaman.people.states import PartStatus, PersonRole
from ruangaman.places.models import Place

log = logging.getLogger("ruangaman.agenda")

APART_NOTE = _(
    "Klien, wali pendamping, pelapor, saksi, dan petugas yang berkunjung tidak dijadwalkan di tempat terlapor "
    "mungkin ada, sampai satu jam sebelum dan sesudahnya."
)


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write a section of this file that appointments are kept in: a new appointment."""
    dossier = dossier_by_reference(request.viewer, reference)
    at = clock.now()
    writes = reach_of(request.viewer, dossier, at)[1] if dossier else frozenset()
    sections = [section for section in ANY_SECTION if section in writes]
    if dossier is None or not sections or not request.viewer.roles_in(dossier.unit_id):
        raise Stranger(reference)
    people = _people(request, dossier)
    clients = [str(one.id) for one in clients_of(request.viewer, dossier.id)]
    colleagues = queries.colleagues_of(request.viewer, [dossier.unit_id], at)
    things = resources_of(request.viewer, [dossier.unit_id])
    form = NewBooking(
        request.POST if request.method == "POST" else None,
        initial={"booking_id": new_id(), "staff": [str(request.viewer.id)], "people": clients},
        staff=[(str(one.id), one.name) for one in colleagues],
        people=[(str(one.id), label) for one, label in people],
        things=[(str(one.id), f"{one.name} ({one.get_kind_display()})") for one in things],
        sections=[(section.value, str(section.label)) for section in sections],
        **_places(request, dossier),
    )
    if form.is_valid():
        told = form.cleaned_data
        try:
            when = _when(form, dossier)
            made = actions.book(
                viewer=request.viewer,
                dossier=dossier,
                section=told["section"] or section_for(told["kind"], writes),
                kind=told["kind"],
                **when,
                staff=[UUID(one) for one in told["staff"]],
                people=[one for one, _label in people if str(one.id) in told.get("people", ())],
                resources=[one for one in things if str(one.id) in told.get("things", ())],
                note=told["note"],
                safety_plan=told["safety_plan"],
                cover_reason=told["cover_reason"],
                at=at,
            )
            return redirect("agenda:booking", made.id)
        except Refused as no:
            if _asked(request, dossier, form, no):
                return HttpResponseRedirect(page_of(dossier))
    return form_page(
        request,
        dossier,
        form,
        title=_("Janji baru"),
        button=_("Buat janji"),
        notes=(*interpreters(request, dossier, people, at), APART_NOTE),
    )


def _people(request: StaffRequest, dossier: Dossier) -> list[tuple[Person, str]]:
    """Who can be seated, by what they are in the file and their initials."""
    live = [part for part in parts_of(request.viewer, dossier.id) if part.status == PartStatus.ACTIVE]
    persons = {part.person_id: part.person for part in live}
    initials = initials_in(persons.values(), every_key(dossier.id))
    roles: dict[UUID, list[str]] = {}
    for part in live:
        roles.setdefault(part.person_id, []).append(str(PersonRole(part.role).label))
    return [
        (person, f"{', '.join(roles[one])} · {initials.get(one) or '?'}") for one, person in persons.items()
    ]


def _places(request: StaffRequest, dossier: Dossier) -> dict[str, Any]:
    unit = dossier.unit
    return {
        "venues": [(str(one.id), one.name) for one in venues_of(request.viewer, unit.id)],
        "areas": areas_around(unit.place_id or ""),
        "senior": bool(OVERRIDERS & request.viewer.roles_in(unit.id)),
    }


def _when(form: When, dossier: Dossier) -> dict[str, Any]:
    """Hours in the unit's local time, the place, and why it is made all the same."""
    told = form.cleaned_data
    starts_at, ends_at = period(
        told["day"], told["start"], told["end"], told["until_day"], zone_of(dossier.unit_id)
    )
    venue = Venue.objects.select_related("area").get(id=told["venue"]) if told["venue"] else None
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "venue": venue,
        "area": Place.objects.filter(code=told["area"]).first() if told["area"] else None,
        "where": told["where"],
        "booking_id": told["booking_id"],
        "override_reason": told.get(When.SENIOR, ""),
    }


def _asked(request: StaffRequest, dossier: Dossier, form: When, no: Refused) -> bool:
    """Whether a supervisor was asked; otherwise the refusal stands on the form, with the way on."""
    if isinstance(no, Apart):
        if form.cleaned_data.get(When.OTHERS):
            actions.ask_supervisor(
                viewer=request.viewer,
                dossier=dossier,
                booking_id=form.cleaned_data["booking_id"],
                at=clock.now(),
            )
            messages.success(
                request,
                _("Penyelia diberi tahu. Sampaikan jam dan tempatnya kepada penyelia; janji belum dibuat."),
            )
            return True
        form.offer_decision()
    form.add_error(None, str(no.message))
    return False


# --- its page -----------------------------------------------------------------------------------------------------


def _booking(request: StaffRequest, appointment: UUID) -> Booking:
    found = queries.booking_of(request.viewer, appointment)
    if found is None:
        raise Stranger
    return found


@staff(section=Section.FILE)
@require_safe
def booking(request: StaffRequest, appointment: UUID) -> HttpResponse:
    """Who may read the section of an appointment: what it is, who sits in it, and what became of it."""
    return _page(request, _booking(request, appointment))


def _page(request: StaffRequest, found: Booking, why_not: Any = "", status: int = 200) -> HttpResponse:
    at, dossier = clock.now(), found.dossier
    writes = found.section in reach_of(request.viewer, dossier, at)[1]
    planned = found.state == BookingState.PLANNED
    mine = any(seat.user_id == request.viewer.id for seat in found.sitting)  # type: ignore[attr-defined]
    sealed = {
        "where": found.where,
        "note": found.note,
        "plan": found.safety_plan,
        "why": found.override_reason,
    }
    if any(sealed.values()):
        # A page that shows sealed text opens it, as the page of the file does.
        record(
            Verb.OPENED,
            at=at,
            by=request.viewer.id,
            unit=found.unit_id,
            dossier=found.dossier_id,
            objects=[found.id],
            fields=[found.section],
        )
    key = key_of(found.dossier_id, found.section)
    texts = {
        name: _opened(found, name, key)
        for name in ("where", "note", "safety_plan", "cover_reason", "override_reason")
    }
    sitting: list[Seat] = found.sitting  # type: ignore[attr-defined]
    called = _people(request, dossier) if any(seat.person_id for seat in sitting) else []
    seated = {seat.person_id for seat in sitting}
    needed = [(person, label) for person, label in called if person.id in seated] if planned else []
    initials = {person.id: label for person, label in called}
    moved_to = getattr(found, "moved_to", None)
    with timezone.override(zone_of(found.unit_id)):
        return render(
            request,
            "agenda/booking.html",
            {
                "booking": found,
                "kind": BookingKind(found.kind).label,
                "state": BookingState(found.state).label,
                "section": Section(found.section).label,
                "back": page_of(dossier),
                "reference": dossier.reference,
                "staff": [seat.user.name for seat in sitting if seat.user],
                "interpreters": interpreters(request, dossier, needed, at) if needed else [],
                "people": [
                    initials.get(seat.person_id) or _("Seseorang di berkas ini")
                    for seat in sitting
                    if seat.person_id
                ],
                "things": [seat.resource.name for seat in sitting if seat.resource],
                **texts,
                "side": Whose(found.changed_side).label if found.changed_side else "",
                "why": Why(found.changed_why).label if found.changed_why else "",
                "moved_to": moved_to,
                "has_client": bool(planned and sitting and any(seat.person_id for seat in sitting)),
                "may_change": writes and planned,
                "begun": found.starts_at <= at,
                "may_go": mine and planned and found.kind in OUTSIDE and found.ends_at > at,
                "may_remind": mine and bool(reminders_of(request.viewer, at, 1, found.id)),
                "together": planned and found.id in queries.conflicting(found.dossier_id, at),
                "why_not": why_not,
            },
            status=status,
        )


def _opened(found: Booking, name: str, key: Key | None) -> str | None:
    try:
        return unseal(found, name, key) if key else None
    except Unreadable:
        # Said in its place; hours, people and the rest of the appointment stay readable.
        log.error("a sealed value of dossier %s does not open (agenda)", found.dossier_id)
        return str(_("Tidak terbaca. Hubungi administrator."))


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, appointment: UUID) -> HttpResponse:
    """Who may write the section of an appointment: another time or place for it, and why."""
    found = _planned(request, appointment)
    dossier = found.dossier
    with timezone.override(zone_of(found.unit_id)):
        starts, ends = timezone.localtime(found.starts_at), timezone.localtime(found.ends_at)
    form = MoveBooking(
        request.POST if request.method == "POST" else None,
        initial={
            "booking_id": new_id(),
            "day": starts.date(),
            "start": starts.time(),
            "end": ends.time(),
            "until_day": ends.date() if ends.date() != starts.date() else None,
            "venue": found.venue_id or "",
            "area": "" if found.venue_id else found.area_id or "",
        },
        **_places(request, dossier),
    )
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.move(
                viewer=request.viewer,
                booking=found,
                side=Whose(told["side"]),
                why=Why(told["why"]),
                **_when(form, dossier),
                at=clock.now(),
            )
            return redirect("agenda:booking", made.id)
        except Refused as no:
            if _asked(request, dossier, form, no):
                return redirect("agenda:booking", found.id)
    return form_page(
        request,
        dossier,
        form,
        title=_("Pindahkan janji"),
        button=_("Pindahkan"),
        intro=_("Petugas, orang, dan sarana yang sama ikut ke janji yang baru. Nama tempat ditulis ulang."),
        notes=(APART_NOTE,),
    )


def _planned(request: StaffRequest, appointment: UUID) -> Booking:
    found = _booking(request, appointment)
    if found.section not in reach_of(request.viewer, found.dossier, clock.now())[1]:
        raise Stranger(found.dossier.reference)
    return found


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, appointment: UUID) -> HttpResponse:
    """Who may write the section of an appointment: that it will not be, and why."""
    return _ends(
        request,
        appointment,
        actions.cancel,
        title=_("Batalkan janji"),
        button=_("Batalkan janji"),
        intro=_("Jam petugas dan sarana menjadi bebas. Petugas lain di janji ini diberi tahu."),
    )


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def miss(request: StaffRequest, appointment: UUID) -> HttpResponse:
    """Who may write the section of an appointment: that it did not take place, and why."""
    return _ends(
        request,
        appointment,
        actions.miss,
        title=_("Janji tidak terlaksana"),
        button=_("Simpan"),
        intro=_(
            "Ketidakhadiran bukan kesalahan klien. Bila ada tanda bahaya, buka rencana keselamatan di berkas."
        ),
    )


def _ends(
    request: StaffRequest, appointment: UUID, action: Any, *, title: Any, button: Any, intro: Any
) -> HttpResponse:
    found = _planned(request, appointment)
    form = Because(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            action(
                viewer=request.viewer,
                booking=found,
                side=Whose(told["side"]),
                why=Why(told["why"]),
                at=clock.now(),
            )
            return redirect("agenda:booking", found.id)
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(request, found.dossier, form, title=title, button=button, intro=intro)


@staff(section=Section.FILE)
@require_POST
def done(request: StaffRequest, appointment: UUID) -> HttpResponse:
    """Who may write the section of an appointment: that it took place."""
    found = _planned(request, appointment)
    try:
        actions.done(viewer=request.viewer, booking=found, at=clock.now())
    except Refused as no:
        return _page(request, _booking(request, appointment), no.message, status=409)
    return redirect("agenda:booking", found.id)
