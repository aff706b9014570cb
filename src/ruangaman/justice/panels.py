"""What the legal process shows on the page of a dossier."""

from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Section, Stage
from ruangaman.justice import queries


def process(look: Look) -> Panel | None:
    """This will show the steps of the legal process, by the day on which they happened."""
    if Section.LEGAL not in look.sections:
        return None
    steps = queries.told(queries.steps_of(look.viewer, look.dossier.id), look.key(Section.LEGAL))
    writes = look.may_write(Section.LEGAL) and look.dossier.stage == Stage.CASE
    if not steps and not writes:
        return None
    return Panel(
        "justice/panel_process.html",
        _("Proses hukum"),
        {
            "steps": steps,
            "record_url": reverse("justice:record", args=[look.dossier.reference]) if writes else "",
        },
        opens=Section.LEGAL if any(one.number or one.note for one in steps) else "",
        events=[Event(noon(one.happened_on), one.label, one.institution, whole_day=True) for one in steps],
        reached=[Milestone.LAW] if steps else [],
    )


def noon(day: date) -> datetime:
    """This will give the noon of a day, where an event without an hour stands in the timeline."""
    return timezone.make_aware(datetime.combine(day, time(12)))
