"""What every write of a case carries: the place of its rows, and the head of its entry in the ledger."""

from datetime import datetime
from typing import Any

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer


def spine(*, dossier: Dossier) -> dict[str, Any]:
    """This will give what every row of a dossier begins with."""
    return {"dossier": dossier, "unit_id": dossier.unit_id, "stage": dossier.stage}


def in_file(*, viewer: Viewer, dossier: Dossier, at: datetime) -> dict[str, Any]:
    """This will give who acts where and when, for the ledger.

    Who reads the ledger may read no file: neither form, level nor service ever stands beside it.
    """
    return {"at": at, "by": viewer.id, "unit": dossier.unit_id, "dossier": dossier.id}
