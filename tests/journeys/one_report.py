"""The steps of a case in the browser, from the outreach to the end: each is somebody's part of one journey."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.intake.reaching import BEGUN
from tests.journeys.people import Visitor
from tests.journeys.running import Site

HERE = ZoneInfo("Asia/Jakarta")
STORY = "Anak perempuan tetangga saya, kira-kira lima belas tahun, dipukuli ayahnya hampir setiap malam."
CHILD, FATHER, AUNT = "Melati Kusumaningtyas", "Suparman Hadiwijoyo", "Endang Kusumawardani"
CHRONOLOGY = "Sejak kelas delapan ia dipukul dengan ikat pinggang bila pulang terlambat."
SESSION = "Mulai bercerita tentang tidurnya; sesi berikut soal rasa aman."
TREATMENT = "Memar di lengan dirawat, kontrol seminggu lagi."
VISUM, POLICE = "VER/117/XI/2026/RSCS", "LP/B/2211/XI/2026"
SECRETS = (STORY, CHILD, FATHER, AUNT, CHRONOLOGY, SESSION, TREATMENT, VISUM, POLICE, "M. K.")
NEEDED = [
    "Kesehatan dan visum",
    "Psikologis",
    "Bantuan hukum",
    "Bimbingan rohani",
    "Pemulangan",
    "Reintegrasi sosial",
]


@dataclass
class Case:
    """What the journey knows of itself: the file's number, and every page of it that somebody was on."""

    site: Site
    reference: str = ""
    pages: set[str] = field(default_factory=set)
    just_back: Visitor | None = None

    def watch(self, person: Visitor) -> Visitor:
        person.page.on(
            "framenavigated", lambda frame: self.pages.add(re.sub(r"^https?://[^/]+", "", frame.url))
        )
        return person

    def open(self, person: Visitor) -> None:
        self.just_back = None
        assert person.go(f"/berkas/{self.reference}/") == 200

    def follow(self, person: Visitor, link: str, name: str) -> None:
        """Open the file, if this person has not just come back to it, take a way that it offers, look at the page."""
        if self.just_back is not person or not person.page.url.endswith(f"/berkas/{self.reference}/"):
            self.open(person)
        self.just_back = None
        person.page.get_by_role("link", name=link, exact=True).first.click()
        person.look(name)

    def back(self, person: Visitor) -> None:
        """A form was taken: the person is back at the file."""
        expect(person.page).to_have_url(re.compile(rf"/berkas/{self.reference}/$"))
        self.just_back = person


def today() -> str:
    return datetime.now(HERE).strftime("%Y-%m-%d")


def labelled(person: Visitor, name: str) -> str:
    """The label of the option that begins with a name: it may say more, such as how much somebody has to do."""
    options = person.page.locator("select option").all_inner_texts()
    return next(text for text in options if text.strip().startswith(name))


def add_person(
    case: Case, by: Visitor, role: str, name: str, *, born: str = "", sex: str, relation: str = ""
) -> None:
    case.follow(by, "Catat orang", "add person")
    by.page.get_by_label(role, exact=True).check()
    by.page.get_by_label(re.compile(r"^Nama\b")).fill(name)
    by.page.get_by_label(sex, exact=True).check()
    if born:
        by.page.get_by_label("Tanggal lahir").fill(born)
    if relation:
        by.page.get_by_label("Siapa bagi klien").select_option(label=relation)
    by.press("Simpan")
    case.back(by)


def note_safety(case: Case, by: Visitor, link: str, level: str, text: str) -> None:
    case.follow(by, link, "safety")
    by.page.get_by_label(level, exact=True).check()
    by.page.get_by_label("Catatan keamanan").fill(text)
    by.press("Simpan catatan")
    case.back(by)


def agree(case: Case, by: Visitor, services: list[str], partner: str) -> None:
    case.follow(by, "Catat persetujuan", "consent")
    for service in services:
        by.page.get_by_label(service, exact=True).check()
    if partner:
        by.page.get_by_label("Diberikan oleh").select_option(label=partner)
    by.page.get_by_label("Setuju", exact=True).check()
    by.page.get_by_label("Wali pendamping, dengan kata anak").check()
    by.page.get_by_label("Anak setuju", exact=True).check()
    by.page.get_by_label("Ya, ia bisa mengatakannya lagi").check()
    by.page.get_by_label("Tanda tangan").check()
    by.press("Simpan jawaban")
    case.back(by)


def plan(case: Case, manager: Visitor, service: str, provider: str) -> None:
    case.follow(manager, "Tulis rencana", "plan")
    manager.page.get_by_label(re.compile(f"^{service}")).first.check()
    if provider:
        select = manager.page.get_by_label("Rekan yang memberi layanan")
        options = select.locator("option").all_inner_texts()
        select.select_option(label=next(text for text in options if text.strip().startswith(provider)))
    manager.page.get_by_label("Mulai tanggal").fill(today())
    manager.press("Simpan rencana")
    case.back(manager)


