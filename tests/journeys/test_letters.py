"""A letter: the unit's head sets the letterhead, an officer writes and sends one, its recipient checks it."""

import io
import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import expect

from tests.journeys.people import Visitors

LOOK = {
    "Kop surat": "PEMERINTAH PROVINSI CONTOH\nUPTD CONTOH\nJalan Contoh Nomor 1",
    "Kota tempat surat dibuat": "Kota Contoh",
    "Jabatan penanda tangan": "Kepala UPTD Contoh",
    "Nama penanda tangan, dengan gelar": "Contoh Pejabat, M.Si.",
    "Pola nomor surat": "{nomor}/{kode}/UPTD/{bulan}/{tahun}",
}


def text_of(content: bytes) -> str:
    said = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return " ".join(said.replace("\u200b", "").replace("\ufffe", "").split())


def test_a_letter_is_written_looked_at_sent_and_checked_by_who_receives_it(visitors: Visitors) -> None:
    head = visitors.staff("kepala")
    head.go("/surat/naskah/")
    head.look("texts of letters")
    head.go("/surat/kop/")
    for label, value in LOOK.items():
        head.page.get_by_label(label, exact=True).fill(value)
    head.look("letterhead")
    head.press("Simpan kop surat")
    head.heading("Naskah surat")
    head.page.get_by_role("link", name="Ringkasan kasus").click()
    head.look("text of a letter")

    officer = visitors.staff("petugas")
    officer.go("/laporan/")
    officer.page.locator("table a[href^='/berkas/']").first.click()
    dossier = officer.page.url
    officer.page.get_by_role("link", name="Semua surat, dan buat surat").click()
    officer.look("letters")
    officer.page.get_by_role("link", name="Ringkasan kasus").click()
    expect(officer.page.get_by_role("heading", name="Tidak dicantumkan")).to_be_visible()
    officer.page.get_by_label("Kepada", exact=True).fill("Direktur RS Contoh\ndi Kota Contoh")
    officer.page.get_by_label("Paragraf tambahan").fill('#read("/etc/passwd")')
    officer.look("new letter")
    with officer.page.expect_download() as waiting:
        officer.press("Unduh konsep untuk disunting (DOCX)")
    assert Path(waiting.value.path()).read_bytes()[:2] == b"PK"
    officer.page.wait_for_timeout(1_600)  # a second press at once would be taken for a double click
    officer.press("Terbitkan surat")
    officer.heading("Ringkasan Kasus")
    number = officer.page.locator("dd.num").first.inner_text()
    officer.look("letter")
    with officer.page.expect_download() as waiting:
        officer.press("Unduh PDF")
    said = text_of(io.BytesIO(Path(waiting.value.path()).read_bytes()).getvalue())
    assert number in said and '#read("/etc/passwd")' in said and "root:" not in said

    code = re.sub(r"[- ]", "", re.search(r"dengan kode ([A-Z2-7 -]+)\. Halaman", said)[1])  # type: ignore[index]
    recipient = visitors.arrive()
    recipient.go("/asli/")
    recipient.page.get_by_label("Kode surat").fill(code.lower())
    recipient.press("Periksa")
    recipient.reads("Surat ini asli.")
    recipient.reads(number)
    recipient.look("genuine letter")
    officer.press("Tarik surat")
    officer.reads("ditarik")
    recipient.page.reload()
    recipient.reads("Surat ini sudah ditarik.")

    officer.go(dossier)
    officer.reads(number)
    officer.look("dossier with letters")


def test_an_administrator_finds_no_letter(visitors: Visitors) -> None:
    stranger = visitors.staff("admin")
    for address in (
        "/surat/naskah/",
        "/surat/kop/",
        "/surat/RA-0000-0000/",
        "/surat/RA-0000-0000/baru/summary/",
    ):
        assert stranger.go(address) == 404
