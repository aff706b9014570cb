"""What can be booked: buildings, rooms, vehicles and interpreters of a unit. Never a shelter."""

from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.agenda.models import Resource, Venue
from ruangaman.agenda.states import ResourceKind
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.places.models import Place


@transaction.atomic
def add_venue(*, viewer: Viewer, unit: UUID, name: str, area: Place, at: datetime) -> Venue:
    """This will add a building in which appointments can be.

    :raises Refused: for a shelter, or a name that is there already.
    Source: care.md 19.
    """
    venue = Venue(id=new_id(), owner_id=unit, name=name, area=area)
    _add(venue)
    _tell(viewer, unit, venue.id, "venue", at)
    return venue


@transaction.atomic
def add_resource(
    *, viewer: Viewer, unit: UUID, kind: ResourceKind, name: str, venue: Venue | None, at: datetime
) -> Resource:
    """This will add a room, a vehicle or an interpreter.

    :raises Refused: for a room without a building, or a name that is there already.
    """
    if kind == ResourceKind.ROOM and venue is None:
        raise Refused(_("Pilih di gedung mana ruang ini."))
    resource = Resource(id=new_id(), owner_id=unit, kind=kind, name=name, venue=venue)
    _add(resource)
    _tell(viewer, unit, resource.id, kind, at)
    return resource


def _add(row: models.Model) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Nama ini sudah ada di daftar.")) from None
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "RA005":
            raise
        raise Refused(
            _("Tempat ini tidak bisa menjadi tempat janji. Pilih gedung yang bukan rahasia.")
        ) from None


@transaction.atomic
def use(*, viewer: Viewer, what: Venue | Resource, active: bool, at: datetime) -> None:
    """This will take a building or a resource out of the lists one chooses from, or put it back. What is booked stays.

    :raises Refused: for one of another unit.
    """
    if not type(what).objects.filter(id=what.id).update(is_active=active):
        raise Refused(_("Hanya penyelia dan kepala unit yang mengatur daftar ini."))
    _tell(viewer, what.owner_id, what.id, "active" if active else "inactive", at)


def _tell(viewer: Viewer, unit: UUID, row: UUID, what: str, at: datetime) -> None:
    record(Verb.VENUE_SET, at=at, by=viewer.id, unit=unit, objects=[row], fields=[what])
