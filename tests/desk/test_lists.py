"""The lists of reports and of cases: what they show, and that they ask the same few questions whatever their size."""

import re
from datetime import timedelta

import pytest

from ruangaman.access.states import Role, Stage
from ruangaman.cases.models import Case
from ruangaman.cases.queries import PAGE
from ruangaman.kernel import clock
from tests.desk.questions import asked_by
from tests.worlds import Filed, World

AT_MOST = 12
REFERENCE = re.compile(r"RA-[0-9A-Z]{4}-")  # not "RA-" alone: a number may hold it a second time


def case(world: World, name: str = "Dewi Rekaan", risk: str = "", days: int = 0) -> Filed:
    """A report that became a case, written by the owner."""
    filed = world.file(name=name, means="none")
    world.move(filed, Stage.CASE)
    Case.objects.using("owner").create(
        dossier_id=filed.dossier.id,
        unit_id=filed.dossier.unit_id,
        stage=Stage.CASE,
        manager_id=world.person(Role.CASE_MANAGER).id,
        taken_at=clock.now() - timedelta(days=days),
        risk=risk,
    )
    return filed


def get(world: World, address: str, role: str = Role.SUPERVISOR) -> str:
    answer = world.client(world.person(role)).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_case_stands_by_reference_initials_manager_and_risk(world: World) -> None:
    filed = case(world, risk="high")
    page = get(world, "/kasus/")
    assert filed.reference in page
    assert "D. R." in page
    assert "Dewi" not in page
    assert '<span class="tag tag--danger">Tinggi</span>' in page
    assert world.person(Role.CASE_MANAGER).name in page


def test_a_report_is_no_case_and_an_empty_list_says_what_would_fill_it(world: World) -> None:
    filed = world.file()
    page = get(world, "/kasus/")
    assert filed.reference not in page
    assert "begitu seorang manajer kasus mengambilnya" in page


def test_cases_of_another_unit_are_not_there(world: World) -> None:
    filed = case(world)
    stranger = world.client(world.person(Role.SUPERVISOR, world.other))
    assert filed.reference not in stranger.get("/kasus/").content.decode()


@pytest.mark.parametrize("role", [Role.PARTNER_OFFICER, Role.ANALYST, Role.ADMINISTRATOR])
def test_who_reaches_no_administration_finds_no_such_list(world: World, role: str) -> None:
    assert world.client(world.person(role)).get("/kasus/").status_code == 404


def test_every_case_stands_on_exactly_one_page(world: World) -> None:
    cases = [case(world, days=day // 2).reference for day in range(PAGE + 7)]
    first = get(world, "/kasus/")
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = get(world, f"/kasus/{older}")
    assert [(r in first) + (r in second) for r in cases] == [1] * len(cases)
    assert 'rel="prev" href="/kasus/"' in second


@pytest.mark.parametrize("mark", ["x", "~", "0001-01-01T00:00:00~x", "9999-12-31T23:59:59~", "%27"])
def test_a_broken_mark_leads_to_the_first_page(world: World, mark: str) -> None:
    filed = case(world)
    assert filed.reference in get(world, f"/kasus/?sebelum={mark}")


@pytest.mark.parametrize("address", ["/kasus/", "/laporan/"])
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INTAKE_OFFICER, Role.CASE_MANAGER])
def test_a_list_asks_the_same_few_questions_for_one_row_and_for_sixty(
    world: World, address: str, role: str
) -> None:
    def seen(filed: Filed) -> Filed:
        if role == Role.CASE_MANAGER:
            for section in ("file", "administration", "identity", "reporter"):
                world.grant(filed, world.person(role).id, section)
        return filed

    seen(case(world))
    client = world.client(world.person(role))
    few, page = asked_by(client, address, at_most=AT_MOST)
    assert len(REFERENCE.findall(page)) == 2  # in the cell, and in its address
    for _ in range(59):
        seen(case(world))
    many, page = asked_by(client, address, at_most=AT_MOST)
    assert len(REFERENCE.findall(page)) == 2 * PAGE
    assert many == few


def test_the_list_of_reports_says_which_wait_for_triage(world: World) -> None:
    world.file()
    assert '<span class="tag tag--care">Menunggu triase</span>' in get(world, "/laporan/")
