"""What pages of people who signed in know."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from ruangaman.access.queries import Viewer, viewer_of
from ruangaman.kernel import clock

ACCOUNT_PAGES = "/akun/"
# Filled at start-up by the rooms that have a page in the menu: (label, url name, section or "", roles or None).
NAVIGATION: list[tuple[Any, str, str, frozenset[str] | None]] = []
# What waits behind a page of the menu, by its url name: one query each, which stops at ``MOST_COUNTED``.
COUNTS: dict[str, Callable[[Viewer], int]] = {}
MOST_COUNTED = 99


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
        {
            "label": label,
            "url": url,
            "current": request.path.startswith(url),
            "count": SimpleLazyObject(partial(_count, looking, name)) if name in COUNTS else "",
        }
        for label, url, name in _entries(looking)
    ]
    return {"viewer": looking, "nav": nav}


def _count(looking: Viewer, name: str) -> str:
    """Asked by a menu that is really drawn: an error page, which may have no database, draws none."""
    with transaction.atomic(savepoint=False):
        count = COUNTS[name](looking)
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


def pages_of(looking: Viewer) -> list[tuple[Any, str]]:
    """This will give the pages of the menu that this person has: (label, address)."""
    return [(label, url) for label, url, _name in _entries(looking)]


def _entries(looking: Viewer) -> list[tuple[Any, str, str]]:
    return [
        (label, reverse(name), name)
        for label, name, section, roles in NAVIGATION
        if (not section or looking.reaches(section)) and (roles is None or roles & looking.roles)
    ]
