"""How a deadline is counted, the slow and obvious way: minute by minute, day by day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
Pauses = list[tuple[datetime, datetime]]


def hours(since: datetime, amount: int, pauses: Pauses) -> datetime:
    """Let every minute pass; it counts unless the clock stands still in it."""
    now, left = since, amount * 60
    while left:
        if not any(begun <= now < over for begun, over in pauses):
            left -= 1
        now += MINUTE
    return now


def days(
    since: datetime,
    amount: int,
    zone: str,
    pauses: Pauses,
    *,
    working: bool,
    off: set[date],
    worked: set[date],
) -> datetime:
    """Go from day to day; one counts if it is one to work on and no minute of it is a minute of a pause."""
    local = ZoneInfo(zone)
    day = since.astimezone(local).date()
    for _counted in range(amount):
        while True:
            day += DAY
            begins = datetime.combine(day, time(0), local)
            ends = datetime.combine(day + DAY, time(0), local)
            if any(begun < ends and over > begins for begun, over in pauses if begun < over):
                continue
            if not working or day in worked or (day.isoweekday() <= 5 and day not in off):
                break
    return datetime.combine(day + DAY, time(0), local) - timedelta(microseconds=1)
