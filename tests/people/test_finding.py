"""Finding people by name: other spellings, and nothing that the viewer may not see."""

from datetime import timedelta
from typing import Any

import pytest

from ruangaman.access.states import Role, Stage
from ruangaman.people import queries
from tests.worlds import World, acting


def names_found(world: World, role: str, name: str, **more: Any) -> list[str]:
    user = world.person(role)
    viewer = world.viewer(user)
    with acting(user):
        found, _more = queries.find(viewer, name, **more)
    return [one.name for one in found]


def test_an_old_spelling_finds_the_new_one(world: World) -> None:
    world.file(name="Sutarmi Wahyuni")
    world.file(name="Dewi Lestari")

    assert names_found(world, Role.HEAD, "Soetarmi Wahjuni") == ["Sutarmi Wahyuni"]


def test_the_most_alike_comes_first(world: World) -> None:
    world.file(name="Siti Aminnah")
    world.file(name="Siti Aminah")

    assert names_found(world, Role.HEAD, "Siti Aminah")[0] == "Siti Aminah"


def test_a_person_of_another_unit_is_not_found(world: World) -> None:
    world.file(name="Sutarmi Wahyuni", place="32.76")

    assert names_found(world, Role.HEAD, "Sutarmi Wahyuni") == []


def test_a_person_of_a_stage_out_of_reach_is_not_found(world: World) -> None:
    filed = world.file(name="Sutarmi Wahyuni")
    assert names_found(world, Role.INTAKE_OFFICER, "Sutarmi Wahyuni") == ["Sutarmi Wahyuni"]
    world.move(filed, Stage.CASE)

    assert names_found(world, Role.INTAKE_OFFICER, "Sutarmi Wahyuni") == []
    assert names_found(world, Role.HEAD, "Sutarmi Wahyuni") == ["Sutarmi Wahyuni"]


def test_somebody_behind_a_wall_finds_nothing(world: World) -> None:
    filed = world.file(name="Sutarmi Wahyuni")
    head = world.person(Role.HEAD)
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [head.id, filed.dossier.id],
    )

    assert names_found(world, Role.HEAD, "Sutarmi Wahyuni") == []


def test_a_search_asks_for_more_where_too_many_share_a_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.finding, "OPENED", 2)
    head = world.person(Role.HEAD)
    viewer = world.viewer(head)
    for _ in range(2):
        world.file(name="Sutarmi Wahyuni")

    with acting(head):
        assert queries.find(viewer, "Sutarmi Wahyuni")[1]
        assert not queries.find(viewer, "Dewi Lestari")[1]


def test_the_year_leaves_out_what_came_before_it(world: World) -> None:
    world.file(name="Sutarmi Wahyuni", at=world.now - timedelta(days=700))
    recent = (world.now - timedelta(days=365), world.now + timedelta(days=1))

    assert names_found(world, Role.HEAD, "Sutarmi Wahyuni", within=recent) == []
    assert names_found(world, Role.HEAD, "Sutarmi Wahyuni") == ["Sutarmi Wahyuni"]


def test_a_name_without_letters_finds_nobody(world: World) -> None:
    world.file(name="Sutarmi Wahyuni")

    assert names_found(world, Role.HEAD, " … 123 \0") == []
