"""Identifiers: made here and not by the database, because a sealed value is bound to its row's id."""

import os
import secrets
import time
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread
REFERENCE_LENGTH = 7  # 35 bits: a unit's number of cases can't be guessed from it


def new_id() -> UUID:
    """This will make a UUID of version 7: 48 bits of milliseconds, then random, so that indexes stay dense."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def check_character(body: str) -> str:
    """This will give the character that makes a mistyped or swapped character of ``body`` show (Luhn mod 32)."""
    total = 0
    for place, character in enumerate(reversed(body)):
        doubled = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += doubled // 32 + doubled % 32
    return ALPHABET[-total % 32]


def new_reference() -> str:
    """This will make a reference that people can say to each other, such as ``RA-7K3M-Q9T4``; it counts nothing."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))
    return f"RA-{body[:4]}-{body[4:]}{check_character(body)}"


def read_reference(text: str) -> str | None:
    """This will read a reference as people type it, or give None where it can't be one."""
    plain = text.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    body = "".join(c for c in plain if c in ALPHABET)
    if len(body) > REFERENCE_LENGTH + 1:  # a reference may itself begin with these letters
        body = body.removeprefix("RA")
    if len(body) != REFERENCE_LENGTH + 1 or check_character(body[:-1]) != body[-1]:
        return None
    return f"RA-{body[:4]}-{body[4:]}"
