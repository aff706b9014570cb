"""When and where the reported person is likely to be."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, page_of, staff
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import dossier_by_reference, every_key, open_key, reach_of
from ruangaman.access.states import Section
from ruangaman.agenda.actions import presence as actions
from ruangaman.agenda.forms.presence import Presence as PresenceForm
from ruangaman.agenda.models import Presence
from ruangaman.agenda.panels.presence import planned, told
from ruangaman.agenda.queries import bookings_in_conflict
from ruangaman.agenda.queries.places import areas_around, venues_of
from ruangaman.agenda.queries.presence import presences_of
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Part
from ruangaman.people.queries import initials_in, parts_of
from ruangaman.people.states import PartStatus, PersonRole
from ruangaman.places.models import Place


@staff(section=Section.PARTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def presence(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read the parties of this dossier: when the reported person is where; who may write them, more of it."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    at = clock.now()
    reads, writes = reach_of(request.viewer, dossier, at)
    if Section.PARTIES not in (writes if request.method == "POST" else reads):
        raise Stranger(reference)
    found = parts_of(request.viewer, dossier.id)
    reported = [p for p in found if p.role == PersonRole.REPORTED and p.status == PartStatus.ACTIVE]
    wrapped = every_key(dossier.id)
    initials = initials_in([part.person for part in reported], wrapped)
    form = _form(request, dossier, reported, initials, at) if Section.PARTIES in writes else None
    if form and form.is_valid():
        try:
            _tell(request, dossier, form, reported, at)
            return redirect("agenda:presence", reference)
        except Refused as no:
            form.add_error(None, str(no.message))
    rows = presences_of(request.viewer, dossier.id)
    key = open_key(wrapped[Section.PARTIES]) if Section.PARTIES in wrapped else None
    context = {
        "reference": reference,
        "back": page_of(dossier),
        "form": form,
        "reported": bool(reported),
        "rows": [
            {**told(one, initials.get(one.person_id, "")), "where": _words(one, key), "id": one.id}
            for one in rows
        ],
        "touched": [planned(one) for one in bookings_in_conflict(request.viewer, dossier, at)],
    }
    if any(one.where for one in rows):
        record(
            Verb.OPENED, at=at, by=request.viewer.id, unit=dossier.unit_id, dossier=dossier.id,
            objects=[one.id for one in rows if one.where], fields=[Section.PARTIES.value],
        )  # fmt: skip
    return render(request, "agenda/presence.html", context, status=400 if form and form.errors else 200)


def _words(one: Presence, key: Key | None) -> str:
    try:
        return (unseal(one, "where", key) if key else "") or ""
    except Unreadable:
        return _("tidak terbaca")


def _form(
    request: StaffRequest, dossier: Dossier, reported: list[Part], initials: dict[UUID, str], at: datetime
) -> PresenceForm:
    unit = Organisation.objects.filter(id=dossier.unit_id).first()
    return PresenceForm(
        request.POST if request.method == "POST" else None,
        people=[(str(p.person_id), initials.get(p.person_id) or _("tanpa nama")) for p in reported],
        venues=venues_of(request.viewer, dossier.unit_id),
        areas=areas_around(unit.place_id) if unit and unit.place_id else [],
        initial={"presence_id": new_id(), "from_on": timezone.localdate(at)},
    )


def _tell(
    request: StaffRequest, dossier: Dossier, form: PresenceForm, reported: list[Part], at: datetime
) -> None:
    if not reported:
        raise Refused(_("Catat dulu siapa terlapor di berkas ini."))
    given: dict[str, Any] = form.cleaned_data
    people = {str(part.person_id): part.person for part in reported}
    venues = {str(one.id): one for one in venues_of(request.viewer, dossier.unit_id)}
    actions.tell_presence(
        viewer=request.viewer,
        dossier=dossier,
        person=people[given.get("person") or next(iter(people))],
        windows=form.windows,
        venue=venues.get(given["venue"]),
        area=Place.objects.filter(code=given["area"]).first() if given["area"] else None,
        where=given["where"],
        at=at,
        presence_id=given["presence_id"],
    )


@staff(section=Section.PARTIES)
@require_POST
def end_presence(request: StaffRequest, reference: str, presence_id: UUID) -> HttpResponse:
    """Who may write the parties of this dossier: the reported person is there no longer."""
    dossier = file_to_write(request, reference, Section.PARTIES)
    actions.end_presence(viewer=request.viewer, dossier=dossier, presence_id=presence_id, at=clock.now())
    return redirect("agenda:presence", reference)
