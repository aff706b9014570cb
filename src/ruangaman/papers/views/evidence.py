"""Evidence: what it is, whose hands it passed through, opening it with a second person, handing it over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.states import Decision
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.papers.actions import evidence as actions
from ruangaman.papers.forms import evidence as forms
from ruangaman.papers.models import Custody, Opening, Paper
from ruangaman.papers.policies import evidence as rules
from ruangaman.papers.policies.layout import Document
from ruangaman.papers.queries import evidence as queries
from ruangaman.papers.states import Act, Origin, PaperKind, PaperState, Scan
from ruangaman.papers.typesetting import pdf
from ruangaman.papers.views import custody
from ruangaman.papers.views.filling import carried_out, filled

# What leaves here is never shown by a browser: it is saved, and can run nothing.
SEALED_OFF = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
ANSWERS = {"setuju": True, "tolak": False}


@staff()
@require_safe
def evidence(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who reads the section of this evidence: facts, digest and chain of custody, never the evidence itself."""
    paper = _evidence(request, paper_id)
    with transaction.atomic():
        record(
            Verb.OPENED,
            at=clock.now(),
            by=request.viewer.id,
            unit=paper.unit_id,
            dossier=paper.dossier_id,
            objects=[paper.id],
            fields=[paper.section, "name", "digest"],
        )
    return _page(request, paper)


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who reads the section of this evidence: asking a second person to let them open it."""
    paper = _evidence(request, paper_id)

    def act(told: dict[str, Any]) -> str:
        actions.ask_opening(
            viewer=request.viewer,
            paper=paper,
            reason=told["reason"],
            opening_id=told["row_id"],
            at=clock.now(),
        )
        messages.success(request, _("Permintaan dikirim kepada orang kedua, yang memutuskan."))
        return _address(paper)

    return carried_out(
        request,
        paper.dossier,
        filled(request, forms.Ask),
        act,
        title=_("Minta pembukaan bukti"),
        button=_("Minta pembukaan"),
        intro=_("Bukti dibuka hanya kalau perlu, dengan alasan, dan setelah orang kedua setuju."),
        notes=(_("Setelah disetujui, izinnya berlaku satu jam. Setiap pembukaan tercatat."),),
    )


@staff()
@require_POST
def decide(request: StaffRequest, paper_id: UUID, opening_id: UUID, answer: str) -> HttpResponse:
    """A second person who reads the section of this evidence and leads: allowing or refusing to open it."""
    paper = _evidence(request, paper_id)
    opening = next(
        (one for one in queries.openings_of(request.viewer, paper.id) if one.id == opening_id), None
    )
    if opening is None or answer not in ANSWERS:
        raise Stranger
    try:
        actions.decide_opening(
            viewer=request.viewer, paper=paper, opening=opening, allow=ANSWERS[answer], at=clock.now()
        )
    except Refused as no:
        return _page(request, paper, why_not=str(no.message), status=409)
    said = _("Pembukaan diizinkan selama satu jam.") if ANSWERS[answer] else _("Pembukaan ditolak.")
    messages.success(request, said)
    return HttpResponseRedirect(_address(paper))


@staff(long=True)
@require_POST
def open_original(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who asked, within the hour that a second person allowed: the original, bit-exact, saved and never shown."""
    with transaction.atomic():
        paper = _evidence(request, paper_id)
    try:
        original = actions.open_evidence(viewer=request.viewer, paper=paper, at=clock.now())
    except Refused as no:
        return _page_of_its_own(request, paper, why_not=str(no.message))
    if original is None:
        return _page_of_its_own(request, paper, why_not=_differs())
    name = f"{original.name}.terinfeksi" if original.is_infected else original.name
    return StreamingHttpResponse(  # type: ignore[return-value]  # the doors pass on what they are given
        original.pieces,
        headers={
            **SEALED_OFF,
            "Content-Type": "application/octet-stream",
            "Content-Length": str(original.size),
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
        },
    )


