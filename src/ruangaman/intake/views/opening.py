"""The number of who reported, opened for one look."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Section
from ruangaman.intake.actions.opening import open_reporter as open_
from ruangaman.intake.policies.calling_back import Safe, is_safe_at, next_safe_window, said
from ruangaman.intake.queries.calling_back import safe_of
from ruangaman.intake.states import Means
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.forms.openings import perhaps_calling, told_of
from ruangaman.people.policies import PerhapsCalling


@staff(section=Section.REPORTER)
@require_POST
def open_reporter(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read how this reporter is reached: number and code word, once, with an entry in the ledger.

    Whoever would ring a second time is told first; a number in doubt opens for nobody.
    """
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    at, status = clock.now(), 200
    context: dict[str, Any] = {"reference": reference, "back": page_of(dossier)}
    try:
        context["opened"] = open_(viewer=request.viewer, dossier=dossier, told=told_of(request.POST), at=at)
        safe = safe_of(request.viewer, dossier.id)
        context |= _safely(safe, at) if safe else {}
        context["ask_url"] = reverse("intake:ask_call_back", args=[reference])
    except PerhapsCalling as no:
        context["calling"], status = perhaps_calling(no), 409
    except Refused as no:
        context["why_not"], status = no.message, 409
    return render(request, "intake/reporter_contact.html", context, status=status)


def _safely(safe: Safe, at: Any) -> dict[str, Any]:
    """By which way, and whether now is the time."""
    window = next_safe_window(safe, at)
    return {
        "means": Means(safe.means).label,
        "never_call": safe.never_call,
        "not_by_call": safe.means != Means.CALL,
        "begins": said(safe, window[0]) if window and not is_safe_at(safe, at) else "",
    }
