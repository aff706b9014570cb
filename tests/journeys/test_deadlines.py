"""Deadlines: a lawyer changes one in the browser, one runs out, and a duty to report is decided and sends nothing."""

import re
import time
from datetime import datetime

from playwright.sync_api import Locator, expect

from tests.journeys.one_report import Case, add_person, today
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site
from tests.journeys.test_report_and_answer import newest_reference
from tests.journeys.working import PATIENCE_SECONDS, run_task

RULE, ARTICLE = "/tenggat/aturan/answer/", "Keputusan Kepala Unit 7/2026 butir 2"
DUTY = "Keputusan laporan ke polisi"
REASON = "Ia takut kehilangan anaknya kalau suaminya ditahan; ditanya berdua di ruang Melati."
SENT = ("services_referral", "justice_legalstep", "notices_notice")


def deadline(person: Visitor, reference: str, name: str) -> Locator:
    """The row of a running deadline on the page of its file."""
    assert person.go(f"/berkas/{reference}/") == 200
    return person.page.get_by_role("row").filter(has=person.page.get_by_role("link", name=name, exact=True))


def due(row: Locator) -> datetime:
    told = row.locator("time").first.get_attribute("datetime")
    assert told
    return datetime.fromisoformat(told)


def a_report(visitors: Visitors, site: Site, story: str, name: str = "") -> str:
    visitors.arrive().tell(story, name=name)
    return newest_reference(site)


def test_a_lawyer_shortens_a_deadline_and_what_runs_already_keeps_its_own(
    visitors: Visitors, site: Site
) -> None:
    old = a_report(visitors, site, "Sudah tiga malam terdengar teriakan dari rumah nomor sembilan.")
    officer = visitors.staff("petugas")
    before = deadline(officer, old, "Jawab pelapor")
    expect(before).to_contain_text("contoh 3 hari kerja")
    old_due = due(before)

    lawyer = visitors.staff("advokat")
    lawyer.go("/tenggat/")
    lawyer.look("deadlines of a lawyer")
    lawyer.page.get_by_role("link", name="Aturan tenggat").click()
    lawyer.heading("Aturan tenggat")
    lawyer.look("rules of deadlines")
    lawyer.page.get_by_role("link", name="Jawab pelapor").click()
    lawyer.heading("Jawab pelapor")
    lawyer.look("rule of a deadline")
    expect(lawyer.page.locator("section").first).to_contain_text("3 hari kerja")
    assert lawyer.page.get_by_label("Berlaku mulai").input_value() == today()

    lawyer.page.get_by_label("Lamanya").fill("2")
    lawyer.page.get_by_label("Dasar hukum atau aturan").fill("")
    lawyer.press("Simpan aturan baru")
    lawyer.reads("Tulis dasarnya: tenggat tanpa dasar tidak bisa diperiksa siapa pun.")
    lawyer.look("rule of a deadline refused")
    assert lawyer.page.get_by_label("Lamanya").input_value() == "2", "what was typed stays"
    lawyer.page.get_by_label("Dasar hukum atau aturan").fill(ARTICLE)
    lawyer.press("Simpan aturan baru")
    lawyer.reads("Aturan baru tersimpan. Tenggat yang sudah berjalan tidak berubah.")
    lawyer.heading("Jawab pelapor")
    now = lawyer.page.get_by_role("row").filter(has_text="berlaku sekarang")
    expect(now).to_contain_text("2 hari kerja")
    expect(now).to_contain_text("UPT PPA DKI Jakarta")
    lawyer.look("rule of a deadline changed")

    new = a_report(visitors, site, "Anak tetangga tidak masuk sekolah sejak Senin dan terlihat memar.")
    row = deadline(officer, new, "Jawab pelapor")
    expect(row).to_contain_text(ARTICLE)
    assert due(row) < old_due
    row.get_by_role("link", name="Jawab pelapor", exact=True).click()
    officer.look("deadline of a file")
    officer.reads("2 hari kerja")
    running = deadline(officer, old, "Jawab pelapor")
    expect(running).to_contain_text("contoh 3 hari kerja")
    assert due(running) == old_due
    running.get_by_role("link", name="Jawab pelapor", exact=True).click()
    officer.reads("3 hari kerja")


