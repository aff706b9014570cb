"""What looking behind a figure leaves in the ledger."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruangaman.access.queries import Viewer
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def record_drill(*, viewer: Viewer, unit: UUID, code: str, shown: Iterable[UUID], at: datetime) -> None:
    """This will record that somebody was shown the dossiers behind a figure: which indicator, and which dossiers."""
    record(Verb.DRILLED, at=at, by=viewer.id, unit=unit, objects=shown, fields=[code])
