"""What the way home asks of people: visits."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.closure import queries
from ruangaman.closure.policies import FIRST_VISIT_WITHIN
from ruangaman.justice.panels import noon

# A visit is shown a week before it is due.
LOOK_AHEAD = timedelta(days=7)


def next_visits(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give the next home visits in the viewer's running cases, as the last visit set them."""
    until = timezone.localdate(at) + LOOK_AHEAD
    return [
        _visit(one.dossier, one.next_on)
        for one in queries.visits_due(viewer, at, until, most)
        if one.next_on is not None
    ]


def first_visits(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give the first visits after a return in the viewer's running cases."""
    returned_by = timezone.localdate(at) + LOOK_AHEAD - FIRST_VISIT_WITHIN
    return [
        _visit(one.dossier, one.returned_on + FIRST_VISIT_WITHIN)
        for one in queries.unvisited(viewer, at, returned_by, most)
        if one.returned_on is not None
    ]


def _visit(dossier: Dossier, day: date) -> Duty:
    return Duty(
        kind=Kind.VISIT,
        due_at=noon(day),
        text=_("Kunjungan rumah"),
        reference=dossier.reference,
        basis=_("Pemulangan"),
        url=reverse("closure:visit", args=[dossier.reference]),
    )