def test_a_supervisor_reads_the_rules_but_only_a_lawyer_or_the_head_writes_them(
    visitors: Visitors, site: Site
) -> None:
    supervisor = visitors.staff("penyelia", wide=False)
    supervisor.go("/tenggat/")
    supervisor.look("board of deadlines")
    supervisor.page.get_by_role("link", name="Aturan tenggat").click()
    supervisor.look("rules of deadlines")
    supervisor.page.get_by_role("link", name="Keputusan laporan ke polisi").click()
    supervisor.reads("UU 12/2022 Pasal 41")
    supervisor.look("rule of a deadline read")
    assert supervisor.page.get_by_role("button", name="Simpan aturan baru").count() == 0
    versions = site.count("clocks_definition")
    for name in ("penyelia", "petugas", "pendamping", "mitra", "admin"):
        person = visitors.staff(name)
        assert person.go(RULE) == (200 if name == "penyelia" else 404), name
        token = next(cookie["value"] for cookie in person.context.cookies() if cookie["name"] == "formulir")
        answer = person.context.request.post(
            RULE,
            form={
                "csrfmiddlewaretoken": token, "from_on": today(), "is_on": "on", "name": "Jawab pelapor",
                "duty": "Tidak perlu dijawab.", "article": "tanpa dasar", "amount": "900", "measure": "days",
                "told_roles": "head",
            },
            headers={"Origin": site.url},
        )  # fmt: skip
        assert answer.status == 404, name
        person.go("/tenggat/")
        assert person.page.get_by_role("link", name="Aturan tenggat").count() == (name == "penyelia")
    assert site.count("clocks_definition") == versions


def test_a_deadline_that_runs_out_is_told_once_to_who_answers_and_once_to_the_supervisor(
    visitors: Visitors, site: Site
) -> None:
    name, story = "Kartikasari Wulaningsih", "Setiap pulang kerja ia dipukul di depan anak-anaknya."
    reference = a_report(visitors, site, story, name)
    letters = set((site.var / "mail").iterdir()) if (site.var / "mail").exists() else set()
    site.rows(
        "UPDATE clocks_clock SET started_at = now() - interval '40 days', due_at = now() - interval '35 days', "
        "fires_at = now() - interval '36 days' "
        "WHERE dossier_id = (SELECT id FROM access_dossier WHERE reference = %s) AND code = 'answer'",
        [reference],
    )
    run_task(site, "clocks.fire")
    run_task(site, "clocks.fire")
    run_task(site, "notices.send")

    officer, supervisor = visitors.staff("petugas", wide=False), visitors.staff("penyelia")
    for person, words in (
        (officer, "Tenggat terlewat"),
        (supervisor, "Tenggat terlewat belum ditangani: perlu penyelia"),
    ):
        person.go("/pemberitahuan/")
        told = person.page.get_by_role("row").filter(has_text=reference).filter(has_text="Tenggat")
        expect(told).to_have_count(1)
        expect(told).to_contain_text(words)
        person.look("notices")
        expect(person.finds(reference, "Jawab pelapor")).to_have_count(1)
        person.look("today with a late deadline")

    supervisor.go("/tenggat/")
    kinds = supervisor.page.get_by_role("region", name="Menurut tenggat")
    kinds.get_by_role("link", name="lewat tenggat: Jawab pelapor").click()
    late = supervisor.page.get_by_role("row").filter(has_text=reference)
    expect(late).to_contain_text("lewat tenggat")
    supervisor.look("late deadlines of one kind")
    late.get_by_role("link", name=reference).click()
    expect(supervisor.page).to_have_url(re.compile(f"/berkas/{reference}/$"))
    nothing_but_a_word_left_by_mail(site, reference, (name, story), letters)

    officer.go(f"/berkas/{reference}/")
    officer.page.get_by_label("Pesan").fill("Terima kasih sudah menulis. Apakah kamu aman sekarang?")
    officer.press("Kirim jawaban")
    officer.page.get_by_text("Tenggat yang sudah selesai").click()
    ended = officer.page.get_by_role("listitem").filter(has_text="Jawab pelapor").filter(has_text="Terpenuhi")
    expect(ended).to_contain_text("sesudah tenggat")
    officer.look("file with a deadline met late")
    supervisor.go("/tenggat/?keadaan=lewat&kode=answer")
    expect(supervisor.page.get_by_role("row").filter(has_text=reference)).to_have_count(0)


