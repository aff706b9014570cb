"""Writes of the legal process: steps and pressure, which are only ever added; and walls."""

from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.actions import is_erased, key_for, leave_team, lift_wall, raise_wall
from ruangaman.access.models import Dossier, Organisation, Wall
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section, Stage
from ruangaman.cases.queries import case_of, mates
from ruangaman.clocks.actions import happened
from ruangaman.clocks.policies import day_of
from ruangaman.clocks.queries import zone_of
from ruangaman.justice import policies, queries
from ruangaman.justice.models import LegalStep, Pressure
from ruangaman.justice.states import Side
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.actions import tell
from ruangaman.notices.states import Kind
from ruangaman.people.models import Person
from ruangaman.services.queries import partners_of


@transaction.atomic
def record_step(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    step: str,
    happened_on: date,
    side: str = Side.HERS,
    institution: Organisation | None = None,
    counsel: Organisation | None = None,
    opposing: Organisation | None = None,
    statute: str = "",
    outcome: str = "",
    number: str = "",
    note: str = "",
    step_id: UUID,
    at: datetime,
) -> LegalStep:
    """This will write down one step of the legal process as it happened. Sent twice, it is written once.

    ``side``: whether it is her own process, or one in which she is the reported person. Of the first step against her
    the case's lawyers and manager and whoever supervises are told at once. ``counsel``: None is the unit's own lawyer.

    :raises Refused: where the step can't have happened then, the counsel is no counsel of hers, or the dossier is no
        case. Source: care.md 21.
    """
    if dossier.stage != Stage.CASE:
        raise Refused(_("Langkah hukum dicatat di dalam kasus yang sedang berjalan."))
    whole = queries.steps_of(viewer, dossier.id)
    sent_before = next((one for one in whole if one.id == step_id), None)
    if sent_before is not None:
        return sent_before
    recorded = queries.steps_of(viewer, dossier.id, client, side)
    policies.check_can_record_step(
        before=[(one.step, one.happened_on) for one in recorded],
        step=step,
        happened_on=happened_on,
        statute=statute,
        outcome=outcome,
        today=timezone.localdate(at),
        side=side,
    )
    policies.check_counsel(
        counsel=counsel.id if counsel else None,
        agencies=queries.agencies(whole),
        opposing=[one.opposing_id for one in whole if one.opposing_id] + ([opposing.id] if opposing else []),
        institution=institution.id if institution else None,
    )
    now = queries.defence(recorded)
    policies.check_partner_writes(
        side=side,
        partners=partners_of(viewer),
        counsel=counsel.id if counsel and now and now.counsel == counsel else None,
    )
    key = key_for(dossier=dossier, section=Section.LEGAL)
    made = LegalStep(
        id=step_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client=client,
        side=side,
        step=step,
        happened_on=happened_on,
        institution_id=institution.id if institution else None,
        counsel_id=counsel.id if counsel else None,
        opposing_id=opposing.id if opposing else None,
        statute=statute,
        outcome=outcome,
        key_id=key.id,
        recorded_by_id=viewer.id,
        recorded_at=at,
    )
    seal(made, "number", number or None, key)
    seal(made, "note", note or None, key)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except DatabaseError as error:
        # The very same form arrived at this moment, or the dossier has just moved on or been erased.
        if not (isinstance(error, IntegrityError) or is_erased(error)):
            raise
        raise Refused(
            _("Langkah ini belum tersimpan: berkasnya baru saja berubah. Periksa berkasnya, lalu kirim lagi.")
        ) from None
    record(
        Verb.LEGAL_STEP,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[made.id],
        fields=[step],
    )
    if side == Side.AGAINST and not recorded:
        told = queries.guards_of(viewer, dossier.id, lawyers=True)
        tell(people=told, kind=Kind.LAW, cause=f"against:{made.id}", at=at, dossier=dossier.id)
    if event := policies.event_of(step=step, statute=statute, side=side):
        day = day_of(happened_on, zone_of(dossier.unit_id))
        happened(event=event, dossier=dossier, at=at, by=viewer.id, since=min(day, at))
    return made


@transaction.atomic
def note_pressure(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    pressed_by: str,
    how: str,
    happened_on: date,
    told: str,
    pressure_id: UUID,
    at: datetime,
) -> Pressure:
    """This will write down that a client was pressed to settle, and tell who manages the case and who supervises.

    Sent twice, it is written once.

    :raises Refused: without a word of what happened, or on a day ahead. Source: care.md 15 (UU 12/2022 Pasal 23).
    """
    sent_before = Pressure.objects.filter(id=pressure_id, dossier_id=dossier.id).first()
    if sent_before is not None:
        return sent_before
    policies.check_pressure(told=told, happened_on=happened_on, today=timezone.localdate(at))
    key = key_for(dossier=dossier, section=Section.RISK)
    made = Pressure(
        id=pressure_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client=client,
        pressed_by=pressed_by,
        how=how,
        happened_on=happened_on,
        key_id=key.id,
        recorded_by_id=viewer.id,
        recorded_at=at,
    )
    seal(made, "told", told, key)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Catatan ini baru saja tersimpan. Kembali ke berkas untuk membacanya.")) from None
    record(
        Verb.PRESSURE_NOTED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[made.id],
    )
    people = queries.guards_of(viewer, dossier.id, lawyers=False)
    tell(people=people, kind=Kind.LAW, cause=f"pressure:{made.id}", at=at, dossier=dossier.id)
    return made


@transaction.atomic
def keep_out(*, viewer: Viewer, dossier: Dossier, person: UUID, at: datetime) -> Wall:
    """This will keep a colleague out of a file, at once and whatever their role, and take them off its team.

    :raises Refused: for oneself, for who holds the case, or where a wall stands. Source: care.md 21.
    """
    # Two who raise one wall at the same moment wait for each other.
    Dossier.objects.select_for_update(no_key=True).filter(id=dossier.id).first()
    case = case_of(viewer, dossier.id)
    walls = queries.walls_of(viewer, dossier.id)
    policies.check_can_wall(
        person=person,
        viewer=viewer.id,
        manager=case.manager_id if case and case.ended_at is None else None,
        walled=[wall.person_id for wall in walls],
    )
    if person in {mate.id for mate in mates(viewer, dossier.id, dossier.unit_id, at)}:
        leave_team(dossier=dossier, person=person, by=viewer.id, at=at)
    return raise_wall(dossier=dossier, person=person, by=viewer.id, at=at)


@transaction.atomic
def let_in(*, viewer: Viewer, dossier: Dossier, wall_id: UUID, at: datetime) -> None:
    """This will take a wall down; whoever was on the team is not on it again by that.

    :raises Refused: for anybody but who supervises or heads the unit.
    """
    policies.check_can_lift(roles=viewer.roles_in(dossier.unit_id))
    wall = next((one for one in queries.walls_of(viewer, dossier.id) if one.id == wall_id), None)
    if wall is not None:
        lift_wall(wall=wall, by=viewer.id, at=at)
