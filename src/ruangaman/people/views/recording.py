"""Opening an identity, and recording people."""

from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.http import own_page
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions, forms
from ruangaman.people.models import Part
from ruangaman.people.policies import is_child
from ruangaman.people.queries import happened_on
from ruangaman.people.states import PersonRole, Relation
from ruangaman.people.views.choosing import choices, live_parts
from ruangaman.places.queries import province_codes


@staff(section=Section.IDENTITY)
@require_POST
def open_identity(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read identities of this dossier: the name, once, with an entry in the ledger."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    try:
        opened = actions.open_identity(viewer=request.viewer, dossier=dossier, at=clock.now())
    except Refused as no:
        context = {"reference": reference, "why_not": no.message, "back": own_page(request)}
        return render(request, "people/identity.html", context, status=409)
    return render(
        request,
        "people/identity.html",
        {"reference": reference, "opened": opened, "back": own_page(request)},
    )


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write identities of this dossier: somebody in it, new or in another part."""
    dossier = file_to_write(request, reference, Section.IDENTITY)
    at, happened = clock.now(), happened_on(request.viewer, dossier.id)
    live = live_parts(request, dossier)
    questions = _asked_of_a_child(live)
    form = forms.Someone(
        request.POST if request.method == "POST" else None,
        at=at,
        happened_on=happened,
        regions=province_codes(),
        people=choices(request, dossier, live),
        child=bool(questions),
        initial={"person_id": new_id(), "role": request.GET.get("sebagai", "")},
    )
    if form.is_valid():
        try:
            _add(request, dossier, form, live, at)
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Catat orang"),
        button=_("Simpan"),
        intro=_(
            "Satu orang sekali simpan. Catat hanya yang perlu; jangan menanyai anak tentang orang tuanya."
        ),
        notes=(
            *questions,
            _("Tidak seorang pun yang disebut di sini dihubungi sebelum klien menyetujuinya."),
        ),
    )


def _asked_of_a_child(live: list[Part]) -> tuple[str, ...]:
    """Source: care.md 12."""
    if not any(part.role == PersonRole.CLIENT and is_child(part.person.age_band) for part in live):
        return ()
    return (
        _(
            "Klien ini anak. Tanyakan berdua saja: “Siapa yang kamu percaya? Siapa yang tidak boleh tahu?” "
            "Jangan minta nama atau nomor orang tuanya."
        ),
    )


def _add(
    request: StaffRequest, dossier: Dossier, form: forms.Someone, live: list[Part], at: datetime
) -> None:
    given = form.cleaned_data
    role, relation = PersonRole(given["role"]), given["relation"] or Relation.UNKNOWN
    known = next((part.person for part in live if str(part.person_id) == form.known), None)
    if known and role == PersonRole.CLIENT:
        actions.make_client(
            viewer=request.viewer,
            dossier=dossier,
            person=known,
            identity=form.identity(),
            happened_on=form.happened_on,
            at=at,
        )
    elif known:
        actions.add_part(
            viewer=request.viewer, dossier=dossier, person=known, role=role, relation=relation, at=at
        )
    else:
        actions.add_person(
            dossier=dossier,
            role=role,
            identity=form.identity(),
            relation=relation,
            by=request.viewer.id,
            at=at,
            person_id=given["person_id"],
        )
