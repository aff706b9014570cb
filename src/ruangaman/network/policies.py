"""Rules of opening."""

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Jakarta"


def is_open(
    at: datetime, *, always: bool, hours: Iterable[tuple[int, time, time]], zone: str = DEFAULT_ZONE
) -> bool:
    """This will say whether a door is open at ``at``; ``hours`` are (weekday from Monday 0, opens, closes), local.

    Source: seeds 000 and 003 (office Mon to Fri 08.00 to 16.00, posts to 15.00, call centre 07.30 to 16.00).
    """
    if always:
        return True
    local = at.astimezone(ZoneInfo(zone))
    return any(day == local.weekday() and opens <= local.time() < closes for day, opens, closes in hours)
