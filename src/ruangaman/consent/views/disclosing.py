"""Telling somebody without her consent: the reminder with the article, and what was decided."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, key_of, reach_of
from ruangaman.access.states import Section
from ruangaman.consent import actions, forms, queries
from ruangaman.consent.queries.disclosing import told
from ruangaman.consent.states import ARTICLES
from ruangaman.consent.views.clients import Clients, clients_in, is_supervisor
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def disclose(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read the plan of this dossier: what was decided. Its supervisors: a decision. It opens nothing."""
    dossier = dossier_by_reference(request.viewer, reference)
    at = clock.now()
    reads, writes = reach_of(request.viewer, dossier, at) if dossier else (frozenset(), frozenset())
    if dossier is None or Section.PLAN not in reads:
        raise Stranger(reference)
    decides = Section.PLAN in writes and is_supervisor(request, dossier)
    if request.method == "POST" and not decides:
        raise Stranger(reference)
    clients = clients_in(request, dossier, at)
    form = None
    if decides and clients.people:
        form = forms.Disclosure(
            request.POST if request.method == "POST" else None,
            clients=clients.choices,
            initial={"row_id": new_id()},
        )
    if form is not None and form.is_valid():
        try:
            _decide(request, dossier, clients, form, at)
            return HttpResponseRedirect(reverse("consent:review", args=[dossier.reference]))
        except Refused as no:
            form.add_error(None, str(no.message))
    context = {
        "reference": dossier.reference,
        "back": reverse("consent:review", args=[dossier.reference]),
        "form": form,
        "no_client": not clients.people,
        "articles": [(ground.label, article) for ground, article in ARTICLES.items()],
        "rows": _decided(request, dossier, clients, at),
    }
    return render(request, "consent/disclose.html", context, status=400 if form and form.errors else 200)


def _decide(
    request: StaffRequest, dossier: Dossier, clients: Clients, form: forms.Disclosure, at: datetime
) -> None:
    given = form.cleaned_data
    actions.decide_disclosure(
        viewer=request.viewer,
        dossier=dossier,
        client=clients.people[given.get("client") or next(iter(clients.people))],
        ground=given["ground"],
        decision=given["decision"],
        recipient=given["recipient"],
        what=given["what"],
        reason=given["reason"],
        told_her=given["told_her"],
        at=at,
        disclosure_id=given["row_id"],
    )


def _decided(request: StaffRequest, dossier: Dossier, clients: Clients, at: datetime) -> list[dict[str, Any]]:
    """What was decided before, in clear; that it was read stands in the ledger."""
    rows = queries.disclosures_of(request.viewer, dossier.id)
    if not rows:
        return []
    key = key_of(dossier.id, Section.PLAN)
    record(
        Verb.OPENED,
        at=at,
        by=request.viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[row.id for row in rows],
        fields=[Section.PLAN.value],
    )
    return [
        {
            "told": told(row, key),
            "called": clients.named(row.client),
            "ground": row.get_ground_display(),
            "article": ARTICLES[row.ground],  # type: ignore[index]  # the code is one of Ground
            "decision": row.get_decision_display(),
        }
        for row in rows
    ]
