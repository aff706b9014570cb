"""What partner applications call: JSON in, JSON out, with a key of their own. No cookie, and never a page.

The only addresses without Django's token against forged forms: a browser sends no ``Authorization`` by itself, and
nothing here looks at a session.
"""

import json
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ruangaman.access.doors import View, public
from ruangaman.intake.actions import delivering as actions
from ruangaman.intake.policies import delivering as policies
from ruangaman.intake.policies import openapi
from ruangaman.intake.queries import ways as queries
from ruangaman.intake.states import PublicStatus
from ruangaman.kernel import clock, limits
from ruangaman.kernel.codes import Code
from ruangaman.kernel.errors import Refused
from ruangaman.places.models import Place

log = logging.getLogger("ruangaman.intake")

WRONG_KEYS, WRONG_KEYS_SECONDS = 20, 600
HOUR = 3600


class Turned(Exception):
    """A request that is not taken, with what its sender is told (RFC 9457)."""

    def __init__(
        self, status: HTTPStatus, detail: str, problems: list[policies.Problem] | None = None, **headers: str
    ) -> None:
        super().__init__(status)
        self.status, self.detail, self.problems, self.headers = status, detail, problems or [], headers

    def answer(self) -> HttpResponse:
        told: dict[str, Any] = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
        }
        if self.problems:
            told["errors"] = [{"pointer": one.pointer, "detail": one.detail} for one in self.problems]
        headers = {name.replace("_", "-"): value for name, value in self.headers.items()}
        return JsonResponse(told, status=int(self.status), content_type=openapi.PROBLEM_TYPE, headers=headers)


def machine(*methods: str) -> Callable[[View], View]:
    """This will let any program in by those methods, and answer whatever goes wrong as a problem in JSON."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if methods and request.method not in methods:
                    allowed = ", ".join(methods)
                    raise Turned(
                        HTTPStatus.METHOD_NOT_ALLOWED,
                        _("Alamat ini hanya menerima %s.") % allowed,
                        Allow=allowed,
                    )
                return view(request, *args, **kwargs)
            except Turned as turned:
                return turned.answer()
            except Exception:
                # The handler of the site would answer with a page. Nothing is half written: each write is one
                # transaction of its own.
                log.exception("a request of a partner's application failed")
                return Turned(
                    HTTPStatus.INTERNAL_SERVER_ERROR,
                    _(
                        "Kesalahan di pihak kami. Kirim lagi dengan nomor yang sama; laporan tidak menjadi dua."
                    ),
                ).answer()

        return public(csrf_exempt(transaction.non_atomic_requests(guarded)))

    return decorate


@machine("POST")
def reports(request: HttpRequest) -> HttpResponse:
    """A partner's application with its key: hands one report over; the same again is answered the same."""
    app, secret = _app(request)
    sent = policies.read(_body(request))
    problems = sent.problems
    if not problems:
        problems = policies.check_who(sent.told, takes_anonymous=app.takes_anonymous) + _check_place(
            sent.told
        )
    if problems:
        raise Turned(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("Ada isian yang tidak sesuai. Perbaiki, lalu kirim lagi."),
            problems,
        )
    # A flood is kept and looked at after the others; nothing is refused. Source: security.md 16.
    calm = limits.allow("app", str(app.key), most=policies.SEVERAL_AN_HOUR, seconds=HOUR)
    try:
        handed = actions.deliver(
            app=app, secret=secret, number=sent.number, told=sent.told, in_flood=not calm, at=clock.now()
        )
    except actions.OtherContent as no:
        raise Turned(HTTPStatus.CONFLICT, str(no.message)) from None
    except Refused as no:
        problem = policies.Problem("#", str(no.message))
        raise Turned(HTTPStatus.UNPROCESSABLE_ENTITY, problem.detail, [problem]) from None
    told = {
        "number": sent.number,
        "status": PublicStatus.RECEIVED,
        "code": handed.code.words if handed.code else None,
        "what_next": _what_next(request, handed.code, danger=bool(sent.told.get("danger_now"))),
    }
    return JsonResponse(told, status=HTTPStatus.CREATED if handed.is_new else HTTPStatus.OK)


