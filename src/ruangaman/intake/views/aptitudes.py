"""What companions of a unit are good at, for the proposal of who goes out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.models import Organisation, User
from ruangaman.intake.forms.aptitudes import Aptitudes
from ruangaman.intake.queries.assigning import aptitudes_of, areas_known, companions_of
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.network.actions import KEEPERS, set_aptitudes
from ruangaman.network.models import Aptitude
from ruangaman.network.states import Skill


@staff(roles=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def aptitudes(request: StaffRequest) -> HttpResponse:
    """Supervisors and heads: what the companions of their unit are good at, and where they know their way."""
    at = clock.now()
    unit = _unit(request)
    people = companions_of(request.viewer, unit.id, at)
    rows = aptitudes_of(request.viewer, unit.id)
    chosen = _chosen(request, people)
    form = _form(request, unit, chosen, rows) if chosen else None
    if chosen and form and form.is_valid():
        try:
            set_aptitudes(
                viewer=request.viewer, organisation=unit.id, user=chosen.id, **form.cleaned_data, at=at
            )
            messages.success(request, _("Tersimpan."))
            return redirect("intake:aptitudes")
        except Refused as no:
            form.add_error(None, str(no.message))
    return render(
        request,
        "intake/aptitudes.html",
        {"people": [_row(one, rows) for one in people], "chosen": chosen, "form": form},
        status=400 if form and form.is_bound else 200,
    )


def _unit(request: StaffRequest) -> Organisation:
    for seat in request.viewer.seats:
        if seat.role in KEEPERS:
            return Organisation.objects.get(id=seat.organisation_id)
    raise Stranger


def _chosen(request: StaffRequest, people: list[User]) -> User | None:
    """Whom the address names; somebody who is no companion here is nobody here."""
    wanted = request.GET.get("petugas", "")
    if not wanted and request.method != "POST":
        return None
    found = next((one for one in people if str(one.id) == wanted), None)
    if found is None:
        raise Stranger
    return found


def _form(request: StaffRequest, unit: Organisation, chosen: User, rows: list[Aptitude]) -> Aptitudes:
    mine = [row for row in rows if row.user_id == chosen.id]
    initial: dict[str, Any] = {
        "skills": [row.skill for row in mine if row.skill],
        "areas": [row.area_id for row in mine if row.area_id],
    }
    known = areas_known(unit.place_id or "", keep=initial["areas"])
    return Aptitudes(request.POST if request.method == "POST" else None, areas=known, initial=initial)


def _row(one: User, rows: list[Aptitude]) -> dict[str, str | UUID]:
    mine = [row for row in rows if row.user_id == one.id]
    return {
        "id": one.id,
        "name": one.name,
        "skills": ", ".join(str(Skill(row.skill).label) for row in mine if row.skill),
        "areas": ", ".join(row.area.name for row in mine if row.area),
    }
