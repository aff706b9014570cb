"""What the public may know of where to go."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.network.models import Facility
from ruangaman.network.policies import DEFAULT_ZONE, DaysOff, is_open
from ruangaman.network.states import PUBLIC_KINDS, FacilityKind
from ruangaman.places.states import TimeZone

DAYS = (
    gettext_lazy("Senin"),
    gettext_lazy("Selasa"),
    gettext_lazy("Rabu"),
    gettext_lazy("Kamis"),
    gettext_lazy("Jumat"),
    gettext_lazy("Sabtu"),
    gettext_lazy("Minggu"),
)


@dataclass(frozen=True, slots=True)
class Door:
    """A place or line as a page shows it."""

    name: str
    kind: str
    address: str
    phone: str
    note: str
    place: str
    hours_text: str
    open_now: bool
    closed_for: str = ""  # the name of today's holiday, where the place would be open without it

    @property
    def number(self) -> str:
        return self.phone

    @property
    def tel(self) -> str:
        return "".join(c for c in self.phone if c.isdigit() or c == "+")


NONE_OFF = DaysOff()


def public_doors(at: datetime, days_off: DaysOff = NONE_OFF) -> tuple[list[Door], list[Door]]:
    """This will give (telephone lines, offices and posts with the open ones first); two queries; never a shelter.

    ``days_off``: the days on which offices are closed, with their names (`clocks.queries.days_off_near`).
    """
    found = (
        Facility.objects.filter(kind__in=PUBLIC_KINDS, organisation__is_active=True)
        .select_related("place")
        .prefetch_related("hours")
        .order_by("rank", "name")
    )
    lines: list[Door] = []
    posts: list[Door] = []
    for facility in found:
        door = _door(facility, at, days_off)
        (lines if facility.kind == FacilityKind.HOTLINE else posts).append(door)
    return lines, sorted(posts, key=lambda door: not door.open_now)


def _door(facility: Facility, at: datetime, all_days_off: DaysOff) -> Door:
    days_off = all_days_off.of(facility.organisation_id)
    hours = [(h.weekday, h.opens, h.closes) for h in facility.hours.all()]
    zone = facility.place.time_zone if facility.place else DEFAULT_ZONE
    today = at.astimezone(ZoneInfo(zone)).date()
    works_today = not facility.always_open and any(day == today.weekday() for day, _from, _until in hours)
    return Door(
        name=facility.name,
        kind=facility.get_kind_display(),
        address=facility.address,
        phone=facility.phone,
        note=facility.note,
        place=facility.place.name if facility.place else "",
        hours_text=_("24 jam") if facility.always_open else hours_text(hours, zone),
        open_now=is_open(at, always=facility.always_open, hours=hours, zone=zone, days_off=days_off),
        closed_for=days_off.get(today, "") if works_today else "",
    )


def hours_text(hours: list[tuple[int, time, time]], zone: str = DEFAULT_ZONE) -> str:
    """This will write hours as people say them: ``Senin–Jumat 08.00–15.00; Sabtu 08.00–12.00 WIB``."""
    spans: list[tuple[int, int, str]] = []  # first day, last day, from when to when
    for day, opens, closes in sorted(hours):
        times = f"{opens:%H.%M}–{closes:%H.%M}"
        if spans and spans[-1][1:] == (day - 1, times):
            spans[-1] = (spans[-1][0], day, times)
        else:
            spans.append((day, day, times))
    told = [f"{DAYS[a]}–{DAYS[b]} {times}" if a < b else f"{DAYS[a]} {times}" for a, b, times in spans]
    return f"{'; '.join(told)} {TimeZone(zone).label}" if told else ""
