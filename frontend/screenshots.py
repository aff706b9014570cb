"""Photographs every page of a demonstration at the width of a telephone and of a desk, into screenshots/.

Run by `make screenshots`. With ``--pictures`` the four of the README are written to docs/pictures/ as well.
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys import chromium  # noqa: E402  # the path is set above
from tests.journeys.people import DESK, PHONE, Visitor, Visitors  # noqa: E402  # the path is set above
from tests.journeys.running import Site, start  # noqa: E402

STORY = "Setiap malam terdengar tangis dari rumah sebelah. Tadi malam pintunya dibanting, lalu sunyi."
README = {
    "beranda-360": "front-phone.png",
    "lapor-apa-360": "form-phone.png",
    "hari-ini-1280": "list-desk.png",
    "berkas-kasus-1280": "dossier-desk.png",
}
MOST_BYTES = 150_000
# A running case in which much has happened.
FULLEST = """
SELECT d.reference FROM access_dossier d JOIN services_delivery s ON s.dossier_id = d.id
WHERE d.stage = 'case' GROUP BY d.reference ORDER BY count(*) DESC, d.reference LIMIT 1
"""
CLIENT = """
SELECT p.person_id FROM people_part p JOIN access_dossier d ON d.id = p.dossier_id
WHERE d.reference = %s AND p.role = 'client' AND p.status = 'active' ORDER BY p.since LIMIT 1
"""


class Camera:
    """Takes the whole of a page, in a window that is as high as the page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        window = page.viewport_size or PHONE
        height = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": window["width"], "height": max(window["height"], height)})
        page.screenshot(path=self.folder / f"{name}-{window['width']}.png")
        page.set_viewport_size(window)


def public(visitors: Visitors, camera: Camera, wide: bool) -> None:
    """Pages without an account, a report step by step, and the thread."""
    woman = visitors.arrive(wide=wide)
    page = woman.page
    for path, name in {
        "/": "beranda",
        "/bantuan/": "bantuan",
        "/hak/": "hak",
        "/cek/": "cek",
        "/x/": "404",
    }.items():
        woman.go(path)
        camera.take(page, name)
    woman.go("/lapor/")
    camera.take(page, "lapor-tentang")
    woman.tell(STORY, until="what")
    camera.take(page, "lapor-apa-kosong")
    woman.press("Lanjut")
    camera.take(page, "lapor-apa-salah")
    page.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    camera.take(page, "lapor-apa")
    woman.press("Lanjut")
    camera.take(page, "lapor-di-mana")
    page.get_by_label("Kota atau kecamatan").select_option("31.73.01")
    woman.press("Lanjut")
    page.get_by_label("Pesan tertulis (SMS atau WhatsApp)").check()
    page.get_by_label("Jangan pernah menelepon").check()
    camera.take(page, "lapor-hubungi")
    woman.press("Lanjut")
    woman.heading("Nomor yang aman")
    page.get_by_label("Nomor telepon").fill("0812 0000 0000")
    page.get_by_label("Namamu, atau nama panggilan").fill("Ibu Contoh Rekaan")
    camera.take(page, "lapor-kontak")
    woman.press("Lanjut")
    woman.heading("Periksa")
    camera.take(page, "lapor-periksa")
    woman.press("Kirim laporan")
    woman.heading("Laporanmu")
    camera.take(page, "tanda-terima")
    words = woman.words()
    woman.press("Saya sudah mencatat")
    woman.open_by_code(words)
    camera.take(page, "pesan-kosong")
    reference = str(
        visitors.site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0]
    )
    officer = visitors.staff("petugas")
    officer.go(f"/berkas/{reference}/")
    officer.page.get_by_label("Pesan").fill(
        "Terima kasih sudah menulis. Kapan waktu yang aman untuk bertanya?"
    )
    officer.press("Kirim jawaban")
    woman.go("/cek/")
    page.get_by_label("Pesan").fill("Sore hari, setelah jam empat.")
    woman.press("Kirim pesan")
    camera.take(page, "pesan")
    desk(visitors, camera, reference, wide)


