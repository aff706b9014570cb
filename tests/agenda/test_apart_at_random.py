"""No-encounter against a slow, obvious calculation, minute by minute; and two who book at the same moment."""

import random
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connections, transaction

from ruangaman.access.states import Role
from ruangaman.agenda.models import Booking, Presence, Seat
from ruangaman.agenda.policies.bookings import Apart, plain
from ruangaman.agenda.queries.places import spot_of
from ruangaman.agenda.states import BookingKind
from ruangaman.people.models import Part
from tests.agenda.booked import CENGKARENG, KAPUK, RAWA_BUAYA, Case, case
from tests.worlds import World, acting

ROUNDS = 400
MINUTE = timedelta(minutes=1)
MARGIN = 60
START = datetime(2027, 3, 1, tzinfo=UTC)
ZONES = {"31": "Asia/Jakarta", "51": "Asia/Makassar", "91": "Asia/Jayapura"}
WORDS = ("Balai RW", "balai  rw.", "Masjid")
AREAS = (KAPUK, RAWA_BUAYA, CENGKARENG, "31.73", "31.74")
SAFE, REPORTED = ("client", "witness"), ("reported",)


@dataclass(frozen=True)
class Spot:
    """Somewhere: a building, words, an area, or nothing of these."""

    venue: str | None
    words: str | None
    area: str | None


@dataclass(frozen=True)
class Plan:
    """An appointment as the slow calculation knows it."""

    who: tuple[str, ...]
    kind: str
    spot: Spot
    first: int  # minutes from START
    minutes: int
    live: bool = True

    @property
    def span(self) -> set[int]:
        return set(range(self.first, self.first + self.minutes))

    def has(self, side: str) -> bool:
        visits = "staff" in self.who and self.kind in (BookingKind.OUTREACH, BookingKind.HOME_VISIT)
        return (
            any(one in REPORTED for one in self.who)
            if side == "reported"
            else visits or any(one in SAFE for one in self.who)
        )


@dataclass(frozen=True)
class Window:
    """Hours at which the reported person is somewhere."""

    spot: Spot
    weekdays: int
    begins: time
    ends: time
    from_day: int
    until_day: int | None
    over: bool

    def holds(self, minute: int, zone: str) -> bool:
        local = (START + minute * MINUTE).astimezone(ZoneInfo(zone))
        day = (local.date() - START.date()).days
        return (
            not self.over
            and bool(self.weekdays & 1 << local.weekday())
            and self.from_day <= day
            and (self.until_day is None or day <= self.until_day)
            and self.begins <= local.time() < self.ends
        )


def one_place(a: Spot, b: Spot) -> bool:
    if a.venue and a.venue == b.venue:
        return True
    if a.words and b.words and plain(a.words) == plain(b.words):
        return True
    if (a.venue and b.venue) or not (a.area and b.area):
        return False
    one, other = a.area.split("."), b.area.split(".")
    return all(x == y for x, y in zip(one, other, strict=False))


def must_be_refused(plan: Plan, others: list[Plan], windows: list[Window], zone: str) -> bool:
    """The slow, obvious way: every minute of the appointment and an hour around it is looked at."""
    around = set(range(plan.first - MARGIN, plan.first + plan.minutes + MARGIN))
    if plan.has("safe") and plan.has("reported"):
        return True
    for other in others:
        meets = (plan.has("safe") and other.has("reported")) or (plan.has("reported") and other.has("safe"))
        if other.live and meets and one_place(plan.spot, other.spot) and around & other.span:
            return True
    return plan.has("safe") and any(
        one_place(plan.spot, window.spot) and any(window.holds(minute, zone) for minute in around)
        for window in windows
    )


