"""Referrals: the list of both sides, and the page on which a partner reads, answers and records what it did."""

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
from django.views.decorators.http import require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.models import DataKey
from ruangaman.access.queries import every_key, open_key, reach_of
from ruangaman.access.states import Section, Stage
from ruangaman.cases.queries import assessment_of, newest_note
from ruangaman.consent.states import SECTION_OF, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import initials_in, initials_of
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


class Opening:
    """What of a dossier this page opens, and from which sections: the ledger is told these and no others."""

    def __init__(self, wrapped: dict[str, DataKey]) -> None:
        self.wrapped = wrapped
        self.opened: set[str] = set()
        self.spoilt = False

    def key(self, section: str) -> Key | None:
        row = self.wrapped.get(section)
        try:
            return open_key(row) if row else None
        except Unreadable:
            self.spoilt = True
            return None

    def text(self, row: Any, field: str, section: str) -> str:
        """A sealed text; empty where there is none, or where it was altered, which the page then says."""
        key = self.key(section)
        try:
            found = unseal(row, field, key) if key else None
        except Unreadable:
            self.spoilt = True
            return ""
        if found:
            self.opened.add(str(section))
        return found or ""


def _page(
    request: StaffRequest,
    found: Referral,
    bound: dict[str, django_forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    now, dossier = clock.now(), found.dossier
    sections, writes = reach_of(request.viewer, dossier, now)
    opening = Opening(every_key(dossier.id))
    partner = found.organisation_id in queries.partners_of(request.viewer)
    in_reach = dossier.stage == Stage.CASE and Section.REFERRAL in writes
    context = {
        "referral": found,
        "reference": dossier.reference,
        "partner": partner,
        "service": found.get_service_display(),
        "status": found.get_status_display(),
        "waits": found.status == ReferralStatus.SENT,
        "accepted": found.status == ReferralStatus.ACCEPTED,
        "initials": initials_in([found.client], opening.wrapped).get(found.client_id, ""),
        "client_about": _about(found.client),
        "identity_url": reverse("people:open_identity", args=[dossier.reference])
        if Section.IDENTITY in sections
        else "",
        "back": "" if partner else page_of(dossier),
        "request_text": opening.text(found, "request", Section.REFERRAL),
        **(_agreed(found, opening) if partner else {}),
        **_done(request, found, opening),
        "acts": partner and in_reach,
        "takes_back": not partner and in_reach and found.status in actions.OPEN,
        "forms": {**(_fresh(found, writes, now) if partner and in_reach else {}), **(bound or {})},
    }
    context["spoilt"] = opening.spoilt
    if opening.opened:
        fields = sorted(opening.opened)
        record(
            Verb.OPENED, at=now, by=request.viewer.id, unit=dossier.unit_id, dossier=dossier.id, fields=fields
        )
    return render(request, "services/referral.html", context, status=status)


def _agreed(found: Referral, opening: Opening) -> dict[str, Any]:
    """What the consent covers besides: what is absent was not agreed to."""
    shown = {"story": "", "safety": ""}
    try:
        assessed = assessment_of(found.dossier_id, opening.key(Section.NARRATIVE))
        note = newest_note(found.dossier_id, opening.key(Section.RISK))
    except Unreadable:
        opening.spoilt = True
        return shown
    if assessed and assessed.chronology:
        shown["story"] = assessed.chronology
        opening.opened.add(Section.NARRATIVE.value)
    if note and note.text:
        shown["safety"] = note.text
        opening.opened.add(Section.RISK.value)
    return shown


def _done(request: StaffRequest, found: Referral, opening: Opening) -> dict[str, Any]:
    """What was done on this referral, and the numbers of its visum."""
    given = queries.deliveries_of(request.viewer, found.dossier_id, referral_id=found.id)
    visums = (
        queries.visums_of(request.viewer, found.dossier_id, referral_id=found.id)
        if found.visum_wanted
        else []
    )
    return {
        "given": [
            {
                "kind": row.get_kind_display(),
                "given_on": row.given_on,
                "by": row.recorded_by.name,
                "note": opening.text(row, "note", row.section),
            }
            for row in given
        ],
        "visums": [
            {
                "number": opening.text(row, "number", Section.MEDICAL),
                "request_number": opening.text(row, "request_number", Section.MEDICAL),
                "dated_on": row.dated_on,
            }
            for row in visums
        ],
    }


def _fresh(found: Referral, writes: frozenset[str], now: datetime) -> dict[str, django_forms.Form]:
    """The forms this referral waits for. What lies in the plan (social services) the unit records itself."""
    made: dict[str, django_forms.Form] = {}
    if found.status == ReferralStatus.SENT:
        made["tolak"] = forms.DeclineReferral(prefix="tolak")
    if found.status == ReferralStatus.ACCEPTED and SECTION_OF[Service(found.service)] in writes:
        day = {"row_id": new_id(), "given_on": localdate(now)}
        made["layanan"] = forms.Treatment(initial=day, service=found.service, prefix="layanan")
    if found.status == ReferralStatus.ACCEPTED and found.visum_wanted and Section.MEDICAL in writes:
        made["visum"] = forms.VisumNumber(initial={"row_id": new_id()}, prefix="visum")
    return made


def _about(client: Person) -> str:
    band = _("%s tahun") % client.age_band.replace("-", "–") if client.age_band else ""
    return ", ".join(part for part in (str(client.get_sex_display()), band) if part)


@staff(section=Section.REFERRAL)
@require_POST
def act(request: StaffRequest, referral: UUID, what: str) -> HttpResponse:
    """The partner it was sent to: accepts, declines, records what was done, finishes; the unit takes it back."""
    found = _found(request, referral)
    partner = found.organisation_id in queries.partners_of(request.viewer)
    acts = PARTNER_ACTS if partner else UNIT_ACTS
    writes = reach_of(request.viewer, found.dossier, clock.now())[1]
    # Where a record would lie: what is out of reach there is not told apart from what does not exist.
    needed = {
        "layanan": SECTION_OF[Service(found.service)],
        "visum": Section.MEDICAL if found.visum_wanted else "",
    }
    if what not in acts or Section.REFERRAL not in writes or needed.get(what, Section.REFERRAL) not in writes:
        raise Stranger(found.dossier.reference)
    form = _form(request, found, what)
    if form is not None and not form.is_valid():
        return _page(request, found, {what: form}, status=400)
    try:
        with transaction.atomic():
            acts[what](request, found, form.cleaned_data if form else {})
    except Refused as no:
        form = form or django_forms.Form({})
        form.is_valid()
        form.add_error(None, str(no.message))
        return _page(request, _found(request, referral), {what: form}, status=409)
    return HttpResponseRedirect(reverse("services:referral", args=[found.id]))


def _form(request: StaffRequest, found: Referral, what: str) -> django_forms.Form | None:
    if what == "tolak":
        return forms.DeclineReferral(request.POST, prefix="tolak")
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


def _finish(request: StaffRequest, found: Referral, told: dict[str, Any]) -> None:
    actions.finish_referral(viewer=request.viewer, referral=found, at=clock.now())


def _withdraw(request: StaffRequest, found: Referral, told: dict[str, Any]) -> None:
    actions.withdraw_referral(viewer=request.viewer, referral=found, at=clock.now())


PARTNER_ACTS = {"terima": _accept, "tolak": _decline, "layanan": _treat, "visum": _visum, "selesai": _finish}
UNIT_ACTS = {"tarik": _withdraw}
