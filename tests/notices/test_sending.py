"""What leaves the application: one mail that tells nothing, at an hour that was chosen, to who may still be told."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connections
from procrastinate.contrib.django import app as tasks

from ruangaman.access.states import Role
from ruangaman.intake import jobs as intake_jobs
from ruangaman.kernel import clock
from ruangaman.notices import jobs, policies, sending
from ruangaman.notices.sending import ways
from ruangaman.notices.states import Kind
from tests.notices.test_telling import wall
from tests.notices.working import run, told, wish, working
from tests.worlds import World

HOUR = timedelta(hours=1)
JAKARTA = ZoneInfo("Asia/Jakarta")
SENT = "SELECT count(*) FROM notices_delivery WHERE sent_at IS NOT NULL"
GIVEN_UP = "SELECT count(*) FROM notices_delivery WHERE given_up_at IS NOT NULL"


class Broken:
    """A mail server that can't be reached."""

    def __init__(self, **_options: Any) -> None: ...

    def send_messages(self, messages: list[Any]) -> int:
        raise ConnectionRefusedError


def break_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruangaman.notices.sending.ways.get_connection", Broken)


def test_a_mail_says_that_something_waits_and_nothing_else(world: World) -> None:
    """Source: care.md 3: a neutral title; security.md 18: notices carry no content."""
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    told([officer], Kind.DANGER, dossier=filed.dossier.id)
    run()
    (sent,) = mail.outbox
    assert sent.to == [officer.email]
    assert sent.subject == "Informasi Layanan"
    assert sent.body == "Ada yang menunggu. Masuk ke sistem untuk melihatnya."
    assert sent.content_subtype == "plain" and sent.attachments == []
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    whole = sent.message().as_string()
    ids = [filed.dossier.id, officer.id, *(row[0] for row in world.rows("SELECT id FROM notices_notice"))]
    for word in [filed.reference, officer.name, "bahaya", "danger", "/berkas/", *map(str, ids)]:
        assert word not in whole, word


