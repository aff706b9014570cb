"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

# Each in its own words: whoever needs the other language may not read this one.
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def page(request: HttpRequest) -> dict[str, Any]:
    """This will give each template its title, its language and the other one, and whether this is a demonstration."""
    current = (get_language() or "id")[:2]
    other = "en" if current == "id" else "id"
    return {
        "LANGUAGE_CODE": current,
        "other_language": {"code": other, "label": LANGUAGE_NAMES[other]},
        "site_title": gettext(settings.SITE_TITLE),
        "demo": settings.DEMO,
        "exit_url": settings.EXIT_URL,
        "leave_url": settings.LEAVE_URL,
        "source_url": settings.SOURCE_URL,
        "here": request.get_full_path(),
    }
