"""Leaving at once: nothing of the visit stays behind, and nothing of it shows to the next who looks."""

from collections.abc import Callable

import pytest

from tests.journeys.people import AWAY, Visitor, Visitors
from tests.journeys.running import Site

STORY = "Dia memeriksa HP saya setiap malam."
BAR = "form[data-leave] button"
EITHER = pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])


def by_bar(visitor: Visitor) -> None:
    visitor.page.locator(BAR).click()


def by_escape(visitor: Visitor) -> None:
    visitor.page.wait_for_load_state("load")  # the keys are the script's, and it comes after the words
    for _ in range(3):
        visitor.page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("script", "leave"),
    [
        pytest.param(True, by_bar, id="bar"),
        pytest.param(True, by_escape, id="escape"),
        pytest.param(False, by_bar, id="bar-without-script"),
    ],
)
def test_leaving_a_form_ends_the_draft_and_back_shows_nothing_of_it(
    visitors: Visitors, site: Site, script: bool, leave: Callable[[Visitor], None]
) -> None:
    site.rows("DELETE FROM intake_draft")  # those that other journeys left behind
    woman = visitors.arrive(script=script)
    woman.tell(STORY, until="check")
    woman.reads(STORY)
    assert site.count("intake_draft") == 1
    leave(woman)
    woman.page.wait_for_url(AWAY)
    woman.heading("Cuaca hari ini")
    woman.forgets("tulisan", "kode", "masuk")
    assert site.count("intake_draft") == 0
    woman.page.go_back()
    assert STORY not in woman.page.content()
    woman.go("/lapor/")
    assert STORY not in woman.page.content()
    woman.heading("Tentang siapa laporan ini?")


@EITHER
def test_leaving_a_thread_closes_it(visitors: Visitors, script: bool) -> None:
    woman = visitors.arrive(script=script)
    woman.tell(STORY)
    words = woman.words()
    woman.open_by_code(words)
    woman.page.get_by_label("Pesan").fill("Tolong jangan menelepon.")
    woman.press("Kirim pesan")
    woman.reads("Tolong jangan menelepon.")
    by_bar(woman)
    woman.page.wait_for_url(AWAY)
    woman.forgets("tulisan", "kode", "masuk")
    woman.page.go_back()
    assert "Tolong jangan menelepon." not in woman.page.content()
    woman.go("/cek/")
    woman.heading("Cek laporan saya")
    woman.go("/lapor/")
    woman.sees_no_code(words)


def test_leaving_signs_a_worker_out_too(visitors: Visitors, site: Site) -> None:
    officer = visitors.arrive(wide=True)
    officer.sign_in("petugas")
    officer.heading("Hari ini")
    officer.go("/")
    by_bar(officer)
    officer.page.wait_for_url(AWAY)
    officer.forgets("masuk")
    officer.go("/laporan/")
    officer.heading("Masuk")


def test_one_neutral_title_stands_in_the_history_of_every_public_page(visitors: Visitors) -> None:
    woman = visitors.arrive()
    titles = []
    for path in ("/", "/bantuan/", "/hak/", "/lapor/", "/cek/", "/tidak-ada/"):
        woman.go(path)
        titles.append(woman.page.title())
    woman.tell(STORY)
    titles.append(woman.page.title())
    addresses = {woman.page.url}
    woman.open_by_code(woman.words())
    titles.append(woman.page.title())
    addresses.add(woman.page.url)
    assert set(titles) == {"Informasi Layanan"}
    # One address for all the steps, one for the thread: no step, code or reference in a history.
    assert addresses == {f"{woman.site.url}/lapor/", f"{woman.site.url}/cek/"}


def test_back_after_the_receipt_sends_nothing_and_tells_nobody_that_something_was_sent(
    visitors: Visitors, site: Site
) -> None:
    woman = visitors.arrive()
    woman.go("/")
    woman.tell(STORY)
    words, reports = woman.words(), site.count("intake_report")
    woman.page.reload()
    assert woman.words() == words
    woman.press("Saya sudah mencatat")
    woman.heading("Kamu tidak sendirian.")
    woman.page.go_back()
    woman.heading("Tentang siapa laporan ini?")
    woman.sees_no_code(words)
    assert site.count("intake_report") == reports
