"""A case with a client, a witness and a reported person, who works on it, two buildings and a room; made up."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ruangaman.access.actions import join_team
from ruangaman.access.models import Dossier, User
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role, Section, Stage
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.actions.feed import make_feed
from ruangaman.agenda.models import Booking, Resource, Venue
from ruangaman.agenda.states import BookingKind, ResourceKind
from ruangaman.kernel.ids import new_id
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole
from ruangaman.places.models import Place
from tests.worlds import Filed, World, acting

CLIENT, WITNESS, REPORTED = "Ratna Wulandari", "Yohanes Tobing", "Darmawan Kusnadi"
KAPUK, RAWA_BUAYA, CENGKARENG = "31.73.01.1005", "31.73.01.1003", "31.73.01"
WIB = ZoneInfo("Asia/Jakarta")


@dataclass
class Case:
    """The case, who works on it, who is who in it, and where one can meet."""

    world: World
    filed: Filed
    supervisor: User
    manager: User
    companion: User
    client: Person
    witness: Person
    reported: Person
    office: Venue
    court: Venue
    room: Resource
    areas: dict[str, Place] = field(default_factory=dict)

    @property
    def dossier(self) -> Dossier:
        with acting(self.supervisor):
            return Dossier.objects.get(id=self.filed.dossier.id)

    def viewer(self, user: User | None = None) -> Viewer:
        return self.world.viewer(user or self.manager)

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """An hour of the unit, so many days from today."""
        date = (self.world.now.astimezone(WIB) + timedelta(days=day)).date()
        return datetime.combine(date, time(hour, minute), WIB)

    def book(self, *people: Person, by: User | None = None, **told: Any) -> Booking:
        """A meeting of two hours at the office, next week at nine, of the manager with these people."""
        values = {
            "section": Section.RISK,
            "kind": BookingKind.SESSION,
            "starts_at": self.at(7, 9),
            "venue": self.office,
            "staff": [(by or self.manager).id],
            "people": people,
            "at": self.world.now,
        } | told
        values.setdefault("ends_at", values["starts_at"] + timedelta(hours=2))
        if {"area", "where"} & told.keys():
            values.pop("venue") if "venue" not in told else None
        with acting(by or self.manager):
            return bookings.book(viewer=self.viewer(by), dossier=self.dossier, **values)

    def do(self, action: Any, booking: Booking, by: User | None = None, **told: Any) -> Any:
        """One change of an appointment, by the manager unless said otherwise."""
        with acting(by or self.manager):
            fresh = Booking.objects.select_related("dossier").get(id=booking.id)
            return action(viewer=self.viewer(by), booking=fresh, **{"at": self.world.now, **told})

    def seen_at(self, **told: Any) -> None:
        """That the reported person is somewhere, written by the owner: every day from eight to noon, at the office."""
        values = {
            "weekdays": 127,
            "from_time": time(8),
            "until_time": time(12),
            "from_on": self.world.now.date() - timedelta(days=30),
            "until_on": None,
            "venue_id": self.office.id,
            "area_id": None,
            "spot": None,
        } | told
        columns = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        self.world.rows(
            "INSERT INTO agenda_presence (id, dossier_id, unit_id, stage, person_id, key_id, told_by_id, told_at, "
            f"{columns}) SELECT %s, d.id, d.unit_id, d.stage, %s, p.key_id, %s, now(), {marks} "
            "FROM access_dossier d JOIN people_person p ON p.id = %s WHERE d.id = %s",
            [
                new_id(),
                self.reported.id,
                self.manager.id,
                *values.values(),
                self.reported.id,
                self.filed.dossier.id,
            ],
        )

    def turns_out_to_be_reported(self, person: Person) -> None:
        """The part of somebody changes after things were booked."""
        self.world.rows(
            "UPDATE people_part SET role = 'reported', section = 'parties' WHERE person_id = %s", [person.id]
        )


def case(world: World) -> Case:
    """The case as it begins: nothing is booked."""
    filed = world.file()
    supervisor, manager = world.person(Role.SUPERVISOR), world.person(Role.CASE_MANAGER)
    companion, at = world.person(Role.COMPANION), world.now
    with acting(supervisor):
        dossier = Dossier.objects.get(id=filed.dossier.id)
        for user, role in ((manager, Role.CASE_MANAGER), (companion, Role.COMPANION)):
            join_team(
                dossier=dossier,
                person=user.id,
                role=role,
                until=at + timedelta(days=90),
                by=supervisor.id,
                at=at,
            )
        people = [
            add_person(dossier=dossier, role=role, identity=Identity(name), by=supervisor.id, at=at).person
            for role, name in (
                (PersonRole.CLIENT, CLIENT),
                (PersonRole.WITNESS, WITNESS),
                (PersonRole.REPORTED, REPORTED),
            )
        ]
    world.move(filed, Stage.CASE)
    areas = {code: Place.objects.get(code=code) for code in (KAPUK, RAWA_BUAYA, CENGKARENG)}
    for name in ("Kantor Unit Uji", "Pengadilan Uji"):
        Venue.objects.using("owner").get_or_create(owner_id=world.unit.id, name=name, area_id=RAWA_BUAYA)
    with acting(manager):
        office, court = Venue.objects.select_related("area").filter(owner_id=world.unit.id).order_by("name")
    Resource.objects.using("owner").get_or_create(
        owner_id=world.unit.id, kind=ResourceKind.ROOM, name="Ruang Melati", venue_id=office.id
    )
    with acting(manager):
        room = Resource.objects.select_related("venue").get(owner_id=world.unit.id)
    return Case(world, filed, supervisor, manager, companion, *people, office, court, room, areas)


def appointment(world: World, filed: Filed) -> Booking:
    """A talk by telephone of the supervisor about a report, in two days."""
    supervisor = world.person(Role.SUPERVISOR)
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        return bookings.book(
            viewer=viewer,
            dossier=Dossier.objects.get(id=filed.dossier.id),
            section=Section.RISK,
            kind=BookingKind.SESSION,
            starts_at=world.now + timedelta(days=2),
            ends_at=world.now + timedelta(days=2, hours=1),
            staff=[supervisor.id],
            at=world.now,
        )


def feed_secret(world: World) -> str:
    """The secret of that supervisor's calendar."""
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        return make_feed(viewer=world.viewer(supervisor), at=world.now)
