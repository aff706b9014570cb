"""The code that was typed a moment ago, in a cookie that only this server opens."""

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from ruangaman.intake.views.cookies import CODE_COOKIE, remember
from ruangaman.kernel import clock, keyring
from ruangaman.kernel.codes import Code, read_code
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import open_under, seal_under

CODE_LIFE = timedelta(minutes=15)  # how long a code that was typed stays open without being typed again


@dataclass(frozen=True, slots=True)
class Typed:
    """A code as it was typed, with a client's second secret, and the new one that is being shown in its place."""

    code: Code
    second: str = field(default="", repr=False)
    fresh: Code | None = None


def typed_code(request: HttpRequest) -> Typed | None:
    """This will give the code that was typed within the last quarter of an hour, or None."""
    try:
        sealed = base64.urlsafe_b64decode(request.COOKIES.get(CODE_COOKIE, ""))
        if not sealed:
            return None
        kept = json.loads(open_under(keyring.current().derived("codes/cookie"), sealed, "code"))
    except (binascii.Error, ValueError, Unreadable):
        return None
    if kept.get("until", 0) <= clock.now().timestamp():
        return None
    fresh = kept.get("fresh")
    return Typed(read_code(kept["code"]), kept.get("second", ""), read_code(fresh) if fresh else None)


def keep_code(response: HttpResponse, typed: Typed, now: datetime) -> HttpResponse:
    """This will keep a code open in this browser for a quarter of an hour."""
    kept = {
        "code": str(typed.code),
        "second": typed.second,
        "fresh": str(typed.fresh) if typed.fresh else "",
        "until": (now + CODE_LIFE).timestamp(),
    }
    sealed = seal_under(keyring.current().derived("codes/cookie"), json.dumps(kept).encode(), "code")
    remember(response, CODE_COOKIE, base64.urlsafe_b64encode(sealed).decode())
    return response
