"""What companions are good at: set by who leads, read by colleagues. Source: issue 6, "area, load and skill"."""

from typing import Any

import pytest

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.network.actions import set_aptitudes
from ruangaman.network.states import Skill
from tests.access.filled import tried
from tests.worlds import World, acting

CENGKARENG, JAKARTA_BARAT = "31.73.01", "31.73"
ADDRESS = "/petugas/keahlian/"


def teach(world: World, by: User, about: User, **told: Any) -> None:
    viewer = world.viewer(by)
    with acting(by):
        set_aptitudes(
            viewer=viewer,
            organisation=world.unit.id,
            user=about.id,
            **{"skills": [Skill.CHILDREN], "areas": [CENGKARENG], "at": clock.now(), **told},
        )


def kept(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT skill, area_id FROM network_aptitude ORDER BY skill, area_id")


def test_the_head_and_supervisors_set_them_and_the_last_word_stands(world: World) -> None:
    companion = world.person(Role.COMPANION)
    teach(world, world.person(Role.HEAD), companion)
    assert kept(world) == [("", CENGKARENG), ("children", None)]
    teach(world, world.person(Role.SUPERVISOR), companion, skills=[Skill.ONLINE], areas=[CENGKARENG])
    assert kept(world) == [("", CENGKARENG), ("online", None)]
    teach(world, world.person(Role.HEAD), companion, skills=[], areas=[])
    assert kept(world) == []
    told = world.rows("SELECT fields_named, objects_named FROM ledger_entry WHERE verb = 'aptitude_set'")
    assert told == [([], [companion.id])] * 3


def test_nobody_else_sets_them_not_even_by_raw_sql(world: World) -> None:
    companion = world.person(Role.COMPANION)
    for role in (Role.COMPANION, Role.INTAKE_OFFICER, Role.CASE_MANAGER, Role.ADMINISTRATOR):
        person = world.person(role)
        with pytest.raises(Refused, match="Hanya penyelia atau kepala"):
            teach(world, person, companion)
        with acting(person):
            assert not tried(
                "INSERT INTO network_aptitude (id, organisation_id, user_id, skill) VALUES "
                f"(gen_random_uuid(), '{world.unit.id}', '{companion.id}', 'online') RETURNING id"
            )
    with pytest.raises(Refused, match="Hanya penyelia atau kepala"):
        teach(world, world.person(Role.HEAD, world.other), companion)
    assert kept(world) == []


def test_of_somebody_who_is_no_companion_of_the_unit_nothing_is_set(world: World) -> None:
    for person in (world.person(Role.PSYCHOLOGIST), world.person(Role.COMPANION, world.other)):
        with pytest.raises(Refused, match="bukan pendamping korban"):
            teach(world, world.person(Role.HEAD), person)


def test_colleagues_read_them_and_others_do_not(world: World) -> None:
    teach(world, world.person(Role.HEAD), world.person(Role.COMPANION))
    for person, count in (
        (world.person(Role.INTAKE_OFFICER), 2),
        (world.person(Role.HEAD, world.other), 0),
        (world.person(Role.PARTNER_OFFICER), 0),
    ):
        with acting(person):
            assert len(tried("SELECT id FROM network_aptitude") or []) == count


def test_the_page_shows_each_companion_and_keeps_what_is_set(world: World) -> None:
    companion = world.person(Role.COMPANION)
    browser = world.client(world.person(Role.SUPERVISOR))
    page = browser.get(ADDRESS)
    assert page.status_code == 200
    assert companion.name in page.content.decode()
    own = f"{ADDRESS}?petugas={companion.id}"
    assert browser.get(own).status_code == 200
    sent = {"skills": ["children", "disability"], "areas": [JAKARTA_BARAT, CENGKARENG]}
    assert browser.post(own, sent).status_code == 302
    shown = browser.get(ADDRESS).content.decode()
    for said in ("Anak, Disabilitas atau bahasa isyarat", "Cengkareng"):
        assert said in shown
    again = browser.get(own).content.decode()
    assert again.count("checked") == 4


@pytest.mark.parametrize(
    "sent", [{"skills": ["terbang"]}, {"areas": ["99.99"]}, {"areas": ["31.73.01.9999"]}]
)
def test_what_is_on_no_list_is_told_and_changes_nothing(world: World, sent: dict[str, Any]) -> None:
    own = f"{ADDRESS}?petugas={world.person(Role.COMPANION).id}"
    answered = world.client(world.person(Role.HEAD)).post(own, sent)
    assert answered.status_code == 400
    assert kept(world) == []


def test_strangers_and_a_number_of_nobody_meet_nothing(world: World) -> None:
    elsewhere = world.person(Role.COMPANION, world.other)
    head = world.client(world.person(Role.HEAD))
    for wanted in (elsewhere.id, new_id(), "x"):
        assert head.get(f"{ADDRESS}?petugas={wanted}").status_code == 404
        assert head.post(f"{ADDRESS}?petugas={wanted}", {}).status_code == 404
    assert head.post(ADDRESS, {"skills": ["online"]}).status_code == 404
    for role in (Role.COMPANION, Role.INTAKE_OFFICER, Role.PARTNER_OFFICER, Role.ADMINISTRATOR):
        assert world.client(world.person(role)).get(ADDRESS).status_code == 404
