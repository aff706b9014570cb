"""Whether two records may be of one person: how likely, and why; and by what somebody may be looked for."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.names import ALIKE
from ruangaman.people.states import Identifier, Sex

SAME_NAME = 0.97  # equal but for the spelling
# What a name alone can say at most, and what each other fact adds or takes away. Two names that are equal, born in the
# same year, in the same kelurahan come to 0.99: certain is only the national number.
OF_NAME, SAME_YEAR, NEAR_YEAR, OTHER_YEAR = 0.7, 0.2, 0.1, -0.2
SAME_VILLAGE, SAME_REGENCY, OTHER_SEX, OTHER_NIK = 0.15, 0.05, -0.1, -0.25
MOST, LEAST = 0.99, 0.0
# How far two birth years may lie apart and still be of one person: a year, and two where one of them is a guess.
YEARS_APART, YEARS_APART_GUESSED = 1, 2
WORTH = OF_NAME * ALIKE  # from here on a name less alike is shown too, because other facts speak for it
LEAST_NAME = 0.6


class Why(models.TextChoices):
    """One reason for, or against, two records being of one person, as it is shown."""

    NAME_SAME = "name_same", _("nama sama")
    NAME_ALIKE = "name_alike", _("nama hampir sama")
    YEAR_SAME = "year_same", _("tahun lahir sama")
    YEAR_NEAR = "year_near", _("tahun lahir berdekatan")
    YEAR_OTHER = "year_other", _("tahun lahir berbeda")
    VILLAGE_SAME = "village_same", _("kelurahan sama")
    REGENCY_SAME = "regency_same", _("kabupaten atau kota sama")
    SEX_OTHER = "sex_other", _("jenis kelamin tercatat berbeda")
    NIK_SAME = "nik_same", _("NIK sama")
    NIK_OTHER = "nik_other", _("NIK berbeda")


@dataclass(frozen=True, slots=True)
class Score:
    """How likely two records are of one person (0 to 1), with the reasons, in codes of `Why`."""

    value: float
    why: tuple[str, ...]


AGREEING = (
    {Why.NAME_SAME, Why.NAME_ALIKE},
    {Why.YEAR_SAME, Why.YEAR_NEAR},
    {Why.VILLAGE_SAME, Why.REGENCY_SAME},
    {Why.NIK_SAME},
)


def agreeing(why: tuple[str, ...]) -> int:
    """This will count the kinds of identifier in which two records agree."""
    return sum(bool(kind & set(why)) for kind in AGREEING)


def score(
    name: float,
    *,
    years: tuple[int | None, int | None] = (None, None),
    guessed: bool = False,
    village: bool = False,
    regency: bool = False,
    sexes: tuple[str, str] = (Sex.UNKNOWN, Sex.UNKNOWN),
    same_nik: bool | None = None,
) -> Score:
    """This will say how likely two records are of one person, and why. What is unknown speaks neither for nor against.

    ``name``: how alike the names are (`kernel.names.likeness`); ``guessed``: one birth year is an estimate;
    ``same_nik``: None where one has no number. Who has no papers is found as well as anybody. Source: care.md 18, 22.
    """
    value, why = name * OF_NAME, list[str]()
    if name >= ALIKE:
        why.append(Why.NAME_SAME if name >= SAME_NAME else Why.NAME_ALIKE)
    apart = _apart(years)
    if apart is not None:
        near = apart <= (YEARS_APART_GUESSED if guessed else YEARS_APART)
        fact, weight = (Why.YEAR_NEAR, NEAR_YEAR) if near else (Why.YEAR_OTHER, OTHER_YEAR)
        if apart == 0:
            fact, weight = Why.YEAR_SAME, SAME_YEAR
        value, why = value + weight, [*why, fact]
    if village or regency:
        value += SAME_VILLAGE if village else SAME_REGENCY
        why.append(Why.VILLAGE_SAME if village else Why.REGENCY_SAME)
    if Sex.UNKNOWN not in sexes and sexes[0] != sexes[1]:
        value, why = value + OTHER_SEX, [*why, Why.SEX_OTHER]
    if same_nik is not None:
        value = 1.0 if same_nik else value + OTHER_NIK
        why.append(Why.NIK_SAME if same_nik else Why.NIK_OTHER)
    if same_nik:
        return Score(1.0, tuple(why))
    return Score(max(LEAST, min(MOST, value)), tuple(why))


def _apart(years: tuple[int | None, int | None]) -> int | None:
    one, other = years
    return None if one is None or other is None else abs(one - other)


def worth_showing(name: float, score: Score) -> bool:
    """This will say whether somebody is proposed: the names are alike, or other facts make up for what they lack.

    Who is namesake with another birth year stays in the list, at its end and with the reason: a year may be a slip.
    """
    return Why.NIK_SAME in score.why or name >= ALIKE or (name >= LEAST_NAME and score.value >= WORTH)


def in_words(codes: tuple[str, ...] | list[str]) -> list[str]:
    """This will say reasons in words, leaving out a code that is no longer used."""
    known = {choice.value: str(choice.label) for choice in Why}
    return [known[code] for code in codes if code in known]


# --- looking for somebody ---------------------------------------------------------------------------------------------

OLDEST_YEAR = 1900
# Who may look for people: those who take reports and work with clients.
LOOKS = frozenset({Role.INTAKE_OFFICER, Role.COMPANION, Role.CASE_MANAGER, Role.SUPERVISOR, Role.HEAD})


@dataclass(frozen=True, slots=True)
class Wanted:
    """By what somebody is looked for, in clear; never kept, never in an address or a log."""

    name: str
    born_year: int | None = None
    area: str = ""  # code of a kelurahan, kabupaten or kota
    nik: str = ""

    def kinds(self) -> list[str]:
        """This will give which kinds of identifier there are."""
        given = {
            Identifier.NAME: bool(self.name.strip()),
            Identifier.BIRTH_YEAR: self.born_year is not None,
            Identifier.AREA: bool(self.area),
            Identifier.NIK: bool(self.nik),
        }
        return [kind.value for kind, there in given.items() if there]


def check_can_look_up(wanted: Wanted) -> None:
    """This will refuse a look-up with fewer than two kinds of identifier, of which a name is one.

    A national number tells birth and area by itself, so it is no second kind beside those. The database counts as well.

    :raises Refused: saying what is missing. Source: care.md 18.
    """
    kinds = wanted.kinds()
    if Identifier.NAME not in kinds:
        raise Refused(_("Tulis nama orang yang dicari."))
    if len(kinds) < 2:
        raise Refused(_("Tulis satu hal lagi selain nama: tahun lahir, tempat tinggal, atau NIK."))
