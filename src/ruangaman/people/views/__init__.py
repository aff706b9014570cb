"""Opening an identity, recording people, and deciding who stands for a child."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, every_key
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.http import own_page
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions, forms, queries
from ruangaman.people.models import Contact, Part, Person
from ruangaman.people.policies import days_of, is_child
from ruangaman.people.queries import happened_on
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation
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
    live = _live(request, dossier)
    form = forms.Someone(
        request.POST if request.method == "POST" else None,
        at=at,
        happened_on=happened,
        regions=province_codes(),
        people=_choices(request, dossier, live),
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
        notes=(_("Tidak seorang pun yang disebut di sini dihubungi sebelum klien menyetujuinya."),),
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


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write identities of this dossier: who stands for a child."""
    dossier = file_to_write(request, reference, Section.IDENTITY)
    live = _live(request, dossier)
    children = {
        str(part.person_id): part.person
        for part in live
        if part.role == PersonRole.CLIENT and is_child(part.person.age_band)
    }
    at = clock.now()
    others = [part for part in live if part.role != PersonRole.CLIENT and str(part.person_id) not in children]
    form = forms.Guardian(
        request.POST if request.method == "POST" else None,
        at=at,
        people=_choices(request, dossier, others),
        children=_choices(request, dossier, [p for p in live if str(p.person_id) in children]),
    )
    if form.is_valid():
        try:
            if not children:
                raise Refused(_("Catat dulu klien anak dan umurnya. Orang dewasa tidak memerlukan wali."))
            part = _decide(request, dossier, form, live, children, at)
            if part.status == PartStatus.REFUSED:
                return redirect("people:guardian_refused", dossier.reference)
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Wali pendamping"),
        button=_("Simpan keputusan"),
        intro=_(
            "Orang tua, orang tua asuh, keluarga, atau tetangga yang dipercaya anak. Kalau tidak ada, pendamping unit."
        ),
        notes=(
            _(
                "Tanyakan dulu kepada anak, berdua saja: siapa yang kamu percaya, siapa yang tidak boleh tahu?"
            ),
            _("Minta anak menyebut sendiri orangnya; orang yang dilaporkan tidak bisa menjadi wali."),
        ),
    )


def _decide(
    request: StaffRequest,
    dossier: Dossier,
    form: forms.Guardian,
    live: list[Part],
    children: dict[str, Person],
    at: datetime,
) -> Part:
    given = form.cleaned_data
    known = next((part.person for part in live if str(part.person_id) == given["who"]), None)
    return actions.name_guardian(
        viewer=request.viewer,
        dossier=dossier,
        client=children[given.get("child") or next(iter(children))],
        person=known,
        identity=None if known else form.identity(),
        relation=given["relation"],
        supervised=given["supervised"],
        at=at,
    )


