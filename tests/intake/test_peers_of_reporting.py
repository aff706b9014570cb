"""What the systems before us did to those who report, each once: it must not happen here. Source: peers.md.

What stands elsewhere is not repeated: a record whose alteration is found (tests/ledger), barriers on pages
(tests/journeys), guessing of codes (test_guessing), walks over a bad line (test_walks).
"""

import io
import re
import threading
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ruangaman.access.queries import erasures_due
from ruangaman.access.states import Role, Section, Stage
from ruangaman.intake import actions, jobs, queries
from ruangaman.intake.policies import work
from ruangaman.intake.policies.calling_back import Safe, is_safe_at
from ruangaman.kernel import tickets
from ruangaman.kernel.codes import read_code
from ruangaman.kernel.errors import Refused
from tests.access.filled import tried
from tests.cases.cases import way
from tests.intake.calling import asked, at_hour, reachable
from tests.intake.joining import current, merge
from tests.intake.sending import send, step, text
from tests.intake.walker import words_in
from tests.notices.working import working
from tests.papers import makings
from tests.worlds import World, acting

PUBLIC = ("/", "/bantuan/", "/hak/", "/lapor/", "/lapor/lanjut/", "/cek/")
TRAINEES = 20  # in one room, behind one address
A_THIRD_OF_A_SECOND = 2**19  # hashes of SHA-256 that the cheapest telephone does in about two seconds
ROOM_IN_A_LIST = 25


def opens(words: str) -> bool:
    with tickets.carry(""), transaction.atomic():
        return queries.locate(actions.locator(read_code(words))) is not None


# --- GlobaLeaks


@pytest.mark.parametrize("clients", [8, 32])
def test_no_report_is_lost_under_concurrency(world: World, clients: int) -> None:
    """GlobaLeaks loses 60 % at 8 clients and 70 % at 32. Here as many as that, all at the same moment."""
    begin, words, wrong = threading.Barrier(clients), [], []

    def hand(number: int) -> None:
        try:
            begin.wait()
            words.append(words_in(text(send(Client(), f"Rekaan nomor {number}."))))
        except BaseException as failed:
            wrong.append(failed)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=hand, args=(number,)) for number in range(clients)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert wrong == []
    assert len(set(words)) == clients
    assert all(map(opens, words))
    assert world.rows("SELECT count(*) FROM intake_report") == [(clients,)]
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'report_received'") == [(clients,)]


def test_nobody_is_refused_by_a_default_limit(world: World) -> None:
    """GlobaLeaks: ten an hour for a site, then "Operation forbidden"; twenty trainees are locked out."""
    receipts = [
        words_in(text(send(Client(REMOTE_ADDR="203.0.113.9"), f"Latihan {n}."))) for n in range(TRAINEES)
    ]
    assert len(set(receipts)) == TRAINEES
    assert all(receipts)
    assert world.rows("SELECT count(*) FROM intake_report WHERE in_flood") == [(0,)]


def test_no_heavy_computing_is_demanded_of_a_telephone(world: World) -> None:
    """GlobaLeaks: Argon2id over 128 MB before one may file. Here some hashes that need no memory, and none at all."""
    assert work.PUZZLES * 2**work.BITS <= A_THIRD_OF_A_SECOND
    assert words_in(text(send(Client(), "Dari telepon tua, tanpa hitungan.")))
    assert world.rows("SELECT proof FROM intake_report") == [("none",)]


def test_no_page_of_the_form_needs_script(world: World) -> None:
    """GlobaLeaks needs script and WASM. Here each page is a form with a button of its own, and nothing else."""
    client = Client()
    page = text(client.get("/lapor/"))
    for fields in ({}, {"story": "Tanpa skrip."}, {}, {}, {}):
        name = re.findall(r'name="step" value="([a-z]+)"', page)[-1]
        assert re.search(r'<button[^>]* type="submit" name="go" value="next"', page), name
        assert "wasm" not in page.lower() and "onclick" not in page and "noscript" not in page, name
        page = text(step(client, name, **fields))
    assert words_in(page)


def test_the_list_asks_the_same_however_many_there_are(world: World) -> None:
    """GlobaLeaks: 4.4 s and 33 MB for 10,000, everything decrypted, no paging (benchmarks/reports_list.py times it)."""
    head = world.client(world.person(Role.HEAD))
    sizes = []
    for reports in (ROOM_IN_A_LIST + 1, ROOM_IN_A_LIST + 15):
        while int(world.rows("SELECT count(*) FROM intake_report")[0][0]) < reports:
            world.file()
        with CaptureQueriesContext(connection) as asked_for:
            page = text(head.get("/laporan/"))
        sizes.append(len(asked_for))
        assert len(set(re.findall(r"/berkas/(RA-[0-9A-Z-]+)/", page))) == ROOM_IN_A_LIST
        assert "sebelum=" in page
    assert sizes[0] == sizes[1]


