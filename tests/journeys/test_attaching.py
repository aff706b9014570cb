"""Attaching files: several at once, a line that breaks, a file that is refused; and the same without script."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.people import Visitor, Visitors
from tests.papers import makings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files on the officer's telephone."""
    (tmp_path / "pintu.jpg").write_bytes(makings.photo_with_place())
    (tmp_path / "surat.pdf").write_bytes(makings.pdf(2))
    (tmp_path / "rekaman.mp4").write_bytes(makings.film(2_000_000))
    (tmp_path / "halaman.jpg").write_bytes(b"<html><script>alert(1)</script></html>")
    return tmp_path


def form(officer: Visitor) -> str:
    """The officer opens a report from the list, and the form on it; gives the report's page."""
    officer.go("/laporan/")
    officer.page.locator("table a[href^='/berkas/']").first.click()
    page = officer.page.url
    officer.page.get_by_role("link", name="Lampirkan dokumen").click()
    officer.heading("Lampirkan dokumen")
    officer.page.get_by_label("Jenis dokumen").select_option("photo")
    officer.page.get_by_label("Dari siapa").select_option("client")
    return page


@pytest.mark.parametrize("wide", [True, False])
def test_an_officer_attaches_looks_and_takes_a_copy(visitors: Visitors, folder: Path, wide: bool) -> None:
    officer = visitors.staff("petugas", wide=wide)
    back = form(officer)
    officer.look("attach")
    officer.page.get_by_label("Berkas", exact=True).set_input_files(
        [folder / "pintu.jpg", folder / "surat.pdf"]
    )
    officer.press("Lampirkan")
    officer.page.wait_for_url(back, timeout=60_000)
    officer.look("dossier with papers")
    officer.page.get_by_role("link", name="pintu.jpg").first.click()
    officer.heading("pintu.jpg")
    picture = officer.page.locator("img.paper-picture")
    expect(picture).to_have_count(1)
    picture.scroll_into_view_if_needed()
    officer.page.wait_for_function("document.querySelector('img.paper-picture').naturalWidth === 600")
    officer.look("paper")
    with officer.page.expect_download() as waiting:
        officer.press("Unduh salinan bertanda")
    copy = Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert "WIB" in str(copy.getexif()[0x010E])
    officer.go(back.replace("/berkas/", "/dokumen/"))
    officer.heading("Dokumen")
    officer.look("papers")


def test_sending_goes_on_by_itself_when_the_line_comes_back_and_a_bad_file_is_told(
    visitors: Visitors, folder: Path
) -> None:
    officer = visitors.staff("petugas")
    form(officer)
    officer.page.get_by_label("Berkas", exact=True).set_input_files(
        [folder / "rekaman.mp4", folder / "halaman.jpg"]
    )
    pieces: list[str] = []
    officer.page.on(
        "response", lambda answer: pieces.append(answer.url) if "/unggah/" in answer.url else None
    )
    # A slow line, so that it can break in the middle.
    officer.page.route("**/unggah/**", lambda route: (officer.page.wait_for_timeout(150), route.continue_()))
    officer.press("Lampirkan")
    expect(officer.page.get_by_text("dikirim").first).to_be_visible()
    with officer.without_line():
        expect(officer.page.get_by_text("sambungan terputus, mencoba lagi")).to_be_visible(timeout=20_000)
    first, second = (
        officer.page.locator("[data-list] li").nth(0),
        officer.page.locator("[data-list] li").nth(1),
    )
    expect(first).to_contain_text("tersimpan", timeout=60_000)
    officer.trouble[:] = [line for line in officer.trouble if "fetch answered 400" not in line[1]]
    expect(second).to_contain_text("Ini halaman web", timeout=60_000)
    officer.heading("Lampirkan dokumen")
    officer.trouble[:] = [line for line in officer.trouble if "fetch answered 400" not in line[1]]


def test_an_officer_gives_up_sending_and_nothing_stays(visitors: Visitors, folder: Path) -> None:
    officer = visitors.staff("petugas")
    form(officer)
    count = "SELECT count(*) FROM papers_paper"
    before = officer.site.rows(count)
    officer.page.get_by_label("Berkas", exact=True).set_input_files([folder / "rekaman.mp4"])
    officer.page.route("**/unggah/**", lambda route: (officer.page.wait_for_timeout(300), route.continue_()))
    officer.press("Lampirkan")
    officer.press("Batalkan")
    expect(officer.page.get_by_text("dibatalkan")).to_be_visible(timeout=20_000)
    assert officer.site.rows(count) == before


def test_without_script_a_small_file_goes_with_the_form(visitors: Visitors, folder: Path) -> None:
    officer = visitors.staff("petugas", script=False)
    back = form(officer)
    officer.page.get_by_label("Berkas", exact=True).set_input_files(folder / "halaman.jpg")
    officer.page.get_by_label("Catatan", exact=False).fill("Dari tetangga")
    officer.press("Lampirkan")
    officer.reads("Ini halaman web")
    expect(officer.page.get_by_label("Catatan", exact=False)).to_have_value("Dari tetangga")
    officer.page.get_by_label("Berkas", exact=True).set_input_files(folder / "pintu.jpg")
    officer.press("Lampirkan")
    assert officer.page.url == back
    officer.reads("pintu.jpg")
