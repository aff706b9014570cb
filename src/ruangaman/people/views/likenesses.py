"""Two records of one person: what is proposed, both side by side, the decision, and undoing it. Source: care.md 18."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, reach_of
from ruangaman.access.states import Role, Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.actions.likenesses import Record, decide_same, open_both, undo_same
from ruangaman.people.forms.likenesses import TwoRecords
from ruangaman.people.models import Part, Person
from ruangaman.people.policies import age_on
from ruangaman.people.policies.likenesses import in_words
from ruangaman.people.policies.sameness import strength
from ruangaman.people.queries.likenesses import (
    Pair,
    alike_elsewhere,
    alike_inside,
    compared,
    link_by_id,
    parts_by_person,
    person_by_id,
)
from ruangaman.people.states import PartStatus, PersonRole, Relation, Sameness
from ruangaman.people.views.choosing import choices, live_parts


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def alike(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write identities of this dossier: which records may be of one person, by initials."""
    dossier = _file(request, reference)
    parts = live_parts(request, dossier)
    people = choices(request, dossier, parts)
    form = TwoRecords(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        given = form.cleaned_data
        return redirect("people:compare", reference, given["person"], given["other"])
    inside = alike_inside(request.viewer, dossier)
    elsewhere = alike_elsewhere(request.viewer, dossier) if _supervises(request, dossier) else []
    roles = parts_by_person(
        request.viewer, [one for pair in [*inside, *elsewhere] for one in (pair.person, pair.other)]
    )
    context = {
        "reference": reference,
        "back": page_of(dossier),
        "form": form,
        "several": len(people) > 1,
        "proposals": _shown([*inside, *elsewhere], dossier, roles),
        "supervises": _supervises(request, dossier),
    }
    return render(request, "people/likenesses.html", context, status=400 if form.is_bound else 200)


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: StaffRequest, reference: str, person: UUID, other: UUID) -> HttpResponse:
    """Who may write identities of this dossier, and for two files a supervisor: both records, opened with a trace."""
    dossier = _file(request, reference)
    pair = _pair(request, dossier, person, other)
    context: dict[str, Any] = {
        "reference": reference,
        "back": page_of(dossier),
        "person": person,
        "other": other,
    }
    at, status = clock.now(), 200
    try:
        left, right = open_both(viewer=request.viewer, person=pair[0], other=pair[1], at=at)
    except Refused as no:
        context["why_not"] = no.message
        return render(request, "people/likeness_pair.html", context, status=409)
    _name, score = compared(left, right)
    if request.method == "POST":
        try:
            decision = _decision(request)
            decide_same(
                viewer=request.viewer, person=pair[0], other=pair[1], decision=decision, why=score.why, at=at
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            context["why_not"], status = no.message, 409
    context |= {
        "rows": _rows(left, right),
        "heads": [_head(one.person) for one in (left, right)],
        "across": pair[0].dossier_id != pair[1].dossier_id,
        "strength": strength(score.value),
        "reasons": ", ".join(in_words(score.why)),
    }
    return render(request, "people/likeness_pair.html", context, status=status)


def _decision(request: StaffRequest) -> Sameness:
    try:
        return Sameness(request.POST.get("decision", ""))
    except ValueError:
        raise Refused(_("Pilih: orang yang sama, atau orang yang berbeda.")) from None


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: StaffRequest, reference: str, likeness: UUID) -> HttpResponse:
    """Who may write identities of this dossier, and for two files a supervisor: take a decision back."""
    dossier, found = _file(request, reference), link_by_id(request.viewer, likeness)
    if found is None or dossier.id not in (found.dossier_id, found.other_dossier_id):
        raise Stranger(reference)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            undo_same(viewer=request.viewer, likeness=found, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    notes = (
        _("Kedua catatan tetap ada dengan semua isinya, seperti sebelum diputuskan."),
        _(
            "Persetujuan dihitung lagi untuk setiap catatan, dan apa yang dilihat mitra ikut berubah saat itu juga."
        ),
    )
    return form_page(
        request,
        dossier,
        form,
        title=_("Batalkan keputusan tentang dua catatan"),
        button=_("Batalkan keputusan"),
        intro=_("Keputusan “%(decision)s” dibatalkan. Siapa yang memutuskan dan membatalkan tetap tercatat.")
        % {"decision": found.get_decision_display()},
        notes=notes if found.decision == Sameness.SAME else notes[:1],
    )


# --- whom and what ----------------------------------------------------------------------------------------------------


def _file(request: StaffRequest, reference: str) -> Dossier:
    """A dossier whose people this viewer may decide about: who writes its identities, or its unit's supervisor."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    if Section.IDENTITY in reach_of(request.viewer, dossier, clock.now())[1] or _supervises(request, dossier):
        return dossier
    raise Stranger(reference)


def _supervises(request: StaffRequest, dossier: Dossier) -> bool:
    return Role.SUPERVISOR in request.viewer.roles_in(dossier.unit_id)


def _pair(request: StaffRequest, dossier: Dossier, person: UUID, other: UUID) -> tuple[Person, Person]:
    """Both records, of which one at least is of this file, and both in reach; else there is nothing here."""
    found = [person_by_id(request.viewer, one) for one in (person, other)]
    left, right = found
    if left is None or right is None or left.id == right.id:
        raise Stranger(dossier.reference)
    across = left.dossier_id != right.dossier_id
    if dossier.id not in (left.dossier_id, right.dossier_id) or (
        across and not _supervises(request, dossier)
    ):
        raise Stranger(dossier.reference)
    return left, right


def _shown(pairs: list[Pair], dossier: Dossier, parts: dict[UUID, list[Part]]) -> list[dict[str, Any]]:
    return [
        {
            "person": one.person.id,
            "other": one.other.id,
            "initials": one.initials,
            "other_initials": one.other_initials,
            "role": _parts(parts[one.person.id]),
            "other_role": _parts(parts[one.other.id]),
            "strength": strength(one.score.value),
            "reasons": ", ".join(in_words(one.score.why)),
            **({} if one.other.dossier_id == dossier.id else _head(one.other)),
        }
        for one in pairs
    ]


def _head(person: Person) -> dict[str, Any]:
    return {
        "reference": person.dossier.reference,
        "stage": person.dossier.get_stage_display(),
        "opened_at": person.dossier.opened_at,
    }


def _rows(left: Record, right: Record) -> list[dict[str, Any]]:
    """What is laid side by side, line by line; what only one of them has stands beside a dash."""
    lines = [
        (_("Nama"), [one.name or _("tidak disebut") for one in (left, right)]),
        (_("Lahir"), [_born(one) for one in (left, right)]),
        (_("NIK"), [one.nik for one in (left, right)]),
        (_("Peran di berkas"), [_parts(one.parts) for one in (left, right)]),
        (_("Yang melekat padanya"), [_hanging(one) for one in (left, right)]),
    ]
    return [{"name": name, "values": values} for name, values in lines]


def _born(one: Record) -> str:
    if one.born_on is None:
        return ""
    age = age_on(one.born_on, timezone.localdate())
    if one.person.born_estimated:
        return _("kira-kira %(age)d tahun") % {"age": age}
    return _("%(day)s (%(age)d tahun)") % {"day": f"{one.born_on:%d-%m-%Y}", "age": age}


def _parts(parts: list[Part]) -> str:
    told = []
    for part in parts:
        words = str(PersonRole(part.role).label)
        if part.relation != Relation.UNKNOWN:
            words = f"{words} ({Relation(part.relation).label})"
        if part.status != PartStatus.ACTIVE:
            words = f"{words}, {PartStatus(part.status).label}"
        told.append(words)
    return "; ".join(told)


def _hanging(one: Record) -> str:
    return "; ".join(f"{label}: {number}" for label, number in one.hanging)
