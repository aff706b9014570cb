"""The unit's own messenger: signed, named, without content; and whatever it answers, the notice still arrives."""

import hashlib
import hmac
import json
import re
import time as stopwatch
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.ids import new_id
from ruangaman.notices import jobs
from ruangaman.notices.forms import SetMessenger
from ruangaman.notices.sending import ways
from tests.notices.receiving import free_port, messages, messenger_server
from tests.notices.working import run, told, wish, working
from tests.worlds import World, acting

SECRET = "rahasia-uji-yang-panjang"


def set_up(world: World, url: str, *, is_on: bool = True) -> User:
    """The unit's messenger, and an officer who chose it."""
    officer = world.person(Role.INTAKE_OFFICER)
    world.rows(
        "INSERT INTO notices_messenger (organisation_id, url, secret, is_on, set_by_id, set_at) "
        "VALUES (%s, %s, %s, %s, %s, now())",
        [world.unit.id, url, ways.seal_secret(world.unit.id, SECRET.encode()), is_on, officer.id],
    )
    wish(world, officer, by_mail=False, by_messenger=True, messenger_name="@petugas")
    return officer


def test_a_message_is_signed_and_named_and_says_nothing_but_that_something_waits(world: World) -> None:
    filed = world.file()
    with messenger_server() as server:
        told([set_up(world, server.url)], dossier=filed.dossier.id)
        run()
        ((headers, body),) = server.taken
    told_what = json.loads(body)
    assert told_what.keys() == {"id", "to", "text"}
    assert (told_what["to"], told_what["text"]) == (
        "@petugas",
        "Ada yang menunggu. Masuk ke sistem untuk melihatnya.",
    )
    assert headers["Idempotency-Key"] == told_what["id"]
    seconds, mac = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["X-Signature"]).groups()  # type: ignore[union-attr]
    assert mac == hmac.new(SECRET.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert abs(int(seconds) - clock.now().timestamp()) < 60
    assert filed.reference not in f"{headers}{body!r}"
    assert mail.outbox == []
    assert world.rows("SELECT worked_at IS NOT NULL, failed_at FROM notices_messenger") == [(True, None)]


@pytest.mark.parametrize("manner", ["500", "404", "302", "redirect", "nonsense", "hang up", "drip"])
def test_a_hostile_answer_is_a_failure_that_is_tried_again_by_the_same_name(
    world: World, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "TIMEOUT_SECONDS", 0.7)
    now = clock.now()
    with messenger_server(manner) as server, messenger_server() as elsewhere:
        server.elsewhere = elsewhere.url
        told([set_up(world, server.url)])
        began = stopwatch.monotonic()
        run(now)
        assert stopwatch.monotonic() - began < 5
        assert world.rows("SELECT tries, sent_at FROM notices_delivery") == [(1, None)]
        assert world.rows("SELECT worked_at, failed_at = %s FROM notices_messenger", [now]) == [(None, True)]
        assert elsewhere.taken == [], "a redirect is not followed"
        server.manner = "200"
        run(now + timedelta(hours=1))
        first, second = (one["id"] for one in messages(server))
    assert first == second
    assert world.rows("SELECT count(*) FROM notices_delivery WHERE sent_at IS NOT NULL") == [(1,)]


def test_an_answer_without_end_is_not_read(world: World) -> None:
    with messenger_server("flood") as server:
        told([set_up(world, server.url)])
        began = stopwatch.monotonic()
        run()
        assert stopwatch.monotonic() - began < 5
    assert world.rows("SELECT count(*) FROM notices_delivery WHERE sent_at IS NOT NULL") == [(1,)]


def test_what_no_messenger_takes_for_a_day_goes_by_mail(world: World) -> None:
    officer, now = set_up(world, f"http://127.0.0.1:{free_port()}/"), clock.now()
    told([officer])
    for hours in range(0, 75, 5):
        run(now + timedelta(hours=hours))
    assert [one.to for one in mail.outbox] == [[officer.email]]


@pytest.mark.parametrize(
    "change", ["UPDATE notices_messenger SET is_on = false", "DELETE FROM notices_messenger"]
)
def test_a_messenger_that_was_put_out_meanwhile_loses_nothing(world: World, change: str) -> None:
    officer = set_up(world, f"http://127.0.0.1:{free_port()}/")
    told([officer], cause="a")
    run()
    world.rows(change)
    told([officer], cause="b")
    run(clock.now() + timedelta(hours=1))
    assert mail.outbox
    assert world.rows("SELECT count(DISTINCT notice_id) FROM notices_delivery WHERE sent_at IS NOT NULL") == [
        (2,)
    ]


def test_one_messenger_that_is_down_is_asked_once_a_run_and_keeps_no_mail_back(world: World) -> None:
    first, second = set_up(world, f"http://127.0.0.1:{free_port()}/"), world.person(Role.SUPERVISOR)
    wish(world, second, by_messenger=True, messenger_name="@penyelia")
    told([first, second, world.person(Role.HEAD)])
    run()
    assert len(mail.outbox) == 2
    tries = "SELECT tries FROM notices_delivery WHERE channel = 'messenger' ORDER BY tries"
    assert world.rows(tries) == [(0,), (1,)]


def test_in_an_installation_that_is_real_nothing_is_sent_in_the_clear(world: World, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with messenger_server() as server:
        told([set_up(world, server.url)])
        run()
        assert server.taken == []
    assert world.rows("SELECT failed_at IS NOT NULL FROM notices_messenger") == [(True,)]


def test_a_secret_opens_for_its_own_organisation_only(world: World) -> None:
    sealed = ways.seal_secret(world.unit.id, b"x")
    assert ways.open_secret(world.unit.id, sealed) == b"x"
    with pytest.raises(Unreadable):
        ways.open_secret(world.other.id, sealed)
    assert "x" not in repr(ways.Hook(world.unit.id, "", "", "id", b"x")).split("=")[-1]


def test_the_secret_is_shown_once_and_lies_nowhere_in_clear(world: World) -> None:
    admin = world.client(world.person(Role.ADMINISTRATOR))
    address = f"/pemberitahuan/pesan-unit/{world.unit.id}/"
    fields = {"url": "https://pesan.example/masuk", "is_on": "on"}
    made = admin.post(address, fields)
    assert made.status_code == 200
    secret = made.context["secret"]
    assert len(secret) >= 40
    assert secret in made.content.decode()
    for page in (admin.get(address), admin.post(address, fields, follow=True)):
        assert secret not in page.content.decode()
    ((sealed,),) = world.rows("SELECT secret FROM notices_messenger")
    assert secret.encode() not in bytes(sealed)
    assert ways.open_secret(world.unit.id, bytes(sealed)).decode() == secret
    renewed = admin.post(address, {**fields, "new_secret": "on"}).context["secret"]
    assert renewed and renewed != secret
    entries = "SELECT fields_named FROM ledger_entry WHERE verb = 'messenger_set' ORDER BY id"
    assert [row[0] for row in world.rows(entries)] == [
        ["url", "is_on", "secret"],
        ["url", "is_on"],
        ["url", "is_on", "secret"],
    ]


def test_nobody_sets_the_messenger_of_an_organisation_they_do_not_look_after(world: World) -> None:
    admin, officer = world.person(Role.ADMINISTRATOR), world.person(Role.INTAKE_OFFICER)
    fields = {"url": "https://pesan.example/", "is_on": "on"}
    for user, where in ((admin, world.other.id), (officer, world.unit.id), (admin, new_id())):
        browser = world.client(user)
        for page in (f"/pemberitahuan/pesan-unit/{where}/", f"/pemberitahuan/pesan-unit/{where}/coba/"):
            assert browser.post(page, fields).status_code == 404
    assert world.rows("SELECT FROM notices_messenger") == []
    insert = (
        "INSERT INTO notices_messenger (organisation_id, url, is_on, set_by_id, set_at) "
        "VALUES (%s, 'https://x.example', true, %s, now())"
    )
    for user, where in ((admin, world.other.id), (officer, world.unit.id)):
        with pytest.raises(DatabaseError), acting(user), connection.cursor() as cursor:
            cursor.execute(insert, [where, user.id])


def test_an_address_in_the_clear_is_refused_beside_its_field_and_stays_typed(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    form = SetMessenger({"url": "http://pesan.example/", "is_on": "on"})
    assert "https://" in str(form.errors["url"])
    assert "http://pesan.example/" in form.as_div()


def test_a_message_on_trial_goes_the_way_of_a_real_one_and_its_result_is_shown(world: World) -> None:
    admin = world.person(Role.ADMINISTRATOR)
    browser = world.client(admin)
    with messenger_server() as server:
        set_up(world, server.url)
        address = f"/pemberitahuan/pesan-unit/{world.unit.id}/"
        refused = browser.post(f"{address}coba/", follow=True).content.decode()
        assert "Tulis dulu nama Anda" in refused
        wish(world, admin, messenger_name="@pengelola")
        browser.post(f"{address}coba/")
        ((args,),) = world.rows("SELECT args FROM procrastinate_jobs WHERE task_name LIKE '%%try_messenger'")
        assert admin.email not in args and "pengelola" not in args
        with working():
            jobs.try_messenger(**json.loads(args))
        assert [one["to"] for one in messages(server)] == ["@pengelola"]
    assert browser.get(address).context["messenger"].worked_at
