"""The page of a client, with her own code: messages, files, what she chose to see, what she asks. Source: care.md 2."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ruangaman.access.panels import ClientLook, client_panels
from ruangaman.access.states import Section
from ruangaman.intake.actions import clients
from ruangaman.intake.forms.clients import MakeWish
from ruangaman.intake.forms.threads import Attached, Message
from ruangaman.intake.models import ClientThread
from ruangaman.intake.queries import clients as queries
from ruangaman.intake.states.client import WishKind
from ruangaman.intake.views.cookies import CODE_COOKIE, forget
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key
from ruangaman.kernel.ids import new_id

PARTS = ("rights", "appointments", "legal")


def page(
    request: HttpRequest, entry: clients.Entry, key: Key, *, file_form: Attached | None = None
) -> HttpResponse:
    """This will show a client her own page, or do the one thing that she asked of it."""
    act = request.POST.get("act", "") if request.method == "POST" and "code" not in request.POST else ""
    at = clock.now()
    message = Message(initial={"message_id": new_id(), "body": request.POST.get("body", "")})
    wish = MakeWish(initial={"wish_id": new_id()})
    try:
        if act == "hide" or act == "show":
            clients.hide(entry=entry, before=at if act == "hide" else None, at=at)
            return redirect("intake:check")
        if act == "wish":
            wish = MakeWish(request.POST)
            if wish.is_valid():
                given = wish.cleaned_data
                clients.wish(entry=entry, wish_id=given["wish_id"], kind=WishKind(given["kind"]), at=at)
                return redirect("intake:check")
        elif act == "message":
            message = Message(request.POST)
            if message.is_valid():
                clients.write_as_client(entry=entry, key=key, **message.cleaned_data, at=at)
                return redirect("intake:check")
    except Refused as no:
        (message if act == "message" else wish).add_error(None, str(no.message))
    return _shown(request, entry, key, message, wish, file_form)


def _shown(
    request: HttpRequest,
    entry: clients.Entry,
    key: Key,
    message: Message,
    wish: MakeWish,
    file_form: Attached | None,
) -> HttpResponse:
    at = clock.now()
    with clients.as_client(thread=entry.thread, at=at):
        thread = queries.own_thread(entry.thread)
        if thread is None:  # revoked or locked at this very moment
            return forget(redirect("intake:check"), CODE_COOKIE)
        talks = thread.opens_messages
        context = {
            "opens_messages": talks,
            "hidden_before": thread.hidden_before,
            "messages": queries.client_messages(entry.dossier, key, staff=False) if talks else [],
            "files": queries.thread_files(Section.CLIENT_THREAD, entry.dossier, key) if talks else [],
            "wishes": queries.own_wishes(entry.dossier),
            "panels": client_panels(ClientLook(thread.person_id, _opened(thread), at)),
        }
    bound = next((form for form in (message, wish, file_form) if form is not None and form.is_bound), None)
    return render(
        request,
        "intake/client.html",
        {
            **context,
            "form": bound or message,
            "message_form": message,
            "wish_form": wish,
            "file_form": file_form or Attached(initial={"paper_id": new_id()}),
        },
        status=400 if bound else 200,
    )


def _opened(thread: ClientThread) -> frozenset[str]:
    return frozenset(part for part in PARTS if getattr(thread, f"opens_{part}"))
