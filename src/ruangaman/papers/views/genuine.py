"""Whether a letter is genuine, for anyone who holds it, and nothing else."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import public
from ruangaman.kernel import limits
from ruangaman.papers.forms.letters import Code
from ruangaman.papers.policies.letters import read_genuine_code
from ruangaman.papers.queries import letters as queries

QUESTIONS = 60  # of one caller; a code has 128 bits, so this is against a flood and not against guessing
QUESTIONS_SECONDS = 600


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Anyone who holds a letter: its code, typed."""
    form = Code(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = read_genuine_code(form.cleaned_data["code"])
        if code:
            return redirect("papers:genuine", code)
        form.add_error("code", _("Kode terdiri dari 26 huruf dan angka. Periksa lagi pada surat."))
    return render(request, "papers/genuine_ask.html", {"form": form}, status=400 if form.errors else 200)


@public
@require_safe
def genuine(request: HttpRequest, code: str) -> HttpResponse:
    """Anyone who holds a letter's code: number, day, unit, and whether it still counts."""
    if not limits.allow("genuine", limits.caller(request), most=QUESTIONS, seconds=QUESTIONS_SECONDS):
        return render(request, "papers/genuine.html", {"too_many": True}, status=429)
    plain = read_genuine_code(code)
    found = queries.genuine(hashlib.sha256(plain.encode()).digest()) if plain else None
    return render(request, "papers/genuine.html", {"found": found}, status=200 if found else 404)
