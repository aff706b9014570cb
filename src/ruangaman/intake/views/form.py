"""The public form, one thing a page, at one address."""

import base64
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import public
from ruangaman.clocks.queries import deadline
from ruangaman.intake import actions, policies
from ruangaman.intake.forms import report as forms
from ruangaman.intake.states import STEPS, Means, ReporterKind, Step
from ruangaman.intake.views.cookies import DRAFT_COOKIE, forget, remember, visit_of
from ruangaman.kernel import clock
from ruangaman.kernel.codes import read_code
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.places.models import Place


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Anyone: a report, one thing a page, at one address. What is typed lies sealed on the server."""
    now = clock.now()
    visit = visit_of(request)
    draft = _draft(visit, now)
    if visit and draft and draft[1]:
        return _receipt(request, visit, draft[1], draft[0].get("unit", ""))
    answers: dict[str, Any] = draft[0] if draft else {}
    lost = bool(visit and not draft)
    if request.method != "POST":
        if lost:
            return forget(render(request, "intake/gone.html"), DRAFT_COOKIE)
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
    remember(response, DRAFT_COOKIE, base64.urlsafe_b64encode(visit.id.bytes + visit.secret).decode())
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
        return forget(redirect("intake:home"), DRAFT_COOKIE)
    until = deadline(unit_id=UUID(unit), code="answer", since=now) if unit else None
    told = date_format(localtime(until), "l, j F Y") if until else ""
    return render(request, "intake/receipt.html", {"words": read_code(code).words, "until": told})


def _draft(visit: actions.Visit | None, at: Any) -> tuple[dict[str, Any], str] | None:
    try:
        return actions.read_draft(visit=visit, at=at) if visit else None
    except Unreadable:
        return None
