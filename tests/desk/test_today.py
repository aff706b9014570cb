"""*Hari ini*: what waits for whom, in how few questions to the database."""

from datetime import timedelta

import pytest

from ruangaman.access import duties
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.states import Role
from ruangaman.desk import views
from ruangaman.kernel import clock
from tests.desk.questions import asked_by
from tests.worlds import Filed, World

# One indexed question for each kind of thing that waits, and never one for a row.
AT_MOST = 17


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[Duty]:
    """What the rooms ask of people, here told by the test."""
    told: list[Duty] = []
    monkeypatch.setattr(duties, "_makers", [lambda viewer, at, most: told[:most]])
    return told


def duty(filed: Filed, kind: Kind = Kind.CASE, hours: float = 1) -> Duty:
    text = f"Pekerjaan {kind}"
    return Duty(kind, clock.now() + timedelta(hours=hours), text, filed.reference, "SOP", "/berkas/x/")


def page_of(world: World, role: str = Role.INTAKE_OFFICER, query: str = "") -> str:
    answer = world.client(world.person(role)).get(f"/hari-ini/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_report_waits_for_the_officer_with_reference_and_initials(world: World) -> None:
    filed = world.file(name="Dewi Rekaan", means="none")
    page = page_of(world)
    assert filed.reference in page
    assert "D. R." in page
    assert "Dewi" not in page


def test_the_most_urgent_stands_first_and_what_is_late_says_so(world: World, waiting: list[Duty]) -> None:
    filed = world.file()
    waiting += [duty(filed, Kind.CASE, 30), duty(filed, Kind.VISIT, -3), duty(filed, Kind.DANGER, 1)]
    page = page_of(world)
    assert page.index("Pekerjaan danger") < page.index("Pekerjaan visit") < page.index("Pekerjaan case")
    assert "lewat 3 jam" in page
    assert "tag--late" in page


def test_a_tile_opens_what_it_counted(world: World, waiting: list[Duty]) -> None:
    filed = world.file()
    waiting += [duty(filed, Kind.REFERRAL, 99), duty(filed, Kind.CASE, 99), duty(filed, Kind.DANGER, 0)]
    only = page_of(world, query="?hanya=rujukan")
    assert "Pekerjaan referral" in only
    assert "Pekerjaan case" not in only
    answered = page_of(world, query="?hanya=laporan")
    assert "Pekerjaan danger" in answered
    assert "Pekerjaan referral" not in answered
    assert "Pekerjaan case" in page_of(world, query="?hanya=%27")


def test_a_count_beyond_what_is_asked_for_says_so(world: World, waiting: list[Duty]) -> None:
    filed = world.file()
    waiting += [duty(filed, Kind.REFERRAL, 99)] * (duties.MOST + 5)
    page = page_of(world)
    assert "99+" in page
    assert page.count("Pekerjaan referral</strong>") == views.MOST_SHOWN
    assert "hanya 100" not in page
    last = page_of(world, query="?hanya=rujukan&bagian=2")
    assert last.count("Pekerjaan referral</strong>") == duties.MOST - views.MOST_SHOWN
    assert "hanya 100 yang paling mendesak" in last


def test_nothing_that_waits_is_out_of_reach(world: World, waiting: list[Duty]) -> None:
    filed = world.file()
    many = views.MOST_SHOWN + 7
    waiting += [duty(filed, Kind.CASE, 1 + number) for number in range(many)]
    waiting += [duty(filed, Kind.PEOPLE, 999)]  # the least urgent of all
    first = page_of(world)
    assert "Pekerjaan people" not in first and 'href="?bagian=2"' in first
    second = page_of(world, query="?bagian=2")
    assert "Pekerjaan people" in second and second.count("<tr>") == 1 + many + 1 - views.MOST_SHOWN
    assert 'href="?bagian=1"' not in second and "Kembali ke yang paling mendesak" in second
    for odd in ("?bagian=99", "?bagian=x", "?bagian=-1", "?bagian="):
        assert "Pekerjaan" in page_of(world, query=odd)


def test_an_empty_list_says_what_would_fill_it(world: World, waiting: list[Duty]) -> None:
    assert "muncul di sini begitu ada tenggatnya" in page_of(world)


def test_whose_dossier_is_out_of_reach_stands_without_initials(world: World, waiting: list[Duty]) -> None:
    filed = world.file(name="Dewi Rekaan", means="none")
    waiting.append(duty(filed))
    page = page_of(world, Role.COMPANION)
    assert filed.reference in page
    assert "D. R." not in page


def test_the_page_asks_the_same_few_questions_for_one_report_and_for_sixty(world: World) -> None:
    client = world.client(world.person(Role.INTAKE_OFFICER))
    world.file(name="Satu Rekaan", means="none")
    few, page = asked_by(client, "/hari-ini/", at_most=AT_MOST)
    assert page.count("Buka<span") == 2  # to answer it, and to decide where it goes
    for _ in range(59):
        world.file(name="Banyak Rekaan", means="none")
    many, page = asked_by(client, "/hari-ini/", at_most=AT_MOST)
    assert page.count("Buka<span") == views.MOST_SHOWN
    assert many == few


@pytest.mark.parametrize(
    ("role", "at_most"),
    [(Role.SUPERVISOR, 24), (Role.HEAD, 21), (Role.CASE_MANAGER, 17), (Role.COMPANION, 14)],
)
def test_the_page_asks_few_questions_of_whoever_opens_it(world: World, role: str, at_most: int) -> None:
    world.file(name="Satu Rekaan", means="none")
    asked_by(world.client(world.person(role)), "/hari-ini/", at_most=at_most)


@pytest.mark.parametrize(
    ("role", "first"), [(Role.ADMINISTRATOR, "/kelola/peran/"), (Role.ANALYST, "/standar/")]
)
def test_who_reaches_no_dossier_is_led_to_a_page_of_theirs(world: World, role: str, first: str) -> None:
    answer = world.client(world.person(role)).get("/hari-ini/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(first)
    assert world.client(world.person(role)).get(answer["Location"]).status_code == 200


def test_a_stranger_is_asked_to_sign_in(world: World) -> None:
    assert world.client().get("/hari-ini/").status_code == 302
