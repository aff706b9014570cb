"""The public pages, and the unit's answer."""

import base64
import binascii
import json
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, public, staff
from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Section
from ruangaman.clocks.queries import deadline
from ruangaman.intake import actions, forms, policies, queries
from ruangaman.intake.states import STEPS, Means, PublicStatus, ReporterKind, Step
from ruangaman.kernel import clock, keyring, limits, tickets
from ruangaman.kernel.codes import Code, UnreadableCode, read_code
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import open_under, seal_under
from ruangaman.kernel.http import back_to, own_page
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.network.queries import public_doors
from ruangaman.places.models import Place

log = logging.getLogger("ruangaman.intake")

DRAFT_COOKIE, CODE_COOKIE = "tulisan", "kode"
CODE_LIFE = timedelta(minutes=15)  # how long a code that was typed stays open without being typed again
WRONG_CODES, WRONG_CODES_SECONDS = 10, 600


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Anyone: three doors."""
    return render(request, "intake/home.html")


@public
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Anyone: whom to call now, and where to go."""
    hotlines, posts = public_doors(clock.now())
    return render(request, "intake/help_now.html", {"hotlines": hotlines, "posts": posts})


@public
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Anyone: the rights of who reports."""
    return render(request, "intake/rights.html")


# --- the form ----------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Anyone: a report, one thing a page, at one address. What is typed lies sealed on the server."""
    now = clock.now()
    visit = _visit(request)
    draft = _draft(visit, now)
    if visit and draft and draft[1]:
        return _receipt(request, visit, draft[1], draft[0].get("unit", ""))
    answers: dict[str, Any] = draft[0] if draft else {}
    lost = bool(visit and not draft)
    if request.method != "POST":
        if lost:
            return _forget(render(request, "intake/gone.html"), DRAFT_COOKIE)
        return _step(request, answers.get("step", Step.ABOUT), answers)
    sent = request.POST.get("step", "")
    step = sent if sent in STEPS else answers.get("step", Step.ABOUT)
    go = request.POST.get("go", "next")
    if step == Step.CHECK and go == "next":
        return _send(request, visit if draft else None, answers)
    form = forms.form_for(step, request.POST)
    leaving = go in STEPS or go == "back"
    # Who goes back may leave gaps; but what was typed and can't be kept as it is stays on the page, with the reason.
    if not form.is_valid() and (not leaving or any(request.POST.get(name) for name in form.errors)):
        return _step(request, step, answers, form)
    if step != Step.CHECK:
        answers.update(form.cleaned_data)
    answers["step"] = _next(step, go)
    visit = visit if draft else actions.new_visit()
    assert visit is not None
    actions.keep_draft(visit=visit, answers=answers, at=now)
    urgent = step == Step.ABOUT and answers.get("danger_now") == "yes" and go == "next"
    response = redirect("intake:help_now" if urgent else "intake:report")
    _remember(response, DRAFT_COOKIE, base64.urlsafe_b64encode(visit.id.bytes + visit.secret).decode())
    return response


def _next(step: str, go: str) -> str:
    if go in STEPS:
        return go
    place = STEPS.index(Step(step)) + (-1 if go == "back" else 1)
    return STEPS[max(0, min(place, len(STEPS) - 1))]


