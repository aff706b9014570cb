"""Writes of the law as a region sets it: a new version of a deadline, days off and days worked after all."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.clocks import jobs, policies, queries
from ruangaman.clocks.models import Definition, Holiday
from ruangaman.clocks.states import DayOff
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@dataclass(frozen=True, slots=True)
class Version:
    """What a lawyer may change of a deadline; the rest is inherited from the version it replaces."""

    from_on: date
    name: str
    duty: str
    article: str
    measure: str
    amount: int
    told_roles: list[str] = field(default_factory=list)
    before_hours: int | None = None
    after_hours: int | None = None
    escalate_hours: int | None = None
    may_pause: bool = False
    is_on: bool = True
    name_en: str = ""
    duty_en: str = ""


@transaction.atomic
def define(
    *,
    viewer: Viewer,
    owner: UUID,
    code: str,
    version: Version,
    at: datetime,
    definition_id: UUID | None = None,
) -> Definition:
    """This will put a new version of a deadline in force for an organisation, from a day on.

    Clocks that run keep the version they began with. What starts and ends it, and the section it lies in, are what the
    program knows: they are those of the version that it replaces. One that was sent twice with the same id is written
    once.

    :raises Refused: where the day is past, there is no such deadline, the article is missing, or the viewer is no
        lawyer or head there.
    """
    old = queries.newest_version(owner, code)
    zone, _calendar = queries.local_time_of(owner, version.from_on)
    policies.check_can_define(
        roles=viewer.roles_in(owner),
        known=old is not None,
        measure=version.measure,
        old_measure=old.measure if old else "",
        amount=version.amount,
        article=version.article,
        from_on=version.from_on,
        today=at.astimezone(ZoneInfo(zone)).date(),
    )
    assert old is not None
    made = Definition(
        id=definition_id or new_id(), owner_id=owner, code=code, from_on=version.from_on, is_on=version.is_on,
        name=version.name, name_en=version.name_en, duty=version.duty, duty_en=version.duty_en,
        article=version.article.strip(), kind=old.kind, section=old.section, starts_on=old.starts_on,
        ends_on=old.ends_on, measure=version.measure, amount=version.amount, told_roles=version.told_roles,
        before_hours=version.before_hours, after_hours=version.after_hours, escalate_hours=version.escalate_hours,
        may_pause=version.may_pause, needs_decision=old.needs_decision, lapses=old.lapses,
        urgent=old.urgent, written_by_id=viewer.id, written_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return Definition.objects.get(id=made.id)
    record(Verb.CLOCK_DEFINED, at=at, by=viewer.id, unit=owner, objects=[made.id], fields=[code])
    return made


@transaction.atomic
def set_day_off(
    *, viewer: Viewer, owner: UUID, day: date, kind: DayOff, name: str, source: str, at: datetime
) -> Holiday:
    """This will say that an organisation does not work on a day, or works on it after all.

    The deadlines that run there and are counted in working days are counted anew soon after.

    :raises Refused: where the day has been said already, is none of the organisation's to set, or the viewer is no
        lawyer or head there.
    """
    policies.check_can_set_day(roles=viewer.roles_in(owner), kind=kind, name=name, source=source)
    row = Holiday(
        day=day, kind=kind, name=name.strip(), owner_id=owner, source=source.strip(), written_by_id=viewer.id
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Hari ini sudah ada di kalender Anda. Hapus dulu yang lama.")) from None
    _tell_of_days(viewer, owner, row.id, kind, at)
    return row


@transaction.atomic
def take_back_day_off(*, viewer: Viewer, day: Holiday, at: datetime) -> None:
    """This will take a day of an organisation out of its calendar again.

    :raises Refused: where it is the nation's, or the viewer is no lawyer or head there.
    """
    if day.owner_id is None:
        raise Refused(_("Hari libur nasional datang bersama program dan tidak bisa dihapus di sini."))
    policies.check_can_set_day(
        roles=viewer.roles_in(day.owner_id), kind=day.kind, name=day.name, source=day.source
    )
    Holiday.objects.filter(id=day.id).delete()
    _tell_of_days(viewer, day.owner_id, day.id, DayOff(day.kind), at)


def _tell_of_days(viewer: Viewer, owner: UUID, day: UUID, kind: DayOff, at: datetime) -> None:
    record(Verb.DAY_OFF_SET, at=at, by=viewer.id, unit=owner, objects=[day], fields=[kind.value])
    # In this transaction: the task is there if and only if the day is.
    jobs.recount.defer()
