"""Asking for consent: the words that are read out, the answer, and the sheet to sign."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, file_to_write, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.states import Section
from ruangaman.consent import actions, forms, queries
from ruangaman.consent.policies.wording import passages
from ruangaman.consent.states import MAY_BE_SHARED, Service
from ruangaman.consent.views.clients import Clients, clients_in, is_supervisor, without_guardian
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.models import Person
from ruangaman.people.queries import contacts_of


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: what the client answered about a service."""
    dossier = file_to_write(request, reference, Section.PLAN)
    at = clock.now()
    clients = clients_in(request, dossier, at)
    form = forms.Consent(
        request.POST if request.method == "POST" else None,
        at=at,
        clients=clients.choices,
        alone=clients.alone,
        supervisor=is_supervisor(request, dossier),
        partners=queries.partners(request.viewer),
        initial={"first_id": new_id(), **_asked(request, dossier, clients)},
    )
    if form.is_valid():
        try:
            actions.record_consents(
                viewer=request.viewer,
                dossier=dossier,
                client=_client(clients, form),
                services=form.cleaned_data["services"],
                recipient=form.recipient_chosen,
                answered=form.answered(),
                at=at,
                first_id=form.first,
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "form": form,
        "passages": passages(child=clients.some_child),
        "no_client": not clients.people,
        "no_guardian": ", ".join(without_guardian(request, dossier, clients)),
        "came_of_age": ", ".join(
            clients.called.get(id_) or _("tanpa nama")
            for id_, one in clients.capacity.items()
            if one.came_of_age
        ),
        "review_url": reverse("consent:review", args=[dossier.reference]),
        "print_url": reverse("consent:print", args=[dossier.reference]),
    }
    return render(request, "consent/record.html", context, status=400 if form.errors else 200)


def _client(clients: Clients, form: forms.Consent) -> Person:
    if not clients.people:
        raise Refused(_("Catat dulu kliennya: tanpa klien tidak ada yang bisa menyetujui."))
    return clients.people[form.chosen]


def _asked(request: StaffRequest, dossier: Dossier, clients: Clients) -> dict[str, Any]:
    """What a link to this page already says: about which service, or which answer is given anew with less or more."""
    service = request.GET.get("layanan", "")
    before = queries.consent_in(request.viewer, dossier, request.GET.get("ubah", ""))
    if before is None:
        return {"services": [service] if service in Service.values else []}
    her = next((key for key, one in clients.people.items() if one.one_id == before.client.one_id), "")
    return {
        "client": her,
        "services": [before.service],
        "recipient": str(before.recipient_id or ""),
        "also": [section.value for section in MAY_BE_SHARED if section.value in before.scope],
    }


@staff(section=Section.PLAN)
@require_safe
def print_sheet(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: the blank sheet, after a word on paper that is found (care.md 7)."""
    dossier = file_to_write(request, reference, Section.PLAN)
    contacts = contacts_of(request.viewer, dossier.id).values()
    context = {
        "reference": dossier.reference,
        "back": reverse("consent:record", args=[dossier.reference]),
        "paper_safe": any(contact.paper_safe and not contact.doubted_at for contact in contacts),
        "sheet_url": reverse("consent:sheet"),
    }
    return render(request, "consent/print.html", context)


@staff(section=Section.PLAN)
@require_safe
def sheet(request: StaffRequest) -> HttpResponse:
    """Whoever writes plans: the words and room for an answer. Neither name nor number, not even in its address."""
    return render(request, "consent/sheet.html", {"passages": passages(child=True)})
