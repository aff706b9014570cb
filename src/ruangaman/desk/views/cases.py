"""The list of cases."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ruangaman.access.doors import StaffRequest, page_of, staff
from ruangaman.access.states import Section, Stage
from ruangaman.cases import queries
from ruangaman.cases.states import RiskLevel
from ruangaman.desk.views import links_to_pages, mark_in
from ruangaman.kernel import clock
from ruangaman.people.queries import initials_of

RISK_TAGS = {RiskLevel.HIGH: "tag--danger", RiskLevel.MEDIUM: "tag--care", RiskLevel.LOW: ""}


@staff(section=Section.ADMINISTRATION)
@require_safe
def cases(request: StaffRequest) -> HttpResponse:
    """Who may see how a case stands: the newest ones, by reference and initials."""
    page = queries.cases(request.viewer, before=mark_in(request.GET.get("sebelum", "")), at=clock.now())
    initials = initials_of(request.viewer, [row.dossier_id for row in page.rows])
    rows = [
        {
            "reference": row.dossier.reference,
            "initials": initials.get(row.dossier_id, ""),
            "risk": RiskLevel(row.risk).label if row.risk else "",
            "risk_tag": RISK_TAGS[RiskLevel(row.risk)] if row.risk else "",
            "manager": row.manager.name,
            "taken_at": row.taken_at,
            "stage_label": Stage(row.stage).label,
            "closed": row.stage == Stage.CLOSED,
            "erased_at": row.dossier.erased_at,
            "url": page_of(row.dossier),
        }
        for row in page.rows
    ]
    return render(
        request, "desk/cases.html", {"rows": rows, **links_to_pages(request, page.older, "desk:cases")}
    )
