"""The public form, one thing a page, at one address."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import public
from ruangaman.clocks.queries import deadline
from ruangaman.intake import actions, policies
from ruangaman.intake.actions import draft_files
from ruangaman.intake.actions.drafts import keep_typing
from ruangaman.intake.forms import report as forms
from ruangaman.intake.policies import form as rules
from ruangaman.intake.policies import work
from ruangaman.intake.states import STEPS, Step
from ruangaman.intake.views import summary
from ruangaman.intake.views.cookies import DRAFT_COOKIE, forget, remember_visit, visit_of
from ruangaman.kernel import clock, limits
from ruangaman.kernel.codes import Code, read_code
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.papers.actions import strangers
from ruangaman.papers.policies import contents
from ruangaman.papers.policies.files import PIECE

Answers = dict[str, Any]
KEEP = "keep"  # what the script of a page sends while somebody types
KEPT_WHILE_TYPING = (Step.CHILD, Step.WHAT, Step.CONTACT)


@public
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Anyone: a report, one thing a page, at one address. What is typed lies sealed on the server.

    Each write is a transaction of its own: a count that was taken before must not hold up the next reporter.
    """
    now = clock.now()
    visit = visit_of(request)
    draft = opened(visit, now)
    if visit and draft and draft[1]:
        return _after_sending(request, visit, read_code(draft[1]), draft[0].get("unit", ""), now)
    answers: Answers = draft[0] if draft else {}
    if request.method != "POST":
        if visit and not draft:
            return forget(render(request, "intake/gone.html"), DRAFT_COOKIE)
        return page(request, visit, _at_hand(answers), answers)
    return _step_sent(request, visit if draft else None, answers, now, lost=bool(visit and not draft))


def _step_sent(
    request: HttpRequest, visit: actions.Visit | None, answers: Answers, now: datetime, *, lost: bool
) -> HttpResponse:
    sent, go = request.POST.get("step", ""), request.POST.get("go", "next")
    step = sent if sent in STEPS else _at_hand(answers)
    if step == Step.CHECK and go == "next":
        return _send(request, visit, answers, now)
    form = forms.form_for(step, request.POST, child=rules.is_child(answers))
    if go == KEEP:
        return _keep_typing(visit, step, form, now)
    leaving = go in ("back", "remove") or (go in STEPS and go != Step.CHECK)
    # Who goes back may leave gaps; but what was typed and can't be kept as it is stays on the page, with the reason.
    if not form.is_valid() and (not leaving or any(request.POST.get(name) for name in form.errors)):
        return page(request, visit, step, answers, form)
    visit = visit or actions.new_visit()
    changed: Answers = {**form.cleaned_data, **_work_done(request, visit, answers)}
    if go == Step.FILES:
        changed["wants_files"] = True
    now_told = {**answers, **changed}
    changed["step"] = step if go in ("save", "remove") else _next(step, go, now_told)
    # Said once, on the next page: what was written before the time ran out is gone.
    changed["lost"] = lost
    actions.keep_draft(visit=visit, answers=changed, at=now, longer=go != "save")
    if go == "save":
        return _saved(request, visit, now)
    if go == "remove":
        _remove(request, visit, now)
    urgent = step == Step.ABOUT and now_told.get("danger_now") == "yes" and go == "next"
    where = reverse("intake:help_now" if urgent else "intake:report")
    return remember_visit(HttpResponseRedirect(where, status=303), visit)


def _keep_typing(visit: actions.Visit | None, step: str, form: Any, now: datetime) -> HttpResponse:
    """Whether it was kept: not where there is nothing to keep it in, or it can't be kept yet as it stands."""
    if visit is None or not form.is_valid():
        return JsonResponse({"kept": False})
    kept = keep_typing(visit=visit, step=step, answers=form.cleaned_data, at=now)
    return JsonResponse({"kept": kept})


def _at_hand(answers: Answers) -> str:
    step = answers.get("step", "")
    return step if step in STEPS else Step.ABOUT


def _next(step: str, go: str, answers: Answers) -> str:
    if go in STEPS:
        return go
    return rules.previous_step(step, answers) if go == "back" else rules.next_step(step, answers)


def _work_done(request: HttpRequest, visit: actions.Visit, answers: Answers) -> Answers:
    """What the browser has worked out so far; the next page goes on from there."""
    sent = work.solved(actions.work_for(visit), work.read_work(request.POST.get("work", "")))
    return {"work": sent} if len(sent) > len(answers.get("work", [])) else {}


def _remove(request: HttpRequest, visit: actions.Visit, now: datetime) -> None:
    try:
        file = UUID(request.POST.get("file", ""))
    except ValueError:
        return  # not one of ours
    draft_files.remove_file(visit=visit, file_id=file, at=now)


