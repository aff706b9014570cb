"""Pages of the unit: files that belong together, who is kept out of one, and the queue of a flood."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from django import forms as plain
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.queries import dossier_by_reference, key_of
from ruangaman.access.states import Section
from ruangaman.intake import actions, policies, queries
from ruangaman.intake.forms import handling as forms
from ruangaman.intake.states import Channel
from ruangaman.intake.states.handling import JoinKind
from ruangaman.intake.views.triage import report_in_reach
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb

LIST_OF_REPORTS = "/laporan/"  # the desk serves it (tests/intake/test_flood_queue.py)


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the administration of this dossier: that its report tells of what another file is about."""
    dossier = file_to_write(request, reference, Section.ADMINISTRATION)
    report = report_in_reach(request, dossier.id, reference)
    form = forms.Merging(request.POST if request.method == "POST" else None)
    form.show(queries.may_be_same(request.viewer, dossier), report.triage)
    warning = ""
    if form.is_valid():
        told = form.cleaned_data
        into = dossier_by_reference(request.viewer, told["into"])
        try:
            if into is None:
                raise Refused(_("Tidak ada berkas dengan nomor itu dalam jangkauan Anda. Periksa nomornya."))
            actions.merge(
                viewer=request.viewer,
                dossier=dossier,
                into=into,
                reason=told["reason"],
                seen=told["seen"],
                at=clock.now(),
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Gabungkan dengan berkas lain"),
        button=_("Gabungkan"),
        intro=_("Laporan ini menunjuk ke berkas itu. Tidak ada yang dipindahkan, dan ini bisa dibatalkan."),
        notes=(
            _(
                "Pelapor tetap punya kodenya dan percakapannya sendiri, dan membaca “sedang ditangani” sampai berkas "
                "itu selesai. Tim berkas itu bisa membaca laporan ini."
            ),
        ),
        warning=warning,
    )


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the administration of this dossier and read its story: a part becomes a report of its own."""
    dossier = file_to_write(request, reference, Section.ADMINISTRATION)
    report = report_in_reach(request, dossier.id, reference)
    story = queries.story_of(request.viewer, dossier.id, key_of(dossier.id, Section.NARRATIVE))
    if story:
        record(
            Verb.OPENED,
            at=clock.now(),
            by=request.viewer.id,
            unit=dossier.unit_id,
            dossier=dossier.id,
            fields=[Section.NARRATIVE.value],
        )
    form = forms.Splitting(
        request.POST if request.method == "POST" else None,
        initial={"part_id": new_id(), "story": story or "", "danger_now": report.danger_now},
    )
    form.show()
    warning = ""
    if form.is_valid():
        try:
            part = actions.split(viewer=request.viewer, dossier=dossier, **form.cleaned_data, at=clock.now())
            return HttpResponseRedirect(page_of(part))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Pisahkan menjadi laporan sendiri"),
        button=_("Buat laporan baru"),
        intro=_("Untuk korban lain, atau kejadian lain yang tidak berhubungan. Laporan asal tidak berubah."),
        notes=(
            _("Pelapor tetap dijawab di percakapan laporan asal; laporan baru tidak punya kode sendiri."),
        ),
        warning=warning,
    )


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def undo_joining(request: StaffRequest, joining: UUID) -> HttpResponse:
    """Who may write the administration of the report that was merged or split off: take that back."""
    found = queries.joining_of(request.viewer, joining)
    if found is None:
        raise Stranger
    dossier = file_to_write(request, found.dossier.reference, Section.ADMINISTRATION)
    form = plain.Form(request.POST if request.method == "POST" else None)
    warning = ""
    if form.is_valid():
        try:
            actions.undo_joining(viewer=request.viewer, joining=found, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    merged = found.kind == JoinKind.MERGED
    return form_page(
        request,
        dossier,
        form,
        title=_("Batalkan penggabungan") if merged else _("Batalkan pemisahan"),
        button=_("Batalkan"),
        intro=_(
            "Triase laporan ini kembali seperti sebelum digabung, dan tim berkas itu tidak lagi membacanya."
        )
        if merged
        else _("Laporan yang dipisahkan berakhir; ceritanya tetap ada di laporan asal."),
        warning=warning,
    )


@staff(roles=policies.SENIOR)
@require_http_methods(["GET", "HEAD", "POST"])
def walls(request: StaffRequest, reference: str) -> HttpResponse:
    """A supervisor or the head of the unit: who is kept out of this file, and who is let in to take it over."""
    dossier = file_to_write(request, reference, Section.TEAM)
    if not policies.SENIOR & request.viewer.roles_in(dossier.unit_id):
        raise Stranger(reference)
    now = clock.now()
    raised = queries.walls_of(request.viewer, dossier.id)
    lifted = request.POST.get("lift", "")
    form = forms.WallRaised(request.POST if request.method == "POST" and not lifted else None)
    form.show(queries.colleagues_of(dossier.unit_id, now), {wall.person_id for wall in raised})
    warning = ""
    try:
        if request.method == "POST" and lifted:
            wanted = next((wall.id for wall in raised if str(wall.id) == lifted), new_id())
            actions.let_in(viewer=request.viewer, dossier=dossier, wall_id=wanted, at=now)
            return HttpResponseRedirect(request.path)
        if form.is_valid():
            person = UUID(form.cleaned_data["person"])
            actions.keep_out(viewer=request.viewer, dossier=dossier, person=person, at=now)
            gone = person == request.viewer.id  # who keeps themselves out sees no more of this file
            return HttpResponseRedirect(reverse("intake:transfers") if gone else request.path)
    except Refused as no:
        warning = str(no.message)
    report = queries.report_of(request.viewer, dossier.id)
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "about_staff": bool(report and report.about_staff),
        "walls": [
            {
                "id": str(wall.id),
                "name": wall.person.name,
                "by": wall.raised_by.name if wall.raised_by else _("sistem, saat laporan masuk"),
                "at": wall.raised_at,
            }
            for wall in raised
        ],
        "form": form,
        "warning": warning,
    }
    bad = bool(warning) or (form.is_bound and bool(form.errors))
    return render(request, "intake/walls.html", context, status=400 if bad else 200)


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def flood(request: StaffRequest) -> HttpResponse:
    """Who may write the administration of reports in a unit: those of a flood, several decided at once."""
    if not request.viewer.units(Section.ADMINISTRATION, "w"):
        raise Stranger
    now = clock.now()
    mark = _mark(request.GET.get("sesudah", ""))
    done: int | None = None
    refused: list[tuple[str, str]] = []
    form = forms.FloodChosen(request.POST if request.method == "POST" else None)
    if form.is_bound:
        rows, _more = queries.flood(request.viewer, after=mark)
        form.show([row.dossier for row in (*rows, *queries.closed_from_flood(request.viewer, now))])
        if form.is_valid():
            done, refused = _act(request, form, now)
            if not refused:
                form = forms.FloodChosen(None)  # the reason was for these, not for the next
    rows, more = queries.flood(request.viewer, after=mark)
    waiting = queries.count_flood(request.viewer)
    last = rows[-1] if rows else None
    context = {
        "list_url": LIST_OF_REPORTS,
        "waiting": "99+" if waiting > 99 else waiting,
        "rows": [
            {
                "id": str(row.dossier_id),
                "reference": row.dossier.reference,
                "url": page_of(row.dossier),
                "at": row.received_at,
                "channel": Channel(row.channel).label,
                "where": row.place.name if row.place else "",
                "danger": row.danger_now,
            }
            for row in rows
        ],
        "closed": [
            {"id": str(row.dossier_id), "reference": row.dossier.reference, "url": page_of(row.dossier)}
            for row in queries.closed_from_flood(request.viewer, now)
        ],
        "form": form,
        "done": done,
        "refused": refused,
        "older_url": "?"
        + urlencode({"sesudah": f"{last.danger_now:d}~{last.received_at.isoformat()}~{last.id}"})
        if more and last
        else "",
        "newer_url": request.path if mark else "",
    }
    bad = form.is_bound and (form.errors or (done == 0 and refused))
    return render(request, "intake/flood.html", context, status=400 if bad else 200)


def _act(request: StaffRequest, form: forms.FloodChosen, at: datetime) -> tuple[int, list[tuple[str, str]]]:
    told = form.cleaned_data
    if told["act"] == "close":
        return actions.close_many(viewer=request.viewer, reports=told["chosen"], note=told["note"], at=at)
    act = actions.take_out if told["act"] == "out" else actions.undo_many
    return act(viewer=request.viewer, reports=told["chosen"], at=at)


def _mark(text: str) -> tuple[bool, datetime, UUID] | None:
    """Where a page of the queue begins; None where the address says nothing of use."""
    try:
        danger, moment, row = text.split("~")
        return danger == "1", datetime.fromisoformat(moment).astimezone(UTC), UUID(row)
    except (ValueError, OverflowError):
        return None
