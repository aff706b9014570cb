"""Whoever changes the language, or answers in a panel, comes back to the page where they were."""

import re

import pytest

from ruangaman.access.states import Role
from tests.intake.reaching import decide
from tests.worlds import World


def ways_back(page: str) -> set[str]:
    return set(re.findall(r'name="next" value="([^"]*)"', page))


@pytest.mark.parametrize("address", ["/piket/", "/piket/atur/", "/piket/serah/", "/buku/"])
def test_the_other_language_is_the_same_page_of_the_roster(world: World, address: str) -> None:
    page = world.client(world.person(Role.SUPERVISOR)).get(address)
    assert page.status_code == 200
    assert ways_back(page.content.decode()) == {address}


@pytest.mark.parametrize("address", ["/tenggat/aturan/", "/tenggat/kalender/"])
def test_the_other_language_is_the_same_page_of_the_rules_of_clocks(world: World, address: str) -> None:
    page = world.client(world.person(Role.HEAD)).get(address)
    assert page.status_code == 200
    assert ways_back(page.content.decode()) == {address}


def test_every_form_of_a_file_leads_back_to_the_file(world: World) -> None:
    filed = world.file()
    decide(world, filed)
    file = f"/berkas/{filed.reference}/"
    page = world.client(world.person(Role.SUPERVISOR)).get(file).content.decode()
    assert f"/laporan/{filed.reference}/jawab/" in page, "the conversation with its form is there"
    assert ways_back(page) == {file}
