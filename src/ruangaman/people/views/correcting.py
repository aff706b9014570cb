"""Correcting who somebody is, and ending what they are in a dossier."""

from functools import partial
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, every_key, reach_of
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people import actions, forms, queries
from ruangaman.people.actions import Corrected, Identity
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole, Sex
from ruangaman.places.queries import province_codes


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: StaffRequest, reference: str, person: UUID) -> HttpResponse:
    """Who may write the section in which this person is known: who they are after all. Opening it is recorded."""
    dossier, whom = _to_write(request, reference, person)
    at, warning = clock.now(), ""
    theirs: tuple[tuple[str, str], ...] = ()
    shown = partial(
        forms.Correction,
        at=at,
        happened_on=queries.happened_on(request.viewer, dossier.id),
        regions=province_codes(),
    )
    if request.method == "POST":
        form = shown(request.POST)
        if form.is_valid():
            try:
                actions.correct_identity(
                    viewer=request.viewer,
                    dossier=dossier,
                    person=whom,
                    identity=form.identity(),
                    happened_on=form.happened_on,
                    at=at,
                    version=form.cleaned_data["version"],
                )
                return HttpResponseRedirect(page_of(dossier))
            except Corrected as no:
                actions.open_to_correct(viewer=request.viewer, dossier=dossier, person=whom, at=at)
                theirs, warning = _as_rows(no.theirs), str(no.message)
                form = shown({**request.POST.dict(), "version": no.version})
            except Refused as no:
                form.add_error(None, str(no.message))
    else:
        try:
            known = actions.open_to_correct(viewer=request.viewer, dossier=dossier, person=whom, at=at)
        except Refused as no:
            context = {"reference": reference, "why_not": no.message, "back": page_of(dossier)}
            return render(request, "people/identity.html", context, status=409)
        first = {**forms.as_initial(known, timezone.localdate(at)), "version": queries.version_of(whom)}
        form = shown(None, initial=first)
    return form_page(
        request,
        dossier,
        form,
        title=_("Perbaiki identitas"),
        button=_("Simpan perbaikan"),
        intro=_("Yang tercatat sebelumnya tetap disimpan dan bisa dilihat di halaman identitas."),
        notes=(_("Pembukaan ini sudah tercatat."),),
        warning=warning,
        theirs=theirs,
        status=409 if theirs else 200,
    )


def _to_write(request: StaffRequest, reference: str, person: UUID) -> tuple[Dossier, Person]:
    dossier = dossier_by_reference(request.viewer, reference)
    whom = queries.person_in(request.viewer, dossier.id, person) if dossier else None
    if dossier is None or whom is None:
        raise Stranger(reference)
    if whom.section not in reach_of(request.viewer, dossier, clock.now())[1]:
        raise Stranger(reference)
    return dossier, whom


def _as_rows(theirs: Identity) -> tuple[tuple[str, str], ...]:
    born = date_format(theirs.born_on, "j F Y") if theirs.born_on else ""
    if theirs.born_on and theirs.born_estimated:
        born = _("kira-kira tahun %(year)s") % {"year": theirs.born_on.year}
    return (
        (_("Nama"), theirs.name),
        (_("Jenis kelamin"), str(Sex(theirs.sex).label)),
        (_("Tanggal lahir"), born),
        (_("NIK"), theirs.nik),
    )


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def end_part(request: StaffRequest, reference: str, part: UUID) -> HttpResponse:
    """Who may write the section of this part: that somebody is it no longer; nobody is asked why."""
    dossier = dossier_by_reference(request.viewer, reference)
    found = queries.parts_of(request.viewer, dossier.id) if dossier else []
    one = next((one for one in found if one.id == part), None)
    if dossier is None or one is None:
        raise Stranger(reference)
    if one.section not in reach_of(request.viewer, dossier, clock.now())[1]:
        raise Stranger(reference)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.end_part(viewer=request.viewer, dossier=dossier, part=one, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    who = queries.initials_in([one.person], every_key(dossier.id)).get(one.person_id) or _("tanpa nama")
    return form_page(
        request,
        dossier,
        form,
        title=_("Akhiri peran"),
        button=_("Akhiri peran ini"),
        intro=_("%(who)s tidak lagi dicatat sebagai %(role)s. Yang sudah ditulis tetap ada.")
        % {"who": who, "role": PersonRole(one.role).label},
    )
