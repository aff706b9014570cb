"""Pages that ask what somebody needs, how to address them, and their background: one form each, nothing required."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import every_key
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.actions import profiles as actions
from ruangaman.people.forms.profiles import FORM_OF, ProfileForm
from ruangaman.people.models import Person
from ruangaman.people.policies.profiles import Overtaken, Profile
from ruangaman.people.queries import initials_in
from ruangaman.people.queries.profiles import areas_to_choose, person_in, said_of

EMPTY_IS_FINE = gettext_lazy("Semua pertanyaan boleh dikosongkan. Tanpa jawaban pun semua layanan diberikan.")
TITLES = {
    Section.SUPPORT: gettext_lazy("Kebutuhan"),
    Section.COURTESY: gettext_lazy("Sapaan dan pilihannya"),
    Section.BACKGROUND: gettext_lazy("Latar belakang"),
}
INTROS = {
    Section.SUPPORT: gettext_lazy(
        "Apa yang membuat layanan bisa ia jangkau dan pahami. Disabilitas tidak mengurangi haknya memutuskan sendiri."
    ),
    Section.COURTESY: gettext_lazy(
        "Bagaimana ia ingin disapa, oleh siapa didampingi, dan di mana merasa aman. Hanya untuk petugas unit; tidak "
        "pernah dikirim ke luar."
    ),
    Section.BACKGROUND: gettext_lazy(
        "Catat hanya yang diperlukan untuk membantunya. Hanya untuk petugas unit; tidak pernah dikirim ke luar."
    ),
}


@staff(section=Section.SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: StaffRequest, reference: str, person: UUID) -> HttpResponse:
    """Who may write what somebody of this dossier needs (care.md 23)."""
    return _page(request, reference, person, Section.SUPPORT)


@staff(section=Section.COURTESY)
@require_http_methods(["GET", "HEAD", "POST"])
def courtesy(request: StaffRequest, reference: str, person: UUID) -> HttpResponse:
    """Who may write how somebody of this dossier wants to be addressed and met (care.md 22)."""
    return _page(request, reference, person, Section.COURTESY)


@staff(section=Section.BACKGROUND)
@require_http_methods(["GET", "HEAD", "POST"])
def background(request: StaffRequest, reference: str, person: UUID) -> HttpResponse:
    """Who may write the background of somebody of this dossier."""
    return _page(request, reference, person, Section.BACKGROUND)


def _page(request: StaffRequest, reference: str, person_id: UUID, section: Section) -> HttpResponse:
    dossier = file_to_write(request, reference, section)
    person = person_in(request.viewer, dossier.id, person_id)
    if person is None:
        raise Stranger(reference)
    more: dict[str, Any] = {}
    if section == Section.BACKGROUND:
        more["areas"] = areas_to_choose(dossier.unit.place_id or "")
    page = _words(dossier, person, section)
    if request.method != "POST":
        form, why = _shown(request, dossier, person, section, more)
        return form_page(request, dossier, form, warning=why, **page)
    form = FORM_OF[section](request.POST, **more)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.tell_profile(
                viewer=request.viewer,
                dossier=dossier,
                person=person,
                profile=form.told(),
                at=clock.now(),
                profile_id=given["profile_id"],
                over=given["over"],
            )
            return HttpResponseRedirect(page_of(dossier))
        except Overtaken as other:
            typed = FORM_OF[section](_over(request.POST, other.newest), **more)
            return form_page(
                request,
                dossier,
                typed,
                warning=other.message,
                theirs=_said(other.theirs),
                status=409,
                **page,
            )
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(request, dossier, form, **page)


def _words(dossier: Dossier, person: Person, section: Section) -> dict[str, Any]:
    initials = initials_in([person], every_key(dossier.id)).get(person.id) or _("tanpa nama")
    return {
        "title": f"{TITLES[section]}: {initials}",
        "button": _("Simpan"),
        "intro": INTROS[section],
        "notes": (EMPTY_IS_FINE,),
    }


def _shown(
    request: StaffRequest, dossier: Dossier, person: Person, section: Section, more: dict[str, Any]
) -> tuple[ProfileForm, str]:
    """The form with what was told, which is a look at it; and why that could not be shown."""
    told, newest = actions.open_profile(
        viewer=request.viewer, dossier=dossier, person=person, section=section, at=clock.now()
    )
    lost = told is None and newest != actions.NOTHING
    why = _("Catatan yang lama tidak terbaca. Tanyakan lagi kepadanya dan tulis yang baru.") if lost else ""
    initial = {**(asdict(told) if told else {}), "profile_id": new_id(), "over": newest}
    return FORM_OF[section](initial=initial, **more), why


def _over(sent: QueryDict, newest: UUID | None) -> QueryDict:
    """What was typed, on top of what somebody else told meanwhile."""
    data = sent.copy()
    data["over"] = str(newest or actions.NOTHING)
    return data


def _said(theirs: Profile | None) -> tuple[tuple[str, str], ...]:
    return tuple(said_of(theirs)) if theirs else ()
