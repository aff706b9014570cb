"""What holds on pages whoever opens them: no barrier, no cookie too early, both languages."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.people import Visitors
from tests.journeys.running import SOURCE, Site

PUBLIC = {
    "/": "home",
    "/bantuan/": "help",
    "/hak/": "rights",
    "/lapor/": "about",
    "/cek/": "ask code",
    "/tidak-ada/": "missing",
}
STAFF = {
    "petugas": {"/laporan/": "reports", "/kelola/perangkat/": "devices", "/akun/faktor/": "security"},
    "admin": {"/kelola/peran/": "powers", "/kelola/orang/": "accounts", "/akun/password/change/": "password"},
    "kepala": {"/jurnal/": "journal"},
}
ENGLISH = SOURCE / "ruangaman/locale/en/LC_MESSAGES/django.mo"
WIDTHS = pytest.mark.parametrize("wide", [False, True], ids=["360px", "1280px"])


@WIDTHS
def test_public_pages_have_no_barrier(visitors: Visitors, wide: bool) -> None:
    woman = visitors.arrive(wide=wide)
    for path, name in PUBLIC.items():
        woman.go(path)
        woman.look(name)


@WIDTHS
@pytest.mark.parametrize("name", STAFF)
def test_staff_pages_have_no_barrier(visitors: Visitors, name: str, wide: bool) -> None:
    worker = visitors.staff(name, wide=wide)
    for path, page in STAFF[name].items():
        assert worker.go(path) == 200
        worker.look(page)


def test_no_cookie_is_set_before_a_form_is_opened(visitors: Visitors) -> None:
    woman = visitors.arrive()
    for path in ("/", "/bantuan/", "/hak/", "/tidak-ada/"):
        woman.go(path)
        assert woman.cookies() == set(), path
        assert woman.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    woman.go("/lapor/")
    assert woman.cookies() == {"formulir"}
    woman.page.get_by_label("Saya saksi kejadian").check()
    woman.press("Lanjut")
    woman.heading("Apa yang terjadi?")
    kept = {cookie["name"]: cookie for cookie in woman.context.cookies()}
    assert set(kept) == {"formulir", "tulisan"}
    assert all(c["httpOnly"] and c["sameSite"] == "Strict" and c["expires"] == -1 for c in kept.values())
    assert woman.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_keyboard_alone_files_a_report(visitors: Visitors, site: Site) -> None:
    before = site.count("access_dossier")
    woman = visitors.arrive(wide=True)
    woman.go("/lapor/")
    keys = woman.page.keyboard
    tab_to(woman.page, "Lanjut")
    keys.press("Enter")
    woman.heading("Apa yang terjadi?")
    woman.page.get_by_label("Ceritakan apa yang terjadi").focus()
    keys.type("Ditulis tanpa tetikus.")
    for heading in ("Di mana?", "menghubungimu", "Periksa"):
        tab_to(woman.page, "Lanjut")
        keys.press("Enter")
        woman.heading(heading)
    tab_to(woman.page, "Kirim laporan")
    keys.press("Enter")
    woman.heading("Laporanmu sudah kami terima")
    assert site.count("access_dossier") == before + 1


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == name:
            return
    raise AssertionError(f"Tab never came to {name}")


@pytest.mark.skipif(not ENGLISH.exists(), reason="No English texts yet. Compile them: make messages")
def test_the_form_goes_through_in_english(visitors: Visitors, site: Site) -> None:
    before = site.count("access_dossier")
    woman = visitors.arrive()
    woman.go("/lapor/")
    woman.page.get_by_role("button", name="English").click()
    assert woman.page.locator("html").get_attribute("lang") == "en"
    assert urlpath(woman.page.url) == "/lapor/"
    indonesian = re.compile(r"\b(yang|kamu|laporan|tidak|dengan|untuk)\b", re.I)
    told = {"what": "The neighbour shouts every night."}
    for _ in range(6):
        words = woman.page.locator("main").inner_text()
        if woman.page.locator("ol.words").count():
            break
        assert not indonesian.search(words), words
        story = woman.page.locator("textarea")
        if story.count():
            story.fill(told["what"])
        woman.page.locator("main form").last.locator("button").first.click()
        woman.page.wait_for_load_state()
    assert woman.page.locator("ol.words li").count() == 7
    assert site.count("access_dossier") == before + 1


def urlpath(url: str) -> str:
    return "/" + url.split("/", 3)[3]
