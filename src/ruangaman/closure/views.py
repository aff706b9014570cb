"""The way home, visits, the end of a case and its reopening."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import every_key, key_of, open_key
from ruangaman.access.states import Section
from ruangaman.closure import actions, forms, queries
from ruangaman.closure.models import Return
from ruangaman.closure.states import Destination
from ruangaman.justice.queries import called
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from ruangaman.people.models import Part, Person
from ruangaman.people.queries import clients_of, parts_of
from ruangaman.people.states import PersonRole, Relation

ASKED_FIRST = _("Hanya kalau klien meminta dan menyetujui pemulangan atau reintegrasi.")


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: where she will live, and how the way there is prepared."""
    dossier = file_to_write(request, reference, Section.PLAN)
    clients = clients_of(request.viewer, dossier.id)
    before = [one for one in queries.returns_of(request.viewer, dossier.id) if one.returned_on is None]
    form = forms.Preparation(
        _posted(request), initial=_written(dossier, before), clients=called(dossier, clients)
    )
    warning = ""
    theirs: tuple[tuple[Any, str], ...] = ()
    if form.is_valid():
        told = form.cleaned_data
        client = _chosen(clients, told.pop("client"))
        try:
            actions.prepare_return(
                viewer=request.viewer, dossier=dossier, client=client, **told, at=clock.now()
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
            saved = next((one for one in before if one.client_id == client.id), None)
            if saved and saved.prepared_at != told["seen"]:
                theirs = _theirs(dossier, saved)
                # What was typed stays; sending it again says that both texts were read.
                form.data = {**request.POST.dict(), "seen": saved.prepared_at.isoformat()}
    return form_page(
        request,
        dossier,
        form,
        title=_("Siapkan pemulangan"),
        button=_("Simpan persiapan"),
        intro=ASKED_FIRST,
        warning=warning,
        theirs=theirs,
        status=409 if warning else 200,
    )


def _theirs(dossier: Dossier, saved: Return) -> tuple[tuple[Any, str], ...]:
    """What somebody else wrote meanwhile, to be read beside what was typed."""
    told = _written(dossier, [saved])
    return (
        (_("Ke mana"), str(Destination(saved.destination).label)),
        (_("Persiapannya"), told["preparation"]),
    )


def _written(dossier: Dossier, before: list[Return]) -> dict[str, Any]:
    """What stands there of a single open preparation, to be changed."""
    if len(before) != 1:
        return {}
    key = key_of(dossier.id, Section.PLAN)
    return {
        "client": str(before[0].client_id),
        "seen": before[0].prepared_at.isoformat(),
        "destination": before[0].destination,
        "preparation": (unseal(before[0], "preparation", key) if key else None) or "",
    }


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: a closed meeting with people she approved."""
    dossier = file_to_write(request, reference, Section.PLAN)
    people = queries.around(parts_of(request.viewer, dossier.id)).invitable
    form = forms.Meeting(
        _posted(request),
        initial={"row_id": new_id()},
        people=[(str(one), label) for one, label in _labels(dossier, people).items()],
    )
    warning = ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.hold_meeting(
                viewer=request.viewer,
                dossier=dossier,
                held_on=told["held_on"],
                invitees=[people[UUID(one)][0].person for one in told["invitees"]],
                agreed=told["agreed"],
                approved=told["approved"],
                known_around=told["known_around"],
                meeting_id=told["row_id"],
                at=clock.now(),
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    nobody = _(
        "Belum ada orang yang bisa diundang. Catat dulu orang yang dipercaya klien pada bagian “Siapa”."
    )
    return form_page(
        request,
        dossier,
        form,
        title=_("Pertemuan tertutup"),
        button=_("Catat pertemuan"),
        intro=_(
            "Biasanya tidak diadakan. Terlapor tidak pernah ikut, dan tidak ada perdamaian yang dibicarakan."
        ),
        notes=(ASKED_FIRST,) if people else (ASKED_FIRST, nobody),
        warning=warning,
        status=409 if warning else 200,
    )


def _labels(dossier: Dossier, people: dict[UUID, list[Part]]) -> dict[UUID, str]:
    """How people are called in the list of a meeting: initials, and what they are to her."""
    keys = every_key(dossier.id)
    found = {}
    for one, parts in people.items():
        person, key = parts[0].person, keys.get(parts[0].person.section)
        try:
            initials = (unseal(person, "initials", open_key(key)) if key else None) or "?"
        except Unreadable:
            initials = "?"
        known = [str(Relation(part.relation).label) for part in parts if part.relation != Relation.UNKNOWN]
        roles = [str(PersonRole(part.role).label) for part in parts]
        found[one] = f"{initials} · {', '.join(dict.fromkeys([*roles, *known]))}"
    return found


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: that she came home, and when she was taken back in."""
    dossier = file_to_write(request, reference, Section.PLAN)
    clients = clients_of(request.viewer, dossier.id)
    returns = queries.returns_of(request.viewer, dossier.id)
    # Only after she came home is it asked, by itself, when those around her took her back in.
    at_home = bool(returns) and all(one.returned_on for one in returns)
    asked = forms.Reunion if at_home else forms.Home
    form = asked(_posted(request), clients=called(dossier, clients))
    warning = ""
    if form.is_valid():
        told = form.cleaned_data
        client = _chosen(clients, told.pop("client"))
        write = actions.record_reunion if at_home else actions.record_return
        try:
            write(viewer=request.viewer, dossier=dossier, client=client, **told, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Penyatuan kembali") if at_home else _("Kepulangan"),
        button=_("Simpan"),
        intro=_("Setelah pulang, tanyakan lagi kontak yang aman: keadaannya sudah berubah."),
        warning=warning,
        status=409 if warning else 200,
    )


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: what a visit at her home found."""
    dossier = file_to_write(request, reference, Section.PLAN)
    form = forms.Visit(_posted(request), initial={"row_id": new_id()})
    warning = ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.visit_home(
                viewer=request.viewer, dossier=dossier, visit_id=told.pop("row_id"), **told, at=clock.now()
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Kunjungan rumah"),
        button=_("Simpan kunjungan"),
        intro=_("Yang diuji adalah keluarga dan lingkungan, bukan klien."),
        warning=warning,
        status=409 if warning else 200,
    )


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may move this dossier to another stage; only its case manager succeeds: the end of the case."""
    dossier = file_to_write(request, reference, Section.FILE)
    form = forms.End(_posted(request))
    warning = ""
    if form.is_valid():
        try:
            actions.end_case(viewer=request.viewer, dossier=dossier, **form.cleaned_data, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Akhiri kasus"),
        button=_("Akhiri kasus"),
        intro=_("Anda yang memutuskan, atas kata klien atau profesi. Kasus tidak pernah berakhir sendiri."),
        notes=(
            _("Akses mitra dan tim berakhir. Pelapor hanya melihat kata “Selesai”. Kasus bisa dibuka lagi."),
        ),
        warning=warning,
        status=409 if warning else 200,
    )


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may move this dossier to another stage: take an ended case up again."""
    dossier = file_to_write(request, reference, Section.FILE)
    form = forms.Reopen(_posted(request))
    warning = ""
    if form.is_valid():
        try:
            actions.reopen_case(viewer=request.viewer, dossier=dossier, **form.cleaned_data, at=clock.now())
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            warning = str(no.message)
    return form_page(
        request,
        dossier,
        form,
        title=_("Buka lagi kasus"),
        button=_("Buka lagi"),
        notes=(
            _(
                "Tim yang masih ditugaskan, dan mitra yang persetujuannya masih berlaku, melihat berkas ini lagi."
            ),
            _("Tanyakan lagi kontak yang aman sebelum menghubungi klien."),
        ),
        warning=warning,
        status=409 if warning else 200,
    )


def _posted(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _chosen(clients: list[Person], number: str) -> Person:
    return next(one for one in clients if str(one.id) == number)
