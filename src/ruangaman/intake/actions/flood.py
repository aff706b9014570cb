"""Writes about the queue of a flood: many reports decided at once, each by the rules of one."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.intake import policies, queries
from ruangaman.intake.actions.triage import decide, put_back, report_to_decide
from ruangaman.intake.models import Report
from ruangaman.intake.states import UNDECIDED, Triage, TriageReason
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def close_many(
    *, viewer: Viewer, reports: Collection[UUID], note: str, at: datetime
) -> tuple[int, list[tuple[str, str]]]:
    """This will decide of several reports of a flood that they are out of scope: how many, and (reference, why not) of
    those that their rules refuse. Each may be taken back.
    """

    def close(report: Report) -> None:
        locked = report_to_decide(dossier=report.dossier)
        if locked.triage not in UNDECIDED:
            raise Refused(_("Rekan Anda baru saja memutuskan laporan ini."))
        decide(
            viewer=viewer,
            dossier=report.dossier,
            report=locked,
            after=Triage.NOT_IN_SCOPE,
            reason=TriageReason.NO_VIOLENCE,
            note=note,
            at=at,
        )

    return _each(queries.in_flood(viewer, reports), close)


@transaction.atomic
def take_out(*, viewer: Viewer, reports: Collection[UUID], at: datetime) -> tuple[int, list[tuple[str, str]]]:
    """This will put several reports from the queue of a flood into the list where every report is looked at."""

    def out(report: Report) -> None:
        locked = report_to_decide(dossier=report.dossier)
        locked.in_flood = False
        locked.save(update_fields=["in_flood"])
        record(
            Verb.TRIAGED,
            at=at,
            by=viewer.id,
            unit=report.unit_id,
            dossier=report.dossier_id,
            objects=[report.id],
            fields=["in_flood"],
        )

    return _each(queries.in_flood(viewer, reports), out)


@transaction.atomic
def undo_many(
    *, viewer: Viewer, reports: Collection[UUID], at: datetime
) -> tuple[int, list[tuple[str, str]]]:
    """This will take back what the viewer closed from the queue: each waits for a decision again, out of the queue."""

    def undo(report: Report) -> None:
        locked = report_to_decide(dossier=report.dossier)
        if locked.triage != Triage.NOT_IN_SCOPE:
            raise Refused(_("Keputusan ini sudah dibatalkan."))
        locked.in_flood = False
        locked.save(update_fields=["in_flood"])
        put_back(
            viewer=viewer,
            dossier=report.dossier,
            report=locked,
            to=policies.waiting(answered=locked.first_answered_at is not None),
            reason=TriageReason.MISTAKEN,
            at=at,
        )

    wanted = set(reports)
    return _each([one for one in queries.closed_from_flood(viewer, at) if one.dossier_id in wanted], undo)


def _each(found: list[Report], act: Callable[[Report], None]) -> tuple[int, list[tuple[str, str]]]:
    done, refused = 0, []
    for report in found:
        try:
            with transaction.atomic():
                act(report)
            done += 1
        except Refused as no:
            refused.append((report.dossier.reference, str(no.message)))
    return done, refused
