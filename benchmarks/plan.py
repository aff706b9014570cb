"""What the generated service looks like: its organisations, its people, and what becomes of the n-th dossier.

Everything here follows from seed, size and day, so that several processes agree without talking.
"""

import csv
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from uuid import UUID

from ruangaman.access.states import Role, Stage

PAIRS = Path(__file__).with_name("name_pairs.csv")
YEARS = timedelta(days=5 * 365)  # how long the dossiers took to come in
NEWEST = 0.15  # share of the dossiers that are reports still
OTHERS = 5  # units beside the big one; each takes one dossier of 50
LIVE = 30  # dossiers of the measured companion, at every size
PAST = 300  # dossiers the measured companion once had
WAITING = 75  # reports without a first answer, at every size: most of a service's reports are answered
COMPANIONS = 200
FRESH = 65  # reports that are answered and wait for something else, at every size
BUSY = 200  # cases of other people in which something is open, at every size
WALLED_HEAD = 5  # dossiers that the measured head is kept out of
EMAIL = "{role}{number}@unit{unit}.example"


def pairs() -> list[dict[str, str]]:
    """This will read the spelling pairs that search is measured with: query, stored, kind."""
    with PAIRS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Staff:
    """An account with one role in one unit."""

    id: UUID
    unit: int
    role: str
    number: int

    @property
    def email(self) -> str:
        return EMAIL.format(role=self.role, number=self.number, unit=self.unit)


@dataclass(frozen=True)
class Plan:
    """A service of ``size`` dossiers, as it stands on ``day``."""

    size: int
    seed: int
    day: date = field(default_factory=lambda: datetime.now(UTC).date())

    @property
    def now(self) -> datetime:
        """This will give the moment after the last dossier came in: midnight of the day."""
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)

    def drawn(self, what: str) -> random.Random:
        """This will give a source of chance that belongs to ``what`` alone."""
        return random.Random(f"{self.seed}/{what}")

    @cached_property
    def units(self) -> list[UUID]:
        """This will give the ids of the units, the big one first."""
        rng = self.drawn("units")
        return [UUID(int=rng.getrandbits(128), version=4) for _ in range(1 + OTHERS)]

    @cached_property
    def partner(self) -> UUID:
        """This will give the id of the hospital that the big unit refers to."""
        return UUID(int=self.drawn("partner").getrandbits(128), version=4)

    @cached_property
    def places(self) -> list[str]:
        """This will give the area of each unit."""
        return ["31", "32.73", "32.75", "32.76", "36.03", "36.71"]

    @cached_property
    def staff(self) -> list[Staff]:
        """This will give the people of all units: every role, and many companions in the big unit."""
        rng = self.drawn("staff")
        made = []
        for unit in range(1 + OTHERS):
            for role in Role.values:
                count = COMPANIONS + 1 if role == Role.COMPANION and not unit else 1
                for number in range(count):
                    made.append(Staff(UUID(int=rng.getrandbits(128), version=4), unit, role, number))
        return made

    def person(self, role: str, number: int = 0, unit: int = 0) -> Staff:
        """This will give one of the staff."""
        return next(s for s in self.staff if (s.unit, s.role, s.number) == (unit, role, number))

    def unit_of(self, place: int) -> int:
        """This will give the unit of a dossier: 45 of 50 belong to the big one."""
        rest = place % 50
        return rest - 44 if rest > 44 else 0

    def strewn(self, count: int) -> list[int]:
        """This will give ``count`` places in the big unit, evenly over the years."""
        found = [int((number + 0.5) * self.size / count) for number in range(count)]
        return [place - max(0, place % 50 - 44) for place in found]

    @cached_property
    def name_places(self) -> list[int]:
        """This will give the dossiers of the people that search is asked for, in the order of ``pairs``."""
        places = self.strewn(len(pairs()))
        self.drawn("names").shuffle(places)
        return places

    def birth_of(self, place: int) -> date | None:
        """This will give the birth date of the person of a dossier: known of six in ten, and of who is asked for."""
        number = place * 2_654_435_761 % 2**32
        if place not in self.names and number % 10 > 5:
            return None
        return date(1950 + number // 16 % 68, 1 + number // 4096 % 12, 1 + number // 65536 % 28)

    def home_of(self, place: int) -> str:
        """This will give the kelurahan of the person of a dossier: known of four in ten, and of who is asked for."""
        number = place * 2_246_822_519 % 2**32
        if place not in self.names and number % 10 > 3:
            return ""
        return f"31.7{1 + number // 16 % 5}.0{1 + number // 128 % 8}.10{1 + number // 1024 % 7:02}"

    @cached_property
    def names(self) -> dict[int, str]:
        """This will give the names that are given and not made up, by dossier."""
        return {place: pair["stored"] for place, pair in zip(self.name_places, pairs(), strict=True)}

    @cached_property
    def live(self) -> frozenset[int]:
        """This will say which dossiers the measured companion works on."""
        return frozenset(self.strewn(LIVE))

    @cached_property
    def past(self) -> frozenset[int]:
        """This will say which dossiers the measured companion worked on once."""
        return frozenset(self.strewn(PAST)[: PAST * 9 // 10]) - self.live

    @cached_property
    def busy(self) -> frozenset[int]:
        """This will say in which cases of other people something is open."""
        cases = [
            place
            for place in range(self.size)
            if self.stage_of(place) == Stage.CASE and not self.unit_of(place)
        ]
        free = [place for place in cases if place not in self.live | self.past]
        return frozenset(free[number * len(free) // BUSY] for number in range(BUSY))

    @cached_property
    def fresh(self) -> dict[int, str]:
        """This will say of reports that wait for more than an answer what for: a decision, a plan, or a day."""
        newest = [
            place
            for place in range(int(self.size * (1 - NEWEST)) + 1, self.size)
            if not self.unit_of(place) and place not in self.live and not self.waits(place)
        ]
        waits_for = ["untriaged"] * 6 + ["awaited"] * 4 + ["planned"] * 3
        return {newest[number * len(newest) // FRESH]: waits_for[number % 13] for number in range(FRESH)}

    @cached_property
    def walled(self) -> frozenset[int]:
        """This will say which dossiers the measured head is kept out of."""
        return frozenset(place - place % 50 + 5 for place in self.strewn(WALLED_HEAD))

    def stage_of(self, place: int) -> str:
        """This will give the stage of a dossier."""
        if place in self.live:
            return Stage.CASE
        if place >= self.size * (1 - NEWEST):
            return Stage.INTAKE
        return Stage.CLOSED if place % 5 == 0 else Stage.CASE

    def opened_at(self, place: int) -> datetime:
        """This will give when a dossier came in; a later place never before an earlier one."""
        return self.now - YEARS * ((self.size - place) / self.size)

    def waits(self, place: int) -> bool:
        """This will say whether nobody has answered yet."""
        return place * WAITING // self.size != (place + 1) * WAITING // self.size
