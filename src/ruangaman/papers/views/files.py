"""Attaching a file, in pieces or whole; looking at it, and taking a copy."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, every_key, open_key, reach_of
from ruangaman.access.states import Section
from ruangaman.consent.queries import consent_in
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.papers import storing
from ruangaman.papers.actions import files as actions
from ruangaman.papers.forms import files as forms
from ruangaman.papers.models import Paper
from ruangaman.papers.panels import row
from ruangaman.papers.policies import contents
from ruangaman.papers.policies.files import PAPER_SECTIONS
from ruangaman.papers.queries import files as queries
from ruangaman.papers.states import PaperKind, PaperState, Scan
from ruangaman.papers.storing import forgetting
from ruangaman.papers.views.subjects import about_file, called, people_in
from ruangaman.people.models import Person

MOST_LISTED = 200
LOOKING_SECONDS = 900  # how long the pictures of a page that was opened can be fetched
SANDBOX = "sandbox; default-src 'none'"


# --- attaching ------------------------------------------------------------------------------------------------------


@staff()
@require_safe
def attach(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write some section that holds papers: the form with which files are attached."""
    dossier, writes, people = _to_attach(request, reference)
    consent = consent_in(request.viewer, dossier, request.GET.get("persetujuan", ""))
    about = {"consent": consent.id, "kind": PaperKind.CONSENT} if consent else {}
    # A thread leads here with its own section, and a client's thread with the client.
    about |= {"section": request.GET.get("bagian", ""), "subject": request.GET.get("tentang", "")}
    if not consent:  # what the log of messages leads here with
        about["kind"] = request.GET.get("jenis", "")
    form = forms.Attached(people=called(people), writes=writes, initial={"paper_id": new_id(), **about})
    return _attach_page(request, dossier, form)


