"""Who finds the telephone, the slip or the page still open, and who is in a hurry or afraid: what each of them meets.

Source: care.md 1 to 4, 12; security.md 13, 16. What stands elsewhere is not repeated: bad input (test_bad_input),
guessed codes (test_guessing), walks over a bad line (test_walks), what others failed at (test_peers_of_reporting).
"""

import re
from typing import Any

import pytest
from django.test import Client

from ruangaman.access.states import Role
from ruangaman.kernel.codes import Code
from tests.intake.hers import SECRET, enter, hers
from tests.intake.sending import opened, send, step, text
from tests.intake.walker import words_in
from tests.worlds import World

PUBLIC = ("/", "/bantuan/", "/hak/", "/lapor/", "/lapor/lanjut/", "/cek/", "/formulir/", "/tidak-ada/")
STORY = "Dia mengunci pintu rumah dari luar."


def draft(client: Client, **fields: Any) -> str:
    """A draft with a story in it; the cookie that opens it."""
    step(client, "what", story=STORY, **fields)
    return str(client.cookies["tulisan"].value)


def drafts(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM intake_draft")[0][0])


def leaving(client: Client) -> Client:
    """That browser as its script leaves it where the line was lost: everything still there, and the mark of leaving."""
    client.cookies["keluar"] = "1"
    return client


# --- a telephone that somebody else picks up ------------------------------------------------------------------------


def test_who_left_without_a_line_finds_everything_ended_at_the_next_page(world: World) -> None:
    """The beacon of Exit never arrived. Source: care.md 3."""
    client = Client()
    draft(client)
    answer = leaving(client).get("/lapor/")
    assert (answer.status_code, answer["Location"]) == (303, "/lapor/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert drafts(world) == 0
    for name in ("tulisan", "kode", "keluar"):
        assert client.cookies[name].value == "", name
    assert STORY not in text(client.get("/lapor/"))
    assert "Tentang siapa laporan ini?" in text(client.get("/lapor/"))


def test_a_form_that_is_sent_after_leaving_without_a_line_shows_and_writes_nothing(world: World) -> None:
    client = Client()
    draft(client)
    answer = leaving(client).post("/lapor/", {"step": "what", "go": "next", "story": STORY}, follow=True)
    assert STORY not in text(answer)
    assert drafts(world) == 0


def test_an_open_code_and_a_session_end_when_leaving_did_not_arrive(world: World) -> None:
    reader, _reference = opened(world)
    assert "Laporanmu" in text(reader.get("/cek/"))
    page = text(leaving(reader).get("/cek/", follow=True))
    assert 'name="code"' in page
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    assert officer.get("/laporan/").status_code == 200
    leaving(officer).get("/laporan/")
    assert officer.get("/laporan/").status_code == 302
    assert world.rows("SELECT count(*) FROM access_session") == [(0,)]


def test_finishing_to_leave_leads_to_no_other_site(world: World) -> None:
    for path in ("//penyerang.example/", "/\\penyerang.example/"):
        answer = leaving(Client()).get(path)
        assert answer.status_code in (303, 404)
        assert not answer.headers.get("Location", "/").startswith(("//", "http", "/\\"))


def test_a_draft_that_a_code_was_taken_for_still_waits_for_that_code(world: World) -> None:
    client = Client()
    draft(client)
    words = words_in(text(step(client, "what", go="save", story=STORY)))
    leaving(client).get("/")
    again = Client()
    again.post("/lapor/lanjut/", {"code": words})
    assert STORY in text(again.get("/lapor/"))


@pytest.mark.parametrize("name", ["tulisan", "kode"])
def test_a_cookie_that_was_copied_before_leaving_opens_nothing(world: World, name: str) -> None:
    client = Client()
    draft(client)
    if name == "kode":
        client, _reference = opened(world)
    stolen = client.cookies[name].value
    client.post("/keluar/")
    thief = Client()
    thief.cookies["tulisan"] = stolen
    assert STORY not in text(thief.get("/lapor/"))


def test_a_receipt_whose_time_is_over_is_not_called_a_lost_report(world: World) -> None:
    """She sent it, left the page open, and comes back after half an hour: her report is safe, and the page says so."""
    client = Client()
    assert words_in(text(send(client, STORY)))
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '1 second'")
    page = text(client.get("/lapor/"))
    assert "Sudah mengirim laporan?" in page
    assert "Laporan itu aman dan tidak terhapus." in page
    assert 'href="/cek/"' in page
    assert not words_in(page)


def test_a_draft_that_runs_out_at_the_last_page_is_told_kindly_with_what_to_do(world: World) -> None:
    client = Client()
    draft(client)
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '1 second'")
    answer = step(client, "check")
    page = text(answer)
    assert answer.status_code == 409
    for told in ("Maaf", "Satu kalimat saja sudah cukup", "SAPA 129", 'href="/lapor/"', "belum 30 menit?"):
        assert told in page, told
    assert client.cookies["tulisan"].value == ""
    assert world.rows("SELECT count(*) FROM intake_report") == [(0,)]


# --- two windows ----------------------------------------------------------------------------------------------------


def test_what_another_window_writes_after_sending_is_shown_and_not_called_sent(world: World) -> None:
    client = Client()
    send(client, STORY)
    page = text(step(client, "what", story="Ia juga mengancam adik saya."))
    assert words_in(page)
    assert "mungkin belum ikut" in page
    assert "Ia juga mengancam adik saya." in page
    assert "mungkin belum ikut" not in text(client.get("/lapor/"))
    assert world.rows("SELECT count(*) FROM intake_story") == [(1,)]


def test_two_windows_keep_what_each_of_them_answered(world: World) -> None:
    one, other = Client(), Client()
    other.cookies["tulisan"] = draft(one)
    step(one, "reach", means="text")
    step(other, "contact", phone="0812-0000-0000", name="Melati")
    page = text(one.get("/lapor/"))
    for told in (STORY, "0812-0000-0000", "Melati"):
        assert told in page


# --- in a hurry -----------------------------------------------------------------------------------------------------


def test_one_sentence_is_sent_with_three_presses_and_one_can_leave(world: World) -> None:
    client = Client()
    step(client, "about")
    assert "Periksa sebelum dikirim" in text(step(client, "what", go="check", story="Tolong saya."))
    assert words_in(text(step(client, "check")))
    assert world.rows("SELECT count(*) FROM intake_report") == [(1,)]


def test_who_wants_to_send_at_once_but_wrote_nothing_is_told_there(world: World) -> None:
    client = Client()
    step(client, "about")
    page = text(step(client, "what", go="check", story=""))
    assert "Tulis sedikit saja apa yang terjadi" in page
    assert 'name="step" value="what"' in page


# --- a child who saw it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["victim", "family", "public", "witness"])
def test_whoever_reports_as_a_person_is_asked_how_old_they_are(world: World, kind: str) -> None:
    """A child may have seen it happen to a sister: the path of a child is theirs as well. Source: care.md 12."""
    page = text(Client().get("/lapor/"))
    asked = re.search(
        r'<div data-when="reporter_kind" data-is="([a-z ]+)">(?=(?:(?!</div>).)*age_band)', page, re.S
    )
    assert asked and kind in asked[1].split()
    assert 'name="step" value="child"' in text(
        step(Client(), "about", reporter_kind=kind, age_band="under_12")
    )


# --- what a browser keeps and tells ---------------------------------------------------------------------------------


@pytest.fixture
def her_pages(world: World) -> list[tuple[Any, Code | None]]:
    """Every page that somebody with a code meets, with the code that it is about."""
    reporter, client, coded = Client(), hers(world), Client()
    receipt = send(reporter, STORY)
    words = words_in(text(receipt))
    draft(coded)
    saved = step(coded, "what", go="save", story=STORY)
    thread, _reference = opened(world)
    browser = enter(client)
    wrong = Client().post("/cek/", {"code": words, "second": "bukan ini"}, follow=True)
    return [
        (receipt, None),
        (saved, None),
        (thread.get("/cek/"), None),
        (browser.get("/cek/"), client.code),
        (browser.post("/unggah/utuh/cek/", {}), client.code),
        (wrong, None),
        *((Client().get(path), None) for path in PUBLIC),
    ]


def test_no_page_is_kept_and_no_code_stands_where_a_history_would_keep_it(her_pages: list[Any]) -> None:
    for answer, code in her_pages:
        page, path = text(answer), answer.wsgi_request.get_full_path()
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        shown = words_in(page) or (str(code) if code else "")
        kept = " ".join([path, *re.findall(r'(?:action|href|src)="([^"]*)"|<title>([^<]*)</title>', page)[0]])
        for word in re.findall(r"[a-z]{4,}", shown):
            assert not re.search(rf"\b{word}\b", kept), path
        assert "Informasi Layanan</title>" in page, path


def test_no_browser_is_let_to_check_complete_keep_or_translate_what_is_hers(her_pages: list[Any]) -> None:
    """A spell checker, a writing aid, a keeper of passwords and a translator each send words elsewhere."""
    for answer, _code in her_pages:
        page = text(answer)
        assert re.search(r'<body[^>]* spellcheck="false" writingsuggestions="false"', page)
        for form in re.findall(r"<form(?:(?!</form>).)*</form>", page, re.S):
            if re.search(r'<textarea|<input type="(text|password|tel)"', form):
                assert re.match(r'<form[^>]* autocomplete="off"', form), form[:200]
        for field in re.findall(r'<input type="password"[^>]*>', page):
            assert 'autocomplete="one-time-code"' in field and "value=" not in field, field
        for box in re.findall(r'<textarea name="code"[^>]*>', page):
            assert 'autocapitalize="none"' in box and 'autocorrect="off"' in box, box
        for words in re.findall(r'<ol class="words"[^>]*>', page):
            assert 'lang="id"' in words and 'translate="no"' in words, words


def test_no_browser_of_an_officer_is_asked_to_keep_her_secret(world: World) -> None:
    made = hers(world)
    page = text(world.client(made.companion).get(f"/laporan/{made.filed.reference}/kode-klien/"))
    secrets = re.findall(r'<input type="password"[^>]*>', page)
    assert len(secrets) == 2
    assert all('autocomplete="one-time-code"' in field for field in secrets)


def test_a_page_that_is_too_old_shows_neither_a_code_nor_the_secret_beside_it(world: World) -> None:
    """It shows what was typed so that nothing is lost; these stand on no page, and the officer sits beside her."""
    made = hers(world)
    client = Client(enforce_csrf_checks=True)
    client.get("/cek/")
    for fields in ({"code": str(made.code), "second": SECRET}, {"second": SECRET, "again": SECRET}):
        page = text(client.post("/cek/", fields))
        assert "terlalu lama terbuka" in page
        assert SECRET not in page and str(made.code) not in page


# --- while somebody types -------------------------------------------------------------------------------------------


def keep(client: Client, at: str = "what", **fields: str) -> bool:
    """What the script of a page sends every few seconds; whether it was kept."""
    told = client.post("/lapor/", {"step": at, "go": "keep", **fields}).json()
    assert set(told) == {"kept"}
    return bool(told["kept"])


def test_what_is_being_typed_is_there_again_after_a_page_was_lost(world: World) -> None:
    client = Client()
    step(client, "about")
    world.rows("UPDATE intake_draft SET expires_at = now() + interval '1 minute'")
    assert keep(client, story="Baru setengah kalim")
    page = text(client.get("/lapor/"))
    assert "Baru setengah kalim" in page and 'name="step" value="what"' in page
    assert world.rows("SELECT expires_at > now() + interval '29 minutes' FROM intake_draft") == [(True,)]


def test_what_comes_late_undoes_nothing_that_was_sent_after_it(world: World) -> None:
    client = Client()
    step(client, "about")
    step(client, "what", story="Kalimat yang sudah selesai.")
    assert not keep(client, story="Kalimat yang su")
    assert "Kalimat yang sudah selesai." in text(step(client, "where", go="back"))


def test_typing_begins_no_draft_and_wakes_none_that_was_left(world: World) -> None:
    client = Client()
    assert not keep(client, story=STORY)
    step(client, "about")
    cookie = client.cookies["tulisan"].value
    client.post("/keluar/")
    client.cookies["tulisan"] = cookie
    assert not keep(client, story=STORY)
    assert drafts(world) == 0


def test_typing_in_another_window_after_sending_is_given_no_code(world: World) -> None:
    client = Client()
    send(client, STORY)
    assert not keep(client, story="Lagi.")


def test_what_can_not_be_kept_as_it_is_waits_for_its_sentence(world: World) -> None:
    client = Client()
    step(client, "about")
    assert not keep(client, story="x" * 20_001)
    assert not keep(client, story="")
    assert keep(client, at="ngawur", story="Di halaman yang tidak ada.")  # taken as the page at hand
