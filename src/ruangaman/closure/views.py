"""The way home, visits, the end of a case and its reopening."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import every_key, key_of, open_key
from ruangaman.access.states import Section
from ruangaman.cases.views.sending import carried_out, filled
from ruangaman.closure import actions, forms, queries
from ruangaman.closure.actions import Overtaken
from ruangaman.closure.models import Return
from ruangaman.closure.states import Destination
from ruangaman.justice.queries import called
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
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
    # One that waits is changed from what stands there; among several it is asked whose.
    initial = (
        _written(request, dossier, before[0], clients)
        if len(before) == 1 and request.method != "POST"
        else {}
    )
    form = filled(request, forms.Preparation, initial, clients=called(dossier, clients))
    theirs: tuple[tuple[Any, str], ...] = ()
    status = 200
    if form.is_bound and form.is_valid():
        told = {**form.cleaned_data, "client": _chosen(clients, form.cleaned_data["client"])}
        try:
            actions.prepare_return(viewer=request.viewer, dossier=dossier, at=clock.now(), **told)
            return HttpResponseRedirect(page_of(dossier))
        except Overtaken as overtaken:
            written = _written(request, dossier, overtaken.saved, clients)
            theirs = ((_("Ke mana"), written["label"]), (_("Persiapannya"), written["preparation"]))
            # What was typed stays; sent again, it is by somebody who has read the other text.
            form.data = {**request.POST.dict(), "seen": written["seen"]}
            form.add_error(None, str(overtaken.message))
        except Refused as no:
            form.add_error(None, str(no.message))
        status = 409
    return form_page(
        request,
        dossier,
        form,
        title=_("Siapkan pemulangan"),
        button=_("Simpan persiapan"),
        intro=ASKED_FIRST,
        theirs=theirs,
        status=status,
    )


def _written(request: StaffRequest, dossier: Dossier, saved: Return, clients: list[Person]) -> dict[str, Any]:
    """What stands there of a preparation, to be changed; the ledger keeps that it was opened."""
    key = key_of(dossier.id, Section.PLAN)
    try:
        preparation = unseal(saved, "preparation", key) if key else None
    except Unreadable:
        preparation = str(_("(Tulisan sebelumnya tidak terbaca. Hubungi pengawas data.)"))
    with transaction.atomic():
        record(
            Verb.OPENED,
            at=clock.now(),
            by=request.viewer.id,
            unit=dossier.unit_id,
            dossier=dossier.id,
            fields=[Section.PLAN.value],
        )
    return {
        "client": next((str(one.id) for one in clients if one.one_id == saved.client.one_id), ""),
        "seen": saved.prepared_at.isoformat(),
        "destination": saved.destination,
        "label": str(Destination(saved.destination).label),
        "preparation": preparation or "",
    }


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: a closed meeting with people she approved."""
    dossier = file_to_write(request, reference, Section.PLAN)
    people = queries.around(parts_of(request.viewer, dossier.id)).invitable
    labels = [(str(one), label) for one, label in _labels(dossier, people).items()]

    def act(told: dict[str, Any]) -> None:
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

    nobody = _(
        "Belum ada orang yang bisa diundang. Catat dulu orang yang dipercaya klien pada bagian “Siapa”."
    )
    return carried_out(
        request,
        dossier,
        filled(request, forms.Meeting, {"row_id": new_id()}, people=labels),
        act,
        title=_("Pertemuan tertutup"),
        button=_("Catat pertemuan"),
        intro=_(
            "Biasanya tidak diadakan. Terlapor tidak pernah ikut, dan tidak ada perdamaian yang dibicarakan."
        ),
        notes=(ASKED_FIRST,) if people else (ASKED_FIRST, nobody),
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

    def act(told: dict[str, Any]) -> None:
        write = actions.record_reunion if at_home else actions.record_return
        client = _chosen(clients, told["client"])
        write(viewer=request.viewer, dossier=dossier, at=clock.now(), **{**told, "client": client})

    return carried_out(
        request,
        dossier,
        filled(request, forms.Reunion if at_home else forms.Home, clients=called(dossier, clients)),
        act,
        title=_("Penyatuan kembali") if at_home else _("Kepulangan"),
        button=_("Simpan"),
        intro=_("Setelah pulang, tanyakan lagi kontak yang aman: keadaannya sudah berubah."),
    )


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the plan of this dossier: what a visit at her home found."""
    dossier = file_to_write(request, reference, Section.PLAN)

    def act(told: dict[str, Any]) -> None:
        number = told.pop("row_id")
        actions.visit_home(viewer=request.viewer, dossier=dossier, visit_id=number, at=clock.now(), **told)

    return carried_out(
        request,
        dossier,
        filled(request, forms.Visit, {"row_id": new_id()}),
        act,
        title=_("Kunjungan rumah"),
        button=_("Simpan kunjungan"),
        intro=_("Yang diuji adalah keluarga dan lingkungan, bukan klien."),
    )


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may move this dossier to another stage; only its case manager succeeds: the end of the case."""
    dossier = file_to_write(request, reference, Section.FILE)
    return carried_out(
        request,
        dossier,
        filled(request, forms.End),
        lambda told: actions.end_case(viewer=request.viewer, dossier=dossier, at=clock.now(), **told),
        title=_("Akhiri kasus"),
        button=_("Akhiri kasus"),
        intro=_("Anda yang memutuskan, atas kata klien atau profesi. Kasus tidak pernah berakhir sendiri."),
        notes=(
            _("Akses mitra dan tim berakhir. Pelapor hanya melihat kata “Selesai”. Kasus bisa dibuka lagi."),
        ),
    )


@staff(section=Section.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may move this dossier to another stage: take an ended case up again."""
    dossier = file_to_write(request, reference, Section.FILE)
    return carried_out(
        request,
        dossier,
        filled(request, forms.Reopen),
        lambda told: actions.reopen_case(viewer=request.viewer, dossier=dossier, at=clock.now(), **told),
        title=_("Buka lagi kasus"),
        button=_("Buka lagi"),
        notes=(
            _(
                "Tim yang masih ditugaskan, dan mitra yang persetujuannya masih berlaku, melihat berkas ini lagi."
            ),
            _("Tanyakan lagi kontak yang aman sebelum menghubungi klien."),
        ),
    )


def _chosen(clients: list[Person], number: str) -> Person:
    return next(one for one in clients if str(one.id) == number)
