"""Writes of access: dossiers and their keys, grants and walls, erasure; accounts and powers."""

from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access import jobs, policies
from ruangaman.access.actions import teams
from ruangaman.access.actions.powers import decide_power as decide_power
from ruangaman.access.actions.powers import end_device as end_device
from ruangaman.access.actions.powers import make_account as make_account
from ruangaman.access.actions.powers import propose_power as propose_power
from ruangaman.access.actions.powers import seat as seat
from ruangaman.access.actions.powers import temporary_password as temporary_password
from ruangaman.access.matrix import Cell, cells
from ruangaman.access.models import (
    DataKey,
    Dossier,
    ErasureRequest,
    Grant,
    Organisation,
    Wall,
)
from ruangaman.access.queries import Viewer, open_key
from ruangaman.access.states import Decision, ErasureBasis, GrantSource, Section, Stage
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, new_key, wrap
from ruangaman.kernel.ids import new_reference
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb


def open_dossier(*, dossier_id: UUID, unit: Organisation, at: datetime) -> Dossier:
    """This will open the spine of a new dossier in its unit. The ticket decides whether that is allowed."""
    return Dossier.objects.create(id=dossier_id, unit=unit, reference=new_reference(), opened_at=at)


def make_key(*, dossier: Dossier, section: Section, key: Key | None = None) -> Key:
    """This will make and keep the data key of one section of a dossier, and give it open.

    ``key``: one that sealed something of the section before there was a dossier.
    """
    key = key or new_key()
    number, wrapped = wrap(key)
    DataKey.objects.create(
        id=key.id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        kek_number=number,
        wrapped=wrapped,
    )
    return key


def key_for(*, dossier: Dossier, section: str) -> Key:
    """This will open the key of a section of a dossier, and make it where the section holds nothing yet.

    :raises Refused: where the section was erased, or somebody else is making its key at this moment.
    """
    row = DataKey.objects.filter(dossier_id=dossier.id, section=section).first()
    if row is None:
        try:
            with transaction.atomic():
                return make_key(dossier=dossier, section=Section(section))
        except IntegrityError:
            row = DataKey.objects.filter(dossier_id=dossier.id, section=section).first()
    if row is None or row.wrapped is None:
        raise Refused(_("Bagian ini tidak bisa ditulis: di luar jangkauan Anda atau sudah dihapus."))
    return open_key(row)


@transaction.atomic
def join_team(*, dossier: Dossier, person: UUID, role: str, until: datetime, by: UUID, at: datetime) -> None:
    """This will put a colleague on the team of a dossier, with every section that the matrix allows their role there.

    :raises Refused: where that role works on no dossier, or ``until`` is not ahead.
    """
    held = {
        cell.section: cell.writes or any(c.writes for c in cells() if _same_cell(c, cell))
        for cell in cells()
        if (cell.role, cell.reach) == (role, "grant")
    }
    policies.check_can_join(sections=held, until=until, at=at)
    Grant.objects.bulk_create(
        [
            Grant(
                dossier=dossier, unit_id=dossier.unit_id, stage=dossier.stage, section=section, principal_id=person,
                writes=writes, source=GrantSource.TEAM, given_by_id=by, given_at=at, until=until,
            )
            for section, writes in sorted(held.items())
        ],
        update_conflicts=True,
        unique_fields=["dossier", "section", "principal_id", "source"],
        update_fields=["writes", "given_by", "given_at", "until", "withdrawn_at"],
    )  # fmt: skip
    record(
        Verb.TEAM_JOINED,
        at=at,
        by=by,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[person],
        fields=[role],
    )
    teams.changed(dossier=dossier, person=person, by=by, at=at)


def _same_cell(one: Cell, other: Cell) -> bool:
    return (one.role, one.reach, one.section) == (other.role, other.reach, other.section)


@transaction.atomic
def leave_team(*, dossier: Dossier, person: UUID, by: UUID, at: datetime) -> None:
    """This will take somebody off the team of a dossier, at once."""
    Grant.objects.filter(
        dossier=dossier, principal_id=person, source=GrantSource.TEAM, withdrawn_at=None
    ).update(withdrawn_at=at)
    record(Verb.TEAM_LEFT, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id, objects=[person])
    teams.changed(dossier=dossier, person=person, by=by, at=at)


@transaction.atomic
def give_grant(
    *,
    dossier: Dossier,
    section: str,
    principal: UUID,
    roles: frozenset[str],
    writes: bool,
    source: GrantSource,
    until: datetime,
    by: UUID,
    at: datetime,
) -> Grant:
    """This will let a person or agency reach one section of one dossier until a moment.

    ``roles`` are those the receiver holds: the matrix says what they may be given.

    :raises Refused: where the matrix says no.
    """
    policies.check_can_grant(
        roles=roles, stage=dossier.stage, section=section, writes=writes, until=until, at=at
    )
    grant, _made = Grant.objects.update_or_create(
        dossier=dossier,
        section=section,
        principal_id=principal,
        source=source,
        defaults={"writes": writes, "given_by_id": by, "given_at": at, "until": until, "withdrawn_at": None},
        create_defaults={
            "unit_id": dossier.unit_id,
            "stage": dossier.stage,
            "writes": writes,
            "given_by_id": by,
            "given_at": at,
            "until": until,
        },
    )
    record(
        Verb.GRANTED,
        at=at,
        by=by,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[grant.id, principal],
        fields=[section],
    )
    return grant


