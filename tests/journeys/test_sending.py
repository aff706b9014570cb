"""What hands do: pressing twice, going back, reloading, two tabs, a line that breaks, an hour of hesitation."""

import pytest

from tests.journeys.people import Visitors
from tests.journeys.running import Site

EITHER = pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
STORY = "Tetangga saya berteriak minta tolong tadi malam."


@EITHER
def test_danger_now_leads_to_help_at_once_and_the_report_goes_on_from_there(
    visitors: Visitors, script: bool
) -> None:
    woman = visitors.arrive(script=script)
    woman.go("/lapor/")
    woman.page.get_by_label("Ya, ada bahaya sekarang").check()
    woman.press("Lanjut")
    woman.heading("Bantuan sekarang")
    woman.look("help")
    assert woman.page.locator("a[href='tel:112']").count() == 1
    assert "Rumah aman" not in woman.page.content()
    woman.page.get_by_role("link", name="Kembali ke laporanku").click()
    woman.heading("Apa yang terjadi?")


@EITHER
def test_a_double_click_sends_one_report(visitors: Visitors, site: Site, script: bool) -> None:
    before = site.count("access_dossier")
    woman = visitors.arrive(script=script)
    woman.tell(STORY, until="check")
    woman.page.get_by_role("button", name="Kirim laporan").dblclick()
    woman.heading("Laporanmu sudah kami terima")
    assert site.count("access_dossier") == before + 1


@EITHER
def test_back_and_reload_after_sending_make_no_second_report(
    visitors: Visitors, site: Site, script: bool
) -> None:
    before = site.count("access_dossier")
    woman = visitors.arrive(script=script)
    woman.tell(STORY)
    words = woman.words()
    woman.page.reload()
    assert woman.words() == words
    woman.page.go_back()
    assert STORY not in woman.page.content()
    woman.go("/lapor/")
    assert woman.words() == words
    assert site.count("access_dossier") == before + 1
    woman.press("Saya sudah mencatat")
    woman.heading("Kamu tidak sendirian")
    woman.page.go_back()
    woman.sees_no_code(words)


def test_two_presses_on_an_answer_send_it_once(visitors: Visitors, site: Site) -> None:
    woman = visitors.arrive(script=False)
    woman.tell(STORY)
    woman.open_by_code(woman.words())
    before = site.count("intake_message")
    woman.page.get_by_label("Pesan").fill("Sekali saja.")
    woman.page.get_by_role("button", name="Kirim pesan").dblclick()
    woman.reads("Sekali saja.")
    assert site.count("intake_message") == before + 1


@EITHER
def test_a_lost_line_loses_no_step_that_was_sent_and_sends_the_rest_when_it_is_back(
    visitors: Visitors, script: bool
) -> None:
    woman = visitors.arrive(script=script)
    woman.tell(STORY, until="where")
    with woman.without_line():
        if script:  # the page stays, and says so
            woman.press("Lanjut")
            woman.reads("Sambungan sedang terputus.")
        else:
            with woman.page.expect_event("requestfailed"):
                woman.press("Lanjut")
    woman.go("/lapor/")
    woman.heading("Di mana?")
    woman.press("Lanjut")
    woman.press("Lanjut")
    woman.heading("Periksa sebelum dikirim")
    woman.reads(STORY)


def test_a_step_that_is_sent_after_the_draft_expired_is_not_lost(visitors: Visitors, site: Site) -> None:
    woman = visitors.arrive()
    woman.tell("", until="what")
    woman.page.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    site.rows("UPDATE intake_draft SET expires_at = now() - interval '1 minute'")
    woman.press("Lanjut")
    woman.heading("Di mana?")
    woman.reads("Waktunya sempat habis")
    woman.press("Lanjut")
    woman.press("Lanjut")
    woman.reads(STORY)


def test_who_comes_back_after_the_draft_expired_is_told_so_once(visitors: Visitors, site: Site) -> None:
    woman = visitors.arrive()
    woman.tell(STORY, until="check")
    site.rows("UPDATE intake_draft SET expires_at = now() - interval '1 minute'")
    woman.go("/lapor/")
    woman.heading("Isian tadi sudah tidak ada")
    woman.look("gone")
    assert STORY not in woman.page.content()
    woman.page.get_by_role("link", name="Mulai lagi").click()
    woman.heading("Tentang siapa laporan ini?")


@EITHER
def test_an_answer_survives_the_end_of_the_session(visitors: Visitors, site: Site, script: bool) -> None:
    woman = visitors.arrive()
    woman.tell(STORY)
    reference = site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0]
    officer = visitors.arrive(wide=True, script=script)
    officer.sign_in("petugas")
    officer.go(f"/berkas/{reference}/")
    officer.page.get_by_label("Pesan").fill("Jawaban panjang yang ditulis setengah jam.")
    site.rows("DELETE FROM access_session")
    officer.press("Kirim jawaban")
    officer.heading("Masuk")
    officer.sign_in("petugas")
    officer.heading(reference)
    officer.reads("masih ada")
    assert officer.page.get_by_label("Pesan").input_value() == "Jawaban panjang yang ditulis setengah jam."
    officer.press("Kirim jawaban")
    officer.reads("Jawaban panjang yang ditulis setengah jam.")
    answers = site.rows(
        "SELECT 1 FROM intake_message m JOIN access_dossier d ON d.id = m.dossier_id WHERE d.reference = %s",
        [reference],
    )
    assert len(answers) == 1
