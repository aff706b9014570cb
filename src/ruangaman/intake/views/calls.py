"""Taking a report down on the telephone or face to face: one page, kept as it is typed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, kept_form, page_of, staff
from ruangaman.access.queries import dossier_by_reference
from ruangaman.intake.actions import calls as actions
from ruangaman.intake.actions.calls import Overtaken
from ruangaman.intake.actions.receiving import Told
from ruangaman.intake.forms import calls as forms
from ruangaman.intake.models import CallDraft
from ruangaman.intake.policies.calls import SPOKEN, TAKES
from ruangaman.intake.queries import calls as queries
from ruangaman.intake.queries.calls import Kept
from ruangaman.intake.states import CHILD_BANDS, Channel
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.policies import LONGEST_NAME
from ruangaman.people.policies.likenesses import OLDEST_YEAR, Wanted, in_words
from ruangaman.people.queries.looking import to_call
from ruangaman.people.queries.profiles import areas_to_choose
from ruangaman.people.states import PersonRole
from ruangaman.places.policies import is_code

RINGS, MOST_QUICK = (Channel.PHONE_112, Channel.CALL_CENTRE), 4


@staff(roles=TAKES)
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: StaffRequest) -> HttpResponse:
    """Who takes reports down in a unit: begin one by one of its ways, or go on with one's own unfinished ones."""
    ways = queries.starts(request.viewer)
    wanted = next((one.code for one in ways if one.channel == request.GET.get("saluran")), "")
    form = forms.Beginning(
        request.POST if request.method == "POST" else None,
        ways=[(one.code, one.name) for one in ways],
        initial={"way": wanted},
    )
    if form.is_valid():
        try:
            draft = actions.begin_call(viewer=request.viewer, code=form.cleaned_data["way"], at=clock.now())
            return redirect("intake:call", draft.id)
        except Refused as no:
            form.add_error(None, str(no.message))
    mine = [
        {
            "url": reverse("intake:call", args=[draft.id]),
            "channel": Channel(kept.channel).label,
            "begun_at": draft.begun_at,
            "saved_at": draft.saved_at,
            "gone_at": draft.expires_at,
            "has_story": bool(kept.typed.get("story")),
        }
        for draft, kept in queries.unfinished(request.viewer)
    ]
    # The telephone rings: one press, and the first question is asked.
    quick = [{"code": one.code, "name": one.name} for one in ways if one.channel in RINGS][:MOST_QUICK]
    first = bool(quick) and not wanted and not form.is_bound
    if first:
        form.fields["way"].widget.attrs.pop("autofocus")
    context = {"form": form, "mine": mine, "quick": quick, "quick_first": first}
    return render(request, "intake/calls.html", context, status=400 if form.errors else 200)


@staff(roles=TAKES)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: StaffRequest, draft: UUID) -> HttpResponse:
    """Who began this call, and nobody else: what is asked, and the report that it becomes."""
    found, kept = _own(request, draft)
    if kept.sent is not None:
        return _sent_page(request, kept)
    if request.method != "POST":
        form = _form(found, kept, initial=_kept_typed(request, draft) or kept.typed)
        return _page(request, found, form)
    form = _form(found, kept, request.POST)
    typed = forms.typed_in(request.POST)
    try:
        saved_at = _save(request, draft, typed)
    except Overtaken as no:
        return _overtaken_page(request, found, kept, typed, no)
    except Refused as no:
        return _page(request, found, form, warning=str(no.message), status=409)
    found.saved_at = saved_at
    try:
        if "log_in" in request.POST:
            return _log_in(request, draft, request.POST["log_in"], form)
        if request.POST.get("go") == "discard":
            return _discard(request, found, kept, typed)
        if request.POST.get("go") == "alike" or "elsewhere" in request.POST:
            return _page(request, found, _form(found, kept, initial=typed), alike=_look(request, draft))
        if form.is_valid():
            given = form.cleaned_data
            actions.send_call(
                viewer=request.viewer, draft_id=draft, told=Told(**form.told()), subject=given["subject"],
                limits=given.get("limits", ""), wants_code=given["wants_code"], call_again=given["call_again"],
                ticket=given["ticket"], at=clock.now(),
            )  # fmt: skip
            return redirect("intake:call", draft)
    except Refused as no:
        return _page(request, found, form, warning=str(no.message), status=409)
    return _page(request, found, form, status=400)


