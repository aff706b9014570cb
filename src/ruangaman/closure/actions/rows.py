"""Writing a row of the way home once, and its line in the ledger."""

from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import is_erased
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.closure.models import Ending, HomeVisit, Meeting, Return
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


def _add(row: Return | Meeting | HomeVisit | Ending) -> None:
    """Save a new row.

    :raises Refused: where the same was written at this moment, or the dossier has just moved on or been erased.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError as error:
        if not (isinstance(error, IntegrityError) or is_erased(error)):
            raise
        raise Refused(
            _("Belum tersimpan: berkasnya baru saja berubah. Periksa berkasnya, lalu kirim lagi.")
        ) from None


def _record(verb: Verb, viewer: Viewer, dossier: Dossier, at: datetime, row: UUID, code: str = "") -> None:
    record(
        verb,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[row],
        fields=[code] if code else [],
    )