def page(
    request: HttpRequest,
    visit: actions.Visit | None,
    step: str,
    answers: Answers,
    form: Any = None,
    *,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    """This will show one page of the form. ``why``: what was wrong with a file."""
    child, pages = rules.is_child(answers), rules.path(answers)
    files = _files(visit, step)
    context = {
        "step": step,
        "number": pages.index(Step(step)) + 1 if step in pages else 1,
        "total": len(pages),
        "form": form or forms.form_for(step, initial=answers, child=child),
        "child": child,
        "back": step != Step.ABOUT,
        "files": files,
        "why": why,
        "lost": answers.get("lost", False),
        "summary": summary.rows(answers, files) if step == Step.CHECK else [],
        "keeps": visit is not None and step in KEPT_WHILE_TYPING,
        "draft_note": int(policies.DRAFT_LIFE.total_seconds() // 60) if answers else 0,
        **_work_left(visit, answers),
        **(_sending() if step == Step.FILES else {}),
    }
    answer = render(request, "intake/report.html", context, status=status)
    if step == Step.FILES:
        # The one page that may ask for the microphone, and the browser asks her again.
        answer["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=(), browsing-topics=()"
    return answer


def _files(visit: actions.Visit | None, step: str) -> list[draft_files.Attached]:
    if visit is None or step not in (Step.FILES, Step.CHECK):
        return []
    return draft_files.files_of(visit=visit, at=clock.now())


def _sending() -> Answers:
    return {
        "piece": str(PIECE),  # not as a number is written for people
        "largest": str(strangers.LARGEST),
        "accepted": forms.ACCEPTED,
        "taken": contents.TAKEN,
        "most": rules.MOST_FILES,
    }


def _work_left(visit: actions.Visit | None, answers: Answers) -> Answers:
    """What the browser still has to work out, where it does: a draft's own puzzle, and how far it has come."""
    done = answers.get("work", [])
    if visit is None or len(done) == work.PUZZLES:
        return {}
    told = {"challenge": actions.work_for(visit).hex(), "bits": work.BITS, "puzzles": work.PUZZLES}
    return {**told, "work": ",".join(map(str, done))}


def _saved(request: HttpRequest, visit: actions.Visit, now: datetime) -> HttpResponse:
    try:
        actions.take_code(visit=visit, at=now)
    except Refused as no:
        return render(request, "intake/gone.html", {"why": no.message}, status=409)
    # Shown by a page of its own: Back to an answer of a form would send what was typed once more, after leaving too.
    return remember_visit(HttpResponseRedirect(reverse("intake:resume"), status=303), visit)


# --- sending ------------------------------------------------------------------------------------------------------


def _send(request: HttpRequest, visit: actions.Visit | None, answers: Answers, now: datetime) -> HttpResponse:
    if visit is None:
        return forget(render(request, "intake/gone.html", status=409), DRAFT_COOKIE)
    if not str(answers.get("story", "")).strip():
        form = forms.form_for(Step.WHAT, {"story": ""})
        form.is_valid()
        return page(request, visit, Step.WHAT, answers, form)
    done = {**answers, **_work_done(request, visit, answers)}.get("work", [])
    worked = work.is_worked(actions.work_for(visit), done)
    try:
        sent = actions.file_report(visit=visit, at=now, worked=worked, in_flood=_in_flood(request, worked))
    except Refused as no:
        if opened(visit, now) is None:
            return forget(render(request, "intake/gone.html", {"why": no.message}, status=409), DRAFT_COOKIE)
        form = forms.form_for(Step.CHECK, {})
        form.add_error(None, str(no.message))
        return page(request, visit, Step.CHECK, answers, form, status=409)
    return receipt(request, sent.code, str(sent.unit or ""), now)


def _in_flood(request: HttpRequest, worked: bool) -> bool:
    """Whether this is one of a great many within the hour: from one place, or from everywhere without any work.

    It is kept like any other. Many telephones share one address, so nobody is refused for it (security.md 16).
    """
    seconds = rules.FLOOD_SECONDS
    few = limits.allow("report", limits.caller(request), most=rules.FLOOD_FROM_ONE, seconds=seconds)
    if not worked:
        few &= limits.allow("report", "without work", most=rules.FLOOD_WITHOUT_WORK, seconds=seconds)
    return not few


def _after_sending(
    request: HttpRequest, visit: actions.Visit, code: Code, unit: str, now: datetime
) -> HttpResponse:
    if request.POST.get("go") == KEEP:
        return JsonResponse({"kept": False})
    if request.method == "POST" and request.POST.get("go") == "done":
        actions.drop_draft(visit=visit, at=now)
        return forget(HttpResponseRedirect(reverse("intake:home"), status=303), DRAFT_COOKIE)
    # From another window, after sending: no word of it went along, and she must not believe that it did.
    late = [text for name in rules.TYPED if (text := request.POST.get(name, "").strip())]
    return receipt(request, code, unit, now, late)


def receipt(
    request: HttpRequest, code: Code, unit: str, now: datetime, late: Sequence[str] = ()
) -> HttpResponse:
    """This will show the code, and by when somebody answers. ``late``: what was written after the report had gone."""
    until = deadline(unit_id=UUID(unit), code="answer", since=now) if unit else None
    told = date_format(localtime(until), "l, j F Y") if until else ""
    return render(request, "intake/receipt.html", {"words": code.words, "until": told, "late": late})


def opened(visit: actions.Visit | None, at: datetime) -> tuple[Answers, str] | None:
    """This will give a browser's draft and the code of its report, or None where it is gone or not theirs."""
    try:
        return actions.read_draft(visit=visit, at=at) if visit else None
    except Unreadable:
        return None
