"""What the unit sees that takes over a report about staff of another one; what happens where no unit does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from ruangaman.access.models import Organisation, User, Wall
from ruangaman.access.queries import key_of
from ruangaman.access.states import OrganisationKind, Role, Section
from ruangaman.config import doctor
from ruangaman.intake import queries
from ruangaman.intake.models import Report, Thread, Transfer
from ruangaman.intake.queries import about_staff as about_staff_queries
from ruangaman.intake.states import Channel, Means, Triage
from ruangaman.intake.states.handling import PassBasis, TransferState
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.access.filled import tried
from tests.intake.handing_on import STORY, every_minute, file, hand_on, late, named
from tests.intake.joining import answered, send
from tests.intake.later_names import compare
from tests.intake.test_about_staff import about_staff
from tests.intake.test_joining import word_of
from tests.intake.test_thread import with_code
from tests.worlds import World, acting


@pytest.fixture
def officer(world: World) -> User:
    return world.person(Role.INTAKE_OFFICER)


@pytest.fixture
def there(world: World) -> User:
    """The supervisor of the other unit."""
    return named(world, Role.SUPERVISOR, "Ratih Kusumadewi", world.other)


# --- what the taking unit sees --------------------------------------------------------------------------------------


def test_what_is_needed_goes_along_and_nothing_opens_before_it_is_taken(world: World, there: User) -> None:
    filed = file(world, "Bambang Prasetyo")
    sent = hand_on(filed)
    assert sent is not None
    browser = world.client(there)
    page = browser.get(f"/rujukan-daerah/{sent.id}/").content.decode()
    for hidden in (STORY, "Bambang", "0812-0001", "Nama Pelapor", filed.reference):
        assert hidden not in page
    assert "Unit Uji" in page
    assert "Jangan bicarakan dengan unit pengirim" in page
    answer = browser.post(f"/rujukan-daerah/{sent.id}/", {"decision": "accept", "answer": ""})
    assert answer.status_code == 302, answer.content.decode()
    report = Report.objects.using("owner").get(unit=world.other)
    assert (report.about_staff, report.reporter_kind, report.channel) == (True, "victim", Channel.REGION)
    with acting(there):
        viewer = world.viewer(there)
        key = key_of(report.dossier_id, Section.NARRATIVE)
        assert queries.story_of(viewer, report.dossier_id, key) == STORY
        assert about_staff_queries.accused_in(report.dossier_id, key) == "Bambang Prasetyo"
    whole = browser.get(answer.headers["Location"])
    opened = browser.post(f"/laporan/{whole.context['dossier']['reference']}/kontak/buka/")
    assert "0812-0001" not in whole.content.decode() and "0812-0001" in opened.content.decode()
    left = Report.objects.using("owner").get(unit=world.unit)
    assert left.triage == Triage.OTHER_REGION
    running = "SELECT count(*) FROM clocks_clock WHERE dossier_id = %s AND ended_at IS NULL"
    assert world.rows(running, [left.dossier_id]) == [(0,)]


def test_care_7_a_number_that_is_not_safe_any_more_goes_nowhere(world: World, there: User) -> None:
    filed = file(world)
    world.rows("UPDATE intake_safecontact SET doubted_at = now()")
    sent = hand_on(filed)
    assert sent is not None
    made = answered(world, sent, accept=True, by=there)
    assert made is not None
    with acting(there):
        contact = queries.contact_of(world.viewer(there), made.id, key_of(made.id, Section.REPORTER))
    assert contact is not None
    assert (contact["phone"], contact["means"]) == (None, Means.CODE.label)


def test_only_who_is_of_rank_there_and_not_meant_sees_and_takes_it(world: World, there: User) -> None:
    """The accused has a colleague of the same name there, or works in both units."""
    alike = named(world, Role.HEAD, "Bambang Prasetyo", world.other)
    officer = world.person(Role.INTAKE_OFFICER, world.other)
    both = world.person(Role.COMPANION)
    world.seat(both, world.other, Role.HEAD)
    filed = file(world, "Bambang Prasetyo")
    sent = hand_on(filed)
    assert sent is not None
    for person in (alike, officer, both):
        with acting(person):
            assert tried("SELECT id FROM intake_transfer") == []
            assert tried("SELECT door.answer_transfer(%s, true, NULL, %s)", [sent.id, uuid4()]) == [(False,)]
        assert world.client(person).get(f"/rujukan-daerah/{sent.id}/").status_code == 404
    assert world.rows("SELECT person_id FROM notices_notice WHERE kind = 'transfer'") == [(there.id,)]
    made = answered(world, sent, accept=True, by=there)
    assert made is not None
    walled = set(Wall.objects.using("owner").filter(dossier_id=made.id).values_list("person_id", flat=True))
    assert walled == {alike.id, officer.id, both.id}
    assert world.client(there).get(f"/berkas/{made.reference}/").status_code == 200
    assert world.client(officer).get(f"/berkas/{made.reference}/").status_code == 404


def test_the_code_opens_the_same_conversation_and_the_other_unit_answers_in_it(
    world: World, there: User
) -> None:
    """care.md 1 and 4: who reports reads the same three words, and learns of no other unit."""
    filed = file(world)
    assert word_of(filed) == "Diterima"
    sent = hand_on(filed)
    assert sent is not None
    assert word_of(filed) == "Diterima"
    assert "Unit Lain" not in with_code(filed).get("/cek/").content.decode()
    made = answered(world, sent, accept=True, by=there)
    assert made is not None
    thread = Thread.objects.using("owner").get(locator__isnull=False)
    assert (thread.dossier_id, thread.unit_id) == (made.id, world.other.id)
    assert not Thread.objects.using("owner").filter(dossier_id=filed.dossier.id).exists()
    answer = world.client(there).post(
        f"/laporan/{made.reference}/jawab/", {"message_id": str(new_id()), "body": "Kami membaca laporanmu."}
    )
    assert answer.status_code == 302, answer.content.decode()
    page = with_code(filed).get("/cek/").content.decode()
    assert "Kami membaca laporanmu." in page
    assert "Unit Lain" not in page
    assert word_of(filed) == "Sedang ditangani"


def test_nobody_takes_over_the_conversation_of_a_report_they_did_not_take(world: World, there: User) -> None:
    filed = file(world)
    sent = hand_on(filed)
    assert sent is not None
    other = world.person(Role.HEAD, world.other)
    with acting(there):
        assert tried("SELECT door.take_over(%s)", [sent.id]) == [(False,)]
    answered(world, sent, accept=True, by=there)
    with acting(other):
        assert tried("SELECT door.take_over(%s)", [sent.id]) == [(False,)]


def test_a_file_of_the_conversation_is_read_where_it_is_answered(world: World, there: User) -> None:
    filed = file(world)
    world.rows(
        "INSERT INTO papers_paper (id, dossier_id, unit_id, stage, section, kind, origin, is_evidence, state, key_id, "
        "content_type, size, pieces, pages, scan, added_at, kept_at) SELECT gen_random_uuid(), k.dossier_id, "
        "k.unit_id, k.stage, 'thread', 'other', 'reporter', false, 'kept', k.id, 'image/png', 10, 1, 0, 'clean', "
        "now(), now() "
        "FROM access_datakey k WHERE k.dossier_id = %s AND k.section = 'thread'",
        [filed.dossier.id],
    )
    sent = hand_on(filed)
    assert sent is not None
    made = answered(world, sent, accept=True, by=there)
    assert made is not None
    with acting(there):
        assert tried("SELECT dossier_id FROM papers_paper") == [(made.id,)]
        back = "UPDATE papers_paper SET dossier_id = %s, unit_id = %s"
        assert tried(back, [filed.dossier.id, world.unit.id]) is None, (
            "no statement of the web itself moves one"
        )


# --- when it is not taken -------------------------------------------------------------------------------------------


def test_who_says_no_or_nothing_is_followed_by_the_next(world: World, there: User) -> None:
    third = world.organisation(OrganisationKind.UNIT, "Unit Ketiga", "73.71")
    world.person(Role.HEAD, third)
    filed = file(world)
    first = hand_on(filed)
    assert first is not None
    assert first.to_unit_id == world.other.id
    with pytest.raises(Refused):
        answered(world, first, accept=False, by=there)
    answered(world, first, accept=False, by=there, answer="Kami mengenal orang itu.")
    every_minute()
    second = Transfer.objects.using("owner").get(state=TransferState.SENT)
    assert second.to_unit_id == third.id
    with acting(there):
        assert tried("SELECT id FROM intake_transfer WHERE state = 'sent'") == []
    late(world, second)
    every_minute()
    second.refresh_from_db()
    assert second.state == TransferState.SENT, "late, and nobody else to ask: it goes on waiting"


def test_an_answer_that_is_late_is_waited_for_no_longer_where_another_can_be_asked(
    world: World, there: User
) -> None:
    file(world)
    every_minute()
    first = Transfer.objects.using("owner").get()
    third = world.organisation(OrganisationKind.UNIT, "Unit Ketiga", "73.71")
    world.person(Role.HEAD, third)
    every_minute()
    assert Transfer.objects.using("owner").count() == 1
    late(world, first)
    every_minute()
    first.refresh_from_db()
    assert (first.state, first.parcel) == (TransferState.TAKEN_BACK, None)
    assert Transfer.objects.using("owner").get(state=TransferState.SENT).to_unit_id == third.id


def test_in_danger_an_hour_is_late(world: World, there: User) -> None:
    filed = file(world, danger_now=True)
    first = hand_on(filed)
    assert first is not None
    assert first.danger_now
    third = world.organisation(OrganisationKind.UNIT, "Unit Ketiga", "73.71")
    world.person(Role.HEAD, third)
    every_minute()
    assert Transfer.objects.using("owner").count() == 1
    ago = clock.now() - timedelta(minutes=61)
    Transfer.objects.using("owner").filter(id=first.id).update(sent_at=ago)
    every_minute()
    assert Transfer.objects.using("owner").get(state=TransferState.SENT).to_unit_id == third.id


def test_where_no_unit_is_left_the_highest_administrators_are_told_that_somebody_is_missing(
    world: World, officer: User, server: Any
) -> None:
    country = world.organisation(OrganisationKind.PROVINCE, "Provinsi Uji", "31")
    Organisation.objects.using("owner").filter(id=world.unit.id).update(parent=country)
    highest = named(world, Role.ADMINISTRATOR, "Sri Wahyuni", country)
    alike = named(world, Role.ADMINISTRATOR, "Bambang Prasetyo", country)
    lower = world.person(Role.ADMINISTRATOR)
    filed = file(world, "Bambang Prasetyo")
    every_minute()
    every_minute()
    told = world.rows("SELECT person_id, kind, dossier_id FROM notices_notice WHERE kind = 'no_reader'")
    assert told == [(highest.id, "no_reader", None)]
    assert "somebody may read" in doctor.check_readers(server.owner_url), "in the first minutes"
    world.rows("UPDATE intake_report SET received_at = received_at - interval '11 minutes'")
    with pytest.raises(doctor.Refusal, match="Unit Uji") as red:
        doctor.check_readers(server.owner_url)
    assert filed.reference not in str(red.value)
    notice = world.client(highest).get("/pemberitahuan/").content.decode()
    assert "/laporan/tanpa-pembaca/" in notice
    page = world.client(highest).get("/laporan/tanpa-pembaca/").content.decode()
    assert "Unit Uji" in page
    assert filed.reference not in page
    assert world.client(officer).get("/laporan/tanpa-pembaca/").status_code in (403, 404)
    for person in (alike, lower):
        assert (
            "<li><strong>Unit Uji" not in world.client(person).get("/laporan/tanpa-pembaca/").content.decode()
        )
    for person in (alike, lower, officer):
        with acting(person):
            assert tried("SELECT * FROM door.units_without_reader()") == []
    assert world.client(highest).get(f"/berkas/{filed.reference}/").status_code == 404
    with acting(highest):
        for table in ("intake_report", "intake_transfer", "access_dossier"):
            assert tried(f"SELECT 1 FROM {table}") == []
    supervisor = world.person(Role.SUPERVISOR)
    compare()
    assert world.client(supervisor).get(f"/berkas/{filed.reference}/").status_code == 200
    assert "<li><strong>Unit Uji" not in world.client(highest).get("/laporan/tanpa-pembaca/").content.decode()
    assert "somebody may read" in doctor.check_readers(server.owner_url)


# --- the worker's part ----------------------------------------------------------------------------------------------


def test_the_task_opens_no_report_that_somebody_may_read_nor_another_one(world: World, there: User) -> None:
    unread = file(world)
    ask = "SELECT door.job_unread_report(%s)"
    for scope, purpose in (
        (unread.dossier.id, "job_announcement"),
        (unread.dossier.id, "job_erasure"),
        (uuid4(), "job_handing_on"),
    ):
        with acting(purpose=purpose, scope=scope, using="worker"):
            assert tried(ask, [unread.dossier.id], using="worker") == [(None,)]
            assert tried("SELECT * FROM door.job_seniors()", using="worker") == []
    with acting(purpose="job_handing_on", scope=unread.dossier.id, using="worker"):
        assert tried(ask, [unread.dossier.id], using="worker") != [(None,)]
        assert tried("SELECT 1 FROM intake_story", using="worker") == []
    with acting(there):
        assert tried(ask, [unread.dossier.id]) is None
    world.person(Role.HEAD)
    with acting(purpose="job_handing_on", scope=unread.dossier.id, using="worker"):
        assert tried(ask, [unread.dossier.id], using="worker") == [(None,)]


def test_nobody_sends_in_the_system_s_name(world: World, officer: User, there: User) -> None:
    filed = world.file()
    with pytest.raises(Refused, match="atas dasar apa"):
        send(world, filed, basis=PassBasis.UNREAD)
    page = world.client(officer).get(f"/laporan/{filed.reference}/rujuk-daerah/").content.decode()
    assert 'value="unread"' not in page


def test_a_supervisor_who_hands_such_a_report_over_takes_the_walls_along(world: World, there: User) -> None:
    """What is about staff here is about staff there, also where a person chose the unit."""
    alike = named(world, Role.SUPERVISOR, "Bambang Prasetyo", world.other)
    supervisor = world.person(Role.SUPERVISOR)
    filed = about_staff(world, "Bambang Prasetyo")
    transfer = send(world, filed, by=supervisor)
    assert Transfer.objects.using("owner").get().about_staff
    with acting(alike):
        assert tried("SELECT id FROM intake_transfer") == []
    made = answered(world, transfer, accept=True, by=there)
    assert made is not None
    assert Report.objects.using("owner").get(dossier_id=made.id).about_staff
    assert world.client(alike).get(f"/berkas/{made.reference}/").status_code == 404
    thread = Thread.objects.using("owner").get(locator__isnull=False)
    assert thread.dossier_id == filed.dossier.id, "its own unit may read it, so the reporter is answered here"
