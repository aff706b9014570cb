"""A suspect who reports as a neighbour, or finds the paper with the code, learns nothing he did not write.

Source: care.md 1 and 4.
"""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ruangaman.access.states import Role, Stage
from ruangaman.intake import actions, queries
from ruangaman.intake.models import Message, Story
from ruangaman.intake.states import PublicStatus
from ruangaman.intake.views.check import WRONG_CODES
from ruangaman.kernel import clock
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.ids import new_id
from tests.access.filled import ANSWERS, OWN, added_only, fill, protected, spine, tried, write_as_reporter
from tests.worlds import Filed, World, acting

# What stands in the file and the reporter did not write, or wrote and may not read back by the code.
INSIDE = ("Penyelia", "outreach", "Sulastri", "Anggraini", "0812-0000-1111", "Senin pagi", "Cerita rekaan")


def opened(filed: Filed) -> tuple[Any, Key]:
    """The dossier and the thread's key, as the code gives them."""
    found = queries.locate(actions.locator(filed.code))
    assert found is not None
    dossier_id, key_id, wrap = found
    return dossier_id, actions.thread_key(filed.code, key_id, wrap)


def answer(world: World, filed: Filed, body: str) -> None:
    head = world.person(Role.HEAD)
    with acting(head):
        actions.answer(
            viewer=world.viewer(head), dossier=filed.dossier, message_id=new_id(), body=body, at=clock.now()
        )


def with_code(filed: Filed) -> Client:
    browser = Client()
    assert browser.post("/cek/", {"code": str(filed.code)}).status_code == 302
    return browser


@pytest.fixture
def filed(world: World) -> Filed:
    """A neighbour's report, a message of theirs, an answer of the unit, and a case that goes on."""
    made = world.file(place=OWN, **ANSWERS)
    write_as_reporter(made, "Pesan dari pelapor.")
    return _answered(world, made)


@pytest.fixture
def whole(world: World) -> Filed:
    """The same with everything in it that there can be."""
    return _answered(world, fill(world))


def _answered(world: World, made: Filed) -> Filed:
    answer(world, made, "Terima kasih sudah melapor.")
    world.move(made, Stage.CASE)
    return made


def test_the_code_shows_ones_own_messages_the_answers_and_one_of_three_words(
    world: World, whole: Filed
) -> None:
    page = with_code(whole).get("/cek/").content.decode()
    assert "Pesan dari pelapor." in page
    assert "Terima kasih sudah melapor." in page
    assert str(PublicStatus.IN_PROGRESS.label) in page
    for said in (
        *INSIDE,
        whole.reference,
        str(whole.dossier.id),
        world.person(Role.HEAD).name,
        world.unit.name,
    ):
        assert said not in page


@pytest.mark.parametrize("status", PublicStatus.values)
def test_the_three_words_are_all_that_is_told_of_the_handling(
    world: World, whole: Filed, status: str
) -> None:
    world.rows("UPDATE intake_thread SET status = %s", [status])
    page = with_code(whole).get("/cek/").content.decode()
    assert str(PublicStatus(status).label) in page
    for stage in map(str, Stage.labels):
        if stage not in map(str, PublicStatus.labels):
            assert f">{stage}<" not in page


def addresses(patterns: Any, before: str = "") -> list[str]:
    """Every address of the site, with something plausible where it wants a value."""
    found: list[str] = []
    for entry in patterns:
        here = before + re.sub(r"^\^|\$$", "", str(entry.pattern))
        if isinstance(entry, URLResolver):
            found += addresses(entry.url_patterns, here)
        elif isinstance(entry, URLPattern):
            found.append("/" + here)
    return found


def test_no_address_shows_a_code_holder_more_than_a_stranger(world: World, whole: Filed) -> None:
    attempts = world.rows("SELECT id FROM intake_outreach WHERE dossier_id = %s", [whole.dossier.id])
    known = {
        "str:reference": whole.reference,
        "uuid:proposal": new_id(),
        "str:answer": "setuju",
        "str:device": "x",
        "int:pk": 1,
        "uuid:outreach": attempts[0][0],
    }
    browser, walked = with_code(whole), 0
    for address in addresses(get_resolver().url_patterns):
        for place, value in known.items():
            address = address.replace(f"<{place}>", str(value))
        address = re.sub(
            r"<\w+:\w+>", whole.reference, re.sub(r"\(\?P<\w+>[^)]*\)", whole.reference, address)
        )
        if address == "/cek/" or "keluar" in address or "logout" in address:
            continue
        for send in (browser.get, browser.post):
            answered = send(address)
            walked += 1
            assert answered.status_code < 500, address
            page = answered.content.decode(errors="replace") + str(answered.headers)
            # Where a file is sent into the thread, the thread itself is shown with what is wrong about the file.
            sends = address == "/unggah/utuh/cek/"
            own = () if sends else ("Terima kasih sudah melapor.", "Pesan dari pelapor.")
            for said in (*INSIDE, *own, str(whole.dossier.id)):
                assert said not in page, address
    assert walked > 60


