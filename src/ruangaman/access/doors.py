"""Who may enter a view. Each view of ours has one of these on it; a test looks."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, cast

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, dossier_by_reference, reach_of, viewer_of
from ruangaman.kernel import clock

View = Callable[..., HttpResponse]
KEPT = "kept_form"
LONGEST_KEPT = 100_000


class StaffRequest(HttpRequest):
    """A request of somebody who signed in, with who they are."""

    viewer: Viewer


class Stranger(Http404):
    """What was asked for is not this person's to see. They get a 404; the ledger gets an entry."""

    def __init__(self, reference: str = "") -> None:
        super().__init__()
        self.reference = reference


def public(view: View) -> View:
    """This will let anyone in."""
    view.door = "public"  # type: ignore[attr-defined]
    return view


def staff(
    *, section: str = "", roles: frozenset[str] | None = None, long: bool = False
) -> Callable[[View], View]:
    """This will let in whoever signed in and could reach ``section``, or holds one of ``roles``; others get a 404.

    Somebody whose session has ended is asked to sign in again, and what they had typed is kept for them. ``long``: what
    the view does takes seconds, so it begins and ends its own transactions; the database ends one that lies idle.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            # A transaction carries the ticket to the database; a request that takes long has none around it.
            with transaction.atomic() if long else nullcontext():
                viewer = viewer_of(request.user, clock.now())
            if (section and not viewer.reaches(section)) or (roles is not None and not roles & viewer.roles):
                raise Stranger
            request.viewer = viewer  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.door = "staff"  # type: ignore[attr-defined]
        return transaction.non_atomic_requests(guarded) if long else guarded

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """This will lead to the sign-in page and back; a form that was sent is kept, sealed, in the session."""
    page = request.get_full_path()
    if request.method == "POST":
        sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
        if sum(len(value) for values in sent.values() for value in values) <= LONGEST_KEPT:
            # Of what was ticked several times under one name, such as the days of a week, all of it.
            fields = {
                name: values if len(values) > 1 else values[0] for name, values in sent.items() if values
            }
            request.session[KEPT] = {"path": request.path, "fields": fields}
        wanted = request.POST.get("next", "")
        page = wanted if url_has_allowed_host_and_scheme(wanted, None) else page
    return HttpResponseRedirect(f"{resolve_url('account_login')}?{urlencode({'next': page})}")


def kept_form(request: HttpRequest, path: str) -> dict[str, Any] | None:
    """This will give back, once, what somebody had typed for ``path`` when their session ended: under each name a text,
    or a list of them where several were sent.
    """
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != path:
        return None
    del request.session[KEPT]
    return cast(dict[str, Any], kept["fields"])


def page_of(dossier: Dossier) -> str:
    """This will give the address of a dossier's page. The desk serves it (tests/desk/test_dossier.py)."""
    return f"/berkas/{dossier.reference}/"


def file_to_write(request: StaffRequest, reference: str, section: str) -> Dossier:
    """This will give a dossier of which the viewer may write a section.

    :raises Stranger: where there is none; which is also what somebody who may only read is told.
    """
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None or section not in reach_of(request.viewer, dossier, clock.now())[1]:
        raise Stranger(reference)
    return dossier


def form_page(
    request: HttpRequest,
    dossier: Dossier,
    form: forms.Form,
    *,
    title: Any,
    button: Any,
    intro: Any = "",
    notes: tuple[Any, ...] = (),
    warning: Any = "",
    theirs: tuple[tuple[Any, str], ...] = (),
    status: int = 200,
) -> HttpResponse:
    """This will show the page of one form about a dossier.

    ``notes``: sentences above the form. ``warning``: why what was sent was not taken. ``theirs``: what somebody else
    saved meanwhile, as (field, text), shown beside what was typed, so that nothing is lost (security.md 19).
    """
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "form": form,
        "title": title,
        "button": button,
        "intro": intro,
        "notes": notes,
        "warning": warning,
        "theirs": theirs,
    }
    bad = form.is_bound and (form.errors or warning)
    return render(request, "access/form_page.html", context, status=status if not bad else max(status, 400))
