"""Every address × everybody, as tests/house/urls_by_role.yaml tells it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.addresses import PEOPLE, Visitors, addresses, spread

TABLE = yaml.safe_load((Path(__file__).parent / "urls_by_role.yaml").read_text())
# Pages of the sign-in package know nobody's role: three people stand for all.
ENDS_SESSIONS = ("akun/", "kelola/perangkat", "keluar")
ANYBODY = ("anonymous", "intake_officer", "administrator")


@pytest.fixture(scope="module")
def visitors(lasting_world: Any) -> Visitors:
    return Visitors(lasting_world)


def test_the_table_names_every_address_and_no_other() -> None:
    assert {address for address, _ours in addresses()} == TABLE.keys()


def test_each_address_of_ours_is_told_for_everybody() -> None:
    for address, ours in addresses():
        for method, people in spread(TABLE[address]).items():
            assert not ours or people.keys() == set(PEOPLE), (address, method)


@pytest.mark.parametrize(("address", "ours"), list(addresses()))
def test_everybody_is_answered_as_the_table_says_and_looking_changes_nothing_but_the_record(
    visitors: Visitors, address: str, ours: bool
) -> None:
    wrong = {}
    for method, told in spread(TABLE[address]).items():
        browsers = {
            person: visitors.browser(person, afresh=address.startswith(ENDS_SESSIONS))
            for person in (PEOPLE if ours else ANYBODY)
        }
        visitors.filled(address)  # makes what the address needs
        looking = ours and method == "GET"
        before = visitors.rows() if looking else {}
        for person, browser in browsers.items():
            got = visitors.status(browser, method, address)
            if got != told[person]:
                wrong[f"{method} {person}"] = f"{got}, not {told[person]}"
        if looking:
            assert visitors.rows() == before
    assert not wrong


def test_a_stranger_learns_nothing_from_how_he_is_refused(visitors: Visitors) -> None:
    there, nowhere = visitors.filed.reference, "ZZZZ-ZZZZ"
    client = visitors.world.client(visitors.user("officer_of_another_unit"))
    seen, unseen = (client.get(f"/berkas/{reference}/") for reference in (there, nowhere))
    assert seen.status_code == unseen.status_code == 404
    assert seen.content.replace(there.encode(), b"") == unseen.content.replace(nowhere.encode(), b"")
