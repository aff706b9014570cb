"""The unit's answer to a reporter."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Section
from ruangaman.intake import actions
from ruangaman.intake.forms import threads as forms
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.http import back_to, own_page


@staff(section=Section.THREAD)
@require_POST
def answer(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write in this thread: an answer to the reporter."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    form = forms.Message(request.POST)
    why = ""
    if form.is_valid():
        try:
            actions.answer(viewer=request.viewer, dossier=dossier, **form.cleaned_data, at=clock.now())
            return back_to(request, "../")
        except Refused as no:
            why = str(no.message)
    return render(
        request,
        "intake/answer.html",
        {"reference": reference, "form": form, "why": why, "back": own_page(request)},
        status=400,
    )
