"""Pages of access: powers with four eyes, accounts, one's own devices."""

import base64
import binascii
import re
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access import actions, queries, sessions
from ruangaman.access.doors import StaffRequest, Stranger, public, staff
from ruangaman.access.forms import MakeAccount, ProposePower
from ruangaman.access.models import Organisation, PowerProposal
from ruangaman.access.policies import POWER_ROLES, check_can_decide
from ruangaman.access.states import PowerKind, Role
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused

# "code", "second", "again": a code and the secret beside it stand on no page, least of all before an officer's eyes.
NOT_TYPED = {"csrfmiddlewaretoken", "step", "go", "next", "message_id", "code", "second", "again"}
# What was chosen and not typed: an option of ours, a place, an id.
CHOSEN = re.compile(r"[a-z_]{0,20}|\d\d(\.\d+)*|[0-9a-f-]{36}")


@staff(roles=POWER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def powers(request: StaffRequest) -> HttpResponse:
    """Administrators and heads: proposals that wait, and a new one."""
    viewer = request.viewer
    reachable = queries.administered(viewer)
    organisations = list(Organisation.objects.filter(id__in=reachable))
    form = ProposePower(request.POST or None).choose_from(queries.accounts(viewer), organisations)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.propose_power(
                viewer=viewer,
                kind=PowerKind(answers["kind"]),
                user=answers["user"],
                organisation=answers["organisation"],
                role=answers["role"],
                at=clock.now(),
            )
        except Refused as no:
            form.add_error(None, str(no.message))
        else:
            messages.success(request, _("Usulan dicatat. Peran berlaku setelah orang kedua menyetujui."))
            return redirect("access:powers")
    proposals = [_proposal(viewer, proposal) for proposal in queries.open_proposals(viewer)]
    return render(request, "access/powers.html", {"proposals": proposals, "form": form})


def _proposal(viewer: queries.Viewer, proposal: PowerProposal) -> dict[str, object]:
    why_not = ""
    try:
        check_can_decide(
            roles=viewer.roles,
            decider=viewer.id,
            proposer=proposal.proposed_by_id,
            subject=proposal.user_id,
            decision=proposal.decision,
        )
    except Refused as no:
        why_not = str(no.message)
    return {
        "id": proposal.id,
        "person": proposal.user.name,
        "kind_label": proposal.get_kind_display(),
        "role_label": Role(proposal.role).label,
        "organisation": proposal.organisation.name,
        "proposed_by": proposal.proposed_by.name,
        "proposed_at": proposal.proposed_at,
        "can_decide": not why_not,
        "why_not": why_not,
    }


@staff(roles=POWER_ROLES)
@require_POST
def decide(request: StaffRequest, proposal: UUID, answer: str) -> HttpResponse:
    """Administrators and heads: the second person's yes or no."""
    if answer not in ("setuju", "tolak"):
        raise Stranger
    try:
        actions.decide_power(
            viewer=request.viewer, proposal_id=proposal, approve=answer == "setuju", at=clock.now()
        )
    except PowerProposal.DoesNotExist:
        raise Stranger from None
    except Refused as no:
        messages.error(request, str(no.message))
    else:
        messages.success(request, _("Keputusan dicatat."))
    return redirect("access:powers")


@staff(roles=POWER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: StaffRequest) -> HttpResponse:
    """Administrators and heads: accounts and their roles, and a new account."""
    form = MakeAccount(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.make_account(**form.cleaned_data, by=request.viewer.id, at=clock.now())
        messages.success(
            request, _("Akun dibuat. Sekarang usulkan perannya; kata sandi dibuat lewat “Lupa kata sandi”.")
        )
        return redirect("access:people")
    with_factor = queries.with_second_factor()
    accounts = [
        {
            "name": user.name,
            "email": user.email,
            "roles": [
                f"{Role(m.role).label}, {m.organisation.name}"
                for m in user.memberships.all()
                if m.until is None
            ],
            "second_factor": user.id in with_factor,
            "active": user.is_active,
        }
        for user in queries.accounts(request.viewer)
    ]
    return render(request, "access/people.html", {"accounts": accounts, "form": form})


@staff()
@require_safe
def devices(request: StaffRequest) -> HttpResponse:
    """Everyone who signed in: their own devices."""
    current = sessions.hashed(request.session.session_key or "")
    found = [
        {
            "label": device.device or _("Peramban tak dikenal"),
            "signed_in_at": device.signed_in_at,
            "last_seen_on": device.seen_on,
            "current": bytes(device.key_hash) == current,
            "id": sessions.token(bytes(device.key_hash)),
        }
        for device in queries.devices(request.viewer)
    ]
    return render(request, "access/devices.html", {"devices": found})


@staff()
@require_POST
def end_device(request: StaffRequest, device: str) -> HttpResponse:
    """Everyone who signed in: sign one of their own devices out."""
    try:
        key_hash = base64.urlsafe_b64decode(device + "=" * (-len(device) % 4))
    except (binascii.Error, ValueError):
        raise Stranger from None
    actions.end_device(viewer=request.viewer, key_hash=key_hash, at=clock.now())
    messages.success(request, _("Perangkat itu sudah dikeluarkan."))
    return redirect("access:devices")


@public
def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Anyone: the page's form is from another visit. What was typed is shown again so that it is not lost.

    But not to a browser that carries nothing of ours any more: after Exit, whoever presses Back sends the last form
    once more, and would read in the answer what she had written. Source: care.md 3.
    """
    typed = [
        value
        for name, values in request.POST.lists()
        for value in values
        if request.COOKIES
        and name not in NOT_TYPED
        and "password" not in name
        and not CHOSEN.fullmatch(str(value))
    ]
    return render(request, "form_too_old.html", {"typed": typed}, status=403)