class Dice:
    """Appointments, hours and places that often come near each other."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def spot(self) -> Spot:
        kind = self.rng.choice(("venue", "venue", "words", "area", "none"))
        if kind == "venue":
            return Spot(self.rng.choice(("office", "court")), None, RAWA_BUAYA)
        if kind == "none":
            return Spot(None, None, None)
        return Spot(None, self.rng.choice(WORDS) if kind == "words" else None, self.rng.choice(AREAS))

    def plan(self) -> Plan:
        rng = self.rng
        who = tuple(rng.sample(("client", "witness", "reported", "staff"), rng.choice((1, 1, 2))))
        kind = rng.choice(
            (BookingKind.SESSION, BookingKind.HOME_VISIT, BookingKind.OUTREACH, BookingKind.HEARING)
        )
        first = 7 * 1440 + rng.randrange(0, 1440, 5)
        return Plan(who, kind, self.spot(), first, rng.choice((5, 60, 600, 2000)), rng.random() > 0.1)

    def window(self) -> Window:
        rng = self.rng
        begins = rng.randrange(0, 1435, 5)
        ends = rng.randrange(begins + 5, 1441, 5)
        return Window(
            self.spot(),
            rng.choice((127, 127, 1 << rng.randrange(7))),
            time(begins // 60, begins % 60),
            time.max if ends == 1440 else time(ends // 60, ends % 60),
            rng.choice((0, 7, 8)),
            rng.choice((None, None, 6, 7)),
            rng.random() < 0.1,
        )


class Writer:
    """Writes what was thrown, as the owner: rules that hold for the owner hold for everybody."""

    def __init__(self, story: Case) -> None:
        self.story, self.people = story, {}
        for role in (*SAFE, *REPORTED):
            part = Part.objects.using("owner").get(dossier_id=story.filed.dossier.id, role=role)
            self.people[role] = part.person_id
        row = story.filed.dossier
        self.place = {"dossier_id": row.id, "unit_id": row.unit_id, "stage": "case"}
        self.key = Part.objects.using("owner").select_related("person").first().person.key_id  # type: ignore[union-attr]
        self.venues = {"office": story.office.id, "court": story.court.id, None: None}

    def where(self, spot: Spot) -> dict[str, Any]:
        words = spot_of(self.story.filed.dossier.id, spot.words) if spot.words else None
        return {"venue_id": self.venues[spot.venue], "spot": words, "area_id": spot.area}

    def book(self, plan: Plan, staff: Any, *, let_in: bool) -> None:
        starts = START + plan.first * MINUTE
        span = {"starts_at": starts, "ends_at": starts + plan.minutes * MINUTE, "section": "risk"}
        booking = Booking(
            **self.place,
            **self.where(plan.spot),
            **span,
            kind=plan.kind,
            key_id=self.key,
            made_by_id=self.story.manager.id,
            made_at=START,
            safety_plan=b"x",
            cover_reason=b"x",
            overridden_by_id=self.story.supervisor.id if let_in else None,
            override_reason=b"x" if let_in else None,
        )
        booking.save(using="owner", force_insert=True)
        for one in plan.who:
            seat = {"user_id": staff.id} if one == "staff" else {"person_id": self.people[one]}
            Seat(**self.place, **span, **seat, booking_id=booking.id, is_live=plan.live).save(
                using="owner", force_insert=True
            )

    def window(self, window: Window) -> None:
        day = START.date()
        Presence(
            **self.place,
            **self.where(window.spot),
            person_id=self.people["reported"],
            key_id=self.key,
            weekdays=window.weekdays,
            from_time=window.begins,
            until_time=window.ends,
            from_on=day + timedelta(days=window.from_day),
            until_on=None if window.until_day is None else day + timedelta(days=window.until_day),
            told_by_id=self.story.manager.id,
            told_at=START,
            ended_at=START if window.over else None,
        ).save(using="owner", force_insert=True)


def test_the_database_refuses_what_the_slow_calculation_refuses_and_nothing_else(world: World) -> None:
    story = case(world)
    write, seen = Writer(story), {True: 0, False: 0}
    staff = [story.world.person(Role.COMPANION, tag=str(n)) for n in range(4)]
    for seed in range(ROUNDS):
        dice = Dice(seed)
        place, zone = dice.rng.choice(list(ZONES.items()))
        others = [dice.plan() for _n in range(dice.rng.randrange(3))]
        windows = [dice.window() for _n in range(dice.rng.randrange(3))]
        plan = Plan(**{**dice.plan().__dict__, "live": True})
        with transaction.atomic(using="owner"):
            story.world.rows(
                "UPDATE access_organisation SET place_id = %s WHERE id = %s", [place, story.world.unit.id]
            )
            for other, who in zip(others, staff, strict=False):
                write.book(other, who, let_in=True)
            for window in windows:
                write.window(window)
            try:
                with transaction.atomic(using="owner"):
                    write.book(plan, staff[3], let_in=False)
                refused = False
            except DatabaseError as error:
                assert getattr(error.__cause__, "sqlstate", "") == "RA003", error
                refused = True
            transaction.set_rollback(True, using="owner")
        expected = must_be_refused(plan, others, windows, zone)
        assert refused == expected, (seed, zone, plan, others, windows)
        seen[refused] += 1
    assert min(seen.values()) > ROUNDS // 8, seen


def test_of_two_who_book_at_the_same_moment_one_is_refused(world: World) -> None:
    story = case(world)
    gate, outcomes = threading.Barrier(2), []

    def book(person: Any, who: Any) -> None:
        try:
            with acting(who):
                gate.wait(10)
                story.book(person, by=who)
                outcomes.append("made")
        except Apart:
            outcomes.append("refused")
        except BaseException as error:
            outcomes.append(repr(error))
            raise
        finally:
            connections.close_all()

    for _round in range(5):
        outcomes.clear()
        threads = [
            threading.Thread(target=book, args=pair)
            for pair in ((story.client, story.manager), (story.reported, story.companion))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(outcomes) == ["made", "refused"]
        story.world.rows("DELETE FROM agenda_seat")
        story.world.rows("DELETE FROM clocks_clock")
        story.world.rows("DELETE FROM agenda_booking")


def test_hours_told_while_somebody_books_are_seen_by_one_of_the_two(world: World) -> None:
    """Either the appointment is refused, or whoever told the hours is shown the appointment."""
    story = case(world)
    with acting(story.manager):
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('apart:' || %s, 0))",
                [str(story.filed.dossier.id)],
            )
            assert cursor.fetchone() == (True,)
        waiting = threading.Thread(target=_tell_and_close, args=(story,))
        waiting.start()
        waiting.join(0.7)
        assert waiting.is_alive(), "hours were told past an appointment that was being made"
    waiting.join(30)
    assert story.world.rows("SELECT count(*) FROM agenda_presence") == [(1,)]


def _tell_and_close(story: Case) -> None:
    story.seen_at()
    connections.close_all()
