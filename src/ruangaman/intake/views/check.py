"""The way back: one page for both codes. Which it is, the code alone says."""

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import public
from ruangaman.access.states import Section
from ruangaman.intake import actions, queries
from ruangaman.intake.actions import clients
from ruangaman.intake.actions.threads import as_reporter
from ruangaman.intake.forms import threads as forms
from ruangaman.intake.queries.clients import thread_files
from ruangaman.intake.queries.threads import own_report
from ruangaman.intake.states import PublicStatus
from ruangaman.intake.views import hers
from ruangaman.intake.views.codes import Typed, keep_code, typed_code
from ruangaman.intake.views.cookies import CODE_COOKIE, forget
from ruangaman.kernel import clock, limits
from ruangaman.kernel.codes import UnreadableCode, new_code, read_code
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb

log = logging.getLogger("ruangaman.intake")

WRONG_CODES, WRONG_CODES_SECONDS = 10, 600
# One sentence for a wrong code and for a wrong second secret: whoever finds a slip learns nothing by trying.
NO_SUCH = gettext_lazy(
    "Kode ini tidak ada pada kami, atau kata rahasianya tidak cocok. Periksa setiap kata, atau buat laporan baru."
)
LOCKED = gettext_lazy(
    "Kode ini sedang dikunci karena kata rahasianya terlalu sering salah. Mungkin ada orang lain yang mencobanya. "
    "Telepon petugasmu atau SAPA 129; petugas bisa membukanya lagi."
)
TOO_MANY = gettext_lazy(
    "Terlalu banyak kode yang keliru. Coba lagi sepuluh menit lagi; dalam bahaya telepon 112."
)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Anyone with a code: a reporter their own messages and three words of where it stands, a client what she chose."""
    typed = typed_code(request)
    if typed is None:
        return _ask_code(request)
    found = queries.locate(actions.locator(typed.code))
    try:
        if found:
            return _thread(request, typed, found)
        entry = clients.reopen(code=typed.code, second=typed.second)
        if entry is None:
            return forget(redirect("intake:check"), CODE_COOKIE)
        if entry.key is None:
            return forget(_code_page(request, LOCKED), CODE_COOKIE)
        return hers.page(request, entry, entry.key)
    except Unreadable:
        log.error("a thread does not open with its code")
        unreadable = _(
            "Percakapan ini tidak terbaca. Ini kesalahan di pihak kami; telepon SAPA 129 atau buat laporan baru."
        )
        return forget(_code_page(request, unreadable, status=409), CODE_COOKIE)


# --- the reporter's thread ---


def _thread(request: HttpRequest, typed: Typed, found: tuple[UUID, UUID, bytes]) -> HttpResponse:
    now = clock.now()
    dossier_id, key_id, wrap = found
    key = actions.thread_key(typed.code, key_id, wrap)
    with as_reporter(dossier=dossier_id, at=now):
        thread = own_report(dossier_id)
    if thread and thread.known_to_staff:
        return _change_code(request, typed, dossier_id, key)
    form = forms.Message(initial={"message_id": new_id(), "body": request.POST.get("body", "")})
    if request.method == "POST" and "body" in request.POST and "code" not in request.POST:
        form = forms.Message(request.POST)
        if form.is_valid():
            try:
                actions.write_as_reporter(dossier_id=dossier_id, key=key, **form.cleaned_data, at=now)
                return redirect("intake:check")
            except Refused as no:
                form.add_error(None, str(no.message))
    return reporter_page(request, dossier_id, key, form=form)


def reporter_page(
    request: HttpRequest,
    dossier_id: UUID,
    key: Key,
    *,
    form: forms.Message | None = None,
    file_form: forms.Attached | None = None,
    status: int = 200,
) -> HttpResponse:
    """This will show a reporter's thread: own messages, answers, files, one word of three, and nothing else.

    Source: care.md 1.
    """
    form = form or forms.Message(initial={"message_id": new_id()})
    with as_reporter(dossier=dossier_id, at=clock.now()):
        stands = queries.thread_status(dossier_id) or PublicStatus.RECEIVED
        messages = queries.opened_messages(dossier_id, key, staff=False)
        files = thread_files(Section.THREAD, dossier_id, key)
    done = stands == PublicStatus.DONE
    context = {
        "status": stands,
        "status_label": PublicStatus(stands).label,
        "messages": messages,
        "files": files,
        "form": None if done and not form.is_bound else form,
        "file_form": None if done else file_form or forms.Attached(initial={"paper_id": new_id()}),
    }
    return render(request, "intake/thread.html", context, status=status)


def _change_code(request: HttpRequest, typed: Typed, dossier_id: UUID, key: Key) -> HttpResponse:
    """An officer has seen this code, so she gets one that nobody else knows. The old one dies when she says that she
    wrote the new one down, and not before: an answer that is lost on the way must not cost her the way back.
    """
    now = clock.now()
    if request.method == "POST" and request.POST.get("go") == "noted" and typed.fresh:
        changed = actions.take_new_code(dossier_id=dossier_id, key=key, code=typed.fresh, at=now)
        away = redirect("intake:check")
        return keep_code(away, Typed(typed.fresh), now) if changed else forget(away, CODE_COOKIE)
    fresh = typed.fresh or new_code()
    response = render(request, "intake/new_code.html", {"words": fresh.words})
    return keep_code(response, Typed(typed.code, fresh=fresh), now)


# --- asking for a code ---


def _ask_code(request: HttpRequest) -> HttpResponse:
    form = forms.Code(request.POST if request.method == "POST" and "code" in request.POST else None)
    body = request.POST.get("body", "")  # a message that was being written when the code closed again
    if not form.is_bound:
        return render(request, "intake/check.html", {"form": form, "typed": body})
    status = 200
    if form.is_valid():
        try:
            code = read_code(form.cleaned_data["code"])
        except UnreadableCode as unread:
            form.add_error("code", str(unread))
        else:
            opened = _open(request, Typed(code, form.cleaned_data["second"]), body)
            if opened:
                return opened
            who = limits.caller(request)
            if limits.allow("code", who, most=WRONG_CODES, seconds=WRONG_CODES_SECONDS):
                form.add_error("code", NO_SUCH)
            else:
                form.add_error("code", TOO_MANY)
                status = 429
    return render(request, "intake/check.html", {"form": form, "typed": body}, status=status)


def _open(request: HttpRequest, typed: Typed, body: str) -> HttpResponse | None:
    """The page that a code opens, or the way to it; None where it opens nothing."""
    now = clock.now()
    found = queries.locate(actions.locator(typed.code))
    if found:
        typed = Typed(typed.code)  # a reporter has no second secret; what was typed is not kept
        response = _thread(request, typed, found) if body else redirect("intake:check")
        with as_reporter(dossier=found[0], at=now):
            record(Verb.THREAD_READ, at=now, kind=ActorKind.REPORTER, dossier=found[0])
        return keep_code(response, typed, now)
    entry = clients.enter(code=typed.code, second=typed.second, at=now)
    if entry is None:
        return None
    if entry.key is None:
        return _code_page(request, LOCKED)
    response = hers.page(request, entry, entry.key) if body else redirect("intake:check")
    return keep_code(response, typed, now)


def _code_page(request: HttpRequest, why: object, status: int = 200) -> HttpResponse:
    """The page that asks for a code, with why what there was does not open."""
    form = forms.Code({"code": ""})
    form.errors.clear()
    form.add_error(None, str(why))
    return render(request, "intake/check.html", {"form": form}, status=status)
