"""A dossier moves between stages as access.states says, whoever asks the database."""

import pytest
from django.db import DatabaseError

from ruangaman.access.models import Dossier
from ruangaman.access.states import STAGE_MOVES, Role, Stage
from tests.worlds import World, acting


@pytest.mark.parametrize("now", Stage.values)
@pytest.mark.parametrize("to", Stage.values)
def test_the_database_knows_the_legal_moves(world: World, now: str, to: str) -> None:
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)
    world.move(filed, now)
    moved = True
    try:
        with acting(supervisor):
            assert Dossier.objects.filter(id=filed.dossier.id).update(stage=to) == 1
    except DatabaseError:
        moved = False
    assert moved == (now == to or (Stage(now), Stage(to)) in STAGE_MOVES)