def _step(request: HttpRequest, step: str, answers: dict[str, Any], form: Any = None) -> HttpResponse:
    context = {
        "step": step,
        "number": STEPS.index(Step(step)) + 1,
        "total": len(STEPS),
        "form": form or forms.form_for(step, initial=answers),
        "back": step != Step.ABOUT,
        "summary": _summary(answers) if step == Step.CHECK else [],
        "draft_note": int(policies.DRAFT_LIFE.total_seconds() // 60) if answers else 0,
    }
    return render(request, "intake/report.html", context)


def _summary(answers: dict[str, Any]) -> list[dict[str, str]]:
    place = Place.objects.filter(code=answers.get("place") or "").first()
    kind, means = answers.get("reporter_kind"), answers.get("means")
    rows = [
        (_("Siapa kamu"), str(ReporterKind(kind).label) if kind else "", Step.ABOUT),
        (_("Bahaya sekarang"), _("Ya") if answers.get("danger_now") == "yes" else _("Tidak"), Step.ABOUT),
        (_("Apa yang terjadi"), answers.get("story", ""), Step.WHAT),
        (_("Di mana"), place.name if place else "", Step.WHERE),
        (_("Nama"), answers.get("name", ""), Step.REACH),
        (_("Cara menghubungi"), str(Means(means).label) if means else "", Step.REACH),
        (_("Nomor telepon"), answers.get("phone", ""), Step.REACH),
        (_("Jam yang aman"), answers.get("hours", ""), Step.REACH),
        (_("Jangan pernah menelepon"), _("Ya") if answers.get("never_call") else _("Tidak"), Step.REACH),
    ]
    return [{"label": label, "value": value, "step": step} for label, value, step in rows]


def _send(request: HttpRequest, visit: actions.Visit | None, answers: dict[str, Any]) -> HttpResponse:
    if visit is None:
        return render(request, "intake/gone.html", status=409)
    try:
        actions.file_report(visit=visit, at=clock.now())
    except Refused as no:
        missing = Step.WHAT if not answers.get("story") and answers else None
        if missing:
            form = forms.form_for(missing, {"story": ""})
            form.is_valid()
            return _step(request, missing, answers, form)
        return render(request, "intake/gone.html", {"why": no.message}, status=409)
    return redirect("intake:report")


def _receipt(request: HttpRequest, visit: actions.Visit, code: str, unit: str) -> HttpResponse:
    now = clock.now()
    if request.method == "POST" and request.POST.get("go") == "done":
        actions.drop_draft(visit=visit, at=now)
        return _forget(redirect("intake:home"), DRAFT_COOKIE)
    until = deadline(unit_id=UUID(unit), code="answer", since=now) if unit else None
    told = date_format(localtime(until), "l, j F Y") if until else ""
    return render(request, "intake/receipt.html", {"words": read_code(code).words, "until": told})


def _visit(request: HttpRequest) -> actions.Visit | None:
    try:
        raw = base64.urlsafe_b64decode(request.COOKIES.get(DRAFT_COOKIE, ""))
        return actions.Visit(UUID(bytes=raw[:16]), raw[16:]) if len(raw) == 48 else None
    except (binascii.Error, ValueError):
        return None


def _draft(visit: actions.Visit | None, at: Any) -> tuple[dict[str, Any], str] | None:
    try:
        return actions.read_draft(visit=visit, at=at) if visit else None
    except Unreadable:
        return None


# --- the way back -------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Anyone with a code: their own messages, the unit's answers, and three words of where it stands."""
    code = _typed_code(request)
    if code is None:
        return _ask_code(request)
    found = queries.locate(actions.locator(code))
    if found is None:
        return _forget(redirect("intake:check"), CODE_COOKIE)
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
        return _forget(render(request, "intake/check.html", {"form": form}, status=409), CODE_COOKIE)


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
    _remember(response, CODE_COOKIE, base64.urlsafe_b64encode(sealed).decode())
    return response


# --- leaving -----------------------------------------------------------------------------------------------------


@public
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Anyone, at once: ends draft, code and session, and goes to a page that anyone may have open (care.md 3)."""
    visit = _visit(request)
    if visit:
        actions.drop_draft(visit=visit, at=clock.now())
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        get_adapter().logout(request)
    # The script's beacon goes nowhere itself: the page is on its way already.
    by_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    response = HttpResponse(status=204) if by_script else HttpResponseRedirect(settings.EXIT_URL, status=303)
    for name in (DRAFT_COOKIE, CODE_COOKIE):
        _forget(response, name)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, httponly=True, secure=settings.HTTPS, samesite="Strict")


def _forget(response: HttpResponse, name: str) -> HttpResponse:
    response.delete_cookie(name, samesite="Strict")
    return response


# --- the unit ----------------------------------------------------------------------------------------------------


@staff(section=Section.THREAD)
@require_POST
def answer(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write in this thread: an answer to the reporter."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    form = forms.Message(request.POST)
    why = ""
    if form.is_valid():
        try:
            actions.answer(viewer=request.viewer, dossier=dossier, **form.cleaned_data, at=clock.now())
            return back_to(request, "../")
        except Refused as no:
            why = str(no.message)
    return render(
        request,
        "intake/answer.html",
        {"reference": reference, "form": form, "why": why, "back": own_page(request)},
        status=400,
    )
