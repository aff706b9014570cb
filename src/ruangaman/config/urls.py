"""Every address. Public ones are neutral words: they stand in a browser's history."""

from allauth.account import urls as account
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from ruangaman.access.doors import public

# Accounts are made by administrators, and so are their addresses: whoever sits down at a screen that was left open
# must not be able to have the next password sent elsewhere. What the library offers beyond this list is not here.
ACCOUNT_PAGES = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


@public
def not_here(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Nobody: a page of the sign-in package that is not ours. Its name stays, because the package looks it up."""
    raise Http404


urlpatterns = [
    path("", include("ruangaman.intake.urls")),
    path("", include("ruangaman.desk.urls")),
    path("orang/", include("ruangaman.people.urls")),
    path("persetujuan/", include("ruangaman.consent.urls")),
    path("pemberitahuan/", include("ruangaman.notices.urls")),
    path("tenggat/", include("ruangaman.clocks.urls")),
    path("", include("ruangaman.papers.urls")),
    path("agenda/", include("ruangaman.agenda.urls")),
    path("kasus/", include("ruangaman.cases.urls")),
    path("rujukan/", include("ruangaman.services.urls")),
    path("hukum/", include("ruangaman.justice.urls")),
    path("pulang/", include("ruangaman.closure.urls")),
    path("standar/", include("ruangaman.standards.urls")),
    path("kelola/", include("ruangaman.access.urls")),
    # Without a token: it changes nothing but the language, and so a first page needs no cookie.
    path("bahasa/", csrf_exempt(set_language), name="set_language"),
    path(
        "akun/",
        include(
            [
                page if page.name in ACCOUNT_PAGES else URLPattern(page.pattern, not_here, name=page.name)
                for page in account.urlpatterns
            ]
        ),
    ),
    path("akun/faktor/", include("allauth.mfa.urls")),
]
