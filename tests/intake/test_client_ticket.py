"""What the ticket of a client's code reaches, and what no other ticket reaches of hers; and the files of a thread.

Source: care.md 1, 2, 14; security.md 13.
"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from ruangaman.access.states import Role, Section
from ruangaman.clocks.states import Event
from ruangaman.intake.models import ClientMessage
from ruangaman.intake.states.client import WishKind
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.papers.actions import files as papers
from ruangaman.papers.models import Paper
from ruangaman.papers.states import Origin, PaperKind
from tests.access.filled import protected, spine, tried
from tests.intake.hers import enter, hers, page, wish, write
from tests.intake.test_thread import with_code
from tests.papers.makings import photo_with_place, picture
from tests.worlds import World, acting


def send(browser: Client, name: str = "foto.jpg", content: bytes = b"") -> Any:
    sent = {"paper_id": str(new_id()), "file": SimpleUploadedFile(name, content or photo_with_place())}
    return browser.post("/unggah/utuh/cek/", sent)


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


def test_the_units_file_reaches_the_reporter_as_a_picture_that_tells_nothing_of_where_it_was_taken(
    world: World,
) -> None:
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    told = {
        "kind": PaperKind.OTHER, "origin": Origin.UNIT, "subject": None, "is_evidence": False, "note": "",
        "content": photo_with_place(), "content_type": "", "at": clock.now(), "dossier": filed.dossier,
        "viewer": world.viewer(officer),
    }  # fmt: skip
    with acting(officer):
        shown = papers.add_whole(section=Section.THREAD, name="denah.jpg", **told)
        papers.add_whole(section=Section.THREAD, name="bukti.jpg", **{**told, "is_evidence": True})
        papers.add_whole(section=Section.NARRATIVE, name="dalam.jpg", **told)
    browser = with_code(filed)
    text = browser.get("/cek/").content.decode()
    assert "denah.jpg" in text
    assert "bukti.jpg" not in text
    assert "dalam.jpg" not in text
    assert officer.name not in text
    seen = browser.get(f"/cek/berkas/{shown.id}/?hal=1")
    assert seen.content.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in seen.content
    world.rows("UPDATE papers_paper SET scan = 'infected' WHERE id = %s", [shown.id])
    assert browser.get(f"/cek/berkas/{shown.id}/?hal=1").status_code == 404
