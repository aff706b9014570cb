"""A stolen table of sessions signs nobody in, and a browser that was sent away is out at its next click."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.core import signing
from django.test import Client

from ruangaman.access import actions, sessions
from ruangaman.access.models import Session
from ruangaman.access.queries import devices
from ruangaman.access.sessions import SessionStore, hashed, token
from ruangaman.access.states import Role
from ruangaman.kernel import clock, keyring
from tests.worlds import World, acting

COOKIE = "masuk"


def everything(world: World, table: str) -> str:
    return "".join(row[0] for row in world.rows(f"SELECT to_jsonb(t)::text FROM {table} t"))


def signed_in(client: Client) -> bool:
    return client.get("/laporan/").status_code == 200


def test_the_table_holds_neither_the_key_nor_what_can_be_read(world: World) -> None:
    client = world.client(world.person(Role.HEAD))
    key = client.cookies[COOKIE].value
    client.post("/laporan/RA-0000-0000/jawab/", {"body": "Ketikan yang rahasia sekali."})
    rows = everything(world, "access_session")
    for said in (
        key,
        key.encode().hex(),
        "rahasia",
        b"rahasia".hex(),
        "_auth_user_hash",
        b"_auth_user".hex(),
    ):
        assert said not in rows
    assert hashed(key).hex() in rows


def test_a_stolen_row_signs_nobody_in(world: World) -> None:
    client = world.client(world.person(Role.HEAD))
    row = Session.objects.using("owner").get()
    name, data = bytes(row.key_hash), bytes(row.data or b"")
    for guess in (name.hex(), token(name), data.hex()[:32], data.decode("latin-1")[:32].encode().hex(), ""):
        thief = Client()
        thief.cookies[COOKIE] = guess
        assert not signed_in(thief)
    assert signed_in(client)


def test_the_data_of_one_session_does_not_open_in_another(world: World) -> None:
    head, analyst = world.client(world.person(Role.HEAD)), world.client(world.person(Role.ANALYST))
    of_head, of_analyst = (hashed(c.cookies[COOKIE].value) for c in (head, analyst))
    world.rows(
        "UPDATE access_session t SET data = o.data FROM access_session o WHERE t.key_hash = %s AND o.key_hash = %s",
        [of_analyst, of_head],
    )
    assert analyst.get("/laporan/").status_code == 302
    assert signed_in(head)


def test_data_that_was_altered_signs_nobody_in(world: World) -> None:
    client = world.client(world.person(Role.HEAD))
    world.rows("UPDATE access_session SET data = set_byte(data, 20, 255 - get_byte(data, 20))")
    assert client.get("/laporan/").status_code == 302


def test_a_session_is_worth_nothing_under_another_keyring(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client(world.person(Role.HEAD))
    other = keyring.new_keyring()
    monkeypatch.setattr(sessions.keyring, "current", lambda: other)
    key = client.cookies[COOKIE].value
    assert SessionStore(key).load() == {}


def test_a_session_ends_with_its_time(world: World) -> None:
    client = world.client(world.person(Role.HEAD))
    world.rows("UPDATE access_session SET expires_at = now()")
    assert client.get("/laporan/").status_code == 302
    SessionStore.clear_expired()
    assert world.rows("SELECT count(*) FROM access_session WHERE user_id IS NOT NULL") == [(0,)]


def test_a_device_that_was_ended_elsewhere_is_out_at_its_next_click(world: World) -> None:
    head = world.person(Role.HEAD)
    phone, desk = world.client(head), world.client(head)
    assert signed_in(phone)
    page = desk.get("/kelola/perangkat/").content.decode()
    name = token(hashed(phone.cookies[COOKIE].value))
    assert name in page
    assert desk.post(f"/kelola/perangkat/{name}/keluarkan/").status_code == 302
    assert not signed_in(phone)
    assert signed_in(desk)
    assert world.rows("SELECT actor_id FROM ledger_entry WHERE verb = 'session_ended'") == [(head.id,)]


def test_nobody_ends_the_device_of_somebody_else(world: World) -> None:
    head, colleague = world.client(world.person(Role.HEAD)), world.person(Role.SUPERVISOR)
    name = token(hashed(head.cookies[COOKIE].value))
    other = world.client(colleague)
    assert name not in other.get("/kelola/perangkat/").content.decode()
    other.post(f"/kelola/perangkat/{name}/keluarkan/")
    assert signed_in(head)


def test_an_address_that_names_no_device_is_not_found(world: World) -> None:
    assert world.client(world.person(Role.HEAD)).post("/kelola/perangkat/a/keluarkan/").status_code == 404


def test_ones_own_devices_are_listed_without_their_data(world: World) -> None:
    head = world.person(Role.HEAD)
    world.client(head)
    world.client(world.person(Role.ANALYST))
    viewer = world.viewer(head)
    with acting(head):
        mine = devices(viewer)
        assert [d.user_id for d in mine] == [head.id]
        actions.end_device(viewer=viewer, key_hash=bytes(mine[0].key_hash), at=clock.now())
        assert devices(viewer) == []


def test_somebody_who_was_made_inactive_is_out_at_the_next_click(world: World) -> None:
    head = world.person(Role.HEAD)
    client = world.client(head)
    assert signed_in(client)
    world.rows("UPDATE access_user SET is_active = false WHERE id = %s", [head.id])
    assert not signed_in(client)


def test_a_changed_password_ends_every_session(world: World) -> None:
    head = world.person(Role.HEAD)
    client = world.client(head)
    world.rows("UPDATE access_user SET password = 'argon2$other' WHERE id = %s", [head.id])
    assert not signed_in(client)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(world: World) -> None:
    cookie = Client().post("/akun/login/", {"login": "x@x.example", "password": "x"}).cookies.get(COOKIE)
    if cookie is None:
        cookie = world.client(world.person(Role.HEAD)).cookies[COOKIE]
    assert cookie["httponly"] or cookie.value
    answered = world.client(world.person(Role.HEAD)).get("/laporan/")
    assert answered.headers["Cache-Control"] == "no-store"


# --- the store itself -------------------------------------------------------------------------------------------------


def test_what_is_put_in_comes_out_again(world: World) -> None:
    store = SessionStore()
    store["kept"] = {"a": 1}
    store.save()
    again = SessionStore(store.session_key)
    assert again["kept"] == {"a": 1}
    assert again.exists(store.session_key or "")
    again["kept"] = 2
    again.save()
    assert SessionStore(store.session_key)["kept"] == 2
    again.delete()
    assert not again.exists(store.session_key or "")
    SessionStore().delete()


def test_a_key_that_nobody_was_given_makes_no_session(world: World) -> None:
    store = SessionStore("a" * 32)
    assert dict(store.items()) == {}
    assert store.session_key is None
    assert SessionStore(None).load() == {}


def test_a_session_is_not_made_twice_nor_saved_after_its_end(world: World) -> None:
    store = SessionStore()
    store.create()
    with pytest.raises(CreateError):
        store.save(must_create=True)
    store.delete()
    with pytest.raises(UpdateError):
        store.save()


def test_a_key_that_is_taken_already_is_drawn_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = SessionStore()
    first.create()
    keys = iter([first.session_key, "b" * 32])
    monkeypatch.setattr(SessionStore, "_get_new_session_key", lambda self: next(keys))
    second = SessionStore()
    second.create()
    assert second.session_key == "b" * 32


def test_a_session_lives_for_a_working_day(world: World) -> None:
    store: Any = SessionStore()
    store.save()
    left = Session.objects.using("owner").get().expires_at - clock.now()
    assert timedelta(hours=11) < left <= timedelta(hours=12)
    assert signing.JSONSerializer().dumps({}) == b"{}"