def nothing_but_a_word_left_by_mail(
    site: Site, reference: str, secrets: tuple[str, ...], before: set[object]
) -> None:
    """Source: care.md 7 and ADR-0011: a locked telephone shows that something waits, and nothing else."""
    waiting = (
        "SELECT count(*) FILTER (WHERE w.sent_at IS NULL), count(*) FROM notices_delivery w "
        "JOIN notices_notice n ON n.id = w.notice_id JOIN access_dossier d ON d.id = n.dossier_id "
        "WHERE d.reference = %s AND n.kind IN ('clock_late', 'escalated')"
    )
    until = time.monotonic() + PATIENCE_SECONDS
    while (told := site.rows(waiting, [reference])[0])[0] and time.monotonic() < until:
        run_task(site, "notices.send")
    assert told[0] == 0
    assert told[1] >= 2
    letters = {letter: letter.read_text() for letter in set((site.var / "mail").iterdir()) - before}
    whom = "\n".join(letters.values())
    assert "petugas@contoh.example" in whom
    assert "penyelia@contoh.example" in whom
    for letter, text in letters.items():
        for word in (
            *secrets,
            *" ".join(secrets).split()[:2],
            reference,
            "enggat",
            "pelapor",
            "penyelia@unit",
        ):
            assert word not in text, f"{letter}: {word}"


def test_the_duty_to_report_is_decided_with_her_and_sends_nothing(visitors: Visitors, site: Site) -> None:
    """Source: care.md 9: for an offence on complaint her no is the outcome."""
    visitors.arrive().tell(
        "Suami saya memaksa saya, sudah berkali-kali.", kind="Saya sendiri yang mengalami", until="send"
    )
    case, officer = Case(site, newest_reference(site)), visitors.staff("petugas", wide=False)
    add_person(case, officer, "Klien", "Puspita Handayani", born="1990-05-17", sex="Perempuan")
    expect(deadline(officer, case.reference, DUTY)).to_have_count(0)
    case.follow(officer, "Catat kejadian", "incident")
    officer.page.get_by_label("Seksual", exact=True).check()
    officer.press("Simpan")
    case.back(officer)

    expect(deadline(officer, case.reference, DUTY)).to_contain_text("UU 12/2022 Pasal 41")
    officer.page.get_by_role("link", name=re.compile("^Catat keputusan")).click()
    officer.look("decision about a report")
    officer.reads("Tidak ada yang dikirim dari sini")
    page, second_window = officer.page.url, officer.context.new_page()
    second_window.goto(page)
    decide(officer, "Dilaporkan walau ia belum setuju", REASON)
    officer.look("decision about a report refused")
    officer.reads("Ini delik aduan dan ia tidak setuju")
    assert officer.page.get_by_label("Alasan keputusan").input_value() == REASON, "what was typed stays"
    before = [site.count(table) for table in SENT]
    officer.page.get_by_label("Tidak dilaporkan: keputusannya dihormati").check()
    officer.press("Catat keputusan")
    case.back(officer)
    expect(deadline(officer, case.reference, DUTY)).to_have_count(0)
    assert [site.count(table) for table in SENT] == before

    officer.go(page.replace("keputusan/", ""))
    officer.reads("Tidak dilaporkan: keputusannya dihormati")
    officer.reads(REASON)
    officer.look("decision that was made")
    for stranger in ("tetangga", "admin", "mitra", "pendamping"):
        for address in (page, officer.page.url):
            assert visitors.staff(stranger).go(address) == 404, stranger
    officer.go(page)
    expect(officer.page).not_to_have_url(re.compile("keputusan"))
    officer.page = second_window
    decide(officer, "Dilaporkan walau ia belum setuju", "Diubah kemudian.", complaint="Tidak")
    officer.reads("Tenggat ini sudah berakhir")
    ruled = "SELECT r.ruling FROM clocks_ruled r JOIN access_dossier d ON d.id = r.dossier_id WHERE d.reference = %s"
    assert site.rows(ruled, [case.reference]) == [("respect",)]


def decide(officer: Visitor, ruling: str, reason: str, complaint: str = "Ya") -> None:
    answers = {
        "Apakah ini delik aduan?": complaint,
        "Apakah korban anak?": "Tidak",
        "Apakah korban penyandang disabilitas?": "Tidak",
        "Apakah ia setuju dilaporkan ke polisi?": "Tidak",
        "Apakah ada bahaya bagi nyawa atau keselamatannya?": "Ya",
    }
    for question, answer in answers.items():
        group = officer.page.get_by_role("group", name=question)
        group.get_by_label(answer, exact=True).check()
    officer.page.get_by_label(ruling).check()
    officer.page.get_by_label("Alasan keputusan").fill(reason)
    officer.press("Catat keputusan")
