"""A report by the public pages: what is kept, where, under which ticket, and who sees it afterwards."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import connections
from django.test import Client

from ruangaman.access.models import Dossier
from ruangaman.access.queries import key_of, keys_of
from ruangaman.access.states import Role, Section
from ruangaman.intake import jobs, policies, queries
from ruangaman.intake.actions import receiving
from ruangaman.intake.models import Report, SafeContact, Story, Thread
from ruangaman.intake.states import Means, PublicStatus, ReporterKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from tests.access.filled import ANSWERS, OTHER, fill, tried, write_as_reporter
from tests.notices.working import working
from tests.worlds import Filed, World, acting


def walk(browser: Client, **answers: str) -> None:
    """The form from its first page to the receipt, as a browser without script sends it."""
    given = {
        "reporter_kind": "victim",
        "danger_now": "no",
        "story": "Cerita dari formulir.",
        "place": "31.73.01",
        **answers,
    }
    steps = ["about", "what", "where", "reach", *(["contact"] if "means" in answers else [])]
    for step in steps:
        answer = browser.post("/lapor/", {"step": step, "go": "next", **given})
        assert answer.status_code == 303, (step, answer.content)
    answer = browser.post("/lapor/", {"step": "check", "go": "next"})
    assert answer.status_code == 200 and "Laporanmu sudah kami terima" in answer.content.decode()


def test_a_report_goes_from_the_form_to_the_unit_that_serves_its_place(world: World) -> None:
    browser = world.client()
    walk(browser, name="Sulastri", phone="0812-0000", means="text")
    assert browser.get("/lapor/").status_code == 200
    report = Report.objects.using("owner").get()
    assert (report.unit_id, report.stage, report.reporter_kind) == (world.unit.id, "intake", "victim")
    walk(world.client(), place="32.76")
    assert set(Report.objects.using("owner").values_list("unit_id", flat=True)) == {
        world.unit.id,
        world.other.id,
    }


def test_a_report_without_a_place_goes_to_the_unit_of_the_widest_area(world: World) -> None:
    walk(world.client(), place="")
    assert Report.objects.using("owner").get().unit_id == world.unit.id


def test_the_unit_of_the_smallest_area_comes_before_that_of_the_whole_province(world: World) -> None:
    near = world.organisation("unit", "Unit Kecamatan", "31.73")
    assert queries.unit_for("31.73.01") == near
    assert queries.unit_for("31.01") == world.unit
    assert queries.unit_for("") in (world.unit, near)


def test_where_there_is_no_unit_at_all_none_is_named(owner: None) -> None:
    assert queries.unit_for("31") is None


def test_nothing_of_a_report_stands_in_clear(world: World) -> None:
    world.file(**ANSWERS, story="Ia memukul dengan sendok kayu.")
    told = "".join(
        row[0]
        for table in (
            "intake_story",
            "intake_safecontact",
            "people_person",
            "people_nametoken",
            "intake_thread",
        )
        for row in world.rows(f"SELECT to_jsonb(t)::text FROM {table} t")
    )
    for said in ("sendok", "Sulastri", "Anggraini", "0812", "Senin"):
        assert said not in told
        assert said.encode().hex() not in told


def test_a_report_keeps_no_address_and_no_browser(world: World) -> None:
    browser = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Peramban Rekaan")
    walk(browser)
    tables = world.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    for (table,) in tables:
        for (row,) in world.rows(f'SELECT to_jsonb(t)::text FROM "{table}" t'):
            assert "203.0.113.77" not in row, table
            assert "Peramban Rekaan" not in row, table


def test_who_files_a_report_can_not_read_it_back_with_the_ticket_of_filing(world: World) -> None:
    filed = fill(world)
    with acting(purpose="filing", scope=filed.dossier.id):
        for table in ("access_dossier", "intake_report", "intake_story", "intake_thread", "access_datakey"):
            assert tried(f"SELECT * FROM {table}") == [], table


def test_the_ticket_of_filing_makes_no_other_dossier(world: World) -> None:
    with acting(purpose="filing", scope=new_id()):
        assert tried(
            "INSERT INTO access_dossier (id, unit_id, stage, reference, opened_at) "
            "VALUES (gen_random_uuid(), %s, 'intake', 'RA-X', now())", [world.unit.id]
        ) is None  # fmt: skip


def test_only_what_was_given_is_kept(world: World) -> None:
    world.file()
    assert not SafeContact.objects.using("owner").exists()
    assert world.rows("SELECT count(*) FROM people_person") == [(0,)]
    assert {row[0] for row in world.rows("SELECT section FROM access_datakey")} == {"narrative", "thread"}


def test_each_section_has_a_key_of_its_own_and_none_opens_another(world: World) -> None:
    filed = world.file(**ANSWERS)
    with acting(world.person(Role.HEAD)):
        story, contact = Story.objects.get(), SafeContact.objects.get()
        keys = {
            s: keys_of([filed.dossier.id], s)[filed.dossier.id] for s in ("narrative", "reporter", "thread")
        }
        assert unseal(story, "text", keys["narrative"]) == "Cerita rekaan untuk uji."
        for section in ("reporter", "thread"):
            with pytest.raises(Unreadable):
                unseal(story, "text", keys[section])
        contact.hours, contact.phone = contact.phone, contact.hours
        with pytest.raises(Unreadable):
            unseal(contact, "phone", keys["reporter"])


def test_the_unit_reads_what_was_told_and_another_unit_reads_nothing(world: World) -> None:
    filed = world.file(**ANSWERS)
    head = world.person(Role.HEAD)
    with acting(head):
        viewer = world.viewer(head)
        report = queries.report_of(viewer, filed.dossier.id)
        assert report is not None
        assert (report.reporter_kind, report.danger_now) == (ReporterKind.PUBLIC, True)
        keys = {s: key_of(filed.dossier.id, s) for s in (Section.NARRATIVE, Section.REPORTER)}
        told = queries.story_of(viewer, filed.dossier.id, keys[Section.NARRATIVE])
        assert told == "Cerita rekaan untuk uji."
        contact = queries.contact_of(viewer, filed.dossier.id, keys[Section.REPORTER])
        assert contact == {
            "means": Means.CALL.label,
            "never_call": False,
            "phone": "0812-0000-1111",
            "hours": "Senin pagi",
            "doubted": False,
            "by_thread": False,
            "hers_instead": False,
        }
    stranger = world.person(Role.HEAD, world.other)
    with acting(stranger):
        viewer = world.viewer(stranger)
        assert queries.report_of(viewer, filed.dossier.id) is None
        for section in Section.values:
            assert key_of(filed.dossier.id, section) is None
        # Not even with the keys in hand: the rows themselves are absent.
        assert queries.story_of(viewer, filed.dossier.id, keys[Section.NARRATIVE]) is None
        assert queries.contact_of(viewer, filed.dossier.id, keys[Section.REPORTER]) is None
        assert queries.thread_of(viewer, filed.dossier.id, keys[Section.NARRATIVE]) == []


def test_another_units_officer_meets_nothing_and_the_attempt_is_recorded(world: World) -> None:
    filed = world.file(**ANSWERS)
    stranger = world.person(Role.HEAD, world.other)
    browser = world.client(stranger)
    assert filed.reference not in browser.get("/laporan/").content.decode()
    for address in (f"/berkas/{filed.reference}/", "/berkas/RA-0000-0000/"):
        assert browser.get(address).status_code == 404
    for address in (f"/orang/{filed.reference}/buka/", f"/laporan/{filed.reference}/jawab/"):
        assert browser.post(address, {"body": "x"}).status_code == 404
    told = world.rows(
        "SELECT dossier_id, unit_id FROM ledger_entry WHERE verb = 'refused' AND actor_id = %s ORDER BY id",
        [stranger.id],
    )
    assert told.count((filed.dossier.id, world.unit.id)) == 3
    assert told.count((None, None)) == 1


def test_the_list_shows_reference_and_initials_and_no_name(world: World) -> None:
    filed = world.file(**ANSWERS)
    page = world.client(world.person(Role.HEAD)).get("/laporan/").content.decode()
    assert filed.reference in page
    assert "S. A." in page
    assert "Sulastri" not in page


def test_the_list_goes_on_where_the_last_page_ended(world: World) -> None:
    now = clock.now()
    filed = [world.file(at=now - timedelta(minutes=n)) for n in range(5)]
    head = world.person(Role.HEAD)
    assert paged(world, head, now) == [f.dossier.id for f in filed]


def test_a_list_by_grants_goes_on_where_the_last_page_ended(world: World) -> None:
    now, companion = clock.now(), world.person(Role.COMPANION)
    filed = [world.file(place=OTHER) for _ in range(5)]
    for number, one in enumerate(filed):
        for section in (Section.FILE, Section.ADMINISTRATION):
            world.grant(one, companion.id, section)
        world.rows(
            "UPDATE access_grant SET given_at = given_at + make_interval(mins => %s) WHERE dossier_id = %s",
            [-number, one.dossier.id],
        )
    assert paged(world, companion, now) == [f.dossier.id for f in filed]
    world.rows("UPDATE access_grant SET withdrawn_at = now() WHERE dossier_id = %s", [filed[0].dossier.id])
    world.rows("UPDATE access_grant SET until = now() WHERE dossier_id = %s", [filed[1].dossier.id])
    assert paged(world, companion, clock.now()) == [f.dossier.id for f in filed[2:]]


def paged(world: World, person: object, at: datetime) -> list[object]:
    found, before = [], None
    with acting(person):  # type: ignore[arg-type]
        while True:
            page = queries.reports(world.viewer(person), before=before, at=at, size=2)  # type: ignore[arg-type]
            found += [row.dossier_id for row in page.rows]
            if not page.older:
                return found
            moment, _sign, row = page.older.partition("~")
            before = (datetime.fromisoformat(moment), UUID(row))


def test_reports_that_wait_are_counted_for_who_may_answer_them(world: World) -> None:
    for _ in range(3):
        world.file()
    for role, most, count in (
        (Role.HEAD, 100, 3),
        (Role.INTAKE_OFFICER, 2, 2),
        (Role.COMPANION, 100, 0),
        (Role.ANALYST, 100, 0),
    ):
        person = world.person(role)
        with acting(person):
            assert queries.count_unanswered(world.viewer(person), most) == count, role


# --- the task that tells the unit -------------------------------------------------------------------------------------


def announce_as_worker(filed: Filed) -> None:
    """Run the task as the worker runs it: over the worker's own connection."""
    web = connections["default"]
    connections["default"] = connections["worker"]
    try:
        jobs.announce(str(filed.dossier.id))
    finally:
        connections["default"] = web


