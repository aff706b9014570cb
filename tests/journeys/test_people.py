"""Who is who: a child with a barred father, a child alone, a trans client, an adult man.

Source: care.md 10 to 13, 22; issue 5.
"""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.arranging import a_case, a_person, a_report, born, needs
from tests.journeys.one_report import Case, add_person, labelled
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site
from tests.journeys.test_letters import text_of

CHILD, FATHER, MOTHER = "Kenanga Prameswari", "Suparman Hadiwijoyo", "Lastri Prameswari"
REGISTERED, WISH = "Bagus Wiratmaja", "petugas perempuan"


def a_file(site: Site) -> Case:
    return Case(site, a_report(site))


def propose(case: Case, officer: Visitor, name: str, relation: str) -> None:
    case.follow(officer, "Tentukan wali pendamping", "guardian page")
    officer.page.get_by_label("Orang yang belum tercatat").check()
    officer.page.get_by_label("Nama, kalau belum tercatat").fill(name)
    officer.page.get_by_label("Siapa bagi anak").select_option(label=relation)
    officer.press("Simpan keputusan")


def test_a_child_whose_father_is_reported_gets_another_guardian_by_a_second_judgment(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 10 (only the reported person is barred; who may depend on him needs a supervisor)."""
    case = a_file(site)
    a_person(site, case.reference, "client", CHILD, born_on=born(13))
    a_person(site, case.reference, "reported", FATHER, relation="father", sex="m")
    needs(site, case.reference, ["psychological"])
    officer = visitors.staff("petugas", wide=False, both_widths=True)

    propose(case, officer, "Soeparman Hadi Wijoyo", "Ayah kandung")
    expect(officer.page).to_have_url(re.compile("/wali/ditolak/"))
    officer.heading("Orang ini belum bisa menjadi wali")
    officer.look("guardian refused, neutral")
    neutral = officer.page.locator("section.card").inner_text().lower()
    assert not [word for word in ("terlapor", "ayah", "pelaku", "nama") if word in neutral], neutral

    propose(case, officer, MOTHER, "Ibu kandung")
    case.back(officer)
    officer.reads("menunggu putusan penyelia")
    officer.look("file with a guardian who waits")
    case.follow(officer, "Catat persetujuan", "consent without guardian")
    officer.reads("belum punya wali pendamping")

    supervisor = visitors.staff("penyelia", wide=False, both_widths=True)
    duty = supervisor.finds("Putuskan wali untuk anak", case.reference)
    duty.get_by_role("link").first.click()
    supervisor.heading("Putusan tentang wali")
    supervisor.reads("Ia mungkin bergantung pada terlapor")
    supervisor.look("ruling about a guardian")
    supervisor.page.get_by_label("Ia menjadi wali pendamping anak ini").check()
    supervisor.press("Simpan putusan")
    case.back(supervisor)
    assert "menunggu putusan penyelia" not in supervisor.page.inner_text("main")

    case.follow(officer, "Catat persetujuan", "consent with guardian")
    officer.page.get_by_label("Psikologis", exact=True).check()
    officer.page.get_by_label("Setuju", exact=True).check()
    officer.page.get_by_label("Wali pendamping, dengan kata anak").check()
    officer.page.get_by_label("Ya, ia bisa mengatakannya lagi").check()
    officer.page.get_by_label("Tanda tangan").check()
    officer.press("Simpan jawaban")
    assert officer.page.url.endswith(f"/persetujuan/{case.reference}/"), "a child of 13 is asked itself"
    officer.page.get_by_label("Anak setuju", exact=True).check()
    officer.press("Simpan jawaban")
    case.back(officer)
    assert site.rows(
        "SELECT c.basis, c.assent FROM consent_consent c JOIN access_dossier d ON d.id = c.dossier_id "
        "WHERE d.reference = %s",
        [case.reference],
    ) == [("guardian", "given")]


def test_a_child_alone_is_asked_whom_it_trusts_and_nobody_calls_its_parents(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 11 and 12."""
    child = visitors.arrive(both_widths=True)
    child.tell(
        "Aku takut pulang. Tolong jangan bilang ayah.", name="Nanda", kind="Saya sendiri yang mengalami"
    )
    case = Case(site)
    case.reference = str(
        site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0]
    )
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    case.follow(officer, "Catat orang", "add person")
    officer.page.get_by_role("group", name="Orangnya").get_by_label(re.compile("Pelapor")).check()
    officer.page.get_by_label("Klien", exact=True).check()
    officer.page.get_by_label("Kalau tidak tahu: kira-kira umur").fill("14")
    officer.press("Simpan")
    case.back(officer)

    case.follow(officer, "Catat orang", "add person for a child")
    officer.reads("Siapa yang kamu percaya? Siapa yang tidak boleh tahu?")
    roles = officer.page.get_by_role("group", name="Sebagai apa").get_by_role("radio")
    assert [roles.nth(place).get_attribute("value") for place in (0, 1)] == ["trusted", "kept_out"]
    asked = officer.page.inner_text("main")
    assert "Jangan minta nama atau nomor orang tua" in asked
    assert "Nomor telepon" not in asked
    officer.page.get_by_label(re.compile("^Tidak boleh tahu")).check()
    officer.page.get_by_label("Siapa bagi klien").select_option(label="Ayah kandung")
    officer.press("Simpan")
    case.back(officer)
    officer.reads("Anak ini melapor tanpa wali, dan ada yang tidak boleh tahu.")
    officer.look("file of a child alone")

    case.follow(officer, "Tentukan wali pendamping", "guardian of a child alone")
    proposed = officer.page.get_by_role("group", name="Calon wali").locator("label")
    assert "pendamping dari unit" in proposed.first.inner_text()
    officer.reads("Usulkan dulu pendamping dari unit")

    needs(site, case.reference, ["medical"])
    case.follow(officer, "Catat persetujuan", "consent of a child alone")
    assert officer.page.get_by_label("Keputusan penyelia demi kepentingan terbaik anak").count() == 0
    supervisor = visitors.staff("penyelia", wide=False, both_widths=True)
    case.follow(supervisor, "Catat persetujuan", "consent by a supervisor")
    supervisor.page.get_by_label("Kesehatan dan visum", exact=True).check()
    supervisor.page.get_by_label("Setuju", exact=True).check()
    supervisor.page.get_by_label("Keputusan penyelia demi kepentingan terbaik anak").check()
    supervisor.page.get_by_label("Anak setuju", exact=True).check()
    supervisor.page.get_by_label("Ya, ia bisa mengatakannya lagi").check()
    supervisor.page.get_by_label("Lisan, di depan saksi").check()
    supervisor.page.get_by_label("Nama saksi").fill("Dokter jaga puskesmas")
    supervisor.press("Simpan jawaban")
    case.back(supervisor)
    supervisor.reads("keputusan penyelia")

    case.follow(officer, "Tentukan wali pendamping", "guardian of a child alone")
    officer.page.get_by_label(re.compile("^Sari Contoh")).check()
    officer.press("Simpan keputusan")
    case.back(officer)
    assert "Anak ini melapor tanpa wali" not in officer.page.inner_text("main")


