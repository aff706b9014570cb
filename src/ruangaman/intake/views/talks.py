"""The log of what was said outside the thread."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, file_to_write, form_page, page_of, staff
from ruangaman.access.duties import MOST
from ruangaman.access.states import Section
from ruangaman.intake.actions import talks as actions
from ruangaman.intake.forms.talks import TalkLogged
from ruangaman.intake.queries import talks as queries
from ruangaman.intake.states.ways import Medium
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.http import back_to
from ruangaman.kernel.ids import new_id
from ruangaman.papers.states import PaperKind

KIND_OF = {Medium.MESSENGER: PaperKind.SCREENSHOT, Medium.LETTER: PaperKind.LETTER_IN}


@staff(section=Section.NARRATIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def log_talk(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the narrative of a file: what was said by messenger, telephone, letter or face to face."""
    dossier = file_to_write(request, reference, Section.NARRATIVE)
    form = TalkLogged(request.POST if request.method == "POST" else None, initial={"talk_id": new_id()})
    warning = ""
    if form.is_valid():
        told = dict(form.cleaned_data)
        attach = told.pop("attach")
        try:
            actions.log_talk(viewer=request.viewer, dossier=dossier, **told, at=clock.now())
            return HttpResponseRedirect(_attach(reference, told["medium"]) if attach else page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Catat percakapan di luar situs"),
        button=_("Simpan catatan"),
        intro=_("Pesan, telepon, surat, atau pertemuan. Catatan hanya bisa ditambah, tidak diubah."),
        notes=(
            _(
                "Jangan pernah meminta foto atau rekaman kekerasan. Bila seorang anak mengirim gambar tubuhnya: "
                "jangan dibuka, jangan disalin, dan hubungi penyelia."
            ),
        ),
        warning=warning,
    )


def _attach(reference: str, medium: str) -> str:
    kind = KIND_OF.get(Medium(medium))
    address = reverse("papers:attach", args=[reference])
    return f"{address}?{urlencode({'jenis': kind})}" if kind else address


@staff(section=Section.NARRATIVE)
@require_POST
def wiped(request: StaffRequest, talk: UUID) -> HttpResponse:
    """Who logged a message: nothing of it is left on the telephone. Also where the file has moved on."""
    try:
        actions.state_wiped(viewer=request.viewer, talk_id=talk, at=clock.now())
        messages.success(request, _("Tercatat: tidak ada lagi isi pesan ini di ponsel."))
    except Refused as no:
        messages.error(request, str(no.message))
    return back_to(request, reverse("intake:unwiped"))


@staff(section=Section.NARRATIVE)
@require_http_methods(["GET", "HEAD"])
def unwiped(request: StaffRequest) -> HttpResponse:
    """Anyone of staff: their own messages that are still on a telephone, each with the button to say it is gone."""
    return render(request, "intake/unwiped.html", {"rows": queries.unwiped(request.viewer, MOST)})
