"""Rules of opening."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days on which offices are closed, with what they are: the nation's, and what differs in some organisations.

    An empty text stands for a day that is worked there after all, whatever the nation does.
    """

    nation: Mapping[date, str] = field(default_factory=dict)
    own: Mapping[UUID, Mapping[date, str]] = field(default_factory=dict)

    def of(self, organisation: UUID) -> dict[date, str]:
        """This will give the days off of one organisation, with what each is."""
        days = {**self.nation, **self.own.get(organisation, {})}
        return {day: said for day, said in days.items() if said}


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
