"""The task that erases reaches one dossier, what arrives meanwhile is refused, and the record can't be altered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from procrastinate.contrib.django import app as tasks

from ruangaman.access import actions, erasure, jobs
from ruangaman.access.models import DataKey, Destruction, Dossier, ErasureRequest
from ruangaman.access.states import Role, Section
from ruangaman.intake import actions as intake
from ruangaman.intake import queries as reading
from ruangaman.kernel import clock, destructions, keyring, tickets
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.models import Entry
from ruangaman.ledger.states import Verb
from ruangaman.people.models import NameToken
from tests.access.erasing import SECTIONS, TOLD, approve, ask, carry_out, erased, live_keys
from tests.worlds import World, acting

pytestmark = pytest.mark.usefixtures("record_of_destructions")


# --- the task ------------------------------------------------------------------------------------------------------


def test_an_approval_puts_the_task_into_the_queue_with_an_id_and_nothing_else(world: World) -> None:
    filed = world.file(**TOLD)
    approve(world, filed)
    told = "SELECT args->>'dossier_id', args - 'dossier_id' = '{}'"
    queued = f"{told} FROM procrastinate_jobs WHERE task_name = 'access.erase'"
    assert world.rows(queued) == [(str(filed.dossier.id), True)]
    assert tasks.tasks["access.erase"] is jobs.erase


@pytest.mark.parametrize(
    "ticket",
    [
        {"purpose": "staff"},
        {"purpose": "job_announcement"},
        {"purpose": "job_erasure", "scope": None},
        {"purpose": "job_erasure", "scope": new_id()},
        {"purpose": "filing"},
    ],
)
def test_a_job_with_another_or_a_wider_ticket_destroys_nothing(world: World, ticket: dict[str, Any]) -> None:
    filed = world.file(**TOLD)
    approve(world, filed)
    head = world.person(Role.HEAD)
    values = {"scope": filed.dossier.id, **ticket}
    person = head.id if ticket["purpose"] == "staff" else None
    carried = tickets.sign(person=person, at=clock.now(), **values)
    with tickets.carry(carried, using="worker"), pytest.raises(Refused, match="does not reach"):
        erasure.erase(dossier_id=filed.dossier.id, at=clock.now(), using="worker")
    with tickets.carry(carried, using="worker"), transaction.atomic(using="worker"):
        keys = DataKey.objects.using("worker")
        assert keys.update(wrapped=None, destroyed_at=clock.now()) == 0
        assert NameToken.objects.using("worker").all().delete() == (0, {})
    assert live_keys(filed) == len(SECTIONS)


def test_a_job_for_one_dossier_leaves_the_others_whole(world: World) -> None:
    filed, other = world.file(**TOLD), world.file(**TOLD)
    approve(world, filed)
    ticket = tickets.sign(purpose="job_erasure", scope=filed.dossier.id, at=clock.now())
    with tickets.carry(ticket, using="worker"):
        with pytest.raises(Refused):
            erasure.erase(dossier_id=other.dossier.id, at=clock.now(), using="worker")
        assert erasure.erase(dossier_id=filed.dossier.id, at=clock.now(), using="worker")
    assert (live_keys(filed), live_keys(other)) == (0, len(SECTIONS))


def test_a_destruction_can_not_be_recorded_for_what_nobody_approved(world: World) -> None:
    filed = world.file()
    with pytest.raises(DatabaseError), acting(purpose="job_erasure", scope=filed.dossier.id, using="worker"):
        Destruction.objects.using("worker").create(
            dossier_id=filed.dossier.id,
            unit_id=world.unit.id,
            key_ids=[],
            destroyed_at=clock.now(),
            basis="request",
        )


def test_an_approved_erasure_that_no_task_carried_out_is_found_again(world: World) -> None:
    filed, waiting = world.file(**TOLD), world.file(**TOLD)
    approve(world, filed)
    ask(world, waiting)
    due = "SELECT door.job_erasures_due()"
    assert world.rows(due, using="worker") == [(filed.dossier.id,)]
    carry_out(filed)
    assert world.rows(due, using="worker") == []
    with pytest.raises(DatabaseError):
        world.rows(due, using="default")


def test_what_a_crash_left_between_record_and_commit_is_carried_out_afterwards(
    world: World, record_of_destructions: Path
) -> None:
    filed = world.file(**TOLD)
    approve(world, filed)
    ticket = tickets.sign(purpose="job_erasure", scope=filed.dossier.id, at=clock.now())
    with (
        pytest.raises(ZeroDivisionError),
        tickets.carry(ticket, using="worker"),
        transaction.atomic(using="worker"),
    ):
        erasure.erase(dossier_id=filed.dossier.id, at=clock.now(), using="worker")
        raise ZeroDivisionError  # the machine ends here
    assert live_keys(filed) == len(SECTIONS)
    recorded = destructions.read(record_of_destructions, keyring.current())
    ids = [line.dossier for line in recorded]
    assert world.rows("SELECT door.undestroyed(%s)", [ids], using="default") == [(1,)]
    assert erasure.replay(recorded=recorded, at=clock.now(), using="owner") == 1
    assert erasure.replay(recorded=recorded, at=clock.now(), using="owner") == 0
    assert live_keys(filed) == 0
    assert world.rows("SELECT door.undestroyed(%s)", [ids], using="default") == [(0,)]


@contextmanager
def in_the_workers_process() -> Iterator[None]:
    """What is the default connection there is the worker's."""
    web = connections["default"]
    connections["default"] = connections["worker"]
    try:
        yield
    finally:
        connections["default"] = web