def test_the_ticket_of_a_code_reaches_the_thread_and_its_key_and_no_other_table(
    world: World, whole: Filed
) -> None:
    fill(world)
    with acting(purpose="reporter", scope=whole.dossier.id):
        for table in protected():
            rows = tried(f"SELECT {spine(table)} FROM {table}")
            if table in ("intake_thread", "intake_message"):
                assert {row[0] for row in rows or []} == {whole.dossier.id}
            elif not protected()[table] and table != "access_datakey":
                # Rows of several sections: what this world put into the thread's, and nothing of another.
                assert set(tried(f"SELECT section FROM {table}") or []) <= {("thread",)}, table
            elif table != "access_datakey":
                assert rows == [], table
        assert tried("SELECT dossier_id, section FROM access_datakey") == [(whole.dossier.id, "thread")]
        for table in (
            "access_grant",
            "access_membership",
            "access_powerproposal",
            "access_erasurerequest",
            "ledger_entry",
        ):
            assert tried(f"SELECT * FROM {table}") == [], table


def test_the_ticket_of_a_code_opens_no_other_section_with_its_key(world: World, whole: Filed) -> None:
    _dossier, key = opened(whole)
    row = world.rows("SELECT id, text FROM intake_story WHERE dossier_id = %s", [whole.dossier.id])[0]
    with pytest.raises(Unreadable):
        unseal(Story(id=row[0], text=row[1]), "text", key)


def test_a_code_holder_can_not_write_as_the_unit_nor_rewrite_what_it_said(world: World, filed: Filed) -> None:
    dossier_id, key = opened(filed)
    head = world.person(Role.HEAD)
    with acting(purpose="reporter", scope=dossier_id):
        for author in (head.id, new_id()):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Message.objects.create(
                    dossier_id=dossier_id,
                    unit=world.unit,
                    stage="case",
                    key_id=key.id,
                    author_id=author,
                    sent_at=clock.now(),
                )
        assert tried("UPDATE intake_message SET body = ''") is None
        assert tried("UPDATE intake_message SET author_id = NULL") is None
        assert tried("DELETE FROM intake_message") is None
    assert "intake_message" in added_only()


def test_somebody_of_the_unit_can_not_answer_in_a_colleagues_name(world: World, filed: Filed) -> None:
    with acting(world.person(Role.SUPERVISOR)):
        key_id = world.rows("SELECT key_id FROM intake_thread")[0][0]
        for author in (world.person(Role.HEAD).id, None):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Message.objects.create(
                    dossier_id=filed.dossier.id,
                    unit=world.unit,
                    stage="case",
                    key_id=key_id,
                    author_id=author,
                    sent_at=clock.now(),
                )


def test_a_code_that_was_used_is_recorded_without_who_used_it(world: World, filed: Filed) -> None:
    with_code(filed)
    told = world.rows(
        "SELECT actor_id, actor_kind, dossier_id, objects_named, fields_named "
        "FROM ledger_entry WHERE verb = 'thread_read'"
    )
    assert told == [(None, "reporter", filed.dossier.id, [], [])]


def test_ten_thousand_guesses_find_nothing(world: World, filed: Filed) -> None:
    guesses = [actions.locator(new_code()) for _ in range(10_000)]
    with transaction.atomic():
        found = world.rows(
            "SELECT count(l.dossier) FROM unnest(%s::bytea[]) AS g(guess), door.locate(g.guess) l",
            [guesses],
            using="default",
        )
    assert found == [(0,)]
    assert queries.locate(actions.locator(filed.code))


@pytest.mark.parametrize("wanted", [b"", b"\0" * 32, b"%", b"x" * 31, b"x" * 33])
def test_the_way_to_a_thread_takes_one_exact_hash_and_lists_nothing(
    world: World, filed: Filed, wanted: bytes
) -> None:
    assert queries.locate(wanted) is None
    world.rows("UPDATE intake_thread SET locator = %s", [wanted])
    assert (queries.locate(wanted) is None) == (len(wanted) != 32)


def test_a_thread_whose_code_was_taken_back_is_not_found(world: World, filed: Filed) -> None:
    world.rows("UPDATE intake_thread SET code_wrap = NULL")
    assert queries.locate(actions.locator(filed.code)) is None


def test_a_locator_alone_opens_nothing(world: World, filed: Filed) -> None:
    found = queries.locate(actions.locator(filed.code))
    assert found is not None
    _dossier, key_id, wrap = found
    with pytest.raises(Unreadable):
        actions.thread_key(new_code(), key_id, wrap)
    with pytest.raises(Unreadable):
        actions.thread_key(filed.code, new_id(), wrap)
    with pytest.raises(Unreadable):
        actions.thread_key(filed.code, key_id, wrap[:-1] + bytes([wrap[-1] ^ 1]))


def test_the_wrap_of_another_thread_opens_nothing(world: World, filed: Filed) -> None:
    other = world.file()
    world.rows(
        "UPDATE intake_thread t SET code_wrap = o.code_wrap FROM intake_thread o "
        "WHERE t.dossier_id = %s AND o.dossier_id = %s",
        [filed.dossier.id, other.dossier.id],
    )
    with pytest.raises(Unreadable):
        opened(filed)


