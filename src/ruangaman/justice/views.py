"""Recording the legal process."""

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, file_to_write, form_page, page_of, staff
from ruangaman.access.states import Section
from ruangaman.justice import actions, forms, queries
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.queries import clients_of


@staff(section=Section.LEGAL)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the legal part of this dossier: one step of the process."""
    dossier = file_to_write(request, reference, Section.LEGAL)
    clients = clients_of(request.viewer, dossier.id)
    places = {str(one.id): one for one in queries.institutions()}
    form = forms.LegalStep(
        request.POST if request.method == "POST" else None,
        initial={"step_id": new_id()},
        clients=queries.called(dossier, clients),
        institutions=[(number, one.name) for number, one in places.items()],
    )
    warning = ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.record_step(
                viewer=request.viewer,
                dossier=dossier,
                client=next(one for one in clients if str(one.id) == told.pop("client")),
                institution=places.get(told.pop("institution")),
                **told,
                at=clock.now(),
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Langkah hukum"),
        button=_("Catat langkah"),
        intro=_(
            "Catat setiap langkah setelah terjadi. Langkah yang baru diketahui boleh menyusul, dengan tanggalnya."
        ),
        notes=()
        if clients
        else (_("Belum ada klien di berkas ini. Klien dicatat dulu pada bagian “Siapa”."),),
        warning=warning,
        status=409 if warning else 200,
    )
