"""Taking a report down on the telephone: by keyboard alone, without script, and with a connection that breaks."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.one_report import Case
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site

STORY = "Ia takut pulang malam ini; suaminya mengancam lewat pesan."


def tab_to(page: Page, name: str) -> None:
    """Tab, and nothing else, until the field of that name has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement && document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by Tab")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name"))


def kept(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("Tersimpan pukul")


def has_focus(page: Page) -> None:
    """Where the page puts the cursor; a browser does it a moment after the page has loaded."""
    page.wait_for_function("document.activeElement !== document.body")


def began(officer: Visitor) -> Page:
    officer.go("/telepon/?saluran=phone_112")
    officer.heading("Terima laporan")
    officer.look("calls")
    page = officer.page
    has_focus(page)
    page.keyboard.press("Tab")  # from the list of ways, which has the focus, to the button
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/telepon/[0-9a-f-]{36}/$"))
    page.wait_for_load_state("load")
    has_focus(page)
    return page


def test_a_report_is_taken_down_by_keyboard_alone(visitors: Visitors, site: Site) -> None:
    """Source: experience.md, *Telepon*; care.md 9, 12."""
    officer = visitors.staff("petugas")
    reports, page = site.count("intake_report"), began(officer)
    keys = page.keyboard

    assert focused(page) == "safe_now", "the first question is whether she is safe"
    keys.press("ArrowDown")  # no
    expect(page.get_by_text("hubungi 112 sekarang")).to_be_visible()
    tab_to(page, "where_reported")
    keys.type("Di ruang depan")
    keys.press("Enter")
    assert focused(page) == "where_reported" and page.url.endswith("/"), "Enter sends nothing"
    kept(page)
    assert focused(page) == "where_reported", "saving takes the focus from nobody"
    officer.look("call")
    tab_to(page, "phone")
    keys.type("0812 0000 7777")
    tab_to(page, "limits")
    keys.press("Space")
    tab_to(page, "reporter_kind")
    keys.press("Space")
    tab_to(page, "age_band")
    keys.press("Space")  # under 12: a child has a path of their own
    expect(page.get_by_label(re.compile("Siapa yang kamu percaya"))).to_be_visible()
    for _ in range(3):
        keys.press("ArrowDown")
    expect(page.get_by_label(re.compile("Siapa yang kamu percaya"))).to_be_hidden()
    tab_to(page, "name")
    keys.type("Rekaan Sekali Saja")
    keys.press("F2")
    assert focused(page) == "story"
    keys.type(STORY)
    keys.press("Control+Enter")
    officer.heading("Laporan tersimpan")

    officer.reads("telepon 112")
    officer.look("call sent")
    assert site.count("intake_report") == reports + 1
    officer.page.get_by_role("link", name="Buka berkasnya").click()
    for told in (STORY, "Di ruang depan"):
        officer.reads(told)
    officer.reads("Dijawab")


def test_while_she_is_in_danger_a_report_is_sent_with_five_keys_and_leads_to_what_was_done_at_once(
    visitors: Visitors, site: Site
) -> None:
    """Source: experience.md, *Telepon*; flow.md 2; care.md 9."""
    officer = visitors.staff("petugas")
    officer.go("/telepon/")
    page, keys = officer.page, officer.page.keyboard
    has_focus(page)
    keys.press("Enter")  # the telephone rings: the first way has the focus
    page.wait_for_url(re.compile(r"/telepon/[0-9a-f-]{36}/$"))
    page.wait_for_load_state("load")
    keys.press("ArrowDown")  # not safe
    expect(page.get_by_label("Belum sempat")).to_be_checked()  # nobody claims that the limits were read
    keys.press("F2")
    keys.type(STORY)
    keys.press("Control+Enter")
    officer.heading("Laporan tersimpan")
    page.get_by_role("link", name="Catat langkah pertama dalam bahaya").click()
    page.get_by_label("112 dihubungi").check()
    officer.press("Catat langkah")
    officer.heading("Triase")
    officer.reads(STORY)
    officer.look("triage after what was done at once")


def test_what_is_typed_while_the_line_is_gone_is_there_after_a_reload(visitors: Visitors, site: Site) -> None:
    officer = visitors.staff("petugas")
    page = began(officer)
    page.keyboard.press("F2")
    page.keyboard.type("Sebelum terputus. ")
    kept(page)
    with officer.without_line():
        page.keyboard.type("Waktu terputus. ")
        expect(page.locator("[data-saved]")).to_contain_text("sambungan terputus")
        page.keyboard.type("Masih terputus.")
    page.keyboard.press("Control+s")
    kept(page)
    page.reload()

    expect(page.get_by_label("Apa yang terjadi")).to_have_value(
        "Sebelum terputus. Waktu terputus. Masih terputus."
    )


def test_names_are_compared_while_they_are_typed_and_the_call_goes_into_the_file_that_is_there(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 18."""
    from tests.journeys.arranging import a_person, a_report, born

    case, name = Case(site, a_report(site)), "Larasati Koesoemaningtyas"
    a_person(site, case.reference, "client", name, born_on=born(31))
    officer = visitors.staff("petugas")
    page = began(officer)
    tab_to(page, "name")
    page.keyboard.type("Larasati Kusumaningtyas")
    officer.reads("perlu nama dan satu hal lagi")
    tab_to(page, "born_year")
    page.keyboard.type(born(31)[:4])
    officer.reads("Mungkin sudah ada berkasnya")
    assert focused(page) == "born_year" and name not in page.inner_text("main")
    officer.look("call with somebody alike")
    page.keyboard.press("F2")
    page.keyboard.type("Menelepon lagi: ia pindah ke rumah kakaknya.")
    officer.press(f"Gabung dengan berkas ini {case.reference}")

    officer.reads("ia pindah ke rumah kakaknya")
    assert site.rows("SELECT count(*) FROM intake_talk t JOIN access_dossier d ON d.id = t.dossier_id "
                     "WHERE d.reference = %s", [case.reference]) == [(1,)]  # fmt: skip


@pytest.mark.parametrize("wide", [False], ids=["360px"])
def test_without_script_it_is_an_ordinary_form_that_can_be_kept_and_sent(
    visitors: Visitors, site: Site, wide: bool
) -> None:
    officer = visitors.staff("petugas", wide=wide, script=False)
    officer.go("/telepon/?saluran=office")
    officer.press("Mulai")
    officer.page.get_by_label("Apa yang terjadi").fill(STORY)
    officer.press("Simpan draf")
    expect(officer.page.get_by_label("Apa yang terjadi")).to_have_value(STORY)
    officer.press("Kirim")
    officer.reads("batas kerahasiaan sudah dibacakan")
    expect(officer.page.get_by_label("Apa yang terjadi")).to_have_value(STORY)
    officer.page.get_by_label("Sudah dibacakan").check()
    officer.press("Kirim")
    officer.heading("Laporan tersimpan")


def test_a_reporter_is_called_back_when_it_is_safe_and_the_number_opens_on_a_press(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 7."""
    officer = visitors.staff("petugas")
    officer.go("/menelepon/")
    officer.heading("Menghubungi kembali")
    officer.reads("jangan ditelepon")
    officer.look("call backs")
    assert "0812-0000-0129" not in officer.page.content()
    officer.page.get_by_role("link", name=re.compile("^Hubungi RA")).first.click()
    officer.page.wait_for_url(re.compile(r"/menelepon/[0-9a-f-]{36}/$"))
    officer.look("call back")
    officer.press("Buka nomornya")
    officer.reads("0812-0000-0129")
    officer.reads("kue lapis")
    officer.look("call back, number open")
    officer.page.get_by_label("Tidak diangkat").check()
    officer.press("Simpan hasil")
    officer.reads("Sudah dicoba")
