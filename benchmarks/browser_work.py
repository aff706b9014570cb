"""How long a browser works for one report: the product's own script, in Chromium, as it is and slowed down.

    python -m benchmarks.browser_work [--reports 40]

A cheap phone's processor (Cortex-A53, of which there are many in the field) does alone about an eighth of what a core
of an office machine does; Chromium slows the page's thread down by that factor, and there the script runs. Each report
has a challenge of its own, and what the script found is checked as the server checks it.
"""

import argparse
import secrets
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import Figures
from ruangaman.intake.policies import work
from tests.journeys import chromium

SCRIPT = Path(work.__file__).parents[2] / "kernel/static/ruangaman/worker.js"
SLOWED, LIMIT_SECONDS = 8, 2.0
SOLVE = """(asked) => {
  const found = []
  self.postMessage = (number) => found.push(number)
  const began = performance.now()
  self.onmessage({ data: asked })
  return [(performance.now() - began) / 1000, found]
}"""


def solve(page: Page) -> float:
    """This will let the page work for one report; the seconds that took."""
    challenge = secrets.token_bytes(32)
    asked = {"challenge": challenge.hex(), "bits": work.BITS, "puzzles": work.PUZZLES, "done": 0}
    seconds, numbers = page.evaluate(SOLVE, asked)
    if not work.is_worked(challenge, numbers):
        raise SystemExit("The script found what the server does not take.")
    return float(seconds)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=40)
    words = parser.parse_args()
    browser = chromium.program()
    if browser is None:
        raise SystemExit(chromium.MISSING)
    figures = Figures()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=chromium.ARGUMENTS)
        page = opened.new_page()
        page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
        devtools = page.context.new_cdp_session(page)
        for slowed in (1, SLOWED):
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
            took = sorted(solve(page) for _ in range(words.reports))
            name = (
                f"work for a report, processor slowed {slowed} times" if slowed > 1 else "work for a report"
            )
            limit = LIMIT_SECONDS if slowed > 1 else None
            figures.tell(f"{name}, p50", statistics.median(took), "s", at_most=limit)
            figures.tell(f"{name}, p95", took[int(len(took) * 0.95)], "s", at_most=limit)
        opened.close()
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
