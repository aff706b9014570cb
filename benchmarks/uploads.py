"""Twenty phones upload at 4 kB/s while others file reports.

    python -m benchmarks.uploads

The real server with two workers. A filing is the whole form, one request after another, from the first page to the
receipt. First without uploads, then with twenty of them under way all the time.
"""

import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import ground
from benchmarks.measure import Figures, percentile
from benchmarks.reporter import Reporter
from benchmarks.serving import Browser, site

UPLOADS, BYTES_A_SECOND, UPLOAD_BYTES = 20, 4_000, 160_000
CLIENTS, SECONDS = 2, 30
SLOWEST = 1_000


def file_report(port: int) -> float:
    """This will fill in the whole form and give how long all requests took (ms)."""
    reporter, began = Reporter(port), time.perf_counter()
    reporter.report()
    taken = (time.perf_counter() - began) * 1000
    reporter.close()
    return taken


def filing(port: int, seconds: float) -> list[float]:
    """This will file reports with a few clients at once, for that long."""
    until = time.perf_counter() + seconds

    def client() -> list[float]:
        taken = []
        while time.perf_counter() < until:
            taken.append(file_report(port))
        return taken

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [one for taken in pool.map(lambda _: client(), range(CLIENTS)) for one in taken]


class Slow:
    """A phone far from the mast: sends a long story, a little each second."""

    def __init__(self, port: int) -> None:
        self.port, self.status, self.sent = port, 0, 0
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        browser = Browser(self.port)
        browser.ask("GET", "/lapor/")
        fields = {
            "csrfmiddlewaretoken": browser.token,
            "step": "what",
            "go": "next",
            "story": "a" * UPLOAD_BYTES,
        }
        body = urlencode(fields).encode()
        headers = browser.headers(
            {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as phone:
            phone.sendall(f"POST /lapor/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{head}\r\n".encode())
            for start in range(0, len(body), BYTES_A_SECOND):
                phone.sendall(body[start : start + BYTES_A_SECOND])
                self.sent = min(start + BYTES_A_SECOND, len(body))
                time.sleep(1)
            self.status = int(phone.recv(100).split(b" ")[1])


def main() -> int:
    words = arguments(__doc__, (10_000, 10_000))
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.small)
        ensure(where, plan, figures)
        with site(where, plan.size) as served:
            filing(served.port, 5)
            alone = filing(served.port, SECONDS)
            phones = [Slow(served.port) for _ in range(UPLOADS)]
            time.sleep(3)
            beside = filing(served.port, SECONDS)
            under_way = sum(phone.status == 0 and phone.sent > 0 for phone in phones)
            for phone in phones:
                phone.thread.join(120)
            answered = sum(phone.status == 200 for phone in phones)
    figures.tell("filing a report, alone, p50", percentile(alone, 0.5), "ms")
    figures.tell("filing a report, alone, p95", percentile(alone, 0.95), "ms")
    figures.tell(f"filing a report beside {UPLOADS} slow uploads, p50", percentile(beside, 0.5), "ms")
    figures.tell(
        f"filing a report beside {UPLOADS} slow uploads, p95", percentile(beside, 0.95), "ms", at_most=SLOWEST
    )
    figures.tell("reports filed beside them", len(beside))
    figures.tell("slow uploads still under way at the end", under_way, at_least=UPLOADS)
    figures.tell("slow uploads received whole", answered, at_least=UPLOADS)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