def test_the_unit_is_told_that_a_report_waits_and_nothing_else(world: World, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    mail.outbox = []
    filed = world.file(**ANSWERS)
    announce_as_worker(filed)
    assert mail.outbox == []
    world.rows("UPDATE access_organisation SET mailbox = 'unit@unit.example' WHERE id = %s", [world.unit.id])
    announce_as_worker(filed)
    sent = mail.outbox[0]
    assert sent.to == ["unit@unit.example"]
    for said in (filed.reference, "Sulastri", "31.73", "Cerita", str(filed.dossier.id)):
        assert said not in sent.subject + sent.body


def test_a_task_carries_ids_only(world: World) -> None:
    filed = world.file(**ANSWERS)
    rows = world.rows(
        "SELECT args->>'dossier_id', (SELECT count(*) FROM jsonb_object_keys(args)) "
        "FROM procrastinate_jobs WHERE task_name = 'intake.announce'"
    )
    assert rows == [(str(filed.dossier.id), 1)]


def test_what_a_reporter_writes_is_told_to_who_works_on_the_file_and_to_nobody_else(world: World) -> None:
    filed, companion = world.file(), world.person(Role.COMPANION)
    officer, walled = world.person(Role.INTAKE_OFFICER), world.person(Role.INTAKE_OFFICER, tag="-tembok")
    world.grant(filed, companion.id, "thread", writes=True)
    world.person(Role.SUPERVISOR), world.person(Role.COMPANION, tag="-lain")
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier",
        [walled.id],
    )
    message = write_as_reporter(filed, "Apakah sudah dibaca?")
    queued = world.rows("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'intake.pass_on'")
    assert queued == [(f'{{"dossier_id": "{filed.dossier.id}", "message_id": "{message}"}}',)]
    with working():
        for _twice in range(2):
            jobs.pass_on(str(filed.dossier.id), str(message))
    told = world.rows("SELECT person_id, kind FROM notices_notice WHERE kind = 'message' ORDER BY 1")
    assert told == sorted([(officer.id, "message"), (companion.id, "message")])


def test_a_report_that_has_moved_on_is_announced_no_more(world: World, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    mail.outbox = []
    world.rows("UPDATE access_organisation SET mailbox = 'unit@unit.example'")
    filed = world.file()
    world.move(filed, "case")
    announce_as_worker(filed)
    assert mail.outbox == []


# --- rules ------------------------------------------------------------------------------------------------------------


def test_only_a_report_that_is_done_takes_no_more_messages() -> None:
    for status in (PublicStatus.RECEIVED, PublicStatus.IN_PROGRESS):
        policies.check_can_write(status)
    with pytest.raises(Refused, match="112"):
        policies.check_can_write(PublicStatus.DONE)


def test_a_report_that_can_not_be_written_whole_is_not_written_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_values: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(receiving, "seal_person", fail)
    with pytest.raises(ZeroDivisionError):
        world.file(**ANSWERS)
    for model in (Dossier, Report, Story, Thread):
        assert not model.objects.using("owner").exists()
    assert world.rows("SELECT count(*) FROM ledger_entry") == [(0,)]
    assert world.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
