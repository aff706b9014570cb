"""Rules of reaching a client without danger. Source: care.md 7."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.people.states import ContactMeans

EVERY_DAY = 0b1111111  # bit 0 is Monday
# How long a safe contact is taken to be safe. Source: care.md 7.
CONTACT_LASTS = timedelta(days=30)
# Where she named no hours, nobody is written to or called outside these.
DAYTIME = (time(8), time(20))
REMIND_DAYS = 3  # at most so many days before an appointment


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


def check_can_renew(*, doubted: bool, spoken_since: bool) -> None:
    """This will refuse to write down a contact as safe on the strength of what she said before she doubted it.

    :raises Refused: saying with whom to speak first. Source: care.md 7.
    """
    if doubted and not spoken_since:
        raise Refused(
            _(
                "Ia memberi tahu bahwa kontaknya tidak aman lagi. Bicaralah dulu dengannya sendiri, lewat jalan lain; "
                "lalu ubah kontak aman dan centang bahwa ini katanya sesudah itu."
            )
        )


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
