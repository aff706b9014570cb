"""What may be known by whom: an adult with an interpreter, a guardian who turns out to be the one reported, and a woman
who withdraws half of what she agreed to. Source: care.md 9 to 11, 23; issue 5.
"""

import re

from playwright.sync_api import expect

from tests.journeys.arranging import a_case, a_person, a_report, born, fill
from tests.journeys.one_report import Case, today
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site

HOSPITAL, CLINIC = "RSUD Contoh Sehat", "Puskesmas Contoh Sejahtera"
SIGN = "Juru bahasa isyarat"
INTERPRETER = "Bu Ratri, juru bahasa BISINDO"


def ask(
    case: Case,
    manager: Visitor,
    services: list[str],
    partner: str = "",
    *,
    also: tuple[str, ...] = (),
    helper: str = "",
    guardian: bool = False,
) -> None:
    """The words were read; what was answered is written down."""
    case.follow(manager, "Catat persetujuan", f"consent for {partner or 'the unit'}")
    page = manager.page
    for service in services:
        page.get_by_label(service, exact=True).check()
    if partner:
        page.get_by_label("Diberikan oleh").select_option(label=partner)
    for section in also:
        page.get_by_label(re.compile(f"^{section}")).check()
    page.get_by_label("Setuju", exact=True).check()
    if guardian:
        page.get_by_label("Wali pendamping, dengan kata anak").check()
        page.get_by_label("Anak setuju", exact=True).check()
    if helper:
        page.get_by_label("Ya, dengan bantuan juru bahasa").check()
        page.get_by_label("Nama juru bahasa atau pembantu").fill(helper)
    else:
        page.get_by_label("Ya, ia bisa mengatakannya lagi").check()
    page.get_by_label("Tanda tangan").check()
    manager.press("Simpan jawaban")
    case.back(manager)