@machine("GET", "HEAD")
def report(request: HttpRequest, number: str) -> HttpResponse:
    """A partner's application with its key: one of three words about a report that it handed over, and no more.

    Source: care.md 1.
    """
    app, secret = _app(request)
    found = queries.delivered(secret, app.way, number)
    # One answer for a number that nobody gave and for another application's: nothing is learnt by trying.
    if found is None or not found.status:
        raise Turned(HTTPStatus.NOT_FOUND, _("Tidak ada laporan dengan nomor ini dari aplikasi Anda."))
    return JsonResponse({"number": number, "status": found.status})


@machine("GET", "HEAD")
def document(request: HttpRequest) -> HttpResponse:
    """Anyone: how an application hands a report over (OpenAPI 3.1)."""
    return JsonResponse(openapi.document(server=request.build_absolute_uri("/").rstrip("/")))


@machine()
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Anyone: an address of the programs' that there is not."""
    raise Turned(
        HTTPStatus.NOT_FOUND,
        _("Alamat ini tidak ada. Yang ada tertulis di %s.") % reverse("intake:api_document"),
    )


def _app(request: HttpRequest) -> tuple[queries.App, str]:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    app = queries.app_by(secret) if scheme.lower() == "bearer" and secret else None
    if app:
        return app, secret
    # Who shows no key guesses none; and a right one is not counted, so that nobody behind one address locks others out.
    if not secret or limits.allow(
        "app-key", limits.caller(request), most=WRONG_KEYS, seconds=WRONG_KEYS_SECONDS
    ):
        raise Turned(
            HTTPStatus.UNAUTHORIZED,
            _("Kunci aplikasi tidak ada atau tidak berlaku. Kirim sebagai: Authorization: Bearer ra_…"),
            WWW_Authenticate="Bearer",
        )
    raise Turned(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Terlalu banyak kunci yang keliru. Coba lagi sepuluh menit lagi."),
        Retry_After=str(WRONG_KEYS_SECONDS),
    )


def _body(request: HttpRequest) -> Any:
    if request.content_type != "application/json":
        raise Turned(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("Kirim sebagai application/json."))
    if len(request.body) > policies.LARGEST_BODY:
        raise Turned(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            _("Terlalu besar: paling banyak %d byte.") % policies.LARGEST_BODY,
        )
    try:
        text = request.body.decode("utf-8")
        body = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
        json.dumps(body, ensure_ascii=False).encode("utf-8")  # half a character is no text
    except (ValueError, RecursionError):
        raise Turned(
            HTTPStatus.BAD_REQUEST, _("Ini bukan JSON yang bisa dibaca. Kirim satu objek JSON dalam UTF-8.")
        ) from None
    return body


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two fields of one name could be read as two reports."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _check_place(told: dict[str, Any]) -> list[policies.Problem]:
    if "place" not in told or Place.objects.filter(code=told["place"]).exists():
        return []
    return [
        policies.Problem(
            "#/place", _("Kode wilayah ini tidak ada. Pakai kode Kemendagri, misalnya 31.73.01.")
        )
    ]


def _what_next(request: HttpRequest, code: Code | None, *, danger: bool) -> str:
    if code is None:
        return _("Laporan ini sudah diterima. Kodenya tidak bisa ditampilkan lagi setelah sehari.")
    told = _(
        "Sampaikan tujuh kata ini kepada pelapor, dan jangan simpan. Dengan kata-kata itu ia membaca jawaban di %s."
    ) % request.build_absolute_uri(reverse("intake:check"))
    return f"{_('Dalam bahaya sekarang: hubungkan dengan 112.')} {told}" if danger else told
