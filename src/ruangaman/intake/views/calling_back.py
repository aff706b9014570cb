"""Calling reporters back, only in the hours that are safe for them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.duties import MOST
from ruangaman.access.models import Dossier
from ruangaman.access.states import Section
from ruangaman.intake.actions import calling_back as actions
from ruangaman.intake.forms.calling_back import Asking, Trying
from ruangaman.intake.policies.calling_back import check_may_be_called, said
from ruangaman.intake.queries import calling_back as queries
from ruangaman.intake.queries.calling_back import Waiting
from ruangaman.intake.states.ways import CallResult
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.forms.openings import perhaps_calling, told_of
from ruangaman.people.policies import PerhapsCalling


@staff(section=Section.REPORTER)
@require_safe
def call_backs(request: StaffRequest) -> HttpResponse:
    """Who may read how reporters are reached: whom to call now, and who waits for safe hours. No number stands here."""
    at = clock.now()
    due = queries.waiting(request.viewer, at, MOST)
    now = [_row(one, request, at) for one in due if one.may_call_at(at)]
    then = [one for one in due if not one.may_call_at(at)] + queries.later(request.viewer, at, MOST)
    rows = sorted((_row(one, request, at) for one in then), key=lambda row: row["order"])
    return render(request, "intake/call_backs.html", {"now": now, "later": rows})


def _row(one: Waiting, request: StaffRequest, at: Any) -> dict[str, Any]:
    window = one.window(at)
    return {
        "reference": one.call.dossier.reference,
        "file_url": page_of(one.call.dossier),
        "url": reverse("intake:call_back", args=[one.call.id]),
        "asked_at": one.call.asked_at,
        "asked_by": one.call.asked_by.name,
        "tries": one.tries,
        "never": one.safe is None or not one.safe.may_be_called,
        "doubted": one.safe is not None and one.safe.doubted,
        "begins": said(one.safe, max(window[0], one.call.not_before)) if one.safe and window else "",
        "ends_at": window[1] if window else None,
        "order": (window is None, max(window[0], one.call.not_before) if window else one.call.not_before),
    }


@staff(section=Section.REPORTER)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_call_back(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write how this reporter is reached: that they are to be called back."""
    dossier = file_to_write(request, reference, Section.REPORTER)
    form = Asking(request.POST if request.method == "POST" else None, initial={"call_id": new_id()})
    if form.is_valid():
        given, at = form.cleaned_data, clock.now()
        try:
            actions.ask_call_back(
                viewer=request.viewer, dossier=dossier, call_id=given["call_id"], why=given["why"],
                wanted=given["wanted"] or at, at=at,
            )  # fmt: skip
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Hubungi kembali"),
        button=_("Masukkan ke daftar"),
        warning="" if form.is_bound else _why_not(request, dossier),
        intro=_("Ia hanya ditelepon pada jam yang disebutnya aman; di luar itu nomornya tidak terbuka."),
    )


def _why_not(request: StaffRequest, dossier: Dossier) -> str:
    """Said before anything is typed in vain."""
    safe = queries.safe_of(request.viewer, dossier.id)
    try:
        if safe:
            check_may_be_called(safe)
    except Refused as no:
        return str(no.message)
    return ""


@staff(section=Section.REPORTER)
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: StaffRequest, call: UUID) -> HttpResponse:
    """Who may read how this reporter is reached: what to say, the number once it is asked for, and the result."""
    found = queries.call_back_of(request.viewer, call)
    if found is None:
        raise Stranger
    go = request.POST.get("go", "")
    form = Trying(request.POST if go == "tell" else None, initial={"try_id": new_id()})
    why_not, opened, calling, status = "", None, None, 200
    try:
        if go == "open":
            opened = actions.open_number(
                viewer=request.viewer, call_id=call, told=told_of(request.POST), at=clock.now()
            )
        elif go == "end":
            actions.end_call_back(viewer=request.viewer, call_id=call, at=clock.now())
            return redirect("intake:call_backs")
        elif go == "tell" and form.is_valid():
            actions.tell_try(viewer=request.viewer, call_id=call, at=clock.now(), **form.cleaned_data)
            return redirect("intake:call_back", call)
        elif go == "tell":
            status = 400
    except PerhapsCalling as no:
        calling, status = perhaps_calling(no), 409
    except Refused as no:
        why_not, status = str(no.message), 409
        found = queries.call_back_of(request.viewer, call) or found  # what a colleague did meanwhile
    shown = {"form": form, "why_not": why_not, "opened": opened, "calling": calling}
    return render(request, "intake/call_back.html", _one(request, found) | shown, status=status)


def _one(request: StaffRequest, found: Waiting) -> dict[str, Any]:
    at = clock.now()
    return {
        **_row(found, request, at),
        "ended_at": found.call.ended_at,
        "may_call": found.call.ended_at is None and found.may_call_at(at),
        "until": timezone.localtime(window[1], found.safe.zone)
        if found.safe and (window := found.window(at))
        else None,
        "tried": [
            {"at": one.tried_at, "result": CallResult(one.result).label, "by": one.tried_by.name}
            for one in queries.tries_of(request.viewer, found.call.id)
        ],
    }
