"""Pages of the unit: the safe attempt to reach her."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import key_of
from ruangaman.access.states import Section
from ruangaman.agenda.actions.bookings import ask_supervisor
from ruangaman.agenda.models import Venue
from ruangaman.agenda.panels.presence import told as told_presence
from ruangaman.agenda.policies.bookings import Apart
from ruangaman.agenda.queries.places import areas_around, venues_of, zone_of
from ruangaman.agenda.queries.presence import presences_of
from ruangaman.intake import actions, policies, queries
from ruangaman.intake.actions.assignment import assign
from ruangaman.intake.actions.outreach import Neighbours
from ruangaman.intake.forms import outreach as forms
from ruangaman.intake.models import Outreach, Report
from ruangaman.intake.policies.outreach import SCRIPT, what_follows
from ruangaman.intake.queries.assigning import Crew, crew_for, said
from ruangaman.intake.queries.outreach import assignment_of, is_of_a_child
from ruangaman.intake.states import OutreachPlace, OutreachResult
from ruangaman.intake.states.outreach import Lasts
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.network.states import Skill
from ruangaman.papers.queries.letters import letter_by_id
from ruangaman.people.queries import clients_of
from ruangaman.people.states import Sex
from ruangaman.places.models import Place

Theirs = tuple[tuple[Any, str], ...]
NOTHING: Theirs = ()
AGAIN = "again"  # the button that only orders the companions anew


@staff(section=Section.RISK)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_outreach(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the risk and the team of this dossier: a safe attempt to reach her."""
    dossier = file_to_write(request, reference, Section.RISK)
    file_to_write(request, reference, Section.TEAM)
    now = clock.now()
    report = queries.report_of(request.viewer, dossier.id)
    asked = request.POST if request.method == "POST" else None
    with timezone.override(zone_of(dossier.unit_id)):
        start = _as_begun(request, dossier, report)
        crew = crew_for(request.viewer, dossier, **_looked_for(request, start), at=now)
        saves = asked is not None and AGAIN not in asked
        form = _form(request, dossier, crew, asked if saves else None, start)
        if saves and form.is_valid():
            try:
                _plan(request, dossier, form, crew, now)
                return HttpResponseRedirect(page_of(dossier))
            except Refused as no:
                if isinstance(no, Apart) and form.cleaned_data.get(forms.OTHERS):
                    return _ask(request, dossier, form, now)
                form.refuse(no, len(queries.outreaches_of(request.viewer, dossier.id)))
        attempts = queries.outreaches_of(request.viewer, dossier.id)
        if not form.is_bound:
            form.initial.setdefault("seen", len(attempts))
        return render(
            request,
            "intake/plan_outreach.html",
            {
                "reference": dossier.reference,
                "back": page_of(dossier),
                "form": form,
                "again": AGAIN,
                "proposals": [(one.who.name, said(one, crew.names)) for one in crew.proposals],
                "away": [one.name for one in crew.away],
                "planned": [
                    {
                        "place": OutreachPlace(one.place_kind).label,
                        "starts_at": one.starts_at,
                        "companion": one.companion.name,
                        "by": one.planned_by.name,
                    }
                    for one in attempts
                    if one.ended_at is None
                ],
                "presences": [told_presence(one, "") for one in presences_of(request.viewer, dossier.id)],
                "presence_url": reverse("agenda:presence", args=[dossier.reference]),
                "script": SCRIPT,
            },
            status=400 if form.is_bound else 200,
        )


def _as_begun(request: StaffRequest, dossier: Dossier, report: Report | None) -> dict[str, Any]:
    """What the form begins with: what was typed, where the order of companions alone is asked for anew."""
    if request.method == "POST":
        return {**request.POST.dict(), "skills": request.POST.getlist("skills")}
    clients = clients_of(request.viewer, dossier.id)
    skills = [Skill.CHILDREN] if is_of_a_child(report, clients) else []
    if any(one.sex == Sex.MALE for one in clients):
        skills.append(Skill.MALE_VICTIMS)
    return {
        "outreach_id": new_id(),
        "area": report.place_id if report else "",
        "skills": skills,
        "lasts": Lasts.HOUR,
    }


