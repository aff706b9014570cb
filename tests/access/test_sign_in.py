"""Signing in with a password and a second factor: what is asked, what is kept, and what is told."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.test import Client, override_settings

from ruangaman.access.adapters import SecondFactorAdapter, device_name
from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.kernel.errors import Unreadable
from tests.intake.calling import begun
from tests.worlds import PASSWORD, World

ADDRESS = "203.0.113.99"
INSIDE = (
    "/laporan/",
    "/jurnal/",
    "/kelola/peran/",
    "/kelola/orang/",
    "/kelola/perangkat/",
    "/berkas/RA-0000-0000/",
)


def browser() -> Client:
    return Client(
        REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Safari/537"
    )


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post("/akun/login/", {"login": user.email, "password": password})


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06}"


def prove(client: Client) -> None:
    """The password once more, which pages about the second factor ask for."""
    assert client.post("/akun/reauthenticate/", {"password": PASSWORD}).status_code == 302


def with_totp(client: Client) -> str:
    """Set up one-time codes as a person does, and give the secret that the page showed."""
    assert client.get("/akun/faktor/totp/activate/").headers["Location"].startswith("/akun/reauthenticate/")
    prove(client)
    page = client.get("/akun/faktor/totp/activate/")
    assert page.status_code == 200, page.headers
    secret = page.context["form"].secret
    assert client.post("/akun/faktor/totp/activate/", {"code": code_of(secret)}).status_code == 302
    return str(secret)


def everything(world: World) -> str:
    tables = world.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return "".join(row[0] for (t,) in tables for row in world.rows(f'SELECT to_jsonb(t)::text FROM "{t}" t'))


def verbs(world: World) -> list[str]:
    return [row[0] for row in world.rows("SELECT verb FROM ledger_entry ORDER BY id")]


def test_a_password_signs_in_and_the_ledger_says_who(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    assert sign_in(client, head).status_code == 302
    assert client.get("/laporan/").status_code == 200
    assert world.rows("SELECT verb, actor_id, actor_kind FROM ledger_entry") == [
        ("signed_in", head.id, "staff")
    ]
    assert world.rows("SELECT device FROM access_session WHERE user_id IS NOT NULL") == [
        ("Chrome · Android",)
    ]


def test_a_failed_sign_in_is_in_the_ledger_without_an_address_or_a_name(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    assert sign_in(client, head, "salah-sekali-kata").status_code == 200
    assert client.get("/laporan/").status_code == 302
    told = "SELECT verb, actor_id, actor_kind, unit_id, objects_named, fields_named FROM ledger_entry"
    # In nobody's name; about the account, so that the unit's data officer can see that somebody tries it.
    assert world.rows(told) == [("sign_in_failed", None, "system", world.unit.id, [head.id], [])]
    assert ADDRESS not in everything(world)
    assert "salah-sekali-kata" not in everything(world)


def test_the_data_officer_reads_of_sign_ins_and_of_tries(world: World) -> None:
    sign_in(browser(), world.person(Role.HEAD), "salah-sekali-kata")
    sign_in(browser(), world.person(Role.HEAD))
    page = world.client(world.person(Role.DATA_OFFICER)).get("/jurnal/").content.decode()
    assert "gagal masuk" in page
    assert world.person(Role.HEAD).name in page


def test_who_does_not_exist_is_answered_as_who_does(world: World) -> None:
    world.person(Role.HEAD)
    answers = []
    for login in (world.person(Role.HEAD).email, "tidak.ada@unit.example"):
        page = browser().post("/akun/login/", {"login": login, "password": "salah-sekali-kata"})
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode()).replace(login, "")
        answers.append((page.status_code, text))
    assert answers[0] == answers[1]


def test_wrong_passwords_are_limited_and_the_limits_hold_no_address(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    begin = time.monotonic()
    for _ in range(6):
        sign_in(client, head, "salah-sekali-kata")
    refused = sign_in(client, head)
    assert client.get("/laporan/").status_code == 302
    assert refused.status_code in (200, 429)
    keys = "".join(f"{row[0]} {row[1]}" for row in world.rows("SELECT cache_key, value FROM kernel_cache"))
    assert keys
    assert ADDRESS not in keys
    assert head.email not in keys
    assert all(
        re.fullmatch(r"[0-9a-f]{32}", row[0]) for row in world.rows("SELECT cache_key FROM kernel_cache")
    )
    assert time.monotonic() - begin < 30


def test_nobody_makes_an_account_for_oneself(world: World) -> None:
    client = browser()
    form = {"email": "tamu@unit.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/akun/signup/", form)
    assert not User.objects.using("owner").filter(email="tamu@unit.example").exists()


def test_somebody_who_was_made_inactive_does_not_sign_in(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    world.rows("UPDATE access_user SET is_active = false")
    sign_in(client, head)
    assert client.get("/laporan/").status_code == 302


# --- the second factor ------------------------------------------------------------


@override_settings(DEMO=False)
def test_outside_the_demonstration_a_password_alone_reaches_only_the_account_pages(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    assert sign_in(client, head).status_code == 302
    for address in INSIDE:
        answered = client.get(address)
        assert answered.status_code == 302, address
        assert answered.headers["Location"].startswith("/akun/faktor/"), address
    for address in ("/laporan/RA-0000-0000/jawab/", "/orang/RA-0000-0000/buka/", "/kelola/peran/"):
        assert client.post(address, {"body": "x"}).headers["Location"].startswith("/akun/faktor/")
    assert client.get("/akun/faktor/").status_code == 200


@override_settings(DEMO=False)
def test_a_one_time_code_signs_in_from_end_to_end(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    sign_in(client, head)
    secret = with_totp(client)
    assert client.get("/laporan/").status_code == 200

    world.rows("DELETE FROM kernel_cache")  # a code is good once; here half a minute passes in no time
    second = browser()
    asked = sign_in(second, head)
    assert asked.headers["Location"].startswith("/akun/faktor/authenticate/")
    assert second.get("/laporan/").status_code == 302
    wrong = "000000" if code_of(secret) != "000000" else "111111"
    assert second.post("/akun/faktor/authenticate/", {"code": wrong}).status_code == 200
    assert second.get("/laporan/").status_code == 302
    assert second.post("/akun/faktor/authenticate/", {"code": code_of(secret)}).status_code == 302
    assert second.get("/laporan/").status_code == 200


def test_a_one_time_code_is_good_once(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    sign_in(client, head)
    secret = with_totp(client)
    world.rows("DELETE FROM kernel_cache")
    code = code_of(secret)
    answers = []
    for _ in range(2):
        other = browser()
        sign_in(other, head)
        other.post("/akun/faktor/authenticate/", {"code": code})
        answers.append(other.get("/laporan/").status_code)
    assert answers == [200, 302]


def test_the_secrets_of_the_second_factor_stand_sealed(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    sign_in(client, head)
    secret = with_totp(client)
    codes = client.get("/akun/faktor/recovery-codes/").context["unused_codes"]
    assert len(codes) >= 8
    rows = everything(world)
    assert "mfa" in rows or "totp" in rows
    for said in (secret, secret.encode().hex(), *codes, *(code.encode().hex() for code in codes)):
        assert said not in rows


def test_a_recovery_code_signs_in_once(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    sign_in(client, head)
    with_totp(client)
    code = client.get("/akun/faktor/recovery-codes/").context["unused_codes"][0]
    answers = []
    for _ in range(2):
        other = browser()
        sign_in(other, head)
        other.post("/akun/faktor/authenticate/", {"code": code})
        answers.append(other.get("/laporan/").status_code)
    assert answers == [200, 302]


def test_a_sealed_secret_that_was_altered_does_not_open() -> None:
    adapter = SecondFactorAdapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DP" not in sealed
    assert adapter.encrypt("JBSWY3DPEHPK3PXP") != sealed
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    with pytest.raises(Unreadable):
        adapter.decrypt(sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB"))


def test_the_page_that_adds_a_passkey_gives_the_browser_its_options(world: World) -> None:
    head, client = world.person(Role.HEAD), browser()
    sign_in(client, head)
    prove(client)
    page = client.get("/akun/faktor/webauthn/add/")
    assert page.status_code == 200
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["challenge"]
    assert options["rp"]["id"]
    assert options["user"]["id"]
    login = browser().get("/akun/faktor/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})
    assert login.status_code == 200
    assert "request_options" in login.json()


def test_an_administrator_sees_who_has_a_second_factor(world: World) -> None:
    admin = world.person(Role.ADMINISTRATOR)
    client = browser()
    sign_in(client, admin)
    before = client.get("/kelola/orang/").context["accounts"]
    with_totp(client)
    after = client.get("/kelola/orang/").context["accounts"]
    assert [a["second_factor"] for a in before] == [False]
    assert [a["second_factor"] for a in after] == [True]


# --- an expired session in the middle of a form ------------------------------------------------------------


def test_what_was_typed_when_the_session_ended_is_there_after_the_new_sign_in(world: World) -> None:
    filed, head, client = world.file(), world.person(Role.HEAD), browser()
    page = f"/berkas/{filed.reference}/"
    asked = client.post(f"/laporan/{filed.reference}/jawab/", {"body": "Jawaban panjang.", "next": page})
    assert asked.headers["Location"].startswith("/akun/login/?next=")
    sign_in(client, head)
    assert "Jawaban panjang." in client.get(page).content.decode()
    assert "Jawaban panjang." not in client.get(page).content.decode()


def test_all_that_was_ticked_under_one_name_is_there_after_the_new_sign_in(world: World) -> None:
    """Safe days of which one alone is kept would send somebody a call on a day that is not safe. Source: care.md 7."""
    officer, client = world.person(Role.INTAKE_OFFICER), browser()
    draft = begun(world, officer)
    ticked = ["0", "3", "6"]
    client.post(f"/telepon/{draft}/", {"story": "Cerita rekaan.", "weekdays": ticked, "go": "save"})
    sign_in(client, officer)
    page = client.get(f"/telepon/{draft}/")
    assert page.context["form"]["weekdays"].value() == ticked
    shown = page.content.decode()
    assert re.findall(r'name="weekdays"[^>]* value="(\d)"[^>]* checked', shown) == ticked


def test_what_was_typed_several_times_under_one_name_is_shown_again_whole(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/lapor/")
    strict.cookies["anything"] = "of ours"
    answer = strict.post("/lapor/", {"lines": ["Tulisan pertama.", "Tulisan kedua."]})
    assert answer.status_code == 403
    assert "Tulisan pertama." in answer.content.decode() and "Tulisan kedua." in answer.content.decode()


def test_a_page_of_another_site_is_never_the_way_on_after_signing_in(world: World) -> None:
    answered = browser().post("/laporan/RA-0000-0000/jawab/", {"body": "x", "next": "https://jahat.example/"})
    assert "jahat" not in answered.headers["Location"]


def test_a_text_that_is_too_long_to_keep_is_not_kept(world: World) -> None:
    client = browser()
    client.post("/laporan/RA-0000-0000/jawab/", {"body": "y" * 100_001})
    assert world.rows("SELECT count(*) FROM access_session") == [(0,)]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/127.0", "Firefox · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17 Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25 Chrome/121", "Samsung Internet · Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_so_that_its_owner_knows_it(agent: str, name: str) -> None:
    assert device_name(agent) == name
