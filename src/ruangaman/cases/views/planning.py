"""Pages of the plan: what answers a need, why one is not answered, and what ends."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, file_to_write, staff
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer, every_key, staff_of
from ruangaman.access.states import Role, Section
from ruangaman.cases import actions, forms, queries
from ruangaman.cases.models import Need, PlanItem
from ruangaman.cases.policies import PROVIDERS
from ruangaman.cases.states import NeedState
from ruangaman.cases.views.sending import carried_out, filled
from ruangaman.consent.models import Consent
from ruangaman.consent.queries import consents_of, deciding, holds, newest_answers, to_ask_again
from ruangaman.consent.states import Answer
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id

Way = tuple[Need, Organisation | None]


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this file: how one need is answered, on a live consent for just that."""
    dossier = file_to_write(request, reference, Section.PLAN)
    now = clock.now()
    needs = _open_needs(request, dossier)
    called = _called(dossier, needs)
    consents = consents_of(request.viewer, dossier.id)
    ways = _ways(request.viewer, needs, consents, now)
    whats = [(name, _way_named(way, called)) for name, way in ways.items()]
    colleagues = staff_of(
        dossier.unit_id, sorted({role for roles in PROVIDERS.values() for role in roles}), now
    )
    providers = {str(user.id): user for user, _role in colleagues}

    def write(told: dict[str, Any]) -> None:
        need, organisation = ways[told["what"]]
        provider = providers[told["provider"]] if told["provider"] else None
        actions.plan(
            viewer=request.viewer,
            dossier=dossier,
            need=need,
            provider=provider,
            organisation=organisation,
            sessions=told["sessions"],
            starts_on=told["starts_on"],
            aim=told["aim"],
            at=now,
            item_id=told["row_id"],
        )

    wanted = request.GET.get("kebutuhan", "")
    first = next((name for name in ways if wanted and name.startswith(wanted)), None)
    return carried_out(
        request,
        dossier,
        filled(
            request,
            forms.Plan,
            {"row_id": new_id(), "what": first, "sessions": 1},
            whats=whats,
            providers=_by_role(colleagues),
        ),
        write,
        title=_("Rencana layanan"),
        button=_("Simpan rencana"),
        intro=_("Satu kebutuhan setiap kali. Hanya yang disetujui klien yang bisa direncanakan."),
        notes=_unconsented(dossier, needs, ways, consents, called),
    )


def _open_needs(request: StaffRequest, dossier: Dossier) -> list[Need]:
    answerable = (NeedState.OPEN, NeedState.PLANNED)
    return [need for need in queries.needs_of(request.viewer, dossier.id) if need.state in answerable]


def _called(dossier: Dossier, needs: list[Need]) -> dict[UUID, str]:
    return queries.called({need.client_id: need.client for need in needs}.values(), every_key(dossier.id))


def _named(need: Need, called: dict[UUID, str]) -> str:
    return f"{need.get_service_display()} ({called.get(need.client_id, '?')})"


def _ways(viewer: Viewer, needs: list[Need], consents: list[Consent], at: datetime) -> dict[str, Way]:
    """Each need once for each recipient whom she allowed it: the unit's own people, or a partner."""
    again = {consent.id for consent in to_ask_again(viewer, consents, at)}
    live = [one for one in deciding(consents) if holds(one, at) and one.id not in again]
    return {
        f"{need.id}~{consent.recipient_id or ''}": (need, consent.recipient)
        for need in needs
        for consent in live
        if (consent.client.one_id, consent.service) == (need.client.one_id, need.service)
    }


def _way_named(way: Way, called: dict[UUID, str]) -> str:
    need, organisation = way
    who = organisation.name if organisation else _("rekan unit")
    return f"{_named(need, called)} · {who}"


def _by_role(colleagues: list[tuple[Any, str]]) -> list[tuple[Any, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for user, role in colleagues:
        groups.setdefault(role, []).append((str(user.id), user.name))
    return [(Role(role).label, people) for role, people in sorted(groups.items())]


def _unconsented(
    dossier: Dossier,
    needs: list[Need],
    ways: dict[str, Way],
    consents: list[Consent],
    called: dict[UUID, str],
) -> tuple[Any, ...]:
    """Why what is needed can't be planned yet, one sentence each."""
    if not needs:
        return (_("Belum ada kebutuhan yang terbuka. Catat kebutuhan klien dulu."),)
    newest = newest_answers(consents)
    planned = {need.id for need, _organisation in ways.values()}
    ask = reverse("consent:record", args=[dossier.reference])
    return tuple(
        format_html(
            '{}: {} <a class="govuk-link" href="{}">{}</a>',
            _named(need, called),
            _why(newest.get((need.client.one_id, need.service))),
            ask,
            _("Catat jawaban klien"),
        )
        for need in needs
        if need.id not in planned
    )


def _why(consent: Consent | None) -> str:
    if consent is None:
        return _("belum ada persetujuan. Tanyakan dulu kepada klien.")
    if consent.answer == Answer.REFUSED:
        return _("klien tidak setuju.")
    if consent.answer == Answer.LATER:
        return _("klien minta ditanya lagi nanti.")
    if consent.withdrawn_at is not None:
        return _("persetujuannya sudah ditarik.")
    return _("persetujuannya tidak berlaku lagi. Tanyakan lagi.")


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def unmet(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this file: why a need is not answered, or that there is none."""
    dossier = file_to_write(request, reference, Section.PLAN)
    live = {item.need_id for item in queries.items_of(request.viewer, dossier.id) if not item.dropped_at}
    needs = {str(need.id): need for need in _open_needs(request, dossier) if need.id not in live}
    called = _called(dossier, list(needs.values()))

    def leave(told: dict[str, Any]) -> None:
        actions.leave_unmet(
            viewer=request.viewer,
            dossier=dossier,
            need=needs[told["need"]],
            reason=told["reason"],
            at=clock.now(),
        )

    return carried_out(
        request,
        dossier,
        filled(
            request,
            forms.LeaveUnmet,
            {"need": request.GET.get("kebutuhan", "")},
            needs=[(name, _named(need, called)) for name, need in needs.items()],
        ),
        leave,
        title=_("Kebutuhan yang tidak dijawab"),
        button=_("Simpan"),
        intro=_(
            "Setiap kebutuhan dijawab rencana, atau ada alasannya. Kebutuhan ini bisa dicatat lagi kapan saja."
        ),
        notes=() if needs else (_("Tidak ada kebutuhan terbuka tanpa rencana."),),
    )


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this file: ends a plan; what was given stays recorded."""
    dossier = file_to_write(request, reference, Section.PLAN)
    items = {
        str(item.id): item for item in queries.items_of(request.viewer, dossier.id) if not item.dropped_at
    }

    def end(told: dict[str, Any]) -> None:
        actions.drop_item(viewer=request.viewer, dossier=dossier, item=items[told["item"]], at=clock.now())

    return carried_out(
        request,
        dossier,
        filled(request, forms.Drop, items=[(name, _item_named(item)) for name, item in items.items()]),
        end,
        title=_("Hentikan rencana"),
        button=_("Hentikan"),
        intro=_("Kebutuhannya terbuka lagi. Yang sudah diberikan tetap tercatat."),
        notes=() if items else (_("Tidak ada rencana yang berjalan."),),
    )


def _item_named(item: PlanItem) -> str:
    who = item.provider.name if item.provider else item.organisation.name if item.organisation else "–"
    return f"{item.get_service_display()} · {who}"
