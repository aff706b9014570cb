"""What pages of people who signed in know."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from ruangaman.access.queries import viewer_of
from ruangaman.kernel import clock

ACCOUNT_PAGES = "/akun/"
# Filled at start-up by the rooms that have a page in the menu: (label, url name, section or "", roles or None).
NAVIGATION: list[tuple[Any, str, str, frozenset[str] | None]] = []


def viewer(request: HttpRequest) -> dict[str, Any]:
    """This will give staff pages who is looking, and the pages that person has."""
    looking = getattr(request, "viewer", None)
    if looking is None and request.path.startswith(ACCOUNT_PAGES) and request.user.is_authenticated:
        # Pages of django-allauth are rendered after their view: a transaction shows the ticket once more.
        with transaction.atomic():
            looking = viewer_of(request.user, clock.now())
    if looking is None:
        return {}
    nav = []
    for label, name, section, roles in NAVIGATION:
        if (not section or looking.reaches(section)) and (roles is None or roles & looking.roles):
            url = reverse(name)
            nav.append({"label": label, "url": url, "current": request.path.startswith(url), "count": ""})
    return {"viewer": looking, "nav": nav}
