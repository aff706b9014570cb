"""What every request meets first, and small answers that every room gives."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

Answer = Callable[[HttpRequest], HttpResponse]
MACHINES = "/api/"  # where programs call: what is wrong there is answered there, as JSON


def read_first(get_response: Answer) -> Answer:
    """This will read the whole form before anything is looked up, and refuse an address that no page of ours has.

    Too many fields are refused by Django when the form is first read, which is here: before a transaction begins.
    What is wrong inside a field is the form's to say, beside the field, with the text kept.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(MACHINES):
            return get_response(request)
        if request.method == "POST":
            len(request.POST)
        if any("\0" in text for text in (request.path, *request.GET.keys(), *request.GET.values())):
            return render(request, "400.html", {"reason": _("Alamat ini tidak terbaca.")}, status=400)
        return get_response(request)

    return middleware


def speak(get_response: Answer) -> Answer:
    """This will speak Indonesian unless somebody chose otherwise here.

    Not the browser's own preference: many phones in Indonesia are set to English by whoever sold them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def keep_nothing(get_response: Answer) -> Answer:
    """This will tell browsers and proxies to keep no page: Back, a shared computer and a cache show nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store"
        # A page may ask for more itself: the one on which a voice note is recorded does.
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        )
        return response

    return middleware


def own_page(request: HttpRequest) -> str:
    """This will give the page of ours that a form names in ``next``, or an empty text: never another site's."""
    wanted = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own else ""


def back_to(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """This will go back to the page of ours that the form names, or to ``otherwise``."""
    return HttpResponseRedirect(own_page(request) or otherwise)
