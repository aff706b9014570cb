"""How well the search over names finds and how little it opens, in memory, without a database.

    python benchmarks/names_offline.py [number of names, 1,000,000 unless given [seed]] [-v]

A register of made-up names (`config/madeup.py`, fixed seed) with the 300 stored names of `name_pairs.csv`
strewn among them at random places in time; every query of that table is then asked as the application asks:
sharp forms first, the newest OPENED of each, blunt forms when nothing alike was among them.

- recall@200: the share of queries whose own stored record, not a namesake, is among those opened at once.
- precision@10: of the results shown (the ten most alike, from ALIKE on), the share that are the same name
  as the stored one; mean over the queries that show something.
- candidates: how many names the question opened.
- recall with the year: where OPENED are reached the page asks for the year, and the query is asked again
  within a tenth of the register. Sumarni has more than 200 namesakes in a million: no index tells them apart.

"The same name" is decided without the code under test: by the word classes of `tests/kernel/name_table.csv`
and of the spelling variants in `madeup.py`, both written by hand. Two names are the same when one has all
the words of the other and at least two (or both have one word); an initial agrees with its word.
"""

from __future__ import annotations

import csv
import random
import re
import statistics
import sys
import time
from array import array
from functools import lru_cache
from pathlib import Path

from ruangaman.config import madeup
from ruangaman.kernel import names

HERE = Path(__file__).parent
TABLE = HERE.parent / "tests" / "kernel" / "name_table.csv"
SEED = 20260101
SHOWN = 10
YEARS = 10  # how long such a register takes to grow
TARGETS = {"recall@200": 0.95, "precision@10": 0.8, "median candidates per million": 50}

Name = tuple[str, ...]


class Truth:
    """Which words are one name, as written down by hand: classes of words over two tables."""

    def __init__(self) -> None:
        self.leader: dict[str, str] = {}
        with TABLE.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["same"] == "yes" and " " not in row["a"].strip() + row["b"].strip():
                    self.join(row["a"], row["b"])
        for text in (
            value for key, value in vars(madeup).items() if key.isupper() and isinstance(value, str)
        ):
            for word in text.split():
                usual, *others = word.split("/")
                for other in others:
                    self.join(usual, other)

    def plain(self, word: str) -> str:
        return re.sub(r"[^a-z]", "", word.casefold())

    def find(self, word: str) -> str:
        while word in self.leader:
            word = self.leader[word]
        return word

    def join(self, one: str, other: str) -> None:
        one, other = self.find(self.plain(one)), self.find(self.plain(other))
        if one != other:
            self.leader[other] = one

    def words(self, name: str) -> Name:
        found = (self.plain(word) for word in re.split(r"[\s-]+", name))
        return tuple(word for word in found if word and word not in ("i", "ni"))

    def agree(self, one: str, other: str) -> bool:
        if self.find(one) == self.find(other):
            return True
        return min(len(one), len(other)) == 1 and one[0] == other[0]

    def same(self, one: str, other: str) -> bool:
        """This will say whether two names are one by the tables."""
        few, many = sorted((self.words(one), self.words(other)), key=len)
        if "".join(few) == "".join(many):
            return True
        rest = list(many)
        for word in few:
            match = next((against for against in rest if self.agree(word, against)), None)
            if match is None:
                return False
            rest.remove(match)
        return len(few) > 1 or len(many) == 1


def register(size: int, stored: list[str], seed: int) -> tuple[list[str], list[int]]:
    """This will make up the register, oldest first, and say at which random places the stored names are."""
    rng = random.Random(seed)
    people = [madeup.person_name(rng, "f" if rng.random() < 0.7 else "m") for _ in range(size)]
    places = rng.sample(range(size), len(stored))
    for place, name in zip(places, stored, strict=True):
        people[place] = name
    return people, places


