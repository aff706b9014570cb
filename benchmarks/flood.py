"""One address sends 600 reports as fast as it can; somebody else reports meanwhile.

    python -m benchmarks.flood [--small 2000]

Against the real server with two workers. Every report must be kept: none is refused, and those beyond what one address
is likely to send are only looked at later (`in_flood`). How long somebody else's report takes, all its requests, is
told before and beside the flood. Then another address sends reports with work, as browsers with script do; it was done
before, so that it does not share the two cores. The clients are threads of this process.
"""

import sys
import threading
import time
from collections.abc import Callable

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import ground
from benchmarks.measure import Figures, percentile
from benchmarks.reporter import Load, Reporter, address_of, at_once, opened
from benchmarks.reporting import kept_in, told_wrong
from benchmarks.serving import site

REPORTS, CLIENTS = 600, 16
FLOODER, WORKER = "127.254.0.9", "127.254.0.10"
WITH_WORK = 60
ALONE = 10  # reports of somebody else before the flood
SLOWEST = 3_000  # ms for all requests of somebody else's report beside it


def pour(port: int, address: str, reports: int) -> tuple[Load, list[str]]:
    """This will send so many reports from one address as fast as it goes; gives the codes."""
    codes: list[str] = []
    left = list(range(reports))

    def one(_number: int) -> bool:
        try:
            left.pop()
        except IndexError:
            return False
        somebody = Reporter(port, address=address)
        codes.append(somebody.report())
        somebody.close()
        return True

    return at_once(CLIENTS, one), codes


def others(port: int, go_on: Callable[[int], bool]) -> tuple[Load, list[str]]:
    """This will let one person after another report, each at an address of their own."""
    codes: list[str] = []

    def one(_number: int) -> bool:
        if not go_on(len(codes)):
            return False
        somebody = Reporter(port, address=address_of(100_000 + len(codes)))
        codes.append(somebody.report())
        somebody.close()
        return True

    return at_once(1, one), codes


def pour_with_work(port: int) -> tuple[Load, list[str]]:
    """This will send reports from one address whose work was done before; gives the codes."""
    drafts = [Reporter(port, address=WORKER) for _ in range(WITH_WORK)]
    for somebody in drafts:
        somebody.walk_to_check()
        somebody.work()
        somebody.close()
    codes: list[str] = []

    def one(_number: int) -> bool:
        try:
            somebody = drafts.pop()
        except IndexError:
            return False
        codes.append(somebody.send())
        somebody.close()
        return True

    return at_once(CLIENTS, one), codes


def main() -> int:
    words = arguments(__doc__, (2_000, 2_000))
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.small)
        ensure(where, plan)
        from ruangaman.intake.policies.form import FLOOD_FROM_ONE

        def counts() -> list[int]:
            which = ("true", "in_flood AND proof = 'none'", "in_flood AND proof = 'worked'")
            return [kept_in(where, plan.size, one) for one in which]

        before = counts()
        with site(where, plan.size) as served:
            others(served.port, lambda done: done < 3)
            alone, first = others(served.port, lambda done: done < ALONE)
            found: list[tuple[Load, list[str]]] = []
            flood = threading.Thread(target=lambda: found.append(pour(served.port, FLOODER, REPORTS)))
            flood.start()
            time.sleep(0.5)
            beside, second = others(served.port, lambda _done: flood.is_alive())
            flood.join()
            load, codes = found[0]
            worked, third = pour_with_work(served.port)
            threads = opened(served.port, codes + first + second + third)
        kept, queued, queued_worked = (after - one for after, one in zip(counts(), before, strict=True))
    figures.tell("somebody's report before the flood, p50", percentile(alone.took, 0.5), "ms")
    figures.tell("reports of the flood", load.rate, "/s")
    figures.tell("reports of the flood refused or broken off", told_wrong(load), at_most=0)
    figures.tell("reports of the flood kept", len(codes), at_least=REPORTS)
    figures.tell("of them queued behind the others", queued, at_least=REPORTS - FLOOD_FROM_ONE)
    figures.tell("reports with work from one address, refused", told_wrong(worked), at_most=0)
    figures.tell("of them queued", queued_worked, at_least=WITH_WORK - FLOOD_FROM_ONE)
    figures.tell("somebody else's reports meanwhile", len(second), at_least=1)
    figures.tell("somebody else's report beside it, p50", percentile(beside.took, 0.5), "ms")
    figures.tell(
        "somebody else's report beside it, p95", percentile(beside.took, 0.95), "ms", at_most=SLOWEST
    )
    figures.tell("somebody else's reports refused", told_wrong(beside) + told_wrong(alone), at_most=0)
    given = len(codes) + len(first) + len(second) + len(third)
    figures.tell("receipts that open nothing", given - threads, at_most=0)
    figures.tell("reports doubled", kept - given - 3, at_most=0)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
