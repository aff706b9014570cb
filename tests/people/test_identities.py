"""Names stand sealed; opening one is recorded; and a search shows nothing that is not the searcher's to see."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role, Section, Stage
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people import queries
from ruangaman.people.actions import opening
from ruangaman.people.models import NameToken, Part, Person
from ruangaman.people.policies import initials
from ruangaman.people.states import PersonRole
from tests.access.filled import OTHER, tried
from tests.worlds import Filed, World, acting


def look(world: World, person: Any, filed: Filed) -> list[opening.Opened]:
    viewer = world.viewer(person)
    with acting(person):
        return opening.open_identity(viewer=viewer, dossier=filed.dossier, at=clock.now())


def found(world: World, person: Any, name: str) -> list[str]:
    viewer = world.viewer(person)
    with acting(person):
        return [one.name for one in queries.find(viewer, name)[0]]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Siti Aminah", "S. A."),
        ("Siti", "S."),
        ("siti nur aminah binti ahmad", "S. N. A."),
        ("Hj. Siti", "H. S."),
        ("Muh.Ali", "M. A."),
        ("  Ali   Baba ", "A. B."),
        ("'Aisyah", ""),
        ("123", ""),
        ("", ""),
        ("Élise", "É."),
    ],
)
def test_initials_are_at_most_three_letters(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_a_name_and_its_initials_stand_sealed(world: World) -> None:
    world.file(name="Sulastri Anggraini")
    person = Person.objects.using("owner").get()
    part = Part.objects.using("owner").get()
    assert (part.person_id, part.role, part.section) == (person.id, PersonRole.REPORTER, Section.REPORTER)
    assert person.section == Section.REPORTER
    for sealed in (person.name, person.initials):
        assert b"Sulastri" not in bytes(sealed)
        assert b"S. A." not in bytes(sealed)
    assert NameToken.objects.using("owner").exists()


def test_opening_a_name_is_recorded_with_who_what_and_when(world: World) -> None:
    filed, head = world.file(name="Sulastri Anggraini"), world.person(Role.HEAD)
    before = clock.now()
    assert [(o.role, o.name) for o in look(world, head, filed)] == [
        (PersonRole.REPORTER.label, "Sulastri Anggraini")
    ]
    rows = world.rows(
        "SELECT actor_id, actor_kind, unit_id, dossier_id, objects_named, fields_named, at FROM ledger_entry "
        "WHERE verb = 'opened'"
    )
    assert len(rows) == 1
    person = Person.objects.using("owner").get()
    assert rows[0][:6] == (
        head.id,
        "staff",
        world.unit.id,
        filed.dossier.id,
        [person.id],
        ["reporter", "name"],
    )
    assert before <= rows[0][6] <= clock.now()


def test_the_page_opens_a_name_only_when_it_is_pressed(world: World) -> None:
    filed, head = world.file(name="Sulastri Anggraini"), world.person(Role.HEAD)
    browser = world.client(head)
    page = browser.get(f"/berkas/{filed.reference}/").content.decode()
    assert "S. A." in page
    assert "Sulastri" not in page
    assert browser.get(f"/orang/{filed.reference}/buka/").status_code == 405
    opened = browser.post(f"/orang/{filed.reference}/buka/")
    assert "Sulastri Anggraini" in opened.content.decode()
    assert opened.headers["Cache-Control"] == "no-store"
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE fields_named = '{reporter,name}'") == [(1,)]


@pytest.mark.parametrize(
    "role", [Role.DATA_OFFICER, Role.ANALYST, Role.ADMINISTRATOR, Role.COMPANION, Role.PARTNER_OFFICER]
)
def test_who_may_not_see_identities_opens_none(world: World, role: str) -> None:
    filed = world.file(name="Sulastri Anggraini")
    with pytest.raises(Refused, match="Tidak ada identitas"):
        look(world, world.person(role), filed)
    answered = world.client(world.person(role)).post(f"/orang/{filed.reference}/buka/")
    assert answered.status_code == 404
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'opened'") == [(0,)]


def test_a_report_without_a_name_says_so(world: World) -> None:
    filed = world.file()
    with pytest.raises(Refused, match="Tidak ada identitas"):
        look(world, world.person(Role.HEAD), filed)
    answered = world.client(world.person(Role.HEAD)).post(f"/orang/{filed.reference}/buka/")
    assert answered.status_code == 409


@pytest.mark.parametrize("change", ["name = sha256(name)", "name = '\\x01'", "id = gen_random_uuid()"])
def test_a_name_that_was_altered_or_moved_is_told_and_not_shown(
    world: World, change: str, server: Any
) -> None:
    filed = world.file(name="Sulastri Anggraini")
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(f"UPDATE people_person SET {change}")  # type: ignore[arg-type]
        admin.execute("UPDATE people_part SET person_id = (SELECT id FROM people_person)")
    with pytest.raises(Refused, match="tidak terbaca"):
        look(world, world.person(Role.HEAD), filed)


def test_two_names_that_were_exchanged_do_not_open(world: World) -> None:
    first, second = world.file(name="Sulastri Anggraini"), world.file(name="Dewi Kartika")
    world.rows(
        "UPDATE people_person p SET name = o.name FROM people_person o WHERE p.dossier_id = %s AND o.dossier_id = %s",
        [first.dossier.id, second.dossier.id],
    )
    with pytest.raises(Refused, match="tidak terbaca"):
        look(world, world.person(Role.HEAD), first)


def test_keys_that_were_exchanged_open_nothing(world: World) -> None:
    first, second = world.file(name="Sulastri Anggraini"), world.file(name="Dewi Kartika")
    world.rows(
        "UPDATE access_datakey k SET wrapped = o.wrapped FROM access_datakey o "
        "WHERE k.dossier_id = %s AND o.dossier_id = %s AND k.section = o.section",
        [first.dossier.id, second.dossier.id],
    )
    answered = world.client(world.person(Role.HEAD)).post(f"/orang/{first.reference}/buka/")
    assert answered.status_code == 409
    assert "Dewi" not in answered.content.decode()


def test_initials_in_a_list_are_those_the_viewer_may_see(world: World) -> None:
    filed, strange = world.file(name="Sulastri Anggraini"), world.file(name="Dewi Kartika", place=OTHER)
    ids = [filed.dossier.id, strange.dossier.id]
    for role, shown in (
        (Role.HEAD, {filed.dossier.id: "S. A."}),
        (Role.DATA_OFFICER, {}),
        (Role.ANALYST, {}),
    ):
        person = world.person(role)
        viewer = world.viewer(person)
        with acting(person):
            assert queries.initials_of(viewer, ids) == shown


def test_one_row_that_was_altered_closes_neither_the_list_nor_the_search(world: World) -> None:
    broken, whole = world.file(name="Sulastri Anggraini"), world.file(name="Sulastri Anggraini")
    world.rows(
        "UPDATE people_person SET initials = 'x', name = 'x' WHERE dossier_id = %s", [broken.dossier.id]
    )
    lost = world.file(name="Sulastri Anggraini")
    world.rows("UPDATE access_datakey SET wrapped = 'x' WHERE dossier_id = %s", [lost.dossier.id])
    head = world.person(Role.HEAD)
    viewer = world.viewer(head)
    with acting(head):
        shown = queries.initials_of(viewer, [f.dossier.id for f in (broken, whole, lost)])
        results = queries.find(viewer, "Sulastri Anggraini")[0]
    assert shown == {broken.dossier.id: "?", whole.dossier.id: "S. A.", lost.dossier.id: "?"}
    assert [one.dossier_id for one in results] == [whole.dossier.id]
    assert world.client(head).get("/laporan/").status_code == 200


# --- finding ----------------------------------------------------------------------------------------------------------


def test_a_name_is_found_by_another_spelling_in_ones_own_unit(world: World) -> None:
    world.file(name="Soelastri Anggraini")
    assert found(world, world.person(Role.HEAD), "Sulastri Anggraini") == ["Soelastri Anggraini"]
    assert found(world, world.person(Role.HEAD), "Bambang Hartono") == []
    assert found(world, world.person(Role.HEAD), "") == []


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR, Role.DATA_OFFICER, Role.COMPANION])
def test_who_may_not_see_identities_finds_none(world: World, role: str) -> None:
    world.file(name="Sulastri Anggraini")
    assert found(world, world.person(role), "Sulastri Anggraini") == []


def test_another_unit_finds_nothing_and_nobody_finds_what_is_in_a_hidden_stage(world: World) -> None:
    filed = world.file(name="Sulastri Anggraini")
    assert found(world, world.person(Role.HEAD, world.other), "Sulastri Anggraini") == []
    officer = world.person(Role.INTAKE_OFFICER)
    assert found(world, officer, "Sulastri Anggraini")
    world.move(filed, Stage.CASE)
    assert found(world, officer, "Sulastri Anggraini") == []
    assert found(world, world.person(Role.HEAD), "Sulastri Anggraini")


def test_who_is_walled_finds_nothing_of_that_dossier(world: World) -> None:
    filed, head = world.file(name="Sulastri Anggraini"), world.person(Role.HEAD)
    other = world.file(name="Sulastri Anggraini")
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "VALUES (gen_random_uuid(), %s, %s, 'intake', %s, now())",
        [filed.dossier.id, world.unit.id, head.id],
    )
    viewer = world.viewer(head)
    with acting(head):
        results, more = queries.find(viewer, "Sulastri Anggraini")
    assert [one.dossier_id for one in results] == [other.dossier.id]
    assert not more


def test_what_was_erased_is_not_found(world: World) -> None:
    world.file(name="Sulastri Anggraini")
    world.rows(
        "UPDATE access_datakey SET wrapped = NULL, destroyed_at = now() WHERE section = %s",
        [Section.REPORTER],
    )
    assert found(world, world.person(Role.HEAD), "Sulastri Anggraini") == []


def test_more_than_can_be_ranked_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        world.file(name="Siti Aminah", at=clock.now() - timedelta(days=number))
    monkeypatch.setattr(queries.finding, "OPENED", 2)
    head = world.person(Role.HEAD)
    viewer = world.viewer(head)
    with acting(head):
        results, more = queries.find(viewer, "Siti Aminah")
    assert more
    assert len(results) == 2
    newest = Dossier.objects.using("owner").order_by("-opened_at").values_list("id", flat=True)[:2]
    assert {one.dossier_id for one in results} == set(newest)


def test_equal_names_in_two_units_have_no_token_in_common(world: World) -> None:
    world.file(name="Sulastri Anggraini")
    world.file(name="Sulastri Anggraini", place=OTHER)
    tokens = {
        unit: {row[0] for row in world.rows("SELECT token FROM people_nametoken WHERE unit_id = %s", [unit])}
        for unit in (world.unit.id, world.other.id)
    }
    assert all(tokens.values())
    assert not tokens[world.unit.id] & tokens[world.other.id]


def test_tokens_can_not_be_read_by_who_may_not_see_identities(world: World) -> None:
    world.file(name="Sulastri Anggraini")
    for role in (Role.ANALYST, Role.ADMINISTRATOR, Role.DATA_OFFICER, Role.COMPANION):
        with acting(world.person(role)):
            assert tried("SELECT token FROM people_nametoken") == []
    with acting(world.person(Role.HEAD)):
        assert tried("SELECT token FROM people_nametoken")
