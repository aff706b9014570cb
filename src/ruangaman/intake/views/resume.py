"""Going on with a report that was begun: with its own code, until its time is over."""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import public
from ruangaman.intake import actions
from ruangaman.intake.forms import report as forms
from ruangaman.intake.views.cookies import remember_visit, visit_of
from ruangaman.kernel import clock, limits
from ruangaman.kernel.codes import Code, UnreadableCode, read_code
from ruangaman.kernel.errors import Unreadable

# Counted together with the codes of reports: whoever guesses one kind guesses both.
WRONG_CODES, WRONG_CODES_SECONDS = 10, 600


@public
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Anyone with the code of a draft: the draft, in this browser, for the time it has left.

    In the browser that took the code, until it is left: the code itself.
    """
    if request.method != "POST" and (taken := _taken(visit_of(request))):
        return render(request, "intake/saved.html", {"words": taken[0].words, "until": taken[1]})
    form = forms.Code(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            visit = actions.resume(read_code(form.cleaned_data["code"]))
        except UnreadableCode as unread:
            form.add_error("code", str(unread))
        else:
            if visit is not None:
                return remember_visit(HttpResponseRedirect(reverse("intake:report"), status=303), visit)
            who = limits.caller(request)
            if limits.allow("code", who, most=WRONG_CODES, seconds=WRONG_CODES_SECONDS):
                form.add_error(
                    "code",
                    _(
                        "Tidak ada tulisan dengan kode ini. Periksa setiap kata. Mungkin waktunya sudah habis, "
                        "atau laporannya sudah terkirim."
                    ),
                )
            else:
                status = 429
                form.add_error(
                    "code",
                    _(
                        "Terlalu banyak kode yang keliru. Coba lagi sepuluh menit lagi; dalam bahaya telepon 112."
                    ),
                )
    return render(request, "intake/resume.html", {"form": form}, status=status)


def _taken(visit: actions.Visit | None) -> tuple[Code, datetime] | None:
    try:
        return actions.code_taken(visit=visit, at=clock.now()) if visit else None
    except Unreadable:
        return None
