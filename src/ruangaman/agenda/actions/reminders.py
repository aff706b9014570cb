"""That a client was reminded of an appointment. Source: care.md 7."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.agenda.models import Booking
from ruangaman.agenda.queries.reminders import reminders_of
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def remind(*, viewer: Viewer, booking_id: UUID, at: datetime) -> None:
    """This will write down that the client was reminded of an appointment. Nothing is sent by it: a person did.

    :raises Refused: where no reminder is safe for her, her safe hours have not begun, or it was written down already.
    """
    found = reminders_of(viewer, at, 1, booking_id)
    if not found or at < found[0].since:
        raise Refused(_("Tidak ada pengingat yang aman untuk janji ini sekarang. Jangan hubungi klien."))
    booking = Booking.objects.filter(id=booking_id, reminded_at=None).first()
    if booking is None or not Booking.objects.filter(id=booking_id, reminded_at=None).update(
        reminded_at=at, reminded_by_id=viewer.id
    ):
        raise Refused(_("Anda tidak bisa mencatat ini di bagian berkas itu, atau sudah dicatat orang lain."))
    record(
        Verb.BOOKING_CHANGED, at=at, by=viewer.id, unit=booking.unit_id, dossier=booking.dossier_id,
        objects=[booking.id], fields=["reminded_at"],
    )  # fmt: skip
