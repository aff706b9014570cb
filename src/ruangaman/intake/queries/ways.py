"""Reads of ways in: a unit's own, the application that a secret belongs to, what was delivered under a number."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from ruangaman.access.models import Organisation
from ruangaman.access.queries import Viewer
from ruangaman.clocks.queries import days_off_near
from ruangaman.intake.models import AppKey, Delivery, Way
from ruangaman.intake.policies.ways import KEEPERS
from ruangaman.kernel import keyring
from ruangaman.network.models import Facility
from ruangaman.network.policies import DEFAULT_ZONE, is_open
from ruangaman.network.queries import hours_text
from ruangaman.network.states import PUBLIC_KINDS


@dataclass(frozen=True, slots=True)
class Opening:
    """When a way is open, as a page shows it; without a facility nothing is known."""

    hours: str
    always: bool
    now: bool


@dataclass(frozen=True, slots=True)
class App:
    """A partner's application that showed its secret: which key, which way, whose reports."""

    key: UUID
    way: UUID
    unit: UUID
    channel: str
    takes_anonymous: bool
    usual_reporter: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was delivered before under a number: digest of the content, receipt while it is kept, the public word."""

    id: UUID
    content: bytes
    receipt: bytes | None
    status: str


def ways_of(viewer: Viewer, unit_id: UUID | None = None, *, active: bool = False) -> list[Way]:
    """This will give the ways in of the viewer's units, or of one of them; two queries."""
    found = Way.objects.select_related("owner", "facility__place").prefetch_related("facility__hours")
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if active:
        found = found.filter(is_active=True)
    return list(found.order_by("-is_active", "channel", "name", "id"))


def way_of(viewer: Viewer, way_id: UUID) -> Way | None:
    """This will give one way in, if it is of a unit where the viewer has a seat."""
    return Way.objects.select_related("unit", "owner", "facility").filter(id=way_id).first()


def led_units(viewer: Viewer) -> list[tuple[UUID, str]]:
    """This will give the units whose ways the viewer keeps; no query."""
    return [(seat.organisation_id, seat.organisation_name) for seat in viewer.seats if seat.role in KEEPERS]


def openings(viewer: Viewer, ways: list[Way], at: datetime) -> dict[UUID, Opening]:
    """This will say when each way is open, and whether it is now, by the days off of whose door it is; one query.

    The same answer as on the public page.
    """
    days_off = days_off_near(at)
    found = {}
    for way in ways:
        if way.facility is None:
            continue
        place, always = way.facility.place, way.facility.always_open
        zone = place.time_zone if place else DEFAULT_ZONE
        hours = [(h.weekday, h.opens, h.closes) for h in way.facility.hours.all()]
        off = days_off.of(way.facility.organisation_id)
        now = is_open(at, always=always, hours=hours, zone=zone, days_off=off)
        found[way.id] = Opening(hours_text(hours, zone), always, now)
    return found


def owners_for(viewer: Viewer, unit: Organisation) -> list[Organisation]:
    """This will give who may run a way of a unit: itself, its posts, and the organisations beside and above it."""
    near = Q(id=unit.id) | Q(parent=unit)
    if unit.parent_id:
        near |= Q(parent_id=unit.parent_id) | Q(id=unit.parent_id)
    return list(Organisation.objects.filter(near, is_active=True).order_by("kind", "name", "id"))


def facilities_for(viewer: Viewer, owners: list[Organisation]) -> list[Facility]:
    """This will give the doors and lines of those organisations. Never a shelter. Source: care.md 19."""
    return list(
        Facility.objects.filter(organisation__in=owners, kind__in=PUBLIC_KINDS).order_by("rank", "name", "id")
    )


def keys_of_way(viewer: Viewer, way_id: UUID) -> list[AppKey]:
    """This will give the keys that were made for a way, those in use first."""
    found = AppKey.objects.filter(way_id=way_id).select_related("made_by", "revoked_by").defer("secret_hash")
    return sorted(found, key=lambda key: (key.revoked_at is not None, key.made_at))


def app_key_of(viewer: Viewer, key_id: UUID) -> AppKey | None:
    """This will give one application's key, to who leads its unit."""
    return AppKey.objects.filter(id=key_id).select_related("way").defer("secret_hash").first()


# --- what other systems deliver -------------------------------------------------------------------------------------


def app_by(secret: str) -> App | None:
    """This will give the application whose secret it is, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app, way, unit, channel, takes_anonymous, usual_reporter FROM door.app_key(%s)",
            [secret_hash(secret)],
        )
        row = cursor.fetchone()
    return App(*row) if row and row[0] else None


def delivered(secret: str, way: UUID, number: str) -> Delivered | None:
    """This will give what the same way delivered before under a number, to whoever holds a secret of that way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT delivery, content, receipt, word FROM door.delivered(%s, %s)",
            [secret_hash(secret), number_hash(way, number)],
        )
        row = cursor.fetchone()
    if not row or not row[0]:
        return None
    return Delivered(row[0], bytes(row[1] or b""), bytes(row[2]) if row[2] else None, row[3] or "")


def by_ticket(viewer: Viewer, number: str) -> Delivery | None:
    """This will give the file that another system delivered under a number, where the viewer may see it; two queries.

    One exact number, or nothing: a part of one finds no file.
    """
    ways = Way.objects.filter(needs_ticket=True).values_list("id", flat=True)
    hashes = [number_hash(way, number) for way in ways]
    found = Delivery.objects.filter(number_hash__in=hashes).select_related("dossier")
    return found.order_by("-delivered_at", "-id").first()


def secret_hash(secret: str) -> bytes:
    """This will give the keyed hash by which an application's secret is known (32 bytes)."""
    return _keyed("ways/app-key", secret)


def number_hash(way: UUID, number: str) -> bytes:
    """This will give the keyed hash of a number that another system gave; the same number of another way differs."""
    return _keyed("ways/number", f"{way}|{number}")


def content_hash(way: UUID, content: str) -> bytes:
    """This will give the keyed hash that tells the same content sent again from another report."""
    return _keyed("ways/content", f"{way}|{content}")


def receipt_key(secret: str) -> bytes:
    """This will give the key of an application's receipts: whoever has the database and no secret can't open one."""
    return _keyed("ways/receipt", secret)


def _keyed(purpose: str, text: str) -> bytes:
    return hmac.new(keyring.current().derived(purpose), text.encode(), hashlib.sha256).digest()
