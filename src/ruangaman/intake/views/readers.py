"""Where a report about a member of staff waits for somebody of rank: told to who can give a unit one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ruangaman.access.doors import StaffRequest, staff
from ruangaman.access.states import Role
from ruangaman.intake import policies
from ruangaman.intake.queries.about_staff import units_without_reader


@staff(roles=frozenset({Role.ADMINISTRATOR}))
@require_safe
def without_reader(request: StaffRequest) -> HttpResponse:
    """Administrators: which units lack a supervisor or head for a report; neither which report nor how many."""
    context = {
        "units": [{"name": name, "at": since} for name, since in units_without_reader(request.viewer)],
        "source": policies.NO_READER_SOURCE,
        "powers_url": reverse("access:powers"),
    }
    return render(request, "intake/without_reader.html", context)