def outreach_page(case: Case) -> str:
    found = case.site.rows(
        "SELECT o.id FROM intake_outreach o JOIN access_dossier d ON d.id = o.dossier_id WHERE d.reference = %s",
        [case.reference],
    )
    return f"/penjangkauan/{found[0][0]}/"


def the_companion_reaches_and_assesses(case: Case, companion: Visitor) -> None:
    # The hour comes: nobody ends what has not begun.
    case.site.rows(BEGUN.format(only=""))
    companion.finds(case.reference)
    companion.go(str(outreach_page(case)))
    companion.look("end outreach")
    companion.page.get_by_label("Bertemu dan bicara berdua").check()
    companion.page.get_by_label("Belum diketahui").check()
    companion.page.get_by_label("Catatan").fill("Ia mau bercerita kepada pendamping perempuan.")
    companion.press("Simpan hasil")
    case.back(companion)

    add_person(case, companion, "Klien", CHILD, born="2011-03-02", sex="Perempuan")
    add_person(case, companion, "Terlapor", FATHER, relation="Ayah kandung", sex="Laki-laki")
    case.follow(companion, "Tentukan wali pendamping", "guardian")
    companion.page.get_by_label("Orang yang belum tercatat").check()
    companion.page.get_by_label("Nama, kalau belum tercatat").fill("Soeparman Hadi Wijoyo")
    companion.page.get_by_label("Siapa bagi anak").select_option(label="Ayah kandung")
    companion.press("Simpan keputusan")
    expect(companion.page).to_have_url(re.compile("/wali/ditolak/"))
    companion.look("guardian refused")
    case.follow(companion, "Tentukan wali pendamping", "guardian again")
    companion.page.get_by_label("Orang yang belum tercatat").check()
    companion.page.get_by_label("Nama, kalau belum tercatat").fill(AUNT)
    companion.page.get_by_label("Siapa bagi anak").select_option(label="Bibi atau paman")
    companion.press("Simpan keputusan")
    case.back(companion)

    case.follow(companion, "Catat asesmen", "assessment")
    companion.page.get_by_label("Kronologi").fill(CHRONOLOGY)
    companion.page.get_by_label("Harapan klien").fill("Tinggal di rumah bibi dan tetap sekolah.")
    companion.page.get_by_label("Sebagian asesmen dilakukan hanya berdua").check()
    companion.press("Simpan asesmen")
    case.back(companion)
    note_safety(
        case,
        companion,
        "Tulis catatan keamanan",
        "Tinggi",
        "Jangan menelepon. Temui di sekolah, Selasa atau Kamis pagi.",
    )
    case.follow(companion, "Catat kejadian", "incident")
    companion.page.get_by_label("Tanggal kejadian").fill(today())
    companion.page.get_by_label("Fisik", exact=True).check()
    companion.press("Simpan")
    case.back(companion)
    case.follow(companion, "Catat kebutuhan", "needs")
    for service in NEEDED:
        companion.page.get_by_label(service, exact=True).check()
    companion.press("Tambahkan kebutuhan")
    case.back(companion)

    agree(case, companion, ["Kesehatan dan visum"], "RSUD Contoh Sehat")
    agree(case, companion, NEEDED[1:], "")


def the_manager_takes_plans_and_refers(case: Case, supervisor: Visitor, manager: Visitor) -> None:
    case.follow(supervisor, "Atur tim", "team")
    supervisor.page.get_by_label("Rekan").select_option(label=labelled(supervisor, "Dewi Contoh"))
    supervisor.press("Masukkan ke tim")
    manager.finds(case.reference)
    case.follow(manager, "Ambil kasus", "take")
    manager.press("Ambil kasus ini")
    case.back(manager)
    manager.look("case file")
    plan(case, manager, "Kesehatan dan visum", "")
    plan(case, manager, "Psikologis", "Maya Contoh")
    plan(case, manager, "Bantuan hukum", "Rudi Contoh")
    plan(case, manager, "Bimbingan rohani", "Siti Contoh")
    plan(case, manager, "Pemulangan", "Sari Contoh")
    plan(case, manager, "Reintegrasi sosial", "Sari Contoh")
    case.follow(manager, "Kirim rujukan", "refer")
    manager.page.get_by_label("Yang diminta dari mitra").fill("Mohon pemeriksaan dan pengobatan memar.")
    manager.page.get_by_label("Penyidik meminta visum").check()
    manager.press("Kirim rujukan")
    case.back(manager)


def professions_do_their_part(case: Case, psychologist: Visitor, guide: Visitor) -> None:
    for person, note in ((psychologist, SESSION), (guide, "Berdoa bersama, ia lebih tenang.")):
        person.finds(case.reference)
        case.follow(person, "Catat layanan", "give service")
        kind = person.page.get_by_label("Bentuknya")
        kind.select_option(index=1)
        person.page.get_by_label("Catatan").fill(note)
        person.press("Simpan layanan")
        case.back(person)
        person.reads(note)
    case.open(guide)
    assert SESSION not in guide.page.content()


