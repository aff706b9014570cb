"""What the unit writes of services: a referral to a partner, and that a service was given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, every_key, reach_of
from ruangaman.access.states import Section, Stage
from ruangaman.cases.models import PlanItem
from ruangaman.cases.queries import items_of, own_plan
from ruangaman.consent.states import SECTION_OF, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of, initials_in
from ruangaman.people.queries.likenesses import clients_by_record
from ruangaman.people.queries.profiles import courtesy_of, safe_place
from ruangaman.services import actions, forms


@staff(section=Section.REFERRAL)
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write referrals of this file: asks a partner for what is planned with it."""
    dossier = file_to_write(request, reference, Section.REFERRAL)
    if Section.PLAN not in reach_of(request.viewer, dossier, clock.now())[0]:
        raise Stranger(reference)  # a partner writes the answer to a referral, and sends none on
    items = {
        str(item.id): item
        for item in items_of(request.viewer, dossier.id)
        if item.organisation_id and item.dropped_at is None
    }
    clients = clients_of(request.viewer, dossier.id)
    initials = _called(dossier, clients)
    called = {one.one_id: initials.get(one.id, "") for one in clients}
    choices = [
        (key, _label(item.service, item.organisation, called.get(item.need.client.one_id, "")))
        for key, item in items.items()
    ]
    form = forms.Refer(
        request.POST if request.method == "POST" else None, initial={"row_id": new_id()}, items=choices
    )
    page: dict[str, Any] = {
        "title": _("Kirim rujukan"),
        "button": _("Kirim rujukan"),
        "notes": (
            *_safe_places(request, dossier, items.values()),
            _("Mitra hanya melihat nomor berkas, identitas klien, rujukan ini, dan yang disetujui klien."),
            *(
                []
                if choices
                else [_("Belum ada layanan yang direncanakan dengan mitra. Tulis rencananya dulu.")]
            ),
        ),
    }
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            with transaction.atomic():
                actions.refer(
                    viewer=request.viewer,
                    dossier=dossier,
                    item=items[told["item"]],
                    request=told["request"],
                    visum_wanted=told["visum_wanted"],
                    at=clock.now(),
                    referral_id=told["row_id"],
                )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
            return form_page(request, dossier, form, **page, status=409)
    return form_page(request, dossier, form, **page)


def _safe_places(request: StaffRequest, dossier: Dossier, items: Iterable[PlanItem]) -> list[str]:
    """Before a shelter is asked: where each client feels safe. It is no part of what is sent. Source: care.md 22."""
    if request.method == "POST" or not any(item.service == Service.SHELTER for item in items):
        return []
    told_of = courtesy_of(request.viewer, dossier.id)
    clients = clients_of(request.viewer, dossier.id)
    initials = initials_in(clients, every_key(dossier.id))
    found = [(one, safe_place(told_of[one.one_id])) for one in clients if one.one_id in told_of]
    shown = [(one, place) for one, place in found if place]
    if shown:
        record(
            Verb.OPENED,
            at=clock.now(),
            by=request.viewer.id,
            unit=dossier.unit_id,
            dossier=dossier.id,
            objects=sorted(one.id for one, _place in shown),
            fields=[Section.COURTESY.value],
        )
    return [
        _("%(who)s merasa aman tinggal: %(place)s. Pilih tempat menurut rasa amannya sendiri.")
        % {"who": initials.get(one.id, "?"), "place": place}
        for one, place in shown
    ]


def _called(dossier: Dossier, clients: list[Person]) -> dict[UUID, str]:
    """Whose service it is, by initials, where a file has several clients."""
    return initials_in(clients, every_key(dossier.id)) if len(clients) > 1 else {}


def _label(service: str, by_whom: Any, client: str) -> str:
    label = _("%(service)s: %(by_whom)s") % {"service": Service(service).label, "by_whom": by_whom}
    return f"{client} · {label}" if client else label


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the section of a service in this file: records that it was given."""
    now = clock.now()
    dossier, writes = _file_of(request, reference)
    planned = _own_services(request, dossier, writes)
    if not planned:
        # What somebody without a part in this file is told as well.
        raise Stranger(reference)
    form = forms.Give(
        request.POST if request.method == "POST" else None,
        initial={"row_id": new_id(), "given_on": localdate(now)},
        whats=[(key, one.label) for key, one in planned.items()],
        services={one.service for one in planned.values()},
    )
    page: dict[str, Any] = {"title": _("Catat layanan"), "button": _("Simpan layanan")}
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        chosen = planned[told["what"]]
        try:
            with transaction.atomic():
                actions.give_service(
                    viewer=request.viewer,
                    dossier=dossier,
                    client=chosen.client,
                    service=chosen.service,
                    kind=told["kind"],
                    given_on=told["given_on"],
                    organisation_id=chosen.organisation_id,
                    item=chosen.item_id,
                    referral=None,
                    note=told["note"],
                    delivery_id=told["row_id"],
                    at=now,
                )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
            return form_page(request, dossier, form, **page, status=409)
    return form_page(request, dossier, form, **page)


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned service that somebody may record as given."""

    label: str
    service: str
    client: Person
    item_id: UUID
    organisation_id: UUID


def _file_of(request: StaffRequest, reference: str) -> tuple[Dossier, frozenset[str]]:
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None or dossier.stage != Stage.CASE:
        raise Stranger(reference)
    return dossier, reach_of(request.viewer, dossier, clock.now())[1]


def _own_services(request: StaffRequest, dossier: Dossier, writes: frozenset[str]) -> dict[str, Planned]:
    """By the plan, as far as its sections are theirs to write: also what a partner gave that keeps no record here."""
    clients = clients_by_record(request.viewer, dossier.id)
    called = _called(dossier, list({client.id: client for client in clients.values()}.values()))
    planned: dict[str, Planned] = {}
    if Section.PLAN in writes:
        for item in items_of(request.viewer, dossier.id):
            client = clients.get(item.need.client_id)
            if item.dropped_at or client is None or SECTION_OF[Service(item.service)] not in writes:
                continue
            label = _label(item.service, item.provider or item.organisation, called.get(client.id, ""))
            given_by = item.organisation_id or dossier.unit_id
            planned[str(item.id)] = Planned(label, item.service, client, item.id, given_by)
    for own in own_plan(request.viewer, dossier_id=dossier.id, until=date.max):
        client = clients.get(own.client_id)
        if client is None or SECTION_OF[Service(own.service)] not in writes:
            continue
        so_far = _("%(given)s dari %(sessions)s") % {"given": own.given, "sessions": own.sessions}
        label = _label(own.service, so_far, called.get(client.id, ""))
        planned[str(own.item_id)] = Planned(label, own.service, client, own.item_id, dossier.unit_id)
    return planned