@staff(long=True)
@require_POST
def check(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who reads the section of this evidence: whether it is still what came in; nobody sees it."""
    with transaction.atomic():
        paper = _evidence(request, paper_id)
    try:
        same = actions.check_digest(viewer=request.viewer, paper=paper, at=clock.now())
    except Refused as no:
        return _page_of_its_own(request, paper, why_not=str(no.message))
    if not same:
        return _page_of_its_own(request, paper, why_not=_differs())
    messages.success(request, _("Sidiknya sama: bukti ini masih persis seperti saat diterima."))
    return HttpResponseRedirect(_address(paper))


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who reads the section of this evidence: recording to whom it was handed, and why."""
    paper = _evidence(request, paper_id)
    form = filled(request, forms.HandOver)

    def act(told: dict[str, Any]) -> str:
        actions.hand_over(
            viewer=request.viewer,
            paper=paper,
            to_whom=form.to_whom(),
            reason=told["reason"],
            custody_id=told["row_id"],
            at=clock.now(),
        )
        messages.success(request, _("Penyerahan dicatat di rantai bukti."))
        return _address(paper)

    return carried_out(
        request,
        paper.dossier,
        form,
        act,
        title=_("Catat penyerahan bukti"),
        button=_("Catat penyerahan"),
        intro=_("Catat setiap kali salinan bukti atau sidiknya berpindah tangan."),
        notes=(
            _(
                "Bukti diserahkan atas persetujuan klien, kecuali undang-undang mewajibkannya. "
                "Bicarakan dulu dengan klien."
            ),
        ),
    )


@staff()
@require_POST
def print_custody(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who reads the section of this evidence: its chain of custody on paper; printing is a link of it too."""
    paper = _evidence(request, paper_id)
    try:
        told = queries.told_of(paper, queries.key_of_paper(paper))
        actions.print_custody(viewer=request.viewer, paper=paper, at=clock.now())
        chain = _chain(request, paper)
    except Unreadable:
        return _page(request, paper, why_not=_unreadable(), status=409)
    document = custody.custody_record(paper=paper, told=told, chain=chain, at=clock.now())
    return _pdf(document, f"rantai-bukti-{paper.dossier.reference}.pdf")


@staff()
@require_safe
def cover_sheet(request: StaffRequest, paper_id: UUID, custody_id: UUID) -> HttpResponse:
    """Who opened this evidence or handed it over: a sheet that goes with the copy and says whose it is."""
    paper = _evidence(request, paper_id)
    try:
        told = queries.told_of(paper, queries.key_of_paper(paper))
        link = next((one for one in _chain(request, paper) if one.row.id == custody_id), None)
    except Unreadable:
        return _page(request, paper, why_not=_unreadable(), status=409)
    if link is None or link.row.act not in (Act.OPENED, Act.HANDED):
        raise Stranger
    document = custody.cover_sheet(paper=paper, told=told, link=link)
    return _pdf(document, f"lembar-pengantar-{paper.dossier.reference}.pdf")


def _evidence(request: StaffRequest, paper_id: UUID) -> Paper:
    paper = queries.evidence_of(request.viewer, paper_id)
    if paper is None:
        raise Stranger
    return paper


def _address(paper: Paper) -> str:
    return reverse("papers:evidence", args=[paper.id])


def _chain(request: StaffRequest, paper: Paper) -> list[queries.Link]:
    rows = queries.chain_of(request.viewer, paper.id)
    return queries.opened_chain(rows, queries.key_of_paper(paper))


def _page(request: StaffRequest, paper: Paper, *, why_not: str = "", status: int = 200) -> HttpResponse:
    """The page of a piece of evidence, with finished values."""
    viewer, at = request.viewer, clock.now()
    openings = queries.openings_of(viewer, paper.id)
    told, chain, reasons = None, [], {}
    try:
        key = queries.key_of_paper(paper)
        told = queries.told_of(paper, key)
        chain = queries.opened_chain(queries.chain_of(viewer, paper.id), key)
        reasons = queries.reasons_of(openings, key)
    except Unreadable:
        why_not = why_not or _unreadable()
    has_file = paper.state == PaperState.KEPT
    mine = rules.allowed(openings, by=viewer.id, at=at)
    waits = any(one.asked_by_id == viewer.id and one.decision == Decision.OPEN for one in openings)
    context = {
        "paper": paper,
        "reference": paper.dossier.reference,
        "back": page_of(paper.dossier),
        "told": told,
        "kind": PaperKind(paper.kind).label,
        "origin": Origin(paper.origin).label,
        "state": PaperState(paper.state).label,
        "scan": Scan(paper.scan).label if has_file else "",
        "is_infected": paper.scan == Scan.INFECTED,
        "has_file": has_file,
        "why_not": why_not,
        "chain": [_said(paper, one, viewer.id) for one in chain],
        "to_decide": [
            {"id": one.id, "who": one.asked_by.name, "at": one.asked_at, "reason": reasons.get(one.id, "")}
            for one in openings
            if _decides(request, one)
        ],
        "open_until": mine.until if mine else None,
        "waits": waits,
        "may_ask": has_file and not mine and not waits,
    }
    return render(request, "papers/evidence.html", context, status=status)


def _page_of_its_own(request: StaffRequest, paper: Paper, *, why_not: str) -> HttpResponse:
    """The page of a piece of evidence where no transaction is open yet, and why what was wanted is not done."""
    with transaction.atomic():
        return _page(request, paper, why_not=why_not, status=409)


def _decides(request: StaffRequest, opening: Opening) -> bool:
    try:
        roles = request.viewer.roles_in(opening.unit_id)
        rules.check_can_decide(opening, by=request.viewer.id, roles=roles)
    except Refused:
        return False
    return True


def _said(paper: Paper, link: queries.Link, viewer: UUID) -> dict[str, Any]:
    row: Custody = link.row
    own = row.act in (Act.OPENED, Act.HANDED) and row.done_by_id == viewer
    return {
        "at": row.done_at,
        "act": Act(row.act).label,
        "differs": row.act == Act.DIFFERS,
        "who": row.done_by.name,
        "to_whom": link.to_whom,
        "note": link.note,
        "cover_url": reverse("papers:cover_sheet", args=[paper.id, row.id]) if own else "",
    }


def _pdf(document: Document, name: str) -> HttpResponse:
    headers = {**SEALED_OFF, "Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(pdf(document), content_type="application/pdf", headers=headers)


def _differs() -> str:
    return _(
        "Bukti ini tidak sama lagi dengan yang diterima, jadi tidak dibuka. Jangan serahkan; hubungi pengawas data. "
        "Temuan ini tercatat di rantai bukti."
    )


def _unreadable() -> str:
    return _("Sebagian catatan bukti ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
