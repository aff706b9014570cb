"""What a partner's application hands over: once each number, with an answer that can be asked for again."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.intake import jobs
from ruangaman.intake.actions import ways as actions
from ruangaman.intake.models import Delivery, Report, SafeContact, Story
from ruangaman.intake.policies import delivering as policies
from ruangaman.intake.states import Channel, ReporterKind
from ruangaman.kernel import clock
from ruangaman.kernel.codes import new_code, read_code
from ruangaman.ledger.states import ActorKind, Verb
from tests.access.erasing import approve, carry_out
from tests.intake.applications import REPORTS, STORY, Application, application, reports, told, way
from tests.notices.working import working
from tests.worlds import Filed, World, acting


@pytest.fixture
def app(world: World) -> Application:
    return application(world)


def test_a_report_is_handed_over_with_seven_words_for_who_reports(world: World, app: Application) -> None:
    answer = app.send(told(danger_now=True, place="31.73.01", for_whom="child", reporter={"kind": "public"}))
    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/json"
    given = answer.json()
    assert given.keys() == {"number", "status", "code", "what_next"}
    assert (given["number"], given["status"]) == ("JA-1", "received")
    assert "112" in given["what_next"]
    assert len(given["code"]) == 7
    read_code(" ".join(given["code"]))
    report = Report.objects.using("owner").get()
    assert (report.unit_id, report.channel, report.way_id) == (world.unit.id, Channel.APP, app.way.id)
    assert (report.reporter_kind, report.for_whom, report.place_id) == ("public", "child", "31.73.01")
    assert report.danger_now and not report.in_flood and report.taken_by_id is None
    entry = world.rows(
        "SELECT actor_kind, actor_id, fields_named FROM ledger_entry WHERE verb = %s", [Verb.REPORT_RECEIVED]
    )
    assert entry == [(ActorKind.APP, None, ["app"])]


def test_its_reporter_reads_the_answer_with_those_words(world: World, app: Application) -> None:
    words = app.send(told()).json()["code"]
    client = Client()
    page = client.post("/cek/", {"code": " ".join(words)}, follow=True)
    assert page.status_code == 200
    assert "Diterima" in page.content.decode()


def test_what_was_told_is_sealed_and_reaches_who_answers(world: World, app: Application) -> None:
    reporter = {
        "name": "Sulastri Rekaan", "means": "call", "phone": "0812-0000-1111", "weekdays": ["monday", "friday"],
        "from_time": "09:00", "until_time": "11:30", "code_word": "katalog", "never_call": False,
    }  # fmt: skip
    app.send(told(reporter=reporter))
    contact = SafeContact.objects.using("owner").get()
    assert (contact.weekdays, str(contact.from_time), str(contact.until_time)) == (17, "09:00:00", "11:30:00")
    rows = str(
        world.rows(
            "SELECT s.text, c.phone, d.number FROM intake_story s, intake_safecontact c, intake_delivery d"
        )
    )
    for plain in (STORY, "0812-0000-1111", "katalog", "JA-1"):
        assert plain not in rows and plain.encode().hex() not in rows
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    reference = world.rows("SELECT reference FROM access_dossier")[0][0]
    page = officer.get(f"/berkas/{reference}/").content.decode()
    assert STORY in page and "0812-0000-1111" not in page
    opened = officer.post(f"/laporan/{reference}/kontak/buka/").content.decode()
    assert "0812-0000-1111" in opened and "katalog" in opened


def test_the_same_again_is_answered_the_same_and_makes_no_second_report(
    world: World, app: Application
) -> None:
    first, again = app.send(told()), app.send(told())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(reports(world)) == 1


def test_the_order_of_names_and_the_blanks_around_a_text_make_no_other_report(
    world: World, app: Application
) -> None:
    first = app.send(told())
    turned = {name: told()[name] for name in reversed(told())}
    again = app.send(json.dumps(turned | {"story": f" {STORY}\r\n"}, indent=3))
    assert again.status_code == 200 and again.json() == first.json()


def test_the_same_number_with_another_content_is_refused_and_nothing_is_lost(
    world: World, app: Application
) -> None:
    app.send(told())
    other = app.send(told(story="Cerita lain."))
    assert other.status_code == 409
    assert other["Content-Type"] == "application/problem+json"
    assert len(reports(world)) == 1
    assert app.send(told()).status_code == 200


def test_thirty_retries_at_the_same_moment_make_one_report(world: World, app: Application) -> None:
    def send(_turn: int) -> tuple[int, str]:
        try:
            answer = app.send(told())
            return answer.status_code, " ".join(answer.json()["code"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(30)))
    assert sorted(status for status, _code in answers) == [200] * 29 + [201]
    assert len({code for _status, code in answers}) == 1
    assert len(reports(world)) == 1


def test_after_a_day_the_code_is_no_longer_given_and_then_gone(world: World, app: Application) -> None:
    app.send(told())
    world.rows("UPDATE intake_delivery SET receipt_until = now() - interval '1 second'")
    again = app.send(told())
    assert again.status_code == 200
    assert again.json()["code"] is None
    with working():
        jobs.forget_codes(0)
    assert world.rows("SELECT receipt FROM intake_delivery") == [(None,)]


def test_a_receipt_is_kept_for_a_day(world: World, app: Application) -> None:
    before = clock.now()
    app.send(told())
    until = Delivery.objects.using("owner").get().receipt_until
    assert before + timedelta(hours=24) <= until <= clock.now() + timedelta(hours=24)


def test_another_key_of_the_same_way_sees_the_number_and_not_the_code(world: World, app: Application) -> None:
    app.send(told())
    second = application(world, app.way)
    again = second.send(told())
    assert again.status_code == 200
    assert again.json()["code"] is None


def test_status_is_one_of_three_words_and_nothing_else(world: World, app: Application) -> None:
    app.send(told())
    assert app.ask("JA-1").json() == {"number": "JA-1", "status": "received"}
    dossier = reports(world)[0]
    for word in ("in_progress", "done"):
        world.rows("UPDATE intake_thread SET status = %s WHERE dossier_id = %s", [word, dossier])
        assert app.ask("JA-1").json() == {"number": "JA-1", "status": word}


def test_a_number_of_another_application_reads_like_one_that_is_nowhere(
    world: World, app: Application
) -> None:
    app.send(told())
    stranger = application(world, name="Aplikasi lain")
    elsewhere = application(world, name="Depok Aman", unit=world.other)
    for other in (stranger, elsewhere):
        there, nowhere = other.ask("JA-1"), other.ask("JA-2")
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content
        assert other.send(told()).status_code == 201  # the same number of another way is another report
    assert len(reports(world)) == 3


def test_the_report_goes_to_the_unit_of_the_key_and_to_no_other(world: World) -> None:
    theirs = application(world, name="Depok Aman", unit=world.other)
    theirs.send(told(place="31.73.01"))
    assert world.rows("SELECT unit_id FROM intake_report") == [(world.other.id,)]
    with acting(world.person(Role.HEAD)):
        assert not Report.objects.exists() and not Delivery.objects.exists()


@pytest.mark.parametrize("secret", ["", "ra_", "ra_" + "a" * 32, "ü" * 40, "ra_" + "a" * 5000])
def test_a_key_that_is_wrong_opens_nothing(world: World, app: Application, secret: str) -> None:
    answer = app.send(told(), secret=secret.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert not reports(world)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}])
def test_without_a_key_nothing_is_told(world: World, app: Application, header: dict[str, str]) -> None:
    app.send(told())
    for answer in (
        Client().post(REPORTS, json.dumps(told()), content_type="application/json", headers=header),
        Client().get(f"{REPORTS}JA-1/", headers=header),
    ):
        assert answer.status_code == 401
    assert len(reports(world)) == 1


def test_wrong_keys_are_limited_and_the_right_one_is_not(world: World, app: Application) -> None:
    statuses = [app.send(told(), secret=f"ra_{turn}").status_code for turn in range(25)]
    assert statuses == [401] * 20 + [429] * 5
    assert app.send(told(), secret="ra_x")["Retry-After"] == "600"
    assert app.send(told()).status_code == 201


def test_a_revoked_key_opens_nothing_from_then_on(world: World, app: Application) -> None:
    app.send(told())
    head = world.person(Role.HEAD)
    viewer = world.viewer(head)
    with acting(head):
        actions.revoke_app_key(viewer=viewer, key=app.key, at=clock.now())
    assert app.send(told("JA-2")).status_code == 401
    assert app.ask("JA-1").status_code == 401
    assert len(reports(world)) == 1


def test_a_way_out_of_use_and_a_closed_unit_take_nothing(world: World, app: Application) -> None:
    world.rows("UPDATE intake_way SET is_active = false")
    assert app.send(told()).status_code == 401
    world.rows("UPDATE intake_way SET is_active = true")
    world.rows("UPDATE access_organisation SET is_active = false WHERE id = %s", [world.unit.id])
    assert app.send(told()).status_code == 401
    assert not reports(world)


def test_a_flood_of_one_application_is_kept_whole_and_marked(
    world: World, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "SEVERAL_AN_HOUR", 3)
    statuses = [app.send(told(f"JA-{turn}")).status_code for turn in range(6)]
    assert statuses == [201] * 6
    marked = world.rows("SELECT in_flood FROM intake_report ORDER BY received_at")
    assert [row[0] for row in marked] == [False] * 3 + [True] * 3


def test_a_way_that_takes_nobody_without_a_name_says_which_field(world: World) -> None:
    school = application(
        world, name="Sekolah", takes_anonymous=False, usual_reporter=ReporterKind.INSTITUTION
    )
    answer = school.send(told())
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["#/reporter/name"]
    assert school.send(told(reporter={"name": "Guru Rekaan"})).status_code == 201
    assert world.rows("SELECT reporter_kind FROM intake_report") == [("institution",)]


def test_a_report_about_staff_raises_walls_whichever_way_it_comes(world: World, app: Application) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    app.send(told(about_staff=True, accused=officer.name))
    with acting(officer):
        assert not Report.objects.exists() and not Story.objects.exists()
    assert world.rows("SELECT count(*) FROM access_wall WHERE person_id = %s", [officer.id]) == [(1,)]


def test_no_cookie_is_set_and_none_is_needed(world: World, app: Application) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        REPORTS,
        json.dumps(told()),
        content_type="application/json",
        headers={"Authorization": f"Bearer {app.secret}"},
    )
    assert answer.status_code == 201
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_somebody_who_is_signed_in_hands_nothing_over_without_a_key(world: World) -> None:
    client = world.client(world.person(Role.HEAD))
    answer = client.post(REPORTS, json.dumps(told()), content_type="application/json")
    assert answer.status_code == 401


def test_nothing_is_half_written_where_it_fails_at_the_end(
    world: World, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Delivery, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Delivery, "save", fail)
        answer = app.send(told())
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert "disk" not in answer.content.decode()
    assert world.rows("SELECT count(*) FROM access_dossier") == [(0,)]
    assert app.send(told()).status_code == 201


def test_an_erasure_leaves_no_number_and_no_code(world: World, app: Application) -> None:
    app.send(told())
    filed = Filed(Dossier.objects.using("owner").get(), new_code())
    approve(world, filed)
    assert carry_out(filed)
    row = "SELECT number_hash, content_hash, receipt FROM intake_delivery"
    assert world.rows(row) == [(None, None, None)]
    assert app.ask("JA-1").status_code == 404


# --- the door in the database ---------------------------------------------------------------------------------------


def test_the_database_tells_nothing_of_applications_without_their_secret(
    world: World, app: Application
) -> None:
    app.send(told())
    wrong = hashlib.sha256(app.secret.encode()).digest()  # not keyed
    with connection.cursor() as cursor:
        for attempt in (wrong, b"", b"%", app.secret.encode()):
            cursor.execute("SELECT app FROM door.app_key(%s)", [attempt])
            assert cursor.fetchone() == (None,)
            cursor.execute("SELECT dossier FROM door.delivered(%s, %s)", [attempt, attempt])
            assert cursor.fetchone() in (None, (None,))
        for table in ("intake_appkey", "intake_delivery", "intake_way"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


def test_the_secret_is_nowhere_in_the_database(world: World, app: Application) -> None:
    app.send(told())
    for table in ("intake_appkey", "intake_delivery", "ledger_entry", "kernel_cache", "procrastinate_jobs"):
        rows = str(world.rows(f"SELECT t::text FROM {table} t"))
        assert app.secret not in rows and app.secret.encode().hex() not in rows, table


def test_a_secret_has_a_hundred_and_sixty_random_bits(world: World) -> None:
    found = way(world)
    secrets = {application(world, found).secret for _turn in range(20)}
    assert len(secrets) == 20
    assert all(len(secret.removeprefix("ra_")) * 5 == 160 for secret in secrets)
