"""Looking for somebody without an oracle; what was looked for; and matches for one officer. Source: care.md 18."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Role, Stage
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.actions import finding as actions
from ruangaman.people.forms.finding import LookUp, Settling
from ruangaman.people.policies.likenesses import LOOKS, in_words
from ruangaman.people.queries import looking
from ruangaman.people.queries.profiles import areas_to_choose
from ruangaman.people.states import Identifier

WATCHES = frozenset({Role.SUPERVISOR, Role.HEAD, Role.DATA_OFFICER})
OFFICERS = frozenset({Role.SUPERVISOR, Role.HEAD})


@staff(roles=LOOKS)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    """Who takes reports or works with clients in a unit: whether somebody is known, by two identifiers.

    What is typed comes by POST only, so that no name stands in an address, a history or a log.
    """
    units = looking.own_units(request.viewer)
    form = LookUp(
        request.POST if request.method == "POST" else None,
        units=[(str(one.id), one.name) for one in units],
        areas=areas_to_choose(next((one.place_id or "" for one in units), "")),
    )
    context: dict[str, Any] = {"form": form, "watches": bool(WATCHES & request.viewer.roles)}
    context["is_officer"] = bool(OFFICERS & request.viewer.roles)
    if form.is_valid():
        try:
            answer = actions.look_up(
                viewer=request.viewer, unit_id=form.unit_id(), wanted=form.wanted(), at=clock.now()
            )
            context |= {"answer": answer, "found": _shown(answer.found), "often": answer.often}
            context["elsewhere"] = looking.to_call(answer.elsewhere)
        except Refused as no:
            form.add_error(None, str(no.message))
    context["waiting"] = [_trace(one) for one in looking.own_waiting(request.viewer, clock.now())]
    return render(request, "people/find.html", context, status=400 if form.errors else 200)


def _shown(found: list[actions.Seen]) -> list[dict[str, Any]]:
    return [
        {
            "reference": one.dossier.reference,
            "url": page_of(one.dossier),
            "initials": one.initials,
            "stage": Stage(one.dossier.stage).label,
            "year": one.dossier.opened_at.year,
            "why": ", ".join(in_words(one.why)),
        }
        for one in found
    ]


@staff(roles=LOOKS)
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: StaffRequest, probe: UUID) -> HttpResponse:
    """Who looked for somebody: which file it was about."""
    known = looking.own_probe(request.viewer, probe)
    if known is None:
        raise Stranger
    form = Settling(request.POST if request.method == "POST" else None)
    if form.is_valid():
        dossier = dossier_by_reference(request.viewer, form.cleaned_data["reference"].strip().upper())
        if dossier is None:
            form.add_error(
                "reference", _("Berkas dengan nomor ini tidak ada, atau tidak terbuka untuk Anda.")
            )
        elif not actions.settle_probes(
            by=request.viewer.id, dossier=dossier, at=clock.now(), probe_id=known.id
        ):
            form.add_error(None, _("Pencarian ini sudah dikaitkan dengan sebuah berkas."))
        else:
            return HttpResponseRedirect(page_of(dossier))
    return render(
        request,
        "people/find_settle.html",
        {"form": form, **_trace(known)},
        status=400 if form.errors else 200,
    )


@staff(roles=WATCHES)
@require_safe
def probes(request: StaffRequest) -> HttpResponse:
    """Who supervises a unit or its data: who looked for people, when, by what, and whether a report came of it."""
    rows = looking.probes_of_units(request.viewer)
    return render(request, "people/find_trace.html", {"rows": [_trace(one) for one in rows]})


def _trace(one: looking.Trace) -> dict[str, Any]:
    return {
        "id": one.id,
        "asked_at": one.asked_at,
        "asked_by": one.asked_by,
        "kinds": ", ".join(str(Identifier(kind).label) for kind in one.kinds if kind in Identifier.values),
        "elsewhere": one.elsewhere,
        "settled_at": one.settled_at,
        "reference": one.dossier.reference if one.dossier else "",
        "url": page_of(one.dossier) if one.dossier else "",
        "alarmed": one.alarmed,
    }


@staff(roles=OFFICERS)
@require_safe
def matches(request: StaffRequest) -> HttpResponse:
    """Who was named for it: that a reported person of the unit may have been reported before. Nobody else is told."""
    return render(request, "people/find_matches.html", {"rows": _to_see(request)})


@staff(roles=OFFICERS)
@require_POST
def handle_match(request: StaffRequest, match: UUID) -> HttpResponse:
    """Who was named for it: that they have dealt with it."""
    found = looking.own_match(request.viewer, match)
    if found is None:
        raise Stranger
    try:
        actions.handle_match(viewer=request.viewer, match=found, at=clock.now())
    except Refused as no:
        context = {"rows": _to_see(request), "why_not": no.message}
        return render(request, "people/find_matches.html", context, status=409)
    return redirect("people:matches")


def _to_see(request: StaffRequest) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "reference": row["dossier"].reference,
            "url": page_of(row["dossier"]),
            "other": row["other"].reference if row["other"] else "",
            "other_url": page_of(row["other"]) if row["other"] else "",
        }
        for row in looking.open_matches(request.viewer)
    ]
