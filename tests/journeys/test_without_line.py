"""The line is lost in the middle: nothing typed goes with it, and leaving still leaves nothing. Source: care.md 3."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import AWAY, Visitors
from tests.journeys.running import Site
from tests.papers import makings

STORY = "Kalimat panjang yang ditulis di tempat tanpa sinyal."
TOLD = "Sambungan sedang terputus."


def test_a_page_that_is_sent_without_a_line_stays_with_all_that_was_typed(visitors: Visitors) -> None:
    woman = visitors.arrive()
    woman.tell(STORY, until="what")
    woman.page.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    with woman.without_line():
        for _ in range(2):
            woman.press("Lanjut")
            woman.reads(TOLD)
        assert woman.page.get_by_label("Ceritakan apa yang terjadi").input_value() == STORY
        assert woman.page.get_by_text(TOLD).count() == 1
        woman.look("what, without a line")
    woman.press("Lanjut")
    woman.heading("Di mana?")


def test_leaving_without_a_line_ends_the_draft_before_anybody_is_shown_it(
    visitors: Visitors, site: Site
) -> None:
    site.rows("DELETE FROM intake_draft")  # those that other journeys left behind
    woman = visitors.arrive()
    woman.may_leave_without_a_line()
    woman.tell(STORY, until="check")
    assert site.count("intake_draft") == 1
    with woman.without_line():
        woman.page.locator("form[data-leave] button").first.click()
        woman.page.wait_for_url(AWAY)
        assert "keluar" in woman.cookies()
    woman.go("/lapor/")
    woman.heading("Tentang siapa laporan ini?")
    assert STORY not in woman.page.content()
    assert site.count("intake_draft") == 0
    woman.forgets("tulisan", "kode", "keluar")


def test_leaving_with_a_line_leaves_no_mark_of_it(visitors: Visitors) -> None:
    woman = visitors.arrive()
    woman.tell(STORY, until="check")
    woman.page.locator("form[data-leave] button").first.click()
    woman.page.wait_for_url(AWAY)
    woman.forgets("tulisan", "kode", "keluar")


def test_whoever_goes_on_with_a_file_chosen_and_not_sent_is_told_once(
    visitors: Visitors, tmp_path: Path
) -> None:
    photo = tmp_path / "pintu.jpg"
    photo.write_bytes(makings.picture(size=(300, 200)))
    woman = visitors.arrive()
    woman.tell(STORY, until="what")
    woman.page.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    woman.press("Lampirkan foto, rekaman, atau berkas")
    woman.page.get_by_label("Pilih foto atau berkas").set_input_files(photo)
    woman.press("Lanjut")
    woman.reads("Berkas ini belum ikut.")
    expect(woman.page.get_by_role("button", name="Lampirkan", exact=True)).to_be_focused()
    woman.look("files, not sent")
    woman.press("Lampirkan")
    woman.reads("Sudah di sini")
    woman.page.get_by_label("Pilih foto atau berkas").set_input_files(photo)
    woman.press("Lanjut")
    woman.reads("Berkas ini belum ikut.")
    woman.press("Lanjut")
    woman.heading("Di mana?")
    woman.page.locator("form[data-leave] button").first.click()
    woman.page.wait_for_url(AWAY)
    woman.forgets("tulisan")


def test_what_is_typed_is_kept_while_it_is_typed(visitors: Visitors) -> None:
    woman = visitors.arrive()
    woman.tell(STORY, until="what")
    woman.page.get_by_label("Ceritakan apa yang terjadi").press_sequentially(STORY)
    expect(woman.page.get_by_text("Tersimpan. Lanjutkan saja.")).to_be_visible(timeout=15_000)
    woman.page.reload()
    assert woman.page.get_by_label("Ceritakan apa yang terjadi").input_value() == STORY