def index(people: list[str], wanted: set[str]) -> tuple[dict[str, array[int]], int]:
    """This will list for each wanted form who has it, newest first, and count all forms indexed."""
    found: dict[str, array[int]] = {form: array("L") for form in wanted}
    count = 0
    for place in range(len(people) - 1, -1, -1):
        of_name = names.forms(people[place])
        count += len(of_name)
        for form in of_name & wanted:
            found[form].append(place)
        if place % 20_000 == 0:
            print(f"\r  {len(people) - place:>9,} of {len(people):,} names indexed", end="", file=sys.stderr)
    print(file=sys.stderr)
    return found, count


def opened(query: str, listed: dict[str, array[int]], people: list[str], years: range) -> list[int]:
    """This will open names for a query, within a stretch of the register, as the application does."""
    chosen: list[int] = []
    for asked in names.asked(query):
        hits = [[who for who in listed[form] if who in years][: names.OPENED] for form in asked]
        chosen = list(dict.fromkeys(chosen + names.fetched(hits)))[: names.OPENED]
        if any(names.likeness(query, people[who]) >= names.ALIKE for who in chosen):
            break
    return chosen


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    with (HERE / "name_pairs.csv").open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    # Only here: made-up names may stay in memory, a survivor's name may not.
    names.sound = lru_cache(maxsize=None)(names.sound)
    people, places = register(size, [pair["stored"] for pair in pairs], seed)
    started = time.perf_counter()
    wanted = {form for pair in pairs for side in names.asked(pair["query"]) for form in side}
    listed, count = index(people, wanted)
    print(
        f"names {size:,}, forms per name {count / size:.1f}, indexed in {time.perf_counter() - started:.0f} s"
    )

    truth = Truth()
    found: dict[str, list[bool]] = {}
    counts, precisions, ranked_in = [], [], []
    on_page = with_year = 0
    for pair, place in zip(pairs, places, strict=True):
        query, stored = pair["query"], pair["stored"]
        chosen = opened(query, listed, people, range(size))
        began = time.perf_counter()
        scored = sorted(((names.likeness(query, people[who]), who) for who in chosen), reverse=True)
        ranked_in.append((time.perf_counter() - began) * 1000)
        shown = [who for score, who in scored[:SHOWN] if score >= names.ALIKE]
        counts.append(len(chosen))
        found.setdefault(pair["kind"], []).append(place in chosen)
        on_page += place in shown
        wrong = [people[who] for who in shown if not truth.same(stored, people[who])]
        if shown:
            precisions.append(1 - len(wrong) / len(shown))
        if place not in chosen and len(chosen) >= names.OPENED:
            first, last = (place * YEARS // size + more for more in (0, 1))
            chosen = opened(query, listed, people, range(first * size // YEARS, last * size // YEARS))
        with_year += place in chosen
        if "-v" in sys.argv and (wrong or not found[pair["kind"]][-1]):
            print(query, "|", stored, "| found" if found[pair["kind"]][-1] else "| MISSED", counts[-1], wrong)

    for kind, hits in sorted(found.items()):
        print(f"  {kind:22} {sum(hits):3} of {len(hits)}")
    crowded = sum(many >= names.OPENED for many in counts)
    print(f"asking for the year: {crowded} of {len(pairs)}; recall with it {with_year / len(pairs):.3f}")
    print(f"stored record on the first page: {on_page}; queries showing something: {len(precisions)}")
    print(f"ranking p95 {sorted(ranked_in)[int(len(pairs) * 0.95)]:.1f} ms (sounds cached)")
    figures = {
        "recall@200": sum(map(sum, found.values())) / len(pairs),
        "precision@10": statistics.fmean(precisions),
        "median candidates per million": statistics.median(counts) * 1_000_000 / size,
    }
    met = True
    for name, figure in figures.items():
        good = figure <= TARGETS[name] if "candidates" in name else figure >= TARGETS[name]
        met &= good
        print(f"{name}: {figure:.3f} (target {TARGETS[name]}) {'met' if good else 'NOT MET'}")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