def the_hospital_sees_what_was_agreed(case: Case, partner: Visitor) -> None:
    partner.go("/rujukan/")
    partner.look("referrals")
    partner.page.get_by_role("link", name=case.reference).first.click()
    partner.look("referral")
    partner.reads("Mohon pemeriksaan dan pengobatan memar.")
    seen = partner.page.content()
    partner.press("Buka identitas")
    partner.reads(CHILD)
    seen += partner.page.content()
    for hidden in (STORY, FATHER, CHRONOLOGY, SESSION, "tetangga", "Terlapor", "Psikologis"):
        assert hidden not in seen, hidden
    partner.go("/rujukan/")
    partner.page.get_by_role("link", name=case.reference).first.click()
    partner.press("Terima rujukan")
    partner.page.get_by_label("Pemeriksaan dan pengobatan").check()
    partner.page.get_by_label("Catatan").fill(TREATMENT)
    partner.press("Simpan layanan")
    partner.reads(TREATMENT)
    partner.look("referral accepted")
    partner.page.get_by_role("textbox", name="Nomor visum").fill(VISUM)
    partner.page.get_by_label("Tanggal visum").fill(today())
    partner.press("Simpan nomor visum")
    partner.reads(VISUM)
    partner.press("Rujukan selesai")
    assert partner.go(f"/berkas/{case.reference}/") == 200
    for hidden in (STORY, FATHER, CHRONOLOGY, SESSION):
        assert hidden not in partner.page.content()


def law_takes_its_way(case: Case, lawyer: Visitor) -> None:
    case.follow(lawyer, "Catat layanan", "legal advice")
    lawyer.page.get_by_label("Bentuknya").select_option(label="Pendampingan proses hukum")
    lawyer.press("Simpan layanan")
    case.back(lawyer)
    for step in (
        "Laporan polisi",
        "Penyidikan",
        "P21 (berkas lengkap)",
        "Tahap II (tersangka dan barang bukti diserahkan)",
        "Sidang",
        "Putusan",
    ):
        case.follow(lawyer, "Catat langkah hukum", "legal step")
        lawyer.page.get_by_label("Langkah", exact=True).select_option(label=step)
        lawyer.page.get_by_label("Terjadi pada").fill(today())
        if step == "Laporan polisi":
            lawyer.page.get_by_label(re.compile(r"^Nomor\b")).fill(POLICE)
        if step == "Putusan":
            lawyer.page.get_by_label("Undang-undang yang dipakai").select_option(
                label="UU 35/2014 (Perlindungan Anak)"
            )
            lawyer.page.get_by_label("Hasil putusan").select_option(label="Terbukti bersalah")
        lawyer.press("Catat langkah")
        case.back(lawyer)
    lawyer.reads(POLICE)
    lawyer.look("case file of a lawyer")


def she_comes_home_and_the_case_ends(case: Case, manager: Visitor, companion: Visitor) -> None:
    case.follow(manager, "Siapkan pemulangan", "prepare return")
    manager.page.get_by_label("Keluarga pengganti").check()
    manager.page.get_by_label("Persiapannya").fill("Bibi menyiapkan kamar; ayah tidak tahu alamatnya.")
    manager.press("Simpan persiapan")
    case.back(manager)
    case.follow(manager, "Catat pertemuan tertutup", "meeting")
    invited = manager.page.get_by_role("group", name="Siapa yang hadir")
    assert "S. H." not in invited.inner_text()  # the reported person is not even offered
    manager.page.get_by_label("Tanggal pertemuan").fill(today())
    manager.page.get_by_label("Kejadiannya sudah diketahui lingkungan").check()
    invited.get_by_role("checkbox").first.check()
    manager.page.get_by_label("Klien menyetujui setiap orang ini").check()
    manager.page.get_by_label("Yang disepakati untuk keselamatan klien").fill(
        "Menghubungi pos bila ada ancaman."
    )
    manager.press("Catat pertemuan")
    case.back(manager)
    case.follow(manager, "Catat kepulangan", "home")
    manager.page.get_by_label("Pulang pada").fill(today())
    manager.page.get_by_label("Diterima kembali oleh keluarga").fill(today())
    manager.press("Simpan")
    case.back(manager)
    for _visit in range(2):
        case.follow(companion, "Catat kunjungan rumah", "visit")
        companion.page.get_by_label("Tanggal kunjungan").fill(today())
        for question in ("Tidak ada kekerasan lagi?", "Diterima tanpa stigma?", "Diberi kesempatan"):
            group = companion.page.get_by_role("group", name=re.compile(re.escape(question)))
            group.get_by_role("radio").first.check()
        companion.press("Simpan kunjungan")
        case.back(companion)
    note_safety(case, companion, "Tulis catatan baru", "Rendah", "Tinggal bersama bibi, aman.")
    case.follow(manager, "Akhiri kasus", "end")
    manager.page.get_by_label("Kebutuhan terpenuhi dan aman").check()
    manager.page.get_by_label("Klien dan profesi").check()
    manager.page.get_by_label("Sudah ditanyakan kepada klien").check()
    manager.press("Akhiri kasus")
    case.back(manager)
    manager.reads("Kebutuhan terpenuhi dan aman")
    manager.look("ended case file")
