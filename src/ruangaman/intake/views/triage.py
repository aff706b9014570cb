"""Pages of the unit: where a report goes."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.states import Section
from ruangaman.intake import actions, policies, queries
from ruangaman.intake.forms import triage as forms
from ruangaman.intake.models import Report
from ruangaman.intake.states import Triage, TriageReason
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused

Theirs = tuple[tuple[Any, str], ...]
NOTHING: Theirs = ()


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def triage(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the administration of this dossier: where its report goes, and why."""
    dossier = file_to_write(request, reference, Section.ADMINISTRATION)
    report = _report(request, dossier.id, reference)
    form = forms.TriageDecision(request.POST if request.method == "POST" else None)
    warning, theirs = "", NOTHING
    if form.is_valid():
        try:
            actions.triage(viewer=request.viewer, dossier=dossier, **form.cleaned_data, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning, seen = str(no.message), form.cleaned_data["seen"]
            report = _report(request, dossier.id, reference)
            theirs = _just_decided(request, report) if seen and seen != report.triage else NOTHING
    moves = policies.offered_moves(
        now=report.triage,
        reporter_kind=report.reporter_kind,
        reached=queries.was_met(request.viewer, dossier.id),
    )
    from_victim = policies.is_from_victim(report.reporter_kind)
    rule = "" if from_victim else policies.outreach_rule()
    form.show(report.triage, moves, from_victim)
    return form_page(
        request,
        dossier,
        form,
        title=_("Triase"),
        button=_("Simpan keputusan"),
        intro=_("Keputusan, alasan, nama Anda, dan waktunya tercatat. Pelapor tidak melihatnya."),
        notes=(rule,) if rule and rule != warning else (),
        warning=warning,
        theirs=theirs,
    )


def _report(request: StaffRequest, dossier_id: UUID, reference: str) -> Report:
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
