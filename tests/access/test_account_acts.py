"""What is done with accounts stands in the ledger, and what an account may not do is not there."""

import psycopg
import pytest
from django.core import mail
from django.db import close_old_connections
from django.test import Client

from ruangaman.access.states import Role
from ruangaman.config.postgres import Server
from tests.access.test_sign_in import code_of, prove, sign_in, with_totp
from tests.worlds import PASSWORD, World

NEW = "kata-sandi-baru-yang-panjang"


def told(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT verb, actor_id FROM ledger_entry WHERE verb <> 'signed_in' ORDER BY id")


@pytest.mark.parametrize("way", ["/akun/logout/", "/keluar/"])
def test_signing_out_is_recorded_by_the_button_and_by_exit(world: World, way: str) -> None:
    head, client = world.person(Role.HEAD), Client()
    sign_in(client, head)
    client.post(way)
    assert told(world) == [("signed_out", head.id)]
    assert world.rows("SELECT count(*) FROM access_session WHERE user_id IS NOT NULL") == [(0,)]


def test_exit_without_a_session_records_nothing(world: World) -> None:
    Client().post("/keluar/")
    assert told(world) == []


def test_a_changed_password_is_recorded(world: World) -> None:
    head, client = world.person(Role.HEAD), Client()
    sign_in(client, head)
    answers = {"oldpassword": PASSWORD, "password": NEW, "password1": NEW, "password2": NEW}
    assert client.post("/akun/password/change/", answers).status_code == 302
    assert told(world) == [("password_changed", head.id)]


def test_a_password_set_by_a_link_is_recorded(world: World) -> None:
    head, client = world.person(Role.HEAD), Client()
    client.post("/akun/password/reset/", {"email": head.email})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get(link.split("testserver", 1)[-1], follow=True)
    address = page.redirect_chain[-1][0]
    assert client.post(address, {"password1": NEW, "password2": NEW}).status_code == 302
    assert told(world) == [("password_changed", head.id)]


def test_no_mail_goes_to_an_address_that_has_no_account(world: World) -> None:
    known = Client().post("/akun/password/reset/", {"email": world.person(Role.HEAD).email})
    mail.outbox.clear()
    unknown = Client().post("/akun/password/reset/", {"email": "orang.lain@contoh.example"})
    assert (unknown.status_code, unknown.headers["Location"]) == (
        known.status_code,
        known.headers["Location"],
    )
    assert mail.outbox == []


def test_a_second_factor_that_is_set_up_or_taken_away_is_recorded(world: World) -> None:
    head, client = world.person(Role.HEAD), Client()
    sign_in(client, head)
    with_totp(client)
    made = told(world)
    assert made
    assert set(made) == {("factor_changed", head.id)}
    assert client.post("/akun/faktor/totp/deactivate/").status_code == 302
    assert len(told(world)) > len(made)


def test_a_wrong_second_factor_is_recorded_and_in_nobodys_name(world: World) -> None:
    head, client = world.person(Role.HEAD), Client()
    sign_in(client, head)
    secret = with_totp(client)
    other = Client()
    sign_in(other, head)
    wrong = "000000" if code_of(secret) != "000000" else "111111"
    assert other.post("/akun/faktor/authenticate/", {"code": wrong}).status_code == 200
    assert world.rows(
        "SELECT actor_id, actor_kind, objects_named FROM ledger_entry WHERE verb = 'sign_in_failed'"
    ) == [(None, "system", [head.id])]


@pytest.mark.parametrize("action", ["action_add", "action_primary", "action_remove"])
def test_nobody_changes_the_address_that_a_new_password_is_sent_to(world: World, action: str) -> None:
    head, client = world.person(Role.HEAD), Client()
    sign_in(client, head)
    prove(client)
    assert client.post("/akun/email/", {"email": "lain@contoh.example", action: ""}).status_code == 404
    assert world.rows("SELECT email FROM access_user WHERE id = %s", [head.id]) == [(head.email,)]
    assert world.rows("SELECT count(*) FROM account_emailaddress WHERE email LIKE 'lain@%%'") == [(0,)]


def test_a_device_knows_when_it_was_signed_in(world: World) -> None:
    client = Client()
    sign_in(client, world.person(Role.HEAD))
    ((first,),) = world.rows("SELECT signed_in_at FROM access_session WHERE user_id IS NOT NULL")
    assert first is not None
    client.get("/laporan/")
    prove(client)
    assert world.rows("SELECT signed_in_at FROM access_session WHERE user_id IS NOT NULL") == [(first,)]


def test_a_page_opens_after_the_database_ended_its_connection(world: World, server: Server) -> None:
    client = Client()
    assert client.get("/bantuan/").status_code == 200
    ((pid,),) = world.rows("SELECT pg_backend_pid()", using="default")
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [pid])
    close_old_connections()  # what every request begins with; the test's browser leaves it out
    assert client.get("/bantuan/").status_code == 200