def test_what_is_deleted_is_gone_and_what_was_written_of_it_opens_for_nobody(
    world: World, settings: Any, tmp_path: Path
) -> None:
    """GlobaLeaks's secure delete writes 4 KB, then unlinks. Here the key is the browser's: what a disk may still hold
    of rows and pieces is sealed, and nobody has the key once the browser has forgotten it.
    """
    store = tmp_path / "papers"
    papers = {**settings.STORAGES["papers"]}
    papers["OPTIONS"] = {**papers["OPTIONS"], "location": str(store)}
    settings.STORAGES = {**settings.STORAGES, "papers": papers}
    client = Client()
    step(client, "what", go="files", story="Cerita kenangamawar.")
    picture = io.BytesIO(makings.picture())
    picture.name = "foto.jpg"
    client.post("/unggah/utuh/lapor/", {"file": picture})
    pieces = [path.read_bytes() for path in store.rglob("*") if path.is_file()]
    rows = [row for table in ("intake_draft", "intake_draftfile") for row in
            world.rows(f"SELECT to_jsonb(t)::text FROM {table} t")]  # fmt: skip
    assert pieces and len(rows) == 2
    cookie = client.cookies["tulisan"].value
    for held in (*(piece.hex() for piece in pieces), *(row[0] for row in rows)):
        for told in ("kenangamawar", "foto.jpg", makings.picture()[:64].hex()):
            assert told not in held and told.encode().hex() not in held
        assert cookie not in held
    client.post("/keluar/")
    assert not [path for path in store.rglob("*") if path.is_file()]
    assert world.rows(
        "SELECT (SELECT count(*) FROM intake_draft) + (SELECT count(*) FROM intake_draftfile)"
    ) == [(0,)]


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_has_a_quick_exit(world: World, path: str) -> None:
    """GlobaLeaks and Primero have none."""
    page = text(Client().get(path))
    assert re.search(r'<form[^>]*action="/keluar/"', page), path


def test_whoever_lives_with_her_finds_nothing_on_the_telephone(world: World) -> None:
    """GlobaLeaks leaves the person at home out of its threat model. Source: care.md 3."""
    client = Client()
    answers = [client.get(path) for path in PUBLIC]
    answers += [step(client, "what", story="Cerita rekaan."), step(client, "check")]
    for answer in answers:
        assert "no-store" in answer.headers["Cache-Control"]
        title = re.search(r"<title>(.*?)</title>", text(answer), re.S)
        assert title and not re.search("lapor|kekerasan|korban|perempuan|pelecehan", title[1], re.I), title
    for morsel in client.cookies.values():
        assert not morsel["expires"] and not morsel["max-age"], "a cookie outlives the browser"
        assert morsel["httponly"]
    left = client.post("/keluar/")
    assert left.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "Cerita rekaan" not in text(client.get("/lapor/")) and not words_in(text(client.get("/lapor/")))


def test_safe_hours_are_asked_for_and_hold(world: World) -> None:
    """GlobaLeaks has no safe hours. Source: care.md 7."""
    client = Client()
    step(client, "what", story="Cerita rekaan.")
    page = text(step(client, "reach", means="call"))
    for name in ("from_time", "until_time", "weekdays", "code_word", "phone"):
        assert f'name="{name}"' in page, name
    mornings = Safe("call", at_hour(world, 9).tzinfo, from_time=time(9), until_time=time(11))  # type: ignore[arg-type]
    assert is_safe_at(mornings, at_hour(world, 10))
    assert not is_safe_at(mornings, at_hour(world, 20))


def test_who_must_never_be_called_is_on_no_list_of_calls(world: World) -> None:
    """GlobaLeaks has no rules for calling back."""
    with pytest.raises(Refused):
        asked(world, reachable(world, never_call=True))
    assert world.rows("SELECT count(*) FROM intake_callback") == [(0,)]


def test_a_child_has_a_path_of_its_own_and_names_no_parent(world: World) -> None:
    """GlobaLeaks has no child's flow. Source: care.md 12."""
    client = Client()
    page = text(step(client, "about", reporter_kind="victim", for_whom="me", age_band="under_15"))
    assert 'name="step" value="child"' in page
    assert 'name="trusted"' in page and 'name="must_not_know"' in page
    while not words_in(page):
        name = re.findall(r'name="step" value="([a-z]+)"', page)[-1]
        assert not re.search(r"<label[^>]*>[^<]*\b(orang tua|ayah|ibu)\b", page, re.I), name
        page = text(step(client, name, story="Cerita anak.", means="code"))
    assert world.rows("SELECT age_band FROM intake_report") == [("under_15",)]


