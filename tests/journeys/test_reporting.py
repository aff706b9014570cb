"""The whole of a report on a small telephone: with script and without, by a child, and broken off in the middle."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people import AWAY, Visitor, Visitors
from tests.journeys.running import Site
from tests.papers import makings

STORY = "Dia mengambil HP saya dan mengunci pintu."


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "pintu.jpg"
    path.write_bytes(makings.picture(size=(300, 200)))
    return path


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Longer than one piece."""
    path = tmp_path / "suara.wav"
    path.write_bytes(makings.sound(seconds=20))
    return path


def newest(site: Site) -> tuple[object, ...]:
    return site.rows(
        "SELECT r.proof, r.age_band, r.dossier_id, r.in_flood FROM intake_report r ORDER BY received_at DESC LIMIT 1"
    )[0]


def files_of_newest(site: Site) -> list[tuple[object, ...]]:
    return site.rows(
        "SELECT state, section, content_type, pieces FROM papers_paper WHERE dossier_id = %s ORDER BY size",
        [newest(site)[2]],
    )


def keeps_nothing(woman: Visitor) -> None:
    """Nothing but the two cookies that end with the browser lies on the telephone."""
    kept = woman.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length, "
        "(await indexedDB.databases()).length, (await navigator.serviceWorker.getRegistrations()).length]"
    )
    assert kept == [0, 0, 0, 0, 0]
    for cookie in woman.context.cookies():
        assert cookie["expires"] == -1, cookie["name"]


def test_a_report_with_a_photo_and_a_voice_while_the_browser_works(
    visitors: Visitors, site: Site, photo: Path, voice: Path
) -> None:
    woman = visitors.arrive()
    woman.go("/lapor/")
    # Questions that only some are asked come when an answer calls for them.
    expect(woman.page.get_by_text("Berapa umurmu?")).to_be_hidden()
    woman.page.get_by_label("Saya sendiri yang mengalami").check()
    expect(woman.page.get_by_text("Berapa umurmu?")).to_be_visible()
    woman.page.get_by_label("Yang dilaporkan bekerja di layanan ini").check()
    expect(woman.page.get_by_label("Namanya, kalau kamu tahu")).to_be_visible()
    woman.page.get_by_label("Yang dilaporkan bekerja di layanan ini").uncheck()
    woman.look("about, opened")
    woman.press("Lanjut")
    woman.heading("Apa yang terjadi?")
    woman.page.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    done = woman.page.locator("input[name=work][data-took]")
    done.wait_for(state="attached")
    print(f"\nwork of the browser: {done.get_attribute('data-took')} ms")
    woman.press("Lampirkan foto, rekaman, atau berkas")
    woman.heading("Foto, rekaman, atau berkas")
    woman.press("Rekam suara")
    woman.reads("Mikrofon tidak bisa dipakai")  # a browser without one says so, and a file does as well
    woman.look("files")
    woman.page.get_by_label("Pilih foto atau berkas").set_input_files([photo, voice])
    woman.press("Lampirkan")
    woman.reads("Sudah di sini")
    woman.reads("pintu.jpg")
    woman.look("files, sent")
    woman.press("Lanjut")
    woman.heading("Di mana?")
    woman.press("Lanjut")
    woman.press("Lanjut")
    woman.heading("Periksa sebelum dikirim")
    woman.reads("suara.wav")
    keeps_nothing(woman)
    woman.press("Kirim laporan")
    woman.heading("Laporanmu sudah kami terima")
    words = woman.words()
    assert newest(site)[0] == "worked"
    assert [row[:3] for row in files_of_newest(site)] == [
        ("kept", "thread", "image/jpeg"),
        ("kept", "thread", "audio/wav"),
    ]
    woman.open_by_code(words)
    keeps_nothing(woman)


def test_a_report_with_a_photo_without_script(visitors: Visitors, site: Site, photo: Path) -> None:
    woman = visitors.arrive(script=False)
    woman.tell(STORY, until="what")
    woman.page.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    woman.press("Lampirkan foto, rekaman, atau berkas")
    woman.page.get_by_label("Atau potret sekarang").set_input_files(photo)
    woman.press("Lampirkan")
    woman.reads("Sudah di sini")
    woman.press("Hapus pintu.jpg")
    expect(woman.page.get_by_text("Sudah di sini")).to_have_count(0)
    woman.page.get_by_label("Pilih foto atau berkas").set_input_files(photo)
    woman.press("Lampirkan")
    woman.press("Lanjut")
    woman.press("Lanjut")
    woman.press("Lanjut")
    woman.reads("pintu.jpg")
    woman.press("Kirim laporan")
    woman.words()
    assert newest(site)[0] == "none"
    assert len(files_of_newest(site)) == 1


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_child_goes_a_path_of_its_own(visitors: Visitors, site: Site, script: bool) -> None:
    """Source: care.md 12."""
    child = visitors.arrive(script=script)
    child.go("/lapor/")
    child.page.get_by_label("Saya sendiri yang mengalami").check()
    child.page.get_by_label("12 sampai 14 tahun").check()
    child.press("Lanjut")
    child.heading("Orang yang kamu percaya")
    child.look("child")
    child.page.get_by_label("Siapa yang kamu percaya?").fill("Bibi")
    child.page.get_by_label("Siapa yang tidak boleh tahu?").fill("Ayah tiri")
    child.press("Lanjut")
    child.page.get_by_label("Ceritakan apa yang terjadi").fill("Aku takut pulang.")
    child.look("what, child")
    child.press("Lanjut")
    child.press("Lanjut")
    child.page.get_by_label("Telepon", exact=True).check()
    child.press("Lanjut")
    child.heading("Nomor yang aman")
    child.look("contact, child")
    child.press("Lanjut")
    child.reads("Bibi")
    child.press("Kirim laporan")
    child.words()
    assert newest(site)[1] == "under_15"


def test_who_must_break_off_goes_on_in_another_browser_with_the_code(visitors: Visitors, site: Site) -> None:
    """Source: care.md 3."""
    woman = visitors.arrive()
    woman.tell(STORY, until="what")
    woman.page.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    woman.press("Simpan dan lanjutkan nanti")
    woman.heading("Tulisanmu menunggu")
    woman.look("saved")
    words = woman.words()
    woman.press("Pergi sekarang")
    woman.page.wait_for_url(AWAY)
    woman.forgets("tulisan", "kode")
    woman.page.go_back()
    assert STORY not in woman.page.content() and woman.page.locator("ol.words").count() == 0
    woman.go("/lapor/")
    assert STORY not in woman.page.content()

    again = visitors.arrive(script=False)
    again.go("/lapor/")
    again.page.get_by_role("link", name="Punya kode untuk melanjutkan?").click()
    again.heading("Lanjutkan tulisanmu")
    again.page.get_by_label("Kode untuk melanjutkan").fill(words.upper().replace(" ", "-"))
    again.press("Lanjutkan")
    again.heading("Apa yang terjadi?")
    assert again.page.get_by_label("Ceritakan apa yang terjadi").input_value() == STORY
    for _ in range(3):
        again.press("Lanjut")
    again.press("Kirim laporan")
    assert again.words() != words
    other = visitors.arrive()
    other.go("/lapor/lanjut/")
    other.look("resume")
    other.page.get_by_label("Kode untuk melanjutkan").fill(words)
    other.press("Lanjutkan")
    other.reads("Tidak ada tulisan dengan kode ini")
