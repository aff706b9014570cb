"""Pages of the unit: reports handed to another region's unit, and those that come from one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import reach_of
from ruangaman.access.states import Section
from ruangaman.intake import actions, queries
from ruangaman.intake.forms import handling as forms
from ruangaman.intake.models import Transfer
from ruangaman.intake.queries.transfers import TAKERS
from ruangaman.intake.states.handling import PassBasis, Passed, TransferState
from ruangaman.intake.views.triage import report_in_reach
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.ids import new_id
from ruangaman.places.models import Place

MOST = 100


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the administration of this dossier: hand its report to another region's unit."""
    dossier = file_to_write(request, reference, Section.ADMINISTRATION)
    report = report_in_reach(request, dossier.id, reference)
    units = {str(one.id): one for one in queries.units_to_send(dossier.unit_id)}
    form = forms.TransferOut(
        request.POST if request.method == "POST" else None, initial={"transfer_id": new_id()}
    )
    form.show(
        [
            (number, f"{one.place_id or '–'} · {one.name}{f' ({one.place.name})' if one.place else ''}")
            for number, one in units.items()
        ],
        report.triage,
    )
    warning = ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.send_transfer(
                viewer=request.viewer,
                dossier=dossier,
                to_unit=units.get(told.pop("to_unit")),
                **told,
                at=clock.now(),
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Rujuk ke daerah lain"),
        button=_("Kirim rujukan"),
        intro=_("Yang diteruskan disegel untuk unit itu dan baru terbuka bila mereka menerimanya."),
        notes=(
            _("Tanyakan dulu kepada pelapor atau korban: unit mana, dan apa yang diteruskan."),
            _("Pelapor tetap memegang kodenya di sini, dan membaca “sedang ditangani”."),
        ),
        warning=warning,
    )


@staff(section=Section.ADMINISTRATION)
@require_safe
def transfers(request: StaffRequest) -> HttpResponse:
    """Who answers reports or sees to it: what other regions' units hand over, and what became of what went out."""
    if not (TAKERS & request.viewer.roles or request.viewer.units(Section.ADMINISTRATION, "w")):
        raise Stranger
    waiting = queries.to_answer(request.viewer, MOST)
    answered = queries.answered(request.viewer)
    places = Place.objects.in_bulk([one.place_code for one in (*waiting, *answered) if one.place_code])
    context = {
        "waiting": [
            {
                "url": reverse("intake:answer_transfer", args=[one.id]),
                "unit": one.unit.name,
                "at": one.sent_at,
                "danger": one.danger_now,
                "where": places[one.place_code].name if one.place_code in places else "",
                "passes": passed(one),
            }
            for one in waiting
        ],
        "answered": [
            {
                "unit": one.unit.name,
                "at": one.answered_at,
                "by": one.answered_by.name if one.answered_by else "",
                "state": TransferState(one.state).label,
            }
            for one in answered
        ],
        "sent": [
            {
                "reference": one.dossier.reference,
                "url": page_of(one.dossier),
                "unit": one.to_unit.name if one.to_unit else one.outside,
                "at": one.sent_at,
                "state": TransferState(one.state).label,
                "waits": one.state == TransferState.SENT,
            }
            for one in queries.sent(request.viewer)
        ],
    }
    return render(request, "intake/transfers.html", context)


def passed(transfer: Transfer) -> list[Any]:
    """This will name what a hand-over passes on."""
    return [Passed(code).label for code in transfer.passes.split(",") if code]


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_transfer(request: StaffRequest, transfer: UUID) -> HttpResponse:
    """Who answers reports in the unit that gets it: take it or not. In the sender's unit: take it back."""
    found = queries.transfer_of(request.viewer, transfer)
    if found is None:
        raise Stranger
    ours = any(
        seat.organisation_id == found.to_unit_id and seat.role in TAKERS for seat in request.viewer.seats
    )
    own = _own_file(request, found)
    offered = _offered(found, ours=ours, own=own is not None)
    if not ours and own is None:
        raise Stranger
    form = forms.TransferAnswer(request.POST if request.method == "POST" else None)
    form.show(offered)
    warning = ""
    if form.is_valid():
        try:
            return HttpResponseRedirect(_answer(request, found, form.cleaned_data))
        except Refused as no:
            warning = str(no.message)
            found = queries.transfer_of(request.viewer, transfer) or found
            offered = _offered(found, ours=ours, own=own is not None)
    place = Place.objects.filter(code=found.place_code).first() if found.place_code else None
    context = {
        "unit": found.unit.name,
        "to": found.to_unit.name if found.to_unit else found.outside,
        "at": found.sent_at,
        "danger": found.danger_now,
        "about_staff": found.about_staff,
        "comes_whole": found.basis == PassBasis.UNREAD,
        "where": place.name if place else "",
        "passes": passed(found),
        "state": TransferState(found.state).label,
        "waits": found.state == TransferState.SENT,
        "answer": _answer_in(found),
        "reference": own.reference if own else "",
        "back": page_of(own) if own else reverse("intake:transfers"),
        "form": form if offered else None,
        "warning": warning,
    }
    bad = form.is_bound and (form.errors or warning)
    return render(request, "intake/transfer.html", context, status=400 if bad else 200)


def _own_file(request: StaffRequest, found: Transfer) -> Dossier | None:
    """The sender's file, where this viewer may write its administration."""
    dossier = Dossier.objects.filter(id=found.dossier_id).first()
    if dossier is None or Section.ADMINISTRATION not in reach_of(request.viewer, dossier, clock.now())[1]:
        return None
    return dossier


def _offered(found: Transfer, *, ours: bool, own: bool) -> list[str]:
    if found.state != TransferState.SENT:
        return []
    answers = ours or (own and found.to_unit_id is None)
    return [*(("accept", "refuse") if answers else ()), *(("take_back",) if own else ())]


def _answer(request: StaffRequest, found: Transfer, told: dict[str, str]) -> str:
    """One action, and where to go then."""
    now = clock.now()
    if told["decision"] == "take_back":
        actions.take_back(viewer=request.viewer, transfer=found, at=now)
        return page_of(found.dossier)
    if told["decision"] == "refuse":
        actions.refuse_transfer(viewer=request.viewer, transfer=found, answer=told["answer"], at=now)
        return reverse("intake:transfers")
    made = actions.accept_transfer(viewer=request.viewer, transfer=found, answer=told["answer"], at=now)
    return page_of(made) if made else reverse("intake:transfers")


def _answer_in(found: Transfer) -> str:
    try:
        return queries.opened_answer(found)
    except Unreadable:
        return str(_("Tidak terbaca"))
