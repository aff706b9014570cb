"""Evidence by its digest alone: registered, and looked at by nobody."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, file_to_write, page_of, staff
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.papers.actions import evidence as actions
from ruangaman.papers.forms.evidence import Fingerprint
from ruangaman.papers.states import Origin, PaperKind
from ruangaman.papers.views.filling import attempt, filled


@staff(section=Section.NARRATIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the story of this dossier: registering a digest; no file has a way in here."""
    dossier = file_to_write(request, reference, Section.NARRATIVE)
    form = filled(request, Fingerprint)

    def act(told: dict[str, Any]) -> str:
        paper, before = actions.register_hash(
            viewer=request.viewer,
            dossier=dossier,
            kind=PaperKind(told["kind"]),
            origin=Origin(told["origin"]),
            digest=told["digest"],
            name=told["name"],
            note=form.note(),
            paper_id=told["row_id"],
            at=clock.now(),
        )
        if before:
            again = _("Sidik yang sama sudah tercatat di berkas ini. Catatan baru ini menambahkannya.")
            messages.warning(request, again)
        else:
            messages.success(request, _("Sidik dicatat. Rantai bukti dimulai."))
        return reverse("papers:evidence", args=[paper.id])

    status = 200
    if request.method == "POST":
        if form.is_valid():
            if after := attempt(form, act):
                return HttpResponseRedirect(after)
            status = 409
        else:
            status = 400
    context = {"reference": dossier.reference, "back": page_of(dossier), "form": form}
    return render(request, "papers/evidence_hash.html", context, status=status)
