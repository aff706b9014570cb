"""The task that compares names which came later with those that reports about staff tell."""

import json
import logging
import threading
from typing import Any

import pytest
from django.db import connections

from ruangaman.access.models import User, Wall
from ruangaman.access.states import Role
from ruangaman.config import doctor
from ruangaman.intake import firing
from ruangaman.intake.models import LaterName, Story
from ruangaman.ledger.states import Verb
from tests.access.filled import tried
from tests.intake.handing_on import STORY, file, named
from tests.intake.later_names import NAME, TABLES, comes, compare, reads, renamed, walls
from tests.notices.working import working
from tests.worlds import Filed, World, acting


@pytest.fixture
def supervisor(world: World) -> User:
    """Somebody of rank who is there from the beginning, and not meant."""
    return named(world, Role.SUPERVISOR, "Ratih Kusumadewi")


def test_run_twice_it_raises_one_wall_and_writes_one_entry(world: World, supervisor: User) -> None:
    filed = file(world, NAME)
    accused = comes(world, NAME)
    compare()
    compare()
    renamed(accused, f"H. {NAME}")
    compare()
    assert walls(filed, accused) == 1
    entries = (
        "SELECT actor_kind, unit_id, objects_named FROM ledger_entry WHERE dossier_id = %s AND verb = %s"
    )
    wall = Wall.objects.using("owner").get(dossier_id=filed.dossier.id, person_id=accused.id)
    assert world.rows(entries, [filed.dossier.id, Verb.WALLED]) == [
        ("system", world.unit.id, [wall.id, accused.id])
    ]


def test_many_reports_and_many_names_are_taken_in_batches(
    world: World, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "COMPARED", 2)
    filed = [file(world, NAME) for _ in range(3)]
    people = [comes(world, name) for name in (NAME, "Sri Wahyuni", f"Ir. {NAME}")]
    left = []
    while LaterName.objects.using("owner").exists():
        left.append(LaterName.objects.using("owner").count())
        compare()
        for one in filed:
            assert not reads(world, people[0], one), "neither before nor after its turn"
    assert left == [9, 5, 2]
    assert [[walls(one, person) for person in people] for one in filed] == [[1, 0, 1]] * 3


def test_a_report_that_can_not_be_opened_stays_shut_and_keeps_no_other_waiting(
    world: World, supervisor: User, server: Any
) -> None:
    spoilt, filed = file(world, NAME), file(world, NAME)
    sealed = Story.objects.using("owner").get(dossier_id=spoilt.dossier.id).accused
    Story.objects.using("owner").filter(dossier_id=spoilt.dossier.id).update(accused=b"x" * 40)
    head = comes(world, "Sri Wahyuni", Role.HEAD)
    with pytest.raises(ExceptionGroup, match="could not be compared") as failed:
        compare()
    assert NAME not in str(failed.value.exceptions)
    assert (reads(world, head, spoilt), reads(world, head, filed)) == (False, True)
    assert "compared" in doctor.check_names(server.owner_url), "in the first minutes"
    world.rows("UPDATE intake_latername SET since = since - interval '11 minutes'")
    with pytest.raises(doctor.Refusal, match="1 reports about staff stay shut"):
        doctor.check_names(server.owner_url)
    Story.objects.using("owner").filter(dossier_id=spoilt.dossier.id).update(accused=sealed)
    compare()
    assert reads(world, head, spoilt)
    assert "compared" in doctor.check_names(server.owner_url)


def test_no_log_and_no_line_of_tasks_holds_the_name(
    world: World, supervisor: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        file(world, "Zulkarnain Wicaksono")
        comes(world, "Pak Zulkarnain Wicaksono")
        caplog.clear()
        compare()
    said = caplog.text + str(world.rows("SELECT args, task_name FROM procrastinate_jobs"))
    said += str(world.rows("SELECT objects_named, fields_named FROM ledger_entry"))
    assert "Zulkarnain" not in said
    assert STORY not in said


def test_the_task_opens_the_accuseds_name_of_its_one_report_and_nothing_else_of_it(
    world: World, supervisor: User
) -> None:
    filed, other = file(world, NAME), file(world, NAME)
    head = comes(world, NAME, Role.HEAD)
    ask, end = "SELECT door.job_later_names(%s, 9)", "SELECT * FROM door.job_compared(%s, %s::uuid[], '{}')"
    for scope, purpose in (
        (other.dossier.id, "job_comparing_names"),
        (filed.dossier.id, "job_handing_on"),
        (filed.dossier.id, "job_announcement"),
    ):
        with acting(purpose=purpose, scope=scope, using="worker"):
            assert tried(ask, [filed.dossier.id], using="worker") == [(None,)]
            assert tried(end, [filed.dossier.id, [head.id]], using="worker") == []
    with acting(purpose="job_comparing_names", scope=filed.dossier.id, using="worker"):
        for table in TABLES:
            assert tried(f"SELECT 1 FROM {table}", using="worker") == [], table
        given = tried(ask, [filed.dossier.id], using="worker")
        assert given
        assert set(_told(given)["stories"][0]) == {"id", "accused"}
    assert LaterName.objects.using("owner").count() == 2, "nobody came past it"


def _told(given: list[Any]) -> Any:
    return json.loads(given[0][0]) if isinstance(given[0][0], str) else given[0][0]


def test_nobody_who_is_signed_in_reads_ends_or_writes_what_waits(world: World, supervisor: User) -> None:
    filed = file(world, NAME)
    accused = comes(world, NAME)
    for person in (accused, supervisor):
        with acting(person):
            assert tried("SELECT 1 FROM intake_latername") is None
            assert tried("DELETE FROM intake_latername") is None
            assert tried("SELECT door.compare_later(%s, '{}', '')", [person.id]) is None
            assert (
                tried(
                    "SELECT * FROM door.job_compared(%s, %s::uuid[], '{}')", [filed.dossier.id, [person.id]]
                )
                is None
            )
    assert LaterName.objects.using("owner").count() == 1


def test_a_report_that_is_filed_while_a_name_is_being_taken_waits_and_sees_it(world: World) -> None:
    """Between the statement that takes the name and its commit, a report comes that tells of it."""
    head = named(world, Role.HEAD, "Agus Salim")
    filed: list[Filed] = []

    def report() -> None:
        try:
            filed.append(file(world, NAME))
        finally:
            connections.close_all()

    thread = threading.Thread(target=report)
    with acting(head):
        User.objects.filter(id=head.id).update(name=NAME)
        thread.start()
        thread.join(1)
        assert thread.is_alive(), "it waits for the name"
    thread.join(20)
    assert walls(filed[0], head) == 1


def test_a_name_that_is_taken_while_it_is_compared_is_compared_again(world: World, supervisor: User) -> None:
    filed = file(world, NAME)
    head = comes(world, "Agus Salim", Role.HEAD)

    def rename() -> None:
        try:
            renamed(head, NAME)
        finally:
            connections.close_all()

    thread = threading.Thread(target=rename)
    with working(), firing.comparing(filed.dossier.id):
        assert firing.keep_out_later(filed.dossier.id) == (world.unit.id, [])
        thread.start()
        thread.join(1)
        assert thread.is_alive(), "the rename waits for the task"
    thread.join(20)
    assert not reads(world, head, filed)
    compare()
    assert walls(filed, head) == 1
