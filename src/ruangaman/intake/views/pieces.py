"""Files of a report that is being written: in pieces by the script of the page, or whole by its form."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ruangaman.access.doors import public
from ruangaman.intake import actions
from ruangaman.intake.actions import draft_files
from ruangaman.intake.policies.form import FILES_FROM_ONE, FLOOD_SECONDS
from ruangaman.intake.states import Step
from ruangaman.intake.views.cookies import visit_of
from ruangaman.intake.views.form import opened, page
from ruangaman.kernel import clock, limits
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id

Answer = JsonResponse | HttpResponse


@public
@transaction.non_atomic_requests
@require_POST
def begin(request: HttpRequest) -> Answer:
    """Whoever writes a report: a file is announced, by the script of the page."""
    visit = _writing(request)
    if visit is None:
        return _gone()
    try:
        _check_room(request)
        file = draft_files.begin_file(
            visit=visit,
            file_id=_id(request.POST.get("paper_id", "")),
            name=request.POST.get("file_name", ""),
            size=_number(request.POST.get("size", "")),
            at=clock.now(),
        )
    except Refused as no:
        return _told(str(no.message))
    return JsonResponse(
        {
            "received": file.received,
            "piece_url": reverse("intake:report_piece_at", args=[file.id, 0]),
            "state_url": reverse("intake:report_piece_state", args=[file.id]),
            "finish_url": reverse("intake:report_piece_end", args=[file.id]),
            "drop_url": reverse("intake:report_piece_drop", args=[file.id]),
        },
        status=201,
    )


@public
@transaction.non_atomic_requests
@require_POST
def piece(request: HttpRequest, file: UUID, index: int) -> Answer:
    """Whoever writes the report: the next piece of a file of theirs."""
    visit = _writing(request)
    if visit is None:
        return _gone()
    try:
        received = draft_files.take_piece(
            visit=visit, file_id=file, index=index, content=request.body, at=clock.now()
        )
    except Refused as no:
        return _told(str(no.message), status=409)
    return JsonResponse({"received": received})


@public
@require_safe
def state(request: HttpRequest, file: UUID) -> Answer:
    """Whoever writes the report: how many pieces have come, so that the sending goes on after a lost connection."""
    visit = _writing(request)
    found = (
        [one for one in draft_files.files_of(visit=visit, at=clock.now()) if one.id == file] if visit else []
    )
    if not found:
        return _gone()
    return JsonResponse({"received": found[0].received, "kept": found[0].kept})


@public
@transaction.non_atomic_requests
@require_POST
def finish(request: HttpRequest, file: UUID) -> Answer:
    """Whoever writes the report: a file is examined, and kept or refused."""
    visit = _writing(request)
    if visit is None:
        return _gone()
    try:
        draft_files.finish_file(visit=visit, file_id=file, at=clock.now())
    except Refused as no:
        return _told(str(no.message))
    return JsonResponse({"kept": True, "scan": _("siap dikirim")})


@public
@transaction.non_atomic_requests
@require_POST
def drop(request: HttpRequest, file: UUID) -> Answer:
    """Whoever writes the report: the sending is given up, and what came of it deleted."""
    visit = _writing(request)
    if visit is None:
        return _gone()
    draft_files.remove_file(visit=visit, file_id=file, at=clock.now())
    return JsonResponse({"kept": False})


@public
@transaction.non_atomic_requests
@require_POST
def whole(request: HttpRequest) -> HttpResponse:
    """Whoever writes a report: small files with their form, one chosen and one photographed, without script."""
    visit, now = visit_of(request), clock.now()
    draft = opened(visit, now)
    if visit is None or draft is None or draft[1]:
        return HttpResponseRedirect(reverse("intake:report"), status=303)
    # The page has a field for a file and one for the camera; either may be empty, and neither takes more than one.
    files = [one for one in request.FILES.getlist("file")[:2] if one.name]
    why = "" if files else _("Pilih berkasnya dulu.")
    for file in files:
        try:
            _check_room(request)
            draft_files.add_whole(
                visit=visit, file_id=new_id(), name=str(file.name), content=file.read(), at=now
            )
        except Refused as no:
            why = str(no.message)
    if not why:
        return HttpResponseRedirect(reverse("intake:report"), status=303)
    return page(request, visit, Step.FILES, draft[0], why=why, status=400)


def _writing(request: HttpRequest) -> actions.Visit | None:
    """The draft of this browser, where it is still being written."""
    visit = visit_of(request)
    draft = opened(visit, clock.now())
    return visit if draft and not draft[1] else None


def _check_room(request: HttpRequest) -> None:
    if not limits.allow("files", limits.caller(request), most=FILES_FROM_ONE, seconds=FLOOD_SECONDS):
        raise Refused(
            _(
                "Terlalu banyak berkas dari tempat ini sekarang. Kirim laporanmu dulu; berkasnya bisa menyusul."
            )
        )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0


def _told(sentence: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"errors": [sentence]}, status=status)


def _gone() -> JsonResponse:
    return _told(
        _("Waktu menulis sudah habis dan tulisanmu sudah dihapus. Mulai lagi dari awal."), status=409
    )
