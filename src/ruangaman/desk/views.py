"""Pages put together from what the rooms give."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ruangaman.access.doors import StaffRequest, Stranger, staff
from ruangaman.access.models import Dossier, User
from ruangaman.access.panels import Look, panels_for
from ruangaman.access.queries import dossier_by_reference, reach_of, sections_held
from ruangaman.access.states import Role, Section, Stage
from ruangaman.intake import queries as intake
from ruangaman.kernel import clock
from ruangaman.ledger import queries as ledger
from ruangaman.ledger.actions import record
from ruangaman.ledger.models import Entry
from ruangaman.ledger.states import Verb
from ruangaman.people.queries import initials_of

MOST_COUNTED = 100
# What sections, stages, roles and fields are called where the ledger names them.
CALLED = {**dict(Section.choices), **dict(Stage.choices), **dict(Role.choices), "name": gettext_lazy("nama")}


@staff(section=Section.ADMINISTRATION)
@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """Who may see reports: the newest ones, by reference and initials."""
    now = clock.now()
    page = intake.reports(request.viewer, before=_mark(request.GET.get("sebelum", "")), at=now)
    initials = initials_of(request.viewer, [row.dossier_id for row in page.rows])
    waiting = intake.count_unanswered(request.viewer, MOST_COUNTED)
    rows = [
        {
            "reference": row.dossier.reference,
            "initials": initials.get(row.dossier_id, ""),
            "received_at": row.received_at,
            "where": row.place.name if row.place else "",
            "stage_label": Stage(row.stage).label,
            "answered": row.first_answered_at is not None,
            "danger": row.danger_now and row.dossier.erased_at is None,
            "erased_at": row.dossier.erased_at,
            "url": reverse("desk:dossier", args=[row.dossier.reference]),
        }
        for row in page.rows
    ]
    context = {
        "rows": rows,
        "older_url": f"?sebelum={page.older.replace('+', '%2B')}" if page.older else "",
        "newer_url": reverse("desk:reports") if request.GET.get("sebelum") else "",
        "count_text": "99+"
        if waiting >= MOST_COUNTED
        else (_("%d belum dijawab") % waiting if waiting else ""),
    }
    return render(request, "intake/reports.html", context)


def _mark(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, row = text.partition("~")
    try:
        # Some moments at the ends of time have no counterpart in UTC, and the database takes none of them.
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(row)
    except (ValueError, OverflowError):
        return None


@staff(section=Section.FILE)
@require_safe
def dossier(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may see this dossier: its parts, as far as they reach."""
    found = dossier_by_reference(request.viewer, reference)
    if found is None:
        raise Stranger(reference)
    now = clock.now()
    sections, writes = reach_of(request.viewer, found, now)
    withheld = sorted(sections_held(found) - sections)
    report = intake.report_of(request.viewer, found.id)
    head = {
        "reference": found.reference,
        "initials": initials_of(request.viewer, [found.id]).get(found.id, "")
        if Section.IDENTITY in sections
        else "",
        "stage_label": Stage(found.stage).label,
        "received_at": found.opened_at,
        "where": report.place.name if report and report.place else "",
        "danger": bool(report and report.danger_now),
        "erased_at": found.erased_at,
        "withheld": [Section(section).label for section in withheld],
    }
    look = Look(request.viewer, found, sections, writes, now, request)
    made = panels_for(look)
    panels = [asdict(panel) for panel in made]
    if Section.JOURNAL in sections:
        entries = _told(ledger.entries_about(found.id))
        panels.append(
            {
                "template": "ledger/panel_history.html",
                "title": _("Jejak akses"),
                "context": {"entries": entries},
            }
        )
    # After the journal was read: it tells what was before this look. A breach is told from these entries.
    opened = sorted(str(panel.opens) for panel in made if panel.opens)
    if opened:
        record(Verb.OPENED, at=now, by=request.viewer.id, unit=found.unit_id, dossier=found.id, fields=opened)
    return render(request, "desk/dossier.html", {"dossier": head, "panels": panels})


@staff(section=Section.JOURNAL)
@require_safe
def journal(request: StaffRequest) -> HttpResponse:
    """The data officer and the head: who did what, and whether the record is whole."""
    units = list(request.viewer.units(Section.JOURNAL))
    try:
        before = UUID(request.GET.get("sebelum", ""))
    except ValueError:
        before = None
    found = list(ledger.entries_of(units=units, before=before))
    newest, check = ledger.newest_seal(), ledger.newest_check()
    seals = {
        "sealed_to": newest.sealed_at if newest else "",
        "unsealed_count": check.unsealed if check else 0,
        "ok": check is not None and not check.findings,
        "last_check_text": _("Belum pernah diperiksa.") if check is None else "",
        "checked_at": check.at if check else None,
        "findings": [ledger.finding(*one) for one in check.findings[:20]] if check else [],
    }
    older = found[ledger.PAGE - 1].id if len(found) > ledger.PAGE else None
    context = {
        "entries": _told(found[: ledger.PAGE]),
        "seals": seals,
        "older_url": f"?sebelum={older}" if older else "",
        "newer_url": reverse("desk:journal") if before else "",
    }
    return render(request, "ledger/journal.html", context)


def _told(entries: Sequence[Entry]) -> list[dict[str, object]]:
    people = dict(
        User.objects.filter(id__in={row.actor_id for row in entries if row.actor_id}).values_list(
            "id", "name"
        )
    )
    dossiers = {row.dossier_id for row in entries if row.dossier_id}
    references = dict(Dossier.objects.filter(id__in=dossiers).values_list("id", "reference"))
    return [
        {
            "at": row.at,
            "actor": (row.actor_id and people.get(row.actor_id)) or row.get_actor_kind_display(),
            "sentence": ledger.sentence(row, CALLED),
            "reference": references.get(row.dossier_id, "") if row.dossier_id else "",
        }
        for row in entries
    ]
