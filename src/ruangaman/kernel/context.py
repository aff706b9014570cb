"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def page(request: HttpRequest) -> dict[str, Any]:
    """This will give each template its title, its language and the other one, and whether this is a demonstration."""
    current = (get_language() or "id")[:2]
    other = "en" if current == "id" else "id"
    return {
        "LANGUAGE_CODE": current,
        "other_language": {"code": other, "label": dict(settings.LANGUAGES)[other]},
        "site_title": settings.SITE_TITLE,
        "demo": settings.DEMO,
        "here": request.get_full_path(),
    }
