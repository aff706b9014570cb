"""Codes that are guessed: ten thousand in a row open nothing, are kept nowhere, and stand in nobody's way.

Source: security.md 13; issue 6 ("a code guessed 10,000 times").
"""

import logging
import resource
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from ruangaman.intake.actions import locator
from ruangaman.intake.views import check
from ruangaman.intake.views.check import WRONG_CODES
from ruangaman.kernel.codes import Code, new_code
from tests.intake.hers import SECRET, enter, hers
from tests.worlds import World

GUESSES = 10_000
CALLER = "203.0.113.77"


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page itself is drawn elsewhere; what it says is kept here, so that ten thousand take seconds."""

    def drawn(request: Any, template: str, context: dict[str, Any], status: int = 200) -> Any:
        return HttpResponse(str(context["form"].errors), status=status)

    monkeypatch.setattr(check, "render", drawn)


@pytest.mark.usefixtures("plainly")
def test_a_code_guessed_ten_thousand_times_opens_nothing_and_stands_in_nobodys_way(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    made, filed = hers(world), world.file()
    ask, tables = RequestFactory(REMOTE_ADDR=CALLER), ("ledger_entry", "procrastinate_jobs", "kernel_cache")
    rows = {table: world.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    guesses: list[Code] = []
    statuses = []
    with caplog.at_level(logging.DEBUG, "ruangaman"), transaction.atomic():
        for number in range(GUESSES):
            guess = new_code()
            guesses.append(guess)
            answered = check.check(ask.post("/cek/", {"code": str(guess), "second": f"tebakan {number}"}))
            statuses.append(answered.status_code)
            assert "kode" not in answered.cookies
    assert statuses == [200] * WRONG_CODES + [429] * (GUESSES - WRONG_CODES)
    # Nothing of it stays: one row counts, no entry, no task, no line in a log, and no memory that grows with it.
    after = {table: world.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}
    assert after == {**rows, "kernel_cache": rows["kernel_cache"] + 1}
    kept = str(world.rows("SELECT cache_key, value FROM kernel_cache")) + caplog.text
    assert CALLER not in kept
    for guess in guesses[:: GUESSES // 50]:
        assert str(guess) not in kept
        assert locator(guess).hex() not in kept
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kilobytes
    assert world.rows("SELECT wrong_secrets, locked_at FROM intake_clientthread") == [(0, None)]
    # Whoever has a right one comes in at once: from elsewhere, and from the same network, which many phones share.
    phones = [Client(REMOTE_ADDR="203.0.113.78"), Client(REMOTE_ADDR=CALLER)]
    for browser in phones:
        assert browser.post("/cek/", {"code": str(filed.code)}).status_code == 302
        assert browser.post("/keluar/").status_code == 303
        assert browser.post("/cek/", {"code": str(made.code), "second": SECRET}).status_code == 302


def test_the_database_itself_answers_ten_thousand_guesses_with_nothing(world: World) -> None:
    made = hers(world)
    guesses = [locator(new_code()) for _ in range(GUESSES)]
    with transaction.atomic():
        found = world.rows(
            "SELECT count(l.dossier), count(c.thread) FROM unnest(%s::bytea[]) AS g(guess), "
            "door.locate(g.guess) l, door.locate_client(g.guess) c",
            [guesses],
            using="default",
        )
    assert found == [(0, 0)]
    assert enter(made)


def test_whoever_finds_the_slip_has_ten_tries_at_her_second_secret_from_however_many_phones(
    world: World,
) -> None:
    made = hers(world)
    for number in range(40):
        answered = Client(REMOTE_ADDR=f"203.0.113.{number}").post(
            "/cek/", {"code": str(made.code), "second": f"tanggal lahir {number}"}
        )
        assert answered.status_code == 200
    assert world.rows("SELECT wrong_secrets, locked_at IS NULL FROM intake_clientthread") == [(10, False)]
    assert "dikunci" in answered.content.decode()