def _looked_for(request: StaffRequest, told: dict[str, Any]) -> dict[str, Any]:
    """Where, when and with which skills, as far as it is typed by now."""
    field = forms.OutreachPlan.base_fields["starts_at"]
    hours = None
    try:
        starts_at: datetime | None = field.clean(told.get("starts_at") or None)
        if starts_at:
            hours = starts_at, starts_at + timedelta(minutes=int(told.get("lasts") or Lasts.HOUR))
    except (ValidationError, ValueError, OverflowError):
        hours = None  # the form says what is wrong with the hour; the order is without it
    venue = _venue(told.get("venue"))
    skills = [one for one in told.get("skills", ()) if one in Skill.values]
    return {"area": (venue.area_id if venue else told.get("area")) or "", "skills": skills, "hours": hours}


def _form(
    request: StaffRequest, dossier: Dossier, crew: Crew, asked: Any, start: dict[str, Any]
) -> forms.OutreachPlan:
    companions = [(str(one.who.id), f"{one.who.name}: {said(one, crew.names)}") for one in crew.proposals]
    # Who is taken is refused with a sentence, not as somebody who is not on the list.
    away = [(str(one.id), one.name) for one in crew.away] if asked else []
    senior = bool(policies.SENIOR & request.viewer.roles_in(dossier.unit_id))
    return forms.OutreachPlan(
        asked,
        initial=start,
        venues=[(str(one.id), one.name) for one in venues_of(request.viewer, dossier.unit_id)],
        areas=areas_around(dossier.unit.place_id or ""),
        companions=companions + away,
        house=senior,
        senior=senior,
    )


def _plan(
    request: StaffRequest, dossier: Dossier, form: forms.OutreachPlan, crew: Crew, now: datetime
) -> Outreach:
    told = form.cleaned_data
    return actions.plan_outreach(
        viewer=request.viewer,
        dossier=dossier,
        place_kind=told["place_kind"],
        place_name=told["place_name"],
        cover_reason=told["cover_reason"],
        safety_plan=told["safety_plan"],
        companion=crew.people[UUID(told["companion"])],
        starts_at=told["starts_at"],
        ends_at=told["ends_at"],
        venue=_venue(told["venue"]),
        area=Place.objects.filter(code=told["area"]).first() if told["area"] else None,
        trusted_nearby=told["trusted_nearby"],
        safety_note=told["safety_note"],
        neighbours=Neighbours(
            ground=told["neighbours_ground"],
            who=told["neighbours_who"],
            words=told["neighbours_words"],
            unrelated=told["neighbours_unrelated"],
        )
        if told["tells_neighbours"]
        else None,
        skills=told["skills"],
        override_reason=told.get(forms.SENIOR, ""),
        outreach_id=told["outreach_id"],
        seen=told["seen"],
        at=now,
    )


def _venue(text: Any) -> Venue | None:
    try:
        return Venue.objects.select_related("area").filter(id=UUID(str(text))).first() if text else None
    except ValueError:
        return None


def _ask(request: StaffRequest, dossier: Dossier, form: forms.OutreachPlan, now: datetime) -> HttpResponse:
    ask_supervisor(
        viewer=request.viewer, dossier=dossier, booking_id=form.cleaned_data["outreach_id"], at=now
    )
    messages.success(
        request,
        _("Penyelia diberi tahu. Sampaikan jam dan tempatnya kepada penyelia; rencana belum dibuat."),
    )
    return HttpResponseRedirect(page_of(dossier))


# --- what came of it --------------------------------------------------------------------------------------------------


