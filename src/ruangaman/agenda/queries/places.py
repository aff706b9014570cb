"""Where an appointment can be: the local time of a unit, its buildings, and areas around it."""

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.agenda.models import Resource, Venue
from ruangaman.agenda.policies.bookings import plain
from ruangaman.kernel import keyring
from ruangaman.places.models import Place
from ruangaman.places.states import Level

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]


def zone_of(unit_id: UUID) -> str:
    """This will give the time zone that a unit keeps; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.zone_of(%s)", [unit_id])
        return str(cursor.fetchone()[0])


def spot_of(dossier_id: UUID, words: str) -> bytes:
    """This will give the keyed hash (16 bytes) by which equal words of a place are told within one dossier.

    The dossier is in it, so that nobody can tell from outside that two dossiers name one place.
    """
    told = f"{dossier_id}|{plain(words)}".encode()
    return hmac.new(keyring.current().derived("agenda/spots"), told, hashlib.sha256).digest()[:16]


def venues_of(viewer: Viewer, unit_id: UUID) -> list[Venue]:
    """This will give the buildings that a unit's appointments can be in, by name; one query."""
    return list(
        Venue.objects.filter(owner_id=unit_id, is_active=True).select_related("area").order_by("name")
    )


def resources_of(viewer: Viewer, unit_ids: Iterable[UUID]) -> list[Resource]:
    """This will give the rooms, vehicles and interpreters of units, by kind and name; one query."""
    found = Resource.objects.filter(owner_id__in=list(unit_ids), is_active=True)
    return list(found.select_related("venue").order_by("kind", "name"))


def things_of(viewer: Viewer, unit_ids: Iterable[UUID]) -> tuple[list[Venue], list[Resource]]:
    """This will give (buildings, resources) of units, those no longer used included; two queries."""
    owners = list(unit_ids)
    venues = Venue.objects.filter(owner_id__in=owners).select_related("area", "owner").order_by("name")
    resources = Resource.objects.filter(owner_id__in=owners).select_related("venue", "owner")
    return list(venues), list(resources.order_by("kind", "name"))


def areas_around(code: str) -> Groups:
    """This will give the kelurahan of the kabupaten or kota around a code, each kecamatan with those in it; one query.

    For a province: of all its kota, as far as the list of areas goes.
    """
    rows = Place.objects.filter(code__startswith=code[:5]).order_by("code")
    groups: dict[str, tuple[str, Choices]] = {}
    for place in rows:
        if place.level in (Level.REGENCY, Level.DISTRICT):
            groups[place.code] = (
                place.name,
                [(place.code, _("%s (kelurahan tidak diketahui)") % place.name)],
            )
        elif place.level == Level.VILLAGE:
            groups[place.code[:8]][1].append((place.code, place.name))
    return list(groups.values())
