"""Two records of one made-up person, in one file or in two, and what is decided about them."""

from typing import Any

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.kernel import clock
from ruangaman.people.actions.likenesses import decide_same, undo_same
from ruangaman.people.models import Likeness, Person
from ruangaman.people.states import PersonRole, Sameness, Sex
from tests.people.people import added, case
from tests.worlds import Filed, World, acting


def decided(
    world: World, by: User, person: Person, other: Person, decision: Sameness = Sameness.SAME, **more: Any
) -> Likeness:
    """A decision about two records, as the page makes it."""
    viewer = world.viewer(by)
    with acting(by):
        pair = [Person.objects.select_related("dossier").get(id=one.id) for one in (person, other)]
        return decide_same(
            viewer=viewer, person=pair[0], other=pair[1], decision=decision, at=clock.now(), **more
        )


def undone(world: World, by: User, likeness: Likeness) -> Likeness:
    viewer = world.viewer(by)
    with acting(by):
        found = Likeness.objects.select_related("dossier").get(id=likeness.id)
        return undo_same(viewer=viewer, likeness=found, at=clock.now())


def one_of(world: World, *people: Person) -> list[Any]:
    """Which one each of these records was found to be, as the database keeps it."""
    rows = dict(world.rows("SELECT id, one_id FROM people_person"))
    return [rows[person.id] for person in people]


def twice(world: World) -> tuple[Filed, User, Person, Person]:
    """A case in which one woman was written down twice."""
    filed, manager = case(world)
    first = added(filed, manager, PersonRole.CLIENT, "Siti Rekaan Melati", age=30, sex=Sex.FEMALE).person
    second = added(filed, manager, PersonRole.CLIENT, "Sitti Rekaan Melati", age=31, sex=Sex.FEMALE).person
    return filed, manager, first, second


def two_files(world: World) -> tuple[Filed, Filed, User, Person, Person]:
    """Two cases of one unit with a woman of the same name in each."""
    filed, manager = case(world)
    later, _manager = case(world)
    first = added(filed, manager, PersonRole.CLIENT, "Siti Rekaan Melati", age=30, sex=Sex.FEMALE).person
    second = added(later, manager, PersonRole.CLIENT, "Siti Rekaan Melati", age=30, sex=Sex.FEMALE).person
    return filed, later, manager, first, second


def walled(world: World, filed: Filed, person: User) -> None:
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_by_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, %s, now() FROM access_dossier WHERE id = %s",
        [person.id, world.person(Role.HEAD).id, filed.dossier.id],
    )
