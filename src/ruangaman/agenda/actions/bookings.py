"""Making an appointment, and what becomes of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier, User
from ruangaman.access.queries import Viewer, key_of, staff_of
from ruangaman.access.states import Role
from ruangaman.agenda.models import Booking, Resource, Seat, Venue
from ruangaman.agenda.policies import bookings as policies
from ruangaman.agenda.queries import bookings as queries
from ruangaman.agenda.queries.places import spot_of
from ruangaman.agenda.states import BookingState, Whose, Why
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.actions import tell
from ruangaman.notices.states import Kind
from ruangaman.people.models import Person
from ruangaman.places.models import Place

OUT_OF_REACH = gettext_lazy(
    "Janji ini tidak bisa diubah: di luar jangkauan Anda, atau sudah diubah orang lain."
)
JUST_TAKEN = gettext_lazy(
    "Petugas atau sarana yang Anda pilih baru saja terisi pada jam itu. Pilih jam lain."
)
NOT_FOR_THEM = gettext_lazy("Salah satu petugas tidak bisa dijadwalkan untuk berkas ini. Pilih petugas lain.")


@transaction.atomic
def book(
    *,
    viewer: Viewer,
    dossier: Dossier,
    section: str,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    venue: Venue | None = None,
    area: Place | None = None,
    where: str = "",
    staff: Sequence[UUID],
    people: Sequence[Person] = (),
    resources: Sequence[Resource] = (),
    note: str = "",
    safety_plan: str = "",
    cover_reason: str = "",
    at: datetime,
    booking_id: UUID | None = None,
    override_reason: str = "",
    moved_from: Booking | None = None,
) -> Booking:
    """This will make an appointment, and tell who of staff sits in it. Sent twice, it is made once.

    :raises Refused: where it can't be, or somebody or something is taken at that hour;
        ``policies.Apart`` where it would bring together two who must not meet.
    """
    already = Booking.objects.filter(id=booking_id, made_by=viewer.id).first() if booking_id else None
    if already is not None:
        return already
    policies.check_can_book(
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        at=at,
        staff=bool(staff),
        safety_plan=safety_plan,
        cover_reason=cover_reason,
    )
    venue = _venue_of_rooms(resources, venue, told=bool(where or area))
    if where and area is None and venue is None:
        raise Refused(_("Pilih kelurahan tempat itu. Nama tempat saja tidak cukup untuk menjaga jarak."))
    if override_reason:
        policies.check_can_override(roles=viewer.roles_in(dossier.unit_id), reason=override_reason)
    _check_free(viewer, dossier, staff, resources, starts_at, ends_at)
    key = key_for(dossier=dossier, section=section)
    booking = Booking(
        id=booking_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        kind=kind,
        key_id=key.id,
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
        area=venue.area if venue else area,
        made_by_id=viewer.id,
        made_at=at,
        moved_from=moved_from,
        overridden_by_id=viewer.id if override_reason else None,
    )
    _seal_texts(booking, key, "" if venue else where, note, safety_plan, cover_reason, override_reason)
    _write(booking, [*({"user_id": one} for one in staff), *({"person": one} for one in people)], resources)
    record(
        Verb.BOOKED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[booking.id],
        fields=[kind, *(["overridden"] if override_reason else [])],
    )
    happened(
        event=Event.APPOINTMENT_MADE,
        dossier=dossier,
        at=at,
        by=viewer.id,
        about=booking.id,
        given=starts_at,
        holder=viewer.id if viewer.id in staff else staff[0],
    )
    others = set(staff) - {viewer.id}
    what = Kind.BOOKING_CHANGED if moved_from else Kind.APPOINTMENT
    tell(people=others, kind=what, cause=f"booking:{booking.id}:made", at=at, dossier=dossier.id)
    return booking


def _venue_of_rooms(resources: Sequence[Resource], venue: Venue | None, *, told: bool) -> Venue | None:
    """A room is where its building is: whoever books it is there, whatever else was written."""
    for room in resources:
        if room.venue is None or room.venue == venue:
            continue
        if venue is not None or told:
            raise Refused(
                _("%(room)s ada di %(venue)s. Pilih tempat itu, atau ruang lain.")
                % {"room": room.name, "venue": room.venue.name}
            )
        venue = room.venue
    return venue


def _check_free(
    viewer: Viewer,
    dossier: Dossier,
    staff: Iterable[UUID],
    resources: Sequence[Resource],
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    things = {one.id: one.name for one in resources}
    busy = {
        who
        for who, _starts, _ends in queries.taken(
            viewer, dossier.unit_id, [*staff, *things], starts_at, ends_at
        )
    }
    if not busy:
        return
    names = list(User.objects.filter(id__in=busy).order_by("name").values_list("name", flat=True))
    names += [things[one] for one in busy if one in things]
    raise Refused(
        _("Pada jam itu sudah terisi: %(names)s. Pilih jam lain, atau yang lain.")
        % {"names": ", ".join(names)}
    )


def _seal_texts(
    booking: Booking,
    key: Key,
    where: str,
    note: str,
    safety_plan: str,
    cover_reason: str,
    override_reason: str,
) -> None:
    texts = {
        "where": where,
        "note": note,
        "safety_plan": safety_plan,
        "cover_reason": cover_reason,
        "override_reason": override_reason,
    }
    for name, text in texts.items():
        seal(booking, name, text or None, key)
    booking.spot = spot_of(booking.dossier_id, where) if where else None


def _write(booking: Booking, sitting: Sequence[dict[str, Any]], resources: Sequence[Resource]) -> None:
    place = {"dossier_id": booking.dossier_id, "unit_id": booking.unit_id, "stage": booking.stage}
    span = {"section": booking.section, "starts_at": booking.starts_at, "ends_at": booking.ends_at}
    seats = [
        Seat(**place, **span, booking=booking, **one)
        for one in [*sitting, *({"resource": r} for r in resources)]
    ]
    # In one order for everybody: two who book the same people at this moment must not wait for each other.
    seats.sort(key=lambda seat: (seat.user_id or seat.person_id or seat.resource_id or booking.id).bytes)
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
            Seat.objects.bulk_create(seats)
    except DatabaseError as error:
        raise _refused_by(error) from None


def _refused_by(error: DatabaseError) -> Exception:
    """This will turn what the database said about an appointment into a sentence, or give the error back."""
    state = getattr(error.__cause__, "sqlstate", "")
    sentences = {
        "RA003": policies.Apart(),
        "RA004": Refused(NOT_FOR_THEM),
        "23P01": Refused(JUST_TAKEN),
        "RA001": Refused(_("Berkas ini baru saja dihapus, jadi janji tidak tersimpan.")),
        "42501": Refused(_("Anda tidak bisa membuat janji ini di bagian berkas yang dipilih.")),
    }
    return sentences.get(state, error)


@transaction.atomic
def ask_supervisor(*, viewer: Viewer, dossier: Dossier, booking_id: UUID, at: datetime) -> int:
    """This will tell the supervisors of the unit that an appointment waits for their decision; gives how many.

    What was to be booked is not kept: it was refused, and a supervisor makes it, with the reason, or nobody does.
    """
    asked = {user.id for user, _role in staff_of(dossier.unit_id, [Role.SUPERVISOR], at)} - {viewer.id}
    tell(people=asked, kind=Kind.SECOND_PERSON, cause=f"booking:{booking_id}:ask", at=at, dossier=dossier.id)
    return len(asked)


# --- what becomes of it -------------------------------------------------------------------------------------------


@transaction.atomic
def move(
    *,
    viewer: Viewer,
    booking: Booking,
    side: Whose,
    why: Why,
    starts_at: datetime,
    ends_at: datetime,
    venue: Venue | None = None,
    area: Place | None = None,
    where: str = "",
    at: datetime,
    booking_id: UUID | None = None,
    override_reason: str = "",
) -> Booking:
    """This will end an appointment as moved and make another in its place, with the same people and things.

    :raises Refused: where it can't be changed any more, or the new time or place can't be.
    """
    again = (
        Booking.objects.filter(id=booking_id, made_by=viewer.id, moved_from=booking).first()
        if booking_id
        else None
    )
    if again is not None:
        return again
    key = key_of(booking.dossier_id, booking.section)
    if key is None:
        raise Refused(OUT_OF_REACH)
    seats = list(booking.seats.filter(is_live=True).select_related("person", "resource"))
    sitting = [seat.person for seat in seats if seat.person_id]
    if None in sitting:
        # People whom the mover may not see would be left out without a word.
        raise Refused(
            _("Di janji ini ada orang yang tidak terjangkau untuk Anda. Minta manajer kasus memindahkannya.")
        )
    _change(viewer=viewer, booking=booking, to=BookingState.MOVED, side=side, why=why, at=at)
    return book(
        viewer=viewer,
        dossier=booking.dossier,
        section=booking.section,
        kind=booking.kind,
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
        area=area,
        where=where,
        staff=[seat.user_id for seat in seats if seat.user_id],
        people=[one for one in sitting if one],
        resources=[seat.resource for seat in seats if seat.resource],
        note=unseal(booking, "note", key) or "",
        safety_plan=unseal(booking, "safety_plan", key) or "",
        cover_reason=unseal(booking, "cover_reason", key) or "",
        at=at,
        booking_id=booking_id,
        override_reason=override_reason,
        moved_from=booking,
    )


@transaction.atomic
def cancel(*, viewer: Viewer, booking: Booking, side: Whose, why: Why, at: datetime) -> None:
    """This will cancel an appointment, and free everybody's hours.

    :raises Refused: where it was changed meanwhile.
    """
    _change(viewer=viewer, booking=booking, to=BookingState.CANCELLED, side=side, why=why, at=at)
    _tell_others(viewer, booking, at)


@transaction.atomic
def miss(*, viewer: Viewer, booking: Booking, side: Whose, why: Why, at: datetime) -> None:
    """This will record that an appointment did not take place.

    :raises Refused: before it begins, or where it was changed meanwhile.
    """
    _change(viewer=viewer, booking=booking, to=BookingState.MISSED, side=side, why=why, at=at)


@transaction.atomic
def done(*, viewer: Viewer, booking: Booking, at: datetime) -> None:
    """This will record that an appointment took place.

    :raises Refused: before it begins, or where it was changed meanwhile.
    """
    _change(viewer=viewer, booking=booking, to=BookingState.DONE, side="", why="", at=at)


def _change(*, viewer: Viewer, booking: Booking, to: BookingState, side: str, why: str, at: datetime) -> None:
    policies.check_can_change(now=booking.state, to=to, starts_at=booking.starts_at, at=at)
    changed = Booking.objects.filter(id=booking.id, state=BookingState.PLANNED).update(
        state=to, changed_side=side, changed_why=why, changed_by_id=viewer.id, changed_at=at
    )
    if not changed:
        raise Refused(OUT_OF_REACH)
    record(
        Verb.BOOKING_CHANGED,
        at=at,
        by=viewer.id,
        unit=booking.unit_id,
        dossier=booking.dossier_id,
        objects=[booking.id],
        fields=[to.value, *([side, why] if side else [])],
    )
    happened(event=Event.APPOINTMENT_OVER, dossier=booking.dossier, at=at, by=viewer.id, about=booking.id)


def _tell_others(viewer: Viewer, booking: Booking, at: datetime) -> None:
    staff = set(booking.seats.exclude(user=None).values_list("user_id", flat=True)) - {viewer.id}
    tell(
        people=staff,
        kind=Kind.BOOKING_CHANGED,
        cause=f"booking:{booking.id}:cancelled",
        at=at,
        dossier=booking.dossier_id,
    )
