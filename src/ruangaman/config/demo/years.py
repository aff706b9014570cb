"""Which cases the demonstration's years hold: a plan made from one number, before anything is written.

Two windows have the totals of the source documents; the rest is spread over the years, and made up.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID

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
JAKARTA = timedelta(hours=7)


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

    @property
    def dossier_id(self) -> UUID:
        """This will give the dossier's id, which follows from the numbers: so a load that was broken off can go on."""
        rng = random.Random(f"{self.seed}/{self.number}/dossier")  # noqa: S311  made-up data
        return UUID(int=rng.getrandbits(128), version=4)


def plan(*, seed: int, cases: int, until: datetime, share: float = 1) -> Iterator[Planned]:
    """This will give ``cases`` clients from 2021 on, the two windows first; fewer than those hold are not to be had.

    ``share``: this much of each group of the windows, where the totals of the source documents are not needed.

    :raises ValueError: where fewer are asked for than the windows hold.
    """
    fixed = sum(len(group) for *_rest, group in _windows(share))
    if cases < fixed:
        raise ValueError(f"The source documents tell of {fixed} clients; ask for at least as many.")
    return _planned(seed, cases, until, share)


def in_window(at: datetime) -> bool:
    """This will say whether a case of that moment counts into the year whose totals are given."""
    return YEAR[0] <= (at + JAKARTA).date() < YEAR[1]


def _windows(share: float) -> list[tuple[tuple[date, date], str, Group, list[bool]]]:
    """The groups of both windows: when, where (empty: anywhere), who, and for each of them whether it was online."""
    told = [
        *((YEAR, "", group, count, YEAR_ONLINE[group]) for group, count in YEAR_GROUPS.items()),
        *((SOUTH_WINDOW, SOUTH, group, count, 0) for group, count in SOUTH_GROUPS.items()),
    ]
    return [
        (when, where, group, [place < round(online * share) for place in range(round(count * share))])
        for when, where, group, count, online in told
    ]


def _planned(seed: int, cases: int, until: datetime, share: float) -> Iterator[Planned]:
    rng = random.Random(seed)  # noqa: S311  made-up data
    cities, weights = list(CITIES), list(CITIES.values())
    number = 0
    for (first, after), city, group, people in _windows(share):
        for online in people:
            where = city or rng.choices(cities, weights)[0]
            yield Planned(number, _moment(rng, first, after), where, group, online, seed)
            number += 1
    last = until.date() - timedelta(days=3)
    while number < cases:
        when = _moment(rng, SOUTH_WINDOW[0], last)
        others = [city for city in cities if city != SOUTH]
        inside = when.date() < SOUTH_WINDOW[1]
        chances = [CITIES[city] for city in others] if inside else weights
        where = rng.choices(others if inside else cities, chances)[0]
        group = rng.choices(list(SHARES), list(SHARES.values()))[0]
        yield Planned(number, when, where, group, rng.random() < ONLINE_SHARE, seed)
        number += 1


def _moment(rng: random.Random, first: date, after: date) -> datetime:
    """A moment of a day in the window, in Jakarta's day, between six in the morning and midnight."""
    day = first + timedelta(days=rng.randrange((after - first).days))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - JAKARTA
    return midnight + timedelta(minutes=6 * 60 + rng.randrange(DAY - 6 * 60))
