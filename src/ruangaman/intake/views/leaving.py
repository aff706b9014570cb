"""Leaving: what it ends, and what it still ends when the line was lost at that moment. Source: care.md 3."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import escape_leading_slashes

from ruangaman.intake import actions
from ruangaman.intake.views.cookies import CODE_COOKIE, DRAFT_COOKIE, LEFT_COOKIE, forget, visit_of
from ruangaman.kernel import clock
from ruangaman.kernel.http import Answer


def left(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """This will end draft, code and session of a browser, and take from it with ``response`` what it held of ours.

    A draft that a code was taken for waits for that code, and for nothing that this browser holds.
    """
    visit = visit_of(request)
    with transaction.atomic():
        if visit:
            actions.leave_draft(visit=visit, at=clock.now())
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            get_adapter().logout(request)
    for name in (DRAFT_COOKIE, CODE_COOKIE, LEFT_COOKIE):
        forget(response, name)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def finish_leaving(get_response: Answer) -> Answer:
    """This will end a visit whose Exit never arrived, before this browser is shown anything.

    The script sets a cookie as she leaves, and only the answer to her leaving takes it back: a telephone without a line
    leaves the page at once all the same, but draft, code and session would wait here for whoever picks it up next.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(LEFT_COOKIE) or request.path == settings.LEAVE_URL:
            return get_response(request)
        again = escape_leading_slashes(request.get_full_path())  # "//elsewhere.example" is no page of ours
        return left(request, HttpResponseRedirect(again, status=303))

    return middleware
