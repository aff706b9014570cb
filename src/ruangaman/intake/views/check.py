"""The way back: a code, what it shows, and a message."""

import base64
import binascii
import json
import logging
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import public
from ruangaman.intake import actions, queries
from ruangaman.intake.forms import threads as forms
from ruangaman.intake.states import PublicStatus
from ruangaman.intake.views.cookies import CODE_COOKIE, forget, remember
from ruangaman.kernel import clock, keyring, limits, tickets
from ruangaman.kernel.codes import Code, UnreadableCode, read_code
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import open_under, seal_under
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb

log = logging.getLogger("ruangaman.intake")

CODE_LIFE = timedelta(minutes=15)  # how long a code that was typed stays open without being typed again
WRONG_CODES, WRONG_CODES_SECONDS = 10, 600


@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Anyone with a code: their own messages, the unit's answers, and three words of where it stands."""
    code = _typed_code(request)
    if code is None:
        return _ask_code(request)
    found = queries.locate(actions.locator(code))
    if found is None:
        return forget(redirect("intake:check"), CODE_COOKIE)
    try:
        return _thread(request, code, found)
    except Unreadable:
        log.error("the thread of dossier %s does not open with its code", found[0])
        form = forms.Code({"code": ""})
        form.errors.clear()
        form.add_error(
            None,
            _(
                "Percakapan ini tidak terbaca. Ini kesalahan di pihak kami; telepon SAPA 129 atau buat laporan baru."
            ),
        )
        return forget(render(request, "intake/check.html", {"form": form}, status=409), CODE_COOKIE)


def _thread(request: HttpRequest, code: Code, found: tuple[UUID, UUID, bytes]) -> HttpResponse:
    now = clock.now()
    dossier_id, key_id, wrap = found
    key = actions.thread_key(code, key_id, wrap)
    form = forms.Message(initial={"message_id": new_id(), "body": request.POST.get("body", "")})
    if request.method == "POST" and "body" in request.POST and "code" not in request.POST:
        form = forms.Message(request.POST)
        if form.is_valid():
            try:
                actions.write_as_reporter(dossier_id=dossier_id, key=key, **form.cleaned_data, at=now)
                return redirect("intake:check")
            except Refused as no:
                form.add_error(None, str(no.message))
    with tickets.carry(tickets.sign(purpose="reporter", scope=dossier_id, at=now)):
        status = queries.thread_status(dossier_id) or PublicStatus.RECEIVED
        messages = queries.opened_messages(dossier_id, key, staff=False)
    done = status == PublicStatus.DONE and not form.is_bound
    context = {"status": status, "status_label": PublicStatus(status).label, "messages": messages}
    return render(request, "intake/thread.html", {**context, "form": None if done else form})


def _typed_code(request: HttpRequest) -> Code | None:
    """The code that was typed a moment ago, from a cookie that only this server opens."""
    try:
        sealed = base64.urlsafe_b64decode(request.COOKIES.get(CODE_COOKIE, ""))
        kept = (
            json.loads(open_under(keyring.current().derived("codes/cookie"), sealed, "code"))
            if sealed
            else {}
        )
    except (binascii.Error, ValueError, Unreadable):
        return None
    return read_code(kept["code"]) if kept.get("until", 0) > clock.now().timestamp() else None


def _ask_code(request: HttpRequest) -> HttpResponse:
    form = forms.Code(request.POST if request.method == "POST" and "code" in request.POST else None)
    typed = request.POST.get("body", "")  # a message that was being written when the code closed again
    if not form.is_bound:
        return render(request, "intake/check.html", {"form": form, "typed": typed})
    who = limits.caller(request)
    status = 200
    if form.is_valid():
        try:
            code = read_code(form.cleaned_data["code"])
            found = queries.locate(actions.locator(code))
        except UnreadableCode as unread:
            form.add_error("code", str(unread))
        else:
            if found:
                response = _thread(request, code, found) if typed else redirect("intake:check")
                return _open_thread(response, code, found[0])
            if limits.allow("code", who, most=WRONG_CODES, seconds=WRONG_CODES_SECONDS):
                form.add_error(
                    "code", _("Kode ini tidak ada pada kami. Periksa setiap kata, atau buat laporan baru.")
                )
            else:
                form.add_error(
                    "code",
                    _(
                        "Terlalu banyak kode yang keliru. Coba lagi sepuluh menit lagi; dalam bahaya telepon 112."
                    ),
                )
                status = 429
    return render(request, "intake/check.html", {"form": form, "typed": typed}, status=status)


def _open_thread(response: HttpResponse, code: Code, dossier_id: UUID) -> HttpResponse:
    now = clock.now()
    with tickets.carry(tickets.sign(purpose="reporter", scope=dossier_id, at=now)):
        record(Verb.THREAD_READ, at=now, kind=ActorKind.REPORTER, dossier=dossier_id)
    kept = json.dumps({"code": str(code), "until": (now + CODE_LIFE).timestamp()}).encode()
    sealed = seal_under(keyring.current().derived("codes/cookie"), kept, "code")
    remember(response, CODE_COOKIE, base64.urlsafe_b64encode(sealed).decode())
    return response
