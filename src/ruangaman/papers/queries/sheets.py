"""The signed sheets of consents: which are missing."""

from collections.abc import Iterable
from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Method
from ruangaman.papers.models import Paper
from ruangaman.papers.states import PaperState


def without_sheet(viewer: Viewer, dossier_id: UUID, consents: Iterable[Consent]) -> set[UUID]:
    """This will give, of the answers of a dossier, those on a signed sheet that was not attached yet.

    One query, and none where nobody signed on a sheet to be scanned.
    """
    scans = {consent.id for consent in consents if consent.method == Method.SCAN}
    if not scans:
        return set()
    there = Paper.objects.filter(dossier_id=dossier_id, consent_id__in=scans, state=PaperState.KEPT)
    return scans - set(there.values_list("consent_id", flat=True))
