"""Carrying the ticket of whoever signed in, through one request."""

from collections.abc import Callable

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from ruangaman.access import actions, queries
from ruangaman.access.doors import Stranger
from ruangaman.access.models import User
from ruangaman.access.states import SIGNING_IN
from ruangaman.kernel import clock, tickets

# Pages that somebody without a second factor still reaches: where it is set up, and the way out.
ACCOUNT_PAGES = "/akun/"
WITHOUT_FACTOR = (ACCOUNT_PAGES, "/static/", "/keluar/", "/bahasa/")


class carry_ticket:  # noqa: N801  a middleware is named by what it does
    """Show the database who is asking, and nothing of it after the answer is given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self._while_signing_in(request)
        user = request.user
        with tickets.carry(tickets.sign(purpose="staff", person=user.id, at=clock.now())):
            if (
                not settings.DEMO
                and not request.path.startswith(WITHOUT_FACTOR)
                and not has_second_factor(user)
            ):
                return HttpResponseRedirect(resolve_url("mfa_index"))
            return self.get_response(request)

    def _while_signing_in(self, request: HttpRequest) -> HttpResponse:
        """Between password and second factor a recovery code is crossed out: by its owner, who reaches nothing else."""
        begun = request.session.get(LOGIN_SESSION_KEY) if request.path.startswith(ACCOUNT_PAGES) else None
        if not begun or not begun.get("user_pk"):
            return self.get_response(request)
        person = url_str_to_user_pk(begun["user_pk"])
        with tickets.carry(tickets.sign(purpose=SIGNING_IN, person=person, at=clock.now())):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Record a refused attempt after the view's transaction was rolled back."""
        if isinstance(error, Stranger) and request.user.is_authenticated:
            actions.record_refusal(
                by=request.user.id,
                reference=error.reference,
                hidden=queries.hidden_dossier(error.reference) if error.reference else None,
                at=clock.now(),
            )


def has_second_factor(user: User) -> bool:
    """This will say whether somebody has a one-time code or a passkey. Source: security.md 15."""
    from allauth.mfa.adapter import get_adapter

    return bool(get_adapter().is_mfa_enabled(user))
