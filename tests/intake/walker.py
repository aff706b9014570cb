"""One browser on its way through the public form, beside a simple model of what must stand in the end."""

import html
import random
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.http import HttpRequest
from django.test import Client

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.intake import actions, queries
from ruangaman.intake.views.cookies import DRAFT_COOKIE, visit_of
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.codes import read_code
from tests.worlds import World, acting

Move = tuple[Any, ...]
FORM = "/lapor/"
STEP = re.compile(r'type="hidden" name="step" value="([a-z]+)"')
WORDS = re.compile(r'<ol class="words".*?</ol>', re.DOTALL)
WORD = re.compile(r"<li[^>]*>([a-z]+)</li>")
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')
CHOICE = re.compile(r'<input[^>]*type="(?:radio|checkbox)"[^>]*name="([a-z_]+)"[^>]*value="([^"]*)"')
ASKED = re.compile(r'<(?:input|select|textarea)[^>]* name="([a-z_]+)"')
TYPED = re.compile(r'<textarea[^>]* name="story"[^>]*>(.*?)</textarea>', re.DOTALL)
EASY = {
    "danger_now": "no",
    "reporter_kind": "victim",
    "age_band": "adult",
    "means": "code",
    "place": "31.73.01",
    "phone": "0800-000-0000",
}
LONGEST_END = 16  # pages after which a form that is filled in plainly must have ended


@dataclass
class Tab:
    """A page that lies open, and what was last sent from it with the cookies of that moment."""

    page: str = ""
    sent: dict[str, str] | None = None
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class Model:
    """What must be true, by the id of each draft."""

    stories: dict[UUID, str] = field(default_factory=dict)
    gone: set[UUID] = field(default_factory=set)
    sent: set[UUID] = field(default_factory=set)
    words: dict[UUID, str] = field(default_factory=dict)
    codes: dict[UUID, str] = field(default_factory=dict)  # to go on later
    waiting: set[UUID] = field(default_factory=set)  # left with a code: for that code alone


