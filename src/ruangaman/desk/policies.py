"""How the desk puts things in order and into words: deadlines, and how far a case has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.panels import Milestone
from ruangaman.access.states import Section

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = 7
# Who may not read a section is not told by the bar of steps what is in it.
TOLD_BY = {
    Milestone.REPORT: Section.ADMINISTRATION,
    Milestone.OUTREACH: Section.RISK,
    Milestone.ASSESSMENT: Section.NARRATIVE,
    Milestone.CONSENT: Section.PLAN,
    Milestone.SERVICES: Section.PLAN,
    Milestone.LAW: Section.LEGAL,
    Milestone.HOME: Section.PLAN,
    Milestone.ENDED: Section.ADMINISTRATION,
}
FEWEST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone in the bar: ``state`` is done, now or ahead."""

    label: str
    state: str


def words_of(due_at: datetime, at: datetime) -> str:
    """This will say when something is due as people say it: 52 menit lagi, hari ini 15.00, besok, Kamis."""
    left = due_at - at
    if left < timedelta(0):
        return _late(-left)
    if left < HOUR:
        minutes = max(1, int(left.total_seconds() // 60))
        return ngettext("%d menit lagi", "%d menit lagi", minutes) % minutes
    day = timezone.localtime(due_at)
    days = (day.date() - timezone.localtime(at).date()).days
    if days == 0:
        return _("hari ini %s") % date_format(day, "H.i")
    if days == 1:
        return _("besok")
    return date_format(day, "l") if days < WEEK else ngettext("%d hari lagi", "%d hari lagi", days) % days


def _late(by: timedelta) -> str:
    if by < HOUR:
        minutes = max(1, int(by.total_seconds() // 60))
        return ngettext("lewat %d menit", "lewat %d menit", minutes) % minutes
    if by < DAY:
        hours = int(by.total_seconds() // 3600)
        return ngettext("lewat %d jam", "lewat %d jam", hours) % hours
    return ngettext("lewat %d hari", "lewat %d hari", by.days) % by.days


def is_due_today(due_at: datetime, at: datetime) -> bool:
    """This will say whether something is late or due before midnight, local time."""
    return timezone.localtime(due_at).date() <= timezone.localtime(at).date()


def tone_of(duty: Duty, at: datetime) -> str:
    """This will give how a deadline looks. Red is for danger alone; what is late is amber, and its words say so."""
    if duty.kind == Kind.DANGER:
        return "danger"
    if duty.due_at < at:
        return "late"
    soon = timezone.localtime(duty.due_at).date() <= timezone.localtime(at + DAY).date()
    return "care" if soon else ""


def most_urgent_first(duties: Iterable[Duty]) -> list[Duty]:
    """This will order what waits: people in danger now, then by deadline."""
    return sorted(duties, key=lambda duty: (duty.kind != Kind.DANGER, duty.due_at, duty.reference))


def steps(reached: Iterable[str], sections: frozenset[str]) -> list[Step]:
    """This will give the bar of steps as far as the viewer may know of them; none where that is next to nothing.

    The furthest step that was reached is where the case is now. What lies before it and never came about (a case
    without outreach) stands as ahead: it was not done.
    """
    shown = [milestone for milestone in Milestone if TOLD_BY[milestone] in sections]
    if len(shown) < FEWEST_STEPS:
        return []
    done = set(reached)
    furthest = max((shown.index(m) for m in shown if m in done), default=-1)
    ended = Milestone.ENDED in done

    def state(place: int, milestone: Milestone) -> str:
        if milestone not in done:
            return "ahead"
        return "now" if place == furthest and not ended else "done"

    return [Step(str(m.label), state(place, m)) for place, m in enumerate(shown)]
