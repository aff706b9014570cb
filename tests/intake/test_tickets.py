"""The number of another system's ticket: whoever told 112 does not tell it again."""

from typing import Any

import pytest

from ruangaman.access.states import Role
from ruangaman.intake.actions import delivering as actions
from ruangaman.intake.queries import ways as queries
from ruangaman.intake.states import Channel
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.intake.applications import Application, application, told, way
from tests.worlds import World, acting

NUMBER = "112-20261122-000731"


@pytest.fixture
def line(world: World) -> Application:
    """112, which hands over under a ticket."""
    return application(world, name="Jakarta Siaga 112", channel=Channel.PHONE_112, needs_ticket=True)


def look(world: World, number: str, role: str = Role.INTAKE_OFFICER, **more: Any) -> Any:
    return world.client(world.person(role, **more)).post("/tiket/", {"number": number})


def tries(world: World) -> list[tuple[Any, ...]]:
    return world.rows(
        "SELECT dossier_id IS NOT NULL, fields_named FROM ledger_entry WHERE verb = 'ticket_found' ORDER BY at"
    )


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.HEAD])
def test_a_ticket_leads_to_the_file(world: World, line: Application, role: str) -> None:
    line.send(told(NUMBER))
    answer = look(world, NUMBER, role)
    reference = world.rows("SELECT reference FROM access_dossier")[0][0]
    assert answer.status_code == 302
    assert answer["Location"] == f"/berkas/{reference}/"
    assert tries(world) == [(True, ["found"])]
    assert look(world, f"  {NUMBER} ", role).status_code == 302


@pytest.mark.parametrize(
    "number", [NUMBER[:-1], NUMBER + "0", NUMBER.lower().upper() + "x", "%", "112-%", "*"]
)
def test_a_part_of_a_number_finds_nothing_and_says_so(world: World, line: Application, number: str) -> None:
    line.send(told(NUMBER))
    answer = look(world, number)
    assert answer.status_code == 400
    assert "Tidak ada berkas dengan nomor ini" in answer.content.decode()
    assert tries(world) == [(False, ["missed"])]


def test_the_number_stands_in_no_address_and_in_no_ledger(world: World, line: Application) -> None:
    line.send(told(NUMBER))
    answer = look(world, NUMBER)
    assert NUMBER not in answer["Location"]
    assert NUMBER not in str(world.rows("SELECT t::text FROM ledger_entry t"))
    # In an address it searches nothing.
    client = world.client(world.person(Role.INTAKE_OFFICER))
    assert client.get("/tiket/", {"number": NUMBER}).status_code == 200
    assert tries(world) == [(True, ["found"])]


def test_a_colleague_behind_a_wall_reads_what_somebody_reads_who_guessed(
    world: World, line: Application
) -> None:
    line.send(told(NUMBER))
    officer = world.person(Role.INTAKE_OFFICER)
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier",
        [officer.id],
    )
    walled, guessed = look(world, NUMBER), look(world, "112-20261122-000732")
    assert walled.status_code == guessed.status_code == 400
    assert "Tidak ada berkas dengan nomor ini" in walled.content.decode()
    assert tries(world) == [(False, ["missed"])] * 2


def test_another_unit_finds_none_of_ours(world: World, line: Application) -> None:
    line.send(told(NUMBER))
    theirs = world.client(world.person(Role.INTAKE_OFFICER, world.other))
    assert theirs.post("/tiket/", {"number": NUMBER}).status_code == 400


def test_the_number_of_a_way_without_tickets_is_not_searched(world: World) -> None:
    application(world).send(told("JA-1"))
    assert look(world, "JA-1").status_code == 400


@pytest.mark.parametrize("role", [Role.COMPANION, Role.DATA_OFFICER, Role.PARTNER_OFFICER, Role.ANALYST])
def test_nobody_else_searches(world: World, line: Application, role: str) -> None:
    assert look(world, NUMBER, role).status_code == 404


def test_who_tries_numbers_is_told_to_wait(world: World, line: Application) -> None:
    line.send(told(NUMBER))
    client = world.client(world.person(Role.INTAKE_OFFICER))
    statuses = [client.post("/tiket/", {"number": f"112-{turn}"}).status_code for turn in range(31)]
    assert statuses == [400] * 30 + [429]
    assert client.post("/tiket/", {"number": NUMBER}).status_code == 429
    assert len(tries(world)) == 30


def test_an_officer_notes_the_ticket_of_what_they_took_down_and_it_is_found(world: World) -> None:
    found = way(world, name="112", channel=Channel.PHONE_112, needs_ticket=True)
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        actions.note_ticket(viewer=viewer, dossier=filed.dossier, way=found, number=NUMBER, at=clock.now())
    assert look(world, NUMBER)["Location"] == f"/berkas/{filed.reference}/"
    assert NUMBER not in str(world.rows("SELECT t::text FROM intake_delivery t"))
    twin = world.file()
    with acting(officer), pytest.raises(Refused, match="sudah punya berkas"):
        actions.note_ticket(viewer=viewer, dossier=twin.dossier, way=found, number=NUMBER, at=clock.now())


def test_who_calls_with_a_ticket_is_found_by_it_and_never_filed_twice(world: World) -> None:
    found = way(world, name="112", channel=Channel.PHONE_112, needs_ticket=True)
    client = world.client(world.person(Role.INTAKE_OFFICER))
    filed = []
    for _ in range(2):
        begun = client.post("/telepon/", {"way": f"{world.unit.id}.{Channel.PHONE_112}.{found.id}"})
        page = client.get(begun["Location"])
        assert "Nomor tiket" in page.content.decode()
        answer = client.post(
            begun["Location"],
            {"go": "send", "story": "Cerita rekaan.", "limits": "read", "ticket": f" {NUMBER} ", "means": "code",
             "seen": page.context["seen"]},
        )  # fmt: skip
        filed.append(answer.status_code)
    assert filed == [302, 409]
    assert world.rows("SELECT count(*) FROM intake_report") == [(1,)]
    reference = world.rows("SELECT reference FROM access_dossier")[0][0]
    assert look(world, NUMBER)["Location"] == f"/berkas/{reference}/"


def test_a_number_can_not_be_read_back_from_its_hash_without_the_keyring(
    world: World, line: Application
) -> None:
    line.send(told(NUMBER))
    kept = bytes(world.rows("SELECT number_hash FROM intake_delivery")[0][0])
    assert kept == queries.number_hash(line.way.id, NUMBER)
    elsewhere = way(world, name="Lain", channel=Channel.PHONE_112, needs_ticket=True)
    assert kept != queries.number_hash(elsewhere.id, NUMBER)
