"""Rules of notices: by which ways, at what hour, how often again, and to which address a messenger may lie."""

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.notices.states import Channel

# From the claim of an envelope until another worker may take it up: longer than any attempt lasts.
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=4)
MOST_TRIES = 12  # 2, 4, 8 … 128 minutes, then every 4 hours: a little over a day


def ways(*, by_mail: bool, by_messenger: bool, has_messenger: bool, urgent: bool) -> frozenset[Channel]:
    """This will give the ways by which a notice leaves the application.

    Who chose the messenger of a unit that has none (any more) gets mail: a choice must not end in silence. What is
    urgent goes by mail where nothing else was chosen; the page of choices says so.
    """
    chosen = {Channel.MESSENGER} if by_messenger and has_messenger else set()
    if by_mail or (by_messenger and not has_messenger) or (urgent and not chosen):
        chosen.add(Channel.MAIL)
    return frozenset(chosen)


def send_at(
    at: datetime, *, zone: ZoneInfo, quiet_from: time | None, quiet_until: time | None, urgent: bool
) -> datetime:
    """This will give the moment at which a notice made at ``at`` may go out: at once, or when quiet hours end.

    Quiet hours may lie across midnight; their first minute is quiet and their last moment is not.
    """
    if urgent or quiet_from is None or quiet_until is None:
        return at
    local = at.astimezone(zone)
    now = local.time()
    across_midnight = quiet_from > quiet_until
    is_quiet = now >= quiet_from or now < quiet_until if across_midnight else quiet_from <= now < quiet_until
    if not is_quiet:
        return at
    ends_tomorrow = now >= quiet_until
    day = local.date() + timedelta(days=1) if ends_tomorrow else local.date()
    return datetime.combine(day, quiet_until, zone).astimezone(at.tzinfo)


def wait_after(tries: int) -> timedelta:
    """This will give how long to wait after the attempt of that number (from 1) before the next."""
    doubled: timedelta = FIRST_WAIT * 2 ** (tries - 1)
    return min(doubled, LONGEST_WAIT)


def check_quiet_hours(quiet_from: time | None, quiet_until: time | None) -> None:
    """This will refuse quiet hours of which one end is missing, or that would last the whole day.

    :raises Refused: with what to do.
    """
    if (quiet_from is None) != (quiet_until is None):
        raise Refused(_("Isi kedua jam, mulai dan selesai; atau kosongkan keduanya."))
    if quiet_from is not None and quiet_from == quiet_until:
        raise Refused(_("Jam mulai dan selesai sama. Pilih jam selesai yang lain, atau kosongkan keduanya."))


def check_webhook(url: str, *, demo: bool) -> None:
    """This will refuse an address that is not HTTPS; only a demonstration may send in the clear.

    :raises Refused: with what to do.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (demo and parts.scheme == "http"):
        raise Refused(_("Alamat harus dimulai dengan https://, supaya tidak terbaca di jalan."))
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise Refused(_("Tulis alamat lengkap tanpa nama pengguna dan kata sandi di dalamnya."))
