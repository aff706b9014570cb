"""Pages of the unit: where a report goes, and what was done at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import key_of
from ruangaman.access.states import Section
from ruangaman.intake import actions, policies, queries
from ruangaman.intake.forms import handling
from ruangaman.intake.forms import triage as forms
from ruangaman.intake.models import Report, TriageMove
from ruangaman.intake.policies.joining import OPEN
from ruangaman.intake.states import (
    UNDECIDED,
    AgeBand,
    Channel,
    ForWhom,
    ReporterKind,
    Triage,
    TriageReason,
)
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb

Theirs = tuple[tuple[Any, str], ...]
NOTHING: Theirs = ()
# What the buttons of the page say, and where the page of what was done at once leads back to.
UNDO, NEXT = "undo", "next"
THEN, TRIAGE = "lalu", "triase"


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def triage(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the administration of this dossier: where its report goes, and why; or that decision taken back."""
    dossier = file_to_write(request, reference, Section.ADMINISTRATION)
    report = report_in_reach(request, dossier.id, reference)
    sent = request.POST if request.method == "POST" else None
    go = request.POST.get("go", "")
    form = forms.TriageDecision(None if go == UNDO else sent)
    warning = ""
    try:
        if go == UNDO:
            seen = request.POST.get("seen", "")
            actions.undo_decision(viewer=request.viewer, dossier=dossier, seen=seen, at=clock.now())
            messages.success(request, _("Keputusan dibatalkan. Laporan ini menunggu triase lagi."))
            return HttpResponseRedirect(request.path)
        if form.is_valid():
            actions.triage(viewer=request.viewer, dossier=dossier, **form.told(), at=clock.now())
            return _decided(request, dossier, form.told()["after"], on=go == NEXT)
    except Refused as no:
        warning = str(no.message)
        report = report_in_reach(request, dossier.id, reference)
    moves = queries.moves_of(request.viewer, dossier.id)
    context = _page(request, dossier, report, moves, form)
    # Decided meanwhile, by whom and why; also where nothing was chosen here.
    seen = request.POST.get("seen", "")
    changed = seen and moves and seen != report.triage and not {seen, report.triage} <= set(UNDECIDED)
    context |= {"warning": warning, "theirs": _just_decided(moves[-1]) if changed else NOTHING}
    return render(request, "intake/triage.html", context, status=400 if sent is not None else 200)


def _decided(request: StaffRequest, dossier: Dossier, after: str, *, on: bool) -> HttpResponse:
    """To the file; or, where the officer decides one after the other, to the next report that waits, danger first."""
    told = _("%(reference)s – keputusan tersimpan: %(decision)s.") % {
        "reference": dossier.reference,
        "decision": Triage(after).label,
    }
    page = reverse("intake:triage", args=[dossier.reference])
    messages.success(
        request,
        format_html(
            '{} <a class="govuk-link" href="{}">{}</a>', told, page, _("Salah pilih? Ubah atau batalkan")
        ),
    )
    waiting = queries.untriaged(request.viewer, 1) if on else []
    if waiting:
        return HttpResponseRedirect(reverse("intake:triage", args=[waiting[0].dossier.reference]))
    return HttpResponseRedirect(page_of(dossier))


