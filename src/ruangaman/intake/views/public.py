"""The first pages, and leaving."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ruangaman.access.doors import public
from ruangaman.clocks.queries import days_off_near
from ruangaman.intake.views.cookies import visit_of
from ruangaman.intake.views.leaving import left
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
    hotlines, posts = public_doors(now, days_off_near(now))
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
    """Anyone, at once: ends draft, code and session, and goes to a page that anyone may have open (care.md 3)."""
    # The script's beacon goes nowhere itself: the page is on its way already.
    by_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    away = HttpResponse(status=204) if by_script else HttpResponseRedirect(settings.EXIT_URL, status=303)
    return left(request, away)
