"""Every page of intake at both widths: no barrier that axe finds, one heading, a name for whoever hears it read, and
nothing wider than a telephone. What stands on them is arranged without a page; a page that is not listed is told.
"""

import re
from typing import Any

import pytest
from django.urls import URLPattern

from ruangaman.intake.urls import urlpatterns
from tests.journeys.arranging import a_person, a_report, fill
from tests.journeys.calling import Caller, words_of
from tests.journeys.people import Visitor, Visitors, signed_in
from tests.journeys.running import Site

SECRET = "bunga kertas tujuh"
PUBLIC = {
    "home": "/",
    "help_now": "/bantuan/",
    "rights": "/hak/",
    "resume": "/lapor/lanjut/",
    "check": "/cek/",
}
OFFICERS = {
    "ways": "/saluran/",
    "ticket": "/tiket/",
    "unwiped": "/catatan/ponsel/",
    "calls": "/telepon/",
    "call_backs": "/menelepon/",
    "roster": "/piket/",
    "hand_over": "/piket/serah/",
    "register": "/buku/",
    "blank_forms": "/formulir/",
    "filled_form": "/formulir/terisi/",
    "flood": "/laporan/antrean/",
    "transfers": "/rujukan-daerah/",
}
OF_A_REPORT = {
    "log_talk": "catat",
    "issue_code": "kode-klien",
    "ask_call_back": "hubungi",
    "triage": "triase",
    "first_act": "langkah",
    "merge": "gabung",
    "split": "pisah",
    "transfer": "rujuk-daerah",
    "plan_outreach": "penjangkauan",
}
# They answer a form, a script or a program, and show no page of their own.
NO_PAGES = {
    *(
        "leave",
        "answer",
        "answer_client",
        "check_file",
        "check_attach",
        "revoke_code",
        "wiped",
        "alike",
        "save_call",
    ),
    *(
        "report_piece",
        "report_piece_state",
        "report_piece_at",
        "report_piece_end",
        "report_piece_drop",
        "report_file",
    ),
    *(
        "api_reports",
        "api_report",
        "api_document",
        "api_nowhere",
        "revoke_app_key",
        "set_minutes",
        "cancel_shift",
    ),
    "blank_form",  # a PDF
}
BY_ID = {
    "way",
    "app_keys",
    "set_shifts",
    "aptitudes",
    "walls",
    "call",
    "call_back",
    "handed_over",
    "take_ring",
    "end_outreach",
    "assignment",
    "undo_joining",
    "answer_transfer",
    "without_reader",
    "unlock_code",
    "answer_wish",
    "doubt_contact",
    "renew_contact",
    "open_reporter",
}
STEPS = ("about", "child", "what", "files", "where", "reach", "contact", "check")


def one(site: Site, sql: str, *values: Any) -> Any:
    """The first value that the database gives; a page without one would not be shown."""
    found = site.rows(sql, list(values))
    assert found, sql
    return found[0][0]


def sound(person: Visitor, name: str, path: str) -> None:
    """The page is there, has one heading and a title, and holds at both widths."""
    assert person.go(path) == 200, f"{name}: {path}"
    stands(person, name)


def stands(person: Visitor, name: str) -> None:
    assert person.page.locator("h1").count() == 1, f"{name} has no heading, or several"
    assert person.page.title().strip(), name
    assert person.page.locator("main").count() == 1, name
    person.look(f"intake {name}")


@pytest.fixture(scope="module")
def reference(site: Site) -> str:
    """A report in which the client is recorded."""
    made = a_report(site)
    a_person(site, made, "client", "Melati Contoh Sari")
    return made


def test_every_page_of_intake_is_looked_at() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert names == {"report", *PUBLIC, *OFFICERS, *OF_A_REPORT, *BY_ID, *NO_PAGES}


def test_public_pages_hold_at_both_widths(visitors: Visitors) -> None:
    woman = visitors.arrive(both_widths=True)
    for name, path in PUBLIC.items():
        sound(woman, name, path)


def test_each_step_of_the_form_holds_at_both_widths(visitors: Visitors) -> None:
    girl = visitors.arrive(both_widths=True)
    girl.go("/lapor/")
    seen = []
    for _ in STEPS:
        step = girl.page.locator('input[name="step"]').last.get_attribute("value") or ""
        seen.append(step)
        stands(girl, f"step {step}")
        if step == "about":
            girl.page.get_by_label("Saya sendiri yang mengalami").check()
            girl.page.get_by_label("12 sampai 14 tahun").check()
        if step == "what":
            girl.page.locator("textarea[name=story]").fill("Cerita rekaan.")
        if step == "reach":
            girl.page.get_by_label("Telepon", exact=True).check()
        if step == "contact":
            girl.page.get_by_label(re.compile("^Nomor")).fill("0800-000-0000")
        go = "files" if step == "what" else "next"
        girl.page.locator(f'button[name="go"][value="{go}"]').first.click()
        girl.page.wait_for_load_state("load")
    assert seen == list(STEPS)
    girl.words()
    stands(girl, "receipt")