@staff(long=True)
@require_http_methods(["GET", "HEAD", "POST"])
def attach_whole(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write some section that holds papers: one small file with its form, without script."""
    with transaction.atomic():
        dossier, writes, people = _to_attach(request, reference)
    if request.method != "POST":
        return redirect("papers:attach", reference)
    form = forms.Attached(request.POST, request.FILES, people=called(people), writes=writes)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.add_whole(
                viewer=request.viewer,
                dossier=dossier,
                content=file.read(),
                content_type="",
                at=clock.now(),
                **about_file(request, dossier, form, people, file.name),
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error("file", str(no.message))
    with transaction.atomic():
        return _attach_page(request, dossier, form, status=400)


def _to_attach(request: StaffRequest, reference: str) -> tuple[Dossier, frozenset[str], dict[str, Person]]:
    dossier = dossier_by_reference(request.viewer, reference)
    writes = reach_of(request.viewer, dossier, clock.now())[1] if dossier else frozenset()
    if dossier is None or not writes & set(PAPER_SECTIONS):
        raise Stranger(reference)
    return dossier, writes, people_in(request, dossier)


def _attach_page(
    request: StaffRequest, dossier: Dossier, form: forms.Attached, status: int = 200
) -> HttpResponse:
    reference = dossier.reference
    context = {
        "reference": reference,
        "back": page_of(dossier),
        "form": form,
        "taken": contents.TAKEN,
        "whole_url": reverse("papers:attach_whole", args=[reference]),
        "begin_url": reverse("papers:begin", args=[reference]),
        "hash_url": reverse("papers:register_hash", args=[reference]),
        "piece": str(storing.PIECE),  # not as a number is written for people
        "largest": str(contents.LARGEST),
    }
    return render(request, "papers/attach.html", context, status=status)


@staff()
@require_POST
def begin(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write some section that holds papers: a file is announced, by the script of the form."""
    dossier, writes, people = _to_attach(request, reference)
    form = forms.Announced(request.POST, people=called(people), writes=writes)
    if not form.is_valid():
        return _told([str(said) for errors in form.errors.values() for said in errors])
    name, size = form.cleaned_data["file_name"], form.cleaned_data["size"]
    try:
        contents.check_name(name)
        if "/" in name:
            raise Refused(_("Nama berkas ini berisi bagian folder. Ganti namanya, lalu lampirkan lagi."))
        paper = actions.begin(
            viewer=request.viewer,
            dossier=dossier,
            size=size,
            at=clock.now(),
            **about_file(request, dossier, form, people, name),
        )
    except Refused as no:
        return _told([str(no.message)])
    return JsonResponse(
        {
            "received": paper.pieces,
            "piece_url": reverse("papers:piece", args=[paper.id, 0]),
            "state_url": reverse("papers:state", args=[paper.id]),
            "finish_url": reverse("papers:finish", args=[paper.id]),
            "drop_url": reverse("papers:drop", args=[paper.id]),
        },
        status=201,
    )


@staff()
@require_POST
def piece(request: StaffRequest, paper_id: UUID, index: int) -> HttpResponse:
    """Who announced the file and may write its section still: the next piece of it."""
    paper = _sent_by_viewer(request, paper_id)
    try:
        received = actions.receive(
            viewer=request.viewer, paper=paper, index=index, piece=request.body, at=clock.now()
        )
    except Refused as no:
        return _told([str(no.message)], status=409)
    return JsonResponse({"received": received})


@staff()
@require_safe
def state(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who announced the file: how many pieces have come, so that the sending goes on after a lost connection."""
    paper = _sent_by_viewer(request, paper_id)
    return JsonResponse({"received": paper.pieces, "kept": paper.state == PaperState.KEPT})


@staff(long=True)
@require_POST
def finish(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who announced the file and may write its section still: it is examined, and kept or refused."""
    with transaction.atomic():
        paper = _sent_by_viewer(request, paper_id)
    try:
        kept = actions.finish(viewer=request.viewer, paper=paper, at=clock.now())
    except Refused as no:
        return _told([str(no.message)])
    return JsonResponse({"kept": True, "scan": str(Scan(kept.scan).label)})


@staff()
@require_POST
def drop(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who announced the file: the sending is given up, and what came of it deleted."""
    forgetting.take_back(viewer=request.viewer, paper=_sent_by_viewer(request, paper_id))
    return JsonResponse({"kept": False})


def _sent_by_viewer(request: StaffRequest, paper_id: UUID) -> Paper:
    paper = queries.receiving(request.viewer, paper_id)
    if paper is None or paper.section not in reach_of(request.viewer, paper.dossier, clock.now())[1]:
        raise Stranger(paper.dossier.reference if paper else "")
    return paper


def _told(sentences: list[str], status: int = 400) -> JsonResponse:
    return JsonResponse({"errors": sentences}, status=status)


# --- looking --------------------------------------------------------------------------------------------------------


@staff()
@require_safe
def listing(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may see the dossier: the papers of it that are in reach, with small pictures."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    reads, writes = reach_of(request.viewer, dossier, clock.now())
    if not reads & set(PAPER_SECTIONS):
        raise Stranger(reference)
    papers = queries.papers_of(request.viewer, dossier.id, MOST_LISTED)
    keys = {section: open_key(row) for section, row in every_key(dossier.id).items()} if papers else {}
    sections = sorted({paper.section for paper in papers})
    record(
        Verb.OPENED, at=clock.now(), by=request.viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[paper.id for paper in papers], fields=[*sections, "name"],
    )  # fmt: skip
    token = signing.dumps([str(request.viewer.id), dossier.reference], salt="papers/thumbnails")
    rows = [
        {**row(one), "thumbnail": _picture_url(one.paper, 0, token) if _shows(one.paper) else ""}
        for one in queries.listed(papers, keys)
    ]
    attach_url = reverse("papers:attach", args=[reference]) if writes & set(PAPER_SECTIONS) else ""
    return render(
        request,
        "papers/listing.html",
        {"reference": reference, "back": page_of(dossier), "rows": rows, "attach_url": attach_url},
    )


@staff()
@require_safe
def paper(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who may read the paper's section: what it is, and pictures of it. It is one entry in the ledger."""
    found = _found(request, paper_id)
    if found.is_evidence:
        return redirect("papers:evidence", found.id)
    return _paper_page(request, found)


def _paper_page(request: StaffRequest, found: Paper, why_not: str = "", status: int = 200) -> HttpResponse:
    at, pictures = clock.now(), []
    try:
        key = queries.key_of(found)
        name, note = unseal(found, "name", key), unseal(found, "note", key)
    except Unreadable:
        name = note = None
        why_not = why_not or _("Berkas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
    if not why_not:
        try:
            entry = actions.look(viewer=request.viewer, paper=found, at=at)
            token = signing.dumps([str(request.viewer.id), str(found.id), str(entry)], salt="papers/look")
            pictures = [_picture_url(found, number, token) for number in range(1, found.pages + 1)]
        except Refused as no:
            why_not = str(no.message)
    content = contents.BY_TYPE.get(found.content_type)
    context = {
        "paper": found,
        "one": row(queries.Listed(found, name)),
        "note": note,
        "content": content.label if content else "",
        "section": Section(found.section).label,
        "origin": found.get_origin_display(),
        "pictures": pictures,
        "why_not": why_not,
        "takes": not why_not or status != 200,
        "marks_pages": content is not None and content.looked_at and content is not contents.DOCX,
        "is_docx": content is contents.DOCX,
        "most_pages": found.pages >= 50,
        "back": page_of(found.dossier),
        "reference": found.dossier.reference,
        "may_scan": bool(settings.SCANNER)
        and found.section in reach_of(request.viewer, found.dossier, at)[1],
    }
    return render(request, "papers/paper.html", context, status=status)


def _found(request: StaffRequest, paper_id: UUID) -> Paper:
    found = queries.paper_of(request.viewer, paper_id)
    if found is None:
        raise Stranger
    return found


def _picture_url(found: Paper, number: int, token: str) -> str:
    return f"{reverse('papers:picture', args=[found.id, number])}?t={token}"


@staff()
@require_safe
def picture(request: StaffRequest, paper_id: UUID, number: int) -> HttpResponse:
    """Who has just opened the page it stands on: one picture, made anew from the file, never the file itself."""
    found = _found(request, paper_id)
    if not _was_opened(request, found, number) or not _shows(found) or number > found.pages:
        raise Stranger(found.dossier.reference)
    try:
        content = storing.read_picture(found.id, number, queries.key_of(found))
    except Unreadable:
        raise Stranger(found.dossier.reference) from None
    return _sent(content, "image/jpeg", "inline", "")


def _shows(found: Paper) -> bool:
    return found.pages > 0 and not found.is_evidence and found.scan != Scan.INFECTED


def _was_opened(request: StaffRequest, found: Paper, number: int) -> bool:
    """A picture is fetched by a page that left its trace in the ledger; the small one also by a list."""
    salt, wanted = ("papers/look", str(found.id))
    if number == 0:
        salt, wanted = ("papers/thumbnails", found.dossier.reference)
    try:
        opened = signing.loads(request.GET.get("t", ""), salt=salt, max_age=LOOKING_SECONDS)
    except signing.BadSignature:
        return False
    return bool(opened[:2] == [str(request.viewer.id), wanted])


@staff(long=True)
@require_POST
def download(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who may read the paper's section: a copy that says who took it and when. It is one entry in the ledger."""
    with transaction.atomic():
        found = _found(request, paper_id)
    if found.is_evidence:
        return redirect("papers:evidence", found.id)
    try:
        copy, number = actions.take_copy(viewer=request.viewer, paper=found, at=clock.now())
        with transaction.atomic():
            name = unseal(found, "name", queries.key_of(found)) or ""
    except (Refused, Unreadable) as no:
        said = str(no.message) if isinstance(no, Refused) else ""
        with transaction.atomic():
            return _paper_page(request, found, why_not=said, status=409)
    media_type = "image/jpeg" if found.content_type.startswith("image/") else found.content_type
    return _sent(copy, media_type, "attachment", _copy_name(name, number, media_type))


def _copy_name(name: str, number: str, media_type: str) -> str:
    stem = name.rsplit(".", 1)[0] if contents.extension_of(name) in contents.KNOWN else name
    safe = "".join(c if c.isalnum() or c in " ._-()" else "-" for c in stem).strip(" .-") or "dokumen"
    return f"{safe} {number}.{contents.BY_TYPE[media_type].extensions[0]}"


@staff(long=True)
@require_POST
def scan(request: StaffRequest, paper_id: UUID) -> HttpResponse:
    """Who may write the paper's section: the scanner is asked once more."""
    with transaction.atomic():
        found = _found(request, paper_id)
        if found.section not in reach_of(request.viewer, found.dossier, clock.now())[1]:
            raise Stranger(found.dossier.reference)
    try:
        if found.state == PaperState.KEPT:
            actions.scan_again(viewer=request.viewer, paper=found, at=clock.now())
    except Refused as no:
        with transaction.atomic():
            return _paper_page(request, found, why_not=str(no.message), status=409)
    return redirect("papers:paper", found.id)


def _sent(content: bytes, media_type: str, how: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(how == "attachment", name) or how
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
