"""Somebody who reports over HTTP as a browser without script does: page by page, as the pages themselves ask."""

import hashlib
import html
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.serving import Browser

FORM = "/lapor/"
STEP = re.compile(rb'type="hidden" name="step" value="([a-z]+)"')
HIDDEN = re.compile(rb'<input type="hidden" name="([a-z_]+)"(?: value="([^"]*)")?')
NAMED = re.compile(rb'<(?:input|select|textarea)[^>]* name="([a-z_]+)"')
CHALLENGE = re.compile(rb'data-challenge="([0-9a-f]{64})"')
WORDS = re.compile(rb'<ol class="words".*?</ol>', re.DOTALL)
WORD = re.compile(rb"<li[^>]*>([a-z]+)</li>")
MOST_WRONG = 200  # more of it tells nothing new
MOST_PAGES = 12  # a form that asks for more than this does not end

# What an adult who wants to stay unknown answers; each is sent on the page that asks for it.
ANSWERS = {
    "danger_now": "no",
    "reporter_kind": "victim",
    "for_whom": "me",
    "age_band": "adult",
    "story": "Cerita rekaan untuk mengukur. " * 8,
    "place": "31.73.01",
    "means": "code",
}


@dataclass
class Reporter(Browser):
    """A reporter before one page of the form."""

    answers: dict[str, str] = field(default_factory=lambda: dict(ANSWERS))
    page: bytes = b""

    @property
    def step(self) -> str:
        """This will give the step that the page asks for, or nothing where it is no page of the form."""
        found = STEP.findall(self.page)
        return found[-1].decode() if found else ""

    @property
    def words(self) -> str:
        """This will give the code on a receipt, or nothing."""
        receipt = WORDS.search(self.page)
        return b" ".join(WORD.findall(receipt[0])).decode() if receipt else ""

    def begin(self) -> None:
        """This will open the form."""
        self.page = self.ask("GET", FORM)

    def work(self) -> None:
        """This will solve the puzzles of the draft, as the script of a browser does, for the next page that is sent.

        :raises RuntimeError: where the page sets none.
        """
        from ruangaman.intake.policies import work

        found = CHALLENGE.search(self.page)
        if not found:
            raise RuntimeError("the page sets no work")
        challenge = bytes.fromhex(found[1].decode())
        numbers = [_solution(challenge + place.to_bytes(4), work.BITS) for place in range(work.PUZZLES)]
        if not work.is_worked(challenge, numbers):
            raise RuntimeError("what was worked out here does not solve the page's work")
        self.answers["work"] = ",".join(map(str, numbers))

    def go_on(self) -> None:
        """This will fill in what the page asks for and press its first button."""
        form = self.page[self.page.rfind(b"<form", 0, self.page.rfind(b'name="step"')) :]
        form = form[: form.find(b"</form>")]
        hidden = {name.decode(): html.unescape(value.decode()) for name, value in HIDDEN.findall(form)}
        asked = {name.decode() for name in NAMED.findall(form)}
        told = {name: value for name, value in self.answers.items() if name in asked}
        hidden.pop("csrfmiddlewaretoken", None)
        self.page = self.ask("POST", FORM, {**hidden, **told, "go": "next"})

    def walk_to_check(self) -> None:
        """This will fill in the form up to its last page.

        :raises RuntimeError: where there is no last page.
        """
        self.begin()
        for _ in range(MOST_PAGES):
            if self.step == "check":
                return
            self.go_on()
        raise RuntimeError(f"the form did not come to its end: {self.step or 'no step'}")

    def send(self) -> str:
        """This will press the last button and give the code.

        :raises RuntimeError: where the answer is no receipt.
        """
        self.go_on()
        if not self.words:
            raise RuntimeError("the form did not end at a receipt")
        return self.words

    def report(self) -> str:
        """This will make a complete report and give its code."""
        self.walk_to_check()
        return self.send()

    def close(self) -> None:
        """This will hang up."""
        self.connection.close()


def _solution(puzzle: bytes, bits: int) -> int:
    most = 1 << (32 - bits)
    return next(
        number
        for number in range(2**32)
        if int.from_bytes(hashlib.sha256(puzzle + number.to_bytes(4)).digest()[:4]) < most
    )


@dataclass
class Load:
    """What several clients did at once: how long each piece of work took (ms), and what went wrong."""

    took: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)  # seconds after the beginning
    wrong: list[BaseException] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """This will give how many pieces of work were done in a second."""
        return len(self.took) / self.seconds


def at_once(clients: int, work: Callable[[int], bool]) -> Load:
    """This will let ``clients`` call ``work(number)`` again and again until it answers False, all begun together."""
    load, begin = Load(), threading.Barrier(clients + 1)

    def client(number: int) -> None:
        begin.wait()
        while True:
            before = time.perf_counter()
            try:
                if not work(number):
                    return
            except Exception as wrong:  # counted and shown: one error must not end the measurement
                load.wrong.append(wrong)
                if len(load.wrong) > MOST_WRONG:
                    return
                continue
            after = time.perf_counter()
            load.took.append((after - before) * 1000)
            load.ended.append(after - began)

    hands = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(clients)]
    for hand in hands:
        hand.start()
    began = time.perf_counter()
    begin.wait()
    for hand in hands:
        hand.join()
    load.seconds = max(load.ended, default=time.perf_counter() - began)
    return load


def address_of(number: int) -> str:
    """This will give an address on this machine for the n-th caller, so that each counts as one of its own."""
    return f"127.{1 + number // 62_500 % 250}.{number // 250 % 250}.{1 + number % 250}"


def opened(port: int, codes: Sequence[str], clients: int = 8) -> int:
    """This will open the thread of each code over HTTP and give how many opened."""
    waiting, found = list(enumerate(codes)), []

    def look(number: int) -> bool:
        try:
            place, code = waiting.pop()
        except IndexError:
            return False
        browser = Browser(port, address=address_of(place))
        browser.ask("GET", "/cek/")
        page = browser.ask("POST", "/cek/", {"code": code})
        browser.connection.close()
        if b'name="body"' in page:
            found.append(code)
        return True

    at_once(clients, look)
    return len(found)
