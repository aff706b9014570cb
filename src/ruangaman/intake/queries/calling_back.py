"""Reads about reporters who are to be called back."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Func, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ruangaman.access.queries import Viewer
from ruangaman.intake.models import CallBack, CallTry, SafeContact
from ruangaman.intake.policies.calling_back import SOON, Safe, Window, is_safe_at, next_safe_window
from ruangaman.places.states import TimeZone


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reporter who is to be called back, and when that is safe. ``safe`` is None where no way was told."""

    call: CallBack
    safe: Safe | None
    tries: int

    def may_call_at(self, at: datetime) -> bool:
        """This will say whether it is time, and safe."""
        return self.safe is not None and self.call.not_before <= at and is_safe_at(self.safe, at)

    def window(self, at: datetime) -> Window | None:
        """This will give the safe hours in which the call is to be made next."""
        return next_safe_window(self.safe, max(at, self.call.not_before)) if self.safe else None


def waiting(viewer: Viewer, at: datetime, most: int) -> list[Waiting]:
    """This will give who is to be called back within the viewer's reach, the longest due first; one query."""
    rows = _waiting().filter(ended_at=None, not_before__lte=at + SOON)
    return [_read(row) for row in rows.order_by("not_before", "id")[:most]]


def later(viewer: Viewer, at: datetime, most: int) -> list[Waiting]:
    """This will give who is to be called back later on; one query."""
    rows = _waiting().filter(ended_at=None, not_before__gt=at + SOON)
    return [_read(row) for row in rows.order_by("not_before", "id")[:most]]


def call_back_of(viewer: Viewer, call_id: UUID) -> Waiting | None:
    """This will give one of them, or None where it is out of reach; one query."""
    row = _waiting().filter(id=call_id).first()
    return _read(row) if row else None


def calls_of(viewer: Viewer, dossier_id: UUID) -> list[Waiting]:
    """This will give the call-backs of one dossier, open and ended, the newest first; one query."""
    return [_read(row) for row in _waiting().filter(dossier_id=dossier_id).order_by("-asked_at", "-id")[:10]]


def tries_of(viewer: Viewer, call_id: UUID) -> list[CallTry]:
    """This will give the tries of one call-back, the first one first, with who called; one query."""
    return list(CallTry.objects.filter(call_id=call_id).select_related("tried_by").order_by("tried_at", "id"))


def safe_of(viewer: Viewer, dossier_id: UUID) -> Safe | None:
    """This will give when the reporter of a dossier may be called, or None where no way was told; one query."""
    rows: QuerySet[Any] = SafeContact.objects.annotate(zone=_zone(), told=told())
    found = rows.filter(dossier_id=dossier_id).first()
    return _safe(found.told, found.zone) if found else None


def _zone() -> Coalesce:
    """The time of the place that was reported, else of the unit's."""
    return Coalesce("dossier__report__place__time_zone", "unit__place__time_zone")


def told() -> Func:
    """This will give, as JSON, by which contact and when the reporter of a row's dossier may be called: by the rule of
    the database, which refuses a call by any other. Source: care.md 7.
    """
    return Func(
        "dossier_id",
        function="door.reporter_way",
        template="to_jsonb(%(function)s(%(expressions)s))",
        output_field=JSONField(),
    )


def _waiting() -> QuerySet[CallBack]:
    # Counted apart: grouped, the rule would be asked for every row before the first hundred are taken.
    tries = CallTry.objects.filter(call=OuterRef("pk")).order_by().values("call").annotate(many=Count("id"))
    return CallBack.objects.select_related("dossier", "asked_by").annotate(
        told=told(), zone=_zone(), many=Coalesce(Subquery(tries.values("many")), 0)
    )


def _read(row: Any) -> Waiting:
    return Waiting(row, _safe(row.told, row.zone), row.many)


def _safe(told: dict[str, Any] | None, zone: str | None) -> Safe | None:
    def at(text: str | None) -> time | None:
        return time.fromisoformat(text) if text else None

    if not told or told["means"] is None:
        return None
    return Safe(
        told["means"],
        ZoneInfo(zone or TimeZone.WESTERN),
        told["never_call"],
        told["weekdays"],
        at(told["from_time"]),
        at(told["until_time"]),
        told["doubted"],
        UUID(told["hers"]) if told["hers"] else None,
    )
