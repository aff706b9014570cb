"""Reads about reporters who are to be called back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from ruangaman.access.queries import Viewer
from ruangaman.intake.models import CallBack, CallTry, SafeContact
from ruangaman.intake.policies.calling_back import SOON, Safe, Window, is_safe_at, next_safe_window
from ruangaman.intake.states import ReporterKind
from ruangaman.people.models import Contact
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
    rows: QuerySet[Any] = SafeContact.objects.annotate(zone=_zone(), barred=_barred())
    found = rows.filter(dossier_id=dossier_id).first()
    if found is None:
        return None
    return Safe(
        found.means,
        ZoneInfo(found.zone or TimeZone.WESTERN),
        found.never_call or found.barred,
        found.weekdays,
        found.from_time,
        found.until_time,
    )


FIELDS = ("means", "never_call", "weekdays", "from_time", "until_time")


def _zone() -> Coalesce:
    """The time of the place that was reported, else of the unit's."""
    return Coalesce("dossier__report__place__time_zone", "unit__place__time_zone")


def _barred() -> Exists:
    """Whether the victim, who reported herself, said by now that she must never be called. Source: care.md 7."""
    newest = Contact.objects.filter(dossier_id=OuterRef("dossier_id")).order_by("-confirmed_at")
    return Exists(
        Contact.objects.filter(
            dossier_id=OuterRef("dossier_id"),
            id=Subquery(newest.values("id")[:1]),
            never_call=True,
            dossier__report__reporter_kind=ReporterKind.VICTIM,
        )
    )


def _waiting() -> QuerySet[CallBack]:
    contacts = SafeContact.objects.filter(dossier_id=OuterRef("dossier_id"))
    return CallBack.objects.select_related("dossier", "asked_by").annotate(
        told=ArraySubquery(contacts.values(one=JSONObject(**{name: name for name in FIELDS}))),
        zone=_zone(),
        barred=_barred(),
        many=Count("tries"),
    )


def _read(row: Any) -> Waiting:
    safe = _safe(row.told[0], row.zone, row.barred) if row.told else None
    return Waiting(row, safe, row.many)


def _safe(told: Mapping[str, Any], zone: str | None, barred: bool) -> Safe:
    def at(text: str | None) -> time | None:
        return time.fromisoformat(text) if text else None

    return Safe(
        told["means"],
        ZoneInfo(zone or TimeZone.WESTERN),
        told["never_call"] or barred,
        told["weekdays"],
        at(told["from_time"]),
        at(told["until_time"]),
    )
