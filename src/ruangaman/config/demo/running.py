"""What goes on in the running cases at this moment: how she is reached, where he is, appointments, who is out."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from ruangaman.access.states import Section, Stage
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.actions.outings import go_out
from ruangaman.agenda.actions.presence import tell_presence
from ruangaman.agenda.models import Booking, Resource, Venue
from ruangaman.agenda.policies.outings import proposed
from ruangaman.agenda.policies.presence import windows
from ruangaman.agenda.states import BookingKind, Whose, Why
from ruangaman.clocks import actions as clocks
from ruangaman.clocks.models import Clock
from ruangaman.clocks.states import PauseReason
from ruangaman.config.demo.arrival import LOCAL, Arrival, Staff
from ruangaman.config.demo.filing import file_papers
from ruangaman.config.demo.furnishing import (
    CAR,
    COUNSELLING,
    FAMILY,
    HOSPITAL,
    INTERPRETER,
    MEETING,
    OFFICE,
    village,
)
from ruangaman.config.demo.walk import Walk
from ruangaman.people import actions as people
from ruangaman.people.models import Part
from ruangaman.people.states import PartStatus, PersonRole

LEAST = 4  # running cases that the scenes are told of
FRESH = timedelta(days=12)  # a contact of that age still holds
SAFETY = "Datang berdua, tanpa seragam. Kalau terlapor ada, berbicara soal program dan pulang."
COVER = "Kunjungan program kesehatan"
OFFICE_HOURS = range(8, 14)  # in which somebody may be out and is back today


def show(staff: Staff, walks: Sequence[Arrival]) -> None:
    """This will show in the running cases what a newcomer looks for, where there are enough of them."""
    running = [walk for walk in walks if isinstance(walk, Walk) and walk.dossier.stage == Stage.CASE]
    if len(running) < LEAST:
        return
    for walk in running[:LEAST]:
        _say_how_to_reach(staff, walk)
    for walk in running[:2]:
        _say_where_he_is(staff, walk)
    _pause(staff, running[3])
    Week(staff, running).book_all()
    _go_out(staff, running[1])
    file_papers(staff, running)


def _say_how_to_reach(staff: Staff, walk: Walk) -> None:
    with staff.acting(walk.companion) as companion:
        people.set_contact(
            viewer=companion,
            dossier=walk.dossier,
            person=walk.client,
            way=walk.way(),
            at=max(walk.at, staff.at - FRESH),
        )


def _say_where_he_is(staff: Staff, walk: Walk) -> None:
    """Working days, in a part of the town where nobody of the unit has an appointment."""
    reported = Part.objects.get(dossier=walk.dossier, role=PersonRole.REPORTED, status=PartStatus.ACTIVE)
    with staff.acting(walk.companion) as companion:
        tell_presence(
            viewer=companion,
            dossier=walk.dossier,
            person=reported.person,
            windows=windows(range(5), time(7), time(15), _today(staff), None),
            area=village("31.75"),
            where="Toko Contoh",
            at=staff.at,
        )


def _pause(staff: Staff, walk: Walk) -> None:
    contact = Clock.objects.get(dossier=walk.dossier, code="contact-30", ended_at=None)
    with staff.acting("manajer") as manager:
        clocks.pause(
            viewer=manager,
            clock=contact,
            reason=PauseReason.UNREACHABLE,
            note="Nomor lama tidak aktif; menunggu kabar lewat pendamping.",
            at=staff.at,
        )


def _go_out(staff: Staff, walk: Walk) -> None:
    now = staff.at.astimezone(LOCAL)
    if now.weekday() > 4 or now.hour not in OFFICE_HOURS:
        return
    with staff.acting(walk.companion) as companion:
        go_out(
            viewer=companion,
            dossier=walk.dossier,
            area=village(walk.planned.city).code,
            expected_at=proposed(staff.at, None),
            at=staff.at - timedelta(minutes=30),
        )


def _today(staff: Staff) -> date:
    return staff.at.astimezone(LOCAL).date()


class Week:
    """The appointments around today. No hour of anybody's is taken twice: each case has an hour of its own."""

    def __init__(self, staff: Staff, running: Sequence[Walk]) -> None:
        self.staff, self.running = staff, running
        unit = staff.organisations["unit"].id
        self.venues = {venue.name: venue for venue in Venue.objects.filter(owner_id=unit)}
        self.things = {
            one.name: one for one in Resource.objects.filter(owner_id=unit).select_related("venue")
        }

    def book_all(self) -> None:
        """This will make them: kept, to come, moved, cancelled."""
        first, second, third, fourth = self.running[:LEAST]
        tomorrow = _today(self.staff) + timedelta(days=1)
        self._keep(
            self._session(first, tomorrow - timedelta(days=2), 14, COUNSELLING, asked=timedelta(days=2))
        )
        self._session(first, tomorrow, 10, COUNSELLING)
        self._examine(second, self._workday(2))
        self._meet(third, self._workday(3), 9)
        self._visit(fourth, self._workday(6))
        self._move(self._meet(second, self._workday(4), 13), self._workday(7))
        self._cancel(self._session(third, self._workday(5), 11, FAMILY))

    def _workday(self, ahead: int) -> date:
        day = _today(self.staff)
        while ahead:
            day += timedelta(days=1)
            ahead -= day.weekday() < 5
        return day

    def _session(
        self, walk: Walk, day: date, hour: int, room: str, asked: timedelta = timedelta()
    ) -> Booking:
        with self.staff.acting(walk.companion) as companion:
            return bookings.book(
                viewer=companion,
                dossier=walk.dossier,
                section=Section.RISK,
                kind=BookingKind.SESSION,
                **_span(day, hour),
                venue=self.venues[OFFICE],
                staff=[companion.id],
                people=[walk.client],
                resources=[self.things[room]],
                at=self.staff.at - asked,
            )

    def _examine(self, walk: Walk, day: date) -> Booking:
        with self.staff.acting(walk.companion) as companion:
            return bookings.book(
                viewer=companion,
                dossier=walk.dossier,
                section=Section.PLAN,
                kind=BookingKind.EXAMINATION,
                **_span(day, 13),
                venue=self.venues[HOSPITAL],
                staff=[companion.id],
                people=[walk.client],
                resources=[self.things[CAR]],
                at=self.staff.at,
            )

    def _meet(self, walk: Walk, day: date, hour: int) -> Booking:
        with self.staff.acting("manajer") as manager:
            return bookings.book(
                viewer=manager,
                dossier=walk.dossier,
                section=Section.PLAN,
                kind=BookingKind.MEETING,
                **_span(day, hour),
                venue=self.venues[OFFICE],
                staff=[manager.id, self.staff[walk.companion].id],
                people=[walk.client],
                resources=[self.things[MEETING], self.things[INTERPRETER]],
                note="Membahas rencana layanan bersama klien.",
                at=self.staff.at,
            )

    def _visit(self, walk: Walk, day: date) -> Booking:
        with self.staff.acting(walk.companion) as companion:
            return bookings.book(
                viewer=companion,
                dossier=walk.dossier,
                section=Section.RISK,
                kind=BookingKind.HOME_VISIT,
                **_span(day, 15),
                area=village(walk.planned.city),
                where="Balai warga contoh",
                staff=[companion.id],
                people=[walk.client],
                safety_plan=SAFETY,
                cover_reason=COVER,
                at=self.staff.at,
            )

    def _keep(self, booking: Booking) -> None:
        maker = self._maker(booking)
        with self.staff.acting(maker) as companion:
            bookings.done(viewer=companion, booking=booking, at=booking.ends_at)

    def _move(self, booking: Booking, day: date) -> None:
        with self.staff.acting("manajer") as manager:
            bookings.move(
                viewer=manager,
                booking=booking,
                side=Whose.CLIENT,
                why=Why.HER_WISH,
                **_span(day, 13),
                venue=booking.venue,
                at=self.staff.at,
            )

    def _cancel(self, booking: Booking) -> None:
        with self.staff.acting(self._maker(booking)) as companion:
            bookings.cancel(
                viewer=companion, booking=booking, side=Whose.UNIT, why=Why.OTHER_DUTY, at=self.staff.at
            )

    def _maker(self, booking: Booking) -> str:
        return next(name for name, user in self.staff.users.items() if user.id == booking.made_by_id)


class Span(TypedDict):
    """From when until when."""

    starts_at: datetime
    ends_at: datetime


def _span(day: date, hour: int) -> Span:
    """One hour, in the local time of the unit."""
    starts_at = datetime.combine(day, time(hour), LOCAL)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
