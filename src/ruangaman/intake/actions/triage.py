"""Writes about where a report goes, and the one word of it that its reporter reads."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.intake import policies
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.models import Report, TriageMove
from ruangaman.intake.queries import was_met
from ruangaman.intake.states import TRIAGE_ENDS, PublicStatus, Triage
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def triage(
    *, viewer: Viewer, dossier: Dossier, after: str, reason: str, at: datetime, seen: str = ""
) -> TriageMove:
    """This will decide where a report goes, and let its reporter see no more of it than one of three words.

    ``seen``: the state on which the decision was taken. Of two officers at once the second is told, and decides anew.

    :raises Refused: where the decision is not allowed, or a colleague was first. Source: flow.md 2; care.md 1, 5.
    """
    report = Report.objects.select_for_update().filter(dossier_id=dossier.id).first()
    if report is None:
        raise Refused(_("Triase laporan ini di luar jangkauan Anda."))
    if seen and seen != report.triage:
        raise Refused(_("Rekan Anda baru saja memutuskan triase laporan ini. Baca keputusannya dulu."))
    policies.check_can_triage(
        now=report.triage,
        to=after,
        reason=reason,
        reporter_kind=report.reporter_kind,
        reached=was_met(viewer, dossier.id),
        danger=report.danger_now,
        roles=viewer.roles_in(dossier.unit_id),
        stage=report.stage,
    )
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
        move.save(force_insert=True)
    report.triage, report.triaged_at = after, at
    report.awaits_outreach = after == Triage.OUTREACH
    report.save(update_fields=["triage", "triaged_at", "awaits_outreach"])
    ended = after in TRIAGE_ENDS
    _set_status(dossier, PublicStatus.DONE if ended else PublicStatus.IN_PROGRESS)
    record(
        Verb.TRIAGED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[move.id],
        fields=[str(after), str(reason)],
    )
    happened(event=Event.REPORT_TRIAGED, dossier=dossier, at=at, by=viewer.id)
    if ended:
        happened(event=Event.CASE_ENDED, dossier=dossier, at=at, by=viewer.id)
    return move


@transaction.atomic
def finish_thread(*, dossier: Dossier, by: UUID, at: datetime) -> None:
    """This will show the reporter *selesai*. By who may write the thread or move the file.

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
