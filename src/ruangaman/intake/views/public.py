"""The first pages, and leaving."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ruangaman.access.doors import public
from ruangaman.clocks.queries import national_days_off
from ruangaman.intake import actions
from ruangaman.intake.views.cookies import CODE_COOKIE, DRAFT_COOKIE, forget, visit_of
from ruangaman.kernel import clock
from ruangaman.network.queries import public_doors


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Anyone: three doors."""
    return render(request, "intake/home.html")


@public
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Anyone: whom to call now, and where to go."""
    now = clock.now()
    hotlines, posts = public_doors(now, national_days_off(now))
    return render(
        request, "intake/help_now.html", {"hotlines": hotlines, "posts": posts, "writing": visit_of(request)}
    )


@public
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Anyone: the rights of who reports."""
    return render(request, "intake/rights.html")


@public
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Anyone, at once: ends draft, code and session, and goes to a page that anyone may have open (care.md 3).

    A draft that a code was taken for waits for that code, and for nothing that this browser holds.
    """
    visit = visit_of(request)
    if visit:
        actions.leave_draft(visit=visit, at=clock.now())
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        get_adapter().logout(request)
    # The script's beacon goes nowhere itself: the page is on its way already.
    by_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    response = HttpResponse(status=204) if by_script else HttpResponseRedirect(settings.EXIT_URL, status=303)
    for name in (DRAFT_COOKIE, CODE_COOKIE):
        forget(response, name)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
