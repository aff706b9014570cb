"""What a client sees and does with her own code, and what nobody else's code or ticket reaches of it.

Source: care.md 1, 2, 4, 14, 17.
"""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from ruangaman.access.states import Role, Section
from ruangaman.clocks.states import Event
from ruangaman.intake import actions as reports
from ruangaman.intake import jobs
from ruangaman.intake.actions import clients as actions
from ruangaman.intake.models import ClientMessage, Wish
from ruangaman.intake.queries import clients as queries
from ruangaman.intake.states.client import WishAnswer, WishKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.notices.models import Notice
from ruangaman.papers.models import Paper
from tests.access.filled import protected, spine, tried
from tests.clocks.test_firing import as_worker
from tests.intake.hers import Hers, enter, give_code, hers, page
from tests.intake.test_thread import with_code
from tests.papers.makings import photo_with_place, picture
from tests.worlds import World, acting


def write(made: Hers, body: str) -> None:
    entry = made.entry()
    assert entry.key
    actions.write_as_client(entry=entry, key=entry.key, message_id=new_id(), body=body, at=clock.now())


def wish(made: Hers, kind: WishKind) -> Wish:
    actions.wish(entry=made.entry(), wish_id=new_id(), kind=kind, at=clock.now())
    return Wish.objects.using("owner").order_by("-asked_at")[0]


def send(browser: Client, name: str = "foto.jpg", content: bytes = b"") -> Any:
    sent = {"paper_id": str(new_id()), "file": SimpleUploadedFile(name, content or photo_with_place())}
    return browser.post("/unggah/utuh/cek/", sent)


def asked_of_tasks(world: World, task: str) -> list[dict[str, str]]:
    found = world.rows("SELECT args::text FROM procrastinate_jobs WHERE task_name = %s", [task])
    return [json.loads(row[0]) for row in found]


# --- messages ---


