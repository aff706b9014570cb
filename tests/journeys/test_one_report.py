"""One report travels all of it: from a neighbour's telephone to the end of a case, each step by its own person."""

import re
from datetime import datetime, timedelta
from functools import cache, reduce
from urllib.parse import quote

from tests.journeys.one_report import (
    HERE,
    SECRETS,
    STORY,
    Case,
    labelled,
    law_takes_its_way,
    professions_do_their_part,
    she_comes_home_and_the_case_ends,
    the_companion_reaches_and_assesses,
    the_hospital_sees_what_was_agreed,
    the_manager_takes_plans_and_refers,
)
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site

# Who works with a telephone; the others sit at a desk.
OUT_AND_ABOUT = ("petugas", "pendamping", "mitra", "psikolog")


def test_one_report_travels_all_of_it(visitors: Visitors, site: Site) -> None:
    case = Case(site)

    @cache
    def staff(name: str) -> Visitor:
        return case.watch(visitors.staff(name, wide=name not in OUT_AND_ABOUT, both_widths=True))

    code = a_neighbour_reports(visitors, case)
    an_officer_asks_and_sends_a_companion(visitors, case, staff("petugas"), code)
    the_companion_reaches_and_assesses(case, staff("pendamping"))
    the_manager_takes_plans_and_refers(case, staff("penyelia"), staff("manajer"))
    professions_do_their_part(case, staff("psikolog"), staff("rohani"))
    the_hospital_sees_what_was_agreed(case, staff("mitra"))
    law_takes_its_way(case, staff("advokat"))
    she_comes_home_and_the_case_ends(case, staff("manajer"), staff("pendamping"))
    the_head_reads_the_standards(case, staff("kepala"))
    the_neighbour_reads_done_and_nothing_else(visitors, case, code)
    nobody_else_gets_anything(visitors, case)


def a_neighbour_reports(visitors: Visitors, case: Case) -> str:
    began = datetime.now(HERE)
    neighbour = visitors.arrive()
    neighbour.tell(STORY, place="31.73.01")
    words = neighbour.words()
    assert datetime.now(HERE) - began < timedelta(minutes=2)
    newest = case.site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")
    case.reference = str(newest[0][0])
    return words


def an_officer_asks_and_sends_a_companion(
    visitors: Visitors, case: Case, officer: Visitor, code: str
) -> None:
    officer.go("/hari-ini/")
    officer.look("today")
    officer.go(
        "/laporan/"
    )  # the newest first; *Hari ini* begins with what is most urgent of all that others reported
    officer.page.get_by_role("link", name=case.reference).first.click()
    officer.look("report file")
    officer.reads(STORY)
    officer.page.get_by_label("Pesan").fill("Di sekolah mana ia belajar, kalau Anda tahu?")
    officer.press("Kirim jawaban")
    neighbour = visitors.arrive()
    neighbour.open_by_code(code)
    neighbour.reads("Di sekolah mana ia belajar")
    neighbour.page.get_by_label("Pesan").fill("Di SMP dekat pasar, pulang jam dua.")
    neighbour.press("Kirim pesan")

    case.follow(officer, "Putuskan triase", "triage")
    officer.reads("penjangkauan wajib")
    officer.page.get_by_label("Penjangkauan – Pelapor bukan korban: penjangkauan wajib").check()
    officer.press("Simpan keputusan")
    case.back(officer)
    case.follow(officer, "Rencanakan penjangkauan", "plan outreach")
    assert officer.page.get_by_label("Rumahnya", exact=True).count() == 0
    officer.page.get_by_label("Sekolah", exact=True).check()
    officer.page.get_by_label("Nama tempat atau ruangnya").fill("Ruang UKS")
    soon = datetime.now(HERE) + timedelta(minutes=30)
    officer.page.get_by_label("Mulai").fill(soon.strftime("%Y-%m-%dT%H:%M"))
    officer.page.get_by_label("Alasan yang dipakai").fill("Pemeriksaan kesehatan sekolah.")
    officer.page.get_by_label("Rencana keselamatan").fill(
        "Guru UKS ikut; kalau ayah datang, bicara soal gizi."
    )
    officer.page.get_by_label("Pendamping yang berangkat").select_option(
        label=labelled(officer, "Sari Contoh")
    )
    officer.press("Simpan rencana")
    case.back(officer)


def the_head_reads_the_standards(case: Case, head: Visitor) -> None:
    head.go("/standar/")
    head.look("standards")
    rows = head.page.locator("tr")
    ways = {
        code: rows.filter(has=head.page.get_by_text(code, exact=True))
        .locator("a")
        .first.get_attribute("href")
        for code in ("I.1", "II.2", "III.3", "III.4", "IV.5", "IV.6", "V.7", "V.8")
    }
    for code, way in ways.items():
        head.go(str(way))
        head.page.get_by_role("link", name="Berkas yang sudah").click()
        head.look(f"standard {code}")
        text = head.page.inner_text("main")
        for part in ("Pembilang", "Penyebut", "Target", "63/2014"):
            assert part in text, f"{code}: {part}"
        assert case.reference in text, f"{code} does not show the case behind it"


def the_neighbour_reads_done_and_nothing_else(visitors: Visitors, case: Case, code: str) -> None:
    neighbour = visitors.arrive()
    neighbour.open_by_code(code)
    assert neighbour.page.locator(".track .is-now").inner_text() == "Selesai"
    shown = neighbour.page.inner_text("body")
    known = {STORY, "Di SMP dekat pasar, pulang jam dua.", "Di sekolah mana ia belajar, kalau Anda tahu?"}
    for secret in set(SECRETS) - known:
        assert secret not in neighbour.page.content(), secret
    for word in (
        "penjangkauan",
        "psikolog",
        "rumah sakit",
        "polisi",
        "bibi",
        "ayahnya",
        "wali",
        case.reference,
    ):
        assert word.lower() not in shown.lower().replace(STORY.lower(), ""), word


def nobody_else_gets_anything(visitors: Visitors, case: Case) -> None:
    """Someone else's staff, an administrator and somebody without an account try every page of the journey."""
    inside = sorted(page for page in case.pages if page.startswith("/") and "/akun/" not in page)
    assert len(inside) > 25
    for who in ("tetangga", "admin", ""):
        stranger = visitors.staff(who) if who else visitors.arrive(wide=True)
        for page in inside:
            answer = stranger.context.request.get(page)
            text = answer.text()
            assert answer.status in (200, 404, 405), f"{who or 'anonymous'} got {answer.status} at {page}"
            # The sign-in page leads back to the address that was typed; nothing else knows the number.
            asked = {page, quote(page), quote(page, safe="")}
            assert case.reference not in reduce(lambda left, part: left.replace(part, ""), asked, text), page
            for secret in SECRETS:
                assert secret not in text, f"{who or 'anonymous'} read {secret} at {page}"
            own = case.reference in page or re.search(r"[0-9a-f]{8}-", page)
            if own and who:
                assert answer.status in (404, 405), f"{who} got {answer.status} at {page}"
            if own and not who:
                assert "/akun/login/" in answer.url or answer.status == 405, (
                    f"anonymous got {answer.url} at {page}"
                )
