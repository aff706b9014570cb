"""A contact that is not safe any more: told with the code of the report, and written down anew by the unit."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, file_to_write, form_page, page_of, public, staff
from ruangaman.access.states import Section
from ruangaman.intake import actions, queries
from ruangaman.intake.actions.doubted import doubt_contact
from ruangaman.intake.actions.doubted import renew_contact as renew
from ruangaman.intake.forms.doubted import Renewing
from ruangaman.intake.states import Means
from ruangaman.intake.views.codes import typed_code
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.policies import bits_of


@public
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: HttpRequest) -> HttpResponse:
    """Anyone whose browser has the code of a report open: the contact told with it is not safe any more.

    The answer is the same for whoever told none, and nothing on the page of the code shows it later: the paper with the
    code may be found. Source: care.md 1 and 7.
    """
    typed = typed_code(request) if request.method == "POST" else None
    found = queries.locate(actions.locator(typed.code)) if typed else None
    if found is None:
        return redirect("intake:check")
    doubt_contact(dossier_id=found[0], at=clock.now())
    return render(request, "intake/contact_doubted.html")


@staff(section=Section.REPORTER)
@require_http_methods(["GET", "HEAD", "POST"])
def renew_contact(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write how this reporter is reached: a new contact in place of one that is not safe any more."""
    dossier = file_to_write(request, reference, Section.REPORTER)
    form = Renewing(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            renew(
                viewer=request.viewer, dossier=dossier, means=Means(given["means"]), phone=given["phone"],
                code_word=given["code_word"], weekdays=bits_of(given["days"]), from_time=given["from_time"],
                until_time=given["until_time"], spoken_since=given["spoken_since"], at=clock.now(),
            )  # fmt: skip
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Kontak baru pelapor"),
        button=_("Simpan, dipastikan hari ini"),
        intro=_(
            "Kontak yang lama tidak aman lagi dan tidak dipakai. Tulis yang dikatakannya sekarang, dari awal."
        ),
        notes=(_("Kalau ia klien di berkas ini, catat kontak aman klien; itu yang berlaku."),),
    )
