"""Pages of the unit: where a report goes, and what was done at once."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import key_of
from ruangaman.access.states import Section
from ruangaman.intake import actions, policies, queries
from ruangaman.intake.forms import handling
from ruangaman.intake.forms import triage as forms
from ruangaman.intake.models import Report
from ruangaman.intake.states import Triage, TriageReason
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb

Theirs = tuple[tuple[Any, str], ...]
NOTHING: Theirs = ()


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def triage(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the administration of this dossier: where its report goes, and why."""
    dossier = file_to_write(request, reference, Section.ADMINISTRATION)
    report = report_in_reach(request, dossier.id, reference)
    form = forms.TriageDecision(request.POST if request.method == "POST" else None)
    warning, theirs = "", NOTHING
    if form.is_valid():
        try:
            actions.triage(viewer=request.viewer, dossier=dossier, **form.cleaned_data, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning, seen = str(no.message), form.cleaned_data["seen"]
            report = report_in_reach(request, dossier.id, reference)
            theirs = _just_decided(request, report) if seen and seen != report.triage else NOTHING
    from_victim = policies.is_from_victim(report.reporter_kind)
    alone = policies.is_child_alone(age_band=report.age_band, reporter_kind=report.reporter_kind)
    moves = policies.offered_moves(
        now=report.triage,
        reporter_kind=report.reporter_kind,
        reached=queries.was_met(request.viewer, dossier.id),
        child_alone=alone,
        answered=report.first_answered_at is not None,
        roles=request.viewer.roles_in(dossier.unit_id),
    )
    form.show(report.triage, moves, from_victim=from_victim, child_alone=alone)
    rules = [
        "" if from_victim else policies.outreach_rule(),
        policies.emergency_rule()
        if report.danger_now and not queries.has_acted(request.viewer, dossier.id)
        else "",
        *(_about_child(request, dossier) if alone else ()),
    ]
    return form_page(
        request,
        dossier,
        form,
        title=_("Triase"),
        button=_("Simpan keputusan"),
        intro=_("Keputusan, alasan, nama Anda, dan waktunya tercatat. Pelapor tidak melihatnya."),
        notes=tuple(rule for rule in rules if rule and rule != warning),
        warning=warning,
        theirs=theirs,
    )


def report_in_reach(request: StaffRequest, dossier_id: UUID, reference: str) -> Report:
    """This will give the report of a dossier.

    :raises Stranger: where it is out of reach.
    """
    report = queries.report_of(request.viewer, dossier_id)
    if report is None:
        raise Stranger(reference)
    return report


def _just_decided(request: StaffRequest, report: Report) -> Theirs:
    """What a colleague decided while this page was open."""
    move = queries.moves_of(request.viewer, report.dossier_id)[-1]
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
        record(
            Verb.OPENED,
            at=clock.now(),
            by=request.viewer.id,
            unit=dossier.unit_id,
            dossier=dossier.id,
            fields=[Section.REPORTER.value],
        )
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
            return HttpResponseRedirect(page_of(dossier))
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