def test_a_mail_speaks_the_language_of_its_reader(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    world.rows("UPDATE access_user SET language = 'en' WHERE id = %s", [officer.id])
    told([officer])
    run()
    assert mail.outbox[0].body == ways.text("en")


def test_what_waits_for_one_person_goes_as_one_mail_and_never_again(world: World) -> None:
    officer, head = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    for number in range(5):
        told([officer, head], cause=f"clock:{number}")
    for _again in range(3):
        run(clock.now() + 24 * HOUR)
    assert sorted(one.to[0] for one in mail.outbox) == sorted([officer.email, head.email])
    assert world.rows(SENT) == [(10,)]
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 2


def test_what_comes_later_is_a_mail_of_its_own_name(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    for cause in ("a", "b"):
        told([officer], cause=cause)
        run()
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 2


def test_a_wall_raised_between_telling_and_sending_stops_the_mail(world: World) -> None:
    """Source: care.md, walls: also if walled between."""
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    told([officer], dossier=filed.dossier.id)
    with working():
        sending.plan(clock.now())
    wall(world, filed, officer.id)
    run()
    assert mail.outbox == []
    assert world.rows(GIVEN_UP) == [(1,)]


def test_a_wall_stops_only_what_it_is_about(world: World) -> None:
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    told([officer], cause="a", dossier=filed.dossier.id)
    told([officer], cause="b")
    wall(world, filed, officer.id)
    run()
    assert len(mail.outbox) == 1
    assert (world.rows(SENT), world.rows(GIVEN_UP)) == ([(1,)], [(1,)])


def test_what_was_read_or_whose_account_was_closed_is_not_sent(world: World) -> None:
    officer, head = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    told([officer, head])
    world.rows("UPDATE notices_notice SET read_at = now() WHERE person_id = %s", [officer.id])
    world.rows("UPDATE access_user SET is_active = false WHERE id = %s", [head.id])
    run()
    assert mail.outbox == []


def test_the_night_is_quiet_but_for_danger(world: World) -> None:
    """Source: issue 4: quiet hours except danger."""
    officer = world.person(Role.INTAKE_OFFICER)
    wish(world, officer, quiet_from=time(21), quiet_until=time(6))
    night = datetime(2026, 11, 22, 23, 30, tzinfo=JAKARTA)
    told([officer], Kind.CLOCK_LATE, cause="late", at=night)
    run(night)
    run(night + 6 * HOUR)
    assert mail.outbox == []
    told([officer], Kind.DANGER, cause="danger", at=night)
    run(night)
    assert len(mail.outbox) == 1
    run(night + timedelta(hours=6, minutes=30))
    assert len(mail.outbox) == 2


def test_who_chose_no_way_is_told_in_the_application_only_but_for_danger(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    wish(world, officer, by_mail=False)
    told([officer], Kind.NEW_REPORT, cause="a")
    run()
    assert mail.outbox == []
    assert world.rows("SELECT count(*) FROM notices_notice") == [(1,)]
    told([officer], Kind.NOT_BACK, cause="b")
    run()
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_is_asked_again_and_nothing_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)]
    told(people)
    now = clock.now()
    with monkeypatch.context() as patched:
        break_mail(patched)
        run(now)
        # One was tried; the other waits without an attempt counted against it.
        assert world.rows("SELECT tries FROM notices_delivery ORDER BY tries") == [(0,), (1,)]
        run(now + HOUR)
    run(now + 2 * HOUR)
    assert sorted(one.to[0] for one in mail.outbox) == sorted(person.email for person in people)


def test_an_envelope_keeps_its_name_and_its_notices_over_attempts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, now = world.person(Role.INTAKE_OFFICER), clock.now()
    told([officer], cause="first")
    with monkeypatch.context() as patched:
        break_mail(patched)
        run(now)
    ((name,),) = world.rows("SELECT envelope FROM notices_delivery")
    told([officer], cause="second")
    run(now + HOUR)
    assert len(mail.outbox) == 2
    assert f"<{name}@localhost>" in {one.extra_headers["Message-ID"] for one in mail.outbox}
    assert world.rows("SELECT count(DISTINCT envelope) FROM notices_delivery") == [(2,)]


def test_after_a_day_it_is_given_up_and_its_person_sees_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, now = world.person(Role.INTAKE_OFFICER), clock.now()
    told([officer])
    break_mail(monkeypatch)
    for hours in range(0, 60, 5):
        run(now + hours * HOUR)
    run(now + 70 * HOUR)
    assert world.rows("SELECT tries, sent_at FROM notices_delivery") == [(policies.MOST_TRIES, None)]
    assert world.rows(GIVEN_UP) == [(1,)]
    page = world.client(officer).get("/pemberitahuan/").content.decode()
    assert "Surelnya tidak dapat dikirim" in page


def test_one_address_that_is_refused_keeps_no_other_from_its_mail(world: World) -> None:
    bad, good = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    world.rows("UPDATE access_user SET email = %s WHERE id = %s", ["a\nBcc: lain@contoh.example", bad.id])
    told([bad], cause="first")
    told([good], cause="second")
    run()
    assert [one.to for one in mail.outbox] == [[good.email]]


def test_an_attempt_that_died_is_taken_up_when_its_time_has_passed_and_not_before(world: World) -> None:
    officer, now = world.person(Role.INTAKE_OFFICER), clock.now()
    told([officer])
    with working():
        sending.plan(now)
        sending._claim(now, set())  # and then the worker is killed
    run(now + timedelta(seconds=30))
    assert mail.outbox == []
    run(now + policies.FIRST_WAIT)
    assert len(mail.outbox) == 1


def test_the_task_carries_no_id_of_anybody_and_sends(world: World) -> None:
    told([world.person(Role.HEAD)])
    with working():
        jobs.send(timestamp=0)
    assert len(mail.outbox) == 1
    assert tasks.tasks["notices.send"] is jobs.send


def test_what_is_older_than_was_promised_is_forgotten(world: World) -> None:
    """Source: policy/data.yaml, retention notice: 90 days."""
    officer, now = world.person(Role.INTAKE_OFFICER), clock.now()
    told([officer], cause="old", at=now - timedelta(days=91))
    told([officer], cause="new", at=now - timedelta(days=89))
    run()
    with working():
        jobs.forget(timestamp=int(now.timestamp()))
    assert world.rows("SELECT cause FROM notices_notice") == [("new",)]
    assert world.rows("SELECT count(*) FROM notices_delivery") == [(1,)]


@pytest.mark.parametrize(("told_danger", "kind"), [("yes", "danger"), ("", "new_report")])
def test_a_new_report_is_told_to_intake_and_supervisors_who_are_not_walled(
    world: World, told_danger: str, kind: str
) -> None:
    officer, supervisor = world.person(Role.INTAKE_OFFICER), world.person(Role.SUPERVISOR)
    walled = world.person(Role.INTAKE_OFFICER, tag="walled")
    for role, where in (
        (Role.HEAD, None),
        (Role.COMPANION, None),
        (Role.ADMINISTRATOR, None),
        (Role.INTAKE_OFFICER, world.other),
    ):
        world.person(role, where)
    world.rows(
        "UPDATE access_organisation SET mailbox = 'unit@contoh.example' WHERE id = %s", [world.unit.id]
    )
    filed = world.file(danger_now=told_danger)
    wall(world, filed, walled.id)
    for _again in range(2):
        with working():
            intake_jobs.announce(str(filed.dossier.id))
    found = world.rows("SELECT person_id, kind, dossier_id FROM notices_notice ORDER BY person_id")
    assert found == sorted((person.id, kind, filed.dossier.id) for person in (officer, supervisor))
    assert [one.to for one in mail.outbox] == [["unit@contoh.example"]] * 2
    connections["worker"].close()