def _page(
    request: StaffRequest,
    dossier: Dossier,
    report: Report,
    moves: list[TriageMove],
    form: forms.TriageDecision,
) -> dict[str, Any]:
    from_victim = policies.is_from_victim(report.reporter_kind)
    alone = policies.is_child_alone(age_band=report.age_band, reporter_kind=report.reporter_kind)
    roles = request.viewer.roles_in(dossier.unit_id)
    offered = policies.offered_moves(
        now=report.triage,
        reporter_kind=report.reporter_kind,
        reached=queries.was_met(request.viewer, dossier.id),
        child_alone=alone,
        answered=report.first_answered_at is not None,
        roles=roles,
    )
    senior = bool(policies.SENIOR & roles)
    form.show(
        report.triage,
        [
            (to, reason)
            for to in offered
            for reason in policies.offered_reasons(
                to, from_victim=from_victim, child_alone=alone, senior=senior
            )
        ],
    )
    waits = report.triage in UNDECIDED
    attempts = not waits and bool(queries.outreaches_of(request.viewer, dossier.id))
    must_act = report.danger_now and waits and not queries.has_acted(request.viewer, dossier.id)
    act_page = reverse("intake:first_act", args=[dossier.reference])
    return {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "report": report,
        "channel": Channel(report.channel).label,
        "reporter": ReporterKind(report.reporter_kind).label if report.reporter_kind else "",
        "for_whom": ForWhom(report.for_whom).label if report.for_whom else "",
        "age": AgeBand(report.age_band).label if report.age_band else "",
        "story": _story(request, dossier),
        "rules": [
            *([] if from_victim else [policies.outreach_rule()]),
            *(rule for rule in (_about_child(request, dossier) if alone else ()) if rule),
        ],
        "must_act": policies.emergency_rule() if must_act else "",
        "act_url": f"{act_page}?{THEN}={TRIAGE}",
        "form": form if offered else None,
        "merge_url": reverse("intake:merge", args=[dossier.reference]) if report.triage in OPEN else "",
        "transfer_url": reverse("intake:transfer", args=[dossier.reference]) if report.triage in OPEN else "",
        "state": Triage(report.triage).label,
        "last": moves[-1] if moves and not waits else None,
        "may_undo": policies.may_be_taken_back(now=report.triage, attempts=attempts),
        "undo": UNDO,
        "next": NEXT if len(queries.untriaged(request.viewer, 2)) > 1 else "",
    }


def _story(request: StaffRequest, dossier: Dossier) -> str:
    """What happened, in the reporter's words: nobody decides on a report unread."""
    story = queries.story_of(request.viewer, dossier.id, key_of(dossier.id, Section.NARRATIVE))
    if story:
        _opened(request, dossier, Section.NARRATIVE)
    return story or ""


def _opened(request: StaffRequest, dossier: Dossier, section: Section) -> None:
    record(
        Verb.OPENED,
        at=clock.now(),
        by=request.viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        fields=[section.value],
    )


def report_in_reach(request: StaffRequest, dossier_id: UUID, reference: str) -> Report:
    """This will give the report of a dossier.

    :raises Stranger: where it is out of reach.
    """
    report = queries.report_of(request.viewer, dossier_id)
    if report is None:
        raise Stranger(reference)
    return report


def _just_decided(move: TriageMove) -> Theirs:
    """What a colleague decided while this page was open."""
    return (
        (_("Keputusan"), str(Triage(move.after).label)),
        (_("Alasan"), str(TriageReason(move.reason).label)),
        (_("Oleh"), move.decided_by.name),
    )


def _about_child(request: StaffRequest, dossier: Dossier) -> list[str]:
    """The child's own path, with whom it trusts, for who may read how the reporter is reached. Source: care.md 12."""
    key = key_of(dossier.id, Section.REPORTER)
    trusted, must_not_know = queries.trust_of(request.viewer, dossier.id, key)
    if trusted or must_not_know:
        _opened(request, dossier, Section.REPORTER)
    return [
        policies.child_rule(),
        str(_("Yang ia percaya: %s")) % trusted if trusted else "",
        str(_("Yang tidak boleh tahu: %s")) % must_not_know if must_not_know else "",
    ]


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def first_act(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the administration of this dossier: what was done at once about the danger."""
    dossier = file_to_write(request, reference, Section.ADMINISTRATION)
    form = handling.FirstActDone(
        request.POST if request.method == "POST" else None, initial={"act_id": new_id()}
    )
    warning = ""
    if form.is_valid():
        try:
            actions.first_act(viewer=request.viewer, dossier=dossier, **form.cleaned_data, at=clock.now())
            decides = request.GET.get(THEN) == TRIAGE
            return HttpResponseRedirect(
                reverse("intake:triage", args=[reference]) if decides else page_of(dossier)
            )
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Langkah pertama"),
        button=_("Catat langkah"),
        intro=_("Yang sudah dilakukan, bukan yang direncanakan. Nama Anda dan waktunya tercatat."),
        notes=(
            _(
                "Hubungi pelapor hanya dengan cara yang ia sebut aman. Dalam bahaya nyawa: 112, tanpa menunggu "
                "siapa pun."
            ),
        ),
        warning=warning,
    )