@staff(roles=TAKES)
@require_http_methods(["GET", "HEAD", "POST"])
def save_call(request: StaffRequest, draft: UUID) -> HttpResponse:
    """Who began this call: keep what is typed, valid or not. The page's script asks for JSON and stays where it is."""
    found, kept = _own(request, draft)
    if request.method != "POST":
        return redirect("intake:call", draft)
    by_script = request.headers.get("Accept", "").startswith("application/json")
    typed = forms.typed_in(request.POST)
    try:
        saved_at = _save(request, draft, typed)
    except Overtaken as no:
        if by_script:
            told = {"seen": no.saved_at.isoformat(), "theirs": _theirs(typed, no)}
            return JsonResponse(
                {"html": render_to_string("intake/_overtaken.html", told, request), **told}, status=409
            )
        return _overtaken_page(request, found, kept, typed, no)
    except Refused as no:
        if by_script:
            return JsonResponse({"refused": str(no.message)}, status=409)
        form = _form(found, kept, initial=typed)
        return _page(request, found, form, warning=str(no.message), status=409)
    if by_script:
        return JsonResponse({"seen": saved_at.isoformat()})
    return redirect("intake:call", draft)


@staff(roles=TAKES)
@require_POST
def alike(request: StaffRequest, draft: UUID) -> HttpResponse:
    """Who began this call: files that may be about who is named. By POST only: no name stands in an address."""
    _own(request, draft)
    try:
        context = _look(request, draft)
    except Refused as no:
        context = {"why_not": str(no.message)}
    return render(request, "intake/_alike.html", context)


# --- the parts of them ------------------------------------------------------------------------------------------------


def _own(request: StaffRequest, draft: UUID) -> tuple[CallDraft, Kept]:
    found = queries.own_draft(request.viewer, draft)
    if found is None:
        raise Stranger
    return found, queries.opened_draft(found)


def _form(
    found: CallDraft, kept: Kept, data: Any = None, initial: dict[str, Any] | None = None
) -> forms.Call:
    areas = areas_to_choose(found.unit.place_id or "")
    return forms.Call(data, initial=initial, areas=areas, spoken=kept.channel in SPOKEN)


def _kept_typed(request: StaffRequest, draft: UUID) -> dict[str, Any] | None:
    """What was typed when the session ended: sent to this page, or on its way to being saved."""
    for name in ("intake:call", "intake:save_call"):
        typed = kept_form(request, reverse(name, args=[draft]))
        if typed:
            return {one: value for one, value in typed.items() if one in forms.Call.base_fields}
    return None


def _save(request: StaffRequest, draft: UUID, typed: dict[str, Any]) -> datetime:
    try:
        seen = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    return actions.save_call(
        viewer=request.viewer, draft_id=draft, typed=typed, seen=seen,
        window=request.POST.get("window", "")[:36], at=clock.now(),
    )  # fmt: skip


