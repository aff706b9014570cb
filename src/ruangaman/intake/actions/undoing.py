"""Writes that take a decision of triage back."""

from datetime import datetime

from django.db import transaction

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.intake import policies
from ruangaman.intake.actions.triage import put_back, report_to_decide
from ruangaman.intake.models import Outreach, TriageMove
from ruangaman.intake.states import TriageReason


@transaction.atomic
def undo_decision(*, viewer: Viewer, dossier: Dossier, at: datetime, seen: str = "") -> TriageMove:
    """This will take the last decision back: the report waits for triage again, and both stay on record.

    ``seen``: the decision that is meant. Of two officers at once the second is told.

    :raises Refused: where there is none, a colleague decided since, or somebody was sent out on it.
    """
    report = report_to_decide(dossier=dossier, seen=seen)
    policies.check_can_undo_decision(
        now=report.triage,
        attempts=Outreach.objects.filter(dossier_id=dossier.id).exists(),
        stage=report.stage,
    )
    if report.in_flood:  # somebody looked at it: it stands in the list where every report is looked at
        report.in_flood = False
        report.save(update_fields=["in_flood"])
    to = policies.waiting(answered=report.first_answered_at is not None)
    return put_back(viewer=viewer, dossier=dossier, report=report, to=to, reason=TriageReason.MISTAKEN, at=at)
