"""What takes long: many guesses, many writers, many restarts of the sealer. `make test-long` runs these."""

import os
import random
import threading
from collections.abc import Iterator

import pytest
from django.db import connections, transaction

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.kernel import clock
from ruangaman.kernel.codes import new_code
from ruangaman.ledger.actions import record
from ruangaman.ledger.sealing import seal_once, verify
from ruangaman.ledger.states import ActorKind, Verb
from tests.worlds import World

pytestmark = pytest.mark.long

# How much of each: 1 is what `make test-long` does; a fraction is for trying the tests themselves.
SHARE = float(os.environ.get("LONG_SHARE", "1"))
GUESSES = int(10_000 * SHARE)
WRITERS, ENTRIES = 16, int(20_000 * SHARE)
WALKS = int(2_000 * SHARE)


def test_ten_thousand_guessed_codes_open_nothing_and_write_nothing(world: World) -> None:
    world.file()
    client = world.client()
    before = world.rows("SELECT count(*) FROM ledger_entry")
    for number in range(GUESSES):
        page = client.post(
            "/cek/", {"code": str(new_code())}, REMOTE_ADDR=f"10.0.{number % 200}.{number % 250}"
        )
        assert page.status_code in (200, 429)
        assert "kode" not in client.cookies
    assert world.rows("SELECT count(*) FROM ledger_entry") == before


def writer(entries: int) -> None:
    for _ in range(entries):
        with transaction.atomic():
            record(Verb.REFUSED, at=clock.now(), kind=ActorKind.SYSTEM)
    connections.close_all()


def test_many_writers_and_a_sealer_that_is_cut_off_again_and_again_leave_a_whole_ledger(owner: None) -> None:
    threads = [threading.Thread(target=writer, args=(ENTRIES // WRITERS,)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seal_once(at=clock.now(), using="sealer")
        connections["sealer"].close()  # as if it had been killed between two seals
    while seal_once(at=clock.now(), using="sealer"):
        pass
    found = verify(using="sealer")
    assert found.ok, found.findings
    assert found.entries + found.unsealed == ENTRIES // WRITERS * WRITERS
    assert found.unsealed == 0


def steps(rng: random.Random) -> Iterator[dict[str, str]]:
    """A restless visitor: forward, back, to any step, twice, with and without answers, now and then sending."""
    for _ in range(rng.randrange(4, 14)):
        step = rng.choice(["about", "what", "where", "reach", "check"])
        answers = {
            "story": rng.choice(["", "Cerita rekaan.", "\u202eterbalik", "😀" * 50, "x" * 25_000]),
            "place": rng.choice(["", "31.73.01", "99"]),
            "means": rng.choice(["code", "text", "pos"]),
            "phone": rng.choice(["", "0800-000-0000"]),
            "name": rng.choice(["", "Nama Rekaan"]),
        }
        yield {"step": step, "go": rng.choice(["next", "next", "next", "back", "what", "done"]), **answers}


def test_restless_visitors_make_at_most_one_report_each_and_never_an_error(world: World) -> None:
    rng = random.Random(20_261_122)
    for _ in range(WALKS):
        client, before = world.client(), Dossier.objects.using("owner").count()
        for form in steps(rng):
            assert client.post("/lapor/", form).status_code in (200, 303, 409)
            assert client.get("/lapor/").status_code == 200
        assert (
            Dossier.objects.using("owner").count() - before <= 2
        )  # a second one only after the first was put away
    world.client(world.person(Role.HEAD)).get("/laporan/")
