"""Who reads a merged report because they work on the file it was merged into stands under that report in the ledger."""

from typing import Any

from ruangaman.access.actions import leave_team
from ruangaman.access.models import Dossier, User
from ruangaman.access.states import Role
from ruangaman.kernel import clock
from tests.access.filled import tried
from tests.intake.joining import merge, undo
from tests.intake.reaching import NEIGHBOUR
from tests.intake.test_joining import on_team
from tests.worlds import Filed, World, acting


def let_in(world: World, filed: Filed) -> list[tuple[Any, ...]]:
    """(verb, whom, whether with several sections, by whom), as the ledger of this very report has it."""
    return world.rows(
        "SELECT verb, objects_named[1], cardinality(fields_named) > 3, actor_id FROM ledger_entry "
        "WHERE dossier_id = %s AND verb IN ('granted', 'grant_withdrawn') ORDER BY at, id",
        [filed.dossier.id],
    )


def off_team(world: World, filed: Filed, person: User) -> None:
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        leave_team(
            dossier=Dossier.objects.get(id=filed.dossier.id),
            person=person.id,
            by=supervisor.id,
            at=clock.now(),
        )


def test_the_team_of_the_moment_is_written_when_it_is_merged_and_when_that_is_undone(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR, story="Cerita kedua.")
    companion, officer = world.person(Role.COMPANION), world.person(Role.INTAKE_OFFICER)
    on_team(world, first, companion, Role.COMPANION)
    joining = merge(world, second, first)
    assert let_in(world, second) == [("granted", companion.id, True, officer.id)]
    assert let_in(world, first) == []
    undo(world, joining)
    assert let_in(world, second)[1:] == [("grant_withdrawn", companion.id, True, officer.id)]


def test_who_joins_or_leaves_the_team_later_is_written_under_every_report_merged_into_it(
    world: World,
) -> None:
    first, second, third = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    merge(world, third, second)
    merge(world, second, first)
    assert let_in(world, second) == let_in(world, third) == []
    manager, supervisor = world.person(Role.CASE_MANAGER), world.person(Role.SUPERVISOR)
    on_team(world, first, manager, Role.CASE_MANAGER)
    expected = [("granted", manager.id, True, supervisor.id)]
    assert let_in(world, second) == let_in(world, third) == expected
    off_team(world, first, manager)
    expected.append(("grant_withdrawn", manager.id, True, supervisor.id))
    assert let_in(world, second) == let_in(world, third) == expected
    off_team(world, first, manager)
    assert let_in(world, second) == expected, "who left before leaves once"


def test_a_file_that_nothing_was_merged_into_writes_nothing_more(world: World) -> None:
    first = world.file(**NEIGHBOUR)
    on_team(world, first, world.person(Role.COMPANION), Role.COMPANION)
    assert let_in(world, first) == []


def test_who_does_not_look_after_the_team_is_told_nothing_of_who_reads(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    on_team(world, first, world.person(Role.COMPANION), Role.COMPANION)
    merge(world, second, first)
    ask = "SELECT person FROM door.let_in_by_merge(%s, NULL)"
    for person in (
        world.person(Role.COMPANION),
        world.person(Role.DATA_OFFICER),
        world.person(Role.ADMINISTRATOR),
        world.person(Role.SUPERVISOR, world.other),
    ):
        with acting(person):
            assert tried(ask, [second.dossier.id]) == tried(ask, [first.dossier.id]) == []
    with acting(world.person(Role.SUPERVISOR)):
        assert tried(ask, [second.dossier.id]) == [(world.person(Role.COMPANION).id,)]