@transaction.atomic
def withdraw_grant(*, grant: Grant, by: UUID, at: datetime) -> None:
    """This will close a grant at once."""
    grant.withdrawn_at = at
    grant.save(update_fields=["withdrawn_at"])
    record(
        Verb.GRANT_WITHDRAWN,
        at=at,
        by=by,
        unit=grant.unit_id,
        dossier=grant.dossier_id,
        objects=[grant.id, grant.principal_id],
        fields=[grant.section],
    )


@transaction.atomic
def raise_wall(*, dossier: Dossier, person: UUID, by: UUID, at: datetime) -> Wall:
    """This will keep somebody out of a dossier whatever their role: the reported person, kin, a named colleague."""
    wall = Wall.objects.create(
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        person_id=person,
        raised_by_id=by,
        raised_at=at,
    )
    record(Verb.WALLED, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id, objects=[wall.id, person])
    return wall


@transaction.atomic
def lift_wall(*, wall: Wall, by: UUID, at: datetime) -> None:
    """This will take a wall down."""
    wall.lifted_at = at
    wall.save(update_fields=["lifted_at"])
    record(
        Verb.WALL_LIFTED,
        at=at,
        by=by,
        unit=wall.unit_id,
        dossier=wall.dossier_id,
        objects=[wall.id, wall.person_id],
    )


@transaction.atomic
def move_stage(*, dossier: Dossier, to: Stage, by: UUID, at: datetime) -> None:
    """This will move a dossier to another stage; the database carries the stage into every row of it.

    :raises Refused: where the move is not legal, or somebody else moved it meanwhile.
    """
    policies.check_can_move(now=dossier.stage, to=to)
    if not Dossier.objects.filter(id=dossier.id, stage=dossier.stage).update(stage=to):
        raise Refused(_("Berkas ini baru saja dipindahkan orang lain. Muat ulang halaman."))
    dossier.stage = to
    record(Verb.STAGE_MOVED, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id, fields=[to.value])


# --- erasure: two persons want it, a task carries it out (access.erasure) ---


@transaction.atomic
def ask_erasure(*, viewer: Viewer, dossier: Dossier, basis: ErasureBasis, at: datetime) -> ErasureRequest:
    """This will ask for a dossier to be erased; nothing is destroyed until the head of its unit approves.

    :raises Refused: without the power to ask, or where it was erased or asked for already.
    """
    roles = viewer.roles_in(dossier.unit_id)
    policies.check_can_ask_erasure(roles=roles, erased=dossier.erased_at is not None)
    try:
        with transaction.atomic():
            request = ErasureRequest.objects.create(
                dossier=dossier,
                unit_id=dossier.unit_id,
                stage=dossier.stage,
                basis=basis,
                asked_by_id=viewer.id,
                asked_at=at,
            )
    except IntegrityError:
        raise Refused(_("Penghapusan berkas ini sudah diminta dan menunggu keputusan.")) from None
    record(
        Verb.ERASURE_ASKED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[request.id],
        fields=[basis.value],
    )
    return request


@transaction.atomic
def decide_erasure(*, viewer: Viewer, request_id: UUID, approve: bool, at: datetime) -> ErasureRequest:
    """This will decide a request for erasure; where it is approved, a task destroys the keys within moments.

    :raises Refused: for anybody but the head, for who asked, or where it was decided already.
    """
    request = ErasureRequest.objects.select_related("dossier").get(id=request_id)
    policies.check_can_decide_erasure(
        roles=viewer.roles_in(request.unit_id),
        decider=viewer.id,
        asker=request.asked_by_id,
        decision=request.decision,
    )
    request.decision = Decision.APPROVED if approve else Decision.REFUSED
    request.decided_by_id, request.decided_at = viewer.id, at
    changed = ErasureRequest.objects.filter(id=request.id, decision=Decision.OPEN).update(
        decision=request.decision, decided_by=viewer.id, decided_at=at
    )
    if not changed:
        raise Refused(_("Permintaan ini sudah diputuskan."))
    record(
        Verb.ERASURE_APPROVED if approve else Verb.ERASURE_REFUSED,
        at=at,
        by=viewer.id,
        unit=request.unit_id,
        dossier=request.dossier_id,
        objects=[request.id],
    )
    if approve:
        jobs.erase.defer(dossier_id=str(request.dossier_id))
    return request


def is_erased(error: DatabaseError) -> bool:
    """This will say whether the database refused a row because its dossier was erased meanwhile."""
    return getattr(error.__cause__, "sqlstate", "") == "RA001"


def record_refusal(*, by: UUID, reference: str, hidden: tuple[UUID, UUID] | None, at: datetime) -> None:
    """This will record, in a transaction of its own, that somebody asked for what is not theirs to see."""
    with transaction.atomic():
        dossier, unit = hidden or (None, None)
        record(Verb.REFUSED, at=at, by=by, kind=ActorKind.STAFF, unit=unit, dossier=dossier)
