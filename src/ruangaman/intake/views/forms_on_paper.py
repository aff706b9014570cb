"""Blank forms for anybody to print, and forms that came back filled in by hand."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, public, staff
from ruangaman.access.models import Organisation
from ruangaman.intake import typesetting
from ruangaman.intake.actions.paper_forms import Scan, file_paper_form
from ruangaman.intake.actions.receiving import Told
from ruangaman.intake.forms.on_paper import FilledForm
from ruangaman.intake.models import Way
from ruangaman.intake.policies.paper_forms import PaperForm
from ruangaman.intake.policies.register import new_form_number
from ruangaman.intake.policies.roster import ON_DUTY_ROLES
from ruangaman.intake.queries import unit_for
from ruangaman.intake.queries.ways import ways_of
from ruangaman.intake.states import TAKEN_DOWN
from ruangaman.kernel import clock, limits
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.papers.views.letters import as_file
from ruangaman.places.models import Place
from ruangaman.places.states import Level

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
COPIES, COPIES_SECONDS = 120, 3600  # of one caller: a post prints a pile, and nobody keeps the machine busy


@public
@require_safe
def blank_forms(request: HttpRequest) -> HttpResponse:
    """Anyone: the forms that can be printed and filled in by hand."""
    address = [
        {
            "title": form.label,
            "copies": [
                (f"{reverse('intake:blank_form', args=[form.value])}?bahasa={code}", name, code)
                for code, name in LANGUAGES.items()
            ],
        }
        for form in PaperForm
    ]
    context = {
        "forms": address,
        "filled_url": reverse("intake:filled_form") if request.user.is_authenticated else "",
    }
    return render(request, "intake/blank_forms.html", context)


@public
@require_safe
def blank_form(request: HttpRequest, kind: str) -> HttpResponse:
    """Anyone: one copy of a form, with a number of its own that is kept nowhere."""
    language = request.GET.get("bahasa", "id")
    if kind not in PaperForm.values or language not in LANGUAGES:
        raise Http404
    if not limits.allow("blank_form", limits.caller(request), most=COPIES, seconds=COPIES_SECONDS):
        return render(request, "intake/blank_forms.html", {"too_many": True}, status=429)
    unit = unit_for("")
    made = typesetting.blank_form_pdf(
        kind=kind,
        language=language,
        number=new_form_number(),
        unit=unit.name if unit else "",
        day=timezone.localdate(clock.now()),
    )
    return as_file(made, f"formulir-{kind}-{language}.pdf", "application/pdf")


@staff(roles=frozenset(ON_DUTY_ROLES), long=True)
@require_http_methods(["GET", "HEAD", "POST"])
def filled_form(request: StaffRequest) -> HttpResponse:
    """Intake officers and supervisors: a form that came back filled in becomes a report, with its scan."""
    with transaction.atomic():
        ways = _ways(request)
        form = _form(request, ways)
    if form.is_valid():
        given = form.cleaned_data
        try:
            filed = file_paper_form(
                viewer=request.viewer,
                report_id=given["report_id"],
                way=ways[given["way"]],
                number=given["number"],
                told=_told(given),
                gives_code=given["gives_code"],
                scan=Scan(given["paper_id"], given["file"].name, given["file"].read(), given["is_evidence"]),
                at=clock.now(),
            )
        except Refused as no:
            form.add_error(None, str(no.message))
        else:
            if filed.code is None:
                return HttpResponseRedirect(page_of(filed.dossier))
            context = {
                "words": filed.code.words,
                "reference": filed.dossier.reference,
                "file": page_of(filed.dossier),
            }
            with transaction.atomic():
                return render(request, "intake/filled_form_code.html", context)
    with transaction.atomic():
        return render(
            request,
            "intake/filled_form.html",
            {"form": form, "has_ways": bool(ways)},
            status=400 if form.errors else 200,
        )


def _ways(request: StaffRequest) -> dict[str, Way]:
    """The ways of the viewer's own units by which something on paper may come."""
    units = {seat.organisation_id for seat in request.viewer.seats if seat.role in ON_DUTY_ROLES}
    if not units:
        raise Stranger
    found = ways_of(request.viewer, active=True)
    kept = [way for way in found if way.unit_id in units and way.channel in TAKEN_DOWN]
    by_id = Organisation.objects.in_bulk({way.unit_id for way in kept})
    for way in kept:
        way.unit = by_id[way.unit_id]
    return {str(way.id): way for way in kept}


def _form(request: StaffRequest, ways: dict[str, Way]) -> FilledForm:
    around = {(way.unit.place_id or "") for way in ways.values()}
    places = [
        (place.code, place.name)
        for prefix in sorted(around)
        for place in Place.objects.filter(code__startswith=prefix, level=Level.DISTRICT).order_by("name")
        if prefix
    ]
    sent = request.method == "POST"
    return FilledForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        ways=ways.values(),
        places=places,
        initial={"report_id": new_id(), "paper_id": new_id()},
    )


def _told(given: dict[str, Any]) -> Told:
    return Told(
        story="\n\n".join([_("(lihat pindaian)"), given["summary"]]),
        reporter_kind=given["reporter_kind"],
        for_whom=given["for_whom"],
        age_band=given["age_band"],
        danger_now=given["danger_now"],
        about_staff=given["about_staff"],
        place=given["place"],
    )
