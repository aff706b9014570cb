"""What cases asks of people: a plan to begin. That a case is taken, and needs answered, the clocks ask."""

from datetime import datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import page_of
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.cases.queries import own_plan
from ruangaman.consent.states import Service

# How long ahead an appointment of a plan is told.
AHEAD = timedelta(days=7)
MORNING = time(9)


def to_begin(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give who provides a service what plans ask of them this week and was not begun; one query."""
    if not viewer.reaches(Section.FILE):
        return []
    until = localdate(at) + AHEAD
    zone = get_current_timezone()
    return [
        Duty(
            Kind.SERVICE,
            datetime.combine(item.starts_on, MORNING, zone),
            _("%s: mulai layanan") % Service(item.service).label,
            item.reference,
            _("Rencana layanan"),
            page_of(Dossier(reference=item.reference)),
        )
        for item in own_plan(viewer, until=until, most=most)
    ]
