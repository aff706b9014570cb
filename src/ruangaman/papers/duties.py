"""What papers ask of people: evidence that somebody wants to open waits for a second person."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role
from ruangaman.papers.queries import evidence

DECIDERS = frozenset({Role.SUPERVISOR, Role.HEAD, Role.CASE_MANAGER, Role.PSYCHOLOGIST})


def openings_to_decide(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give the requests to open evidence that wait for this person; one query."""
    if not viewer.roles & DECIDERS:
        return []
    return [
        Duty(
            Kind.PAPER,
            opening.asked_at,
            _("Putuskan permintaan membuka bukti"),
            opening.dossier.reference,
            _("Orang kedua"),
            reverse("papers:evidence", args=[opening.paper_id]),
        )
        for opening in evidence.to_decide(viewer, most)
    ]
