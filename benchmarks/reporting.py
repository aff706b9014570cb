"""Complete anonymous reports over HTTP against the real server, two workers, the database beside it.

    python -m benchmarks.reporting [--small 2000] [--seconds 15] [--minute 60]

A report is all its requests, from the first page of the form to the receipt, each reporter on a connection and at an
address of their own, as a browser without script sends them: the work that a browser with script does is the phone's,
not the server's. Every code is opened afterwards. Then the last request alone: the drafts are written before, and of
some of them the work is done before. The clients are threads of this process and share the cores with the server; what
they cost is told as a figure.
"""

import sys
import threading
import time
from itertools import count

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import Ground, ground
from benchmarks.measure import Figures, percentile
from benchmarks.memory import resident
from benchmarks.reporter import Load, Reporter, address_of, at_once, opened
from benchmarks.serving import Site, site

CLIENTS = (1, 8, 32)
MOST_REQUESTS = 10
REPORTS_A_SECOND = 12  # at 32 clients
LAST_A_SECOND = 60  # the last request alone, at 32 clients
LAST_EACH = 12  # drafts of each of the 32
WORKED = 8  # one draft of so many brings work that was done before
CROWD = 100
MOST_GROWTH = 24  # MB of the largest worker between the first third and the end

_numbers = count(1)
_one_at_a_time = threading.Lock()


def reporter(port: int) -> Reporter:
    """This will give a reporter at an address that nobody had before."""
    with _one_at_a_time:
        return Reporter(port, address=address_of(next(_numbers)))


def report_for(port: int, clients: int, seconds: float, codes: list[str], requests: list[int]) -> Load:
    """This will file reports with so many clients at once, for that long."""
    until = time.perf_counter() + seconds

    def one(_number: int) -> bool:
        if time.perf_counter() > until:
            return False
        somebody = reporter(port)
        try:
            codes.append(somebody.report())
        finally:
            somebody.close()
        requests.append(somebody.asked)
        return True

    return at_once(clients, one)


def complete(port: int, seconds: float, figures: Figures) -> list[str]:
    """This will measure complete reports, and give their codes."""
    kept: list[str] = []
    requests: list[int] = []
    for clients in CLIENTS:
        codes: list[str] = []
        used = time.process_time()
        load = report_for(port, clients, seconds, codes, requests)
        used = time.process_time() - used
        name = f"complete reports, {clients} at once"
        least = REPORTS_A_SECOND if clients == max(CLIENTS) else None
        figures.tell(name, load.rate, "/s", at_least=least)
        figures.tell(f"{name}, p95", percentile(load.took, 0.95), "ms")
        figures.tell(f"{name}, refused or broken off", told_wrong(load), at_most=0)
        figures.tell(f"{name}, processor of the clients", 100 * used / load.seconds, "% of a core")
        kept += codes
    figures.tell("requests of a report", max(requests), at_most=MOST_REQUESTS)
    return kept


def last_request(port: int, figures: Figures) -> list[str]:
    """This will write drafts up to the last page, then measure the last request alone; gives the codes."""
    clients = max(CLIENTS)
    drafts: list[Reporter] = []
    written = count()

    def write(_number: int) -> bool:
        if len(drafts) >= clients * LAST_EACH:
            return False
        somebody = reporter(port)
        somebody.walk_to_check()
        if next(written) % WORKED == 0:
            somebody.work()
        somebody.close()  # who reads it all again has lost the connection; the last request opens another
        drafts.append(somebody)
        return True

    before = at_once(8, write)
    codes: list[str] = []

    def send(_number: int) -> bool:
        try:
            somebody = drafts.pop()
        except IndexError:
            return False
        codes.append(somebody.send())
        somebody.close()
        return True

    load = at_once(clients, send)
    figures.tell(f"the last request alone, {clients} at once", load.rate, "/s", at_least=LAST_A_SECOND)
    figures.tell("the last request alone, p95", percentile(load.took, 0.95), "ms")
    figures.tell(
        "the last request alone, refused or broken off", told_wrong(load) + told_wrong(before), at_most=0
    )
    return codes


def crowd(served: Site, seconds: float, figures: Figures) -> list[str]:
    """This will let a hundred report at once for a minute, and watch the workers' memory."""
    codes: list[str] = []
    marks: list[tuple[float, float]] = []
    began, over = time.perf_counter(), threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            marks.append((time.perf_counter() - began, resident(served)))

    figures.tell(f"memory of the largest worker before {CROWD} reporters", resident(served), "MB")
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    load = report_for(served.port, CROWD, seconds, codes, [])
    over.set()
    watcher.join()
    after = resident(served)
    early = max(memory for at, memory in marks if at <= max(seconds / 3, 1))
    figures.tell(f"{CROWD} reporters for {seconds:.0f} s", load.rate, "/s")
    figures.tell(f"{CROWD} reporters, p95 of a report", percentile(load.took, 0.95) / 1000, "s")
    figures.tell(f"{CROWD} reporters, refused or broken off", told_wrong(load), at_most=0)
    figures.tell(f"memory, peak among {CROWD} reporters", max(memory for _, memory in marks), "MB")
    figures.tell(f"memory after {CROWD} reporters", after, "MB")
    figures.tell("memory, growth after the first third", after - early, "MB", at_most=MOST_GROWTH)
    return codes


def told_wrong(load: Load) -> int:
    """This will give how many pieces of work went wrong, and say how on the error stream."""
    for wrong in load.wrong[:3]:
        print(f"  {type(wrong).__name__}: {wrong}", file=sys.stderr)
    return len(load.wrong)


def kept_in(where: Ground, size: int, which: str = "true") -> int:
    """This will count the reports that stand in the database, those of a condition."""
    import psycopg

    with psycopg.connect(where.owner_url(size)) as owner:
        row = owner.execute(f"SELECT count(*) FROM intake_report WHERE {which}").fetchone()
    return row[0] if row else 0


def main() -> int:
    words = arguments(__doc__, (2_000, 2_000), seconds=15.0, minute=60.0)
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.small)
        ensure(where, plan)
        before, worked = kept_in(where, plan.size), kept_in(where, plan.size, "proof = 'worked'")
        with site(where, plan.size) as served:
            report_for(served.port, 4, 3, warm := [], [])
            codes = warm + complete(served.port, words.seconds, figures)
            codes += last_request(served.port, figures)
            codes += crowd(served, words.minute, figures)
            found = opened(served.port, codes)
        kept = kept_in(where, plan.size) - before
        worked = kept_in(where, plan.size, "proof = 'worked'") - worked
    figures.tell("receipts that were given", len(codes))
    figures.tell("of them with work that was found done", worked, at_least=CLIENTS[-1] * LAST_EACH // WORKED)
    figures.tell("reports lost (no thread opens with the receipt)", len(codes) - found, at_most=0)
    figures.tell("receipts that two reports share", len(codes) - len(set(codes)), at_most=0)
    figures.tell("reports without a receipt (doubled)", kept - len(codes), at_most=0)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