def test_the_task_erases_in_the_workers_process_and_is_begun_again_where_it_was_lost(world: World) -> None:
    filed, lost = world.file(**TOLD), world.file(**TOLD)
    approve(world, filed)
    approve(world, lost)
    queued = "SELECT args->>'dossier_id' FROM procrastinate_jobs WHERE task_name = 'access.erase' ORDER BY id"
    world.rows("DELETE FROM procrastinate_jobs WHERE args->>'dossier_id' = %s", [str(lost.dossier.id)])
    with in_the_workers_process():
        jobs.erase(dossier_id=str(filed.dossier.id))
        jobs.erase_due(timestamp=0)
        assert world.rows(queued)[-1] == (str(lost.dossier.id),)
        jobs.erase(dossier_id=world.rows(queued)[-1][0])
        jobs.erase_due(timestamp=0)
    assert (live_keys(filed), live_keys(lost)) == (0, 0)
    assert len(world.rows(queued)) == 2


# --- what arrives meanwhile ----------------------------------------------------------------------------------------


def test_a_message_that_arrives_while_erasing_waits_and_is_refused(world: World) -> None:
    filed = world.file(**TOLD)
    approve(world, filed)
    found = reading.locate(intake.locator(filed.code))
    assert found is not None
    key = intake.thread_key(filed.code, found[1], found[2])
    outcome: list[str] = []

    def write() -> None:
        try:
            intake.write_as_reporter(
                dossier_id=filed.dossier.id,
                key=key,
                message_id=new_id(),
                body="Masih di sini?",
                at=clock.now(),
            )
            outcome.append("kept")
        except Refused as no:
            outcome.append(str(no.message))
        finally:
            connections.close_all()

    ticket = tickets.sign(purpose="job_erasure", scope=filed.dossier.id, at=clock.now())
    with tickets.carry(ticket, using="worker"), transaction.atomic(using="worker"):
        Dossier.objects.using("worker").select_for_update().get(id=filed.dossier.id)
        writer = threading.Thread(target=write)
        writer.start()
        until = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        for _attempt in range(200):
            if world.rows(until)[0][0]:
                break
            threading.Event().wait(0.02)
        else:
            pytest.fail("the message did not wait for the erasure")
        erasure.erase(dossier_id=filed.dossier.id, at=clock.now(), using="worker")
    writer.join(10)
    assert outcome == ["Laporan ini baru saja dihapus, jadi pesan ini tidak tersimpan."]
    assert world.rows("SELECT 1 FROM intake_message WHERE dossier_id = %s", [filed.dossier.id]) == []


