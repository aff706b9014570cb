"""What cases asks of people: a report to take, needs to answer, a plan to begin."""

from datetime import datetime, time, timedelta

from django.db.models import Count, Min
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ruangaman.access.doors import page_of
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.models import Dossier, Grant
from ruangaman.access.queries import Viewer
from ruangaman.access.states import GrantSource, Role, Section, Stage
from ruangaman.cases.models import Assessment, Case, Need
from ruangaman.cases.policies import PLAN_WITHIN, TAKE_WITHIN
from ruangaman.cases.queries import own_plan
from ruangaman.cases.states import NeedState
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
    waiting = Assessment.objects.filter(stage=Stage.INTAKE, dossier_id__in=given.values("dossier_id"))
    return [
        Duty(
            Kind.CASE,
            done_at + TAKE_WITHIN,
            _("Ambil kasus: asesmen sudah ada"),
            reference,
            _("Diserahkan kepada Anda"),
            page_of(Dossier(reference=reference)),
        )
        for reference, done_at in waiting.order_by("done_at").values_list("dossier__reference", "done_at")[
            :most
        ]
    ]


def to_plan(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give a case manager the own cases with needs that the plan has not answered for a week; one query."""
    if Role.CASE_MANAGER not in viewer.roles:
        return []
    held = Case.objects.filter(manager_id=viewer.id, ended_at=None, stage=Stage.CASE)
    waiting = (
        Need.objects.filter(
            state=NeedState.OPEN, recorded_at__lte=at - PLAN_WITHIN, dossier_id__in=held.values("dossier_id")
        )
        .values("dossier__reference")
        .annotate(many=Count("id"), oldest=Min("recorded_at"))
        .order_by("oldest")
    )
    return [
        Duty(
            Kind.CASE,
            row["oldest"] + PLAN_WITHIN,
            ngettext(
                "%(many)d kebutuhan belum direncanakan", "%(many)d kebutuhan belum direncanakan", row["many"]
            )
            % {"many": row["many"]},
            row["dossier__reference"],
            _("Rencana menjawab setiap kebutuhan, atau mengatakan mengapa tidak"),
            page_of(Dossier(reference=row["dossier__reference"])),
        )
        for row in waiting[:most]
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