def test_an_adult_with_a_disability_answers_herself_with_the_interpreter_she_chose(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 11 and 23 (disability never moves consent to somebody else; what she needs is told where she
    agrees).
    """
    case = Case(site, a_report(site))
    a_person(site, case.reference, "client", "Sekar Ayuningtyas", born_on=born(29))
    a_case(site, case.reference, ["medical", "psychological"])
    manager = visitors.staff("manajer", wide=False, both_widths=True)
    case.follow(manager, "Kebutuhan", "support")
    manager.page.get_by_label("Sensorik: rungu").check()
    manager.page.get_by_label(SIGN, exact=True).check()
    manager.page.get_by_label("Bahasa isyarat BISINDO").check()
    manager.page.get_by_label("Juru bahasa diperlukan untuk").select_option(label="Bahasa isyarat BISINDO")
    manager.page.get_by_label(re.compile("^Siapa yang membantunya memutuskan")).fill("Kakaknya, Mbak Ayu")
    manager.press("Simpan")
    case.back(manager)
    manager.reads("BISINDO")
    manager.look("file with needs")
    assert manager.page.get_by_role("link", name="Tentukan wali pendamping").count() == 0

    case.follow(manager, "Catat persetujuan", "consent with help")
    assert manager.page.get_by_label("Wali pendamping, dengan kata anak").count() == 0
    manager.page.get_by_label("Kesehatan dan visum", exact=True).check()
    manager.page.get_by_label("Setuju", exact=True).check()
    manager.page.get_by_label("Ya, dengan bantuan juru bahasa").check()
    manager.page.get_by_label("Tanda tangan").check()
    manager.press("Simpan jawaban")
    manager.reads("Tulis nama juru bahasa atau orang yang membantu.")
    manager.look("consent without the helper's name")
    manager.page.get_by_label("Belum", exact=True).check()
    manager.page.get_by_label("Nama juru bahasa atau pembantu").fill(INTERPRETER)
    manager.press("Simpan jawaban")
    assert manager.page.url.endswith(f"/persetujuan/{case.reference}/"), (
        "who has not understood has not agreed"
    )
    case.just_back = None

    ask(case, manager, ["Kesehatan dan visum"], HOSPITAL, also=("Kebutuhan khusus",), helper=INTERPRETER)
    ask(case, manager, ["Psikologis"], CLINIC, helper=INTERPRETER)
    hospital, clinic = (
        visitors.staff("mitra", wide=False, both_widths=True),
        visitors.staff("klinik", wide=False, both_widths=True),
    )
    case.open(hospital)
    hospital.reads("BISINDO")
    hospital.look("number of a partner that knows her needs")
    case.open(clinic)
    for word in ("BISINDO", "isyarat", "rungu", "Mbak Ayu"):
        assert word not in clinic.page.content(), word
    assert INTERPRETER not in hospital.page.content()


def test_a_guardian_who_turns_out_to_be_the_one_reported_loses_what_he_opened(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 10."""
    case = Case(site, a_report(site))
    a_person(site, case.reference, "client", "Kenanga Prameswari", born_on=born(13))
    fill(
        site, "petugas", f"/orang/{case.reference}/wali/",
        who="new", name="Suparman Hadiwijoyo", relation="father", sex="m",
    )  # fmt: skip
    a_case(site, case.reference, ["psychological"])
    manager, hospital = (
        visitors.staff("manajer", wide=False, both_widths=True),
        visitors.staff("mitra", wide=False, both_widths=True),
    )
    ask(case, manager, ["Psikologis"], HOSPITAL, guardian=True)
    case.open(hospital)
    assert case.reference in hospital.page.content()

    case.follow(manager, "Catat orang", "add person")
    guardian = manager.page.get_by_role("group", name="Orangnya").get_by_label(re.compile("Wali pendamping"))
    guardian.check()
    manager.page.get_by_label("Terlapor", exact=True).check()
    manager.page.get_by_label("Siapa bagi klien").select_option(label="Ayah kandung")
    manager.press("Simpan")
    case.back(manager)
    manager.look("file whose guardian is barred")

    assert hospital.go(f"/berkas/{case.reference}/") == 404
    assert case.reference not in hospital.page.inner_text("main")
    case.follow(manager, "Catat persetujuan", "consent after the guardian was barred")
    manager.reads("belum punya wali pendamping")
    hospital.go("/persetujuan/penghapusan/")
    hospital.reads(case.reference)


def test_a_woman_who_withdraws_half_closes_that_half_at_once_and_each_is_asked_to_delete(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 9; issue 5 ("withdrawal at any time closes access at once, lists who had what")."""
    case = Case(site, a_report(site))
    a_person(site, case.reference, "client", "Widuri Maharani", born_on=born(34))
    a_case(site, case.reference, ["medical", "psychological", "legal"])
    manager = visitors.staff("manajer", wide=False, both_widths=True)
    ask(case, manager, ["Kesehatan dan visum"], HOSPITAL, also=("Cara menghubungi", "Cerita kejadian"))
    ask(case, manager, ["Psikologis", "Bantuan hukum"])
    planned(case, manager, "Kesehatan dan visum", "")
    planned(case, manager, "Psikologis", "Maya Contoh")
    planned(case, manager, "Bantuan hukum", "Rudi Contoh")
    hospital, psychologist = (
        visitors.staff("mitra", wide=False, both_widths=True),
        visitors.staff("psikolog", wide=False, both_widths=True),
    )
    lawyer = visitors.staff("advokat", wide=False, both_widths=True)
    for person in (hospital, psychologist, lawyer):
        case.open(person)
    hospital.press("Buka identitas")
    hospital.reads("Widuri Maharani")
    case.open(hospital)

    case.follow(manager, "Semua persetujuan", "all consents")
    manager.heading("Semua persetujuan")
    for service in ("Kesehatan dan visum", "Psikologis"):
        manager.page.get_by_role("checkbox", name=re.compile(f"^{service}")).check()
    manager.press("Tarik yang dipilih")
    manager.heading("Tarik persetujuan")
    manager.reads("Apakah ada yang memintamu berhenti?")
    manager.reads(f"Saat ini juga {HOSPITAL} tidak bisa lagi melihat:")
    manager.reads("Petugas unit untuk layanan ini keluar dari tim saat ini juga:")
    manager.look("withdraw half")
    assert "Bantuan hukum" not in manager.page.inner_text("main"), (
        "what she keeps stands in no list of what ends"
    )
    holdings = manager.page.locator("table", has_text="Identitas")
    expect(holdings.first).to_be_visible()
    manager.press("Tarik persetujuan")
    manager.heading("Semua persetujuan")
    manager.look("all consents, half withdrawn")

    hospital.page.get_by_role("button", name="Buka identitas").click()
    assert "Widuri" not in hospital.page.content()
    for person in (hospital, psychologist):
        assert person.go(f"/berkas/{case.reference}/") == 404
        person.go("/hari-ini/")
        assert person.page.get_by_role("link", name=f"/berkas/{case.reference}/").count() == 0
    case.open(lawyer)
    lawyer.reads("Proses hukum")

    the_hospital_says_what_became_of_its_copies(case, hospital)
    case.open(manager)
    manager.reads("Sudah dihapus")
    row = manager.page.get_by_role("listitem").filter(has_text="Maya Contoh")
    expect(row.filter(has_text="menunggu konfirmasi").first).to_be_visible()
    manager.look("file with recalls")


def the_hospital_says_what_became_of_its_copies(case: Case, hospital: Visitor) -> None:
    hospital.go("/persetujuan/penghapusan/")
    hospital.look("recalls")
    hospital.page.get_by_role("link", name=case.reference).first.click()
    hospital.heading("Konfirmasi penghapusan")
    assert "Widuri" not in hospital.page.content()
    hospital.look("recall")
    hospital.page.get_by_label("Sudah dihapus").check()
    hospital.press("Simpan jawaban")
    hospital.heading("Konfirmasi penghapusan")
    hospital.reads("Sudah dijawab")


def planned(case: Case, manager: Visitor, service: str, colleague: str) -> None:
    """The need is answered by a colleague, or by the partner that she agreed to."""
    case.follow(manager, "Tulis rencana", "plan")
    manager.page.get_by_label(re.compile(f"^{service}")).first.check()
    if colleague:
        manager.page.get_by_label("Rekan yang memberi layanan").select_option(label=colleague)
    manager.page.get_by_label("Mulai tanggal").fill(today())
    manager.press("Simpan rencana")
    case.back(manager)
