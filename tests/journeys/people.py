"""The people of the journeys: somebody with a telephone, somebody at a desk, and what must never happen to them."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    Route,
    expect,
)

from tests.journeys import elsewhere
from tests.journeys.calling import Caller
from tests.journeys.running import PASSWORD, Site

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
AWAY = f"https://{elsewhere.HOST}/search?q=cuaca+hari+ini"
OUTSIDE = re.compile(r"^https?://(?!127\.0\.0\.1|localhost)")
AXE = Axe().axe_script
FINDINGS = "axe.run(document, {resultTypes: ['violations']}).then((results) => results.violations)"
_signed_in: dict[tuple[str, str], Caller] = {}
# The browsers of who works here stay open between the tests of a file, as on their desks; nothing else is kept.
_at_work: "WeakKeyDictionary[Browser, dict[tuple[str, bool], list[Visitor]]]" = WeakKeyDictionary()
_seen_by_axe: set[tuple[str, int]] = set()


@dataclass
class Visitors:
    """Browsers of this test, each of another person."""

    browser: Browser
    site: Site
    people: "list[Visitor]" = field(default_factory=list)
    employed: "dict[int, list[Visitor]]" = field(default_factory=dict)

    def arrive(
        self, *, wide: bool = False, script: bool = True, host: str = "", both_widths: bool = False
    ) -> "Visitor":
        """Somebody opens a browser that remembers nothing.

        With ``both_widths`` each page they look at is measured as on a telephone and as on a desk.
        """
        visitor = self._with_browser(script, host or self.site.url)
        visitor.page.set_viewport_size(DESK if wide else PHONE)
        visitor.both_widths = both_widths
        self.people.append(visitor)
        return visitor

    def _with_browser(self, script: bool, url: str) -> "Visitor":
        context = self.browser.new_context(
            viewport=PHONE, java_script_enabled=script, locale="id-ID", base_url=url
        )
        return Visitor(context, self.site, script)

    def staff(
        self, name: str, *, wide: bool = True, script: bool = True, both_widths: bool = False
    ) -> "Visitor":
        """Somebody who works here, signed in (once in all the journeys), in an empty tab of their own browser."""
        idle = _at_work.setdefault(self.browser, {}).setdefault((name, script), [])
        if idle:
            visitor = idle.pop()
            visitor.trouble = []
            self.people.append(visitor)
        else:
            visitor = self._with_browser(script, self.site.url)
            self.people.append(visitor)
        self.employed[id(visitor)] = idle
        cookies = signed_in(name, self.site).cookies.items()
        visitor.context.add_cookies([{"name": k, "value": v, "url": self.site.url} for k, v in cookies])
        visitor.page.set_viewport_size(DESK if wide else PHONE)
        visitor.both_widths = both_widths
        return visitor

    def close(self) -> None:
        trouble = [f"{page}: {line}" for person in self.people for page, line in person.trouble]
        for person in self.people:
            if (idle := self.employed.get(id(person))) is None:
                person.context.close()
            else:
                person.leave_desk()
                idle.append(person)
        assert not trouble, "\n".join(trouble)


def signed_in(name: str, site: Site) -> Caller:
    """Somebody who has signed in; how one does it in a browser, other journeys show."""
    caller = _signed_in.get((name, site.url))
    if caller is None or caller.send("GET", "/kelola/perangkat/").status != 200:
        caller = _signed_in[name, site.url] = Caller(site.url)
        caller.get("/akun/login/")
        answer = caller.post("/akun/login/", follow=False, login=f"{name}@contoh.example", password=PASSWORD)
        assert answer.status == 302, answer.text
    return caller


class Visitor:
    """One browser, watched: errors in its console, pages that break, anything asked of another place."""

    def __init__(self, context: BrowserContext, site: Site, script: bool) -> None:
        self.context, self.site, self.script = context, site, script
        self.trouble: list[tuple[str, str]] = []
        self.both_widths = False
        context.set_default_timeout(10_000)
        context.on("request", self._requested)
        context.on("response", self._answered)
        context.on("console", self._told)
        context.on("weberror", lambda error: self._note("page", f"script: {error.error}"))
        self.page: Page = context.new_page()

    def may_leave_without_a_line(self) -> None:
        """The place to which one leaves is there even then. Not for all: who waits for it loads every page anew."""
        self.context.route(OUTSIDE, self._answer_outside)

    def _answer_outside(self, route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body=elsewhere.PAGE)

    def _requested(self, request: Request) -> None:
        if OUTSIDE.match(request.url) and request.url != AWAY:
            self._note(request.frame.url, f"asked {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._note(response.url, f"answered {response.status}")
        if response.status >= 400 and response.request.resource_type != "document":
            self._note(response.url, f"{response.request.resource_type} answered {response.status}")

    def _told(self, message: ConsoleMessage) -> None:
        # The browser tells the status of a refused page as an error too; the journeys look at those themselves.
        page = message.page.url if message.page else ""
        if message.type == "error" and not re.match(r"Failed to load resource: .* status of 4", message.text):
            self._note(page, f"console: {message.text}")

    def _note(self, page: str, line: str) -> None:
        self.trouble.append((page, line))

    def leave_desk(self) -> None:
        """What this browser remembers is gone, except what it fetched to draw pages with."""
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        old, self.page = self.page, self.context.new_page()
        old.close()
        self.context.clear_cookies()
        self.context.set_offline(False)

    # --- what a person does ------------------------------------------------------------------------------------

    def go(self, path: str) -> int:
        """Type an address; the status of what comes."""
        response = self.page.goto(path)
        assert response is not None
        return response.status

    def press(self, name: str) -> None:
        """Press the button with that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def reads(self, text: str) -> None:
        """The page shows that text."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def finds(self, *texts: str) -> Locator:
        """What waits for this person and tells all of that, on whichever page of *Hari ini* it stands."""
        self.go("/hari-ini/")
        while True:
            row = self.page.get_by_role("row")
            for text in texts:
                row = row.filter(has_text=text)
            further = self.page.get_by_role("link", name="Tampilkan berikutnya")
            if row.count() or not further.count():
                expect(row.first).to_be_visible()
                return row
            further.click()
            self.page.wait_for_load_state("load")

    def heading(self, text: str) -> None:
        """The page is the one with that heading."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)
        self.page.wait_for_load_state("load")  # its script is there too: nobody is as fast as a test

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        if "/akun/login/" not in self.page.url:
            self.go("/akun/login/")
        self.page.get_by_label(re.compile("surel|e-?mail", re.I)).fill(f"{name}@contoh.example")
        self.page.get_by_label("Kata sandi").fill(password)
        self.press("Masuk")

    def tell(
        self,
        story: str,
        *,
        name: str = "",
        phone: str = "",
        place: str = "",
        never_call: bool = False,
        kind: str = "Saya tetangga atau warga yang tahu",
        until: str = "send",
    ) -> None:
        """Fill in the form, page by page, up to the step ``until`` or through to the code."""
        self.go("/lapor/")
        self.page.get_by_label(kind).check()
        self.look("about")
        self.press("Lanjut")
        self.heading("Apa yang terjadi?")
        if until == "what":
            return
        self.page.get_by_label("Ceritakan apa yang terjadi").fill(story)
        self.look("what")
        self.press("Lanjut")
        self.heading("Di mana?")
        if until == "where":
            return
        if place:
            self.page.get_by_label("Kota atau kecamatan").select_option(place)
        self.look("where")
        self.press("Lanjut")
        self.heading("menghubungimu dengan aman")
        if until == "reach":
            return
        if name or phone:
            self.page.get_by_label("Pesan tertulis (SMS atau WhatsApp)").check()
        if never_call:
            self.page.get_by_label("Jangan pernah menelepon").check()
        self.look("reach")
        self.press("Lanjut")
        if name or phone:
            self.heading("Nomor yang aman")
            self.page.get_by_label("Nomor telepon").fill(phone or "0812 0000 0000")
            self.page.get_by_label("Namamu, atau nama panggilan").fill(name)
            self.look("contact")
            self.press("Lanjut")
        self.heading("Periksa sebelum dikirim")
        if until == "check":
            return
        self.reads(story)
        self.look("check")
        self.press("Kirim laporan")
        self.heading("Laporanmu sudah kami terima")
        self.look("receipt")

    def words(self) -> str:
        """The seven words of the code on the receipt."""
        found = self.page.locator("ol.words li").all_inner_texts()
        assert len(found) == 7, found
        return " ".join(found)

    def sees_no_code(self, words: str) -> None:
        """No list of words, nor two of the code's one after the other: a single one may be a word of the page."""
        assert self.page.locator("ol.words").count() == 0
        shown = f" {' '.join(self.page.locator('main').inner_text().lower().split())} "
        assert not [pair for pair in pairwise(words.lower().split()) if f" {' '.join(pair)} " in shown]

    def open_by_code(self, words: str) -> None:
        self.go("/cek/")
        self.look("ask code")
        self.page.get_by_label("Kodemu").fill(words)
        self.press("Buka")
        self.heading("Laporanmu")

    def cookies(self) -> set[str]:
        return {cookie["name"] for cookie in self.context.cookies()}

    @contextmanager
    def without_line(self) -> Iterator[None]:
        """The connection is lost for a while; what the browser says about that is no fault."""
        told = len(self.trouble)
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
        self.page.wait_for_timeout(200)
        self.trouble[told:] = [
            line for line in self.trouble[told:] if "ERR_INTERNET_DISCONNECTED" not in line[1]
        ]

    def forgets(self, *names: str) -> None:
        """The browser loses those cookies; the last answer may still be under way when the page has changed."""
        until = time.monotonic() + 10
        while (left := self.cookies() & set(names)) and time.monotonic() < until:
            self.page.wait_for_timeout(50)
        assert not left, left

    # --- what must hold on every page ----------------------------------------------------------------------------

    def look(self, name: str) -> None:
        """No barrier that axe finds, nothing wider than the window; each page once for each width."""
        here = self.page.viewport_size or PHONE
        for size in (DESK, PHONE) if self.both_widths else (here,):
            if self.script and (name, size["width"]) not in _seen_by_axe:
                _seen_by_axe.add((name, size["width"]))
                self.page.wait_for_load_state(
                    "load"
                )  # a page measured before its styles came is another page
                if size != here:
                    self.page.set_viewport_size(size)
                self._measure(name, size["width"])
        if self.page.viewport_size != here:
            self.page.set_viewport_size(here)

    def _measure(self, name: str, width: int) -> None:
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name} is {wide} px wider than a window of {width} px"
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(FINDINGS)
        grave = [
            f"{v['id']}: {v['help']} at {[n['target'] for n in v['nodes']][:3]}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert not grave, f"{name} at {width} px: " + "; ".join(grave)
