"""Asking back: what somebody may see no more, what they had of it, and what they answer."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, reach_of
from ruangaman.access.states import Section
from ruangaman.consent.actions.recalls import answer_recall
from ruangaman.consent.forms.recalls import RecallAnswered
from ruangaman.consent.models import Recall
from ruangaman.consent.policies.recalls import ASKED
from ruangaman.consent.queries import recalls as queries
from ruangaman.consent.queries.holdings import holdings
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused


@staff(roles=ASKED)
@require_safe
def recalls(request: StaffRequest) -> HttpResponse:
    """Who works for a partner, or in a profession of the unit: what they may see no more and are asked to delete."""
    rows = [_row(recall) for recall in queries.own_recalls(request.viewer)]
    waiting = [row for row in rows if row["waits"]]
    context = {"waiting": waiting, "done": [row for row in rows if not row["waits"]]}
    return render(request, "consent/recalls.html", context)


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: StaffRequest, recall: UUID) -> HttpResponse:
    """Who is asked to delete what they had; and who may write the plan of that file, for an answer on paper."""
    found = queries.recall_by_id(request.viewer, recall)
    if found is None:
        raise Stranger
    asked = queries.is_asked(request.viewer, found)
    if not asked and not _writes_the_plan(request, found):
        raise Stranger(found.reference)
    back = reverse("consent:recalls") if asked else page_of(Dossier(reference=found.reference))
    form = RecallAnswered(request.POST if request.method == "POST" else None, sections=found.sections)
    if form.is_valid():
        try:
            answer_recall(
                viewer=request.viewer, recall=found, answer=form.cleaned_data["answer"], at=clock.now()
            )
            return HttpResponseRedirect(back)
        except Refused as no:
            form.add_error(None, str(no.message))
    holder = found.recipient_id or found.person_id
    assert holder is not None
    context = {
        "recall": _row(found),
        "form": form if found.answered_at is None or form.is_bound else None,
        "asked": asked,
        "back": back,
        "holdings": holdings(request.viewer, found.dossier_id, holder),
    }
    return render(request, "consent/recall.html", context, status=400 if form.errors else 200)


def _writes_the_plan(request: StaffRequest, found: Recall) -> bool:
    dossier = dossier_by_reference(request.viewer, found.reference)
    return dossier is not None and Section.PLAN in reach_of(request.viewer, dossier, clock.now())[1]


def _row(recall: Recall) -> dict[str, Any]:
    return {
        "reference": recall.reference,
        "unit": recall.unit.name,
        "who": recall.recipient.name if recall.recipient else (recall.person.name if recall.person else ""),
        "sections": [Section(section).label for section in recall.sections],
        "asked_at": recall.asked_at,
        "waits": recall.answered_at is None,
        "answer": recall.get_answer_display(),
        "answered_at": recall.answered_at,
        "by": recall.answered_by.name if recall.answered_by else "",
        "url": reverse("consent:recall", args=[recall.id]),
    }
