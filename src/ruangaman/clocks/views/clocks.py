"""One deadline of a dossier: what it rests on, and what may be done with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, form_page, page_of, staff
from ruangaman.access.queries import key_of, reach_of
from ruangaman.access.states import Section
from ruangaman.clocks import actions, forms
from ruangaman.clocks.models import Clock, Ruled
from ruangaman.clocks.panels import tag, ways, who
from ruangaman.clocks.policies import Facts
from ruangaman.clocks.queries import pages
from ruangaman.clocks.states import Answer, Event, PauseReason, Ruling
from ruangaman.kernel import clock as times
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.http import back_to
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb

FACTS = ("on_complaint", "child", "disability", "she_agrees", "danger")


@staff(section=Section.FILE)
@require_safe
def detail(request: StaffRequest, clock: UUID) -> HttpResponse:
    """Who may read the part of the file that the deadline lies in: all about it, its notes opened."""
    now = times.now()
    found = _seen(request, clock)
    key = key_of(found.dossier_id, found.section)
    pauses = [
        {
            "reason": PauseReason(pause.reason).label,
            "note": _opened(pause, "note", key),
            "paused_at": pause.paused_at,
            "paused_by": pause.paused_by.name if pause.paused_by else "",
            "resumed_at": pause.resumed_at,
        }
        for pause in found.pauses.all()
    ]
    end_note = _opened(found, "end_note", key)
    ruled: Ruled | None = getattr(found, "ruled", None)
    decision = _decision(ruled, key) if ruled else None
    if end_note or decision or any(pause["note"] for pause in pauses):
        record(
            Verb.OPENED,
            at=now,
            by=request.viewer.id,
            unit=found.unit_id,
            dossier=found.dossier_id,
            objects=[found.id],
            fields=[found.section],
        )
    context = {
        "clock": found,
        "reference": found.dossier.reference,
        "back": page_of(found.dossier),
        "name": found.definition.said("name"),
        "duty": found.definition.said("duty"),
        "length": found.definition.length,
        "article": found.definition.article,
        "starts_on": Event(found.definition.starts_on).label,
        "version_from": found.definition.from_on,
        "holder": who(found),
        **(tag(found, now) if found.ended_at is None else {}),
        "ending": found.get_ending_display() if found.ending else "",
        "ended_by": found.ended_by.name if found.ended_by else "",
        "end_note": end_note,
        "pauses": pauses,
        "decision": decision,
        "ways": ways(found, writes=_writes(request, found)),
    }
    return render(request, "clocks/clock.html", context)


def _decision(ruled: Ruled, key: Key | None) -> dict[str, Any]:
    labels = forms.Decision.base_fields
    return {
        "facts": [(labels[name].label, Answer(getattr(ruled, name)).label) for name in FACTS],
        "ruling": Ruling(ruled.ruling).label,
        "reason": _opened(ruled, "reason", key),
        "by": ruled.ruled_by.name if ruled.ruled_by else "",
        "ruled_at": ruled.ruled_at,
    }


def _opened(row: Any, field: str, key: Key | None) -> str:
    return (unseal(row, field, key) or "") if key else ""


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: StaffRequest, clock: UUID) -> HttpResponse:
    """Who may write the part of the file that the deadline lies in: let it stand still, with the reason."""
    found = _to_write(request, clock)
    if _is_over(request, found):
        return redirect("clocks:detail", found.id)
    form = forms.Pausing(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.pause(
                viewer=request.viewer,
                clock=found,
                reason=PauseReason(given["reason"]),
                note=given["note"],
                at=times.now(),
            )
            return HttpResponseRedirect(page_of(found.dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        found.dossier,
        form,
        title=_("Jeda: %s") % found.definition.said("name"),
        button=_("Jeda tenggat ini"),
        intro=_(
            "Selama dijeda, tenggat tidak berjalan dan tidak diingatkan. Lanjutkan begitu alasannya hilang."
        ),
    )


@staff(section=Section.FILE)
@require_POST
def resume(request: StaffRequest, clock: UUID) -> HttpResponse:
    """Who may write the part of the file that the deadline lies in: let it run again."""
    found = _to_write(request, clock)
    try:
        actions.resume(viewer=request.viewer, clock=found, at=times.now())
    except Refused as no:
        messages.error(request, str(no.message))
    else:
        messages.success(request, _("Tenggat berjalan lagi. Waktu jeda tidak ikut dihitung."))
    return back_to(request, page_of(found.dossier))


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, clock: UUID) -> HttpResponse:
    """Who may write the part of the file that the deadline lies in: end it because it no longer applies."""
    found = _to_write(request, clock)
    if _is_over(request, found):
        return redirect("clocks:detail", found.id)
    form = forms.Ending(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.end_by_hand(
                viewer=request.viewer, clock=found, note=form.cleaned_data["note"], at=times.now()
            )
            return HttpResponseRedirect(page_of(found.dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        found.dossier,
        form,
        title=_("Akhiri: %s") % found.definition.said("name"),
        button=_("Akhiri tenggat ini"),
        intro=_("Akhiri hanya kalau tenggat ini tidak berlaku lagi. Kalau kewajibannya dikerjakan, catat di tempatnya:"
                " tenggatnya selesai sendiri."),
    )  # fmt: skip


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def ruling(request: StaffRequest, clock: UUID) -> HttpResponse:
    """Who may write the part of the file that the deadline lies in: the decision about a duty to report (care.md 9)."""
    found = _to_write(request, clock)
    if not found.definition.needs_decision:
        raise Stranger(found.dossier.reference)
    if _is_over(request, found):
        return redirect("clocks:detail", found.id)
    form = forms.Decision(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.rule(
                viewer=request.viewer,
                clock=found,
                facts=Facts(**{name: Answer(given[name]) for name in FACTS}),
                ruling=Ruling(given["ruling"]),
                reason=given["reason"],
                at=times.now(),
            )
            return HttpResponseRedirect(page_of(found.dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        found.dossier,
        form,
        title=found.definition.said("name"),
        button=_("Catat keputusan"),
        intro=f"{found.definition.said('duty')} ({found.definition.article})",
        notes=(
            _("Tidak ada yang dikirim dari sini: halaman ini hanya mencatat keputusan dan alasannya. Kalau diputuskan"
              " melapor, laporan dibuat bersama klien, lalu dicatat di proses hukum."),
            _("Untuk delik aduan, keputusan korban yang berlaku: kalau ia tidak setuju, tidak dilaporkan."),
            _("Keputusan yang sudah dicatat tidak bisa diubah."),
        ),
    )  # fmt: skip


def _seen(request: StaffRequest, clock: UUID) -> Clock:
    found = pages.clock_whole(request.viewer, clock)
    if found is None:
        raise Stranger
    return found


def _writes(request: StaffRequest, found: Clock) -> bool:
    return found.section in reach_of(request.viewer, found.dossier, times.now())[1]


def _is_over(request: StaffRequest, found: Clock) -> bool:
    """Whether a form is asked for that nothing can come of: the deadline has ended, perhaps in another window."""
    return found.ended_at is not None and request.method != "POST"


def _to_write(request: StaffRequest, clock: UUID) -> Clock:
    found = _seen(request, clock)
    if not _writes(request, found):
        raise Stranger(found.dossier.reference)
    return found
