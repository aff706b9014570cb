"""What happens between people: a consent ends under an open page, two save at once, a suspect reports."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.intake.reaching import BEGUN
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site
from tests.journeys.test_report_and_answer import newest_reference

HERE = ZoneInfo("Asia/Jakarta")


def a_waiting_referral(site: Site) -> tuple[str, str]:
    """A referral of the demonstration that the hospital has not answered: (its page, its file's number)."""
    rows = site.rows(
        "SELECT f.id, d.reference FROM services_referral f JOIN access_dossier d ON d.id = f.dossier_id "
        "JOIN access_organisation o ON o.id = f.organisation_id "
        "WHERE f.status IN ('sent', 'accepted') AND d.stage = 'case' AND o.name = 'RSUD Contoh Sehat' "
        "ORDER BY f.sent_at DESC LIMIT 1"
    )
    assert rows, "the demonstration holds no referral that waits"
    return f"/rujukan/{rows[0][0]}/", str(rows[0][1])


def test_a_consent_withdrawn_while_the_hospitals_page_is_open_closes_it_at_the_next_click(
    visitors: Visitors, site: Site
) -> None:
    page, reference = a_waiting_referral(site)
    hospital = visitors.staff("mitra")
    assert hospital.go(page) == 200
    hospital.reads(reference)

    manager = visitors.staff("manajer")
    manager.go(f"/berkas/{reference}/")
    row = manager.page.locator("tr").filter(has_text="RSUD Contoh Sehat")
    row.get_by_role("link", name=re.compile("^Tarik")).first.click()
    manager.look("withdraw")
    if manager.page.get_by_label("Klien sendiri").count():
        manager.page.get_by_label("Klien sendiri").check()
    manager.press("Tarik persetujuan")
    expect(manager.page).to_have_url(re.compile(rf"/berkas/{reference}/$"))

    hospital.page.get_by_role("button", name="Buka identitas").click()
    assert reference not in hospital.page.inner_text("main")
    assert hospital.go(page) == 404
    assert reference not in hospital.page.content()
    hospital.go("/rujukan/")
    assert reference not in hospital.page.content()
    assert hospital.go(f"/berkas/{reference}/") == 404


def test_of_two_who_save_an_assessment_at_once_both_texts_are_shown(visitors: Visitors, site: Site) -> None:
    rows = site.rows(
        "SELECT d.reference FROM cases_case c JOIN access_dossier d ON d.id = c.dossier_id "
        "WHERE d.stage = 'case' ORDER BY c.taken_at DESC LIMIT 1"
    )
    reference = str(rows[0][0])
    first, second = visitors.staff("manajer"), visitors.staff("manajer")
    for person in (first, second):
        assert person.go(f"/kasus/{reference}/asesmen/") == 200
    first.page.get_by_label("Kronologi").fill("Tulisan pertama: ia pindah ke rumah bibi.")
    first.press("Simpan asesmen")
    expect(first.page).to_have_url(re.compile(rf"/berkas/{reference}/$"))
    second.page.get_by_label("Kronologi").fill("Tulisan kedua: ia tetap di sekolah yang sama.")
    second.press("Simpan asesmen")
    second.look("conflict")
    second.reads("Tulisan pertama: ia pindah ke rumah bibi.")
    assert (
        second.page.get_by_label("Kronologi").input_value() == "Tulisan kedua: ia tetap di sekolah yang sama."
    )
    second.page.get_by_label("Kronologi").fill("Keduanya: di rumah bibi, sekolah yang sama.")
    second.press("Simpan asesmen")
    expect(second.page).to_have_url(re.compile(rf"/berkas/{reference}/$"))
    second.reads("Keduanya: di rumah bibi, sekolah yang sama.")


def test_a_father_who_reports_as_a_neighbour_learns_nothing_that_he_did_not_write(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 1 and 4."""
    father = visitors.arrive()
    father.tell("Ada anak perempuan di gang ini yang sering menangis.", place="31.73.01")
    words = father.words()
    reference = newest_reference(site)

    def reads() -> str:
        visitor = visitors.arrive()
        visitor.open_by_code(words)
        return " ".join(visitor.page.inner_text("main").split())

    officer = visitors.staff("petugas")
    officer.go(f"/berkas/{reference}/")
    officer.page.get_by_label("Pesan").fill("Terima kasih, sudah kami baca.")
    officer.press("Kirim jawaban")
    before = reads()
    officer.go(f"/laporan/{reference}/triase/")
    officer.page.get_by_label("Penjangkauan – Pelapor bukan korban: penjangkauan wajib").check()
    officer.press("Simpan keputusan")
    plan_outreach(officer, reference)
    assert reads() == before
    reported = site.rows("SELECT id FROM access_dossier WHERE reference = %s", [reference])[0][0]
    site.rows(BEGUN.format(only=f"AND o.dossier_id = '{reported}'"))
    companion = visitors.staff("pendamping")
    companion.go(f"/berkas/{reference}/")
    companion.page.get_by_role("link", name=re.compile("hasil", re.I)).first.click()
    companion.page.get_by_label("Bertemu dan bicara berdua").check()
    companion.page.get_by_label("Belum diketahui").check()
    companion.press("Simpan hasil")
    assert reads() == before
    assert "Ada anak perempuan" not in before  # a code shows messages, not even the story again
    assert officer.go(f"/berkas/{reference}/") == 200


def plan_outreach(officer: Visitor, reference: str) -> None:
    officer.go(f"/laporan/{reference}/penjangkauan/")
    officer.page.get_by_label("Sekolah", exact=True).check()
    officer.page.get_by_label("Mulai").fill(datetime.now(HERE).strftime("%Y-%m-%dT23:59"))
    officer.page.get_by_label("Alasan yang dipakai").fill("Pemeriksaan kesehatan sekolah.")
    officer.page.get_by_label("Rencana keselamatan").fill("Guru UKS ikut.")
    select = officer.page.get_by_label("Pendamping yang berangkat")
    options = select.locator("option").all_inner_texts()
    select.select_option(label=next(text for text in options if text.strip().startswith("Sari Contoh")))
    officer.press("Simpan rencana")
    expect(officer.page).to_have_url(re.compile(rf"/berkas/{reference}/$"))
