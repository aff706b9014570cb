"""Rules of the duty roster: turns of a week, hours that nobody covers, and what a hand-over may hold."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.states import Role
from ruangaman.kernel.errors import Refused

ON_DUTY_ROLES = (Role.INTAKE_OFFICER, Role.SUPERVISOR)  # who may answer a report
ROSTER_READERS = frozenset({*ON_DUTY_ROLES, Role.HEAD})
ROSTER_SOURCE = gettext_lazy("Layanan 24 jam")  # seed 002
ROSTER_WRITERS = frozenset({Role.SUPERVISOR, Role.HEAD})
LONGEST_ROSTER = timedelta(days=56)
LONGEST_TURN = timedelta(hours=24)
MOST_TURNS = 200
LEAST_GAP = timedelta(minutes=1)
HAND_OVERS_SHOWN = timedelta(days=30)
MOST_MINUTES = 240
DANGER_MINUTES, MINUTES = 5, 30  # where a unit has set none
REFERENCE = re.compile(r"\bRA-\w{4}-\w{4}\b", re.IGNORECASE)  # kernel.ids.new_reference
LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){7,}")
"""A telephone number or the number of an identity card: nothing that a hand-over is for."""


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From a moment to another one."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift as it would be: when, and whose."""

    person: UUID
    when: Stretch


def turns(
    *,
    people: Sequence[UUID],
    first: date,
    last: date,
    weekdays: Collection[int],
    hours: Sequence[tuple[time, time]],
    zone: ZoneInfo,
) -> list[Turn]:
    """This will lay out shifts day by day, giving each in turn to the next of ``people``.

    Hours that end before they begin, or when they begin, end on the day after.

    :raises Refused: for no day, for too long a time or too many shifts at once.
    """
    if last < first:
        raise Refused(_("Hari terakhir sebelum hari pertama. Periksa tanggalnya."))
    if last - first > LONGEST_ROSTER:
        raise Refused(_("Susun paling lama delapan minggu sekali jalan."))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    slots = [
        Stretch(
            datetime.combine(day, begins, zone),
            datetime.combine(day if ends > begins else day + timedelta(days=1), ends, zone),
        )
        for day in days
        if day.weekday() in weekdays
        for begins, ends in hours
    ]
    if not slots or not people:
        raise Refused(_("Tidak ada giliran yang tersusun. Pilih hari dan petugasnya."))
    if len(slots) > MOST_TURNS:
        raise Refused(_("Terlalu banyak giliran sekaligus. Pilih rentang tanggal yang lebih pendek."))
    return [Turn(people[place % len(people)], slot) for place, slot in enumerate(sorted(slots))]


def overlapping(wanted: Sequence[Turn], there: Iterable[Turn]) -> list[Turn]:
    """This will give those of ``wanted`` whose person is on duty at that time already, or twice by this very plan."""
    taken = list(there)
    clashes = []
    for turn in wanted:
        if any(
            one.person == turn.person
            and one.when.starts_at < turn.when.ends_at
            and one.when.ends_at > turn.when.starts_at
            for one in taken
        ):
            clashes.append(turn)
        taken.append(turn)
    return clashes


def gaps(covered: Iterable[Stretch], since: datetime, until: datetime) -> list[Stretch]:
    """This will give the times between two moments in which nobody is on duty.

    Source: seed 002 (a service of 24 hours).
    """
    found, reached = [], since
    for one in sorted(covered):
        if one.starts_at > reached:
            found.append(Stretch(reached, min(one.starts_at, until)))
        reached = max(reached, one.ends_at)
        if reached >= until:
            break
    if reached < until:
        found.append(Stretch(reached, until))
    return [one for one in found if one.ends_at - one.starts_at >= LEAST_GAP]


def check_may_be_on_duty(people: Iterable[UUID], answering: Collection[UUID]) -> None:
    """This will refuse whoever may not answer reports of the unit.

    :raises Refused: with what to do.
    """
    if any(person not in answering for person in people):
        raise Refused(
            _("Yang piket hanya petugas pengaduan atau penyelia unit ini, karena mereka yang boleh menjawab.")
        )


def check_minutes(danger_minutes: int, minutes: int) -> None:
    """This will refuse times in which nobody could answer, and danger that waits longer than the rest.

    :raises Refused: with what to do.
    """
    if not 1 <= danger_minutes <= minutes <= MOST_MINUTES:
        raise Refused(
            _(
                "Tulis 1 sampai %d menit. Bahaya sekarang tidak boleh menunggu lebih lama daripada laporan lain."
            )
            % MOST_MINUTES
        )


def check_hand_over(text: str) -> None:
    """This will refuse a hand-over without words, or with a number that reaches or names somebody.

    :raises Refused: with what to do.
    """
    if not text.strip():
        raise Refused(_("Tulis apa yang perlu diketahui piket berikutnya, atau tulis: tidak ada."))
    if LONG_NUMBER.search(REFERENCE.sub("", text)):
        raise Refused(
            _(
                "Ada nomor yang panjang di sini. Serah terima hanya menyebut nomor laporan, tanpa nama, telepon, "
                "atau NIK. Hapus nomor itu; isinya sudah ada di berkas."
            )
        )