def test_pages_of_who_takes_reports_hold_at_both_widths(
    visitors: Visitors, site: Site, reference: str
) -> None:
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    for name, path in OFFICERS.items():
        sound(officer, name, path)
    for name, page in OF_A_REPORT.items():
        sound(officer, name, f"/laporan/{reference}/{page}/")
    sound(officer, "report file", f"/berkas/{reference}/")
    sound(officer, "call", f"/telepon/{one(site, 'SELECT id FROM intake_calldraft')}/")
    first = "SELECT id FROM intake_callback WHERE ended_at IS NULL ORDER BY not_before"
    sound(officer, "call_back", f"/menelepon/{one(site, first)}/")
    sound(officer, "handed_over", f"/piket/serah/{one(site, 'SELECT id FROM intake_handover')}/")


def test_a_queue_with_reports_in_it_holds_at_both_widths(visitors: Visitors, site: Site) -> None:
    made = [a_report(site) for _ in range(3)]
    site.rows(
        "UPDATE intake_report r SET in_flood = true, danger_now = (d.reference = %s) "
        "FROM access_dossier d WHERE d.id = r.dossier_id AND d.reference = ANY (%s)",
        [made[0], made],
    )
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    sound(officer, "flood with reports", "/laporan/antrean/")
    for reference in made[1:]:
        officer.page.get_by_label(f"Pilih laporan {reference}").check()
    officer.page.get_by_label("Catatan").fill("Kiriman berulang tentang sengketa parkir.")
    officer.press("Tutup: bukan kekerasan terhadap perempuan atau anak")
    officer.reads("2 laporan disimpan.")
    stands(officer, "flood after closing")
    officer.page.get_by_label(made[1], exact=True).check()
    officer.press("Batalkan penutupan")
    officer.reads("1 laporan disimpan.")


def test_pages_of_who_leads_hold_at_both_widths(visitors: Visitors, site: Site, reference: str) -> None:
    head = visitors.staff("kepala", wide=False, both_widths=True)
    app = one(site, "SELECT id FROM intake_way WHERE channel = 'app'")
    for name, path in {
        "way": f"/saluran/{app}/",
        "app_keys": f"/saluran/{app}/kunci/",
        "set_shifts": "/piket/atur/",
        "aptitudes": "/petugas/keahlian/",
        "walls": f"/laporan/{reference}/tembok/",
    }.items():
        sound(head, name, path)


def test_who_is_called_reads_it_at_both_widths(visitors: Visitors, site: Site) -> None:
    sql = "SELECT r.id, u.email FROM intake_ring r JOIN access_user u ON u.id = r.person_id ORDER BY r.rung_at DESC"
    ring, email = site.rows(sql)[0]
    called = visitors.staff(str(email).split("@")[0], wide=False, both_widths=True)
    sound(called, "take_ring", f"/piket/panggilan/{ring}/")


def test_pages_of_an_outreach_hold_at_both_widths(visitors: Visitors, site: Site) -> None:
    sql = (
        "SELECT o.id FROM intake_outreach o JOIN access_dossier d ON d.id = o.dossier_id "
        "WHERE o.ended_at IS NULL AND d.stage = 'intake' ORDER BY o.starts_at"
    )
    outreach = one(site, sql)
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    sound(officer, "end_outreach", f"/penjangkauan/{outreach}/")
    sound(officer, "assignment", f"/penjangkauan/{outreach}/tugas/")


def test_a_joining_and_a_hand_over_hold_at_both_widths(
    visitors: Visitors, site: Site, reference: str
) -> None:
    merged, sent = a_report(site), a_report(site)
    fill(site, "petugas", f"/laporan/{merged}/gabung/", near="", reference=reference, reason="same_event")
    other = one(
        site,
        "SELECT m.organisation_id FROM access_membership m JOIN access_user u ON u.id = m.user_id WHERE u.email = %s",
        "tetangga@contoh.example",
    )
    fill(
        site, "petugas", f"/laporan/{sent}/rujuk-daerah/",
        to_unit=str(other), basis="none", passes=["needs"], needs="Perlu ditemui di sekolah.",
        why="Ia tinggal di sana.",
    )  # fmt: skip
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    joined = one(site, "SELECT id FROM intake_joining WHERE undone_at IS NULL ORDER BY id DESC")
    sound(officer, "undo_joining", f"/gabungan/{joined}/batal/")
    sound(officer, "report file that was merged", f"/berkas/{merged}/")
    there = visitors.staff("tetangga", wide=False, both_widths=True)
    by_hand = (
        "SELECT id FROM intake_transfer WHERE state = 'sent' AND sent_by_id IS NOT NULL ORDER BY id DESC"
    )
    sound(there, "answer_transfer", f"/rujukan-daerah/{one(site, by_hand)}/")


