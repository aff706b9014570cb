"""The register of complaints (buku pengaduan) of a unit: one line a report, and never a name."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.intake.models import Report
from ruangaman.intake.queries.reports import within
from ruangaman.intake.states import Channel, ReporterKind, Triage
from ruangaman.places.models import Place

DISTRICT = len("31.73.01")  # of a code of places: the kecamatan, not the kelurahan
QUARTER = 3  # months


@dataclass(frozen=True, slots=True)
class Line:
    """What the register tells of one report."""

    number: int
    received_on: date
    channel: str
    reporter: str
    place: str
    in_danger: bool
    decision: str
    days: int | None  # until the first answer; None where there is none
    reference: str


@dataclass(frozen=True, slots=True)
class Register:
    """The lines of a period, and whether anything of its quarter is not shown to this reader."""

    lines: list[Line]
    hides: bool


def register(viewer: Viewer, unit_id: UUID, first: date, last: date, zone: ZoneInfo) -> Register:
    """This will give the register of a unit for some days as far as the viewer reaches it; three queries.

    What is walled off is absent. That anything is absent is said for the whole quarter of the year, so that nobody
    finds out by days when it came. Source: security.md, RLS point 5 ("some not shown", never how many).
    """
    units = {unit: stages for unit, stages in viewer.units(Section.ADMINISTRATION).items() if unit == unit_id}
    since, until = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    rows: list[Report] = []
    if units:
        found = Report.objects.filter(
            within(units), received_at__gte=since, received_at__lt=until, dossier__erased_at=None
        )
        rows = list(found.select_related("dossier").order_by("received_at", "id"))
    codes = {(row.place_id or "")[:DISTRICT] for row in rows}
    names = dict(Place.objects.filter(code__in=codes).values_list("code", "name"))
    lines = [
        Line(
            number=number,
            received_on=row.received_at.astimezone(zone).date(),
            channel=str(Channel(row.channel).label),
            reporter=str(ReporterKind(row.reporter_kind).label) if row.reporter_kind else "",
            place=names.get((row.place_id or "")[:DISTRICT], ""),
            in_danger=row.danger_now,
            decision=str(Triage(row.triage).label),
            days=_days(row, zone),
            reference=row.dossier.reference,
        )
        for number, row in enumerate(rows, start=1)
    ]
    return Register(lines, _hides(unit_id, *_quarters(first, last, zone)))


def _days(row: Report, zone: ZoneInfo) -> int | None:
    if row.first_answered_at is None:
        return None
    return (row.first_answered_at.astimezone(zone).date() - row.received_at.astimezone(zone).date()).days


def _hides(unit_id: UUID, since: datetime, until: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.register_hides(%s, %s, %s)", [unit_id, since, until])
        return bool(cursor.fetchone()[0])


def _quarters(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the beginning of the quarter in which ``first`` lies to the end of that of ``last``."""
    begins = date(first.year, (first.month - 1) // QUARTER * QUARTER + 1, 1)
    after = (last.month - 1) // QUARTER * QUARTER + 1 + QUARTER
    ends = date(last.year + 1, 1, 1) if after > 12 else date(last.year, after, 1)
    return _midnight(begins, zone), _midnight(ends, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