def test_danger_is_asked_before_anything_else_and_told_at_once(world: World) -> None:
    """GlobaLeaks has no questions of danger."""
    client = Client()
    page = text(client.get("/lapor/"))
    asked_for = re.findall(r'<(?:input|select|textarea)[^>]* name="([a-z_]+)"', page)
    assert [
        name for name in asked_for if name not in ("csrfmiddlewaretoken", "step", "language", "next", "work")
    ][0] == ("danger_now")
    answer = client.post("/lapor/", {"step": "about", "go": "next", "danger_now": "yes"})
    assert answer["Location"] == "/bantuan/"


def test_a_report_that_nobody_has_read_is_never_deleted(world: World) -> None:
    """GlobaLeaks deletes after 90 days, read or not."""
    filed = world.file(at=world.now - timedelta(days=400))
    with working():
        assert not list(erasures_due())
        jobs.forget_drafts(2**31)
    for table in ("access_dossier", "intake_report", "intake_story", "intake_thread"):
        for who in ("default", "worker"):
            assert not tried(f"DELETE FROM {table} RETURNING 1", using=who), f"{who} deletes from {table}"
    client = world.client(world.person(Role.INTAKE_OFFICER))
    assert filed.reference in text(client.get("/laporan/"))
    assert world.rows("SELECT stage FROM access_dossier WHERE erased_at IS NULL") == [(Stage.INTAKE,)]


def test_a_report_becomes_a_case(world: World) -> None:
    """A report of GlobaLeaks never becomes one. Here it is the same file: its words and its thread go with it."""
    made = way(world)
    made.assess()
    made.take()
    assert world.rows("SELECT stage FROM access_dossier") == [(Stage.CASE,)]
    manager = made.manager
    viewer = world.viewer(manager)
    with acting(manager):
        report = queries.report_of(viewer, made.dossier.id)
    assert report is not None and report.dossier_id == made.dossier.id
    assert world.rows("SELECT count(*) FROM intake_thread WHERE stage = 'case'") == [(1,)]


# --- Primero


def test_who_reports_without_a_name_has_a_way_back(world: World) -> None:
    """Primero has no report without a name, and no way back into one."""
    client = Client()
    words = words_in(text(send(client, "Tanpa nama.")))
    client.post("/lapor/", {"go": "done"})
    page = Client().post("/cek/", {"code": words}, follow=True)
    assert 'name="body"' in text(page)
    assert world.rows("SELECT count(*) FROM people_person") == [(0,)]


def test_two_reports_of_one_event_are_brought_together_and_nothing_of_either_is_lost(world: World) -> None:
    """Primero has no merging; SIMFONI has parallel reports."""
    one, other = world.file(story="Dari tetangga."), world.file(story="Dari gurunya.")
    merge(world, other, one)
    assert current(other).stage == current(one).stage
    for filed in (one, other):
        page = Client().post("/cek/", {"code": " ".join(filed.code.words)}, follow=True)
        assert 'name="body"' in text(page), "who reported second has lost the way back"
    assert world.rows("SELECT count(*) FROM intake_story") == [(2,)]


# --- SIMFONI PPA


def test_no_field_of_who_somebody_is_blocks_the_way_in(world: World) -> None:
    """SIMFONI: fields of identity that must be filled in. Here only what happened must be told."""
    client = Client()
    step(client, "what", story="Hanya ini yang saya tulis.")
    assert words_in(text(step(client, "check")))
    assert world.rows("SELECT reporter_kind, for_whom, age_band, place_id FROM intake_report") == [
        ("", "", "", None)
    ]


def test_a_bad_network_costs_no_word(world: World) -> None:
    """SIMFONI: users complain of the network. Here each page is kept as it is sent, and a page sent twice is one."""
    client = Client()
    step(client, "what", story="Ditulis di tempat tanpa sinyal.")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    again = Client()
    for name, value in cookies.items():
        again.cookies[name] = value
    for _ in range(3):
        page = text(step(again, "what", story="Ditulis di tempat tanpa sinyal."))
    assert (
        "Ditulis di tempat tanpa sinyal." in text(step(again, "where", go="back")) or 'value="where"' in page
    )
    first, second = (words_in(text(step(one, "check"))) for one in (again, client))
    assert first and first == second
    assert world.rows("SELECT count(*) FROM intake_report") == [(1,)]
    assert world.rows("SELECT count(*) FROM access_datakey WHERE section = %s", [Section.NARRATIVE]) == [(1,)]
