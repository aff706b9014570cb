"""Opening an identity."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.http import own_page
from ruangaman.people import actions


@staff(section=Section.IDENTITY)
@require_POST
def open_identity(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read identities of this dossier: the name, once, with an entry in the ledger."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    try:
        opened = actions.open_identity(viewer=request.viewer, dossier=dossier, at=clock.now())
    except Refused as no:
        context = {"reference": reference, "why_not": no.message, "back": own_page(request)}
        return render(request, "people/identity.html", context, status=409)
    return render(
        request,
        "people/identity.html",
        {"reference": reference, "opened": opened, "back": own_page(request)},
    )


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write identities of this dossier: somebody new in it."""
    raise NotImplementedError


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write identities of this dossier: who stands for a child."""
    raise NotImplementedError
