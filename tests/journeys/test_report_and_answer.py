"""A report without an account goes to the unit, is answered, and the answer is read by a code."""

import re

import pytest

from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site

OPENED = re.compile("membuka.*nama", re.S)
WAYS = [
    pytest.param(wide, script, id=f"{1280 if wide else 360}px-{'with' if script else 'without'}-script")
    for wide in (False, True)
    for script in (True, False)
]


def newest_reference(site: Site) -> str:
    return str(site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0])


@pytest.mark.parametrize(("wide", "script"), WAYS)
def test_a_neighbour_reports_without_a_name_and_reads_the_answer_by_code(
    visitors: Visitors, site: Site, wide: bool, script: bool
) -> None:
    neighbour = visitors.arrive(wide=wide, script=script)
    neighbour.tell("Setiap malam terdengar tangis dari rumah sebelah.")
    words = neighbour.words()
    reference = newest_reference(site)
    neighbour.press("Saya sudah mencatat")
    neighbour.heading("Kamu tidak sendirian")
    assert "tulisan" not in neighbour.cookies()

    officer = visitors.staff("petugas", wide=wide, script=script)
    open_from_list(officer, reference)
    officer.reads("Setiap malam terdengar tangis dari rumah sebelah.")
    officer.page.get_by_label("Pesan").fill("Terima kasih. Kapan waktu yang aman untuk bertanya?")
    officer.press("Kirim jawaban")
    officer.reads("Terima kasih. Kapan waktu yang aman untuk bertanya?")

    elsewhere = visitors.arrive(wide=wide, script=script)
    elsewhere.open_by_code(words)
    elsewhere.look("thread")
    elsewhere.reads("Terima kasih. Kapan waktu yang aman untuk bertanya?")
    assert elsewhere.page.locator(".track .is-now").inner_text() == "Sedang ditangani"
    assert reference not in elsewhere.page.content()
    elsewhere.page.get_by_label("Pesan").fill("Sore hari, setelah jam empat.")
    elsewhere.press("Kirim pesan")
    elsewhere.reads("Sore hari, setelah jam empat.")

    officer.go(f"/berkas/{reference}/")
    officer.reads("Sore hari, setelah jam empat.")


@pytest.mark.parametrize(("wide", "script"), [WAYS[0], WAYS[3]])
def test_a_name_stays_sealed_until_it_is_opened_and_opening_it_is_recorded(
    visitors: Visitors, site: Site, wide: bool, script: bool
) -> None:
    name = "Wulandari Puspitaningrum"
    reporter = visitors.arrive(wide=wide, script=script)
    reporter.tell(
        "Saya takut pulang ke rumah.", name=name, phone="0812 5550 1234", place="31.73.01", never_call=True
    )
    reference = newest_reference(site)

    officer = visitors.staff("petugas", wide=wide, script=script)
    officer.go("/laporan/")
    row = officer.page.get_by_role("row").filter(has_text=reference)
    assert "W.P." in row.inner_text().replace(" ", "")
    assert "Wulandari" not in officer.page.content()
    open_from_list(officer, reference)
    officer.look("dossier")
    assert "Wulandari" not in officer.page.content()
    assert "0812 5550 1234" not in officer.page.content()
    officer.reads("Jangan pernah menelepon.")
    officer.press("Buka kontak pelapor")
    officer.reads("0812 5550 1234")
    officer.look("contact of who reported")
    officer.page.get_by_role("link", name="Kembali ke berkas").click()
    officer.press("Buka identitas")
    officer.reads(name)
    officer.look("identity")
    opened = site.rows(
        "SELECT e.actor_id FROM ledger_entry e JOIN access_dossier d ON d.id = e.dossier_id "
        "WHERE d.reference = %s AND e.verb = 'opened' "
        "AND 'name' = ANY (e.fields_named)",
        [reference],
    )
    assert len(opened) == 1
    officer.page.get_by_role("link", name="Kembali ke berkas").click()
    assert "Wulandari" not in officer.page.content()

    head = visitors.staff("kepala", wide=wide, script=script)
    head.go("/jurnal/")
    head.look("journal")
    entry = head.page.locator(".moj-timeline__item").filter(has_text="Rina Contoh").filter(has_text=OPENED)
    assert entry.count() >= 1
    assert "Wulandari" not in head.page.content()
    head.go(f"/berkas/{reference}/")
    head.look("dossier of the head")
    assert head.page.locator(".moj-timeline__item").filter(has_text=OPENED).count() == 1


def open_from_list(officer: Visitor, reference: str) -> None:
    officer.go("/laporan/")
    officer.look("reports")
    officer.page.get_by_role("link", name=reference).click()
    officer.heading(reference)
