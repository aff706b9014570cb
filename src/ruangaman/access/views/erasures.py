"""Pages of erasure: who asks, who decides, and what was erased."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access import actions, queries
from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.forms import AskErasure
from ruangaman.access.models import ErasureRequest
from ruangaman.access.policies import ERASURE_ASKERS, ERASURE_ROLES, check_can_decide_erasure
from ruangaman.access.states import Decision, ErasureBasis, Role
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused


@staff(roles=ERASURE_ROLES)
@require_http_methods(["GET", "POST"])
def erasures(request: StaffRequest) -> HttpResponse:
    """Data officers, supervisors and heads: requests for erasure, and a new one."""
    viewer = request.viewer
    form = AskErasure(request.POST or None) if ERASURE_ASKERS & viewer.roles else None
    if form and request.method == "POST" and form.is_valid():
        try:
            _ask(viewer, form.cleaned_data["reference"], ErasureBasis(form.cleaned_data["basis"]))
        except Refused as no:
            form.add_error("reference", str(no.message))
        else:
            messages.success(request, _("Permintaan dicatat. Kepala unit yang memutuskan."))
            return redirect("access:erasures")
    context = {
        "requests": [_shown(viewer, wanted) for wanted in queries.erasure_requests(viewer)],
        "erased": queries.count_erased(viewer),
        "days": settings.ERASURE_DELAY_DAYS,
        "form": form,
    }
    return render(request, "access/erasures.html", context)


def _ask(viewer: queries.Viewer, reference: str, basis: ErasureBasis) -> None:
    dossier = queries.dossier_by_reference(viewer, reference)
    if dossier is None:
        hidden = queries.hidden_dossier(reference)
        actions.record_refusal(by=viewer.id, reference=reference, hidden=hidden, at=clock.now())
        raise Refused(_("Tidak ada berkas dengan nomor ini yang bisa Anda lihat."))
    actions.ask_erasure(viewer=viewer, dossier=dossier, basis=basis, at=clock.now())


def _shown(viewer: queries.Viewer, wanted: ErasureRequest) -> dict[str, object]:
    why_not = ""
    try:
        check_can_decide_erasure(
            roles=viewer.roles_in(wanted.unit_id),
            decider=viewer.id,
            asker=wanted.asked_by_id,
            decision=wanted.decision,
        )
    except Refused as no:
        why_not = str(no.message)
    return {
        "id": wanted.id,
        "reference": wanted.dossier.reference,
        "basis_label": wanted.get_basis_display(),
        "asked_by": wanted.asked_by.name,
        "asked_at": wanted.asked_at,
        "open": wanted.decision == Decision.OPEN,
        "decision_label": wanted.get_decision_display(),
        "decided_by": wanted.decided_by.name if wanted.decided_by else "",
        "erased_at": wanted.dossier.erased_at,
        "can_decide": not why_not,
        "why_not": why_not,
    }


@staff(roles=frozenset({Role.HEAD}))
@require_POST
def decide_erasure(request: StaffRequest, wanted: UUID, answer: str) -> HttpResponse:
    """Heads: the second person's yes or no. A yes can't be taken back."""
    approve = answer == "setuju"
    try:
        actions.decide_erasure(viewer=request.viewer, request_id=wanted, approve=approve, at=clock.now())
    except ErasureRequest.DoesNotExist:
        raise Stranger from None
    except Refused as no:
        messages.error(request, str(no.message))
    else:
        said = (
            _("Disetujui. Kuncinya dimusnahkan dalam beberapa saat.") if approve else _("Permintaan ditolak.")
        )
        messages.success(request, said)
    return redirect("access:erasures")