class Walker:
    """One browser on its way through the form."""

    def __init__(self, world: World) -> None:
        self.world, self.client, self.model = world, Client(), Model()
        self.tabs = (Tab(), Tab())
        self.before = self.reports()
        for tab in self.tabs:
            self.look(tab)

    def reports(self) -> int:
        return int(self.world.rows("SELECT count(*) FROM intake_report")[0][0])

    # --- what the browser holds

    def cookies(self) -> dict[str, str]:
        return {name: morsel.value for name, morsel in self.client.cookies.items() if morsel.value}

    def put_back(self, cookies: dict[str, str]) -> None:
        self.client.cookies.clear()
        for name, value in cookies.items():
            self.client.cookies[name] = value

    def draft(self) -> actions.Visit | None:
        request = HttpRequest()
        request.COOKIES = self.cookies()
        return visit_of(request)

    def id(self) -> UUID | None:
        visit = self.draft()
        return visit.id if visit else None

    def alive(self) -> bool:
        here = self.id()
        return here is not None and here not in self.model.gone | self.model.waiting

    # --- moves

    def walk(self, moves: Sequence[Move]) -> None:
        for name, *rest in moves:
            doing: Callable[..., None] = getattr(self, name.replace(" ", "_"))
            doing(*(self.tabs[rest[0]], *rest[1:]) if rest else ())
        self.settle()

    def look(self, tab: Tab) -> None:
        answer = self.client.get(FORM)
        assert answer.status_code == 200
        tab.page = answer.content.decode()
        self.shows_only_what_is_ours(tab.page)

    def fill(self, tab: Tab, go: str, number: int) -> None:
        self.post(tab, self.filled(tab, go, random.Random(number)))

    def lost(self, tab: Tab, go: str, number: int) -> None:
        """It is sent, and the answer never comes: the browser has its old cookies and its old page."""
        self.post(tab, self.filled(tab, go, random.Random(number)), answered=False)

    def again(self, tab: Tab, old_cookies: bool) -> None:
        """The browser sends its last page again, as it was, by itself or by a second press."""
        if tab.sent is not None:
            if old_cookies:
                self.put_back(tab.cookies)
            self.post(tab, tab.sent)

    def send(self, tab: Tab) -> None:
        """The last page, however one came to it."""
        self.post(tab, {"step": "check", "go": "next"})

    def twice(self, tab: Tab) -> None:
        """Two presses at the same moment."""
        form, here, cookies = {"step": "check", "go": "next"}, self.id(), self.cookies()
        if here is None or not self.alive() or not (here in self.model.sent or self.model.stories.get(here)):
            return
        pages: list[str] = []

        def press() -> None:
            try:
                hand = Client()
                for name, value in cookies.items():
                    hand.cookies[name] = value
                pages.append(hand.post(FORM, form, follow=True).content.decode())
            finally:
                connections.close_all()

        hands = [threading.Thread(target=press) for _ in range(2)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        self.model.sent.add(here)
        assert len(pages) == 2
        for page in pages:
            assert words_in(page), "two presses at once: no receipt"
            self.has_words(here, page)
        tab.page = pages[0]

    def leave(self, heard: bool = True) -> None:
        here, cookies = self.id(), self.cookies()
        assert self.client.post("/keluar/").status_code in (204, 303)
        assert DRAFT_COOKIE not in self.cookies()
        if not heard:
            self.put_back(cookies)
        if here in self.model.codes and here not in self.model.sent | self.model.gone:
            self.model.waiting.add(here)
        else:
            self.is_gone(here)

    def leave_unheard(self) -> None:
        """Exit was pressed, and the answer never came: the cookie is still there, what it opened is not."""
        self.leave(heard=False)

    def take_code(self, tab: Tab, number: int) -> None:
        """Going on later: a code of the draft's own, the same one each time."""
        here = self.id()
        if not self.alive() or here in self.model.sent or not STEP.search(tab.page):
            return
        form = self.filled(tab, "save", random.Random(number))
        page = self.client.post(FORM, form, follow=True).content.decode()
        here = self.id()
        assert here is not None
        if words_in(page):
            if form.get("story"):
                self.model.stories[here] = form["story"]
            assert self.model.codes.setdefault(here, words_in(page)) == words_in(page), "one draft, two codes"
        self.look(tab)

    def go_on_with_code(self, tab: Tab, number: int) -> None:
        """In any browser, until its time is over, and not after it was sent."""
        if not self.model.codes:
            return
        draft, words = random.Random(number).choice(sorted(self.model.codes.items()))
        answer = self.client.post("/lapor/lanjut/", {"code": words})
        over = draft in self.model.gone | self.model.sent
        assert (answer.status_code == 303) is not over, (
            "a code opens what is over" if over else "a code opens nothing"
        )
        if not over:
            self.model.waiting.discard(draft)
            assert self.id() == draft
            self.look(tab)

    def wait_too_long(self) -> None:
        here = self.id()
        if here is not None:
            self.world.rows(
                "UPDATE intake_draft SET expires_at = now() - interval '1 s' WHERE id = %s", [here]
            )
            self.is_gone(here)

    def done(self, tab: Tab) -> None:
        here, was_sent = self.id(), self.alive() and self.id() in self.model.sent
        if was_sent:
            self.post(tab, {"go": "done"})
            self.is_gone(here)

    def end(self) -> None:
        """Quietly to the end, as most people do."""
        tab = self.tabs[0]
        self.look(tab)
        for number in range(LONGEST_END):
            if words_in(tab.page):
                return
            if not STEP.search(tab.page):
                self.look(tab)
            self.post(tab, self.filled(tab, "next", random.Random(number), easy=True))
        raise AssertionError(f"the form has no end; it stands at {STEP.findall(tab.page)}")

    def stop(self) -> None:
        """The telephone is put away."""

    # --- one request, and what it means

    def filled(self, tab: Tab, go: str, rng: random.Random, *, easy: bool = False) -> dict[str, str]:
        at = STEP.findall(tab.page)
        if not at:
            return {"step": "check", "go": go}
        form = tab.page[tab.page.rfind("<form", 0, tab.page.rfind('name="step"')) :].split("</form>")[0]
        answers = dict(HIDDEN.findall(form))
        asked = set(ASKED.findall(form))
        choices: dict[str, list[str]] = {}
        for name, value in CHOICE.findall(form):
            choices.setdefault(name, []).append(html.unescape(value))
        for name in asked - set(answers):
            if name == "story":
                blank = not easy and rng.random() < 0.15
                answers[name] = "" if blank else f"Cerita rekaan nomor {rng.getrandbits(60):x}."
            elif easy:
                answers |= {name: EASY[name]} if name in EASY else {}
            elif name in choices and rng.random() < 0.8:
                answers[name] = rng.choice(choices[name])
            elif name == "phone" and rng.random() < 0.7:
                answers[name] = "0800-000-0000"
            elif name == "name" and rng.random() < 0.5:
                answers[name] = "Nama Rekaan"
        return answers | {"step": at[-1], "go": go}

    def post(self, tab: Tab, form: dict[str, str], *, answered: bool = True) -> None:
        cookies, before = self.cookies(), self.id()
        was_alive, was_sent = self.alive(), before in self.model.sent
        tab.sent, tab.cookies = form, cookies
        answer: Any = self.client.post(FORM, form)
        assert answer.status_code in (200, 302, 303, 400, 409), answer.status_code
        page = "" if answer.status_code in (302, 303) else answer.content.decode()
        sending = form.get("step") == "check" and form.get("go") == "next"
        if was_alive and was_sent:
            pass  # what is sent takes nothing more
        elif sending:
            if was_alive and self.model.stories.get(before or UUID(int=0)):
                assert before is not None
                self.model.sent.add(before)
                assert not page or words_in(page), "a whole report was refused"
            else:
                assert not words_in(page), "a receipt for nothing"
        elif form.get("story") and not page:
            here = self.id()
            assert here is not None, "nothing was kept of what was typed"
            self.model.stories[here] = form["story"]
        if not answered:
            self.put_back(cookies)
            return
        if not page:
            page = self.client.get(FORM).content.decode()
        tab.page = page
        self.shows_only_what_is_ours(page)

    def shows_only_what_is_ours(self, page: str) -> None:
        here = self.id()
        alive = self.alive()
        if words_in(page):
            assert alive and here in self.model.sent, "a receipt where there is none"
            assert here is not None
            self.has_words(here, page)
        elif alive and here in self.model.sent:
            raise AssertionError("sent, and no receipt is shown")
        mine = here if alive else None
        for draft, story in self.model.stories.items():
            # The same words may have been sent twice: once into a draft that is gone, and once into this one.
            shown_as_mine = draft == mine or (mine is not None and story == self.model.stories.get(mine))
            assert shown_as_mine or story not in page, "it shows what is not to be seen here"
        typed = TYPED.search(page)
        if alive and typed and here in self.model.stories and "govuk-error-message" not in page:
            assert self.model.stories[here] in html.unescape(typed[1]), "what was typed is not there"

    def has_words(self, draft: UUID, page: str) -> None:
        words = words_in(page)
        assert self.model.words.setdefault(draft, words) == words, "one report, two codes"

    def is_gone(self, draft: UUID | None) -> None:
        """Nobody opens it any more: neither as the application with its ticket, nor with its key."""
        if draft is None:
            return
        self.model.gone.add(draft)
        with acting(purpose="draft", scope=draft):
            open_still = self.world.rows("SELECT 1 FROM intake_draft WHERE id = %s", [draft], using="default")
            assert not open_still, "a draft can still be read that is over"
        visit = self.draft()
        if visit and visit.id == draft:
            assert actions.read_draft(visit=visit, at=clock.now()) is None

    def settle(self) -> None:
        """Exactly the reports that were sent are there, each under its own code, with what was told in it."""
        assert self.reports() - self.before == len(self.model.sent), "a report is lost or doubled"
        officer = self.world.person(Role.INTAKE_OFFICER)
        viewer = self.world.viewer(officer)
        for draft in self.model.sent:
            with acting(officer):
                key = key_of(draft, Section.NARRATIVE)
                assert queries.story_of(viewer, draft, key) == self.model.stories[draft], (
                    "it tells something else"
                )
            if words := self.model.words.get(draft):
                with tickets.carry(""), transaction.atomic():
                    found = queries.locate(actions.locator(read_code(words)))
                assert found is not None and found[0] == draft, "the code opens something else"
        live = (set(self.model.stories) | self.model.waiting) - self.model.gone
        kept = {row[0] for row in self.world.rows("SELECT id FROM intake_draft WHERE expires_at > now()")}
        assert not kept & self.model.gone, "a draft outlived its time"
        assert live <= kept, "a draft is gone before its time"


def words_in(page: str) -> str:
    receipt = WORDS.search(page)
    return " ".join(WORD.findall(receipt[0])) if receipt else ""
