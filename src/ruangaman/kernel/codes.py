"""Receipt codes in everyday words: six that carry 66 random bits, and a seventh that checks them (ADR 0005).

The code is the only way back for a reporter without an account. She writes it down, remembers it or reads it
out over a telephone, so reading one back forgives what hands and ears do, and never shows a typed word.
"""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from string import ascii_lowercase

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused

WORDS = tuple(Path(__file__).with_name("words.txt").read_text(encoding="ascii").split())
BITS_A_WORD = 11
SECRET_WORDS = 6
SECRET_BITS = BITS_A_WORD * SECRET_WORDS  # 66: too many to guess, so no slow derivation is needed
SECRET_BYTES = 9  # 66 bits, the first 6 of the 72 are nought

MOST_CHARACTERS = 400
MOST_TOKENS = 20
PREFIX = 4  # letters; they tell every word of the list from every other
SHORTEST, LONGEST = min(map(len, WORDS)), max(map(len, WORDS))
INVISIBLE = ("Cf", "Mn")  # direction marks and accents that come along with a pasted text

_NUMBER = {word: number for number, word in enumerate(WORDS)}
_BY_PREFIX = {word[:PREFIX]: word for word in WORDS}
_FIELD = 0b1000_0000_0101  # x^11 + x^2 + 1, primitive: the powers of x up to the 2,046th all differ


