"""An erasure needs two persons, destroys every key, and can't be undone; nothing of the dossier opens afterwards."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.urls import reverse
from procrastinate.contrib.django import app as tasks

from ruangaman.access import actions, erasure, jobs, queries
from ruangaman.access.models import DataKey, Destruction, Dossier, ErasureRequest
from ruangaman.access.states import ErasureBasis, Role, Section
from ruangaman.intake import actions as intake
from ruangaman.intake import queries as reading
from ruangaman.kernel import clock, destructions, keyring, tickets
from ruangaman.kernel.dictionary import lines
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import SealedField, unwrap
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.models import Entry
from ruangaman.ledger.states import Verb
from ruangaman.people.models import NameToken
from tests.worlds import Filed, World, acting

TOLD = {
    "name": "Sekar Wangi Contoh",
    "phone": "0812-000-000",
    "hours": "siang",
    "place": "31.73.01",
    "story": "Cerita.",
}


@pytest.fixture(autouse=True)
def record_of_destructions() -> Iterator[Path]:
    path = Path(settings.RUANGAMAN_KEYS) / destructions.FILE_NAME
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def ask(world: World, filed: Filed) -> ErasureRequest:
    officer = world.person(Role.DATA_OFFICER)
    with acting(officer):
        return actions.ask_erasure(
            viewer=world.viewer(officer), dossier=filed.dossier, basis=ErasureBasis.REQUEST, at=clock.now()
        )


def approve(world: World, filed: Filed) -> None:
    request = ask(world, filed)
    head = world.person(Role.HEAD)
    with acting(head):
        actions.decide_erasure(viewer=world.viewer(head), request_id=request.id, approve=True, at=clock.now())


def carry_out(filed: Filed, *, purpose: str = "job_erasure", scope: UUID | None = None) -> bool:
    """The task's work, in the worker's role."""
    ticket = tickets.sign(purpose=purpose, scope=scope or filed.dossier.id, at=clock.now())
    with tickets.carry(ticket, using="worker"):
        return erasure.erase(dossier_id=filed.dossier.id, at=clock.now(), using="worker")


def erased(world: World, **told: Any) -> Filed:
    filed = world.file(**{**TOLD, **told})
    approve(world, filed)
    assert carry_out(filed)
    return filed


def live_keys(filed: Filed) -> int:
    return DataKey.objects.using("owner").filter(dossier_id=filed.dossier.id, wrapped__isnull=False).count()


# --- what it destroys ----------------------------------------------------------------------------------------------


def test_every_key_of_an_erased_dossier_is_gone(world: World) -> None:
    filed, other = erased(world), world.file(**TOLD)
    keys = DataKey.objects.using("owner").filter(dossier_id=filed.dossier.id)
    assert {key.section for key in keys} == {"narrative", "thread", "contact", "identity"}
    for key in keys:
        assert key.destroyed_at is not None
        with pytest.raises(Unreadable):
            unwrap(key.id, key.kek_number, bytes(key.wrapped or b""))
    assert live_keys(other) == 4


def test_no_sealed_value_of_any_table_opens_for_anybody(world: World) -> None:
    filed = erased(world)
    supervisor = world.person(Role.SUPERVISOR)
    sealed = [
        model
        for model, _name in erasure.tables()
        if any(isinstance(field, SealedField) for field in model._meta.fields)
    ]
    assert {model.__name__ for model in sealed} == {"Story", "SafeContact", "Message", "Person"}
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        assert reading.story_of(viewer, filed.dossier.id) is None
        assert reading.contact_of(viewer, filed.dossier.id) is None
        assert reading.thread_of(viewer, filed.dossier.id) == []
        assert all(queries.key_of(filed.dossier.id, section) is None for section in Section.values)


def test_tokens_contact_grants_and_the_way_back_are_gone_and_the_place_is_coarse(world: World) -> None:
    filed = world.file(**TOLD)
    world.grant(filed, world.person(Role.COMPANION).id, Section.NARRATIVE)
    assert NameToken.objects.using("owner").filter(dossier_id=filed.dossier.id).exists()
    approve(world, filed)
    carry_out(filed)
    for table in ("people_nametoken", "access_grant", "intake_safecontact"):
        assert world.rows(f"SELECT 1 FROM {table} WHERE dossier_id = %s", [filed.dossier.id]) == []
    assert world.rows(
        "SELECT locator, code_wrap FROM intake_thread WHERE dossier_id = %s", [filed.dossier.id]
    ) == [(None, None)]
    assert world.rows("SELECT place_id FROM intake_report WHERE dossier_id = %s", [filed.dossier.id]) == [
        ("31.73",)
    ]


def test_the_reporters_code_finds_nothing_any_more(world: World) -> None:
    filed = world.file(**TOLD)
    assert reading.locate(intake.locator(filed.code)) is not None
    approve(world, filed)
    carry_out(filed)
    assert reading.locate(intake.locator(filed.code)) is None


def test_the_list_says_that_it_was_erased_and_still_holds_it(world: World) -> None:
    filed = erased(world)
    browser = world.client(world.person(Role.SUPERVISOR))
    page = browser.get("/laporan/").content.decode()
    assert filed.reference in page
    assert "sudah dihapus" in page
    opened = browser.get(reverse("desk:dossier", args=[filed.reference]))
    assert opened.status_code == 200
    assert "sudah dihapus selamanya" in opened.content.decode()


def test_figures_go_on_counting_it(world: World) -> None:
    erased(world)
    world.file()
    counted = "SELECT count(*), count(erased_at) FROM access_dossier"
    assert world.rows(counted, using="counter") == [(2, 1)]
    officer = world.person(Role.DATA_OFFICER)
    with acting(officer):
        assert queries.count_erased(world.viewer(officer)) == 1


def test_each_field_of_a_dossier_can_be_treated_as_the_dictionary_says(database: None) -> None:
    known = lines()
    for model, _name in erasure.tables():
        if erasure.fate(model, model._meta.pk) != "delete":
            erasure.changes(model)
    # A row that goes, goes whole: the dictionary may not promise it of some of its fields only.
    for model in apps.get_models():
        fates = {known[f"{model._meta.label_lower}.{field.name}"].on_erasure for field in model._meta.fields}
        assert "delete" not in fates or fates == {"delete"}, model


def test_what_the_dictionary_asks_of_a_field_that_can_not_do_it_is_an_error(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "fate", lambda model, field: "generalise")
    with pytest.raises(ValueError, match="can't generalise"):
        erasure.changes(Dossier)
    monkeypatch.setattr(erasure, "fate", lambda model, field: "destroy" if field.name == "stage" else "keep")
    assert erasure.changes(Dossier) == {"stage": ""}


def test_it_is_recorded_in_the_ledger_in_the_database_and_outside_it(
    world: World, record_of_destructions: Path
) -> None:
    filed = erased(world)
    verbs = list(
        Entry.objects.using("owner")
        .filter(dossier_id=filed.dossier.id)
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert verbs[-3:] == [Verb.ERASURE_ASKED, Verb.ERASURE_APPROVED, Verb.ERASED]
    row = Destruction.objects.using("owner").get()
    (line,) = destructions.read(record_of_destructions, keyring.current())
    assert (line.dossier, line.basis) == (row.dossier_id, row.basis) == (filed.dossier.id, "request")
    assert [str(key) for key in line.keys] == row.key_ids
    assert len(row.key_ids) == 4
    assert oct(record_of_destructions.stat().st_mode & 0o777) == "0o600"


def test_erased_twice_is_erased_once(world: World, record_of_destructions: Path) -> None:
    filed = erased(world)
    assert carry_out(filed) is False
    assert len(record_of_destructions.read_text().splitlines()) == 1


# --- four eyes -----------------------------------------------------------------------------------------------------


def test_without_a_second_person_nothing_is_destroyed(world: World) -> None:
    filed = world.file(**TOLD)
    with pytest.raises(Refused):
        carry_out(filed)
    ask(world, filed)
    with pytest.raises(Refused):
        carry_out(filed)
    assert live_keys(filed) == 4


def test_a_refused_request_destroys_nothing_and_may_be_made_again(world: World) -> None:
    filed = world.file(**TOLD)
    request, head = ask(world, filed), world.person(Role.HEAD)
    with acting(head):
        actions.decide_erasure(
            viewer=world.viewer(head), request_id=request.id, approve=False, at=clock.now()
        )
    with pytest.raises(Refused):
        carry_out(filed)
    assert ask(world, filed).id != request.id


def test_a_second_request_for_the_same_dossier_is_refused(world: World) -> None:
    filed = world.file()
    ask(world, filed)
    with pytest.raises(Refused, match="sudah diminta"):
        ask(world, filed)


def test_an_erased_dossier_is_not_asked_for_again(world: World) -> None:
    filed = erased(world)
    filed.dossier.refresh_from_db(using="owner")
    with pytest.raises(Refused, match="sudah dihapus"):
        ask(world, filed)


@pytest.mark.parametrize("role", [Role.HEAD, Role.INTAKE_OFFICER, Role.ADMINISTRATOR, Role.COMPANION])
def test_only_data_officers_and_supervisors_ask(world: World, role: str) -> None:
    filed, person = world.file(), world.person(role)
    with acting(person), pytest.raises(Refused):
        actions.ask_erasure(
            viewer=world.viewer(person), dossier=filed.dossier, basis=ErasureBasis.REQUEST, at=clock.now()
        )


@pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.SUPERVISOR])
def test_only_the_head_decides_and_once(world: World, role: str) -> None:
    filed = world.file()
    request, head, person = ask(world, filed), world.person(Role.HEAD), world.person(role, tag="2")
    with acting(person), pytest.raises(Refused, match="Hanya kepala"):
        actions.decide_erasure(
            viewer=world.viewer(person), request_id=request.id, approve=True, at=clock.now()
        )
    for again in (False, True):
        with acting(head):
            if not again:
                actions.decide_erasure(
                    viewer=world.viewer(head), request_id=request.id, approve=False, at=clock.now()
                )
                continue
            with pytest.raises(Refused, match="sudah diputuskan"):
                actions.decide_erasure(
                    viewer=world.viewer(head), request_id=request.id, approve=True, at=clock.now()
                )


def test_a_head_who_is_supervisor_too_does_not_decide_alone(world: World) -> None:
    filed, person = world.file(), world.person(Role.HEAD)
    world.seat(person, world.unit, Role.SUPERVISOR)
    with acting(person):
        viewer = world.viewer(person)
        request = actions.ask_erasure(
            viewer=viewer, dossier=filed.dossier, basis=ErasureBasis.UNLAWFUL, at=clock.now()
        )
        with pytest.raises(Refused, match="Orang kedua"):
            actions.decide_erasure(viewer=viewer, request_id=request.id, approve=True, at=clock.now())
    with acting(person), pytest.raises(DatabaseError), transaction.atomic():
        ErasureRequest.objects.filter(id=request.id).update(
            decision="approved", decided_by=person.id, decided_at=clock.now()
        )


@pytest.mark.parametrize("where", ["other", "unit"])
def test_the_database_lets_nobody_else_ask_or_decide(world: World, where: str) -> None:
    filed = world.file()
    request = ask(world, filed)
    role = Role.HEAD if where == "other" else Role.SUPERVISOR
    stranger = world.person(role, getattr(world, where))
    with acting(stranger):
        changed = ErasureRequest.objects.filter(id=request.id).update(
            decision="approved", decided_by=stranger.id, decided_at=clock.now()
        )
    assert changed == 0
    intruder = world.person(Role.INTAKE_OFFICER)
    with acting(intruder), pytest.raises(DatabaseError), transaction.atomic():
        ErasureRequest.objects.create(
            dossier=world.file().dossier,
            unit_id=world.unit.id,
            basis="request",
            asked_by_id=intruder.id,
            asked_at=clock.now(),
        )


def test_somebody_walled_neither_sees_nor_decides_the_request(world: World) -> None:
    filed = world.file()
    request, head = ask(world, filed), world.person(Role.HEAD)
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [head.id, filed.dossier.id],
    )
    with acting(head), pytest.raises(ErasureRequest.DoesNotExist):
        actions.decide_erasure(viewer=world.viewer(head), request_id=request.id, approve=True, at=clock.now())


def test_the_web_can_neither_destroy_a_key_nor_say_that_a_dossier_was_erased(world: World) -> None:
    filed, supervisor = world.file(**TOLD), world.person(Role.SUPERVISOR)
    for statement in (
        "UPDATE access_datakey SET wrapped = NULL, destroyed_at = now()",
        "DELETE FROM access_datakey",
        "UPDATE access_dossier SET erased_at = now()",
        "INSERT INTO access_destruction SELECT gen_random_uuid(), id, unit_id, '[]', now(), 'x' FROM access_dossier",
    ):
        with pytest.raises(DatabaseError), acting(supervisor):
            world.rows(statement, using="default")
    assert live_keys(filed) == 4


# --- the task ------------------------------------------------------------------------------------------------------


def test_an_approval_puts_the_task_into_the_queue_with_an_id_and_nothing_else(world: World) -> None:
    filed = world.file(**TOLD)
    approve(world, filed)
    queued = "SELECT args->>'dossier_id', args - 'dossier_id' = '{}' FROM procrastinate_jobs WHERE task_name LIKE '%%.erase'"
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
    assert live_keys(filed) == 4


def test_a_job_for_one_dossier_leaves_the_others_whole(world: World) -> None:
    filed, other = world.file(**TOLD), world.file(**TOLD)
    approve(world, filed)
    ticket = tickets.sign(purpose="job_erasure", scope=filed.dossier.id, at=clock.now())
    with tickets.carry(ticket, using="worker"):
        with pytest.raises(Refused):
            erasure.erase(dossier_id=other.dossier.id, at=clock.now(), using="worker")
        assert erasure.erase(dossier_id=filed.dossier.id, at=clock.now(), using="worker")
    assert (live_keys(filed), live_keys(other)) == (0, 4)


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
    assert live_keys(filed) == 4
    recorded = destructions.read(record_of_destructions, keyring.current())
    ids = [line.dossier for line in recorded]
    assert world.rows("SELECT door.undestroyed(%s)", [ids], using="default") == [(1,)]
    assert erasure.replay(recorded=recorded, at=clock.now(), using="owner") == 1
    assert erasure.replay(recorded=recorded, at=clock.now(), using="owner") == 0
    assert live_keys(filed) == 0
    assert world.rows("SELECT door.undestroyed(%s)", [ids], using="default") == [(0,)]


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
