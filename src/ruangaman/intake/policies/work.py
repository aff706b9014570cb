"""The work that a browser does for a report: a cost that one reporter does not feel, and a flood does.

Nobody else's server takes part, and a report without it is taken all the same. Source: security.md 16.
Sixteen small puzzles instead of a large one: together they take about the same time on every run.
"""

import hashlib
from collections.abc import Sequence

PUZZLES = 16
BITS = 13  # a puzzle takes 8,192 tries on average; all of them 131,072


def read_work(text: str) -> list[int]:
    """This will read the numbers that a page sent; nothing where they are no numbers."""
    parts = text.split(",")[:PUZZLES] if text else []
    if not all(part.isascii() and part.isdigit() and len(part) <= 10 for part in parts):
        return []
    return [int(part) for part in parts if int(part) < 2**32]


def solved(challenge: bytes, numbers: Sequence[int]) -> list[int]:
    """This will give the numbers that solve the puzzles of a challenge (32 bytes), from the first on."""
    for place, number in enumerate(numbers[:PUZZLES]):
        tried = challenge + place.to_bytes(4) + number.to_bytes(4)
        if int.from_bytes(hashlib.sha256(tried).digest()[:4]) >> (32 - BITS):
            return list(numbers[:place])
    return list(numbers[:PUZZLES])


def is_worked(challenge: bytes, numbers: Sequence[int]) -> bool:
    """This will say whether every puzzle of a challenge is solved."""
    return len(solved(challenge, numbers)) == PUZZLES
