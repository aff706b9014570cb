"""Rules of opening."""

from collections.abc import Container, Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Jakarta"


def is_open(
    at: datetime,
    *,
    always: bool,
    hours: Iterable[tuple[int, time, time]],
    zone: str = DEFAULT_ZONE,
    days_off: Container[date] = frozenset(),
) -> bool:
    """This will say whether a door is open at ``at``; ``hours`` are (weekday from Monday 0, opens, closes), local.

    On a day off nothing is open but what always is; the days are given, because the calendar is the clocks'. A day is
    the local one of the place: it is still a holiday in Jakarta when it is over in Jayapura.
    Source: seeds 000 and 003 (office Mon to Fri 08.00 to 16.00, posts to 15.00, call centre on working days 07.30 to
    16.00); the joint decree of three ministers on national holidays and joint leave (SKB 3 Menteri), by which offices
    of the government close on joint leave too.
    """
    if always:
        return True
    local = at.astimezone(ZoneInfo(zone))
    if local.date() in days_off:
        return False
    return any(day == local.weekday() and opens <= local.time() < closes for day, opens, closes in hours)
