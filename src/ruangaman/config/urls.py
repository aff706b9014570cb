"""Every address. Public ones are neutral words: they stand in a browser's history."""

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

urlpatterns = [
    path("", include("ruangaman.intake.urls")),
    path("", include("ruangaman.desk.urls")),
    path("orang/", include("ruangaman.people.urls")),
    path("kelola/", include("ruangaman.access.urls")),
    # Without a token: it changes nothing but the language, and so a first page needs no cookie.
    path("bahasa/", csrf_exempt(set_language), name="set_language"),
    path("akun/", include("allauth.account.urls")),
    path("akun/faktor/", include("allauth.mfa.urls")),
]
