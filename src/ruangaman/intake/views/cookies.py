"""What a browser without an account carries: the key of its draft, and a code that was typed a moment ago."""

import base64
import binascii
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ruangaman.intake import actions

DRAFT_COOKIE, CODE_COOKIE, LEFT_COOKIE = "tulisan", "kode", "keluar"


def visit_of(request: HttpRequest) -> actions.Visit | None:
    """This will give the draft in a browser's hands, or None where there is none."""
    try:
        raw = base64.urlsafe_b64decode(request.COOKIES.get(DRAFT_COOKIE, ""))
        return actions.Visit(UUID(bytes=raw[:16]), raw[16:]) if len(raw) == 48 else None
    except (binascii.Error, ValueError):
        return None


def remember(response: HttpResponse, name: str, value: str) -> None:
    """This will set a cookie that no script reads and no other site sends."""
    response.set_cookie(name, value, httponly=True, secure=settings.HTTPS, samesite="Strict")


def remember_visit(response: HttpResponse, visit: actions.Visit) -> HttpResponse:
    """This will leave a draft in a browser's hands."""
    kept = base64.urlsafe_b64encode(visit.id.bytes + visit.secret).decode()
    remember(response, DRAFT_COOKIE, kept)
    return response


def forget(response: HttpResponse, name: str) -> HttpResponse:
    """This will take a cookie back."""
    response.delete_cookie(name, samesite="Strict")
    return response
