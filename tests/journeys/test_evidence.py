"""Evidence: attached, asked for, allowed by a second person and saved bit-exact; a digest without any file."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Visitor, Visitors
from tests.papers import makings


def report(officer: Visitor) -> str:
    """The officer opens a report from the list; gives its page."""
    officer.go("/laporan/")
    officer.page.locator("table a[href^='/berkas/']").first.click()
    officer.page.wait_for_url("**/berkas/**")
    return officer.page.url


@pytest.mark.parametrize("wide", [True, False])
def test_evidence_is_opened_by_two_and_arrives_as_it_came_in(
    visitors: Visitors, tmp_path: Path, wide: bool
) -> None:
    original = makings.photo_with_place()
    (tmp_path / "ancaman.jpg").write_bytes(original)
    officer = visitors.staff("petugas", wide=wide)
    report(officer)
    officer.page.get_by_role("link", name="Lampirkan dokumen").click()
    officer.page.get_by_label("Jenis dokumen").select_option("photo")
    officer.page.get_by_label("Dari siapa").select_option("client")
    officer.page.get_by_label("Ini bukti").check()
    officer.page.get_by_label("Berkas", exact=True).set_input_files([tmp_path / "ancaman.jpg"])
    officer.press("Lampirkan")
    officer.page.wait_for_url("**/berkas/**", timeout=60_000)

    officer.page.get_by_role("link", name="ancaman.jpg").first.click()
    officer.heading("Bukti")
    officer.look("evidence")
    expect(officer.page.locator("main img")).to_have_count(0)
    officer.reads(hashlib.sha256(original).hexdigest())
    page = officer.page.url
    reference = officer.page.locator("a.way-back").inner_text().split()[-1]
    officer.page.get_by_role("link", name="Minta pembukaan").click()
    officer.look("evidence asked")
    officer.page.get_by_label("Mengapa bukti ini perlu dibuka").fill("Diminta penyidik.")
    officer.press("Minta pembukaan")
    officer.reads("Permintaan Anda menunggu orang kedua.")

    second = visitors.staff("penyelia", wide=wide)
    asked = second.finds(reference, "Putuskan permintaan membuka bukti")
    asked.get_by_role("link").first.click()
    second.reads("Diminta penyidik.")
    second.look("evidence to decide")
    second.press("Izinkan satu jam")
    second.reads("Pembukaan diizinkan selama satu jam.")

    officer.page.goto(page)
    with officer.page.expect_download() as waiting:
        officer.press("Buka berkas asli")
    assert Path(waiting.value.path()).read_bytes() == original
    officer.page.goto(page)
    officer.reads("Dibuka")


def test_a_digest_is_computed_on_the_device_and_nothing_but_it_is_sent(
    visitors: Visitors, tmp_path: Path
) -> None:
    content = b"rekaan yang tidak pernah dikirim" * 1_000
    (tmp_path / "rekaman.mp4").write_bytes(content)
    officer = visitors.staff("petugas", wide=False)
    report(officer)
    officer.page.get_by_role("link", name="Lampirkan dokumen").click()
    officer.page.get_by_role("link", name="Catat sidiknya saja").click()
    officer.heading("Catat sidik tanpa berkas")
    officer.look("digest")
    sent: list[bytes] = []
    officer.page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    officer.page.get_by_label("Hitung di gawai ini").set_input_files(tmp_path / "rekaman.mp4")
    digest = hashlib.sha256(content).hexdigest()
    expect(officer.page.get_by_label("Sidik SHA-256")).to_have_value(digest)
    officer.page.get_by_label("Rekaman suara atau video").check()
    officer.page.get_by_label("Klien", exact=True).check()
    officer.page.get_by_label("Sebutan singkat").fill("rekaman rekaan")
    officer.press("Catat sidik")
    officer.heading("Bukti")
    officer.reads(digest)
    officer.reads("Tidak ada gambar atau rekaman di sini.")
    assert any(digest.encode() in body for body in sent)
    assert not any(b"rekaan yang tidak" in body for body in sent)