@staff(section=Section.PARTIES)
@require_safe
def guardian_refused(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read the parties of this dossier: a neutral sentence to show; the reason for staff (care.md 10)."""
    dossier = dossier_by_reference(request.viewer, reference)
    part = queries.refused_guardian(request.viewer, dossier.id) if dossier else None
    if dossier is None or part is None:
        raise Stranger(reference)
    context = {"reference": reference, "back": page_of(dossier), "why": Refusal(part.refusal).label}
    return render(request, "people/guardian_refused.html", context)


# --- safe contact -------------------------------------------------------------------------------------------------


@staff(section=Section.CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the contact of this dossier: how its client can be reached without danger (care.md 7)."""
    dossier = file_to_write(request, reference, Section.CONTACT)
    parts = [part for part in _live(request, dossier) if part.role == PersonRole.CLIENT]
    clients = {str(part.person_id): part.person for part in parts}
    known = queries.contacts_of(request.viewer, dossier.id)
    asked = request.POST.get("person") or request.GET.get("klien") or next(iter(clients), "")
    before = known.get(clients[asked].id) if asked in clients else None
    form = forms.SafeContact(
        request.POST if request.method == "POST" else None,
        clients=_choices(request, dossier, parts),
        before=before,
        initial={"contact_id": new_id(), "person": asked, **_as_before(before)},
    )
    if form.is_valid():
        try:
            if not clients:
                raise Refused(_("Catat dulu siapa kliennya; kontak aman adalah kontaknya."))
            given = form.cleaned_data
            actions.set_contact(
                viewer=request.viewer,
                dossier=dossier,
                person=clients[given.get("person") or asked],
                way=form.way(),
                keep_address=form.keep_address,
                keep_code_word=form.keep_code_word,
                at=clock.now(),
                contact_id=given["contact_id"],
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Kontak aman klien"),
        button=_("Simpan, dipastikan hari ini"),
        intro=_("Tanyakan kepadanya sendiri, berdua saja. Ia yang tahu apa yang aman."),
        notes=(
            _(
                "Tanpa centang darinya tidak ada pengingat dan tidak ada kertas. Tanyakan lagi setiap 30 hari, dan "
                "setiap kali ia pindah atau pulang."
            ),
        ),
    )


def _as_before(before: Contact | None) -> dict[str, Any]:
    """What was said before and is not sealed, so that only what changed is typed."""
    if before is None:
        return {}
    told = {name: getattr(before, name) for name in actions.OPEN_FACTS}
    return {**told, "weekdays": days_of(before.weekdays)}


@staff(section=Section.CONTACT)
@require_POST
def confirm_contact(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the contact of this dossier: it still holds today; the same words, from a new day."""
    dossier = file_to_write(request, reference, Section.CONTACT)
    clients = {str(person.id): person for person in queries.clients_of(request.viewer, dossier.id)}
    person = clients.get(request.POST.get("person", ""))
    if person is None:
        raise Stranger(reference)
    try:
        actions.confirm_contact(viewer=request.viewer, dossier=dossier, person=person, at=clock.now())
    except Refused as no:
        context = {"reference": reference, "why_not": no.message, "back": page_of(dossier)}
        return render(request, "people/contact.html", context, status=409)
    return HttpResponseRedirect(page_of(dossier))


@staff(section=Section.CONTACT)
@require_POST
def open_contact(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read the contact of this dossier: numbers and code words, once, with an entry in the ledger."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    context: dict[str, Any] = {"reference": reference, "back": own_page(request)}
    try:
        opened = actions.open_contact(viewer=request.viewer, dossier=dossier, at=clock.now())
    except Refused as no:
        return render(request, "people/contact.html", {**context, "why_not": no.message}, status=409)
    initials = _initials_of(request, dossier)
    context["opened"] = [
        {
            "who": initials.get(one.contact.person_id, ""),
            "address": one.address,
            "code_word": one.code_word,
            **queries.said(one.contact, clock.now()),
        }
        for one in opened
    ]
    return render(request, "people/contact.html", context)


def _initials_of(request: StaffRequest, dossier: Dossier) -> dict[UUID, str]:
    people = queries.clients_of(request.viewer, dossier.id)
    return queries.initials_in(people, every_key(dossier.id)) if people else {}


def _live(request: StaffRequest, dossier: Dossier) -> list[Part]:
    found = queries.parts_of(request.viewer, dossier.id)
    return [part for part in found if part.status == PartStatus.ACTIVE]


def _choices(request: StaffRequest, dossier: Dossier, parts: list[Part]) -> list[tuple[str, str]]:
    """Each person once, by initials, parts and relation; no name is opened for it."""
    initials = queries.initials_in([part.person for part in parts], every_key(dossier.id)) if parts else {}
    said: dict[UUID, list[str]] = {}
    for part in parts:
        words = said.setdefault(part.person_id, [initials.get(part.person_id) or _("tanpa nama")])
        words.append(str(PersonRole(part.role).label))
        if part.relation != Relation.UNKNOWN:
            words.append(str(Relation(part.relation).label))
    return [(str(person), " · ".join(words)) for person, words in said.items()]
