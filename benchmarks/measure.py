"""Percentiles, interleaved samples, medians of ratios, and one line for each figure."""

import gc
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

COLLECT = "RUANGAMAN_BENCH_FIGURES"  # a file that the runner of all benchmarks gathers figures from
ROUNDS = 5

Work = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """One measured value; ``limit`` is None where there is nothing to keep, only something to know."""

    name: str
    value: float
    unit: str = ""
    limit: float | None = None
    at_least: bool = False

    @property
    def good(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def columns(self) -> tuple[str, str, str, str]:
        """This will give name, value, limit and verdict as texts."""
        if self.limit is None:
            return self.name, f"{plain(self.value)} {self.unit}".strip(), "", ""
        sign = "≥" if self.at_least else "≤"
        limit = f"{sign} {plain(self.limit)} {self.unit}".strip()
        return (
            self.name,
            f"{plain(self.value)} {self.unit}".strip(),
            limit,
            "ok" if self.good else "FELL SHORT",
        )


class Figures:
    """The figures of one benchmark, each told as soon as it is known."""

    def __init__(self) -> None:
        self.broken = 0

    def tell(
        self,
        name: str,
        value: float,
        unit: str = "",
        *,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> None:
        """This will print one figure beside its limit, and keep it for the runner."""
        figure = Figure(name, value, unit, at_least if at_most is None else at_most, at_least is not None)
        self.broken += not figure.good
        name, shown, limit, verdict = figure.columns()
        print(f"{name:<66} {shown:>16}  {limit:<14} {verdict}".rstrip(), flush=True)
        if path := os.environ.get(COLLECT):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(figure)) + "\n")

    def end(self) -> int:
        """This will give the exit code: 1 where a limit is broken."""
        return 1 if self.broken else 0


def plain(value: float) -> str:
    """This will write a number with as many digits as mean something."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def percentile(values: Sequence[float], share: float) -> float:
    """This will give the smallest value that ``share`` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 1).__int__() - 1)]


def processor_seconds() -> float:
    """This will give the processor time of child processes that have ended, and of theirs (seconds)."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def milliseconds(work: Work) -> float:
    """This will run ``work`` once and give how long it took."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def interleaved(works: Sequence[Work], samples: int, warm: int = 20) -> list[list[float]]:
    """This will time each work ``samples`` times, one after the other in turn, so that noise meets all alike (ms)."""
    for _ in range(warm):
        for work in works:
            work()
    taken: list[list[float]] = [[] for _ in works]
    gc.collect()
    gc.disable()
    try:
        for number in range(samples):
            for place in range(len(works)):
                which = (place + number) % len(works)
                taken[which].append(milliseconds(works[which]))
    finally:
        gc.enable()
    return taken


@dataclass(frozen=True)
class Compared:
    """Two works beside each other: percentiles over all samples, and the median ratio of the rounds."""

    first: dict[float, float]
    second: dict[float, float]
    ratio: dict[float, float]
    samples: int


def compare(first: Work, second: Work, samples: int, shares: Sequence[float] = (0.5, 0.95)) -> Compared:
    """This will take ``samples`` of both in ROUNDS rounds; a ratio is second over first, the median of the rounds."""
    ones: list[float] = []
    others: list[float] = []
    ratios: dict[float, list[float]] = {share: [] for share in shares}
    for _ in range(ROUNDS):
        one, other = interleaved([first, second], -(-samples // ROUNDS))
        for share in shares:
            ratios[share].append(percentile(other, share) / percentile(one, share))
        ones += one
        others += other
    return Compared(
        {share: percentile(ones, share) for share in shares},
        {share: percentile(others, share) for share in shares},
        {share: statistics.median(found) for share, found in ratios.items()},
        len(ones),
    )


class Bar:
    """A progress bar on the terminal's error stream; silent where that is a file."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.began, self.shown = what, total, time.perf_counter(), -1

    def at(self, done: int) -> None:
        """This will draw the bar at ``done`` of the total."""
        share = int(40 * done / self.total)
        if share == self.shown or not (sys.stderr.isatty() or share in (10, 20, 30, 40)):
            return
        self.shown = share
        rate = done / max(time.perf_counter() - self.began, 0.001)
        end = "\n" if done >= self.total or not sys.stderr.isatty() else ""
        print(
            f"\r{self.what} [{'#' * share:<40}] {done:,} of {self.total:,}, {rate:,.0f}/s",
            end=end,
            file=sys.stderr,
            flush=True,
        )
