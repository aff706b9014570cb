"""Lists put together from what the rooms give: what waits today, reports, the journal."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ruangaman.access.context import pages_of
from ruangaman.access.doors import StaffRequest, page_of, staff
from ruangaman.access.duties import MOST, Duty, Kind, duties_for
from ruangaman.access.models import Dossier, User
from ruangaman.access.states import Role, Section, Stage
from ruangaman.desk import policies
from ruangaman.intake import queries as intake
from ruangaman.intake.policies.calls import TAKES
from ruangaman.intake.states import UNDECIDED, Triage
from ruangaman.kernel import clock
from ruangaman.ledger import queries as ledger
from ruangaman.people.queries import initials_by_reference, initials_of

MOST_COUNTED = 100
MOST_SHOWN = 50
# What sections, stages, roles and fields are called where the ledger names them.
CALLED = {
    **dict(Section.choices),
    **dict(Stage.choices),
    **dict(Role.choices),
    "name": gettext_lazy("nama"),
    "number": gettext_lazy("nomor untuk menelepon"),
    "all_the_same": gettext_lazy("walau rekan baru saja membukanya"),
}
# Who did it, read along with each entry of the ledger; nothing where the name is out of reach.
ACTOR = Subquery(User.objects.filter(id=OuterRef("actor_id")).values("name"))
# The tiles of *Hari ini*: how the address names each, what it is called, how its number looks.
TILES = (
    ("bahaya", gettext_lazy("bahaya sekarang"), "danger"),
    ("hari-ini", gettext_lazy("tenggat hari ini"), "care"),
    ("laporan", gettext_lazy("laporan belum dijawab"), ""),
    ("rujukan", gettext_lazy("rujukan menunggu"), ""),
)


@staff()
@require_safe
def today(request: StaffRequest) -> HttpResponse:
    """Everybody who signed in: what waits for them. Who reaches no dossier is led to the first page of their menu."""
    if not request.viewer.reaches(Section.FILE):
        return HttpResponseRedirect(next(url for _label, url in pages_of(request.viewer)))
    now = clock.now()
    duties = policies.most_urgent_first(duties_for(request.viewer, now))
    wanted = _tiles(now)
    chosen = request.GET.get("hanya", "")
    counts = {name: sum(map(holds, duties)) for name, holds in wanted.items()}
    found = [duty for duty in duties if wanted[chosen](duty)] if chosen in wanted else duties
    shown = Paginator(found, MOST_SHOWN).get_page(request.GET.get("bagian"))
    context = {
        "day": date_format(timezone.localtime(now), "l, j F Y"),
        "new_url": reverse("intake:calls") if TAKES & request.viewer.roles else "",
        "tiles": [
            {
                "count": "99+" if counts[name] >= MOST else counts[name],
                "label": label,
                "tone": tone if counts[name] else "none",
                "url": f"?hanya={name}",
                "chosen": name == chosen,
            }
            for name, label, tone in TILES
        ],
        "only": next((label for name, label, _tone in TILES if name == chosen), ""),
        "rows": _rows(request, list(shown.object_list), now),
        "next_url": _part(chosen, shown.next_page_number()) if shown.has_next() else "",
        "first_url": _part(chosen, 1) if shown.has_previous() else "",
        # Of each kind no more are fetched: whoever has so many sees the rest when some are done.
        "most": MOST if max(Counter(duty.kind for duty in duties).values(), default=0) >= MOST else 0,
    }
    return render(request, "desk/today.html", context)


def _part(chosen: str, number: int) -> str:
    """The address of a part of what waits."""
    asked = ({"hanya": chosen} if chosen else {}) | ({"bagian": str(number)} if number > 1 else {})
    return f"?{urlencode(asked)}"


def _tiles(now: datetime) -> dict[str, Callable[[Duty], bool]]:
    """Which duties each tile counts. A report that tells of danger and has no answer is both."""
    return {
        "bahaya": lambda duty: duty.kind == Kind.DANGER,
        "hari-ini": lambda duty: policies.is_due_today(duty.due_at, now),
        "laporan": lambda duty: duty.kind in (Kind.REPORT, Kind.DANGER),
        "rujukan": lambda duty: duty.kind == Kind.REFERRAL,
    }


def _rows(request: StaffRequest, duties: Sequence[Duty], now: datetime) -> list[dict[str, Any]]:
    initials = initials_by_reference(request.viewer, (duty.reference for duty in duties))
    return [
        {
            "deadline": policies.words_of(duty.due_at, now),
            "due_at": duty.due_at,
            "tone": policies.tone_of(duty, now),
            "text": duty.text,
            "reference": duty.reference,
            "initials": initials.get(duty.reference, ""),
            "basis": duty.basis,
            "url": duty.url,
        }
        for duty in duties
    ]


@staff(section=Section.ADMINISTRATION)
@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """Who may see reports: the newest ones, by reference and initials."""
    now = clock.now()
    page = intake.reports(request.viewer, before=mark_in(request.GET.get("sebelum", "")), at=now)
    initials = initials_of(request.viewer, [row.dossier_id for row in page.rows])
    waiting = intake.count_unanswered(request.viewer, MOST_COUNTED)
    rows = [
        {
            "reference": row.dossier.reference,
            "initials": initials.get(row.dossier_id, ""),
            "received_at": row.received_at,
            "where": row.place.name if row.place else "",
            "stage_label": Stage(row.stage).label,
            "triage": Triage(row.triage).label,
            "untriaged": row.triage in UNDECIDED and row.stage == Stage.INTAKE,
            "answered": row.first_answered_at is not None,
            "danger": row.danger_now and row.dossier.erased_at is None,
            "erased_at": row.dossier.erased_at,
            "url": page_of(row.dossier),
        }
        for row in page.rows
    ]
    flooded = intake.count_flood(request.viewer, MOST_COUNTED)
    context = {
        "rows": rows,
        "flood_text": _("%s laporan menunggu di antrean") % ("99+" if flooded >= MOST_COUNTED else flooded)
        if flooded
        else "",
        "transfers_url": reverse("intake:transfers")
        if request.viewer.units(Section.ADMINISTRATION, "w")
        else "",
        **links_to_pages(request, page.older, "desk:reports"),
        "count_text": "99+"
        if waiting >= MOST_COUNTED
        else (_("%d belum dijawab") % waiting if waiting else ""),
    }
    return render(request, "intake/reports.html", context)


def mark_in(text: str) -> tuple[datetime, UUID] | None:
    """This will read from an address where a page of a list begins; None where it says nothing of use."""
    moment, _sign, row = text.partition("~")
    try:
        # Some moments at the ends of time have no counterpart in UTC, and the database takes none of them.
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(row)
    except (ValueError, OverflowError):
        return None


def links_to_pages(request: StaffRequest, older: str, first: str) -> dict[str, str]:
    """This will give the addresses of the next page of a list, and of its beginning."""
    return {
        "older_url": f"?{urlencode({'sebelum': older})}" if older else "",
        "newer_url": reverse(first) if request.GET.get("sebelum") else "",
    }


@staff(section=Section.JOURNAL)
@require_safe
def journal(request: StaffRequest) -> HttpResponse:
    """The data officer and the head: who did what, and whether the record is whole."""
    units = list(request.viewer.units(Section.JOURNAL))
    try:
        before = UUID(request.GET.get("sebelum", ""))
    except ValueError:
        before = None
    found = list(ledger.entries_of(units=units, before=before, actor_name=ACTOR))
    newest, check = ledger.newest_seal(), ledger.newest_check()
    seals = {
        "sealed_to": newest.sealed_at if newest else "",
        "unsealed_count": check.unsealed if check else 0,
        "ok": check is not None and not check.findings,
        "last_check_text": _("Belum pernah diperiksa.") if check is None else "",
        "checked_at": check.at if check else None,
        "findings": [ledger.finding(*one) for one in check.findings[:20]] if check else [],
    }
    older = str(found[ledger.PAGE - 1].id) if len(found) > ledger.PAGE else ""
    context = {
        "entries": told(found[: ledger.PAGE]),
        "seals": seals,
        **links_to_pages(request, older, "desk:journal"),
    }
    return render(request, "ledger/journal.html", context)


def told(entries: Iterable[Any], references: Mapping[UUID, str] | None = None) -> list[dict[str, object]]:
    """This will put entries of the ledger into words, with names and references as far as the viewer may see them.

    They are read with ``actor_name=ACTOR``.
    """
    entries = list(entries)
    if references is None:
        dossiers = {row.dossier_id for row in entries if row.dossier_id}
        references = dict(Dossier.objects.filter(id__in=dossiers).values_list("id", "reference"))
    return [
        {
            "at": row.at,
            "actor": row.actor_name or row.get_actor_kind_display(),
            "sentence": ledger.sentence(row, CALLED),
            "reference": references.get(row.dossier_id, "") if row.dossier_id else "",
        }
        for row in entries
    ]
