"""Who may enter a view. Each view of ours has one of these on it; a test looks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from ruangaman.access.queries import Viewer, viewer_of
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


def staff(*, section: str = "", roles: frozenset[str] | None = None) -> Callable[[View], View]:
    """This will let in whoever signed in and could reach ``section``, or holds one of ``roles``; others get a 404.

    Somebody whose session has ended is asked to sign in again, and what they had typed is kept for them.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            viewer = viewer_of(request.user, clock.now())
            if (section and not viewer.reaches(section)) or (roles is not None and not roles & viewer.roles):
                raise Stranger
            request.viewer = viewer  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.door = "staff"  # type: ignore[attr-defined]
        return guarded

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """This will lead to the sign-in page and back; a form that was sent is kept, sealed, in the session."""
    page = request.get_full_path()
    if request.method == "POST":
        fields = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
        if sum(map(len, fields.values())) <= LONGEST_KEPT:
            request.session[KEPT] = {"path": request.path, "fields": fields}
        wanted = request.POST.get("next", "")
        page = wanted if url_has_allowed_host_and_scheme(wanted, None) else page
    return HttpResponseRedirect(f"{resolve_url('account_login')}?{urlencode({'next': page})}")


def kept_form(request: HttpRequest, path: str) -> dict[str, str] | None:
    """This will give back, once, what somebody had typed for ``path`` when their session ended."""
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != path:
        return None
    del request.session[KEPT]
    return cast(dict[str, str], kept["fields"])
