"""The pages that ask what somebody needs and how to meet them, and what of it stands on the page of the file."""

from typing import Any

import pytest
from django.db import connections

from ruangaman.access.states import Role
from ruangaman.people.policies.profiles import Courtesy
from ruangaman.people.queries.profiles import needs_of
from ruangaman.people.states import (
    Relation,
    Religion,
)
from tests.people.people import case, child, guardian, put_on_team
from tests.people.profiles import DEAF, HOME, PAPERS, RERE, adult, page_for, sent, tell
from tests.worlds import World, acting


@pytest.mark.parametrize("page", ["kebutuhan", "sapaan", "latar"])
def test_each_page_says_that_all_may_stay_empty_and_takes_an_empty_answer(world: World, page: str) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    shown = world.client(manager).get(page_for(filed, her, page))
    assert "boleh dikosongkan" in shown.content.decode()
    assert "govuk-error" not in shown.content.decode()
    assert sent(world.client(manager), page_for(filed, her, page)).status_code == 302


def test_what_was_told_stands_in_the_form_and_opening_it_is_a_look(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    page, where = world.client(manager), page_for(filed, her, "kebutuhan")
    opened = (
        "SELECT count(*) FROM ledger_entry WHERE verb = 'opened' AND fields_named::text LIKE '%%support%%'"
    )
    assert (
        sent(page, where, disabilities=["hearing"], interpreter="bisindo", note="Duduk di depan.").status_code
        == 302
    )
    assert world.rows(opened) == [(0,)]
    assert "Duduk di depan." in page.get(where).content.decode()
    assert world.rows(opened) == [(1,)]


def test_a_wrong_neighbourhood_is_told_beside_it_and_what_was_typed_stays(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    answer = sent(world.client(manager), page_for(filed, her, "latar"), rt="satu", street="Jalan Rekaan")
    assert answer.status_code == 400
    assert "satu sampai tiga angka" in answer.content.decode()
    assert "Jalan Rekaan" in answer.content.decode()


def test_the_residence_goes_down_to_rt_and_rw(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    page = world.client(manager)
    assert (
        sent(
            page, page_for(filed, her, "latar"), area=HOME, rt="3", rw="012", street="Jalan Rekaan 1"
        ).status_code
        == 302
    )
    shown = page.get(f"/berkas/{filed.reference}/").content.decode()
    assert "Jalan Rekaan 1, RT 3, RW 012, " in shown


def test_a_profile_that_was_altered_is_asked_anew(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, RERE)
    world.rows("UPDATE people_profile SET told = '\\x00'")
    page, where = world.client(manager), page_for(filed, her, "sapaan")
    assert "tidak terbaca" in page.get(where).content.decode()
    assert sent(page, where, called="Rere").status_code == 302
    assert "Sapa: Rere" in page.get(f"/berkas/{filed.reference}/").content.decode()


def test_somebody_who_only_reads_or_is_a_stranger_gets_no_form(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    supervisor, stranger = world.person(Role.SUPERVISOR), world.person(Role.CASE_MANAGER, tag="other")
    for page in ("kebutuhan", "sapaan", "latar"):
        assert world.client(supervisor).get(page_for(filed, her, page)).status_code == 404
        assert world.client(stranger).get(page_for(filed, her, page)).status_code == 404
    elsewhere, _same = case(world)
    wrong = f"/orang/{elsewhere.reference}/{her.id}/sapaan/"
    assert world.client(manager).get(wrong).status_code == 404


def test_a_guardian_may_need_an_interpreter_too(world: World) -> None:
    filed, manager = case(world)
    hers = child(filed, manager)
    part = guardian(world, filed, manager, hers, "Bu Uji Rekaan", Relation.MOTHER)
    page = world.client(manager)
    shown = page.get(f"/berkas/{filed.reference}/").content.decode()
    assert page_for(filed, part.person, "kebutuhan") in shown
    tell(world, filed, manager, part.person, DEAF)
    with acting(manager):
        assert needs_of(world.viewer(manager), filed.dossier.id, part.person).interpreter
    # On top of the page stand the clients' needs only.
    assert "Juru bahasa isyarat" not in page.get(f"/berkas/{filed.reference}/").content.decode()


# --- the page of the file --------------------------------------------------------------------------------------------


def test_needs_and_address_stand_first_on_the_page(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, RERE)
    tell(world, filed, manager, her, DEAF)
    text = world.client(manager).get(f"/berkas/{filed.reference}/").content.decode()
    assert "Sapa: Kak Rere · petugas perempuan" in text
    assert "Juru bahasa isyarat diperlukan (BISINDO)" in text
    assert "Bu Rekaan membantunya memutuskan, tidak memutuskan untuknya" in text
    assert text.index("Sapa: Kak Rere") < text.index("Kebutuhan, persetujuan, layanan")


def test_the_page_of_two_clients_says_whose_each_line_is(world: World) -> None:
    filed, manager = case(world)
    tell(world, filed, manager, adult(filed, manager, "Ani Rekaan"), Courtesy(called="Ani"))
    tell(world, filed, manager, adult(filed, manager, "Budi Uji"), Courtesy(called="Budi"))
    text = world.client(manager).get(f"/berkas/{filed.reference}/").content.decode()
    assert "<strong>A. R.</strong> <strong>Sapa: Ani" in text
    assert "<strong>B. U.</strong> <strong>Sapa: Budi" in text


def test_the_page_asks_once_for_all_that_was_told(world: World) -> None:
    filed, manager = case(world)
    for name in ("Ani Rekaan", "Budi Uji", "Cici Uji"):
        her = adult(filed, manager, name)
        for told in (DEAF, RERE, PAPERS):
            tell(world, filed, manager, her, told)
    client = world.client(manager)
    client.get(f"/berkas/{filed.reference}/")
    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connections["default"].execute_wrapper(count):
        client.get(f"/berkas/{filed.reference}/")
    assert sum('FROM "people_profile"' in sql for sql in asked) == 1


def test_religion_is_shown_to_who_asks_and_to_who_guides_and_not_to_others(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, Courtesy(called="Rere", religion=Religion.HINDU.value))
    for role, sees in (
        (Role.SPIRITUAL_GUIDE, True),
        (Role.PSYCHOLOGIST, False),
        (Role.SHELTER_OFFICER, False),
    ):
        put_on_team(world, filed, world.person(role), role)
        text = world.client(world.person(role)).get(f"/berkas/{filed.reference}/").content.decode()
        assert "Sapa: Rere" in text
        assert ("Hindu" in text) is sees
    assert "Hindu" in world.client(manager).get(f"/berkas/{filed.reference}/").content.decode()


def test_background_is_for_those_who_need_it(world: World) -> None:
    filed, manager = case(world)
    tell(world, filed, manager, adult(filed, manager), PAPERS)
    for role, sees in ((Role.LAWYER, True), (Role.PSYCHOLOGIST, False), (Role.SHELTER_OFFICER, False)):
        user = world.person(role)
        put_on_team(world, filed, user, role)
        text = world.client(user).get(f"/berkas/{filed.reference}/").content.decode()
        assert ("Nama Surat Rekaan" in text) is sees
        with acting(user):
            rows = world.rows("SELECT count(*) FROM people_profile", using="default")
            keys = world.rows(
                "SELECT count(*) FROM access_datakey WHERE section = 'background'", using="default"
            )
        assert rows == keys == [(int(sees),)]