def _page(
    request: StaffRequest,
    found: CallDraft,
    form: forms.Call,
    *,
    warning: str = "",
    theirs: Any = (),
    alike: dict[str, Any] | None = None,
    discarding: forms.Discarding | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = queries.opened_draft(found)
    context = {
        "form": form,
        "draft": found,
        "channel": Channel(kept.channel).label,
        "spoken": kept.channel in SPOKEN,
        "seen": found.saved_at.isoformat(),
        "ticketed": queries.hands_over_under_numbers(request.viewer, kept.way_id) is not None,
        "window": new_id(),
        "warning": warning,
        "theirs": theirs,
        "alike": alike,
        "child_bands": ",".join(CHILD_BANDS),
        "discarding": discarding or forms.Discarding(prefix="end"),
        "page": reverse("intake:call", args=[found.id]),
    }
    return render(request, "intake/call.html", context, status=status)


def _overtaken_page(
    request: StaffRequest, found: CallDraft, kept: Kept, typed: dict[str, Any], no: Overtaken
) -> HttpResponse:
    """Both texts: what was typed here in the fields, the other beside it. The next save is on purpose."""
    found.saved_at = no.saved_at
    form = _form(found, kept, initial=typed)
    return _page(request, found, form, warning=str(no.message), theirs=_theirs(typed, no), status=409)


def _theirs(typed: dict[str, Any], no: Overtaken) -> list[tuple[str, str]]:
    return [(str(label), text) for label, text in forms.different(typed, no.kept.typed)]


def _look(request: StaffRequest, draft: UUID) -> dict[str, Any]:
    wanted, phone = _wanted(request), request.POST.get("phone", "")[:30]
    if not queries.is_question(wanted):
        return {"needs_more": bool(wanted.name)}
    found = actions.look_while_typing(
        viewer=request.viewer, draft_id=draft, wanted=wanted, phone=phone, at=clock.now()
    )
    context: dict[str, Any] = {"asked": True, "found": [_said(one) for one in found]}
    if "elsewhere" in request.POST:
        answer = actions.ask_other_units(viewer=request.viewer, draft_id=draft, wanted=wanted, at=clock.now())
        context |= {"asked_elsewhere": True, "elsewhere": to_call(answer.elsewhere), "often": answer.often}
    return context


def _wanted(request: StaffRequest) -> Wanted:
    """Whom to look for: whom it happened to, else who calls. What is not complete yet is left out."""
    told = request.POST
    name = (told.get("subject", "").strip() or told.get("name", "").strip())[:LONGEST_NAME]
    year, place = told.get("born_year", "").strip(), told.get("place", "")
    complete = year.isascii() and year.isdigit() and OLDEST_YEAR <= int(year[:9]) <= clock.now().year
    return Wanted(name.replace("\0", ""), int(year) if complete else None, place if is_code(place) else "")


def _said(one: queries.Alike) -> dict[str, Any]:
    more = {queries.SAME_PLACE: _("wilayah laporan sama"), queries.SAME_PHONE: _("nomor telepon sama")}
    return {
        "reference": one.dossier.reference,
        "url": page_of(one.dossier),
        "initials": one.initials,
        "role": PersonRole(one.role).label,
        "year": one.dossier.opened_at.year,
        "why": ", ".join([*in_words(one.why), *(more[code] for code in one.why if code in more)]),
    }


def _log_in(request: StaffRequest, draft: UUID, reference: str, form: forms.Call) -> HttpResponse:
    """The call goes into a file that is there: what was told is written there, and the draft is gone."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Refused(_("Berkas itu tidak ada, atau tidak terbuka untuk Anda."))
    form.is_valid()
    text = forms.account(form.cleaned_data.get("story", ""), form.asked() if not form.errors else [])
    actions.log_in(viewer=request.viewer, draft_id=draft, dossier=dossier, text=text, at=clock.now())
    return HttpResponseRedirect(page_of(dossier))


def _discard(request: StaffRequest, found: CallDraft, kept: Kept, typed: dict[str, Any]) -> HttpResponse:
    form = forms.Discarding(request.POST, prefix="end")
    if not form.is_valid():
        return _page(request, found, _form(found, kept, initial=typed), discarding=form, status=400)
    actions.discard_call(
        viewer=request.viewer, draft_id=found.id, why=form.cleaned_data["why"], at=clock.now()
    )
    return redirect("intake:calls")


def _sent_page(request: StaffRequest, kept: Kept) -> HttpResponse:
    sent = kept.sent or {}
    where = [sent["reference"]]
    return render(
        request,
        "intake/call_sent.html",
        {
            "reference": sent["reference"],
            "words": sent["code"].split("-") if sent["code"] else [],
            "in_reach": sent["in_reach"] == "yes",
            "danger": sent["danger"] == "yes",
            "file_url": f"/berkas/{sent['reference']}/",
            "first_act_url": reverse("intake:first_act", args=where),
            "triage_url": reverse("intake:triage", args=where),
            "outreach_url": reverse("intake:plan_outreach", args=where),
            "calls_url": reverse("intake:calls"),
        },
    )
