"""Deciding who stands for a child."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier, User
from ruangaman.access.queries import dossier_by_reference, every_key, staff_of
from ruangaman.access.states import Role, Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions, forms, queries
from ruangaman.people.actions import Identity
from ruangaman.people.models import Part, Person
from ruangaman.people.policies import companion_first, depends_on, is_child
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation
from ruangaman.people.views.choosing import choices, live_parts


@staff(section=Section.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write identities of this dossier: who stands for a child."""
    dossier = file_to_write(request, reference, Section.IDENTITY)
    at, live = clock.now(), live_parts(request, dossier)
    young = [part for part in live if part.role == PersonRole.CLIENT and is_child(part.person.age_band)]
    children = {str(part.person_id): part.person for part in young}
    others = [part for part in live if part.person.one_id not in {one.one_id for one in children.values()}]
    unit_first = companion_first(part.relation for part in live if part.role == PersonRole.KEPT_OUT)
    companions = {f"unit:{one.id}": one for one, _role in staff_of(dossier.unit_id, [Role.COMPANION], at)}
    form = forms.Guardian(
        request.POST if request.method == "POST" else None,
        at=at,
        people=choices(request, dossier, others),
        children=choices(request, dossier, young),
        companions=[(key, f"{one.name} · {_('pendamping dari unit')}") for key, one in companions.items()],
        companion_first=unit_first,
        initial={"person_id": new_id()},
    )
    if form.is_valid():
        try:
            if not children:
                raise Refused(_("Catat dulu klien anak dan umurnya. Orang dewasa tidak memerlukan wali."))
            part = _name(request, dossier, form, live, children, companions, at)
            if part.status == PartStatus.REFUSED:
                return redirect("people:guardian_refused", dossier.reference)
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    alone = (
        _(
            "Anak meminta orang tuanya tidak diberi tahu. Usulkan dulu pendamping dari unit; orang tua baru "
            "menjadi wali kalau penyelia memutuskan."
        ),
    )
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
            *(alone if unit_first else ()),
            _(
                "Tanyakan dulu kepada anak, berdua saja: siapa yang kamu percaya, siapa yang tidak boleh tahu?"
            ),
            _("Minta anak menyebut sendiri orangnya; orang yang dilaporkan tidak bisa menjadi wali."),
            _("Kalau calon wali mungkin bergantung pada terlapor, keputusannya menunggu penyelia."),
        ),
    )


def _name(
    request: StaffRequest,
    dossier: Dossier,
    form: forms.Guardian,
    live: list[Part],
    children: dict[str, Person],
    companions: dict[str, User],
    at: datetime,
) -> Part:
    given = form.cleaned_data
    known = next((part.person for part in live if str(part.person_id) == given["who"]), None)
    ours = companions.get(given["who"])
    identity = Identity(name=ours.name) if ours else form.identity()
    return actions.name_guardian(
        viewer=request.viewer,
        dossier=dossier,
        client=children[given.get("child") or next(iter(children))],
        person=known,
        identity=None if known else identity,
        relation=given["relation"],
        depends=given["depends"],
        at=at,
        person_id=None if known else given["person_id"],
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


@staff(roles=frozenset({Role.SUPERVISOR}))
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_ruling(request: StaffRequest, reference: str, part: UUID) -> HttpResponse:
    """Who supervises this unit: whether somebody stands for a child where that needs a second judgment (care.md 10)."""
    dossier = file_to_write(request, reference, Section.PARTIES)
    waits = queries.waiting_guardian(request.viewer, dossier.id, part)
    if waits is None:
        raise Stranger(reference)
    form = forms.Ruling(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            accept = form.cleaned_data["decision"] == forms.ACCEPT
            done = actions.decide_guardian(viewer=request.viewer, part=waits, accept=accept, at=clock.now())
            if done.status == PartStatus.REFUSED:
                return redirect("people:guardian_refused", dossier.reference)
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Putusan tentang wali"),
        button=_("Simpan putusan"),
        intro=_who_waits(request, dossier, waits),
        notes=(
            *_why_it_waits(request, dossier, waits),
            _(
                "Timbang kepentingan terbaik anak dan dengarkan katanya sendiri. Sampai diputuskan, orang ini "
                "bukan wali dan tidak diberi tahu apa pun."
            ),
        ),
    )


def _who_waits(request: StaffRequest, dossier: Dossier, waits: Part) -> str:
    assert waits.of is not None
    initials = queries.initials_in([waits.person, waits.of], every_key(dossier.id))
    return _("Diusulkan menjadi wali untuk %(child)s: %(who)s, %(relation)s.") % {
        "who": initials.get(waits.person_id) or _("tanpa nama"),
        "relation": Relation(waits.relation).label,
        "child": initials.get(waits.of.id) or _("anak"),
    }


def _why_it_waits(request: StaffRequest, dossier: Dossier, waits: Part) -> tuple[str, ...]:
    """What of it can be said from who they are to the child; the rest stands in the parts of the file."""
    live = live_parts(request, dossier)
    said = []
    if depends_on(waits.relation, [part.relation for part in live if part.role == PersonRole.REPORTED]):
        said.append(_("Ia mungkin bergantung pada terlapor: terlapor pasangannya, atau serumah dengannya."))
    if any(part.role == PersonRole.KEPT_OUT for part in live):
        said.append(_("Anak menyebut orang yang tidak boleh tahu. Lihat di bagian “Siapa”."))
    return tuple(said)
