"""What happens to a row that comes into a dossier which is being erased at this very moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction

from ruangaman.access.actions import is_erased
from ruangaman.kernel.errors import Refused


@contextmanager
def refused_if_erased(*, sentence: str) -> Iterator[None]:
    """This will take back what is written within where the dossier was erased meanwhile; the transaction goes on.

    :raises Refused: with ``sentence``, in that case.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if not is_erased(error):
            raise
        raise Refused(sentence) from None
