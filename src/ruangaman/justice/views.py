"""Recording the legal process."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, file_to_write, staff
from ruangaman.access.states import Section
from ruangaman.cases.views.sending import carried_out, filled
from ruangaman.justice import actions, forms, queries
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.people.queries import clients_of


@staff(section=Section.LEGAL)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the legal part of this dossier: one step of the process."""
    dossier = file_to_write(request, reference, Section.LEGAL)
    clients = clients_of(request.viewer, dossier.id)
    places = {str(one.id): one for one in queries.institutions()}
    form = filled(
        request,
        forms.LegalStep,
        {"step_id": new_id()},
        clients=queries.called(dossier, clients),
        institutions=[(number, one.name) for number, one in places.items()],
    )

    def act(told: dict[str, Any]) -> None:
        actions.record_step(
            viewer=request.viewer,
            dossier=dossier,
            at=clock.now(),
            **{
                **told,
                "client": next(one for one in clients if str(one.id) == told["client"]),
                "institution": places.get(told["institution"]),
            },
        )

    return carried_out(
        request,
        dossier,
        form,
        act,
        title=_("Langkah hukum"),
        button=_("Catat langkah"),
        intro=_(
            "Catat setiap langkah setelah terjadi. Langkah yang baru diketahui boleh menyusul, dengan tanggalnya."
        ),
        notes=()
        if clients
        else (_("Belum ada klien di berkas ini. Klien dicatat dulu pada bagian “Siapa”."),),
    )