def test_wrong_codes_are_limited_without_making_anybody_wait(world: World, filed: Filed) -> None:
    browser, begin, statuses = Client(REMOTE_ADDR="203.0.113.5"), time.monotonic(), []
    for _ in range(WRONG_CODES + 3):
        answered = browser.post("/cek/", {"code": str(new_code())})
        statuses.append(answered.status_code)
    assert statuses == [200] * WRONG_CODES + [429] * 3
    assert "112" in answered.content.decode()
    assert time.monotonic() - begin < 20
    assert browser.post("/cek/", {"code": str(filed.code)}).status_code == 302
    assert Client(REMOTE_ADDR="203.0.113.6").post("/cek/", {"code": str(new_code())}).status_code == 200


def test_what_is_not_even_a_code_is_told_kindly_and_shows_nothing(world: World) -> None:
    for text in ("", "halo", "x" * 5000, "satu dua tiga empat lima enam tujuh", "\0", "' OR 1=1 --"):
        assert Client().post("/cek/", {"code": text}).status_code == 200


def test_the_cookie_of_a_code_opens_for_fifteen_minutes_and_can_not_be_made_up(
    world: World, filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = with_code(filed)
    cookie = browser.cookies["kode"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert str(filed.code) not in cookie.value
    assert filed.code.words[0] not in cookie.value
    for value in (cookie.value[:-4] + "AAAA", "x", "eyJjb2RlIjoiIn0=", ""):
        other = Client()
        other.cookies["kode"] = value
        assert "Pesan dari pelapor." not in other.get("/cek/").content.decode()
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Pesan dari pelapor." not in browser.get("/cek/").content.decode()


def test_leaving_ends_the_code_and_the_draft_at_once(world: World, filed: Filed) -> None:
    browser = with_code(filed)
    browser.post("/lapor/", {"step": "what", "go": "next", "story": "Belum selesai."})
    answered = browser.post("/keluar/")
    assert answered.status_code == 303
    assert "cookies" in answered.headers["Clear-Site-Data"]
    assert "Pesan dari pelapor." not in browser.get("/cek/").content.decode()
    assert "Belum selesai." not in browser.get("/lapor/").content.decode()
    assert world.rows("SELECT count(*) FROM intake_draft") == [(0,)]


def shown_words(page: str) -> str:
    return " ".join(
        re.findall(r"<li[^>]*>([a-z]+)</li>", page.partition('class="words"')[2].partition("</ol>")[0])
    )


def test_a_code_that_an_officer_has_seen_is_changed_at_the_first_visit(world: World, filed: Filed) -> None:
    world.rows("UPDATE intake_thread SET known_to_staff = true")
    browser = with_code(filed)
    first = browser.get("/cek/").content.decode()
    words = shown_words(first)
    assert len(words.split()) == 7
    assert words.split() != list(filed.code.words)
    assert "Pesan dari pelapor." not in first
    # Until she has written it down the old one lives, and the page shows the same new one: an answer that is lost on
    # the way must not cost her the way back.
    assert shown_words(browser.get("/cek/").content.decode()) == words
    assert queries.locate(actions.locator(filed.code))
    assert browser.post("/cek/", {"go": "noted"}).status_code == 302
    assert "Pesan dari pelapor." in browser.get("/cek/").content.decode()
    assert queries.locate(actions.locator(filed.code)) is None
    again = Client()
    assert again.post("/cek/", {"code": words}).status_code == 302
    assert "Pesan dari pelapor." in again.get("/cek/").content.decode()
    assert world.rows("SELECT actor_kind FROM ledger_entry WHERE verb = 'code_changed'") == [("reporter",)]
    assert words.split()[0] not in str(
        world.rows("SELECT e::text FROM ledger_entry e WHERE verb = 'code_changed'")
    )


def test_of_two_who_hold_a_seen_code_the_second_holds_none(world: World, filed: Filed) -> None:
    world.rows("UPDATE intake_thread SET known_to_staff = true")
    one, two = with_code(filed), with_code(filed)
    for browser in (one, two):
        browser.get("/cek/")
    assert one.post("/cek/", {"go": "noted"}).status_code == 302
    assert "Pesan dari pelapor." in one.get("/cek/").content.decode()
    two.post("/cek/", {"go": "noted"})
    assert "Pesan dari pelapor." not in two.get("/cek/", follow=True).content.decode()


def test_a_code_that_nobody_has_seen_is_not_changed(world: World, filed: Filed) -> None:
    browser = with_code(filed)
    browser.post("/cek/", {"go": "noted"})
    assert queries.locate(actions.locator(filed.code))
    with acting(purpose="reporter", scope=filed.dossier.id):
        assert tried("SELECT door.new_code(%s, %s)", [b"x" * 32, b"y"]) == [(False,)]


def test_who_lost_a_code_is_told_plainly_that_it_is_stored_nowhere(world: World) -> None:
    page = Client().get("/cek/").content.decode()
    assert "Kode tidak kami simpan di mana pun" in page
    assert "petugas bisa menggabungkan keduanya" in page
