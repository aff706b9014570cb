"""Writes about files that belong together. Nothing moves: each report keeps its reporter, its thread and its words."""

from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import raise_wall
from ruangaman.access.actions.teams import follow
from ruangaman.access.models import Dossier, Wall
from ruangaman.access.queries import Viewer, dossier_whole, key_of
from ruangaman.access.states import Section
from ruangaman.intake import policies, queries
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.actions.triage import (
    carry_answer,
    decide,
    end_part,
    put_back,
    report_to_decide,
)
from ruangaman.intake.models import Joining, Report
from ruangaman.intake.queries.about_staff import accused_in
from ruangaman.intake.states import UNDECIDED, Channel, Triage, TriageReason
from ruangaman.intake.states.handling import JoinKind, JoinReason
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb

NOT_JOINED = (
    "RA005"  # door.check_joining: what is joined to has just been merged itself, or this was just undone
)


@transaction.atomic
def merge(
    *, viewer: Viewer, dossier: Dossier, into: Dossier, reason: str, at: datetime, seen: str = ""
) -> Joining:
    """This will say that a report tells of what another file is about. Who works on that file works on the report too.

    :raises Refused: where that file has ended, was merged itself, or the decision is not allowed. Source: issue 6.
    """
    report = report_to_decide(dossier=dossier, seen=seen)
    other = queries.report_of(viewer, into.id)
    if other is None:
        raise Refused(_("Berkas tujuan di luar jangkauan Anda."))
    policies.check_can_merge(
        same=dossier.id == into.id,
        same_unit=dossier.unit_id == into.unit_id,
        stage=into.stage,
        triage=other.triage,
        merged=queries.is_merged(viewer, into.id),
    )
    before = report.triage
    decide(
        viewer=viewer,
        dossier=dossier,
        report=report,
        after=Triage.DUPLICATE,
        reason=TriageReason.SAME_EVENT,
        at=at,
    )
    joining = _join(viewer, dossier, into, JoinKind.MERGED, reason, before, at, Verb.MERGED)
    note_let_in(dossier=dossier, person=None, by=viewer.id, at=at)
    return joining


@transaction.atomic
def split(
    *,
    viewer: Viewer,
    dossier: Dossier,
    part_id: UUID,
    story: str,
    reason: str,
    for_whom: str,
    danger_now: bool,
    place: str,
    at: datetime,
) -> Dossier:
    """This will make a report of its own of a part of a report: another victim's, or another event.

    The reporter keeps the one code of the first, and is answered there. Walls of the first stand before the part too.
    ``part_id`` travels with the form: sent twice, it makes one.

    :raises Refused: where the file has ended, or its report is out of reach. Source: issue 6, "one report several".
    """
    there = Dossier.objects.filter(id=part_id, unit_id=dossier.unit_id).first()
    if there:
        return there
    report = queries.report_of(viewer, dossier.id)
    if report is None:
        raise Refused(_("Laporan ini di luar jangkauan Anda."))
    policies.check_can_split(
        stage=dossier.stage, erased=dossier.erased_at is not None, roles=viewer.roles_in(dossier.unit_id)
    )
    kind = policies.kind_in_part(report.reporter_kind, reason)
    told = Told(
        story=story,
        reporter_kind=kind,
        for_whom=for_whom,
        age_band=report.age_band if kind == report.reporter_kind else "",
        danger_now=danger_now,
        about_staff=report.about_staff,
        accused=accused_in(dossier.id, key_of(dossier.id, Section.NARRATIVE)) if report.about_staff else "",
        place=place or report.place_id or "",
    )
    with filing(part_id, at):
        part = receive(
            dossier_id=part_id,
            told=told,
            channel=Channel.SPLIT,
            at=at,
            code=None,
            unit=dossier.unit,
            taken_by=viewer.id,
        )
    _wall_alike(viewer, dossier, part, at)
    _join(viewer, part, dossier, JoinKind.SPLIT, reason, Triage.RECEIVED, at, Verb.SPLIT)
    if report.first_answered_at is not None:
        # Who reports has one thread: answered there, they are answered.
        carry_answer(viewer=viewer, dossier=part, answered_at=report.first_answered_at, at=at)
    return part