def test_a_trans_client_is_met_by_her_name_and_papers_stay_where_a_national_form_asks(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 22."""
    case = a_file(site)
    client = a_person(site, case.reference, "client", "Renata", born_on=born(24), sex="u")
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    case.follow(officer, "Sapaan dan pilihannya", "courtesy")
    officer.page.get_by_label(re.compile("^Sapaan")).fill("Kak")
    officer.page.get_by_label("Nama yang ia ingin dipakai").fill("Rere")
    officer.page.get_by_label("Petugas perempuan").check()
    officer.page.get_by_label("Kamar sendiri").check()
    officer.press("Simpan")
    case.back(officer)
    officer.reads("Sapa: Kak Rere · petugas perempuan")
    case.follow(officer, "Latar belakang", "background")
    officer.page.get_by_label("Nama di surat-surat, kalau berbeda").fill(REGISTERED)
    officer.page.get_by_label("Jenis kelamin di surat-surat, kalau berbeda").select_option(label="Laki-laki")
    officer.look("background, filled")
    officer.press("Simpan")
    case.back(officer)
    officer.look("file with an address")

    for page in (f"/berkas/{case.reference}/", "/laporan/", f"/persetujuan/{case.reference}/"):
        assert officer.go(page) == 200, page
        shown = re.sub(WISH, "", words_shown(officer), flags=re.I)
        assert REGISTERED not in shown and not re.search("laki-laki|perempuan", shown, re.I), page
    officer.go(f"/berkas/{case.reference}/")
    officer.press("Buka identitas")
    officer.reads("Renata")
    assert REGISTERED not in officer.page.content()
    assert site.rows("SELECT sex FROM people_person WHERE id = %s", [client]) == [("u",)]

    told = letter_text(case, officer, "referral")
    assert "Renata" in told and REGISTERED not in told
    assert not re.search("jenis kelamin|laki-laki", told, re.I)
    told = letter_text(case, officer, "examination")
    assert REGISTERED in told and re.search("laki-laki", told, re.I)


def letter_text(case: Case, officer: Visitor, kind: str) -> str:
    """What a letter says that names her for a reason that an officer wrote."""
    assert officer.go(f"/surat/{case.reference}/baru/{kind}/") == 200
    officer.page.get_by_label("Kepada", exact=True).fill("Direktur RS Contoh")
    officer.page.get_by_label("Petugas yang disebut di surat").select_option(label=labelled(officer, "Rina"))
    if kind == "referral":
        officer.page.get_by_label("Psikologis", exact=True).check()
    officer.page.get_by_label("Identitas klien").check()
    officer.page.get_by_label("Alasan mencantumkan lebih banyak").fill("Ia sendiri meminta suratnya bernama.")
    officer.press("Terbitkan surat")
    with officer.page.expect_download() as waiting:
        officer.press("Unduh PDF")
    return text_of(Path(waiting.value.path()).read_bytes())


def test_an_adult_man_is_served_and_counted_apart(visitors: Visitors, site: Site) -> None:
    """Source: care.md 22 (men are clients; the Standar names women and children, and counts men beside them)."""
    head = visitors.staff("kepala", wide=False, both_widths=True)
    before = counted(head)
    case = a_file(site)
    officer = visitors.staff("petugas", wide=False, both_widths=True)
    add_person(case, officer, "Klien", "Joko Prasetya", born=born(31), sex="Laki-laki")
    needs(site, case.reference, ["psychological"])
    officer.page.reload()
    case.follow(officer, "Catat persetujuan", "consent of an adult")
    assert officer.page.get_by_label("Wali pendamping, dengan kata anak").count() == 0
    officer.page.get_by_label("Psikologis", exact=True).check()
    officer.page.get_by_label("Setuju", exact=True).check()
    officer.page.get_by_label("Ya, ia bisa mengatakannya lagi").check()
    officer.page.get_by_label("Tanda tangan").check()
    officer.press("Simpan jawaban")
    case.back(officer)
    officer.reads("Psikologis")
    a_case(site, case.reference, ["psychological"])
    manager = visitors.staff("manajer", wide=False, both_widths=True)
    for page in (
        f"/berkas/{case.reference}/",
        f"/orang/{case.reference}/tambah/",
        f"/kasus/{case.reference}/rencana/",
    ):
        assert manager.go(page) == 200, page
        assert not re.findall(r"\b(ibu|bu|nyonya|kandungan)\b", words_shown(manager), re.I), page
    after = counted(head)
    assert after == {**before, "Laki-laki dewasa": before.get("Laki-laki dewasa", 0) + 1}


def words_shown(officer: Visitor) -> str:
    """What a page says, without the choices of its forms and without what is folded away."""
    return str(
        officer.page.evaluate(
            "() => { const page = document.querySelector('main').cloneNode(true);"
            " page.querySelectorAll('select, fieldset, details').forEach(one => one.remove());"
            " return page.textContent }"
        )
    )


def counted(head: Visitor) -> dict[str, int]:
    """The clients of the period by who they are."""
    head.go("/standar/")
    head.look("standards")
    table = head.page.locator(".card", has_text="Klien dari laporan dalam periode").locator("tbody tr")
    rows = [row.locator("td").all_inner_texts() for row in table.all()]
    return {row[0].split(",")[0]: int(row[1]) for row in rows if row[0] != "Jumlah"}
