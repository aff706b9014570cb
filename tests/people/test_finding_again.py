"""Finding somebody again by more than a name; a look-up that is no oracle; matches for one officer. care.md 18."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext

from ruangaman.access.actions import join_team
from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.kernel.errors import Refused
from ruangaman.people import actions, queries
from ruangaman.people.actions.finding import (
    MOST_LOOK_UPS,
    LookedUp,
    keep_area_tokens,
    look_up,
    settle_probes,
)
from ruangaman.people.actions.likenesses import decide_same
from ruangaman.people.duties import matches
from ruangaman.people.firing import tell_of_matches, tell_of_probes
from ruangaman.people.models import Person
from ruangaman.people.policies import Identity
from ruangaman.people.policies.likenesses import Wanted, Why
from ruangaman.people.queries.finding import proposals
from ruangaman.people.queries.looking import open_matches, probes_of_units
from ruangaman.people.states import PersonRole, Sameness
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


def wall(world: World, filed: Filed, user: User) -> None:
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [user.id, filed.dossier.id],
    )


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


def job(world: World, work: Any, at: Any) -> int:
    """A task as the worker runs it: under the worker's role, without a ticket."""
    web, connections["default"] = connections["default"], connections["worker"]
    try:
        return int(work(at))
    finally:
        connections["default"] = web


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
