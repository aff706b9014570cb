"""A client's own code: given at the desk, used on a telephone with her second secret, hidden, asked with, revoked."""

import pytest
from playwright.sync_api import expect

from tests.journeys.arranging import a_person, a_report
from tests.journeys.people import Visitors
from tests.journeys.running import Site

SECRET = "bunga kertas tujuh"


@pytest.fixture(scope="module")
def reference(site: Site) -> str:
    """A report of a neighbour, in which the client was recorded."""
    made = a_report(site)
    a_person(site, made, "client", "Melati Contoh Sari")
    return made


def test_a_client_gets_a_code_writes_with_it_hides_and_asks_and_one_call_ends_it(
    visitors: Visitors, site: Site, reference: str
) -> None:
    officer = visitors.staff("petugas")
    officer.go(f"/berkas/{reference}/")
    officer.page.get_by_role("link", name="Serahkan kode klien").click()
    officer.heading("Serahkan kode klien")
    officer.look("give a client's code")
    officer.page.get_by_label("Bertemu langsung, berdua saja").check()
    officer.page.get_by_label("Dihafal, tidak ditulis").check()
    officer.page.get_by_label("Layanan: ditawarkan").check()
    officer.page.get_by_label("Kata rahasia, diketik klien sendiri").fill(SECRET)
    officer.page.get_by_label("Kata rahasia sekali lagi").fill(SECRET)
    officer.press("Buat kode")
    officer.heading("Kode klien")
    officer.look("a client's code")
    words = officer.words()
    officer.page.get_by_role("link", name="Ia sudah menyimpannya").click()
    officer.heading(reference)
    officer.sees_no_code(words)

    client = visitors.arrive()
    client.go("/cek/")
    client.page.get_by_label("Kodemu").fill(words)
    client.page.get_by_label("Kata rahasiamu").fill("bukan yang benar")
    client.press("Buka")
    client.reads("kata rahasianya tidak cocok")
    client.look("a code that opens nothing")
    client.page.get_by_label("Kodemu").fill(words)
    client.page.get_by_label("Kata rahasiamu").fill(SECRET.upper())
    client.press("Buka")
    client.heading("Halamanmu")
    client.reads("Yang ditawarkan kepadamu")
    client.look("a client's page")
    assert reference not in client.page.content()
    client.page.get_by_label("Pesan").fill("Saya bisa bicara besok pagi.")
    client.press("Kirim pesan")
    client.reads("Saya bisa bicara besok pagi.")
    client.press("Sembunyikan yang lama")
    expect(client.page.get_by_text("Saya bisa bicara besok pagi.")).to_have_count(0)
    client.page.get_by_label("Tolong hubungi saya").check()
    client.press("Kirim permintaan")
    client.reads("menunggu petugas")
    client.look("a client's page with a wish")

    officer.go(f"/berkas/{reference}/")
    officer.reads("Saya bisa bicara besok pagi.")
    officer.look("dossier with a client's code")
    officer.page.get_by_role("link", name="Tangani permintaan ini").click()
    officer.heading("Permintaan klien")
    officer.look("a client's wish")
    officer.page.get_by_label("Benar keinginannya sendiri").check()
    officer.press("Simpan")
    officer.heading(reference)
    officer.press("Cabut kode sekarang")
    officer.reads("kode dicabut")

    client.go("/cek/")
    client.heading("Cek laporan saya")
    client.page.get_by_label("Kodemu").fill(words)
    client.page.get_by_label("Kata rahasiamu").fill(SECRET)
    client.press("Buka")
    client.reads("kata rahasianya tidak cocok")
