"""Adding a row to a dossier that may be erased at this very moment."""

from django.db import DatabaseError, transaction

from ruangaman.access.actions import is_erased
from ruangaman.access.models import DossierRow
from ruangaman.kernel.errors import Refused


def add_row(row: DossierRow, *, gone: str) -> None:
    """This will add one row within the caller's transaction, which goes on where the row is refused.

    :raises Refused: with ``gone``, where the dossier was erased meanwhile.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError as error:
        if not is_erased(error):
            raise
        raise Refused(gone) from None