@dataclass(frozen=True, slots=True)
class Code:
    """A code: nine secret bytes that ``repr`` never shows. ``str`` gives the words: for the reporter only.

    :raises ValueError: where the secret is not 66 bits in nine bytes.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES or int.from_bytes(self.secret) >> SECRET_BITS:
            raise ValueError("a code's secret is 66 bits in nine bytes")

    @property
    def words(self) -> tuple[str, ...]:
        """This will give the seven words in order, the check word last."""
        packed = int.from_bytes(self.secret)
        numbers = [packed >> BITS_A_WORD * place & len(WORDS) - 1 for place in reversed(range(SECRET_WORDS))]
        return tuple(WORDS[number] for number in (*numbers, _check(numbers)))

    def __str__(self) -> str:
        return "-".join(self.words)


class UnreadableCode(Refused):
    """The typed text is no code. It knows the places of the words at fault, from 0, and never the words."""

    def __init__(self, message: "str | Promise", positions: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.positions = positions


def new_code() -> Code:
    """This will draw a fresh code of 66 random bits."""
    return Code(secrets.randbits(SECRET_BITS).to_bytes(SECRET_BYTES))


def read_code(text: str) -> Code:
    """This will read a code as people write it: any case, signs and numbers between, or four letters of each.

    With the check word, a slip of one letter or a wrong ending is mended where one word only can be meant and
    the check agrees. Without it nothing is mended, since nothing could tell that the guess was wrong. Words that run
    together, or stand amid others, are found where seven in a row can be read one way only and the check agrees.

    :raises UnreadableCode: with the places of the words that are not understood, where they are known.
    """
    tokens = _tokens(text)
    found = _found(tokens)
    if found:
        tokens = found
    if len(tokens) not in (SECRET_WORDS, SECRET_WORDS + 1):
        raise UnreadableCode(
            _("Kode terdiri dari tujuh kata. Tulis ketujuh katanya saja, berurutan dari kata pertama.")
        )
    understood = [_plain(token) for token in tokens]
    doubtful = tuple(place for place, word in enumerate(understood) if word is None)
    if len(tokens) > SECRET_WORDS:
        understood = [word or _mended(token) for word, token in zip(understood, tokens, strict=True)]
    lost = tuple(place for place, word in enumerate(understood) if word is None)
    if lost:
        raise _not_understood(lost)
    numbers = [_NUMBER[word] for word in understood if word is not None]
    if len(numbers) > SECRET_WORDS and not _agrees(numbers):
        if doubtful:
            raise _not_understood(doubtful)
        raise UnreadableCode(
            _("Ada kata yang tertukar tempatnya atau salah tulis. Bandingkan satu per satu dengan catatanmu.")
        )
    packed = 0
    for number in numbers[:SECRET_WORDS]:
        packed = packed << BITS_A_WORD | number
    return Code(packed.to_bytes(SECRET_BYTES))


def _found(tokens: Sequence[str]) -> list[str]:
    """Seven words that nothing parts, or that other words stand around, or none where it is not sure which are meant.

    Another number of words is never cut down to seven: a word too many is a slip that must be told.
    """
    if len(tokens) > SECRET_WORDS + 1:
        runs = (list(run) for known, run in groupby(tokens, _NUMBER.__contains__) if known)
        ways = [run for run in runs if len(run) == SECRET_WORDS + 1]
    else:
        ways = _cuts("".join(tokens), SECRET_WORDS + 1) if len(tokens) <= SECRET_WORDS else []
    agreeing = [way for way in ways if _agrees([_NUMBER[word] for word in way])]
    return agreeing[0] if len(agreeing) == 1 else []


def _cuts(letters: str, words: int) -> list[list[str]]:
    """Every way to cut a run of letters into so many words of the list."""
    if not SHORTEST * words <= len(letters) <= LONGEST * words:
        return []
    if not words:
        return [[]]
    return [
        [letters[:length], *rest]
        for length in range(SHORTEST, min(LONGEST, len(letters)) + 1)
        if letters[:length] in _NUMBER
        for rest in _cuts(letters[length:], words - 1)
    ]


def _agrees(numbers: Sequence[int]) -> bool:
    return _check(numbers[:SECRET_WORDS]) == numbers[SECRET_WORDS]


def _not_understood(places: tuple[int, ...]) -> UnreadableCode:
    return UnreadableCode(
        _("Belum bisa kami baca: %(places)s. Periksa ejaannya, lalu coba lagi.")
        % {"places": ", ".join(_("kata ke-%d") % (place + 1) for place in places)},
        places,
    )


def _check(numbers: Sequence[int]) -> int:
    """The check word's number: a weighted sum in GF(2^11), each place with a weight of its own.

    So one wrong word, or two words that changed places, never goes unnoticed; a hash would miss one in 2,048.
    """
    total = 0
    for number in numbers:
        total = (total ^ number) << 1
        if total >> BITS_A_WORD:
            total ^= _FIELD
    return total


def _tokens(text: str) -> list[str]:
    """The runs of letters, lowercase; nothing of a text that is longer than any code."""
    if len(text) > MOST_CHARACTERS:
        return []
    shown = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text).casefold()
        if unicodedata.category(sign) not in INVISIBLE
    )
    tokens = re.findall(r"[^\W\d_]+", shown)
    return tokens if len(tokens) <= MOST_TOKENS else []


def _plain(token: str) -> str | None:
    """The word itself, or the one whose beginning of at least four letters was written."""
    if token in _NUMBER:
        return token
    word = _BY_PREFIX.get(token[:PREFIX]) if len(token) >= PREFIX else None
    return word if word and word.startswith(token) else None


def _mended(token: str) -> str | None:
    """The only word one slip away; where there is none, the word that begins with the same four letters."""
    near = {word for word in _one_slip(token) if word in _NUMBER}
    if near:
        return near.pop() if len(near) == 1 else None
    return _BY_PREFIX.get(token[:PREFIX]) if len(token) > PREFIX else None


def _one_slip(token: str) -> set[str]:
    """All that one letter left out, added, changed or swapped with its neighbour makes of a token."""
    if len(token) > LONGEST + 1:
        return set()
    cuts = [(token[:place], token[place:]) for place in range(len(token) + 1)]
    return {
        slip
        for left, right in cuts
        for slip in (
            left + right[1:],
            left + right[1:2] + right[:1] + right[2:],
            *(left + letter + right for letter in ascii_lowercase),
            *(left + letter + right[1:] for letter in ascii_lowercase),
        )
    }
