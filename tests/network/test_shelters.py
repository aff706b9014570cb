"""Shelters appear nowhere in public, and the web's role can't even ask for one. Source: care.md 19."""

import re
from datetime import UTC, datetime, time

import pytest
from django.test import Client

from ruangaman.access.states import Role
from ruangaman.kernel import clock
from ruangaman.network.models import Facility, OpeningHours
from ruangaman.network.policies import is_open
from ruangaman.network.queries import hours_text, public_doors
from ruangaman.network.states import PUBLIC_KINDS, FacilityKind
from tests.access.filled import tried
from tests.worlds import World, acting

HIDDEN = ("Rumah Melati", "Jalan Rahasia 7", "0811-2222-3333", "pagar hijau")


@pytest.fixture
def network(world: World) -> World:
    """A door of each kind, and a shelter that says it is public by every other mark it has."""
    for kind in FacilityKind.values:
        shelter = kind == FacilityKind.SHELTER
        facility = Facility.objects.using("owner").create(
            organisation=world.unit,
            kind=kind,
            name="Rumah Melati" if shelter else f"Pintu {kind}",
            place_id="31.73.01",
            address="Jalan Rahasia 7" if shelter else "Jalan Umum 1",
            phone="0811-2222-3333" if shelter else "129",
            note="pagar hijau" if shelter else "",
            always_open=shelter,
            rank=0 if shelter else 5,
        )
        OpeningHours.objects.using("owner").create(
            facility=facility, weekday=0, opens=time(8), closes=time(16)
        )
    return world


PAGES = ("/", "/bantuan/", "/hak/", "/lapor/", "/cek/", "/akun/login/")


@pytest.mark.parametrize("page", PAGES)
def test_no_public_page_shows_a_shelter(network: World, page: str) -> None:
    shown = Client().get(page).content.decode()
    for said in HIDDEN:
        assert said not in shown
    assert "081122223333" not in re.sub(r"\D", "", shown)


def test_the_doors_that_the_public_may_know_are_shown(network: World) -> None:
    shown = Client().get("/bantuan/").content.decode()
    for kind in PUBLIC_KINDS:
        assert f"Pintu {kind}" in shown


def test_the_query_of_the_page_gives_no_shelter(network: World) -> None:
    lines, posts = public_doors(clock.now())
    assert {door.name for door in (*lines, *posts)} == {f"Pintu {kind}" for kind in PUBLIC_KINDS}
    assert FacilityKind.SHELTER not in PUBLIC_KINDS


@pytest.mark.parametrize("role", [None, *Role.values])
def test_the_webs_role_can_not_read_a_shelter_whoever_asks(network: World, role: str | None) -> None:
    with acting(network.person(role) if role else None):
        assert tried("SELECT name FROM network_facility WHERE kind = 'shelter'") == []
        assert len(tried("SELECT name FROM network_facility") or []) == len(PUBLIC_KINDS)
        assert tried("SELECT count(*) FROM network_facility WHERE name LIKE 'Rumah%%'") == [(0,)]


@pytest.mark.parametrize("using", ["default", "worker", "sealer", "counter"])
def test_no_run_time_role_makes_a_shelter_public(network: World, using: str) -> None:
    for statement in (
        "UPDATE network_facility SET kind = 'post'",
        "INSERT INTO network_facility (kind) VALUES ('shelter')",
        "DELETE FROM network_facility",
        "UPDATE network_openinghours SET weekday = 1",
    ):
        assert tried(statement, using=using) is None
    if using != "default":
        assert tried("SELECT * FROM network_facility", using=using) is None


def test_the_hours_of_a_shelter_are_not_shown_either(network: World) -> None:
    """Hours name their facility by its id; whose it is would tell that there is one more door."""
    shelter = Facility.objects.using("owner").get(kind=FacilityKind.SHELTER)
    for using in ("default", "worker"):
        rows = tried("SELECT facility_id FROM network_openinghours", using=using)
        assert shelter.id not in {row[0] for row in rows or []}


def test_doors_of_an_organisation_that_was_closed_are_not_shown(network: World) -> None:
    network.rows("UPDATE access_organisation SET is_active = false")
    assert public_doors(clock.now()) == ([], [])


def test_open_doors_come_first(network: World) -> None:
    Facility.objects.using("owner").create(
        organisation=network.unit, kind="post", name="Pos Siang Malam", always_open=True, rank=99
    )
    _lines, posts = public_doors(datetime(2026, 7, 5, 3, tzinfo=UTC))  # a Sunday
    assert posts[0].name == "Pos Siang Malam"
    assert posts[0].hours_text == "24 jam"
    assert [door.open_now for door in posts] == [True, False, False]


# --- rules of opening -----------------------------------------------------------------------------------------------

OFFICE = [(day, time(8), time(16)) for day in range(5)]


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [
        ("2026-07-06T00:59:00+00:00", False),  # a Monday, 07.59 in Jakarta
        ("2026-07-06T01:00:00+00:00", True),
        ("2026-07-06T08:59:00+00:00", True),
        ("2026-07-06T09:00:00+00:00", False),
        ("2026-07-05T03:00:00+00:00", False),
    ],
)
def test_a_door_is_open_in_the_hours_of_its_own_place(moment: str, is_it: bool) -> None:
    at = datetime.fromisoformat(moment)
    assert is_open(at, always=False, hours=OFFICE) == is_it
    assert is_open(at, always=True, hours=[])


def test_a_door_in_the_east_opens_two_hours_earlier() -> None:
    at = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)
    assert is_open(at, always=False, hours=OFFICE, zone="Asia/Jayapura")
    assert not is_open(at, always=False, hours=OFFICE, zone="Asia/Jakarta")


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ([], ""),
        (OFFICE, "Senin–Jumat 08.00–16.00"),
        ([(5, time(9), time(12))], "Sabtu 09.00–12.00"),
    ],
)
def test_hours_are_written_as_people_say_them(hours: list[tuple[int, time, time]], told: str) -> None:
    assert hours_text(hours).startswith(told)
    assert bool(hours_text(hours)) == bool(told)


def test_a_number_can_be_dialled_as_it_is_written(network: World) -> None:
    lines, _posts = public_doors(clock.now())
    assert (lines[0].number, lines[0].tel) == ("129", "129")