def test_nothing_can_be_added_to_an_erased_dossier_by_anybody(world: World) -> None:
    filed = erased(world)
    supervisor = world.person(Role.SUPERVISOR)
    with pytest.raises(DatabaseError) as no, acting(supervisor):
        actions.make_key(dossier=filed.dossier, section=Section.RISK)
    assert actions.is_erased(no.value)


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_page_leads_from_the_wish_to_the_approval(world: World) -> None:
    filed = world.file(**TOLD)
    officer, head = world.client(world.person(Role.DATA_OFFICER)), world.client(world.person(Role.HEAD))
    sent = officer.post(
        "/kelola/penghapusan/", {"reference": filed.reference.lower(), "basis": "consent_withdrawn"}
    )
    assert sent.status_code == 302
    request = ErasureRequest.objects.using("owner").get()
    page = officer.get("/kelola/penghapusan/").content.decode()
    assert filed.reference in page
    assert "Hanya kepala unit" in page
    assert "Minta penghapusan" not in head.get("/kelola/penghapusan/").content.decode()
    answer = f"/kelola/penghapusan/{request.id}/setuju/"
    assert officer.post(answer).status_code == 404
    assert world.client(world.person(Role.HEAD, world.other)).post(answer).status_code == 404
    assert head.post(answer).status_code == 302
    assert head.post(answer, follow=True).status_code == 200
    assert ErasureRequest.objects.using("owner").get().decision == "approved"
    assert carry_out(filed)
    assert "sudah dihapus" in officer.get("/kelola/penghapusan/").content.decode()


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [("RA-0000-0000", "Tidak ada berkas"), ("RA-7K3M-Q9T5", "salah ketik"), ("", "")],
)
def test_a_reference_that_leads_nowhere_is_said_so(world: World, reference: str, sentence: str) -> None:
    browser = world.client(world.person(Role.DATA_OFFICER))
    page = browser.post("/kelola/penghapusan/", {"reference": reference, "basis": "request"})
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_another_units_reference_is_answered_like_one_that_does_not_exist_and_recorded(world: World) -> None:
    filed = world.file(place="32.76")
    browser = world.client(world.person(Role.DATA_OFFICER))
    page = browser.post("/kelola/penghapusan/", {"reference": filed.reference, "basis": "request"})
    assert "Tidak ada berkas" in page.content.decode()
    refused = Entry.objects.using("owner").get(verb=Verb.REFUSED)
    assert refused.dossier_id == filed.dossier.id


# --- the record outside the database -------------------------------------------------------------------------------


def test_an_altered_removed_or_inserted_line_of_the_record_shows(
    world: World, record_of_destructions: Path
) -> None:
    erased(world), erased(world), erased(world)
    whole = record_of_destructions.read_text().splitlines(keepends=True)
    ring = keyring.current()
    for broken in (
        [whole[0].replace("request", "unlawful"), *whole[1:]],
        [whole[0], whole[2]],
        [whole[1], whole[0], whole[2]],
        [whole[0], whole[0], *whole[1:]],
        ["[]\n", *whole],
    ):
        record_of_destructions.write_text("".join(broken))
        with pytest.raises(destructions.RecordAltered, match="line"):
            destructions.read(record_of_destructions, ring)
    record_of_destructions.write_text("".join(whole))
    assert len(destructions.read(record_of_destructions, ring)) == 3


def test_half_a_line_that_a_crash_left_is_written_anew(world: World, record_of_destructions: Path) -> None:
    erased(world)
    whole = record_of_destructions.read_text()
    record_of_destructions.write_text(whole + whole[: len(whole) // 2])
    erased(world)
    assert len(destructions.read(record_of_destructions, keyring.current())) == 2