def desk(visitors: Visitors, camera: Camera, reference: str, wide: bool) -> None:
    """Pages of people who sign in."""
    door = visitors.arrive(wide=wide)
    for path, name in {"/akun/login/": "masuk", "/akun/password/reset/": "lupa-sandi"}.items():
        door.go(path)
        camera.take(door.page, name)
    case = visitors.site.rows(FULLEST)[0][0]
    client = visitors.site.rows(CLIENT, [case])[0][0]
    people: dict[str, dict[str, str]] = {
        "petugas": {
            "/hari-ini/": "hari-ini",
            "/laporan/": "laporan",
            "/kasus/": "kasus-petugas",
            f"/berkas/{reference}/": "berkas",
            f"/laporan/{reference}/triase/": "triase",
            f"/laporan/{reference}/penjangkauan/": "penjangkauan",
            f"/orang/{reference}/tambah/": "orang",
            f"/orang/{reference}/wali/": "wali",
            f"/orang/{reference}/sama/": "orang-sama",
            "/orang/cari/": "cari-orang",
            "/kelola/perangkat/": "perangkat",
            "/akun/faktor/": "keamanan",
            "/akun/password/change/": "ganti-sandi",
        },
        "pendamping": {"/hari-ini/": "hari-ini-pendamping", f"/berkas/{case}/": "berkas-pendamping"},
        "manajer": {
            "/hari-ini/": "hari-ini-manajer",
            "/kasus/": "kasus",
            f"/berkas/{case}/": "berkas-kasus",
            f"/kasus/{case}/asesmen/": "asesmen",
            f"/kasus/{case}/keamanan/": "catatan-keamanan",
            f"/kasus/{case}/kejadian/": "kejadian",
            f"/kasus/{case}/kebutuhan/": "kebutuhan",
            f"/orang/{case}/{client}/kebutuhan/": "kebutuhan-orang",
            f"/orang/{case}/{client}/sapaan/": "sapaan",
            f"/orang/{case}/{client}/latar/": "latar",
            f"/persetujuan/{case}/": "persetujuan",
            f"/persetujuan/{case}/semua/": "semua-persetujuan",
            f"/persetujuan/{case}/cetak/": "cetak-persetujuan",
            "/persetujuan/lembar/": "lembar-persetujuan",
            f"/kasus/{case}/rencana/": "rencana",
            f"/pulang/{case}/selesai/": "akhir-kasus",
        },
        "mitra": {
            "/hari-ini/": "hari-ini-mitra",
            "/rujukan/": "rujukan-mitra",
            "/persetujuan/penghapusan/": "penghapusan-mitra",
        },
        "penyelia": {
            "/hari-ini/": "hari-ini-penyelia",
            "/orang/cari/jejak/": "jejak-pencarian",
            f"/persetujuan/{case}/tanpa/": "tanpa-persetujuan",
        },
        "kepala": {
            f"/berkas/{case}/": "berkas-kepala",
            "/standar/": "standar",
            "/standar/II.2/": "standar-definisi",
            "/jurnal/": "jurnal",
            "/kelola/peran/": "peran",
        },
        "analis": {"/standar/": "standar-analis"},
        "admin": {
            "/kelola/orang/": "akun",
            "/kelola/peran/": "peran-admin",
            "/laporan/": "404-petugas",
        },
    }
    for name, pages in people.items():
        walk(visitors.staff(name, wide=wide), camera, pages)
    officer = visitors.staff("petugas", wide=wide)
    officer.go(f"/berkas/{reference}/")
    officer.press("Buka identitas")
    camera.take(officer.page, "identitas")


def walk(worker: Visitor, camera: Camera, pages: dict[str, str]) -> None:
    for path, name in pages.items():
        worker.go(path)
        camera.take(worker.page, name)


def pictures(folder: Path) -> None:
    """The four of the README: the first window of each page, small enough to load on a telephone."""
    target = ROOT / "docs/pictures"
    target.mkdir(parents=True, exist_ok=True)
    for name, file in README.items():
        shutil.copyfile(folder / "windows" / f"{name}.png", target / file)
        size = (target / file).stat().st_size
        if size > MOST_BYTES:
            raise SystemExit(f"{file} has {size} bytes, more than {MOST_BYTES}")


def first_windows(visitors: Visitors, folder: Path) -> None:
    """What shows without scrolling, for the README."""
    (folder / "windows").mkdir(exist_ok=True)
    woman = visitors.arrive()
    woman.page.set_viewport_size({**PHONE, "height": 700})
    with_typeface(woman, "/")
    woman.page.screenshot(path=folder / "windows/beranda-360.png")
    woman.tell(STORY, until="what")
    woman.page.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    woman.page.screenshot(path=folder / "windows/lapor-apa-360.png")
    officer = visitors.staff("petugas")
    officer.page.set_viewport_size({**DESK, "height": 640})
    with_typeface(officer, "/hari-ini/")
    officer.page.screenshot(path=folder / "windows/hari-ini-1280.png")
    manager = visitors.staff("manajer")
    manager.page.set_viewport_size({**DESK, "height": 740})
    with_typeface(manager, f"/berkas/{visitors.site.rows(FULLEST)[0][0]}/")
    manager.page.screenshot(path=folder / "windows/berkas-kasus-1280.png")


def with_typeface(visitor: Visitor, path: str) -> None:
    """Open a page as who comes a second time sees it: no first page waits for the typeface."""
    visitor.go(path)
    visitor.page.evaluate("document.fonts.load('1em \"Plus Jakarta Sans Variable\"')")
    visitor.go(path)


def photograph(browser: Browser, site: Site, folder: Path) -> None:
    visitors = Visitors(browser, site)
    camera = Camera(folder)
    for wide in (False, True):
        public(visitors, camera, wide)
    first_windows(visitors, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", action="store_true", help="write the pictures of the README too")
    wanted = parser.parse_args()
    program = chromium.program()
    if program is None:
        raise SystemExit(chromium.MISSING)
    folder = ROOT / "screenshots"
    site = start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
            photograph(browser, site, folder)
            browser.close()
    finally:
        site.stop()
    if wanted.pictures:
        pictures(folder)
    print(f"{len(list(folder.glob('*.png')))} pages are in {folder}")  # noqa: T201  # it is what one runs it for


if __name__ == "__main__":
    main()
