"""Writes about where a report goes, and the one word of it that its reporter reads."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.intake import policies
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.models import Report, TriageMove
from ruangaman.intake.queries import has_acted, is_awaited, was_met
from ruangaman.intake.states import TRIAGE_ENDS, UNDECIDED, PublicStatus, Triage, TriageReason
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def triage(
    *,
    viewer: Viewer,
    dossier: Dossier,
    after: str,
    reason: str,
    at: datetime,
    seen: str = "",
    note: str = "",
) -> TriageMove:
    """This will decide where a report goes, and let its reporter see no more of it than one of three words.

    ``seen``: the state on which the decision was taken. Of two officers at once the second is told, and decides anew.

    :raises Refused: where the decision is not allowed, or a colleague was first. Source: flow.md 2; care.md 1, 5, 12.
    """
    report = report_to_decide(dossier=dossier, seen=seen)
    policies.check_is_chosen(now=report.triage, to=after, reason=reason)
    return decide(viewer=viewer, dossier=dossier, report=report, after=after, reason=reason, note=note, at=at)


def report_to_decide(*, dossier: Dossier, seen: str = "") -> Report:
    """This will give the report of a dossier, locked against a second decision until the caller's is done.

    :raises Refused: where it is out of reach, or a colleague decided since ``seen``.
    """
    report = Report.objects.select_for_update().filter(dossier_id=dossier.id).first()
    if report is None:
        raise Refused(_("Triase laporan ini di luar jangkauan Anda."))
    # That a colleague answered meanwhile decides nothing.
    if seen and seen != report.triage and not {seen, report.triage} <= set(UNDECIDED):
        raise Refused(_("Rekan Anda baru saja memutuskan triase laporan ini. Baca keputusannya dulu."))
    return report


@transaction.atomic(savepoint=False)
def decide(
    *,
    viewer: Viewer,
    dossier: Dossier,
    report: Report,
    after: str,
    reason: str,
    at: datetime,
    note: str = "",
) -> TriageMove:
    """This will take a decision about a locked report, in the caller's transaction.

    :raises Refused: where the decision is not allowed. Source: flow.md 2; care.md 1, 5, 12.
    """
    policies.check_can_triage(
        now=report.triage,
        to=after,
        reason=reason,
        reporter_kind=report.reporter_kind,
        reached=was_met(viewer, dossier.id),
        danger=report.danger_now,
        acted=report.danger_now and has_acted(viewer, dossier.id),
        child_alone=policies.is_child_alone(age_band=report.age_band, reporter_kind=report.reporter_kind),
        about_staff=report.about_staff,
        note=note,
        roles=viewer.roles_in(dossier.unit_id),
        stage=report.stage,
    )
    move = _moved(viewer, dossier, report, after, reason, note, at)
    report.triaged_at = at
    report.awaits_outreach = after == Triage.OUTREACH
    report.save(update_fields=["triage", "triaged_at", "awaits_outreach"])
    # Who reported the same event reads that it is handled until the file that it was merged into ends.
    ended = after in TRIAGE_ENDS and after != Triage.DUPLICATE
    _set_status(dossier, PublicStatus.DONE if ended else PublicStatus.IN_PROGRESS)
    happened(event=Event.REPORT_TRIAGED, dossier=dossier, at=at, by=viewer.id)
    if ended:
        happened(event=Event.CASE_ENDED, dossier=dossier, at=at, by=viewer.id)
    return move


@transaction.atomic(savepoint=False)
def put_back(
    *, viewer: Viewer, dossier: Dossier, report: Report, to: str, reason: TriageReason, at: datetime
) -> TriageMove:
    """This will take a decision about a locked report back, in the caller's transaction: what has to be done about it
    runs again from when it came, and what was done already stays done.
    """
    ended = report.triage in TRIAGE_ENDS
    move = _moved(viewer, dossier, report, to, reason, "", at)
    report.triaged_at = None if to in UNDECIDED else at
    report.awaits_outreach = to == Triage.OUTREACH and is_awaited(viewer, dossier.id)
    report.save(update_fields=["triage", "triaged_at", "awaits_outreach"])
    _set_status(dossier, PublicStatus.IN_PROGRESS)
    if ended and report.first_answered_at is None:
        happened(event=Event.REPORT_RECEIVED, dossier=dossier, at=at, by=None, since=report.received_at)
    return move


@transaction.atomic(savepoint=False)
def carry_answer(*, viewer: Viewer, dossier: Dossier, answered_at: datetime, at: datetime) -> None:
    """This will note on a part that was just split off that its reporter was answered before, in the one thread there
    is, in the caller's transaction.
    """
    report = report_to_decide(dossier=dossier)
    _moved(viewer, dossier, report, Triage.ANSWERED, TriageReason.ANSWERED, "", at)
    report.first_answered_at = answered_at
    report.save(update_fields=["triage", "first_answered_at"])
    _set_status(dossier, PublicStatus.IN_PROGRESS)
    happened(event=Event.REPORT_ANSWERED, dossier=dossier, at=at, by=viewer.id)
    if report.danger_now:
        # An answer of before met no danger that is told only now.
        happened(event=Event.DANGER_TOLD, dossier=dossier, at=at, by=None)


@transaction.atomic(savepoint=False)
def end_part(*, viewer: Viewer, dossier: Dossier, report: Report, at: datetime) -> TriageMove:
    """This will end a report that was split off by mistake, in the caller's transaction: its event is in another file.

    It is no decision about somebody's report, so its rules do not apply; nothing is lost, the whole stands there.
    """
    move = _moved(viewer, dossier, report, Triage.DUPLICATE, TriageReason.SAME_EVENT, "", at)
    report.triaged_at, report.awaits_outreach = at, False
    report.save(update_fields=["triage", "triaged_at", "awaits_outreach"])
    _set_status(dossier, PublicStatus.DONE)
    happened(event=Event.CASE_ENDED, dossier=dossier, at=at, by=viewer.id)
    return move


def _moved(
    viewer: Viewer, dossier: Dossier, report: Report, after: str, reason: str, note: str, at: datetime
) -> TriageMove:
    move = TriageMove(
        dossier=dossier,
        unit_id=report.unit_id,
        stage=report.stage,
        before=report.triage,
        after=after,
        reason=reason,
        decided_by_id=viewer.id,
        decided_at=at,
    )
    with refused_if_erased(sentence=_("Laporan ini baru saja dihapus, jadi keputusan ini tidak tersimpan.")):
        if note.strip():
            key = key_for(dossier=dossier, section=Section.ADMINISTRATION)
            move.key_id = key.id
            seal(move, "note", note, key)
        move.save(force_insert=True)
    report.triage = after
    record(
        Verb.TRIAGED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[move.id],
        fields=[str(after), str(reason)],
    )
    return move


@transaction.atomic
def finish_thread(*, dossier: Dossier, by: UUID, at: datetime) -> None:
    """This will show the reporter *selesai*, and whoever reported the same event. By who may write the thread or move
    the file.

    :raises Refused: where the thread is out of reach. Source: care.md 1.
    """
    _set_status(dossier, PublicStatus.DONE)
    record(Verb.THREAD_FINISHED, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id)


@transaction.atomic
def reopen_thread(*, dossier: Dossier, by: UUID, at: datetime) -> None:
    """This will show the reporter *sedang ditangani* again. By who may write the thread or move the file.

    :raises Refused: where the thread is out of reach. Source: care.md 1.
    """
    _set_status(dossier, PublicStatus.IN_PROGRESS)
    record(Verb.THREAD_REOPENED, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id)


def _set_status(dossier: Dossier, status: PublicStatus) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.tell_reporter(%s, %s)", [dossier.id, status.value])
        told = cursor.fetchone()
    if not (told and told[0]):
        raise Refused(_("Percakapan dengan pelapor tidak bisa Anda ubah. Minta manajer kasus atau penyelia."))
