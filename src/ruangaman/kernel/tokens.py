"""Blind tokens: what stands in the index in place of a name.

The key belongs to one unit, so equal names in two units have nothing in common and a search cannot reach
into another unit. Tokens hide the name, not how often it occurs: whoever steals the table and a key-less
copy of the register's frequencies can guess the commonest names (see the threat model).
"""

import hashlib
import hmac
from collections.abc import Sequence

from ruangaman.kernel import names

SIZE = 16  # bytes; among 10^8 forms two agree by accident with a chance below 10^-22
LEAST_KEY = 32  # bytes


def token(form: str, key: bytes) -> bytes:
    """This will turn one form of a name into its SIZE-byte token, HMAC-SHA256 under the unit's key.

    :raises ValueError: when the key is shorter than LEAST_KEY bytes
    """
    if len(key) < LEAST_KEY:
        raise ValueError(f"a token key has at least {LEAST_KEY} bytes")
    return hmac.digest(key, form.encode(), hashlib.sha256)[:SIZE]


def tokens(name: str, key: bytes) -> frozenset[bytes]:
    """This will give all tokens to index for a name; at most 200, none when it holds no letter.

    :raises ValueError: when the key is shorter than LEAST_KEY bytes
    """
    return frozenset(token(form, key) for form in names.forms(name))


def asked(name: str, key: bytes) -> tuple[list[bytes], list[bytes]]:
    """This will give the tokens to look up for a query, sharp ones first, then blunt ones (`names.asked`).

    :raises ValueError: when the key is shorter than LEAST_KEY bytes
    """
    sharp, blunt = names.asked(name)
    return [token(form, key) for form in sharp], [token(form, key) for form in blunt]


def about(
    name: str,
    key: bytes,
    *,
    birth_years: Sequence[int] = (),
    areas: Sequence[str] = (),
    numbers: Sequence[str] = (),
) -> frozenset[bytes]:
    """This will give the tokens to index for a name together with birth years, areas (codes) or national numbers.

    :raises ValueError: when the key is shorter than LEAST_KEY bytes
    """
    forms = names.about(name, years=birth_years, areas=areas, numbers=numbers)
    return frozenset(token(form, key) for form in forms)


def asked_about(
    name: str,
    key: bytes,
    *,
    birth_years: Sequence[int] = (),
    areas: Sequence[str] = (),
    numbers: Sequence[str] = (),
) -> tuple[list[bytes], list[bytes]]:
    """This will give such tokens to look up: of the whole name and its pairs first, of single parts second.

    :raises ValueError: when the key is shorter than LEAST_KEY bytes
    """
    sharp, blunt = names.asked_about(name, years=birth_years, areas=areas, numbers=numbers)
    return [token(form, key) for form in sharp], [token(form, key) for form in blunt]


def whole(name: str, key: bytes) -> list[bytes]:
    """This will give the tokens of a name of two parts or more with nothing left out; none of a single part.

    :raises ValueError: when the key is shorter than LEAST_KEY bytes
    """
    return [token(form, key) for form in names.whole(name)]


def of_number(nik: str, key: bytes) -> bytes:
    """This will give the token of a national number by itself.

    :raises ValueError: when the key is shorter than LEAST_KEY bytes
    """
    return token(f"!{nik}", key)
