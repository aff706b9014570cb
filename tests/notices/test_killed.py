"""Workers are killed while they send: nothing is lost, in the application everything is there exactly once, and what
arrives twice outside carries one name.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.config.processes import die_with_parent
from ruangaman.kernel import clock
from ruangaman.notices.sending import tell, ways
from ruangaman.notices.states import Kind
from tests.notices.receiving import Post, mail_server, messages, messenger_server
from tests.notices.test_telling import wall
from tests.notices.working import wish, working
from tests.worlds import World

PEOPLE, ROUNDS, WORKERS = 12, 4, 2
ANSWER_SECONDS = 0.5  # from taking a mail or message to saying so: the moment in which a kill hurts
OPEN = "SELECT count(*) FROM notices_delivery WHERE sent_at IS NULL AND given_up_at IS NULL"
UNPLANNED = "SELECT count(*) FROM notices_notice WHERE planned_at IS NULL"
MOST_SECONDS = 90
NAME = "Sekarwangi Pertiwikusuma"  # nowhere else, so that a search finds it


class Worker:
    """The product's own task worker, as a process."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ruangaman.config.cli", "worker"],
                env=environment,
                stdout=said,
                stderr=said,
                preexec_fn=die_with_parent(9, os.getpid()),
            )

    def kill(self) -> None:
        self.process.kill()
        assert self.process.wait(10) == -9, "it was alive until it was killed"


@contextmanager
def several_workers(environment: dict[str, str], log: Path) -> Iterator[list[Worker]]:
    workers = [Worker(environment, log) for _number in range(WORKERS)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.wait(10)


def people(world: World) -> list[User]:
    """Half of them chose mail, half their unit's messenger."""
    found = [world.person(Role.INTAKE_OFFICER, tag=f"no{number}") for number in range(PEOPLE)]
    for number, person in enumerate(found):
        world.rows("UPDATE access_user SET name = %s WHERE id = %s", [f"{NAME} {number}", person.id])
        if number % 2:
            wish(world, person, by_mail=False, by_messenger=True, messenger_name=f"@{number}")
    return found


def until(world: World, sql: str, seconds: float = MOST_SECONDS) -> None:
    ends = time.monotonic() + seconds
    while world.rows(sql) != [(0,)]:
        assert time.monotonic() < ends, sql
        time.sleep(0.1)


def let_time_pass(world: World) -> None:
    """What a killed worker had begun is due again; in truth this takes two minutes."""
    world.rows(
        "UPDATE notices_delivery SET due_at = due_at - interval '1 day' "
        "WHERE sent_at IS NULL AND given_up_at IS NULL"
    )


def arrivals(post: Post, server: Any) -> list[str]:
    """The name of each mail and message that arrived, copies included."""
    mails = [str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in post.taken]
    return mails + [message["id"] for message in messages(server)]


def test_workers_killed_while_sending_lose_nothing_and_repeat_only_by_the_same_name(
    world: World, tmp_path: Path
) -> None:
    everybody, filed, rng = people(world), world.file(), random.Random(11)
    walled = world.person(Role.INTAKE_OFFICER, tag="walled")
    walled_later = world.person(Role.COMPANION, tag="later")
    wall(world, filed, walled.id)
    log = tmp_path / "worker.log"
    with mail_server(tmp_path) as (post, port, certificate), messenger_server("204") as server:
        post.slow_seconds = server.slow_seconds = ANSWER_SECONDS
        sealed = ways.seal_secret(world.unit.id, b"rahasia-uji")
        world.rows(
            "INSERT INTO notices_messenger (organisation_id, url, secret, is_on, set_by_id, set_at) "
            "VALUES (%s, %s, %s, true, %s, now())",
            [world.unit.id, server.url, sealed, walled.id],
        )
        environment = {
            **os.environ,
            "RUANGAMAN_EMAIL_HOST": "127.0.0.1",
            "RUANGAMAN_EMAIL_PORT": str(port),
            "SSL_CERT_FILE": str(certificate),
        }
        with several_workers(environment, log) as workers:
            for number in range(ROUNDS):
                for _told_by_two_tasks in range(2):
                    with working(filed.dossier.id):
                        tell(
                            people=[one.id for one in (*everybody, walled)],
                            kind=Kind.DANGER,
                            cause=f"kill:{number}",
                            at=clock.now(),
                            dossier=filed.dossier.id,
                        )
                arrived = len(arrivals(post, server))
                ends = time.monotonic() + MOST_SECONDS
                while len(arrivals(post, server)) == arrived:  # it is at work
                    assert time.monotonic() < ends
                    time.sleep(0.01)
                time.sleep(rng.random() * ANSWER_SECONDS / 2)
                for worker in workers:
                    worker.kill()
                workers[:] = [Worker(environment, log) for _number in range(WORKERS)]
            with working(filed.dossier.id):
                tell(
                    people=[walled_later.id],
                    kind=Kind.CLOCK_DUE,
                    cause="later",
                    at=clock.now(),
                    dossier=filed.dossier.id,
                )
                # Before the worker can see the notice, a wall stands.
                wall(world, filed, walled_later.id)
            until(world, UNPLANNED)
            for cause in range(10):
                let_time_pass(world)
                with working(), transaction.atomic():
                    tell(people=[everybody[0].id], kind=Kind.DANGER, cause=f"wake:{cause}", at=clock.now())
                time.sleep(1)
                if world.rows(OPEN) == [(0,)]:
                    break
            until(world, UNPLANNED)
            until(world, OPEN)
        arrived = Counter(arrivals(post, server))
        texts = [mail.as_string() for mail in post.taken] + [str(one) for one in messages(server)]

    # In the application: everybody once a cause, who is walled never.
    causes = (
        "SELECT person_id, count(*), count(DISTINCT cause) FROM notices_notice "
        "WHERE starts_with(cause, 'kill:') GROUP BY person_id"
    )
    assert sorted(world.rows(causes)) == sorted((one.id, ROUNDS, ROUNDS) for one in everybody)
    # Outside: each envelope arrived, and none that was not sent by us.
    envelopes = {
        str(name) for (name,) in world.rows("SELECT envelope FROM notices_delivery WHERE sent_at IS NOT NULL")
    }
    assert envelopes == set(arrived)
    assert world.rows(
        "SELECT count(*) FROM notices_delivery WHERE given_up_at IS NOT NULL AND person_id <> ALL (%s)",
        [[walled_later.id]],
    ) == [(0,)]
    copies, killed = sum(arrived.values()) - len(arrived), ROUNDS * WORKERS
    print(f"{len(arrived)} envelopes, {copies} copies after {killed} workers were killed")
    assert copies > 0, "this test did not hit the moment that it is about"
    assert copies <= killed, "a worker sends one at a time: one killed leaves one copy at most"
    reached = {str(mail["To"]) for mail in post.taken} | {one["to"] for one in messages(server)}
    for number, one in enumerate(everybody):
        assert (f"@{number}" if number % 2 else one.email) in reached
    assert not {walled.email, walled_later.email} & reached
    # Nothing of anybody: not in what arrived, not in the queue, not in what the workers said.
    queue = str(world.rows("SELECT args, queueing_lock, lock FROM procrastinate_jobs"))
    told = [NAME, *NAME.split(), filed.reference]
    for where in (*texts, queue, log.read_text()):
        for word in told:
            assert word not in where
    assert str(filed.dossier.id) not in "".join(texts) + log.read_text()
