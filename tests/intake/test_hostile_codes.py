"""A code as people type, say and paste it, and whoever found the slip that it stands on. Source: care.md 1, 2."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ruangaman.intake.actions.clients import hide
from ruangaman.intake.policies.clients import normal_secret
from ruangaman.kernel import clock
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.ids import new_id
from tests.intake.hers import SECRET, enter, hers
from tests.intake.sending import text
from tests.worlds import World

# --- a code as it is typed, said and pasted -------------------------------------------------------------------------

TYPED = {
    "capitals": lambda words: " ".join(words).upper(),
    "nothing between": lambda words: "".join(words),
    "two run together": lambda words: " ".join([*words[:3], words[3] + words[4], *words[5:]]),
    "too much between": lambda words: "  \n\t ".join(words) + "   ",
    "a sentence of the receipt": lambda words: (
        "Ini kodemu: " + " ".join(f"{n}. {w}" for n, w in enumerate(words, 1))
    ),
    "a note to oneself": lambda words: f"kode ruang aman ({' '.join(words)}) jangan hilang ya",
}


@pytest.mark.parametrize("way", TYPED)
def test_a_code_opens_however_it_is_typed(world: World, way: str) -> None:
    for _ in range(5):
        filed = world.file()
        answer = Client().post("/cek/", {"code": TYPED[way](filed.code.words)})
        assert answer.status_code == 302, TYPED[way](filed.code.words)


@pytest.mark.parametrize("typed", ["kopi " * 300, "kata " * 1000, "x" * 4999])
def test_who_pastes_a_whole_page_is_told_to_type_the_words_only(world: World, typed: str) -> None:
    page = text(Client().post("/cek/", {"code": typed}))
    assert "Tulis ketujuh katanya saja" in page


def test_the_code_of_a_draft_and_the_code_of_a_report_say_where_each_is_used(world: World) -> None:
    assert 'href="/lapor/lanjut/"' in text(Client().get("/cek/"))
    assert 'href="/cek/"' in text(Client().get("/lapor/lanjut/"))


# --- whoever found the slip -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [1, 5, 9])
def test_after_wrong_secrets_the_lawful_owner_comes_in_and_the_count_begins_anew(
    world: World, wrong: int
) -> None:
    made = hers(world)
    for number in range(wrong):
        page = text(Client().post("/cek/", {"code": str(made.code), "second": f"tebakan {number}"}))
        assert "tidak cocok" in page
    enter(made)
    assert world.rows("SELECT wrong_secrets FROM intake_clientthread") == [(0,)]
    for number in range(9):
        Client().post("/cek/", {"code": str(made.code), "second": f"lagi {number}"})
    enter(made)


def test_the_owner_of_a_locked_code_is_told_why_and_whom_to_call(world: World) -> None:
    made = hers(world)
    for number in range(10):
        Client().post("/cek/", {"code": str(made.code), "second": f"tebakan {number}"})
    world.rows("DELETE FROM kernel_cache")
    page = text(Client().post("/cek/", {"code": str(made.code), "second": SECRET}))
    for told in ("dikunci", "Mungkin ada orang lain yang mencobanya", "SAPA 129"):
        assert told in page
    assert "Halamanmu" not in page


def test_an_unknown_code_and_a_wrong_secret_are_answered_alike(world: World) -> None:
    """To the letter and to the header, so that trying tells nothing. Source: care.md 2."""
    made = hers(world)
    answers = []
    for code, second in (
        (new_code(), ""),
        (new_code(), "apa saja"),
        (made.code, ""),
        (made.code, "apa saja"),
    ):
        answer = Client().post("/cek/", {"code": str(code), "second": second})
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(answer)).replace(str(code), "")
        answers.append((answer.status_code, page, sorted(answer.headers), sorted(answer.cookies)))
    assert answers.count(answers[0]) == len(answers)


def test_an_unknown_code_asks_of_the_database_what_a_wrong_secret_asks(world: World) -> None:
    """So that neither takes longer: an answer that came later by a write would tell that the code lives."""
    made = hers(world)
    asked, written = [], []
    for code in (new_code(), made.code):
        before = world.rows("SELECT pg_current_wal_insert_lsn()")
        with CaptureQueriesContext(connection) as queries:
            Client().post("/cek/", {"code": str(code), "second": "apa saja"})
        asked.append(len(queries))
        written.append(world.rows("SELECT pg_current_wal_insert_lsn()") != before)
    assert asked[0] == asked[1]
    assert written == [True, True]


def test_a_secret_is_the_same_in_capitals_and_with_a_space_at_its_end(world: World) -> None:
    made = hers(world)
    for typed in (SECRET.upper(), f" {SECRET} ", SECRET.title()):
        assert normal_secret(typed) == normal_secret(SECRET)
        enter(made, typed)


def test_the_code_of_a_report_is_found_by_its_whole_and_by_no_part(world: World) -> None:
    filed = world.file()
    words = list(filed.code.words)
    for part in (words[:5], words[1:], [*words[:6], new_code().words[6]], [words[1], words[0], *words[2:]]):
        if part == words:
            continue
        answer = Client().post("/cek/", {"code": " ".join(part)})
        assert answer.status_code == 200
        assert "kode" not in answer.cookies


def test_what_she_hid_stays_hidden_from_whoever_reads_over_her_shoulder(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    browser.post("/cek/", {"act": "message", "message_id": str(new_id()), "body": "Kata lama."})
    hide(entry=made.entry(), before=clock.now() + timedelta(seconds=1), at=clock.now())
    for _ in range(2):
        assert "Kata lama." not in text(browser.get("/cek/"))
    assert "Kata lama." not in text(browser.post("/cek/", {"act": "message", "message_id": "x", "body": ""}))
