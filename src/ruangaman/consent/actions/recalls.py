"""The one write of a recall: what was answered. That somebody is asked at all, the database writes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.consent.models import Recall
from ruangaman.consent.policies.recalls import check_can_answer
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def answer_recall(*, viewer: Viewer, recall: Recall, answer: str, at: datetime) -> Recall:
    """This will write down, once, what who had seen something says about their copies. Its clock ends with that.

    Who is asked answers in the own name; who writes the plan writes down an answer that came on paper.

    :raises Refused: where it was answered, the answer does not fit, or it is not the viewer's to answer.
    """
    check_can_answer(answered=recall.answered_at is not None, answer=answer, sections=recall.sections)
    changed = Recall.objects.filter(id=recall.id, answered_at=None).update(
        answer=answer, answered_by_id=viewer.id, answered_at=at
    )
    if not changed:
        raise Refused(
            _("Permintaan ini sudah dijawab, atau bukan Anda yang menjawabnya. Muat ulang halamannya.")
        )
    recall.answer, recall.answered_by_id, recall.answered_at = answer, viewer.id, at
    record(
        Verb.RECALL_ANSWERED,
        at=at,
        by=viewer.id,
        unit=recall.unit_id,
        dossier=recall.dossier_id,
        objects=[recall.id],
        fields=[answer],
    )
    return recall
