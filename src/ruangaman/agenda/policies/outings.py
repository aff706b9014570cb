"""Rules of going out and coming back."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role
from ruangaman.agenda.states import OutingEnd
from ruangaman.kernel.errors import Refused

MORE_TIME = timedelta(minutes=30)
USUAL = timedelta(hours=2)
# Nobody is out of reach for longer without a word: a journey of days is told anew each day.
LONGEST_OUT = timedelta(hours=24)
# Who keeps watch over who is out. The database says the same.
WATCHERS = frozenset({Role.SUPERVISOR, Role.HEAD})


def back_by(at: datetime, hour: time, zone: str) -> datetime:
    """This will give the next moment at which it is that hour in a local time: today, or else tomorrow."""
    local = at.astimezone(ZoneInfo(zone))
    today = datetime.combine(local.date(), hour, local.tzinfo)
    return today if today > at else datetime.combine(local.date() + timedelta(days=1), hour, local.tzinfo)


def proposed(at: datetime, ends_at: datetime | None) -> datetime:
    """This will propose when to be back, to the next quarter of an hour: half an hour after the appointment ends."""
    moment = max(at, ends_at) + MORE_TIME if ends_at else at + USUAL
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment + timedelta(minutes=15) - past


def check_can_go_out(*, at: datetime, expected_at: datetime) -> None:
    """This will refuse a way out whose end lies behind, or further ahead than anybody waits.

    :raises Refused: saying what to write. Source: issue 4, "Check-in and check-out of who goes out".
    """
    if expected_at <= at:
        raise Refused(_("Jam ini sudah lewat. Tulis jam berapa Anda akan kembali."))
    if expected_at - at > LONGEST_OUT:
        raise Refused(_("Paling lama 24 jam. Untuk perjalanan berhari-hari, lapor setiap hari."))


def more_time(*, expected_at: datetime, at: datetime) -> datetime:
    """This will give the moment to which half an hour more leads, from now where the old one has passed."""
    return max(expected_at, at) + MORE_TIME


def check_can_end(*, own: bool, watches: bool, ending: str) -> None:
    """This will refuse an end by anybody but who went (back), and who keeps watch over them (found, helped).

    :raises Refused: saying who says so. The database refuses the same.
    """
    if own and ending != OutingEnd.BACK:
        raise Refused(_("Untuk diri sendiri, tekan “Saya sudah kembali”."))
    if not own and (not watches or ending not in (OutingEnd.FOUND, OutingEnd.HELPED)):
        raise Refused(_("Hanya petugas itu sendiri, penyelia, atau kepala unit yang mencatat ini."))