def test_who_can_give_a_unit_a_supervisor_is_told_which(visitors: Visitors, site: Site) -> None:
    site.rows(
        "INSERT INTO notices_notice (id, person_id, kind, cause, made_at) SELECT gen_random_uuid(), u.id, 'no_reader', "
        "'no-reader:' || r.unit_id || ':20260101', now() FROM access_user u, intake_report r "
        "WHERE u.email = 'admin@contoh.example' AND r.about_staff LIMIT 1"
    )
    sound(visitors.staff("admin", wide=False, both_widths=True), "without_reader", "/laporan/tanpa-pembaca/")


def test_pages_of_a_clients_code_hold_at_both_widths(visitors: Visitors, site: Site, reference: str) -> None:
    words = given(site, reference)
    client = visitors.arrive(both_widths=True)
    client.go("/cek/")
    client.page.get_by_label("Kodemu").fill(words)
    client.page.get_by_label("Kata rahasiamu").fill(SECRET)
    client.press("Buka")
    client.heading("Halamanmu")
    stands(client, "a client's own page")
    client.page.get_by_label("Tolong hubungi saya").check()
    client.press("Kirim permintaan")
    client.reads("menunggu petugas")
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    wish = one(site, "SELECT id FROM intake_wish WHERE answered_at IS NULL ORDER BY id DESC")
    sound(officer, "answer_wish", f"/permintaan/{wish}/")
    thread = one(site, "SELECT id FROM intake_clientthread WHERE revoked_at IS NULL ORDER BY id DESC")
    site.rows("UPDATE intake_clientthread SET locked_at = now(), wrong_secrets = 10 WHERE id = %s", [thread])
    sound(officer, "unlock_code", f"/kode-klien/{thread}/buka/")


def test_a_contact_that_is_not_safe_any_more_holds_at_both_widths(visitors: Visitors, site: Site) -> None:
    woman = visitors.arrive()
    woman.tell("Cerita rekaan.", name="Rekaan", phone="0800 000 0000")
    reporter = visitors.arrive(both_widths=True)
    reporter.open_by_code(woman.words())
    reporter.page.get_by_text("Nomorku tidak aman lagi").click()
    reporter.press("Jangan pakai kontakku lagi")
    reporter.heading("Kami tidak memakai kontak itu lagi")
    stands(reporter, "doubt_contact")
    told = one(site, "SELECT reference FROM access_dossier ORDER BY opened_at DESC")
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    sound(officer, "renew_contact", f"/laporan/{told}/kontak/")


def test_a_number_that_a_colleague_has_just_opened_is_told_of_at_both_widths(
    visitors: Visitors, site: Site
) -> None:
    woman = visitors.arrive()
    woman.tell("Cerita rekaan.", name="Rekaan", phone="0800 555 0000")
    file = f"/berkas/{one(site, 'SELECT reference FROM access_dossier ORDER BY opened_at DESC')}/"
    first = visitors.staff("petugas", wide=False, both_widths=True)
    first.go(file)
    first.press("Buka kontak pelapor")
    first.reads("0800 555 0000")
    stands(first, "open_reporter")
    second = visitors.staff("penyelia", wide=False, both_widths=True)
    second.go(file)
    second.press("Buka kontak pelapor")
    second.reads("baru saja membuka nomor di berkas ini.")
    assert "0800 555 0000" not in second.page.content()
    stands(second, "told of a colleague who may be calling")
    second.press("Tetap buka nomornya")
    second.reads("0800 555 0000")


def test_a_clients_number_in_doubt_holds_at_both_widths(
    visitors: Visitors, site: Site, reference: str
) -> None:
    days = [str(day) for day in range(7)]
    fill(
        site, "petugas", f"/orang/{reference}/kontak/", means="call", address="0800 777 8123", weekdays=days
    )  # fmt: skip
    site.rows(
        "UPDATE people_contact SET doubted_at = now() WHERE dossier_id = "
        "(SELECT id FROM access_dossier WHERE reference = %s)",
        [reference],
    )
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    officer.go(f"/berkas/{reference}/")
    officer.press("Lihat akhir nomornya")
    officer.reads("… 123")
    assert "0800 777" not in officer.page.content()
    stands(officer, "end of a number in doubt")


def given(site: Site, reference: str) -> str:
    """The words of a code that an officer gave to the client of a file."""
    officer: Caller = signed_in("petugas", site)
    path = f"/laporan/{reference}/kode-klien/"
    person = re.search(r'name="person"[^>]*value="([0-9a-f-]{36})"', officer.get(path).text)
    assert person, "no client to give a code to"
    page = officer.post(
        path,
        person=person[1],
        identity_check="in_person",
        safety_check="by_heart",
        opens=["opens_messages"],
        second=SECRET,
        again=SECRET,
    )
    return words_of(page)
