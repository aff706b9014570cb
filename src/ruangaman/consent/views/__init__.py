"""Asking for consent, and taking it back."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import every_key
from ruangaman.access.states import Role, Section
from ruangaman.consent import actions, forms, queries
from ruangaman.consent.states import Basis, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.models import Person
from ruangaman.people.policies import is_child
from ruangaman.people.queries import clients_of, guardian_of, initials_in


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: what the client answered about a service."""
    dossier = file_to_write(request, reference, Section.PLAN)
    at = clock.now()
    clients = {str(client.id): client for client in clients_of(request.viewer, dossier.id)}
    initials = initials_in(clients.values(), every_key(dossier.id)) if len(clients) > 1 else {}
    child = any(is_child(client.age_band) for client in clients.values())
    asked = request.GET.get("layanan", "")
    form = forms.Consent(
        request.POST if request.method == "POST" else None,
        at=at,
        child=child,
        supervisor=_is_supervisor(request, dossier),
        partners=queries.partners(request.viewer),
        clients=[(key, initials.get(client.id) or _("tanpa nama")) for key, client in clients.items()],
        initial={"first_id": new_id(), "services": [asked] if asked in Service.values else []},
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
        "child": child,
        "no_client": not clients,
        "no_guardian": any(
            is_child(client.age_band) and guardian_of(request.viewer, dossier.id, client) is None
            for client in clients.values()
        ),
    }
    return render(request, "consent/record.html", context, status=400 if form.errors else 200)


def _client(clients: dict[str, Person], form: forms.Consent) -> Person:
    if not clients:
        raise Refused(_("Catat dulu kliennya: tanpa klien tidak ada yang bisa menyetujui."))
    return clients[form.cleaned_data.get("client") or next(iter(clients))]


def _is_supervisor(request: StaffRequest, dossier: Dossier) -> bool:
    return Role.SUPERVISOR in request.viewer.roles_in(dossier.unit_id)


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, consent: UUID) -> HttpResponse:
    """Who may write the plan of the dossier: a consent withdrawn; what rested on it closes at once."""
    found = queries.consent_by_id(request.viewer, consent)
    if found is None:
        raise Stranger
    dossier = file_to_write(request, found.dossier.reference, Section.PLAN)
    at, child = clock.now(), is_child(found.client.age_band)
    form = forms.Withdrawal(
        request.POST if request.method == "POST" else None,
        child=child,
        supervisor=_is_supervisor(request, dossier),
    )
    if form.is_valid():
        try:
            actions.withdraw_consent(
                consent=found,
                by=request.viewer.id,
                at=at,
                word_of=form.cleaned_data.get("word_of", Basis.CLIENT),
                roles=request.viewer.roles_in(dossier.unit_id),
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    answers = queries.consents_of(request.viewer, dossier.id)
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "form": form,
        "service": Service(found.service).label,
        "recipient": found.recipient.name if found.recipient else "",
        "lost": [section.label for section in queries.lost_with(found, answers, at)],
    }
    return render(request, "consent/withdraw.html", context, status=400 if form.errors else 200)
