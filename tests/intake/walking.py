"""Random walks through the public form: lists of moves, made from a seed, that a `Walker` goes.

A list can be walked again, and with moves left out, so that one that goes wrong is told as the shortest list that still
goes wrong.
"""

import random
from collections.abc import Callable, Sequence

from ruangaman.intake.states import STEPS
from tests.intake.walker import Move, Walker
from tests.worlds import World

LEAST_MOVES, MOST_MOVES = 3, 16


def moves_of(rng: random.Random) -> list[Move]:
    """A restless writer: mostly on, but back, to any page, in two tabs, twice, over a bad line, away and back again."""
    made: list[Move] = []
    for _ in range(rng.randint(LEAST_MOVES, MOST_MOVES)):
        tab, chance, number = int(rng.random() < 0.15), rng.random(), rng.getrandbits(32)
        if chance < 0.48:
            made.append(("fill", tab, "next", number))
        elif chance < 0.58:
            made.append(("fill", tab, rng.choice(["back", *STEPS]), number))
        elif chance < 0.66:
            made.append(("lost", tab, rng.choice(["next", "next", "back"]), number))
        elif chance < 0.74:
            made.append(("again", tab, rng.random() < 0.5))
        elif chance < 0.80:
            made.append(("look", tab))
        elif chance < 0.88:
            made.append(("send", tab))
        elif chance < 0.90:
            made.append(("twice", tab))
        elif chance < 0.93:
            made.append((rng.choice(["leave", "leave", "leave unheard"]),))
        elif chance < 0.95:
            made.append(("take code", tab, number))
            if rng.random() < 0.6:
                made += [(rng.choice(["leave", "leave unheard"]),), ("look", tab)]
        elif chance < 0.97:
            made.append(("go on with code", tab, number))
        elif chance < 0.99:
            made.append(("wait too long",))
        else:
            made.append(("done", tab))
    made.append(("end",) if rng.random() < 0.75 else ("stop",))
    return made


def walk_all(world: World, walks: int, seed: int) -> None:
    """So many walks; the first that goes wrong is told as short as it can be."""
    for number in range(walks):
        moves = moves_of(random.Random(f"{seed}/{number}"))
        wrong = outcome(world, moves)
        if wrong is not None:
            shortest, why = shorter(moves, lambda tried: outcome(world, tried))
            told = "\n".join(f"  {move!r}," for move in shortest)
            raise AssertionError(f"seed {seed}, walk {number}: {why or wrong}\nIn short:\n{told}") from wrong


def outcome(world: World, moves: Sequence[Move]) -> AssertionError | None:
    try:
        Walker(world).walk(moves)
    except AssertionError as wrong:
        return wrong
    return None


def shorter(
    moves: list[Move], tried: Callable[[Sequence[Move]], AssertionError | None]
) -> tuple[list[Move], AssertionError | None]:
    """This will leave out moves, halves first, as long as it still goes wrong."""
    why: AssertionError | None = None
    size = len(moves) // 2
    while size:
        place = 0
        while place < len(moves):
            fewer = moves[:place] + moves[place + size :]
            if fewer and (wrong := tried(fewer)):
                moves, why = fewer, wrong
            else:
                place += size
        size //= 2
    return moves, why
