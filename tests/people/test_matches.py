"""Look-ups without a report are told of; hidden matches reach one officer and nobody else. care.md 18."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext

from ruangaman.access.states import Role
from ruangaman.people import actions
from ruangaman.people.actions.finding import MOST_LOOK_UPS, settle_probes
from ruangaman.people.duties import matches
from ruangaman.people.firing import tell_of_matches, tell_of_probes
from ruangaman.people.models import Person
from ruangaman.people.policies import Identity
from ruangaman.people.queries.looking import open_matches, probes_of_units
from ruangaman.people.states import PersonRole
from tests.people.looking import BORN, NAME, job, looked_up, recorded, wall
from tests.worlds import World, acting

# --- probes -----------------------------------------------------------------------------------------------------------


def test_a_look_up_without_a_report_is_told_to_supervisor_and_data_officer_after_a_day(world: World) -> None:
    officer, supervisor = world.person(Role.INTAKE_OFFICER), world.person(Role.SUPERVISOR)
    data = world.person(Role.DATA_OFFICER)
    looked_up(world, officer, born_year=1991)

    assert job(world, tell_of_probes, world.now + timedelta(hours=23)) == 0
    assert job(world, tell_of_probes, world.now + timedelta(hours=25)) == 2
    assert job(world, tell_of_probes, world.now + timedelta(hours=26)) == 0
    told = world.rows("SELECT person_id FROM notices_notice WHERE kind = 'probe'")
    assert {one[0] for one in told} == {supervisor.id, data.id}


def test_nobody_is_told_of_their_own_look_up(world: World) -> None:
    looked_up(world, world.person(Role.SUPERVISOR), born_year=1991)

    assert job(world, tell_of_probes, world.now + timedelta(hours=25)) == 0


def test_a_look_up_is_settled_by_the_client_who_is_recorded_after_it(world: World) -> None:
    supervisor = world.person(Role.SUPERVISOR)
    probe = looked_up(world, supervisor, born_year=1991).probe_id
    filed, _person = recorded(world)

    assert world.rows("SELECT dossier_id FROM people_probe WHERE id = %s", [probe]) == [(filed.dossier.id,)]
    assert job(world, tell_of_probes, world.now + timedelta(hours=25)) == 0


def test_nobody_settles_the_look_up_of_somebody_else(world: World) -> None:
    probe = looked_up(world, world.person(Role.INTAKE_OFFICER), born_year=1991).probe_id
    filed, supervisor = world.file(), world.person(Role.SUPERVISOR)

    with acting(supervisor):
        assert settle_probes(by=supervisor.id, dossier=filed.dossier, at=world.now, probe_id=probe) == 0
        world.rows(
            "UPDATE people_probe SET settled_at = now(), dossier_id = %s", [filed.dossier.id], using="default"
        )
    assert world.rows("SELECT settled_at FROM people_probe") == [(None,)]


def test_a_look_up_is_not_settled_with_a_file_out_of_reach(world: World) -> None:
    officer, far = world.person(Role.INTAKE_OFFICER), world.file(place="32.76")
    probe = looked_up(world, officer, born_year=1991).probe_id
    client = world.client(officer)

    assert client.post(f"/orang/cari/{probe}/kaitkan/", {"reference": far.reference}).status_code == 400
    with pytest.raises(DatabaseError), acting(officer):
        world.rows(
            "UPDATE people_probe SET settled_at = now(), dossier_id = %s", [far.dossier.id], using="default"
        )
    near = world.file()
    answer = client.post(f"/orang/cari/{probe}/kaitkan/", {"reference": near.reference})
    assert answer.status_code == 302 and answer["Location"] == f"/berkas/{near.reference}/"


def test_somebody_who_looks_up_many_is_told_so_and_not_stopped(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    supervisor = world.person(Role.SUPERVISOR)
    answers = [looked_up(world, officer, born_year=1991).often for _ in range(MOST_LOOK_UPS + 2)]

    assert answers == [False] * MOST_LOOK_UPS + [True, True]
    told = world.rows("SELECT person_id FROM notices_notice WHERE kind = 'probe'")
    assert told == [(supervisor.id,)]
    page = world.client(officer).post("/orang/cari/", {"name": NAME, "born_year": "1991"}).content.decode()
    assert "diberi tahu" in page


def test_who_watches_sees_who_asked_by_what_and_no_name(world: World) -> None:
    looked_up(world, world.person(Role.INTAKE_OFFICER), born_year=1991)
    data, far = world.person(Role.DATA_OFFICER), world.person(Role.SUPERVISOR, world.other)

    page = world.client(data).get("/orang/cari/jejak/").content.decode()

    assert "Tahun lahir" in page and world.person(Role.INTAKE_OFFICER).name in page and "Sulastri" not in page
    viewer = world.viewer(far)
    with acting(far):
        assert probes_of_units(viewer) == []
        assert world.rows("SELECT * FROM people_probe", using="default") == []


# --- hidden matches ---------------------------------------------------------------------------------------------------


def all_matches(world: World) -> list[tuple[Any, ...]]:
    return world.rows(
        "SELECT officer_id, dossier_id, other_unit_id, other_dossier_id FROM people_match ORDER BY unit_id <> %s",
        [world.unit.id],
    )


def test_a_man_reported_twice_reaches_one_officer_of_the_unit(world: World) -> None:
    supervisor = world.person(Role.SUPERVISOR)
    first, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)
    second, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)

    assert all_matches(world) == [(supervisor.id, second.dossier.id, world.unit.id, first.dossier.id)]


def test_across_units_each_has_its_officer_and_the_other_file_stays_unknown(world: World) -> None:
    own, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)
    far, _p = recorded(world, PersonRole.REPORTED, born_on=BORN, place="32.76")
    mine, theirs = world.person(Role.SUPERVISOR), world.person(Role.SUPERVISOR, world.other)

    assert all_matches(world) == [
        (mine.id, own.dossier.id, world.other.id, None),
        (theirs.id, far.dossier.id, world.unit.id, None),
    ]
    page = world.client(mine).get("/orang/cocok/").content.decode()
    assert f"Hubungi {world.other.name}" in page and far.reference not in page and own.reference in page


def test_a_name_alone_matches_in_the_own_unit_only_and_only_where_it_is_rare(world: World) -> None:
    recorded(world, PersonRole.REPORTED, place="32.76")
    world.person(Role.SUPERVISOR)
    recorded(world, PersonRole.REPORTED)
    assert all_matches(world) == []
    recorded(world, PersonRole.REPORTED)
    assert len(all_matches(world)) == 1
    recorded(world, PersonRole.REPORTED, "Bambang")
    recorded(world, PersonRole.REPORTED, "Bambang")
    assert len(all_matches(world)) == 1
    for _ in range(2):
        recorded(world, PersonRole.REPORTED)
    many = len(all_matches(world))
    recorded(world, PersonRole.REPORTED)
    assert len(all_matches(world)) == many


def test_a_client_or_a_witness_of_the_same_name_is_no_match(world: World) -> None:
    world.person(Role.SUPERVISOR)
    recorded(world, PersonRole.CLIENT, born_on=BORN)
    recorded(world, PersonRole.WITNESS, born_on=BORN)
    recorded(world, PersonRole.REPORTED, born_on=BORN)

    assert all_matches(world) == []


def test_whoever_writes_it_down_learns_nothing(world: World) -> None:
    world.person(Role.SUPERVISOR)
    officer = world.person(Role.INTAKE_OFFICER)
    client = world.client(officer)

    def write() -> tuple[int, str, int]:
        filed = world.file()
        with CaptureQueriesContext(connections["default"]) as asked:
            answer = client.post(
                f"/orang/{filed.reference}/tambah/",
                {"role": "reported", "name": NAME, "relation": "stranger", "sex": "u", "who": "new"},
            )
        return answer.status_code, answer.content.decode(), len(asked)

    write()  # what is cached is cached
    before = write()
    again = write()

    assert before[0] == 302
    assert again == before
    assert all_matches(world) and world.rows("SELECT count(*) FROM people_match")[0][0] >= 1
    with acting(officer):
        assert world.rows("SELECT * FROM people_match", using="default") == []
        assert world.rows("SELECT * FROM people_probe", using="default") == []
    assert client.get("/orang/cocok/").status_code == 404


def test_an_officer_who_is_walled_off_is_passed_over(world: World) -> None:
    supervisor, head = world.person(Role.SUPERVISOR), world.person(Role.HEAD)
    first, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)
    wall(world, first, supervisor)
    recorded_by_head = world.file()
    deputy = world.person(Role.INTAKE_OFFICER)
    with acting(deputy):
        actions.add_person(
            dossier=recorded_by_head.dossier, role=PersonRole.REPORTED, identity=Identity(NAME, BORN),
            by=deputy.id, at=world.now,
        )  # fmt: skip

    assert [one[0] for one in all_matches(world)] == [head.id]


def test_a_wall_that_is_raised_later_hides_the_match_and_hands_it_over(world: World) -> None:
    supervisor, head = world.person(Role.SUPERVISOR), world.person(Role.HEAD)
    first, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)
    recorded(world, PersonRole.REPORTED, born_on=BORN)
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        assert len(open_matches(viewer)) == 1
    wall(world, first, supervisor)

    with acting(supervisor):
        assert open_matches(viewer) == []
    assert job(world, tell_of_matches, world.now) == 1
    assert [one[0] for one in all_matches(world)] == [head.id]


def test_the_officer_is_told_once_and_says_when_it_is_done(world: World) -> None:
    supervisor = world.person(Role.SUPERVISOR)
    first, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)
    second, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)

    assert job(world, tell_of_matches, world.now) == 1
    assert job(world, tell_of_matches, world.now) == 0
    assert world.rows("SELECT person_id, dossier_id FROM notices_notice WHERE kind = 'match'") == [
        (supervisor.id, None)
    ]
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        assert [duty.reference for duty in matches(viewer, world.now, 9)] == [second.reference]
    client = world.client(supervisor)
    page = client.get("/orang/cocok/").content.decode()
    assert first.reference in page and second.reference in page
    match = world.rows("SELECT id FROM people_match")[0][0]
    assert client.post(f"/orang/cocok/{match}/ditangani/").status_code == 302
    assert client.post(f"/orang/cocok/{match}/ditangani/").status_code == 409
    with acting(supervisor):
        assert matches(viewer, world.now, 9) == []
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'match_handled'") == [(1,)]


def test_nobody_handles_the_match_of_somebody_else(world: World) -> None:
    world.person(Role.SUPERVISOR)
    head = world.person(Role.HEAD)
    for _ in range(2):
        recorded(world, PersonRole.REPORTED, born_on=BORN)
    match = world.rows("SELECT id FROM people_match")[0][0]

    assert world.client(head).post(f"/orang/cocok/{match}/ditangani/").status_code == 404
    with acting(head):
        world.rows("UPDATE people_match SET handled_at = now()", using="default")
    assert world.rows("SELECT handled_at FROM people_match") == [(None,)]


def test_an_erased_file_matches_nobody_any_more(world: World) -> None:
    first, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)
    recorded(world, PersonRole.REPORTED, born_on=BORN)
    recorded(world, PersonRole.REPORTED, born_on=BORN, place="32.76")
    assert len(all_matches(world)) == 5
    world.rows("UPDATE access_dossier SET erased_at = now() WHERE id = %s", [first.dossier.id])

    assert len(all_matches(world)) == 2


def test_a_correction_that_makes_him_alike_is_noted_too(world: World) -> None:
    first, _p = recorded(world, PersonRole.REPORTED, born_on=BORN)
    second, person = recorded(world, PersonRole.REPORTED, "Orang Lain")
    supervisor = world.person(Role.SUPERVISOR)
    viewer = world.viewer(supervisor)
    assert all_matches(world) == []

    with acting(supervisor):
        actions.correct_identity(
            viewer=viewer, dossier=second.dossier, person=Person.objects.get(id=person.id),
            identity=Identity(NAME, BORN), at=world.now,
        )  # fmt: skip

    assert [one[3] for one in all_matches(world)] == [first.dossier.id]
