"""Everything that was agreed to in a file, and taking back some or all of it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, reach_of
from ruangaman.access.states import Section
from ruangaman.consent import actions, forms, queries
from ruangaman.consent.models import Consent
from ruangaman.consent.policies.wording import ALWAYS_IN_WORDS, IN_WORDS
from ruangaman.consent.queries.holdings import holdings
from ruangaman.consent.queries.showing import Shown
from ruangaman.consent.states import OF_EVERYBODY, Answer, Assent, Basis
from ruangaman.consent.views.clients import Clients, clients_in, is_supervisor
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.queries import parts_of


@staff(section=Section.PLAN)
@require_safe
def review(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read the plan of this dossier: what stands, who sees what by it, until when, and what was answered."""
    dossier = dossier_by_reference(request.viewer, reference)
    at = clock.now()
    reads, writes = reach_of(request.viewer, dossier, at) if dossier else (frozenset(), frozenset())
    if dossier is None or Section.PLAN not in reads:
        raise Stranger(reference)
    around = queries.around(parts_of(request.viewer, dossier.id))
    answers = queries.consents_of(request.viewer, dossier.id)
    stands = [c for c in queries.standing(answers, around) if queries.holds(c, at)]
    clients, seen = clients_in(request, dossier, at), queries.shown(stands, around.clients, at)
    again = {one.id for one in stands if one.basis == Basis.GUARDIAN and one.given_by_id in around.barred}
    may_write = Section.PLAN in writes
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "clients": [
            {
                "called": clients.named(client),
                "came_of_age": clients.capacity[client.id].came_of_age,
                "rows": [
                    _row(dossier, c, seen, may_write) | {"again": c.id in again}
                    for c in stands
                    if c.client.one_id == client.one_id
                ],
            }
            for client in clients.people.values()
        ],
        "some": bool(stands),
        "may_write": may_write,
        "history": [_answered(clients, consent) for consent in answers],
        "disclosures": queries.disclosures_of(request.viewer, dossier.id),
        "disclose_url": reverse("consent:disclose", args=[dossier.reference]),
        "record_url": reverse("consent:record", args=[dossier.reference]),
        "withdraw_url": reverse("consent:withdraw_several", args=[dossier.reference]),
    }
    return render(request, "consent/review.html", context)


def _row(dossier: Dossier, consent: Consent, seen: Shown, may_write: bool) -> dict[str, Any]:
    """One consent that stands, with what its recipient sees by it in words."""
    also = [section for section in IN_WORDS if section.value in consent.scope]
    opened = seen.get(consent.recipient_id, {}) if consent.recipient_id else {}
    record = reverse("consent:record", args=[dossier.reference])
    return {
        "id": consent.id,
        "service": consent.get_service_display(),
        "who": consent.recipient.name if consent.recipient else "",
        "sees": [ALWAYS_IN_WORDS, *(IN_WORDS[s] for s in also if s.value in opened)]
        if consent.recipient
        else [],
        # What is told of the whole file waits for the other clients.
        "waits": [IN_WORDS[s] for s in also if s in OF_EVERYBODY and s.value not in opened],
        "until": consent.until,
        "word": on_whose_word(consent),
        # What the unit itself sees by a consent is never more or less.
        "change_url": f"{record}?ubah={consent.id}" if may_write and consent.recipient_id else "",
    }


def on_whose_word(consent: Consent) -> str:
    """This will say on whose word an answer rests."""
    if consent.basis == Basis.BEST_INTEREST:
        return _("keputusan penyelia")
    if consent.basis == Basis.GUARDIAN:
        return _("wali dan anak") if consent.assent == Assent.GIVEN else _("wali")
    return _("klien sendiri")


def _answered(clients: Clients, consent: Consent) -> dict[str, Any]:
    return {
        "at": consent.answered_at,
        "called": clients.named(consent.client),
        "service": consent.get_service_display(),
        "who": consent.recipient.name if consent.recipient else "",
        "answer": consent.get_answer_display(),
        "yes": consent.answer == Answer.GIVEN,
        "word": on_whose_word(consent),
        "method": consent.get_method_display(),
        "understood": consent.get_understood_display(),
        "by": consent.recorded_by.name,
        "withdrawn_at": consent.withdrawn_at,
    }


# --- taking back --------------------------------------------------------------------------------------------------


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, consent: UUID) -> HttpResponse:
    """Who may write the plan of the dossier: a consent withdrawn; what rested on it closes at once."""
    found = queries.consent_by_id(request.viewer, consent)
    if found is None:
        raise Stranger
    dossier = file_to_write(request, found.dossier.reference, Section.PLAN)
    return _withdrawal(request, dossier, [str(found.id)], page_of(dossier))


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_several(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of the dossier: what was chosen on its page, withdrawn at once or not at all."""
    dossier = file_to_write(request, reference, Section.PLAN)
    sent = request.POST if request.method == "POST" else request.GET
    back = reverse("consent:review", args=[dossier.reference])
    return _withdrawal(request, dossier, sent.getlist("chosen"), back)


def _withdrawal(request: StaffRequest, dossier: Dossier, chosen: list[str], back: str) -> HttpResponse:
    """Say what closes for whom, then do it. An answer that came since the page was opened is not overrun: what was
    chosen must still be what decides.
    """
    at = clock.now()
    answers = queries.consents_of(request.viewer, dossier.id)
    around = queries.around(parts_of(request.viewer, dossier.id))
    stands = queries.standing(answers, around)
    takeable = {
        str(c.id): c for c in queries.deciding(answers) if c.answer == Answer.GIVEN and not c.withdrawn_at
    }
    wanted = [takeable[id_] for id_ in chosen if id_ in takeable]
    capacity = queries.capacities(request.viewer, dossier.id, [c.client for c in wanted], at)
    data = QueryDict(mutable=True)
    data.setlist("chosen", chosen)
    if request.method == "POST":
        data.setlist("word_of", request.POST.getlist("word_of"))
    form = forms.Withdrawal(
        data if request.method == "POST" or len(wanted) < len(chosen) or not chosen else None,
        initial={"chosen": chosen},
        standing=list(takeable),
        child=not all(one.alone for one in capacity.values()),
        supervisor=is_supervisor(request, dossier),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_consents(
                viewer=request.viewer,
                dossier=dossier,
                consents=wanted,
                word_of=form.cleaned_data.get("word_of", Basis.CLIENT),
                at=at,
            )
            return HttpResponseRedirect(back)
        except Refused as no:
            form.add_error(None, str(no.message))
    closes = queries.closing(stands, wanted, around.clients, at)
    context = {
        "reference": dossier.reference,
        "back": back,
        "form": form,
        "chosen": [
            {"service": c.get_service_display(), "who": c.recipient.name if c.recipient else ""}
            for c in wanted
        ],
        "closes": [
            {
                "who": one.recipient.name if one.recipient else "",
                "sections": [section.label for section in one.sections],
                "services": [service.label for service in one.services],
                "holdings": holdings(request.viewer, dossier.id, one.recipient.id)
                if one.recipient and one.sections
                else [],
            }
            for one in closes
        ],
    }
    return render(request, "consent/withdraw.html", context, status=400 if form.errors else 200)
