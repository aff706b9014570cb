"""Files of a thread, for who holds its code: one comes in with its form, pictures of what is there are looked at."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import public
from ruangaman.access.states import Section
from ruangaman.intake import actions, queries
from ruangaman.intake.actions import clients
from ruangaman.intake.actions.threads import as_reporter
from ruangaman.intake.forms.threads import Attached
from ruangaman.intake.queries.clients import thread_file
from ruangaman.intake.views import hers
from ruangaman.intake.views.check import reporter_page
from ruangaman.intake.views.codes import typed_code
from ruangaman.intake.views.cookies import CODE_COOKIE, forget
from ruangaman.kernel import clock, keyring, limits
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.papers import storing
from ruangaman.papers.actions.strangers import take_whole

MOST_TAKEN, MOST_LOOKS, SECONDS = 20, 300, 600  # of one caller, in ten minutes


@dataclass(frozen=True, slots=True)
class Open:
    """The thread that the code in this browser opens: a client's where there is an entry, else the reporter's."""

    dossier: UUID
    key: Key
    entry: clients.Entry | None


def _open(request: HttpRequest) -> Open | None:
    typed = typed_code(request)
    if typed is None:
        return None
    found = queries.locate(actions.locator(typed.code))
    try:
        if found:
            return Open(found[0], actions.thread_key(typed.code, found[1], found[2]), None)
        entry = clients.reopen(code=typed.code, second=typed.second)
    except Unreadable:
        return None
    return Open(entry.dossier, entry.key, entry) if entry and entry.key else None


@public
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest) -> HttpResponse:
    """Anyone whose code is open in this browser: one file of at most 8 MB into their own thread, without script.

    Examining takes seconds, so nothing waits for it in a transaction.
    """
    with transaction.atomic():
        here = _open(request)
    if here is None or request.method != "POST":
        return redirect("intake:check")
    form = Attached(request.POST, request.FILES)
    if form.is_valid():
        with transaction.atomic():
            allowed = limits.allow("file", limits.caller(request), most=MOST_TAKEN, seconds=SECONDS)
        try:
            if not allowed:
                raise Refused(_("Terlalu banyak berkas dalam waktu singkat. Coba lagi sepuluh menit lagi."))
            _take(here, form)
            return redirect("intake:check")
        except Refused as no:
            form.add_error("file", str(no.message))
    with transaction.atomic():
        if here.entry:
            return hers.page(request, here.entry, here.key, file_form=form)
        return reporter_page(request, here.dossier, here.key, file_form=form, status=400)


def _take(here: Open, form: Attached) -> None:
    file, claim = form.cleaned_data["file"], form.cleaned_data["paper_id"]
    content = file.read()
    # Pieces lie in the storage under this id, so nobody may choose it: it comes from the thread's key, from the form,
    # so that a double click brings one file, and from the content, so that another file is another.
    secret = keyring.derive_once(here.key.secret, f"file/{claim}/{hashlib.sha256(content).hexdigest()}")
    facts = take_whole(paper_id=UUID(bytes=secret[:16]), key=here.key, name=file.name or "", content=content)
    try:
        if here.entry:
            clients.attach_as_client(entry=here.entry, key=here.key, facts=facts, at=clock.now())
        else:
            actions.attach_as_reporter(dossier_id=here.dossier, key=here.key, facts=facts, at=clock.now())
    except IntegrityError:
        return  # the same file is there already, with the same pieces
    except BaseException:
        storing.forget(facts.id)  # no row tells of these pieces
        raise


@public
@require_safe
def look(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Anyone whose code is open in this browser: a picture, made anew, of one page of a file in their own thread."""
    here = _open(request)
    number = request.GET.get("hal", "1")
    if here is None:
        return forget(redirect("intake:check"), CODE_COOKIE)
    at = clock.now()
    section = Section.CLIENT_THREAD if here.entry else Section.THREAD
    if not limits.allow("look", limits.caller(request), most=MOST_LOOKS, seconds=SECONDS):
        return HttpResponse(status=429)
    ticket = (
        clients.as_client(thread=here.entry.thread, at=at)
        if here.entry
        else as_reporter(dossier=here.dossier, at=at)
    )
    with ticket:
        try:
            paper = thread_file(section, paper_id)
            if paper is None or not number.isdecimal() or not 1 <= int(number[:5]) <= paper.pages:
                raise Http404
            picture = storing.read_picture(paper.id, int(number[:5]), here.key)
        except (Refused, Unreadable):
            raise Http404 from None
        record(
            Verb.PAPER_LOOKED_AT,
            at=at,
            kind=ActorKind.CLIENT if here.entry else ActorKind.REPORTER,
            unit=paper.unit_id,
            dossier=paper.dossier_id,
            objects=[paper.id],
            fields=[section.value],
        )
    response = HttpResponse(picture, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
