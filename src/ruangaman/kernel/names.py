"""Indonesian names: which spellings may be one name, and which forms of it are indexed.

Pure text in, pure text out; `tokens.py` turns the forms into keyed tokens. Names reach this module from a
public form, so every step is bounded. Nothing here is cached: a cache would keep unsealed names in memory.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import combinations, permutations
from typing import TypeVar

T = TypeVar("T")

MOST_TEXT = 400  # a civil register takes 60 characters; a text longer than this is not a name
# Source of the 60: Permendagri 73/2022, article 4.
MOST_PARTS = 8  # 8 parts make 28 pairs: one person cannot flood the index
MOST_LETTERS = 40  # longer than any name part known
MOST_MARKS = 8  # years, areas and numbers that one name is taken together with
OPENED = 200  # most names opened for one search, since each must be unsealed before it can be ranked
ALIKE = 0.72  # a name with one of three parts missing stays above, one with another family name below

_TITLES = frozenset(
    "h hj hjh haji hajah hajjah kh kyai kiai nyai ust ustad ustadz ustadzah ustazah ny nyonya tn "
    "tuan nn nona sdr sdri saudara saudari bpk bapak pak ibu bu dr drg drh dra drs ir prof raden rd "
    "ra rr rm mbak alm almh almarhum almarhumah ananda kakak adik dik i ni".split()
)  # `i` and `ni` are the Balinese marks of man and woman; `r` stays, it may be an initial
_RADEN = re.compile(r"\braden (?:ajeng|roro|rara|ayu|mas)\b")
# Degrees stand behind the name; in front `st` is Siti and `ma` a family name.
_DEGREES = frozenset(
    "sh se st spd spdi sag shi sthi skom ssos skep ssi sip sikom spsi spt sp sik skm str mh mm msi "
    "mpd mag mkom mt ma mkes mkn mba mhum mpsi msc ba ners amd amdkeb sst phd sps spog spa".split()
)
_PARTICLES = frozenset("bin binti binte bt bte br boru alias als".split())
_SHORT = dict(
    pair.split("=")
    for pair in (
        "muh=muhammad moh=muhammad mhd=muhammad muhd=muhammad mohd=muhammad moch=muhammad much=muhammad "
        "st=siti stt=siti ach=ahmad akh=ahmad ahm=ahmad abd=abdul abdl=abdul abdu=abdul abdur=abdul "
        "abdus=abdul gst=gusti wyn=wayan md=made kt=ketut ktt=ketut nym=nyoman pt=putu kd=kadek gd=gede "
        "ngr=ngurah km=komang aa=anak_agung dg=daeng tb=tubagus nst=nasution hsb=hasibuan srg=siregar "
        "hrp=harahap lbs=lubis yoh=yohanes ign=ignatius fr=fransiskus"
    ).split()
)
_MUHAMMAD = re.compile(r"m[uo](?:h+|ch|kh)a?m+[aeu][dt]+h?")
_AHMAD = re.compile(r"a(?:h|ch|kh)m[aeo][dt]")
# Names that officers write apart or together. `abdullah` is one name, not the servant of `lah`.
_JOINED = (
    (re.compile(r"abd[uo](?!l+[aou]h?$)l?(\w{4,})"), "abdul"),
    (re.compile(r"n[uo]r(\w{4,})"), "nur"),
    (re.compile(r"sri(\w{4,})"), "sri"),
    (re.compile(r"sit+i(\w{4,})"), "siti"),
)
# Parts so frequent that officers leave them out and that agreeing in them says little.
_COMMON = frozenset(
    (
        "siti muhammad sri nur abdul ahmad andi wayan made ketut nyoman putu kadek komang gede luh gusti"
    ).split()
)

_APOSTROPHES = re.compile("['`´‘’ʼ]")
_NO_LETTER = re.compile(r"[^\w.]|[\d_]")
_DOUBLE = re.compile(r"(.)\1+")
_OLD = (("oe", "u"), ("tj", "c"), ("dj", "j"), ("sj", "sy"))
_SPOKEN = tuple(
    (re.compile(pattern), spoken)
    for pattern, spoken in (
        (r"(?<=[^aeioukstc])ha$", "a"),  # Aminha: an h behind a consonant at the end is typed, never spoken
        (r"^chr", "kr"),  # Christina
        (r"^ch(?=[ou]|a[ieltdsmzfw])", "h"),  # Chotimah, Chusnul, Chairul; but not Chandra
        (r"^ch", "c"),  # Chandra
        (r"chael", "kel"),  # Michael
        (r"ck", "k"),  # Ricky
        (r"c?kh|ch", "h"),  # Rakhmat, Rachmat
        (r"(?<=[tdbgj])h", ""),  # Fathimah, Dhian, Bhakti, Ghani
        (r"(?<=.)y(?![aeiou])", "i"),  # Dewy, Nayla
        (r"ph|[fv]", "p"),  # Fatimah and Patimah, Evi and Epi
        (r"sh|sy|ts|(?<!^)d?z", "s"),  # Syarif, Aishah, Tsani, Aziz
        (r"^d?z|j", "y"),  # Zainab and Jaenab; Jusuf and Yusuf
        (r"x", "ks"),
        (r"q|c(?=[tkrl])|(?<=.)c$", "k"),  # Rizqi, Oktavia, Clara
        (r"a[ie]|ei|oi", "e"),  # Zainal, Zaenal, Khoirul
        (r"a[uo]", "o"),  # Taufik and Topik
        (r"ie", "i"),  # Liem
        (r"(?<=[^aeiou])y(?=[aeiou])|iy(?=[aeiou])", "i"),  # Setyawan, Sumiyati
        (r"uw(?=[aeiou])", "u"),  # Juwariah
        (r"(?<=[ai])k(?=[mnrd])", ""),  # Makruf and Ma'ruf
        (r"(?<=.)h$", ""),  # Fatima
        (r"(?<=.)d$", "t"),  # Ahmat
        (r"(?<=.)b$", "p"),  # Yakup
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = "aeiou"
# Vowels that officers hear for each other, by how grave the slip is; any other pair makes another name.
_HEARD = {
    frozenset(pair): cost for pair, cost in (("ao", 0.5), ("ei", 0.5), ("ou", 0.5), ("ae", 0.5), ("au", 1.0))
}
_HEARD |= {frozenset(pair): 0.75 for pair in ("bp", "dt", "gk", "mn", "sz", "lr")}
_ANOTHER = 2.0
_ENDS = {"i": "i", "e": "i", "a": "a", "o": "a", "u": "u"}  # Susanto and Susanti are two people


def _words(name: str) -> list[str]:
    """The words of a name without marks, titles still in; a dotted title such as `M.Si.` is one word."""
    text = unicodedata.normalize("NFKC", name[:MOST_TEXT])[:MOST_TEXT].casefold()
    text = "".join(
        " " if unicodedata.category(letter) == "Cc" else letter
        for letter in unicodedata.normalize("NFD", text)
        if unicodedata.category(letter) not in ("Mn", "Cf")  # accents; invisible and right-to-left controls
    )
    text = _RADEN.sub("raden", _NO_LETTER.sub(" ", _APOSTROPHES.sub("", text)))
    words: list[str] = []
    for word in text.split():
        bare = word.replace(".", "")
        known = bare in _TITLES or bare in _DEGREES or bare in _SHORT
        words.extend([bare] if known else [piece for piece in word.split(".") if piece])
    return words


def _expanded(word: str) -> list[str]:
    if _MUHAMMAD.fullmatch(word):
        return ["muhammad"]
    if _AHMAD.fullmatch(word):
        return ["ahmad"]
    if word in _SHORT:
        return _SHORT[word].split("_")
    for old, new in _OLD:
        word = word.replace(old, new)
    if word.startswith("nj"):
        word = "ny" + word[2:]
    if word == "sitti":
        return ["siti"]
    for joined, first in _JOINED:
        if match := joined.fullmatch(word):
            rest = match[1]
            return [first, rest[1:] if rest[0] == rest[1] else rest]
    return [word]


def parts(name: str) -> tuple[str, ...]:
    """This will give the parts of a name in today's spelling, without titles, degrees and particles.

    At most MOST_PARTS parts of MOST_LETTERS letters; empty when the text holds no letter. A name that is
    nothing but titles keeps the last one.
    """
    words = _words(name)
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    while len(words) > 1 and words[-1] in _DEGREES:
        words.pop()
    words = [word for word in words if word not in _PARTICLES] or words
    if len(words) > 1 and words[0] == "m":  # at the end M. is an initial: Siti M.
        words[0] = "muhammad"
    found = [part[:MOST_LETTERS] for word in words[:MOST_PARTS] for part in _expanded(word[:MOST_LETTERS])]
    return tuple(found[:MOST_PARTS])


def sound(part: str) -> str:
    """This will give the phonetic form of one normalised part: Syarif and Sarif are both `sarip`."""
    spoken = _DOUBLE.sub(r"\1", part)
    for pattern, letters in _SPOKEN:
        spoken = pattern.sub(letters, spoken)
    return spoken or part


def _skeleton(spoken: str) -> str:
    """The consonants and the kind of the last vowel: Rohmah and Rahmah agree, Susanto and Susanti do not."""
    if len(spoken) < 5:  # Rini, Rani, Roni, Reni: little would be left
        return spoken.replace("o", "a")
    head = "a" if spoken[0] in _VOWELS else spoken[0]
    body = "".join(letter for letter in spoken[1:] if letter not in "aeiouyw")
    return head + body + _ENDS.get(spoken[-1], "")


class _Forms:
    """The forms of one name, kind by kind; a mark in each form keeps the kinds apart."""

    def __init__(self, name: str) -> None:
        found = parts(name)
        self.spoken = sorted({sound(part) for part in found if len(part) > 1})
        self.initials = sorted({sound(part)[0] for part in found if len(part) == 1})
        self.glued = "".join(sound(part) for part in found if len(part) > 1)
        self.bones = [_skeleton(spoken) for spoken in self.spoken]

    def whole(self) -> list[str]:
        """The name with nothing more to it: as one word (Tri Wahyuni, Triwahyuni), and in any order."""
        if not self.spoken:
            return []
        glued = sound(self.glued)
        if len(self.spoken) == 1:
            return [f"={glued}", f"=~{_skeleton(glued)}"]
        return [f"={glued}", "=" + "=".join(self.spoken)]

    def pairs(self) -> list[str]:
        return [f"{one}+{other}" for one, other in combinations(self.spoken, 2)]

    def bone_pairs(self) -> list[str]:
        return ["~".join(sorted(pair)) for pair in combinations(self.bones, 2)]

    def with_letter(self) -> list[str]:
        """A part and the first letter of another: finds `Siti A.`, and a name with one part misspelled."""
        known = [f"{one}.{letter}" for one in self.spoken for letter in self.initials]
        return known + [f"{one}.{other[0]}" for one, other in permutations(self.spoken, 2)]

    def with_initial(self, letters: Sequence[str]) -> list[str]:
        """A part and a letter that stands in the name as an initial: only such names are found."""
        return [f"{one}:{letter}" for one in self.spoken for letter in letters]


def forms(name: str) -> frozenset[str]:
    """This will give all that is indexed of a name: parts, pairs, the whole, as spoken; at most 200 forms."""
    of = _Forms(name)
    return frozenset(
        of.spoken
        + (of.initials if not of.spoken else [])
        + of.whole()
        + of.pairs()
        + of.bone_pairs()
        + of.with_letter()
        + of.with_initial(of.initials)
    )


def about(
    name: str, *, years: Sequence[int] = (), areas: Sequence[str] = (), numbers: Sequence[str] = ()
) -> frozenset[str]:
    """This will give what is indexed of a name together with a birth year, an area or a number: nothing of one alone.

    Marks keep the kinds apart from each other and from the forms of a bare name, which hold no ``@``, ``#`` or ``!``.
    """
    sharp, blunt = _with(name)
    return frozenset(_marked([*sharp, *blunt], years, areas, numbers))


def asked_about(
    name: str, *, years: Sequence[int] = (), areas: Sequence[str] = (), numbers: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """This will give such forms to look up: those of the whole name and its pairs, and those of single parts."""
    sharp, blunt = _with(name)
    return _marked(sharp, years, areas, numbers), _marked(blunt, years, areas, numbers)


def whole(name: str) -> list[str]:
    """This will give the forms of a name of two parts or more with nothing left out; none of a single part."""
    of = _Forms(name)
    return of.whole() if len(of.spoken) > 1 else []


def _with(name: str) -> tuple[list[str], list[str]]:
    of = _Forms(name)
    if len(of.spoken) > 1:  # any order of the parts is a matter of the pairs
        return [*of.whole()[:1], *of.pairs(), *of.bone_pairs()], of.spoken
    return of.whole(), of.spoken


def _marked(
    bases: Sequence[str], years: Sequence[int], areas: Sequence[str], numbers: Sequence[str]
) -> list[str]:
    marks = [
        *(f"@{year}" for year in years),
        *(f"#{area}" for area in areas),
        *(f"!{one}" for one in numbers),
    ]
    return [f"{mark}|{base}" for mark in marks[:MOST_MARKS] for base in bases]


def asked(name: str) -> tuple[list[str], list[str]]:
    """This will give the forms to look up for a query: sharp ones first, then blunt ones.

    Look up the sharp ones, each for its newest OPENED, and open what `fetched` chooses. Only when none of
    that is ALIKE, look up the blunt ones too. So two very common parts are met as a pair, not one by one.
    When OPENED are reached, namesakes may be left out: ask for the year or the area.
    """
    of = _Forms(name)
    first_letters = sorted({spoken[0] for spoken in of.spoken})
    sharp = of.pairs() + of.bone_pairs() + of.with_initial(first_letters)
    if of.initials:
        sharp += [f"{one}.{letter}" for one in of.spoken for letter in of.initials]
    if len(of.spoken) > 1 or not of.initials:  # who asks for Siti A. does not mean every Siti
        sharp = of.whole() + sharp
    blunt = of.with_letter() + of.whole() + (of.spoken or of.initials)
    return list(dict.fromkeys(sharp)), list(dict.fromkeys(blunt))


def fetched(found: Sequence[Sequence[T]], most: int = OPENED) -> list[T]:
    """This will choose whom to open from the hits of several forms, each newest first: rare forms first."""
    chosen: dict[T, None] = {}
    for hits in sorted(found, key=len):
        for hit in hits:
            if len(chosen) >= most:
                return list(chosen)
            chosen[hit] = None
    return list(chosen)


def _slips(one: str, other: str, most: float) -> float:
    """The cost of hearing or typing one spoken part as the other, counted up to `most`; beyond it, more."""
    if abs(len(one) - len(other)) > most:
        return _ANOTHER * 2
    before: list[float] = []
    last = [float(column) for column in range(len(other) + 1)]
    for row, letter in enumerate(one, start=1):
        line = [float(row)]
        for column, against in enumerate(other, start=1):
            swap = 0.0 if letter == against else _HEARD.get(frozenset((letter, against)), _ANOTHER)
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + swap)
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return _ANOTHER * 2
        before, last = last, line
    return last[-1]


def _alike(one: str, other: str, a: str, b: str) -> float:
    """How much one normalised part is like another, 0..1; `a` and `b` are their sounds."""
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return 0.75 if a[0] == b[0] else 0.0
    if a == b:
        return 0.97
    if _ENDS.get(a[-1]) != _ENDS.get(b[-1]):
        return 0.0
    short = min(len(a), len(b))
    most = 1.5 if short >= 8 else 1.0 if short >= 5 else 0.5 if short == 4 else 0.0
    cost = _slips(a, b, most)
    return 0.95 - 0.15 * cost if cost <= most else 0.0


def _weight(part: str) -> float:
    return 0.15 if len(part) == 1 else 0.5 if part in _COMMON else 1.0


def likeness(query: str, candidate: str) -> float:
    """This will say how likely two spellings are one person's name: 0 not at all, 1 the same.

    Order does not matter; an initial agrees with any part it begins. A part missing on one side costs
    little, parts that contradict each other cost all their weight. From ALIKE on a result is worth showing.
    """
    left, right = list(parts(query)), list(parts(candidate))
    if not left or not right:
        return 0.0
    heard_left, heard_right = [sound(part) for part in left], [sound(part) for part in right]
    scored = sorted(
        (
            (_alike(one, other, heard_left[i], heard_right[j]), i, j)
            for i, one in enumerate(left)
            for j, other in enumerate(right)
        ),
        reverse=True,
    )
    free_left, free_right = set(range(len(left))), set(range(len(right)))
    agreed = weight = 0.0
    solid = 0
    for score, i, j in scored:
        if score > 0 and i in free_left and j in free_right:
            free_left.discard(i)
            free_right.discard(j)
            share = max(_weight(left[i]), _weight(right[j]))
            if min(len(left[i]), len(right[j])) == 1:
                share *= 0.6
            else:
                solid += 1
            agreed, weight = agreed + score * share, weight + share
    over_left = sorted((_weight(left[i]) for i in free_left), reverse=True)
    over_right = sorted((_weight(right[j]) for j in free_right), reverse=True)
    contradicted = sum(max(pair) for pair in zip(over_left, over_right, strict=False))
    both = min(len(over_left), len(over_right))
    missing = sum(over_left[both:] + over_right[both:])
    by_parts = agreed / (weight + contradicted + missing * (0.35 if solid > 1 else 0.5))
    if len(left) == len(right):
        return by_parts
    one, other = "".join(left), "".join(right)
    return max(by_parts, 0.97 * _alike(one, other, sound(one), sound(other)))
