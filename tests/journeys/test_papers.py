"""One report's papers: photos, evidence and a letter, each by its own person; nobody else gets any of it."""

import hashlib
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import APIResponse, Download, Request, Response, Route, expect

from tests.config.test_canary import found_in
from tests.journeys.calling import Caller
from tests.journeys.one_report import Case, add_person
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site
from tests.journeys.test_letters import LOOK, text_of
from tests.papers import makings

STORY = "Suaminya membanting pintu sampai retak, kata tetangga Gang Cempaka Rekaan."
CLIENT = "Rarasati Purbaningsih"
PHOTO, SMALL, EVIDENCE = "pintu-rarasati", "lengan-rarasati", "ancaman-purbaningsih"
PHOTOGRAPHER, NOTE = "Kartowirya Purbaningsih", "Difoto iparnya sesudah pintu dibanting malam itu."
ASKED, REASON = (
    "Penyidik Danurejan meminta salinan aslinya.",
    "Loket Wirobrajan memanggil pasien dengan nama.",
)
RECIPIENT, ADDED = "Direktur RSUD Contoh Mergangsan", "Mohon dilayani dokter perempuan bila ada."
SECRETS = (
    STORY, CLIENT, PHOTO, SMALL, EVIDENCE, PHOTOGRAPHER, NOTE, ASKED, REASON, RECIPIENT, ADDED,
)  # fmt: skip
NAMES = ("Rarasati", "Purbaningsih", "Kartowirya", "Danurejan", "Wirobrajan", "Mergangsan")
MEBIBYTE, PIECE = 1_048_576, 262_144
EVERY_PAGE = 30  # addresses with a number in them that the whole journey asks for, at the least


@dataclass
class Journey(Case):
    """The report, and every address of its that somebody's browser asked for, with how it was asked."""

    asked: set[tuple[str, str]] = field(default_factory=set)

    def watch(self, person: Visitor) -> Visitor:
        person.context.on("request", self._note)
        return person

    def _note(self, request: Request) -> None:
        path = re.sub(r"^https?://[^/]+", "", request.url)
        if self.reference in path or re.search(r"/[0-9a-f]{8}-[0-9a-f-]{27}/", path):
            self.asked.add((request.method, path))


def test_what_an_officer_attaches_and_writes_reaches_whom_it_may_and_nobody_else(
    visitors: Visitors, site: Site, tmp_path: Path
) -> None:
    journey = Journey(site)

    def staff(name: str, *, wide: bool = True, script: bool = True) -> Visitor:
        return journey.watch(visitors.staff(name, wide=wide, script=script))

    Caller(site.url).tell(story=STORY)
    newest = site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")
    journey.reference = str(newest[0][0])
    phone, desk = staff("petugas", wide=False), staff("petugas")
    add_person(journey, desk, "Klien", CLIENT, sex="Perempuan", born="1998-04-12")

    a_photo_goes_in_pieces_and_is_looked_at(journey, phone, tmp_path)
    a_small_one_goes_without_script(journey, staff("petugas", script=False), tmp_path)
    hostile_files_leave_nothing(journey, desk, staff("petugas", script=False), tmp_path)
    evidence_is_opened_by_two(journey, phone, staff("penyelia", wide=False), tmp_path)
    the_head_sets_the_letterhead(visitors.staff("kepala"))
    number, code = an_officer_sends_a_letter(journey, desk)
    its_recipient_sees_that_it_is_genuine(visitors, journey, number, code)

    nobody_else_gets_anything(visitors, journey)
    nothing_lies_in_clear(site)


# --- what people do --------------------------------------------------------------------------------------------------


def attach_form(journey: Journey, officer: Visitor, kind: str = "Foto") -> None:
    journey.open(officer)
    officer.page.get_by_role("link", name="Lampirkan dokumen").click()
    officer.heading("Lampirkan dokumen")
    officer.page.get_by_label("Jenis dokumen").select_option(label=kind)
    officer.page.get_by_label("Dari siapa").select_option(label="Keluarga atau orang dekat")


def kept(journey: Journey, officer: Visitor) -> None:
    """The file was examined and sealed: the officer is back at the report."""
    officer.page.wait_for_url(f"**/berkas/{journey.reference}/", timeout=30_000)


