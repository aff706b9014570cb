"""What the legal process asks of people: help for a client who is accused."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.justice.queries import without_help


def accused(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask who plans for an accused client to record legal help as a need of hers; one query.

    Source: care.md 21; seed 000 (protection from criminalisation is a service).
    """
    if not (viewer.reaches(Section.LEGAL) and viewer.reaches(Section.PLAN, "w")):
        return []
    return [
        Duty(
            Kind.LAW,
            row.recorded_at,
            _("Klien dilaporkan balik: catat kebutuhan bantuan hukum"),
            row.dossier.reference,
            _("Pelindungan dari kriminalisasi"),
            reverse("cases:needs", args=[row.dossier.reference]),
        )
        for row in without_help(viewer, most)
    ]
