"""An unborn child who was the aim of violence or of trafficking. Source: care.md 13."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions, forms, queries
from ruangaman.people.states import PersonRole
from ruangaman.people.views.choosing import choices, live_parts


@staff(section=Section.MEDICAL)
@require_http_methods(["GET", "HEAD", "POST"])
def unborn(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write what is medical in this dossier: an unborn child, because its mother wants it recorded."""
    dossier = file_to_write(request, reference, Section.MEDICAL)
    parts = [part for part in live_parts(request, dossier) if part.role == PersonRole.CLIENT]
    mothers = {str(part.person_id): part.person for part in parts}
    form = forms.NewUnborn(
        request.POST if request.method == "POST" else None,
        mothers=choices(request, dossier, parts),
        initial={"unborn_id": new_id()},
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            if not mothers:
                raise Refused(_("Catat dulu siapa kliennya."))
            actions.record_unborn(
                viewer=request.viewer,
                dossier=dossier,
                mother=mothers[given.get("mother") or next(iter(mothers))],
                ground=given["ground"],
                agreed=given["agreed"],
                at=clock.now(),
                unborn_id=given["unborn_id"],
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Anak dalam kandungan"),
        button=_("Simpan"),
        intro=_(
            "Dicatat hanya kalau kekerasan ditujukan kepada kandungan atau karena perdagangan orang, dan hanya kalau "
            "ibu sendiri menghendakinya."
        ),
        notes=(
            _("Tanpa nama, tanpa wali, tanpa surat. Hanya terlihat oleh yang membaca catatan kesehatan."),
        ),
    )


@staff(section=Section.MEDICAL)
@require_http_methods(["GET", "HEAD", "POST"])
def end_unborn(request: StaffRequest, reference: str, unborn: UUID) -> HttpResponse:
    """Who may write what is medical in this dossier: such a record ends, at her wish without a reason."""
    dossier = file_to_write(request, reference, Section.MEDICAL)
    one = next((one for one in queries.unborn_of(request.viewer, dossier.id) if one.id == unborn), None)
    if one is None:
        raise Stranger(reference)
    form = forms.UnbornEnding(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.end_unborn(
                viewer=request.viewer, unborn=one, ending=form.cleaned_data["ending"], at=clock.now()
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Akhiri catatan anak dalam kandungan"),
        button=_("Akhiri catatan"),
        intro=_("Ibu tidak perlu memberi alasan."),
    )
