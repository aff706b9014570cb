"""Pages of the unit: the safe attempt to reach her."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.states import Section
from ruangaman.intake import actions, policies, queries
from ruangaman.intake.forms import outreach as forms
from ruangaman.intake.models import Outreach
from ruangaman.intake.states import OutreachResult
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id

Theirs = tuple[tuple[Any, str], ...]
NOTHING: Theirs = ()


@staff(section=Section.RISK)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_outreach(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the risk and the team of this dossier: a safe attempt to reach her."""
    dossier = file_to_write(request, reference, Section.RISK)
    file_to_write(request, reference, Section.TEAM)
    now = clock.now()
    people = {str(one.id): one for one in queries.companions_for(request.viewer, dossier, now)}
    form = forms.OutreachPlan(
        request.POST if request.method == "POST" else None, initial={"outreach_id": new_id()}
    )
    form.show(
        [(number, one.name) for number, one in people.items()],
        house=bool(policies.SENIOR & request.viewer.roles_in(dossier.unit_id)),
    )
    warning = ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.plan_outreach(
                viewer=request.viewer,
                dossier=dossier,
                companion=people[told.pop("companion")],
                **told,
                at=now,
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Rencanakan penjangkauan"),
        button=_("Simpan rencana"),
        intro=_(
            "Penjangkauan adalah usaha aman untuk bertemu dengannya: di sekolah, di Puskesmas, "
            "atau lewat telepon pada jam yang aman. Bukan kunjungan ke rumah."
        ),
        notes=(
            _(
                "Menghubungi RT, RW, atau tokoh adalah membuka rahasia: perlu persetujuannya dulu, "
                "atau keputusan penyelia bila anak dalam bahaya."
            ),
            _(
                "Surat tugas memuat petugas, nomor, dan kelurahan. Nama korban dan kejadiannya tidak pernah ditulis."
            ),
            *([] if people else [_("Belum ada pendamping korban di unit ini yang bisa ditugaskan.")]),
        ),
        warning=warning,
    )


@staff(section=Section.RISK)
@require_http_methods(["GET", "HEAD", "POST"])
def end_outreach(request: StaffRequest, outreach: UUID) -> HttpResponse:
    """Who may write the risk of its dossier, first of all the companion who went: how an attempt ended."""
    found = queries.outreach_of(request.viewer, outreach)
    if found is None:
        raise Stranger
    dossier = file_to_write(request, found.dossier.reference, Section.RISK)
    form = forms.OutreachEnd(request.POST if request.method == "POST" else None)
    warning, theirs = "", NOTHING
    if form.is_valid():
        try:
            actions.end_outreach(viewer=request.viewer, outreach=found, **form.cleaned_data, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
            theirs = _just_ended(request, found.id)
    return form_page(
        request,
        dossier,
        form,
        title=_("Hasil penjangkauan"),
        button=_("Simpan hasil"),
        intro=_("Hasil dicatat sekali."),
        notes=(
            _(
                "Orang dewasa yang menolak sendiri, berdua saja dengan Anda, mengakhiri penjangkauan. "
                "Penolakan yang disampaikan orang lain bukan penolakannya."
            ),
        ),
        warning=warning,
        theirs=theirs,
    )


def _just_ended(request: StaffRequest, outreach: UUID) -> Theirs:
    """What a colleague recorded while this page was open."""
    current: Outreach | None = queries.outreach_of(request.viewer, outreach)
    if current is None or not current.result:
        return NOTHING
    return ((_("Hasil"), str(OutreachResult(current.result).label)),)
