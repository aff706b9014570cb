"""Which cases the demonstration's years hold: a plan made from one number, before anything is written.

Two windows have the totals of the source documents; the rest is spread over the years, and made up.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Group = Literal["woman", "girl", "boy", "man"]

# 2021: 518 women and 795 children. How many of the children were girls is not said; we take the share of South Jakarta
# in 2022 (84 of 118). Online violence: 27 women, 10 girls, 5 boys. Source: seed 000.
YEAR = (date(2021, 1, 1), date(2022, 1, 1))
YEAR_GROUPS: dict[Group, int] = {"woman": 518, "girl": 566, "boy": 229}
YEAR_ONLINE: dict[Group, int] = {"woman": 27, "girl": 10, "boy": 5}
# South Jakarta, January to September 2022. Source: seed 001.
SOUTH = "31.74"
SOUTH_WINDOW = (date(2022, 1, 1), date(2022, 10, 1))
SOUTH_GROUPS: dict[Group, int] = {"woman": 130, "girl": 84, "boy": 34}

FIXED = sum(YEAR_GROUPS.values()) + sum(SOUTH_GROUPS.values())
USUAL = 3_000  # clients, where no other number is asked for
# The kota of a case, in proportion to its posts. Source: seed 003.
CITIES = {"31.71": 2, "31.72": 2, "31.73": 6, "31.74": 4, "31.75": 5}
# Clients of other years, in shares; men are served and counted apart (care.md 22).
SHARES: dict[Group, float] = {"woman": 0.40, "girl": 0.41, "boy": 0.17, "man": 0.02}
ONLINE_SHARE = 0.06
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Planned:
    """One case to come: when it was reported, where, about whom, and the number that decides the rest of it."""

    number: int
    received_at: datetime
    city: str
    group: Group
    online: bool
    seed: int

    @property
    def rng(self) -> random.Random:
        """This will give the chance that decides this case, the same whoever walks it and in whatever order."""
        return random.Random(f"{self.seed}/{self.number}")  # noqa: S311  made-up data


def plan(*, seed: int, cases: int, until: datetime) -> Iterator[Planned]:
    """This will give ``cases`` clients from 2021 on, the two windows first; fewer than FIXED are not to be had.

    :raises ValueError: where fewer are asked for than the source documents tell of.
    """
    if cases < FIXED:
        raise ValueError(f"The source documents tell of {FIXED} clients; ask for at least as many.")
    rng = random.Random(seed)  # noqa: S311  made-up data
    cities, weights = list(CITIES), list(CITIES.values())
    number = 0
    for window, groups, online, city in (
        (YEAR, YEAR_GROUPS, YEAR_ONLINE, ""),
        (SOUTH_WINDOW, SOUTH_GROUPS, {}, SOUTH),
    ):
        for group, count in groups.items():
            for place in range(count):
                where = city or rng.choices(cities, weights)[0]
                when = _moment(rng, window[0], window[1])
                yield Planned(number, when, where, group, place < online.get(group, 0), seed)
                number += 1
    last = until.date() - timedelta(days=3)
    while number < cases:
        when = _moment(rng, SOUTH_WINDOW[0], last)
        others = [city for city in cities if city != SOUTH]
        inside = when.date() < SOUTH_WINDOW[1]
        where = rng.choices(others if inside else cities, [CITIES[c] for c in others] if inside else weights)[
            0
        ]
        group = rng.choices(list(SHARES), list(SHARES.values()))[0]
        yield Planned(number, when, where, group, rng.random() < ONLINE_SHARE, seed)
        number += 1


def _moment(rng: random.Random, first: date, after: date) -> datetime:
    """A moment of a day in the window, in Jakarta's day, between six in the morning and midnight."""
    day = first + timedelta(days=rng.randrange((after - first).days))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)
    return midnight + timedelta(minutes=6 * 60 + rng.randrange(DAY - 6 * 60))
