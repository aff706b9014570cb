"""What peers' systems fail at in who is who, tried here. Source: peers.md."""

import pytest

from ruangaman.access.states import Role
from ruangaman.people.queries.likenesses import other_files
from ruangaman.people.states import PersonRole, Sameness
from tests.people.alike import decided, one_of, two_files, undone
from tests.people.people import added, case
from tests.worlds import World, acting


def test_primero_no_merge_of_duplicates(world: World) -> None:
    """Primero: a child recorded twice stays two for ever. Here she is one at once, and two again if that was wrong."""
    filed, manager = case(world)
    names = ("Melati Rekaan", "Melatih Rekaan", "Mlati R.")
    first, *others = [added(filed, manager, PersonRole.CLIENT, name, age=9).person for name in names]
    links = [decided(world, manager, first, other) for other in others]
    assert one_of(world, first, *others) == [first.id] * 3
    undone(world, manager, links[0])
    assert one_of(world, first, *others) == [first.id, others[0].id, first.id]


@pytest.mark.parametrize("decision", list(Sameness))
def test_simfoni_parallel_reports_of_one_person(world: World, decision: Sameness) -> None:
    """SIMFONI PPA: two reports of one person stand side by side, unknown to each other. Here a supervisor links them,
    or says that they are two; neither file is closed into the other, and nothing is typed again.
    """
    filed, later, _manager, first, second = two_files(world)
    supervisor = world.person(Role.SUPERVISOR)
    decided(world, supervisor, first, second, decision)
    with acting(supervisor):
        found = other_files(world.viewer(supervisor), filed.dossier.id)
    assert [one.reference for one in found] == ([later.reference] if decision == Sameness.SAME else [])
    assert world.rows("SELECT count(*) FROM people_person WHERE id = ANY(%s)", [[first.id, second.id]]) == [
        (2,)
    ]
