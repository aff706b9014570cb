"""What workers may send by mistake or on purpose: a sentence that says what to do, and nothing is half done."""

import pytest
from django.test import Client

from ruangaman.access.states import Role
from tests.intake.sending import text
from tests.worlds import PASSWORD, World

OVERRIDE = "\u202e"


@pytest.fixture
def world(lasting_world: World) -> World:
    return lasting_world


@pytest.mark.parametrize(
    "mark",
    ["-1", "~", "0~0", "2026-01-01T00:00:00~" + "0" * 32, "0001-01-01T00:00:00+23:59~" + "0" * 32,
     "9999-12-31T23:59:59-23:59~" + "0" * 32, "😢~😢", "9" * 4000],
    ids=lambda mark: mark[:26],
)  # fmt: skip
def test_a_place_in_a_list_that_is_none_gives_a_page(world: World, mark: str) -> None:
    head = world.client(world.person(Role.HEAD))
    for path in ("/laporan/", "/jurnal/"):
        assert head.get(path, {"sebelum": mark}).status_code == 200


@pytest.mark.parametrize(
    "reference", ["x", "RA-0000-0000", "😢", "a" * 3000, "%2e%2e", OVERRIDE, "' OR 1=1 --"]
)
def test_a_reference_that_is_none_is_a_page_that_is_not_there(
    world: World, unchanged: None, reference: str
) -> None:
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    assert officer.get(f"/berkas/{reference}/").status_code == 404
    assert officer.post(f"/orang/{reference}/buka/").status_code == 404
    assert officer.post(f"/laporan/{reference}/jawab/", {"body": "Halo"}).status_code == 404
    assert "Periksa alamatnya" in text(officer.get(f"/berkas/{reference}/"))


def test_an_address_with_a_nul_is_told_to_be_unreadable(world: World) -> None:
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    for path in ("/berkas/a%00b/", "/laporan/?sebelum=%00", "/akun/login/?next=%00"):
        answer = officer.get(path)
        assert answer.status_code == 400
        assert "Alamat ini tidak terbaca." in text(answer)


@pytest.mark.parametrize(
    "fields",
    [
        {"login": "x" * 400 + "@b.example", "password": PASSWORD},
        {"login": "a\0b@b.example", "password": PASSWORD},
        {"login": "a@b.example", "password": "a\0b"},
        {"login": "a@b.example", "password": "p" * 100_000},
        {"login": OVERRIDE + "a@b.example", "password": "😢" * 50},
        {"login": "", "password": ""},
        {"login": "a@b.example"},
        {"password": PASSWORD},
        {"login": "bukan surel", "password": PASSWORD, "next": "//elsewhere.example", "remember": "\0"},
    ],
    ids=lambda fields: ",".join(f"{name}={value[:8]!r}" for name, value in fields.items()),
)
def test_a_sign_in_that_can_not_be_shows_the_page_again(world: World, fields: dict[str, str]) -> None:
    world.rows("DELETE FROM kernel_cache")
    answer = Client().post("/akun/login/", fields)
    assert answer.status_code == 200
    assert "Ada yang perlu dibetulkan" in text(answer)
    if fields.get("password"):
        assert fields["password"] not in text(answer)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "n" * 121, "email": "a@b.example"},
        {"name": "Nama\0", "email": "a@b.example"},
        {"name": "Nama", "email": "bukan surel"},
        {"name": "Nama", "email": "a\0@b.example"},
        {"name": "Nama", "email": "x" * 250 + "@b.example"},
        {"name": "", "email": ""},
        {"lain": "x"},
    ],
    ids=lambda fields: ",".join(f"{name}={value[:8]!r}" for name, value in fields.items()),
)
def test_an_account_that_can_not_be_is_told_and_none_is_made(world: World, fields: dict[str, str]) -> None:
    admin = world.client(world.person(Role.ADMINISTRATOR))
    before = world.rows("SELECT count(*) FROM access_user")
    page = text(admin.post("/kelola/orang/", fields))
    assert "Ada yang perlu dibetulkan" in page
    assert all(value in page for name, value in fields.items() if name != "lain")
    assert world.rows("SELECT count(*) FROM access_user") == before


@pytest.mark.parametrize("wrong", ["", "x", "\0", "0" * 32, "😢", "9" * 3000])
def test_a_proposal_that_can_not_be_is_told_and_none_is_made(world: World, wrong: str) -> None:
    admin = world.client(world.person(Role.ADMINISTRATOR))
    good = {
        "kind": "give",
        "user": str(world.person(Role.COMPANION).id),
        "organisation": str(world.unit.id),
        "role": Role.SUPERVISOR.value,
    }
    for field in good:
        page = text(admin.post("/kelola/peran/", {**good, field: wrong}))
        assert "Ada yang perlu dibetulkan" in page, field
    assert world.rows("SELECT count(*) FROM access_powerproposal") == [(0,)]


@pytest.mark.parametrize("answer", ["ngawur", "Setuju", "😢"])
def test_an_answer_to_a_proposal_that_is_neither_yes_nor_no_is_none(world: World, answer: str) -> None:
    head = world.client(world.person(Role.HEAD))
    assert head.post(f"/kelola/peran/{world.unit.id}/{answer}/").status_code == 404


@pytest.mark.parametrize("device", ["x", "-", "😢", "a" * 3000, "AAAA"])
def test_a_device_that_is_none_ends_nothing(world: World, device: str) -> None:
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    before = world.rows("SELECT count(*) FROM access_session")
    assert officer.post(f"/kelola/perangkat/{device}/keluarkan/").status_code in (302, 404)
    assert world.rows("SELECT count(*) FROM access_session") == before
