"""What tests of finding people arrange: somebody recorded, a look-up, a wall, a task at work."""

from datetime import date, datetime
from typing import Any

from django.db import connections

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.people import actions
from ruangaman.people.actions.finding import LookedUp, keep_area_tokens, look_up
from ruangaman.people.models import Person
from ruangaman.people.policies import Identity
from ruangaman.people.policies.likenesses import Wanted
from ruangaman.people.states import PersonRole
from tests.worlds import Filed, World, acting

NAME = "Sulastri Rekaan Anggraini"
BORN = date(1991, 3, 4)
NIK = "3173014403910007"
VILLAGE = "31.73.01.1001"


def recorded(
    world: World,
    role: PersonRole = PersonRole.CLIENT,
    name: str = NAME,
    *,
    place: str = "31.73.01",
    at: datetime | None = None,
    **more: Any,
) -> tuple[Filed, Person]:
    """Somebody in a new file of that place, recorded by the supervisor of its unit."""
    filed = world.file(place=place)
    unit = world.unit if filed.dossier.unit_id == world.unit.id else world.other
    user = world.person(Role.SUPERVISOR, unit)
    with acting(user):
        part = actions.add_person(
            dossier=filed.dossier, role=role, identity=Identity(name, **more), by=user.id, at=at or world.now
        )
    return filed, part.person


def lives_in(world: World, filed: Filed, person: Person, *codes: str) -> None:
    user = world.person(Role.SUPERVISOR)
    with acting(user):
        keep_area_tokens(dossier=filed.dossier, person=person, name=NAME, area_codes=codes, at=world.now)


def looked_up(world: World, user: User, **by: Any) -> LookedUp:
    viewer = world.viewer(user)
    with acting(user):
        return look_up(
            viewer=viewer, unit_id=viewer.seats[0].organisation_id, wanted=Wanted(NAME, **by), at=world.now
        )


def wall(world: World, filed: Filed, user: User) -> None:
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [user.id, filed.dossier.id],
    )


def job(world: World, work: Any, at: Any) -> int:
    """A task as the worker runs it: under the worker's role, without a ticket."""
    web, connections["default"] = connections["default"], connections["worker"]
    try:
        return int(work(at))
    finally:
        connections["default"] = web
