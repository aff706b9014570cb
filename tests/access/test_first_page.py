"""Whoever signs in comes to a page that is theirs."""

import pytest
from django.test import Client

from ruangaman.access.states import Role
from tests.worlds import PASSWORD, World


@pytest.mark.parametrize("role", Role.values)
def test_everybody_comes_to_a_page_of_theirs_after_signing_in(world: World, role: str) -> None:
    user = world.person(role)
    client = Client()
    answer = client.post("/akun/login/", {"login": user.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain
    assert answer.status_code == 200
    assert answer.context["viewer"].id == user.id


def test_somebody_without_any_role_still_has_their_own_devices(world: World) -> None:
    user = world.person(Role.ANALYST)
    world.rows("UPDATE access_membership SET until = now() WHERE user_id = %s", [user.id])
    answer = Client().post("/akun/login/", {"login": user.email, "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == "/kelola/perangkat/"
