"""When and where a reported person is likely to be: told, and taken back. Source: issue 4, "No-encounter"."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.agenda.models import Booking, Presence, Venue
from ruangaman.agenda.policies.presence import Window
from ruangaman.agenda.queries.bookings import bookings_in_conflict
from ruangaman.agenda.queries.places import spot_of
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.actions import tell
from ruangaman.notices.states import Kind
from ruangaman.people.models import Part, Person
from ruangaman.people.states import PartStatus, PersonRole
from ruangaman.places.models import Place


@transaction.atomic
def tell_presence(
    *,
    viewer: Viewer,
    dossier: Dossier,
    person: Person,
    windows: Sequence[Window],
    venue: Venue | None = None,
    area: Place | None = None,
    where: str = "",
    at: datetime,
    presence_id: UUID | None = None,
) -> list[Booking]:
    """This will write down when a reported person is likely to be where, and give the appointments that it touches.

    From then on nothing is booked that brings her there. Whoever planned an appointment that is touched is told.
    ``presence_id``: from the form, so that one that was sent twice is written once.

    :raises Refused: for anybody but a reported person, or without a place by which distance can be kept.
    """
    if not _is_reported(dossier, person):
        raise Refused(_("Kehadiran dicatat untuk terlapor. Catat dulu siapa terlapor di berkas ini."))
    if venue is None and area is None:
        raise Refused(
            _("Pilih tempatnya, atau paling sedikit kelurahannya. Tanpa itu jarak tidak bisa dijaga.")
        )
    key = key_for(dossier=dossier, section=Section.PARTIES)
    rows = [
        Presence(
            id=presence_id if presence_id and not order else new_id(),
            dossier=dossier,
            unit_id=dossier.unit_id,
            stage=dossier.stage,
            person=person,
            key_id=key.id,
            venue=venue,
            area=venue.area if venue else area,
            spot=spot_of(dossier.id, where) if where and not venue else None,
            weekdays=window.weekdays,
            from_time=window.from_time,
            until_time=window.until_time,
            from_on=window.from_on,
            until_on=window.until_on,
            told_by_id=viewer.id,
            told_at=at,
        )
        for order, window in enumerate(windows)
    ]
    for row in rows:
        seal(row, "where", where if where and not venue else None, key)
    touched_before = {one.id for one in bookings_in_conflict(viewer, dossier, at)}
    try:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
    except IntegrityError:
        if presence_id and Presence.objects.filter(id=presence_id, dossier=dossier).exists():
            return []
        raise
    record(
        Verb.PRESENCE_TOLD, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[person.id, *(row.id for row in rows)],
    )  # fmt: skip
    touched = [one for one in bookings_in_conflict(viewer, dossier, at) if one.id not in touched_before]
    for booking in touched:
        tell(
            people=[booking.made_by_id],
            kind=Kind.BOOKING_CHANGED,
            cause=f"booking:{booking.id}:presence",
            at=at,
            dossier=dossier.id,
        )
    return touched


def _is_reported(dossier: Dossier, person: Person) -> bool:
    live = Part.objects.filter(
        dossier=dossier, person=person, role=PersonRole.REPORTED, status=PartStatus.ACTIVE
    )
    return live.exists()


@transaction.atomic
def end_presence(*, viewer: Viewer, dossier: Dossier, presence_id: UUID, at: datetime) -> None:
    """This will take back that somebody is likely to be somewhere; what was taken back already stays as it was."""
    if Presence.objects.filter(id=presence_id, dossier=dossier, ended_at=None).update(ended_at=at):
        record(
            Verb.PRESENCE_TOLD, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
            objects=[presence_id], fields=["ended_at"],
        )  # fmt: skip
