"""What cases asks of people: a report to take, a plan to begin. That needs are answered is a deadline of the clocks."""

from datetime import datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import page_of
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.models import Dossier, Grant
from ruangaman.access.queries import Viewer
from ruangaman.access.states import GrantSource, Role, Section, Stage
from ruangaman.cases.queries import own_plan
from ruangaman.clocks.models import Clock
from ruangaman.consent.states import Service

# How long ahead an appointment of a plan is told.
AHEAD = timedelta(days=7)
MORNING = time(9)


def to_take(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give a case manager the assessed reports of their teams that nobody has taken; one query."""
    if Role.CASE_MANAGER not in viewer.roles:
        return []
    given = Grant.objects.filter(
        principal_id=viewer.id,
        section=Section.FILE,
        source=GrantSource.TEAM,
        stage=Stage.INTAKE,
        until__gt=at,
        withdrawn_at=None,
    )
    waiting = Clock.objects.filter(
        code="take", ended_at=None, stage=Stage.INTAKE, dossier_id__in=given.values("dossier_id")
    )
    return [
        Duty(
            Kind.CASE,
            due_at,
            _("Ambil kasus: asesmen sudah ada"),
            reference,
            _("Diserahkan kepada Anda"),
            page_of(Dossier(reference=reference)),
        )
        for reference, due_at in waiting.order_by("due_at").values_list("dossier__reference", "due_at")[:most]
    ]


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
