"""The register of complaints of a unit, on the page and printed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, staff
from ruangaman.clocks.queries import zone_of
from ruangaman.intake import typesetting
from ruangaman.intake.actions.paper_forms import print_register
from ruangaman.intake.forms.on_paper import Period, usual_period
from ruangaman.intake.policies.register import check_period
from ruangaman.intake.policies.roster import ROSTER_READERS
from ruangaman.intake.queries import register as queries
from ruangaman.intake.views.roster import around, seat_of
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.papers.views.letters import as_file


@staff(roles=ROSTER_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """Intake officers, supervisors and heads: the register of their unit for some days; printed, it is recorded."""
    seat, at = seat_of(request), clock.now()
    zone = zone_of(seat.organisation_id)
    today = timezone.localdate(at, zone)
    shown = request.GET if "first" in request.GET else usual_period(today)
    form = Period(request.POST if request.method == "POST" else shown)
    found = None
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        try:
            check_period(first, last)
            found = queries.register(request.viewer, seat.organisation_id, first, last, zone)
        except Refused as no:
            form.add_error(None, str(no.message))
    if found is not None and request.method == "POST":
        print_register(viewer=request.viewer, unit_id=seat.organisation_id, first=first, last=last, at=at)
        made = typesetting.register_pdf(
            found,
            unit=seat.organisation_name,
            first=first,
            last=last,
            printed_by=request.viewer.name,
            day=today,
        )
        return as_file(made, f"buku-pengaduan-{first}-{last}.pdf", "application/pdf")
    context = {
        **around(request, seat, reverse("intake:register")),
        "unit": seat.organisation_id,
        "form": form,
        "period": form.cleaned_data if found is not None else None,
        "header": typesetting.header(),
        "rows": found.lines if found else [],
        "hidden": typesetting.hidden_words() if found and found.hides else "",
        "shown": found is not None,
    }
    return render(request, "intake/register.html", context, status=400 if form.errors else 200)
