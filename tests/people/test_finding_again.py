"""Finding somebody again by more than a name, and a look-up that is no oracle. care.md 18."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from ruangaman.access.actions import join_team
from ruangaman.access.states import Role
from ruangaman.kernel.errors import Refused
from ruangaman.people import queries
from ruangaman.people.actions.likenesses import decide_same
from ruangaman.people.policies.likenesses import Why
from ruangaman.people.queries.finding import proposals
from ruangaman.people.states import PersonRole, Sameness
from tests.people.looking import BORN, NAME, NIK, VILLAGE, lives_in, looked_up, recorded, wall
from tests.worlds import World, acting


def found(world: World, **by: Any) -> list[queries.finding.Found]:
    head = world.person(Role.HEAD)
    viewer = world.viewer(head)
    with acting(head):
        return queries.find(viewer, by.pop("name", NAME), **by)[0]


# --- who is proposed, and why ----------------------------------------------------------------------------------------


def test_who_was_born_in_the_same_year_comes_before_a_namesake(world: World) -> None:
    recorded(world, born_on=date(1960, 1, 1))
    _filed, same = recorded(world, born_on=BORN)

    first, second = found(world, born_year=1991)

    assert (first.person_id, first.why) == (same.id, (Why.NAME_SAME, Why.YEAR_SAME))
    assert second.why == (Why.NAME_SAME, Why.YEAR_OTHER)
    assert first.score > second.score


def test_a_year_that_was_guessed_may_be_two_off(world: World) -> None:
    recorded(world, born_on=BORN, born_estimated=True)

    assert found(world, born_year=1993)[0].why == (Why.NAME_SAME, Why.YEAR_NEAR)
    assert found(world, born_year=1994)[0].why == (Why.NAME_SAME, Why.YEAR_OTHER)


def test_the_same_kelurahan_speaks_for_it_and_another_says_nothing(world: World) -> None:
    filed, person = recorded(world)
    lives_in(world, filed, person, "31.73", "31.73.01", VILLAGE)

    assert found(world, area=VILLAGE)[0].why == (Why.NAME_SAME, Why.VILLAGE_SAME)
    assert found(world, area="31.73.02.1001")[0].why == (Why.NAME_SAME, Why.REGENCY_SAME)
    assert found(world, area="31.75.01.1001")[0].why == (Why.NAME_SAME,)


def test_a_national_number_finds_her_under_another_name(world: World) -> None:
    _filed, person = recorded(world, born_on=BORN, nik=NIK, sex="f")

    hit = found(world, name="Mawar Contoh", nik=NIK)[0]

    assert (hit.person_id, hit.score, hit.why) == (person.id, 1.0, (Why.NIK_SAME,))


def test_who_has_no_papers_and_no_birth_date_is_found_by_the_name(world: World) -> None:
    _filed, person = recorded(world)

    assert [one.person_id for one in found(world, born_year=1991, nik=NIK)] == [person.id]


def test_among_many_namesakes_the_year_finds_the_one_who_would_be_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.finding, "OPENED", 3)
    _filed, oldest = recorded(world, born_on=BORN, at=world.now - timedelta(days=9))
    for _ in range(4):
        recorded(world, born_on=date(1960, 1, 1))

    assert oldest.id not in [one.person_id for one in found(world)]
    assert found(world, born_year=1991)[0].person_id == oldest.id


def test_a_companion_finds_people_of_her_own_files_and_of_no_other(world: World) -> None:
    own, person = recorded(world)
    recorded(world)
    supervisor, companion = world.person(Role.SUPERVISOR), world.person(Role.COMPANION)
    with acting(supervisor):
        join_team(
            dossier=own.dossier, person=companion.id, role=Role.COMPANION, until=world.now + timedelta(days=9),
            by=supervisor.id, at=world.now,
        )  # fmt: skip
    viewer = world.viewer(companion)

    with acting(companion):
        assert [one.person_id for one in queries.find(viewer, NAME)[0]] == [person.id]


def test_who_was_decided_about_is_proposed_no_more(world: World) -> None:
    filed, person = recorded(world, born_on=BORN)
    _other, namesake = recorded(world, born_on=BORN)
    supervisor = world.person(Role.SUPERVISOR)
    viewer = world.viewer(supervisor)

    with acting(supervisor):
        assert [one.person_id for one in proposals(viewer, filed.dossier, person)] == [namesake.id]
        decide_same(
            viewer=viewer, person=person, other=namesake, decision=Sameness.DIFFERENT, why=[], at=world.now
        )
        assert proposals(viewer, filed.dossier, person) == []


# --- a look-up is no oracle -------------------------------------------------------------------------------------------


def test_one_identifier_gives_nothing_and_leaves_no_trace(world: World) -> None:
    recorded(world, born_on=BORN)

    with pytest.raises(Refused):
        looked_up(world, world.person(Role.INTAKE_OFFICER))

    assert world.rows("SELECT count(*) FROM people_probe") == [(0,)]


def test_the_database_too_wants_two_kinds(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    for kinds in ('["name"]', '["name", "name"]', '["name", "rumour"]', '"name"'):
        with pytest.raises(DatabaseError), acting(officer):
            world.rows(
                "SELECT * FROM door.look_up(%s, %s, '{}', '{}')", [world.unit.id, kinds], using="default"
            )


def test_two_identifiers_show_a_file_and_no_name(world: World) -> None:
    filed, person = recorded(world, born_on=BORN)

    answer = looked_up(world, world.person(Role.INTAKE_OFFICER), born_year=1991)

    assert [(one.dossier.reference, one.initials) for one in answer.found] == [(filed.reference, "S. R. A.")]
    entry = world.rows("SELECT objects_named, fields_named FROM ledger_entry WHERE verb = 'looked_up'")[0]
    assert set(entry[0]) == {answer.probe_id, person.id}
    assert set(entry[1]) == {"name", "birth_year"}


def test_a_second_identifier_that_does_not_fit_gives_nothing(world: World) -> None:
    recorded(world, born_on=BORN)

    assert looked_up(world, world.person(Role.INTAKE_OFFICER), born_year=1975).found == []


def test_a_reported_person_is_never_a_hit(world: World) -> None:
    recorded(world, PersonRole.REPORTED, born_on=BORN)
    recorded(world, PersonRole.REPORTED, born_on=BORN, place="32.76")

    answer = looked_up(world, world.person(Role.SUPERVISOR), born_year=1991)

    assert (answer.found, answer.elsewhere) == ([], [])


def test_of_another_unit_only_its_name_is_told(world: World) -> None:
    recorded(world, born_on=BORN, place="32.76")

    answer = looked_up(world, world.person(Role.INTAKE_OFFICER), born_year=1991)

    assert answer.found == []
    assert [unit.id for unit in answer.elsewhere] == [world.other.id]


def test_another_unit_is_not_named_for_a_name_alone(world: World) -> None:
    recorded(world, place="32.76")

    assert looked_up(world, world.person(Role.INTAKE_OFFICER), born_year=1991).elsewhere == []


def test_for_who_is_walled_off_a_file_it_is_nowhere(world: World) -> None:
    own, _p = recorded(world, born_on=BORN)
    far, _p = recorded(world, born_on=BORN, place="32.76")
    officer = world.person(Role.SUPERVISOR, tag="walled")
    for filed in (own, far):
        wall(world, filed, officer)

    answer = looked_up(world, officer, born_year=1991)

    assert (answer.found, answer.elsewhere) == ([], [])


@pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.PSYCHOLOGIST, Role.ADMINISTRATOR])
def test_who_does_not_work_with_reports_can_look_nobody_up(world: World, role: str) -> None:
    user = world.person(role)

    with pytest.raises(Refused):
        looked_up(world, user, born_year=1991)
    with pytest.raises(DatabaseError), acting(user):
        world.rows(
            "SELECT * FROM door.look_up(%s, %s, '{}', '{}')",
            [world.unit.id, '["name", "nik"]'],
            using="default",
        )
    assert world.client(user).get("/orang/cari/").status_code == 404


def test_a_name_stands_in_no_address_and_no_title(world: World) -> None:
    filed, _person = recorded(world, born_on=BORN)
    client = world.client(world.person(Role.INTAKE_OFFICER))

    page = client.post("/orang/cari/", {"name": NAME, "born_year": "1991"})

    text = page.content.decode()
    assert page.status_code == 200 and filed.reference in text and "tahun lahir sama" in text
    assert "Sulastri" not in text.split("<form")[0]
    assert client.get("/orang/cari/").content.decode().count('method="post" action="/orang/cari/"') == 1