def test_what_she_writes_the_unit_reads_and_the_reverse(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    told = {"act": "message", "message_id": str(new_id()), "body": "Besok saya bisa bicara."}
    assert browser.post("/cek/", told).status_code == 302
    assert browser.post("/cek/", told).status_code == 302  # a double click
    staff = world.client(made.companion)
    file = f"/berkas/{made.filed.reference}/"
    assert "Besok saya bisa bicara." in staff.get(file).content.decode()
    url = f"/laporan/{made.filed.reference}/klien/{made.person.id}/jawab/"
    assert staff.post(url, {"message_id": str(new_id()), "body": "Baik, jam berapa?"}).status_code == 302
    shown = page(browser)
    assert shown.count("Besok saya bisa bicara.") == 1
    assert shown.index("Besok saya bisa bicara.") < shown.index("Baik, jam berapa?")
    assert made.companion.name not in shown
    kinds = world.rows(
        "SELECT verb, actor_kind FROM ledger_entry WHERE verb IN ('wrote', 'answered') ORDER BY id"
    )
    assert kinds == [("wrote", "client"), ("answered", "staff")]


def test_her_message_tells_who_works_on_the_file_once(world: World) -> None:
    made = hers(world)
    write(made, "Halo.")
    [args] = asked_of_tasks(world, "intake.pass_on_client")
    with as_worker():
        for _ in range(2):
            jobs.pass_on_client(**args)
    told = Notice.objects.using("owner").filter(cause=args["cause"])
    assert {notice.person_id for notice in told} == {made.companion.id}
    assert told.count() == 1


def test_she_hides_what_is_older_and_shows_it_again_and_the_unit_reads_it_all(world: World) -> None:
    made = hers(world)
    write(made, "Pesan lama.")
    browser = enter(made)
    assert browser.post("/cek/", {"act": "hide"}).status_code == 302
    write(made, "Pesan baru.")
    assert "Pesan lama." not in page(browser)
    assert "Pesan baru." in page(browser)
    assert (
        "Pesan lama." in world.client(made.companion).get(f"/berkas/{made.filed.reference}/").content.decode()
    )
    # A new code hides what the old one hid.
    with acting(made.companion):
        actions.revoke_code(
            viewer=world.viewer(made.companion),
            dossier=made.filed.dossier,
            thread=made.thread,
            at=clock.now(),
        )
    again = Hers(made.filed, made.person, give_code(world, made.filed, made.person), made.companion)
    browser = enter(again)
    assert "Pesan lama." not in page(browser)
    assert browser.post("/cek/", {"act": "show"}).status_code == 302
    assert "Pesan lama." in page(browser)


def test_a_text_that_is_refused_stays_where_she_typed_it(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    answered = browser.post("/cek/", {"act": "message", "message_id": str(new_id()), "body": "x" * 5001})
    assert answered.status_code == 400
    assert "x" * 5001 in answered.content.decode()
    assert (
        browser.post("/cek/", {"act": "wish", "wish_id": str(new_id()), "kind": "apa saja"}).status_code
        == 400
    )
    assert browser.post("/cek/", {"act": "entah"}).status_code == 200
    assert not Wish.objects.using("owner").exists()


# --- wishes ---


def test_a_wish_is_a_request_that_changes_nothing_and_starts_a_clock(world: World) -> None:
    made = hers(world)
    before = world.rows("SELECT stage FROM access_dossier")
    browser = enter(made)
    told = {"act": "wish", "wish_id": str(new_id()), "kind": WishKind.STOP}
    assert browser.post("/cek/", told).status_code == 302
    assert browser.post("/cek/", told).status_code == 302
    assert (
        browser.post("/cek/", {**told, "wish_id": str(new_id())}).status_code == 302
    )  # asked again while it waits
    [asked] = Wish.objects.using("owner").all()
    assert world.rows("SELECT stage FROM access_dossier") == before
    assert world.rows("SELECT code, about, ended_at FROM clocks_clock WHERE code = 'wish'") == [
        ("wish", asked.id, None)
    ]
    assert "menunggu petugas" in page(browser)
    shown = world.client(made.companion).get(f"/berkas/{made.filed.reference}/").content.decode()
    assert "Saya ingin berhenti" in shown
    [args] = asked_of_tasks(world, "intake.pass_on_wish")
    with as_worker():
        jobs.pass_on_wish(**args)
    assert Notice.objects.using("owner").get(kind="wish").person_id == made.companion.id


def test_somebody_asks_her_alone_first_and_writes_down_what_she_said(world: World) -> None:
    made = hers(world)
    asked = wish(made, WishKind.STOP)
    staff, url = world.client(made.companion), f"/permintaan/{asked.id}/"
    shown = staff.get(url).content.decode()
    assert "berdua saja" in shown
    assert "apakah ada yang meminta Anda berhenti?" in shown
    assert staff.post(url, {"answer": WishAnswer.SETTLED}).status_code == 400
    answered = staff.post(url, {"answer": WishAnswer.PRESSED})
    assert "Ada yang menekannya" in answered.content.decode()
    assert world.rows("SELECT ended_at IS NULL FROM clocks_clock WHERE code = 'wish'") == [(False,)]
    again = staff.post(url, {"answer": WishAnswer.HERS})
    assert again.status_code == 400
    assert "sudah dijawab" in again.content.decode()
    assert Wish.objects.using("owner").get().answer == WishAnswer.PRESSED
    assert "sudah dibicarakan" in page(enter(made))


def test_a_wish_that_was_not_hers_leads_to_revoking_the_code(world: World) -> None:
    made = hers(world)
    asked = wish(made, WishKind.PAUSE)
    staff = world.client(made.companion)
    shown = staff.post(f"/permintaan/{asked.id}/", {"answer": WishAnswer.NOT_HERS}).content.decode()
    assert f"/kode-klien/{made.thread.id}/cabut/" in shown


def test_a_contact_that_is_not_safe_any_more_stands_in_red_until_somebody_has_spoken_with_her(
    world: World,
) -> None:
    made = hers(world)
    asked = wish(made, WishKind.OTHER_CONTACT)
    staff, file = world.client(made.companion), f"/berkas/{made.filed.reference}/"
    warning = "Jangan menelepon atau mengirim pesan ke kontak yang lama"
    assert warning in staff.get(file).content.decode()
    with acting(made.companion):
        assert queries.contact_is_doubted(world.viewer(made.companion), made.filed.dossier.id)
    answered = staff.post(f"/permintaan/{asked.id}/", {"answer": WishAnswer.HERS}).content.decode()
    assert f"/orang/{made.filed.reference}/kontak/" in answered or "?klien=" in answered
    assert warning not in staff.get(file).content.decode()


@pytest.mark.parametrize("role", [Role.LAWYER, Role.DATA_OFFICER, Role.HEAD])
def test_who_may_not_write_this_part_answers_no_wish(world: World, role: str) -> None:
    made = hers(world)
    asked = wish(made, WishKind.CALL_ME)
    person = world.person(role)
    assert world.client(person).post(f"/permintaan/{asked.id}/", {"answer": "settled"}).status_code == 404
    with acting(person):
        assert not tried("UPDATE intake_wish SET answer = 'hers', answered_at = now() RETURNING id")


# --- files ---


def test_files_go_both_ways_and_are_shown_as_pictures_made_anew(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    assert send(browser, "rumah.jpg").status_code == 302
    paper = Paper.objects.using("owner").get()
    assert (paper.section, paper.subject_id, paper.added_by_id) == (
        Section.CLIENT_THREAD,
        made.person.id,
        None,
    )
    assert "rumah.jpg" in page(browser)
    picture = browser.get(f"/cek/berkas/{paper.id}/?hal=1")
    assert picture["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in picture.content
    assert "sandbox" in picture["Content-Security-Policy"]
    for wrong in ("0", "2", "x", "-1", "9" * 50):
        assert browser.get(f"/cek/berkas/{paper.id}/?hal={wrong}").status_code == 404
    for stranger in (Client(), with_code(made.filed), enter(hers(world, name="Orang Lain"))):
        assert stranger.get(f"/cek/berkas/{paper.id}/?hal=1").status_code in (302, 404)
    assert (
        "rumah.jpg" in world.client(made.companion).get(f"/berkas/{made.filed.reference}/").content.decode()
    )


def test_a_file_sent_twice_is_there_once_and_nobody_chooses_where_it_lies(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    claim, content = str(new_id()), picture()
    for _ in range(2):
        sent = {"paper_id": claim, "file": SimpleUploadedFile("a.jpg", content)}
        assert browser.post("/unggah/utuh/cek/", sent).status_code == 302
    [paper] = Paper.objects.using("owner").all()
    assert str(paper.id) != claim
    assert browser.get(f"/cek/berkas/{paper.id}/?hal=1").status_code == 200


def test_a_file_that_is_not_kept_says_why_and_leaves_nothing(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    answered = send(browser, "surat.exe", b"MZ" + b"\0" * 100)
    assert answered.status_code == 400
    assert "Ada yang perlu dibetulkan" in answered.content.decode()
    assert browser.post("/unggah/utuh/cek/", {}).status_code == 400
    assert Client().post("/unggah/utuh/cek/", {}).status_code == 302
    assert not Paper.objects.using("owner").exists()


def test_the_reporter_sends_a_file_into_the_reporters_thread_alone(world: World) -> None:
    made = hers(world)
    reporter = with_code(made.filed)
    assert send(reporter, "pelapor.jpg").status_code == 302
    assert "pelapor.jpg" in reporter.get("/cek/").content.decode()
    assert "pelapor.jpg" not in page(enter(made))


# --- what a ticket reaches ---


def test_a_clients_ticket_reaches_her_own_rows_and_no_other_table(world: World) -> None:
    made = hers(world)
    other = hers(world, made.filed, "Klien Kedua")
    for one, body in ((made, "Dari yang pertama."), (other, "Dari yang kedua.")):
        write(one, body)
        wish(one, WishKind.CALL_ME)
        assert send(enter(one), f"{body[5:10]}.jpg").status_code == 302
    own = {"intake_clientthread", "intake_clientmessage", "intake_wish", "papers_paper"}
    with acting(purpose="client", scope=made.thread.id):
        for table in protected():
            rows = tried(f"SELECT {spine(table)} FROM {table}") or []
            if table not in own:
                assert rows == [], table
        assert tried("SELECT person_id FROM intake_clientthread") == [(made.person.id,)]
        assert tried("SELECT person_id FROM intake_clientmessage") == [(made.person.id,)]
        assert tried("SELECT person_id FROM intake_wish") == [(made.person.id,)]
        assert tried("SELECT subject_id FROM papers_paper") == [(made.person.id,)]
        for table in ("access_datakey", "access_membership", "access_grant", "ledger_entry", "people_person"):
            assert not tried(f"SELECT * FROM {table}"), table


def test_a_reporters_ticket_reaches_nothing_of_the_clients(world: World) -> None:
    made = hers(world)
    write(made, "Rahasia.")
    wish(made, WishKind.STOP)
    assert send(enter(made)).status_code == 302
    with acting(purpose="reporter", scope=made.filed.dossier.id):
        for table in ("intake_clientthread", "intake_clientmessage", "intake_wish", "papers_paper"):
            assert tried(f"SELECT id FROM {table}") == [], table
        for function in ("client_appointments()", "client_rights()", "client_legal()"):
            assert tried(f"SELECT * FROM door.{function}") == []
        assert tried("SELECT door.client_hides(now())") == [(False,)]


def test_a_client_writes_neither_as_the_unit_nor_for_somebody_else_nor_over_what_was_said(
    world: World,
) -> None:
    made = hers(world)
    other = hers(world, made.filed, "Klien Kedua")
    write(made, "Asli.")
    key = made.entry().key
    assert key
    base = {
        "dossier_id": made.filed.dossier.id, "unit": world.unit, "stage": "case", "key_id": key.id,
        "sent_at": clock.now(), "body": b"x",
    }  # fmt: skip
    with acting(purpose="client", scope=made.thread.id):
        for person, author in ((made.person.id, made.companion.id), (other.person.id, None)):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                ClientMessage.objects.create(**base, person_id=person, author_id=author)
        for sql in (
            "UPDATE intake_clientmessage SET body = ''",
            "DELETE FROM intake_clientmessage",
            "UPDATE intake_wish SET answer = 'hers'",
            "UPDATE intake_clientthread SET opens_legal = true",
            "INSERT INTO intake_message SELECT * FROM intake_message",
        ):
            assert not tried(sql), sql


def test_a_client_begins_no_clock_but_that_of_her_own_wish(world: World) -> None:
    made = hers(world)
    asked = wish(made, WishKind.CALL_ME)
    definition = world.rows("SELECT id FROM clocks_definition WHERE starts_on = 'referral_sent' LIMIT 1")[0][
        0
    ]
    wished = world.rows(
        "SELECT id FROM clocks_definition WHERE starts_on = %s LIMIT 1", [Event.WISHED.value]
    )[0][0]
    begin = (
        "SELECT door.begin_clocks(%s, jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'definition', "
        "%s::text, 'about', %s::text, 'started', now(), 'due', now())))"
    )
    with acting(purpose="client", scope=made.thread.id):
        for what, about in ((definition, asked.id), (wished, new_id())):
            assert tried(begin, [made.filed.dossier.id, what, about]) == [(0,)]
        assert tried(begin, [world.file().dossier.id, wished, asked.id]) == [(0,)]


# --- what she chose to see ---


def test_she_sees_what_she_chose_and_what_she_did_not_choose_is_not_there(world: World) -> None:
    made = hers(world)
    for table, values in (
        ("cases_need", "'medical', 'open', ''"),
        ("cases_need", "'legal', 'met', ''"),
        ("cases_need", "'shelter', 'unmet', 'declined'"),
        ("cases_need", "'social', 'unmet', 'mistaken'"),
    ):
        world.rows(
            f"INSERT INTO {table} (id, dossier_id, unit_id, stage, client_id, service, state, unmet, recorded_by_id, "
            f"recorded_at) SELECT gen_random_uuid(), dossier_id, unit_id, stage, id, {values}, %s, now() "
            "FROM people_person WHERE id = %s",
            [made.companion.id, made.person.id],
        )
    shown = page(enter(made))
    for title in ("Yang ditawarkan kepadamu", "Berikutnya", "Perkembangan"):
        assert title in shown
    assert "Kesehatan dan visum" in shown
    assert "Sudah diberikan" in shown
    assert "Kamu tidak mau, dan itu tidak apa-apa" in shown
    assert "Rehabilitasi sosial" not in shown
    world.rows(
        "UPDATE intake_clientthread SET opens_rights = false, opens_legal = false, opens_appointments = false"
    )
    shown = page(enter(made))
    for title in ("Yang ditawarkan kepadamu", "Berikutnya", "Perkembangan", "Kesehatan dan visum"):
        assert title not in shown
    with acting(purpose="client", scope=made.thread.id):
        assert tried("SELECT * FROM door.client_rights()") == []


def test_a_code_that_opens_no_messages_shows_and_takes_none(world: World) -> None:
    made = hers(world)
    write(made, "Tersimpan.")
    world.rows("UPDATE intake_clientthread SET opens_messages = false")
    browser = enter(made)
    assert "Tersimpan." not in page(browser)
    answered = browser.post("/cek/", {"act": "message", "message_id": str(new_id()), "body": "Masih bisa?"})
    assert answered.status_code == 400
    with acting(purpose="client", scope=made.thread.id):
        assert tried("SELECT id FROM intake_clientmessage") == []
    with pytest.raises(Refused):
        write(made, "Lagi.")


# --- a suspect who reports as a neighbour (care.md 4) ---


def same(text: str) -> str:
    """A page without what differs from one answer to the next for everybody: tokens and ids of forms."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "", text)


def test_a_suspect_who_reported_reads_the_same_page_whatever_the_unit_does(world: World) -> None:
    filed = world.file()
    suspect = with_code(filed)
    before = same(suspect.get("/cek/").content.decode())
    made = hers(world, filed)
    write(made, "Saya takut.")
    wish(made, WishKind.CALL_ME)
    browser = enter(made)
    assert send(browser).status_code == 302
    with acting(made.companion):
        actions.answer_client(
            viewer=world.viewer(made.companion), dossier=filed.dossier, person=made.person, message_id=new_id(),
            body="Kami datang.", at=clock.now() + timedelta(seconds=1),
        )  # fmt: skip
    page(browser)
    browser.post("/cek/", {"act": "hide"})
    actions_of_unit = world.person(Role.SUPERVISOR)
    with acting(actions_of_unit):
        reports.revoke_code(
            viewer=world.viewer(actions_of_unit), dossier=filed.dossier, thread=made.thread, at=clock.now()
        )
    assert same(suspect.get("/cek/").content.decode()) == before
