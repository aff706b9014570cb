"""A flood from one address: every report is kept and queued for triage, none is refused, nobody else waits behind it.

Source: issue 6; peers.md (GlobaLeaks refuses after ten an hour; twenty trainees behind one address are locked out).
"""

import threading
from datetime import timedelta

from django.db import connections
from django.test import Client

from ruangaman.intake.policies.form import FLOOD_FROM_ONE, FLOOD_SECONDS
from ruangaman.kernel import clock
from tests.intake.walker import words_in
from tests.worlds import World

FLOODER, SOMEBODY = "203.0.113.7", "198.51.100.20"
FLOOD = 2 * FLOOD_FROM_ONE


def sent(address: str, story: str, **about: str) -> str:
    """A report from an address, as short as it can be; gives the words of its receipt."""
    client = Client(REMOTE_ADDR=address)
    if about:
        client.post("/lapor/", {"step": "about", "go": "next", **about})
    client.post("/lapor/", {"step": "what", "go": "next", "story": story})
    page = client.post("/lapor/", {"step": "check", "go": "next"}, follow=True)
    assert page.status_code == 200
    return words_in(page.content.decode())


def counted(world: World, which: str) -> int:
    return int(world.rows(f"SELECT count(*) FROM intake_report WHERE {which}")[0][0])


def test_of_a_flood_from_one_address_every_report_is_kept_and_what_is_too_many_waits(world: World) -> None:
    words = {sent(FLOODER, f"Laporan rekaan nomor {number}.") for number in range(FLOOD)}
    assert len(words) == FLOOD, "a report of the flood was refused"
    assert "" not in words
    assert counted(world, "true") == FLOOD
    assert counted(world, "in_flood") == FLOOD - FLOOD_FROM_ONE
    assert sent(SOMEBODY, "Laporan rekaan dari tempat lain.")
    assert counted(world, "NOT in_flood") == FLOOD_FROM_ONE + 1, "somebody else waits behind the flood"
    stories = world.rows("SELECT count(*) FROM intake_story s JOIN intake_thread t USING (dossier_id)")
    assert stories == [(FLOOD + 1,)]


def test_a_flood_of_many_at_once_loses_and_doubles_nothing(world: World) -> None:
    words: list[str] = []
    begin = threading.Barrier(8)

    def hand(number: int) -> None:
        try:
            begin.wait()
            words.extend(sent(FLOODER, f"Rekaan {number}-{again}.") for again in range(8))
        finally:
            connections.close_all()

    hands = [threading.Thread(target=hand, args=(number,)) for number in range(8)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert len(set(words)) == 64
    assert counted(world, "true") == 64
    assert counted(world, "in_flood") == 64 - FLOOD_FROM_ONE, "two at once were counted as one"


def test_danger_in_a_flood_is_told_like_any_other(world: World) -> None:
    for number in range(FLOOD_FROM_ONE):
        sent(FLOODER, f"Laporan rekaan nomor {number}.")
    before = world.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.announce'")
    assert sent(FLOODER, "Ia di depan pintu.", danger_now="yes")
    assert counted(world, "in_flood AND danger_now") == 1
    after = world.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.announce'")
    assert after[0][0] == before[0][0] + 1
    clocks = world.rows(
        "SELECT count(*) FROM clocks_clock c JOIN intake_report r USING (dossier_id) WHERE in_flood"
    )
    assert clocks[0][0] >= 2, "the clocks of the answer and of the danger run in a flood as well"


def test_twenty_trainees_behind_one_address_are_neither_refused_nor_queued(world: World) -> None:
    assert all(sent(FLOODER, f"Latihan nomor {number}.") for number in range(20))
    assert counted(world, "true") == 20
    assert counted(world, "in_flood") == 0


def test_who_sends_much_is_forgotten_within_the_hour_and_named_nowhere(world: World) -> None:
    sent(FLOODER, "Laporan rekaan.")
    latest = world.rows("SELECT max(expires) FROM kernel_cache")[0][0]
    assert latest <= clock.now() + timedelta(seconds=FLOOD_SECONDS)
    assert FLOOD_SECONDS <= 3600
    assert FLOODER not in str(world.rows("SELECT cache_key, value FROM kernel_cache"))
