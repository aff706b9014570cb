"""What the agenda asks of people: to come back, to go to an appointment, to remind a client, to keep two apart."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.agenda.models import Booking, Seat
from ruangaman.agenda.policies.outings import WATCHERS
from ruangaman.agenda.queries.bookings import own_conflicts
from ruangaman.agenda.queries.outings import out_now, own_outing
from ruangaman.agenda.queries.reminders import reminders_of
from ruangaman.agenda.states import OUTSIDE, BookingKind, BookingState

DAYS_AHEAD = 2  # today and tomorrow
NOTED_WITHIN = timedelta(days=14)  # what became of an appointment is asked for so long
SAFETY = gettext_lazy("Keamanan petugas di luar")


def back(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask who is out to say that they are back; one query."""
    outing = own_outing(viewer)
    if outing is None:
        return []
    hour = date_format(timezone.localtime(outing.expected_at), "H.i")
    return [
        Duty(
            Kind.SAFETY,
            outing.expected_at,
            _("Anda sedang di luar: lapor kembali sebelum %s") % hour,
            outing.reference or "",
            SAFETY,
            reverse("agenda:outing"),
        )
    ]


def late(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask who keeps watch to look for who is late; one query."""
    units = [seat.organisation_id for seat in viewer.seats if seat.role in WATCHERS]
    if not units:
        return []
    return [
        Duty(
            Kind.DANGER,
            one.expected_at,
            _("%s belum lapor kembali") % one.user.name,
            one.reference or "",
            SAFETY,
            reverse("agenda:out_now"),
        )
        for one in out_now(viewer, units)[:most]
        if one.expected_at <= at
    ]


def appointments(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will tell somebody their own appointments of today and tomorrow, and ask what became of those before; one
    query.
    """
    if not viewer.reaches(Section.FILE):
        return []
    until = (timezone.localtime(at) + timedelta(days=DAYS_AHEAD)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    # What an appointment is may be out of reach; that there is one, and when, is not.
    known = Booking.objects.filter(id=OuterRef("booking_id"))
    reference = Dossier.objects.filter(id=OuterRef("dossier_id")).values("reference")
    own = Seat.objects.filter(
        user_id=viewer.id, is_live=True, starts_at__gt=at - NOTED_WITHIN, starts_at__lt=until
    ).annotate(
        kind=Subquery(known.values("kind")),
        state=Subquery(known.values("state")),
        reference=Subquery(reference),
    )
    waiting = own.filter(Q(ends_at__gt=at) | Q(state=BookingState.PLANNED)).exclude(state=BookingState.DONE)
    rows = waiting.order_by("starts_at", "id").values_list(
        "booking_id", "starts_at", "ends_at", "kind", "reference"
    )
    return [_appointment(*row, at) for row in rows[:most]]


def _appointment(
    booking: UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: str | None,
    reference: str | None,
    at: datetime,
) -> Duty:
    called = BookingKind(kind).label if kind else _("Janji")
    over = ends_at <= at
    if not kind:
        url = reverse("agenda:week")
    elif kind in OUTSIDE and not over:
        # To what is outside the way leads past saying that one goes.
        url = f"{reverse('agenda:go_out')}?janji={booking}"
    else:
        url = reverse("agenda:booking", args=[booking])
    return Duty(
        Kind.AGENDA,
        ends_at if over else starts_at,
        _("Catat hasilnya: %s") % called if over else called,
        reference or "",
        _("Janji Anda, %s") % date_format(timezone.localtime(starts_at), "j M, H.i"),
        url,
    )


def remind(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask who sits in an appointment to remind the client, within her safe hours and never outside; one
    query. Source: care.md 7.
    """
    if not viewer.reaches(Section.CONTACT):
        return []
    duties = {}
    for one in reminders_of(viewer, at, most):
        if one.since <= at < one.until:
            hours = [
                date_format(moment.astimezone(ZoneInfo(one.zone)), "H.i") for moment in (one.since, one.until)
            ]
            duties[one.booking_id] = Duty(
                Kind.AGENDA,
                one.until,
                _("Ingatkan klien tentang janjinya, jam %s sampai %s") % (hours[0], hours[1]),
                one.reference,
                _("Ia mengatakan pengingat aman pada jam ini"),
                reverse("agenda:remind", args=[one.booking_id]),
            )
    return list(duties.values())


def apart(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask who sits in an appointment, or made it, to move it where by now two would meet who must not; one
    query, and one more where there is any.
    """
    if not viewer.reaches(Section.FILE):
        return []
    return [
        Duty(
            Kind.SAFETY,
            at,  # now: nobody knows when the next one of them sets out
            _("Pindahkan janji: terlapor mungkin ada di sana"),
            one.dossier.reference,
            _("Dua orang yang tidak boleh bertemu"),
            reverse("agenda:booking", args=[one.id]),
        )
        for one in own_conflicts(viewer, at, most)
    ]