@transaction.atomic
def undo_joining(*, viewer: Viewer, joining: Joining, at: datetime) -> None:
    """This will take a merging or a splitting back: triage stands where it stood, and the team that came along goes.

    :raises Refused: where it was taken back already, or the part has become a file of its own. Source: issue 6.
    """
    dossier = joining.dossier
    report = report_to_decide(dossier=dossier)
    current = Joining.objects.filter(id=joining.id).first()
    whole = dossier_whole(viewer, dossier.reference, at)
    policies.check_can_undo(
        kind=joining.kind,
        undone=current is None or current.undone_at is not None,
        stage=report.stage,
        triage=report.triage,
        held=whole.held if whole else (),
        named=queries.is_joined_to(viewer, dossier.id),
    )
    try:
        with transaction.atomic():
            undone = Joining.objects.filter(id=joining.id, undone_at=None).update(
                undone_by=viewer.id, undone_at=at
            )
    except DatabaseError as error:
        raise _refused(error) from None
    if not undone:
        raise Refused(_("Ini di luar jangkauan Anda, atau baru saja dibatalkan rekan Anda."))
    note_let_in(dossier=dossier, person=None, by=viewer.id, at=at)
    if joining.kind == JoinKind.SPLIT:
        end_part(viewer=viewer, dossier=dossier, report=report, at=at)
    else:
        put_back(
            viewer=viewer,
            dossier=dossier,
            report=report,
            to=_before(joining, report),
            reason=TriageReason.MISTAKEN,
            at=at,
        )
    record(
        Verb.JOIN_UNDONE,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[joining.id, joining.other_id],
        fields=[joining.kind],
    )


@transaction.atomic(savepoint=False)
def note_let_in(*, dossier: Dossier, person: UUID | None, by: UUID, at: datetime) -> None:
    """This will write into the ledger of each merged report who reads it by that, and who does so no longer: with the
    file it was merged into the team changed, and whose report it is finds it under their own. ``person``: of the team
    alone whom it concerns. Source: security.md, "Ledger"; issue 6 (merging).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT dossier, unit, person, lives, sections FROM door.let_in_by_merge(%s, %s)",
            [dossier.id, person],
        )
        rows = cursor.fetchall()
    for report, unit, somebody, lives, sections in rows:
        record(
            Verb.GRANTED if lives else Verb.GRANT_WITHDRAWN,
            at=at,
            by=by,
            unit=unit,
            dossier=report,
            objects=[somebody],
            fields=sections,
        )


def _before(joining: Joining, report: Report) -> str:
    """Where it stood; what was answered meanwhile is answered."""
    if joining.before in UNDECIDED:
        return policies.waiting(answered=report.first_answered_at is not None)
    return joining.before


def _join(
    viewer: Viewer,
    dossier: Dossier,
    other: Dossier,
    kind: JoinKind,
    reason: str,
    before: str,
    at: datetime,
    verb: Verb,
) -> Joining:
    joining = Joining(
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        other=other,
        kind=kind,
        reason=JoinReason(reason),
        before=before,
        joined_by_id=viewer.id,
        joined_at=at,
    )
    try:
        with transaction.atomic():
            joining.save(force_insert=True)
    except DatabaseError as error:
        raise _refused(error) from None
    record(
        verb,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[joining.id, other.id],
        fields=[str(reason)],
    )
    return joining


def _refused(error: DatabaseError) -> Exception:
    if getattr(error.__cause__, "sqlstate", "") == NOT_JOINED:
        return Refused(
            _("Berkas itu baru saja berubah: digabung, dibatalkan, atau dihapus. Muat ulang dulu.")
        )
    return error


def _wall_alike(viewer: Viewer, dossier: Dossier, part: Dossier, at: datetime) -> None:
    """Who may not see the whole may not see a part of it."""
    there = set(Wall.objects.filter(dossier_id=part.id, lifted_at=None).values_list("person_id", flat=True))
    walled = Wall.objects.filter(dossier_id=dossier.id, lifted_at=None).values_list("person_id", flat=True)
    for person in sorted(set(walled) - there):
        raise_wall(dossier=part, person=person, by=viewer.id, at=at)


# Who changes a team in another room knows nothing of merged reports. Every page of ours imports this.
follow(follower=note_let_in)