def photograph(side: int) -> bytes:
    """A photo as a telephone takes it: it says where it was taken, and by whom."""
    told, made = Image.Exif(), io.BytesIO()
    told[0x010E] = told[0x013B] = PHOTOGRAPHER
    told.get_ifd(0x8825)[1], told.get_ifd(0x8825)[2] = "S", (6.0, 10.0, 30.0)
    image = Image.effect_noise((side, side * 3 // 4), 90).convert("RGB")
    image.save(made, "JPEG", quality=92, exif=told, comment=PHOTOGRAPHER.encode())
    return made.getvalue()


def saved(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def a_photo_goes_in_pieces_and_is_looked_at(journey: Journey, officer: Visitor, folder: Path) -> None:
    original = photograph(1500)
    assert 2 * MEBIBYTE > len(original) > MEBIBYTE
    (folder / f"{PHOTO}.jpg").write_bytes(original)
    attach_form(journey, officer)
    officer.page.get_by_label("Tentang siapa").select_option(label="Klien · R. P.")
    officer.page.get_by_label("Catatan").fill(NOTE)
    officer.page.get_by_label("Berkas", exact=True).set_input_files(folder / f"{PHOTO}.jpg")
    officer.look("attach")
    on_its_way: list[Route] = []  # the line is slow: the fourth piece has not arrived
    officer.page.route("**/unggah/*/3/", lambda route: on_its_way.append(route))
    officer.press("Lampirkan")
    bar = officer.page.get_by_role("progressbar", name=f"{PHOTO}.jpg")
    expect(bar).to_have_js_property("value", round(300 * PIECE / len(original)), timeout=20_000)
    officer.reads("dikirim")
    officer.look("attach, half sent")
    on_its_way[0].continue_()
    kept(journey, officer)
    pieces = [path for method, path in journey.asked if method == "POST" and re.search(r"/\d+/$", path)]
    assert len(pieces) == -(-len(original) // PIECE)

    officer.page.get_by_role("link", name=f"{PHOTO}.jpg").first.click()
    officer.heading(f"{PHOTO}.jpg")
    officer.reads(NOTE)
    picture = officer.page.locator("img.paper-picture")
    picture.scroll_into_view_if_needed()
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    officer.look("paper")
    shown = officer.context.request.get(picture.get_attribute("src") or "").body()
    opened = Image.open(io.BytesIO(shown))
    assert opened.format == "JPEG" and shown != original
    assert not opened.getexif() and PHOTOGRAPHER.encode() not in shown

    with officer.page.expect_download() as waiting:
        officer.press("Unduh salinan bertanda")
    copy = saved(waiting.value)
    marked = Image.open(io.BytesIO(copy))
    told = str(marked.getexif()[0x010E]).encode("latin-1").decode()  # as Pillow reads it, letter by byte
    assert told.startswith("Rina Contoh · UPT PPA DKI Jakarta · ")
    assert marked.height > opened.height * marked.width // opened.width  # the strip under the picture
    assert PHOTOGRAPHER.encode() not in copy and 0x8825 not in marked.getexif()


def a_small_one_goes_without_script(journey: Journey, officer: Visitor, folder: Path) -> None:
    small = photograph(300)
    (folder / f"{SMALL}.jpg").write_bytes(small)
    attach_form(journey, officer)
    officer.page.get_by_label("Berkas", exact=True).set_input_files(folder / f"{SMALL}.jpg")
    officer.press("Lampirkan")
    kept(journey, officer)
    officer.page.get_by_role("link", name=f"{SMALL}.jpg").first.click()
    expect(officer.page.locator("img.paper-picture")).to_have_count(1)
    officer.go(f"/dokumen/{journey.reference}/")
    expect(officer.page.locator("img.paper-thumbnail")).to_have_count(2)


def stored(site: Site) -> set[Path]:
    return {file for file in (site.var / "papers").rglob("*") if file.is_file()}


def hostile_files_leave_nothing(journey: Journey, officer: Visitor, plain: Visitor, folder: Path) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    files = {
        "perintah.pdf": (makings.pdf_that_acts("/JavaScript"), "PDF ini berisi perintah"),
        "lukisan.svg": (svg, "Ini halaman web atau gambar SVG"),
        "foto.jpg": (svg, "Ini halaman web atau gambar SVG"),
    }
    for name, (content, _sentence) in files.items():
        (folder / name).write_bytes(content)
    rows, files_there = journey.site.count("papers_paper"), stored(journey.site)
    assert rows and files_there

    attach_form(journey, officer)
    officer.page.get_by_label("Catatan").fill(NOTE)
    officer.page.get_by_label("Berkas", exact=True).set_input_files([folder / name for name in files])
    officer.press("Lampirkan")
    for place, (_content, sentence) in enumerate(files.values()):
        refused = officer.page.locator("[data-list] li").nth(place)
        expect(refused).to_contain_text(sentence, timeout=20_000)
        expect(refused).to_have_attribute("data-state", "refused")
    officer.heading("Lampirkan dokumen")
    expect(officer.page.get_by_label("Catatan")).to_have_value(NOTE)
    officer.look("attach, refused")
    # What was refused is told by the script; the browser notes each of those answers too.
    officer.trouble[:] = [line for line in officer.trouble if line[1] != "fetch answered 400"]

    for name, (_content, sentence) in files.items():
        attach_form(journey, plain)
        plain.page.get_by_label("Berkas", exact=True).set_input_files(folder / name)
        plain.press("Lampirkan")
        plain.reads(sentence)
    assert journey.site.count("papers_paper") == rows
    assert stored(journey.site) == files_there


def evidence_is_opened_by_two(journey: Journey, officer: Visitor, supervisor: Visitor, folder: Path) -> None:
    original = photograph(400)
    (folder / f"{EVIDENCE}.jpg").write_bytes(original)
    attach_form(journey, officer, "Tangkapan layar")
    officer.page.get_by_label("Ini bukti").check()
    officer.page.get_by_label("Berkas", exact=True).set_input_files(folder / f"{EVIDENCE}.jpg")
    officer.press("Lampirkan")
    kept(journey, officer)

    officer.page.get_by_role("link", name=f"{EVIDENCE}.jpg").first.click()
    officer.heading("Bukti")
    officer.look("evidence")
    officer.reads(hashlib.sha256(original).hexdigest())
    expect(officer.page.locator("main img")).to_have_count(0)
    expect(officer.page.get_by_role("button", name="Buka berkas asli")).to_have_count(0)
    page = officer.page.url
    officer.page.get_by_role("link", name="Minta pembukaan").click()
    officer.look("evidence asked")
    officer.page.get_by_label("Mengapa bukti ini perlu dibuka").fill(ASKED)
    officer.press("Minta pembukaan")
    officer.reads("Permintaan Anda menunggu orang kedua.")
    expect(officer.page.get_by_role("button", name="Izinkan satu jam")).to_have_count(0)

    supervisor.go("/hari-ini/")
    asks = supervisor.page.get_by_role("link", name="Putuskan permintaan membuka bukti")
    asks.and_(supervisor.page.locator(f"a[href='{page.removeprefix(journey.site.url)}']")).click()
    supervisor.reads(ASKED)
    supervisor.look("evidence to decide")
    supervisor.press("Izinkan satu jam")
    supervisor.reads("Pembukaan diizinkan selama satu jam.")
    expect(supervisor.page.get_by_role("button", name="Buka berkas asli")).to_have_count(0)

    officer.page.goto(page)
    with officer.page.expect_download() as waiting:
        officer.press("Buka berkas asli")
    assert saved(waiting.value) == original
    officer.page.goto(page)
    chain = officer.page.get_by_role("region", name="Rantai bukti").locator("tbody tr")
    expect(chain).to_contain_text(
        ["Diterima dan disegel", "Pembukaan diminta", "Pembukaan disetujui", "Dibuka"]
    )
    officer.look("evidence opened")


def the_head_sets_the_letterhead(head: Visitor) -> None:
    head.go("/surat/kop/")
    for label, value in LOOK.items():
        head.page.get_by_label(label, exact=True).fill(value)
    head.press("Simpan kop surat")
    head.heading("Naskah surat")


def an_officer_sends_a_letter(journey: Journey, officer: Visitor) -> tuple[str, str]:
    """Without a name first; a name needs a reason. Gives the letter's number and the code in its square."""
    journey.follow(officer, "Semua surat, dan buat surat", "letters")
    officer.page.get_by_role("link", name="Surat pengantar pemeriksaan").click()
    officer.look("new letter of examination")
    officer.page.get_by_label("Kepada", exact=True).fill(f"{RECIPIENT}\ndi Kota Contoh")
    officer.page.get_by_label("Paragraf tambahan").fill(ADDED)
    draft = preview(officer)
    assert "KONSEP" in draft and ADDED in draft and journey.reference in draft and CLIENT not in draft

    officer.page.get_by_role("group", name="Cantumkan juga").get_by_label("Identitas").check()
    officer.press("Terbitkan surat")
    officer.look("letter without its reason")
    officer.page.get_by_role("link", name="Tulis alasan mengapa surat ini memuat lebih").click()
    reason = officer.page.get_by_label("Alasan mencantumkan lebih banyak")
    expect(reason).to_be_focused()
    expect(officer.page.get_by_label("Paragraf tambahan")).to_have_value(ADDED)
    reason.fill(REASON)
    assert CLIENT in preview(officer)
    officer.press("Terbitkan surat")
    officer.heading("Pengantar pemeriksaan kesehatan")
    officer.look("letter of examination")
    number = officer.page.locator("dd.num").first.inner_text()
    with officer.page.expect_download() as waiting:
        officer.press("Unduh PDF")
    said = text_of(saved(waiting.value))
    assert "KONSEP" not in said
    for told in (number, CLIENT, RECIPIENT, ADDED):
        assert told in said, told
    for untold in (STORY, NOTE, REASON, ASKED, PHOTOGRAPHER):
        assert untold not in said, untold
    found = re.search(r"dengan kode ([A-Z2-7 -]+)\. Halaman", said)
    assert found
    journey.open(officer)
    officer.reads(number)
    return number, re.sub(r"[- ]", "", found[1])


def preview(officer: Visitor) -> str:
    """What stands in the draft that the officer looks at in a tab of its own."""
    drafts: list[APIResponse] = []

    def take(route: Route) -> None:  # the browser's own page for a PDF does not give it away again
        drafts.append(route.fetch())
        route.fulfill(response=drafts[-1])

    def is_draft(response: Response) -> bool:
        return response.headers.get("content-type") == "application/pdf"

    officer.context.route("**/surat/*/baru/**", take)
    with officer.context.expect_page() as tab, officer.context.expect_event("response", is_draft):
        officer.press("Lihat konsep (PDF)")
    tab.value.close()
    officer.context.unroute("**/surat/*/baru/**")
    officer.page.wait_for_timeout(1_600)  # a second press at once would be taken for a double click
    assert [(draft.status, draft.headers["content-type"]) for draft in drafts] == [(200, "application/pdf")]
    return text_of(drafts[0].body())


def its_recipient_sees_that_it_is_genuine(
    visitors: Visitors, journey: Journey, number: str, code: str
) -> None:
    recipient = visitors.arrive()
    assert recipient.go(f"/asli/{code}/") == 200
    recipient.reads("Surat ini asli.")
    recipient.reads(number)
    recipient.look("genuine letter")
    shown = recipient.page.content()
    for secret in (*SECRETS, journey.reference, "Rina Contoh", "emeriksaan kesehatan"):
        assert secret not in shown, secret
    another = ("B" if code.startswith("A") else "A") + code[1:]
    assert recipient.go(f"/asli/{another}/") == 404
    recipient.reads("Kode ini tidak kami kenal.")


# --- what nobody gets ------------------------------------------------------------------------------------------------


def nobody_else_gets_anything(visitors: Visitors, journey: Journey) -> None:
    """Another unit's officer, a partner without a grant, an administrator and a companion outside the team ask for
    every address of the journey as it was asked for; so does somebody without an account.
    """
    rooms = {path.split("/")[1] for _method, path in journey.asked}
    assert rooms >= {"berkas", "unggah", "dokumen", "bukti", "surat"}
    assert len(journey.asked) > EVERY_PAGE
    before = journey.site.rows("SELECT count(*) FROM papers_custody"), stored(journey.site)
    for who in ("tetangga", "mitra", "admin", "pendamping", ""):
        stranger = visitors.staff(who) if who else visitors.arrive(wide=True)
        stranger.go("/hari-ini/" if who else "/akun/login/")
        token = stranger.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        for method, path in sorted(journey.asked):
            answer = stranger.context.request.fetch(
                path, method=method, max_redirects=0, headers={"X-CSRFToken": token},
                form={"reason": "Ingin tahu."} if method == "POST" else None,
            )  # fmt: skip
            told = f"{who or 'somebody without an account'} got {answer.status} at {method} {path}"
            if who:
                assert answer.status == 404, told
            else:
                assert answer.status == 302 and "/akun/login/" in answer.headers["location"], told
            text = answer.text()
            assert not [secret for secret in SECRETS if secret in text], told
    assert (journey.site.rows("SELECT count(*) FROM papers_custody"), stored(journey.site)) == before


def nothing_lies_in_clear(site: Site) -> None:
    """Logs, mails, temporary files, stored pieces and pictures, tasks: no name that was typed or came in a file."""
    told = [*SECRETS, *NAMES]
    assert found_in(photograph(100), told) == [PHOTOGRAPHER, "Purbaningsih", "Kartowirya"], (
        "the search finds what is there"
    )
    folders = [
        site.var / "log",
        site.var / "tmp",
        site.var / "mail",
        site.var / "papers",
        site.said.parent / "tmp",
    ]
    seen = 0
    for file in [site.said, *(file for folder in folders for file in folder.rglob("*") if file.is_file())]:
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # written and put away meanwhile
            continue
        seen += 1
        assert found_in(content, told) == [], file
    assert seen > len(stored(site))
    for table in ("procrastinate_jobs", "procrastinate_events"):
        for (row,) in site.rows(f"SELECT one::text FROM {table} one"):
            assert found_in(row.encode(), told) == [], table
