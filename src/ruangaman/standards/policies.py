"""Rules of figures and periods: pure, told everything they need."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from ruangaman.standards.matrix import Target, percent

# Periods are counted in the time of the region. Source: docs/adr/0010.
ZONE = ZoneInfo("Asia/Jakarta")
YEARS_BACK = 5


@dataclass(frozen=True, slots=True)
class Period:
    """A half-year or a year, from its first day to the day after its last."""

    code: str
    year: int
    half: int  # 0: the whole year
    first: date
    end: date

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), ZONE)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.end, time(), ZONE)

    @property
    def last(self) -> date:
        return date.fromordinal(self.end.toordinal() - 1)

    def is_over(self, at: datetime) -> bool:
        """This will say whether nothing more can come into the period."""
        return at >= self.until


@dataclass(frozen=True, slots=True)
class Figure:
    """A numerator and a denominator, why the rest is not in the numerator, and what was left out of both."""

    numerator: int = 0
    denominator: int = 0
    not_yet: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def value(self) -> Decimal | None:
        return percent(self.numerator, self.denominator)

    @property
    def missing(self) -> int:
        return self.denominator - self.numerator


def period(code: str) -> Period | None:
    """This will give the period of a code: ``2026-1``, ``2026-2`` or ``2026``; nothing for anything else.

    Semester I ends with June, semester II with December. Source: Pergub Jabar 63/2014 Pasal 5 ayat (5).
    """
    year_text, _dash, half_text = code.partition("-")
    if len(year_text) != 4 or not (year_text.isascii() and year_text.isdigit()):
        return None
    year = int(year_text)
    months = {"1": (1, 7), "2": (7, 13), "": (1, 13)}.get(half_text)
    if not 2000 <= year <= 9000 or months is None or code.endswith("-"):
        return None
    first, after = months
    end = date(year + 1, 1, 1) if after > 12 else date(year, after, 1)
    return Period(code, year, int(half_text or 0), date(year, first, 1), end)


def present(at: datetime) -> str:
    """This will give the code of the half-year that ``at`` lies in."""
    day = at.astimezone(ZONE)
    return f"{day.year}-{1 if day.month < 7 else 2}"


def offered(at: datetime) -> list[str]:
    """This will give the codes of the periods to choose from: this half-year, the one before, and the last years."""
    now = present(at)
    year, half = int(now[:4]), now[5:]
    before = f"{year}-1" if half == "2" else f"{year - 1}-2"
    return [now, before, *(str(one) for one in range(year, year - YEARS_BACK - 1, -1))]


def is_reached(figure: Figure, target: Target | None) -> bool:
    """This will say whether a figure that exists is at its target or above."""
    value = figure.value
    return target is not None and value is not None and value >= target.percent
