"""What the pages of deadlines read: the board, the deadlines of one file, rules with their versions, the calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role
from ruangaman.clocks.models import Clock, Definition, Holiday, Pause, UnitClock
from ruangaman.clocks.queries import CHAIN, by_rank

WATCHERS = frozenset({Role.SUPERVISOR, Role.HEAD})
UNIT_WATCHERS = frozenset({Role.HEAD, Role.SUPERVISOR, Role.DATA_OFFICER, Role.LAWYER})
DAYS_NEAR = 7
PAGE = 50


@dataclass(frozen=True, slots=True)
class Tally:
    """How many deadlines of one kind that one person holds in one unit are late, and how many are near."""

    unit_id: UUID
    unit: str
    code: str
    name: str
    holder_id: UUID | None
    holder: str
    late: int
    near: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of deadlines, the earliest first, and where the next begins."""

    rows: Sequence[Clock]
    next: str


def soon(at: datetime) -> datetime:
    """This will give until when a deadline is near: the last moment of the seventh local day from now."""
    day = timezone.localdate(at) + timedelta(days=DAYS_NEAR)
    return timezone.make_aware(datetime.combine(day, time.max))


def holder_name(holder_id: UUID | None, name: str | None) -> str:
    """This will name who has to do it, in words where that is nobody yet or out of reach."""
    return (name or _("rekan lain")) if holder_id else _("belum ada pemegang")


def _on_the_board(viewer: Viewer, until: datetime) -> QuerySet[Clock]:
    found = Clock.objects.filter(ended_at=None, paused_at=None, due_at__lte=until)
    return found.filter(by_rank(viewer) if WATCHERS & viewer.roles else Q(holder_id=viewer.id))


def tally(viewer: Viewer, at: datetime) -> list[Tally]:
    """This will count what is late or near: of the units that one supervises, else what one holds; two queries."""
    late, near = Count("id", filter=Q(due_at__lt=at)), Count("id", filter=Q(due_at__gte=at))
    found = list(
        _on_the_board(viewer, soon(at))
        .values("unit_id", "unit__name", "code", "holder_id", "holder__name")
        .annotate(late=late, near=near)
        .order_by()
    )
    versions = Definition.objects.filter(code__in={row["code"] for row in found})
    names = {one.code: one.said("name") for one in versions.order_by("from_on", "written_at")}
    return [
        Tally(
            unit_id=row["unit_id"],
            unit=row["unit__name"],
            code=row["code"],
            name=names[row["code"]],
            holder_id=row["holder_id"],
            holder=holder_name(row["holder_id"], row["holder__name"]),
            late=row["late"],
            near=row["near"],
        )
        for row in found
    ]


def board(
    viewer: Viewer, at: datetime, narrowed: Q, *, after: tuple[datetime, UUID] | None = None, size: int = PAGE
) -> Page:
    """This will give what is late or near, the earliest first, as far as it was narrowed; one query."""
    found = _on_the_board(viewer, soon(at)).filter(narrowed)
    if after:
        found = found.filter(due_at__gte=after[0]).exclude(due_at=after[0], id__lte=after[1])
    rows = found.select_related("dossier", "definition", "holder").defer("end_note").order_by("due_at", "id")
    page = list(rows[: size + 1])
    more = f"{page[size - 1].due_at.isoformat()}~{page[size - 1].id}" if len(page) > size else ""
    return Page(page[:size], more)


def open_pauses(viewer: Viewer, dossier_id: UUID) -> dict[UUID, Pause]:
    """This will give the pauses of a dossier that still last, by clock; one query."""
    return {pause.clock_id: pause for pause in Pause.objects.filter(dossier_id=dossier_id, resumed_at=None)}


def clock_whole(viewer: Viewer, clock_id: UUID) -> Clock | None:
    """This will give one clock with all that was written about it, still sealed, if in reach; two queries."""
    found = Clock.objects.filter(id=clock_id).select_related(
        "definition", "holder", "dossier", "ended_by", "ruled__ruled_by"
    )
    pauses = Pause.objects.select_related("paused_by").order_by("-paused_at")
    return found.prefetch_related(Prefetch("pauses", pauses)).first()


def unit_clocks_due(viewer: Viewer, until: datetime, most: int) -> list[UnitClock]:
    """This will give the running deadlines of the viewer's units that are due by ``until``; one query."""
    found = UnitClock.objects.filter(ended_at=None, due_at__lte=until).select_related("definition", "unit")
    return list(found.order_by("due_at", "id")[:most])


def versions_for(unit_id: UUID, code: str = "") -> list[Definition]:
    """This will give every version of one deadline, or of all, that the nation, a unit and what stands above it wrote:
    the nearest first, of each the newest; one query.
    """
    rows: Any = Definition.objects.raw(
        f"{CHAIN} SELECT d.*, o.name AS owner_name FROM clocks_definition d LEFT JOIN chain c ON c.id = d.owner_id "
        "LEFT JOIN access_organisation o ON o.id = d.owner_id "
        "WHERE (d.owner_id IS NULL OR c.id IS NOT NULL) AND %(code)s IN ('', d.code) "
        "ORDER BY c.depth NULLS LAST, d.from_on DESC, d.written_at DESC, d.id DESC",
        {"unit": unit_id, "code": code},
    )
    return list(rows)


def days_of(unit_id: UUID, year: int) -> list[Holiday]:
    """This will give the days off and replacement days of a year that a unit keeps, by day; one query."""
    rows: Any = Holiday.objects.raw(
        f"{CHAIN} SELECT h.*, o.name AS owner_name FROM clocks_holiday h LEFT JOIN chain c ON c.id = h.owner_id "
        "LEFT JOIN access_organisation o ON o.id = h.owner_id WHERE (h.owner_id IS NULL OR c.id IS NOT NULL) "
        "AND extract(year FROM h.day) = %(year)s ORDER BY h.day, c.depth NULLS LAST",
        {"unit": unit_id, "year": year},
    )
    return list(rows)


def count_running(viewer: Viewer, units: Iterable[UUID], definition_id: UUID, most: int) -> int:
    """This will count the clocks in reach that run under a version in these units, up to ``most``; one query."""
    found = Clock.objects.filter(
        unit_id__in=list(units), definition_id=definition_id, ended_at=None, paused_at=None
    )
    return found[:most].count()
