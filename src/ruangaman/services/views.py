"""Referrals: what a partner sees and answers, what a unit sends; and services recorded by the unit's own people."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, every_key, open_key, reach_of
from ruangaman.access.states import Section, Stage
from ruangaman.cases.queries import assessment_of, items_of, newest_note, own_plan
from ruangaman.consent.states import SECTION_OF, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of, initials_of
from ruangaman.services import actions, forms, queries
from ruangaman.services.models import Referral
from ruangaman.services.states import ReferralStatus


@staff(section=Section.REFERRAL)
@require_safe
def referrals(request: StaffRequest) -> HttpResponse:
    """Partners: what waits for them; the unit: what it sent. Both: all of it, newest first."""
    page = queries.referrals(request.viewer, before=_mark(request.GET.get("sebelum", "")))
    initials = initials_of(request.viewer, [row.dossier_id for row in page.rows])
    rows = [
        {
            "reference": row.dossier.reference,
            "initials": initials.get(row.dossier_id, ""),
            "service": row.get_service_display(),
            "who": row.organisation.name,
            "sent_at": row.sent_at,
            "status": row.get_status_display(),
            "waits": row.status == ReferralStatus.SENT,
            "accepted": row.status == ReferralStatus.ACCEPTED,
            "url": reverse("services:referral", args=[row.id]),
        }
        for row in page.rows
    ]
    context = {
        "rows": rows,
        "partner": bool(queries.partners_of(request.viewer)),
        "older_url": f"?sebelum={page.older.replace('+', '%2B')}" if page.older else "",
        "newer_url": reverse("services:referrals") if request.GET.get("sebelum") else "",
    }
    return render(request, "services/referrals.html", context)


def _mark(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, row = text.partition("~")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(row)
    except (ValueError, OverflowError):
        return None


def _found(request: StaffRequest, referral_id: UUID) -> Referral:
    """The referral, or what a stranger gets: also for who saw it a moment ago, before a consent was withdrawn."""
    found = queries.referral_by_id(request.viewer, referral_id)
    if found is None:
        raise Stranger
    return found


@staff(section=Section.REFERRAL)
@require_safe
def referral(request: StaffRequest, referral: UUID) -> HttpResponse:
    """The partner it was sent to, and who may see referrals of this dossier."""
    return _page(request, _found(request, referral))


def _page(
    request: StaffRequest,
    found: Referral,
    bound: dict[str, django_forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    dossier = found.dossier
    sections, writes = reach_of(request.viewer, dossier, now)
    wrapped = every_key(dossier.id)
    keys = {section: open_key(row) for section, row in wrapped.items()}
    service = SECTION_OF[Service(found.service)]
    partner = found.organisation_id in queries.partners_of(request.viewer)
    acts = partner and dossier.stage == Stage.CASE and Section.REFERRAL in writes
    accepted = found.status == ReferralStatus.ACCEPTED
    opened = sorted({Section.REFERRAL.value, *(s for s in (service.value, *SHOWN) if s in keys)})
    shown = _shown(found, keys)
    given = queries.deliveries_of(request.viewer, dossier.id, referral_id=found.id)
    record(Verb.OPENED, at=now, by=request.viewer.id, unit=dossier.unit_id, dossier=dossier.id, fields=opened)
    fresh: dict[str, django_forms.Form] = {}
    if acts and found.status == ReferralStatus.SENT:
        fresh["tolak"] = forms.DeclineReferral()
    if acts and accepted and service in writes:
        day = {"row_id": new_id(), "given_on": localdate(now)}
        fresh["layanan"] = forms.Treatment(initial=day, service=found.service, prefix="layanan")
        if found.visum_wanted:
            fresh["visum"] = forms.VisumNumber(initial={"row_id": new_id()}, prefix="visum")
    context = {
        "referral": found,
        "reference": dossier.reference,
        "initials": initials_of(request.viewer, [dossier.id]).get(dossier.id, ""),
        "partner": partner,
        "service": found.get_service_display(),
        "status": found.get_status_display(),
        "waits": found.status == ReferralStatus.SENT,
        "accepted": accepted,
        "client_about": _about(found.client) if Section.IDENTITY in sections else "",
        "identity_url": reverse("people:open_identity", args=[dossier.reference])
        if Section.IDENTITY in sections
        else "",
        "back": "" if partner else page_of(dossier),
        "given": [
            {
                "kind": row.get_kind_display(),
                "given_on": row.given_on,
                "by": row.recorded_by.name,
                "note": unseal(row, "note", keys[row.section]) if row.section in keys else None,
            }
            for row in given
        ],
        "visums": [
            {"number": unseal(row, "number", keys[Section.MEDICAL]), "dated_on": row.dated_on}
            for row in (queries.visums_of(request.viewer, dossier.id) if found.visum_wanted else [])
            if Section.MEDICAL in keys
        ],
        "forms": {**fresh, **(bound or {})},
        "acts": acts,
        **shown,
    }
    return render(request, "services/referral.html", context, status=status)


SHOWN = (Section.NARRATIVE.value, Section.RISK.value)


def _shown(found: Referral, keys: dict[str, Key]) -> dict[str, Any]:
    """What the consent covers besides: what is absent was not agreed to."""
    note = newest_note(found.dossier_id, keys.get(Section.RISK)) if Section.RISK in keys else None
    return {
        "request_text": unseal(found, "request", keys[Section.REFERRAL])
        if Section.REFERRAL in keys
        else None,
        "story": story_of_referral(found, keys),
        "safety": note.text if note else "",
    }


def story_of_referral(found: Referral, keys: dict[str, Key]) -> str | None:
    """This will open what happened, only where the consent covers it."""
    key = keys.get(Section.NARRATIVE)
    assessed = assessment_of(found.dossier_id, key) if key else None
    return assessed.chronology if assessed else None


def _about(client: Person) -> str:
    band = _("%s tahun") % client.age_band if client.age_band else ""
    return ", ".join(part for part in (str(client.get_sex_display()), band) if part)


@staff(section=Section.REFERRAL)
@require_POST
def act(request: StaffRequest, referral: UUID, what: str) -> HttpResponse:
    """The partner it was sent to: accepts, declines, records what was done, finishes; the unit takes it back."""
    found = _found(request, referral)
    partner = found.organisation_id in queries.partners_of(request.viewer)
    acts = PARTNER_ACTS if partner else UNIT_ACTS
    if what not in acts or Section.REFERRAL not in reach_of(request.viewer, found.dossier, clock.now())[1]:
        raise Stranger(found.dossier.reference)
    form = _form(request, found, what)
    if form is not None and not form.is_valid():
        return _page(request, found, {what: form}, status=400)
    try:
        with transaction.atomic():
            acts[what](request, found, form.cleaned_data if form else {})
    except Refused as no:
        if form is None:
            form = django_forms.Form({})
        form.is_valid()
        form.add_error(None, str(no.message))
        found.refresh_from_db()
        return _page(request, found, {what: form}, status=409)
    return HttpResponseRedirect(reverse("services:referral", args=[found.id]))


def _form(request: StaffRequest, found: Referral, what: str) -> django_forms.Form | None:
    if what == "tolak":
        return forms.DeclineReferral(request.POST)
    if what == "layanan":
        return forms.Treatment(request.POST, service=found.service, prefix="layanan")
    if what == "visum":
        return forms.VisumNumber(request.POST, prefix="visum")
    return None


def _accept(request: StaffRequest, found: Referral, told: dict[str, Any]) -> None:
    actions.answer_referral(viewer=request.viewer, referral=found, accept=True, decline="", at=clock.now())


def _decline(request: StaffRequest, found: Referral, told: dict[str, Any]) -> None:
    actions.answer_referral(viewer=request.viewer, referral=found, accept=False, **told, at=clock.now())


def _treat(request: StaffRequest, found: Referral, told: dict[str, Any]) -> None:
    _check_accepted(found)
    actions.give_service(
        viewer=request.viewer,
        dossier=found.dossier,
        client=found.client,
        service=found.service,
        kind=told["kind"],
        given_on=told["given_on"],
        organisation_id=found.organisation_id,
        item=found.item_id,
        referral=found,
        note=told["note"],
        delivery_id=told["row_id"],
        at=clock.now(),
    )


def _visum(request: StaffRequest, found: Referral, told: dict[str, Any]) -> None:
    _check_accepted(found)
    actions.note_visum(
        viewer=request.viewer,
        dossier=found.dossier,
        client_id=found.client_id,
        referral=found,
        number=told["number"],
        request_number=told["request_number"],
        dated_on=told["dated_on"],
        visum_id=told["row_id"],
        at=clock.now(),
    )


def _check_accepted(found: Referral) -> None:
    if found.status != ReferralStatus.ACCEPTED:
        raise Refused(_("Terima dulu rujukan ini, baru catat layanannya."))


def _finish(request: StaffRequest, found: Referral, told: dict[str, Any]) -> None:
    actions.finish_referral(viewer=request.viewer, referral=found, at=clock.now())


def _withdraw(request: StaffRequest, found: Referral, told: dict[str, Any]) -> None:
    actions.withdraw_referral(viewer=request.viewer, referral=found, at=clock.now())


PARTNER_ACTS = {"terima": _accept, "tolak": _decline, "layanan": _treat, "visum": _visum, "selesai": _finish}
UNIT_ACTS = {"tarik": _withdraw}


# --- the unit ----------------------------------------------------------------------------------------------------


@staff(section=Section.REFERRAL)
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write referrals of this file: asks a partner for what is planned with it."""
    dossier = file_to_write(request, reference, Section.REFERRAL)
    items = {
        str(item.id): item
        for item in items_of(request.viewer, dossier.id)
        if item.organisation_id and item.dropped_at is None
    }
    choices = [(key, f"{Service(item.service).label}: {item.organisation}") for key, item in items.items()]
    form = forms.Refer(request.POST if request.method == "POST" else None, items=choices)
    page: dict[str, Any] = {
        "title": _("Kirim rujukan"),
        "button": _("Kirim rujukan"),
        "notes": (
            _("Mitra hanya melihat nomor berkas, identitas klien, rujukan ini, dan yang disetujui klien."),
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
                )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
            return form_page(request, dossier, form, **page, status=409)
    return form_page(request, dossier, form, **page)


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the section of a service in this file: records that it was given."""
    dossier, whats = _own_services(request, reference)
    choices = [(key, label) for key, (label, _service, _client, _item) in whats.items()]
    services = {service for _label, service, _client, _item in whats.values()}
    now = clock.now()
    form = (
        forms.Give(request.POST, whats=choices, services=services)
        if request.method == "POST"
        else forms.Give(
            initial={"row_id": new_id(), "given_on": localdate(now)}, whats=choices, services=services
        )
    )
    page: dict[str, Any] = {"title": _("Catat layanan"), "button": _("Simpan layanan")}
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        _label, service, client, item = whats[told["what"]]
        try:
            with transaction.atomic():
                actions.give_service(
                    viewer=request.viewer,
                    dossier=dossier,
                    client=client,
                    service=service,
                    kind=told["kind"],
                    given_on=told["given_on"],
                    organisation_id=dossier.unit_id,
                    item=item,
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


What = tuple[str, str, Person, UUID | None]


def _own_services(request: StaffRequest, reference: str) -> tuple[Dossier, dict[str, What]]:
    """What this person may record here: by the plan, as far as its sections are theirs to write.

    :raises Stranger: where there is nothing, which is also what somebody without a part in this file is told.
    """
    now = clock.now()
    dossier = file_of(request, reference)
    writes = reach_of(request.viewer, dossier, now)[1]
    clients = {client.id: client for client in clients_of(request.viewer, dossier.id)}
    whats: dict[str, What] = {}
    if Section.PLAN in writes:
        for item in items_of(request.viewer, dossier.id):
            live = item.dropped_at is None and item.provider_id and item.need.client_id in clients
            if live and SECTION_OF[Service(item.service)] in writes:
                label = f"{Service(item.service).label} ({item.provider})"
                whats[str(item.id)] = (label, item.service, clients[item.need.client_id], item.id)
    for own in own_plan(request.viewer, dossier_id=dossier.id, until=localdate(now).replace(year=9999)):
        if SECTION_OF[Service(own.service)] in writes and own.client_id in clients:
            label = f"{Service(own.service).label} ({own.given}/{own.sessions})"
            whats[str(own.item_id)] = (label, own.service, clients[own.client_id], own.item_id)
    if not whats:
        raise Stranger(reference)
    return dossier, whats


def file_of(request: StaffRequest, reference: str) -> Dossier:
    """This will give a dossier in stage case that the viewer may see.

    :raises Stranger: where there is none.
    """
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None or dossier.stage != Stage.CASE:
        raise Stranger(reference)
    return dossier
