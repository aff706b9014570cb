"""Memory of a web worker after its start and after 2,000 requests, and whether it goes on growing.

    python -m benchmarks.memory

The real server; a mix of public pages, the form's first step, and the list of reports of somebody signed in. Resident
memory as the kernel counts it; what the workers share (the interpreter, libraries) is in each of them.
"""

import sys
from itertools import cycle
from pathlib import Path

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import ground
from benchmarks.measure import Figures
from benchmarks.serving import Browser, Site, site

REQUESTS = 2_000


def resident(site: Site) -> float:
    """This will give the resident memory of the largest worker (MB)."""
    return max(_kilobytes(worker) for worker in site.workers()) / 1024


def _kilobytes(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"no VmRSS for {process}")


def main() -> int:
    words = arguments(__doc__, (10_000, 10_000))
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.small)
        ensure(where, plan, figures)
        from benchmarks.acting import Desk
        from ruangaman.access.states import Role

        desk = Desk(where, plan, plan.person(Role.HEAD))
        signed_in = {name: morsel.value for name, morsel in desk.browser.cookies.items()}
        with site(where, plan.size) as served:
            for _ in range(20):  # each worker answers some
                Browser(served.port).ask("GET", "/")
            figures.tell("memory of a web worker after its start", resident(served), "MB")
            clients = [(path, Browser(served.port)) for path in ("/", "/bantuan/", "/lapor/", "/cek/")] * 2
            clients += [("/laporan/", Browser(served.port, dict(signed_in))) for _ in range(4)]
            rounds = cycle(clients)
            marks = []
            for number in range(1, 2 * REQUESTS + 1):
                path, browser = next(rounds)
                browser.ask("GET", path)
                if number % REQUESTS == 0:
                    marks.append(resident(served))
            figures.tell(f"memory of a web worker after {REQUESTS:,} requests", marks[0], "MB")
            figures.tell(f"memory of a web worker after {2 * REQUESTS:,} requests", marks[1], "MB")
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