@staff(section=Section.RISK)
@require_http_methods(["GET", "HEAD", "POST"])
def end_outreach(request: StaffRequest, outreach: UUID) -> HttpResponse:
    """Who may write the risk of its dossier, first of all the companion who went: how an attempt ended."""
    found = queries.outreach_of(request.viewer, outreach)
    if found is None:
        raise Stranger
    dossier = file_to_write(request, found.dossier.reference, Section.RISK)
    if found.ended_at and request.method != "POST":
        messages.info(request, _("Hasil penjangkauan ini sudah dicatat."))
        return HttpResponseRedirect(page_of(dossier))
    form = forms.OutreachEnd(request.POST if request.method == "POST" else None)
    warning, theirs = "", NOTHING
    if form.is_valid():
        try:
            actions.end_outreach(viewer=request.viewer, outreach=found, **form.cleaned_data, at=clock.now())
            messages.success(request, _follows(request, dossier, form.cleaned_data["result"]))
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
            theirs = _just_ended(request, dossier, found.id)
    return form_page(
        request,
        dossier,
        form,
        title=_("Hasil penjangkauan"),
        button=_("Simpan hasil"),
        intro=_("Hasil dicatat sekali."),
        notes=(
            _(
                "Orang dewasa yang menolak sendiri, berdua saja dengan Anda, mengakhiri penjangkauan. "
                "Penolakan yang disampaikan orang lain bukan penolakannya, dan penolakan anak dibaca penyelia."
            ),
            _("Bila ia tidak aman sekarang: bantuan darurat dulu, asesmen kemudian."),
        ),
        warning=warning,
        theirs=theirs,
    )


def _follows(request: StaffRequest, dossier: Dossier, result: str) -> str:
    report = queries.report_of(request.viewer, dossier.id)
    return what_follows(result=result, child=is_of_a_child(report, clients_of(request.viewer, dossier.id)))


def _just_ended(request: StaffRequest, dossier: Dossier, outreach: UUID) -> Theirs:
    """What a colleague recorded while this page was open, whole: nothing of it is lost beside what was typed here."""
    current: Outreach | None = queries.outreach_of(request.viewer, outreach)
    if current is None or not current.ended_at:
        return NOTHING
    key = key_of(dossier.id, Section.RISK)
    words = [unseal(current, name, key) or "" for name in ("note", "wants")] if key else ["", ""]
    if any(words):
        record(
            Verb.OPENED,
            at=clock.now(),
            by=request.viewer.id,
            unit=dossier.unit_id,
            dossier=dossier.id,
            objects=[current.id],
            fields=[Section.RISK.value],
        )
    return (
        (_("Hasil"), str(OutreachResult(current.result).label)),
        (_("Dicatat"), date_format(timezone.localtime(current.ended_at), "j M Y, H.i")),
        (_("Catatan"), words[0]),
        (_("Yang ia inginkan"), words[1]),
    )


# --- surat tugas ------------------------------------------------------------------------------------------------------


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: StaffRequest, outreach: UUID) -> HttpResponse:
    """Who may write the administration of its dossier: the surat tugas of an attempt, or the way to it."""
    found = queries.outreach_of(request.viewer, outreach)
    if found is None or found.place_kind == OutreachPlace.CALL:
        raise Stranger
    dossier = file_to_write(request, found.dossier.reference, Section.ADMINISTRATION)
    there = letter_by_id(request.viewer, assignment_of(found))
    if there:
        return redirect("papers:letter", there.id)
    form = forms.Assignment(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            letter = assign(viewer=request.viewer, outreach=found, at=clock.now())
            return redirect("papers:letter", letter.id)
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Surat tugas"),
        button=_("Terbitkan surat tugas"),
        intro=_("Untuk %(name)s. Diterbitkan sekali untuk setiap penjangkauan.")
        % {"name": found.companion.name},
        notes=(
            _(
                "Surat ini hanya memuat petugas, nomor, kelurahan, dan tanggal. Nama korban, nama tempat, dan "
                "kejadiannya tidak pernah ditulis."
            ),
        ),
    )
