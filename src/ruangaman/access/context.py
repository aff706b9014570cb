"""What pages of people who signed in know."""

from typing import Any

from django.http import HttpRequest

# Filled at start-up by the rooms that have a page in the menu: (label, url name, section or "", roles or None).
NAVIGATION: list[tuple[Any, str, str, frozenset[str] | None]] = []


def viewer(request: HttpRequest) -> dict[str, Any]:
    """This will give staff pages who is looking, and the pages that person has."""
    from django.urls import reverse

    looking = getattr(request, "viewer", None)
    if looking is None:
        return {}
    nav = []
    for label, name, section, roles in NAVIGATION:
        if (not section or looking.reaches(section)) and (roles is None or roles & looking.roles):
            url = reverse(name)
            nav.append({"label": label, "url": url, "current": request.path.startswith(url), "count": ""})
    return {"viewer": looking, "nav": nav}
