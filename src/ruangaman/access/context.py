"""What pages of people who signed in know."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from ruangaman.access.queries import Viewer, viewer_of
from ruangaman.kernel import clock

ACCOUNT_PAGES = "/akun/"
# Filled at start-up by the rooms that have a page in the menu: (label, url name, section or "", roles or None).
NAVIGATION: list[tuple[Any, str, str, frozenset[str] | None]] = []


def viewer(request: HttpRequest) -> dict[str, Any]:
    """This will give staff pages who is looking, and the pages that person has."""
    looking = getattr(request, "viewer", None)
    user = getattr(request, "user", None)  # a request that was refused at the door has none
    if looking is None and user and request.path.startswith(ACCOUNT_PAGES) and user.is_authenticated:
        # Pages of django-allauth are rendered after their view: a transaction shows the ticket once more.
        with transaction.atomic():
            looking = viewer_of(user, clock.now())
    if looking is None:
        return {}
    nav = [
        {"label": label, "url": url, "current": request.path.startswith(url), "count": ""}
        for label, url in pages_of(looking)
    ]
    return {"viewer": looking, "nav": nav}


def pages_of(looking: Viewer) -> list[tuple[Any, str]]:
    """This will give the pages of the menu that this person has: (label, address)."""
    return [
        (label, reverse(name))
        for label, name, section, roles in NAVIGATION
        if (not section or looking.reaches(section)) and (roles is None or roles & looking.roles)
    ]
