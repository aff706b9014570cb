"""One's own notices, how one wants to be told, and the messengers of organisations."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.models import Organisation
from ruangaman.access.policies import POWER_ROLES
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.notices import actions, forms, queries
from ruangaman.notices.models import Messenger

PAGE = 50


@staff()
@require_safe
def own(request: StaffRequest) -> HttpResponse:
    """Everyone who signed in: their own notices, newest first."""
    before = _mark_in(request.GET.get("sebelum", ""))
    found = queries.notices_of(request.viewer, PAGE + 1, before)
    lines, older = found[:PAGE], ""
    if len(found) > PAGE:
        older = f"?sebelum={lines[-1].made_at.timestamp()}~{lines[-1].id}"
    return render(
        request,
        "notices/own.html",
        {
            "lines": [(line, page_of(line.dossier) if line.dossier else "") for line in lines],
            "any_unread": any(line.is_unread for line in lines),
            "until": lines[0].made_at.isoformat() if lines else "",
            "older_url": older,
            "newer_url": "?" if before else "",
            "sets_messengers": bool(POWER_ROLES & request.viewer.roles),
        },
    )


def _mark_in(text: str) -> tuple[datetime, UUID] | None:
    """The last line of the page before; whatever else stands in an address shows the newest."""
    moment, _sign, number = text.partition("~")
    try:
        return datetime.fromtimestamp(float(moment), clock.now().tzinfo), UUID(number)
    except (ValueError, OverflowError, OSError):
        return None


@staff()
@require_POST
def read(request: StaffRequest, notice: UUID) -> HttpResponse:
    """Everyone who signed in: one of their own notices is read. Another's is not touched."""
    actions.read(viewer=request.viewer, notices=[notice], at=clock.now())
    return redirect("notices:own")


@staff()
@require_POST
def read_all(request: StaffRequest) -> HttpResponse:
    """Everyone who signed in: all that the page showed is read."""
    at = clock.now()
    try:
        shown = parse_datetime(request.POST.get("until", ""))
    except ValueError:  # well formed, and no such day
        shown = None
    if shown is not None and shown.tzinfo is not None:
        actions.read_all(viewer=request.viewer, until=shown, at=at)
    return redirect("notices:own")


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: StaffRequest) -> HttpResponse:
    """Everyone who signed in: how they want to be told."""
    wish = queries.preference_of(request.viewer)
    form = forms.Choose(
        request.POST if request.method == "POST" else None,
        initial={field: getattr(wish, field) for field in forms.Choose.base_fields},
    )
    if form.is_valid():
        try:
            actions.choose(viewer=request.viewer, **form.cleaned_data)
        except Refused as no:
            form.add_error(None, str(no.message))
        else:
            messages.success(request, _("Pilihan disimpan."))
            return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"form": form}, status=400 if form.errors else 200)


@staff(roles=POWER_ROLES)
@require_safe
def messengers(request: StaffRequest) -> HttpResponse:
    """Administrators and heads: the messengers of the organisations they look after."""
    return render(request, "notices/messengers.html", {"rows": queries.messengers(request.viewer)})


@staff(roles=POWER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def messenger(request: StaffRequest, organisation: UUID) -> HttpResponse:
    """Administrators and heads: where one organisation's messenger takes notices; its secret is shown once."""
    where, row = _theirs(request, organisation)
    form = forms.SetMessenger(
        request.POST if request.method == "POST" else None,
        initial={"url": row.url, "is_on": row.is_on} if row else None,
    )
    secret = ""
    if form.is_valid():
        try:
            secret = actions.set_messenger(
                viewer=request.viewer, organisation=where, **form.cleaned_data, at=clock.now()
            )
        except Refused as no:
            form.add_error(None, str(no.message))
        else:
            if not secret:
                messages.success(request, _("Alamat disimpan. Rahasianya tetap yang lama."))
                return redirect("notices:messenger", where.id)
            row = queries.messenger_of(request.viewer, where.id)[1]  # type: ignore[index]
    context = {"organisation": where, "messenger": row, "form": form, "secret": secret}
    return render(request, "notices/messenger.html", context, status=400 if form.errors else 200)


@staff(roles=POWER_ROLES)
@require_POST
def try_messenger(request: StaffRequest, organisation: UUID) -> HttpResponse:
    """Administrators and heads: one message on trial, to themselves."""
    where, _row = _theirs(request, organisation)
    try:
        actions.try_messenger(viewer=request.viewer, organisation=where)
    except Refused as no:
        messages.error(request, str(no.message))
    else:
        messages.success(
            request, _("Percobaan dikirim. Muat ulang halaman ini sebentar lagi untuk melihat hasilnya.")
        )
    return redirect("notices:messenger", where.id)


def _theirs(request: StaffRequest, organisation: UUID) -> tuple[Organisation, Messenger | None]:
    found = queries.messenger_of(request.viewer, organisation)
    if found is None:
        raise Stranger
    return found
