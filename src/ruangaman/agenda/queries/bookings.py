"""Reads of appointments: of a file, of a professional's or a room's week, and those that must not stay as they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet

from ruangaman.access.models import Dossier, User
from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import Role
from ruangaman.agenda.models import Booking, Seat

# Who can be given an appointment of a file.
FIELD = (
    Role.INTAKE_OFFICER,
    Role.COMPANION,
    Role.CASE_MANAGER,
    Role.PSYCHOLOGIST,
    Role.LAWYER,
    Role.SPIRITUAL_GUIDE,
    Role.SHELTER_OFFICER,
    Role.SUPERVISOR,
    Role.HEAD,
)
MOST_OF_A_FILE = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of time that is taken; with the appointment where it is the viewer's to see."""

    starts_at: datetime
    ends_at: datetime
    booking: Booking | None


def bookings_of(viewer: Viewer, dossier_id: UUID) -> list[Booking]:
    """This will give the newest appointments of a file with who of staff sits in them; two queries."""
    staff = Seat.objects.exclude(user=None).select_related("user").order_by("user__name", "id")
    found = Booking.objects.filter(dossier_id=dossier_id).select_related("venue", "area")
    return list(
        found.order_by("-starts_at", "-id").prefetch_related(Prefetch("seats", staff, to_attr="staff"))[
            :MOST_OF_A_FILE
        ]
    )


def booking_of(viewer: Viewer, booking_id: UUID) -> Booking | None:
    """This will give one appointment with everybody and everything in it, where it is in reach; two queries."""
    seats = Seat.objects.select_related("user", "person", "resource").order_by(
        "user__name", "resource__name", "id"
    )
    return (
        Booking.objects.filter(id=booking_id)
        .select_related(
            "dossier", "venue", "area", "made_by", "changed_by", "overridden_by", "moved_to", "reminded_by"
        )
        .prefetch_related(Prefetch("seats", seats, to_attr="sitting"))
        .first()
    )


def colleagues_of(viewer: Viewer, unit_ids: Iterable[UUID], at: datetime) -> list[User]:
    """This will give those who work on files in units of the viewer, by name; two queries a unit."""
    found = {user.id: user for unit in unit_ids for user, _role in staff_of(unit, FIELD, at)}
    return sorted(found.values(), key=lambda user: (user.name, user.id))


def taken(
    viewer: Viewer, unit_id: UUID, whom: Iterable[UUID], since: datetime, until: datetime
) -> list[tuple[UUID, datetime, datetime]]:
    """This will give when colleagues or resources of an own unit are taken, and nothing of what for; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT who, starts, ends FROM door.taken(%s, %s, %s, %s)", [unit_id, list(whom), since, until]
        )
        return [(who, starts, ends) for who, starts, ends in cursor.fetchall()]


def own_hours(viewer: Viewer, since: datetime, until: datetime) -> list[Hours]:
    """This will give the viewer's own time that is taken, in order; two queries."""
    seats = Seat.objects.filter(user_id=viewer.id, is_live=True, starts_at__lt=until, ends_at__gt=since)
    mine = {
        booking: (starts, ends)
        for booking, starts, ends in seats.values_list("booking_id", "starts_at", "ends_at")
    }
    seen = {one.id: one for one in _shown(Booking.objects.filter(id__in=list(mine)))} if mine else {}
    return _sorted(Hours(starts, ends, seen.get(booking)) for booking, (starts, ends) in mine.items())


def hours_of(
    viewer: Viewer, unit_ids: Iterable[UUID], who: UUID, since: datetime, until: datetime, *, room: bool
) -> list[Hours]:
    """This will give when a colleague or a room is taken, with the appointments in the viewer's reach; one query, and
    one for each unit of the viewer.
    """
    seats = {"seats__resource_id" if room else "seats__user_id": who, "seats__is_live": True}
    found = _shown(Booking.objects.filter(**seats, starts_at__lt=until, ends_at__gt=since))
    # Nobody is in two places at once: the hours tell which appointment it is.
    seen = {(one.starts_at, one.ends_at): one for one in found}
    hours = {
        (starts, ends) for unit in unit_ids for _who, starts, ends in taken(viewer, unit, [who], since, until)
    }
    return _sorted(Hours(*span, seen.get(span)) for span in hours | seen.keys())


def _shown(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    return bookings.select_related("dossier", "venue", "area")


def _sorted(hours: Iterable[Hours]) -> list[Hours]:
    return sorted(hours, key=lambda one: (one.starts_at, one.ends_at))


def bookings_in_conflict(viewer: Viewer, dossier: Dossier, at: datetime, most: int = 20) -> list[Booking]:
    """This will give the appointments of a file still to come that would bring people together by what was learned
    since they were made, as far as the viewer may see them; two queries.
    """
    return _conflicts(dossier.id, at, most)


def own_conflicts(viewer: Viewer, at: datetime, most: int) -> list[Booking]:
    """This will give those in which the viewer sits, or which the viewer made; two queries at most."""
    return _conflicts(None, at, most)


def conflicting(dossier_id: UUID | None, at: datetime, most: int = 20) -> list[UUID]:
    """This will give the appointments to come, of a file or of whoever asks, that must not stay as they are: their
    ids, the soonest first; one query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.conflicts(%s, %s, %s)", [dossier_id, at, most])
        return [row[0] for row in cursor.fetchall()]


def _conflicts(dossier_id: UUID | None, at: datetime, most: int) -> list[Booking]:
    ids = conflicting(dossier_id, at, most)
    return list(_shown(Booking.objects.filter(id__in=ids)).order_by("starts_at")) if ids else []
