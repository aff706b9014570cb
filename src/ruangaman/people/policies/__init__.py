"""Rules of who is who: ages, national numbers, and who may be a child's guardian."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.names import ALIKE, likeness
from ruangaman.people.states import (
    CHILD_BANDS,
    GUARDIAN_RELATIONS,
    AgeBand,
    ContactMeans,
    PersonRole,
    Refusal,
    Relation,
    Sex,
)

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
# The parts that are recorded by hand.
ADDED_ROLES = (
    PersonRole.CLIENT,
    PersonRole.REPORTED,
    PersonRole.HOUSEHOLD,
    PersonRole.WITNESS,
    PersonRole.TRUSTED,
)
EVERY_DAY = 0b1111111  # bit 0 is Monday
# How long a safe contact is taken to be safe. Source: care.md 7.
CONTACT_LASTS = timedelta(days=30)
# Where she named no hours, nobody is written to or called outside these.
DAYTIME = (time(8), time(20))
REMIND_DAYS = 3  # at most so many days before an appointment
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
        raise Refused(_("NIK ini tidak cocok dengan jenis kelamin yang ditulis. Periksa keduanya."))


def _is_day(day: int, month: int, year: int) -> bool:
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def check_can_have_part(*, role: str, roles: Iterable[str]) -> None:
    """This will refuse a part that somebody with ``roles`` in the dossier has already, or that can't go with them.

    A guardian is decided about apart. A client is never a reported person in her own file, nor the other way round.

    :raises Refused: saying what to do instead. Source: care.md 10, 21.
    """
    if role not in ADDED_ROLES:
        raise Refused(_("Wali dicatat di halaman wali, dan pelapor bersama laporannya."))
    if role in set(roles):
        raise Refused(_("Orang ini sudah dicatat dengan peran itu."))
    if {PersonRole.CLIENT, PersonRole.REPORTED} <= {role, *roles}:
        raise Refused(
            _(
                "Klien tidak pernah menjadi terlapor di berkasnya sendiri. Laporan balik dicatat di proses hukum."
            )
        )


def guardian_refusal(*, roles: Iterable[str], name: str, reported_names: Iterable[str]) -> Refusal | None:
    """This will say why somebody may not be a guardian, or None: only the reported person is barred.

    ``roles``: the live parts this very person has in the dossier; ``name`` and ``reported_names`` in clear, because the
    same man may be written down a second time. Source: care.md 10; seed 004, Lampiran I.2.
    """
    if PersonRole.REPORTED in set(roles):
        return Refusal.REPORTED
    if any(likeness(name, reported) >= ALIKE for reported in reported_names):
        return Refusal.NAMESAKE
    return None


def check_can_be_guardian(*, relation: str, band: str, own_band: str = AgeBand.UNKNOWN) -> None:
    """This will refuse a guardian for an adult, a child as guardian, and who is neither family nor trusted.

    ``band``: the client's; ``own_band``: the guardian's, where it is known. Disability never moves consent to a
    guardian (care.md 11), so nothing but age is asked here.

    :raises Refused: saying who can. Source: seed 004, Lampiran I.2; care.md 11; UU 1/1974 Pasal 51 (of age).
    """
    if is_child(own_band):
        raise Refused(_("Wali harus sudah dewasa. Pilih orang lain, atau pendamping dari unit."))
    if not is_child(band):
        raise Refused(_("Wali hanya untuk klien di bawah 18 tahun. Orang dewasa memutuskan sendiri."))
    if relation not in {choice.value for choice in GUARDIAN_RELATIONS}:
        raise Refused(
            _(
                "Wali adalah orang tua, orang tua asuh, keluarga, tetangga yang dipercaya, atau pendamping unit."
            )
        )


def check_dependence(*, depends: bool, supervised: bool) -> None:
    """This will refuse a guardian who may depend on the reported person, unless that was decided with the supervisor.

    :raises Refused: saying what to do. Source: care.md 10 (dependence warns and needs a supervised decision).
    """
    if depends and not supervised:
        raise Refused(
            _(
                "Calon wali ini mungkin bergantung pada terlapor. Bicarakan dulu dengan penyelia, lalu centang bahwa "
                "ini diputuskan bersama penyelia."
            )
        )


def depends_on_reported(relation: str, reported_relations: Iterable[str]) -> bool:
    """This will say whether a guardian may depend on the reported person, which warns and needs a supervised decision.

    Source: care.md 10 (dependence warns; only the reported person is barred).
    """
    couples = {
        Relation.MOTHER: {Relation.FATHER, Relation.STEPFATHER},
        Relation.FATHER: {Relation.MOTHER, Relation.STEPMOTHER},
        Relation.STEPMOTHER: {Relation.FATHER},
        Relation.STEPFATHER: {Relation.MOTHER},
    }
    return bool(couples.get(Relation(relation), set()) & set(reported_relations))


# --- safe contact -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """How a client said that she can be reached, in clear, on the way to being sealed."""

    means: str
    never_call: bool = False
    address: str = ""  # the number or account, or through whom
    code_word: str = ""
    weekdays: int = EVERY_DAY
    from_time: time | None = None
    until_time: time | None = None
    reminders_safe: bool = False
    paper_safe: bool = False


def bits_of(days: Iterable[int]) -> int:
    """This will put weekdays (Monday is 0) into one number, a bit for each."""
    return sum(1 << day for day in set(days))


def days_of(bits: int) -> list[int]:
    """This will give the weekdays (Monday is 0) that stand in such a number."""
    return [day for day in range(7) if bits >> day & 1]


def check_way(way: Way) -> None:
    """This will refuse a way of reaching her that contradicts itself, or leaves open how.

    :raises Refused: saying what to correct. Source: care.md 7.
    """
    if way.means == ContactMeans.CALL and way.never_call:
        raise Refused(
            _("Telepon tidak bisa dipilih kalau ia tidak pernah boleh ditelepon. Pilih salah satunya.")
        )
    if way.means == ContactMeans.NOT:
        if way.address:
            raise Refused(
                _("Ia yang menghubungi kita: nomor tidak disimpan. Kosongkan, atau pilih cara lain.")
            )
        if way.reminders_safe:
            raise Refused(_("Kalau ia yang menghubungi kita, pengingat tidak bisa dikirim kepadanya."))
    elif not way.address.strip():
        raise Refused(_("Tulis nomor atau akunnya, atau lewat siapa ia dihubungi."))
    if not 1 <= way.weekdays <= EVERY_DAY:
        raise Refused(_("Pilih paling sedikit satu hari yang aman."))
    if (way.from_time is None) != (way.until_time is None):
        raise Refused(_("Tulis kedua jamnya, atau kosongkan keduanya."))
    if way.from_time and way.until_time and way.from_time >= way.until_time:
        raise Refused(_("Jam akhir harus sesudah jam awal pada hari yang sama."))


def is_stale(confirmed_at: datetime, at: datetime) -> bool:
    """This will say whether a safe contact has to be confirmed again because of its age. Source: care.md 7."""
    return at - confirmed_at >= CONTACT_LASTS


def remind_between(
    starts_at: datetime, *, weekdays: int, from_time: time | None, until_time: time | None, zone: str
) -> tuple[datetime, datetime] | None:
    """This will give the hours in which a client may be reminded of an appointment, or None where none are safe.

    They lie within the hours she named, on the last of her days before the day of the appointment, at most three days
    ahead. Whether she wants reminders at all is asked elsewhere. Source: care.md 7.
    """
    local = ZoneInfo(zone)
    day = starts_at.astimezone(local).date()
    begins, ends = (from_time, until_time) if from_time and until_time else DAYTIME
    for ago in range(1, REMIND_DAYS + 1):
        before = day - timedelta(days=ago)
        if weekdays >> before.weekday() & 1:
            return datetime.combine(before, begins, local), datetime.combine(before, ends, local)
    return None
