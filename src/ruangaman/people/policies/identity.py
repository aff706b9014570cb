"""Rules of an identity: names, ages, and national numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.people.states import CHILD_BANDS, AgeBand, Sex

# A child is everybody under 18, married or not. Source: UU 35/2014 Pasal 1 angka 1; care.md 13.
ADULT_YEARS = 18
LONGEST_LIFE_YEARS = 120
LONGEST_NAME = 160
BANDS = (
    (6, AgeBand.UNDER_6),
    (13, AgeBand.UNDER_13),
    (18, AgeBand.UNDER_18),
    (25, AgeBand.UNDER_25),
    (60, AgeBand.UNDER_60),
)
# On a national number a woman's day of birth is written with 40 added. Source: Permendagri 108/2019, second-hand.
WOMANS_DAY = 40


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of somebody, in clear, on the way to being sealed. Everything but the name may be unknown."""

    name: str
    born_on: date | None = None
    born_estimated: bool = False
    sex: str = Sex.UNKNOWN
    nik: str = ""


def initials(name: str) -> str:
    """This will give at most three initials of a name (``S. A.``); lists show no more. Source: security.md 12."""
    letters = [part[0].upper() for part in name.replace(".", " ").split() if part[0].isalpha()]
    return " ".join(f"{letter}." for letter in letters[:3])


def age_on(born_on: date, day: date) -> int:
    """This will give somebody's age in whole years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def age_band(born_on: date | None, day: date) -> AgeBand:
    """This will give the band of somebody's age on a day. Source: care.md 13 (the age at the report decides)."""
    if born_on is None:
        return AgeBand.UNKNOWN
    age = age_on(born_on, day)
    return next((band for limit, band in BANDS if age < limit), AgeBand.OLDER)


def born_about(age: int, day: date) -> date:
    """This will give the first of July on which somebody was born who is about ``age`` years old on a day."""
    return date(day.year - age - (day < date(day.year, 7, 1)), 7, 1)


def is_child(band: str) -> bool:
    """This will say whether a person of that band is a child. Source: UU 35/2014 Pasal 1 angka 1."""
    return band in CHILD_BANDS


def of_age_on(born_on: date) -> date:
    """This will give the 18th birthday; who was born on 29 February has it on 1 March of a year without one."""
    try:
        return born_on.replace(year=born_on.year + ADULT_YEARS)
    except ValueError:
        return date(born_on.year + ADULT_YEARS, 3, 1)


def answers_alone(band: str, born_on: date | None, day: date) -> bool:
    """This will say whether somebody answers for herself on a day: an adult at the report, or of age since.

    ``band``: at the report. Where neither age nor birth is known she is not taken for an adult: it is asked first. An
    estimated birth date counts as it stands. Source: care.md 11, 13; UU 35/2014 Pasal 1 angka 1.
    """
    if band and not is_child(band):
        return True
    return born_on is not None and day >= of_age_on(born_on)


def check_born_on(born_on: date | None, *, today: date, happened_on: date | None = None) -> None:
    """This will refuse a birth that lies ahead, longer ago than anybody lives, or after what happened to that person.

    :raises Refused: saying what to correct. Source: issue "One report travels all of it", bad input.
    """
    if born_on is None:
        return
    if born_on > today:
        raise Refused(_("Tanggal lahir ini belum terjadi. Periksa tahunnya."))
    if age_on(born_on, today) > LONGEST_LIFE_YEARS:
        raise Refused(_("Tanggal lahir ini lebih dari 120 tahun yang lalu. Periksa tahunnya."))
    if happened_on and happened_on < born_on:
        raise Refused(
            _("Tanggal lahir ini sesudah kejadian. Periksa keduanya; kalau tidak pasti, tulis perkiraan.")
        )


def check_nik(nik: str, *, born_on: date | None, sex: str, regions: Iterable[str]) -> None:
    """This will refuse a national number that can't be: its length, region, date, or against birth date and sex.

    ``regions``: the two-digit codes of provinces. A number is never needed; somebody without one is helped the same.

    :raises Refused: saying what does not fit. Source: Permendagri 108/2019 (region, DDMMYY, four of order).
    """
    if not re.fullmatch(r"[0-9]{16}", nik):
        raise Refused(_("NIK terdiri dari 16 angka. Kosongkan kalau tidak ada atau tidak pasti."))
    if nik[:2] not in set(regions):
        raise Refused(_("NIK ini tidak mungkin: dua angka pertamanya bukan kode provinsi."))
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    woman = day > WOMANS_DAY
    day -= WOMANS_DAY if woman else 0
    if not _is_day(day, month, year) or nik[12:] == "0000":
        raise Refused(_("NIK ini tidak mungkin: tanggal lahir di dalamnya tidak ada."))
    if born_on and (born_on.day, born_on.month, born_on.year % 100) != (day, month, year):
        raise Refused(_("NIK ini tidak cocok dengan tanggal lahir yang ditulis. Periksa keduanya."))
    if (sex, woman) in ((Sex.FEMALE, False), (Sex.MALE, True)):
        raise Refused(
            _(
                "NIK ini tidak cocok dengan jenis kelamin yang ditulis. Periksa keduanya. Kalau ia menyebut yang lain "
                "dari surat-suratnya, biarkan jenis kelamin kosong di sini."
            )
        )


def _is_day(day: int, month: int, year: int) -> bool:
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False
