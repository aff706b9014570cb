"""The ways in of a unit, the keys of partner applications, and the search for a ticket."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.models import Organisation
from ruangaman.access.states import Role, Section
from ruangaman.intake.actions import delivering
from ruangaman.intake.actions import ways as actions
from ruangaman.intake.forms.ways import NewAppKey, Ticket, WaySet
from ruangaman.intake.models import Way
from ruangaman.intake.policies.calls import TAKES
from ruangaman.intake.policies.ways import HANDED_OVER, KEEPERS
from ruangaman.intake.queries import ways as queries
from ruangaman.intake.states import TAKEN_DOWN, Channel
from ruangaman.kernel import clock, limits
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id

ANSWERING = frozenset({Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.HEAD})
TICKETS, TICKETS_SECONDS = 30, 600  # of one person; who types numbers for fun is told to wait


@staff(roles=ANSWERING)
@require_http_methods(["GET", "HEAD", "POST"])
def ways(request: StaffRequest) -> HttpResponse:
    """Who answers reports in a unit: its ways in, when they are open, and what holds; who leads it adds one."""
    led = queries.led_units(request.viewer)
    form = None
    if led:
        unit = Organisation.objects.get(id=led[0][0])
        form = _way_form(request, unit, {"is_active": True, "takes_anonymous": True})
        if form.is_valid() and _set(request, unit.id, form, form.cleaned_data["way_id"]):
            messages.success(request, _("Saluran ditambahkan."))
            return redirect("intake:ways")
    elif request.method == "POST":
        raise Stranger
    bad = bool(form and form.is_bound and form.errors)
    context = {"rows": _rows(request), "form": form, "keeps": bool(led)}
    return render(request, "intake/ways.html", context, status=400 if bad else 200)


@staff(roles=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def way(request: StaffRequest, way: UUID) -> HttpResponse:
    """Who leads the unit: one of its ways in, changed or taken out of use."""
    found = _led_way(request, way)
    kept = {
        "channel": found.channel,
        "name": found.name,
        "owner": str(found.owner_id),
        "facility": str(found.facility_id or ""),
        "usual_reporter": found.usual_reporter,
        "needs_ticket": found.needs_ticket,
        "takes_anonymous": found.takes_anonymous,
        "is_active": found.is_active,
    }
    form = _way_form(request, found.unit, kept)
    if form.is_valid() and _set(request, found.unit_id, form, found.id):
        messages.success(request, _("Saluran disimpan."))
        return redirect("intake:ways")
    bad = form.is_bound and bool(form.errors)
    return render(request, "intake/way.html", {"way": found, "form": form}, status=400 if bad else 200)


@staff(roles=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def app_keys(request: StaffRequest, way: UUID) -> HttpResponse:
    """Who leads the unit: the keys of a way's applications, and a new one, whose secret is shown this once."""
    found = _led_way(request, way)
    form = NewAppKey(request.POST if request.method == "POST" else None, initial={"key_id": new_id()})
    made = None
    if form.is_valid():
        try:
            made = actions.make_app_key(viewer=request.viewer, way=found, at=clock.now(), **form.cleaned_data)
            form = NewAppKey(initial={"key_id": new_id()})
        except Refused as no:
            form.add_error(None, str(no.message))
    context = {
        "way": found,
        "keys": queries.keys_of_way(request.viewer, found.id),
        "form": form,
        "made": made,
        "address": request.build_absolute_uri(reverse("intake:api_reports")),
        "document": request.build_absolute_uri(reverse("intake:api_document")),
    }
    bad = form.is_bound and bool(form.errors)
    return render(request, "intake/app_keys.html", context, status=400 if bad else 200)


@staff(roles=KEEPERS)
@require_POST
def revoke_app_key(request: StaffRequest, app_key: UUID) -> HttpResponse:
    """Who leads the unit: an application's key ends at once."""
    found = queries.app_key_of(request.viewer, app_key)
    if found is None:
        raise Stranger
    actions.revoke_app_key(viewer=request.viewer, key=found, at=clock.now())
    messages.success(request, _("Kunci dicabut dan sudah tidak berlaku."))
    return redirect("intake:app_keys", found.way_id)


@staff(section=Section.ADMINISTRATION, roles=ANSWERING)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: StaffRequest) -> HttpResponse:
    """Who answers reports: the file that 112 or another system handed over under a number. Each try is recorded."""
    form = Ticket(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        if not limits.allow("ticket", str(request.viewer.id), most=TICKETS, seconds=TICKETS_SECONDS):
            form.add_error(
                None, _("Terlalu banyak nomor dicoba. Tunggu sepuluh menit, atau tanyakan penyelia.")
            )
            status = 429
        else:
            found = queries.by_ticket(request.viewer, form.cleaned_data["number"])
            delivering.note_search(viewer=request.viewer, found=found, at=clock.now())
            if found:
                return HttpResponseRedirect(page_of(found.dossier))
            form.add_error(
                "number",
                _(
                    "Tidak ada berkas dengan nomor ini yang bisa Anda buka. Periksa nomornya, huruf demi huruf."
                ),
            )
    if form.is_bound and form.errors and status == 200:
        status = 400
    return render(request, "intake/ticket.html", {"form": form}, status=status)


def _way_form(request: StaffRequest, unit: Organisation, kept: dict[str, Any]) -> WaySet:
    form = WaySet(request.POST if request.method == "POST" else None, initial={"way_id": new_id(), **kept})
    owners = queries.owners_for(request.viewer, unit)
    form.show(owners, queries.facilities_for(request.viewer, owners))
    return form


def _set(request: StaffRequest, unit: UUID, form: WaySet, way_id: UUID) -> bool:
    """Whether it was saved; what was refused is told in the form, with everything typed kept."""
    told = {name: value for name, value in form.cleaned_data.items() if name != "way_id"}
    try:
        actions.set_way(
            viewer=request.viewer, unit=unit, arranged=actions.Arranged(**told), way_id=way_id, at=clock.now()
        )
    except Refused as no:
        form.add_error(None, str(no.message))
        return False
    return True


def _led_way(request: StaffRequest, way: UUID) -> Way:
    found = queries.way_of(request.viewer, way)
    if found is None or not KEEPERS & request.viewer.roles_in(found.unit_id):
        raise Stranger
    return found


def _rows(request: StaffRequest) -> list[dict[str, Any]]:
    found = queries.ways_of(request.viewer)
    openings = queries.openings(request.viewer, found, clock.now())
    led = {unit for unit, _name in queries.led_units(request.viewer)}
    return [
        {
            "name": one.name,
            "channel": Channel(one.channel).label,
            "owner": one.owner.name,
            "opening": openings.get(one.id),
            "needs_ticket": one.needs_ticket,
            "takes_anonymous": one.takes_anonymous,
            "is_active": one.is_active,
            "take_url": f"{reverse('intake:calls')}?{urlencode({'saluran': one.channel})}"
            if one.is_active and one.channel in TAKEN_DOWN and TAKES & request.viewer.roles_in(one.unit_id)
            else "",
            "url": reverse("intake:way", args=[one.id]) if one.unit_id in led else "",
            "keys_url": reverse("intake:app_keys", args=[one.id])
            if one.unit_id in led and one.channel in HANDED_OVER
            else "",
        }
        for one in found
    ]
