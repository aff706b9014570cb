"""Pages of assessment, safety, coding, needs, team, and taking a case."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.access.doors import StaffRequest, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import every_key, key_of, staff_of
from ruangaman.access.states import Role, Section
from ruangaman.cases import actions, forms, queries
from ruangaman.cases.policies import Conflict, team_roles
from ruangaman.cases.states import NeedState
from ruangaman.cases.views.sending import carried_out, filled
from ruangaman.intake.forms.report import places
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.policies import is_child
from ruangaman.people.queries import clients_of


def _clients(request: StaffRequest, dossier: Dossier) -> tuple[list[Person], list[tuple[UUID, str]]]:
    """The clients of a file, and how a form offers them."""
    clients = clients_of(request.viewer, dossier.id)
    initials = queries.called(clients, every_key(dossier.id))
    return clients, [(one.id, _called(one, initials[one.id])) for one in clients]


def _called(client: Person, initials: str) -> str:
    return f"{initials} ({client.age_band})" if client.age_band else initials


def _client_first(dossier: Dossier, clients: list[Person]) -> tuple[Any, ...]:
    """What to do where nobody is recorded as the client yet."""
    if clients:
        return ()
    return (
        format_html(
            '{} <a class="govuk-link" href="{}">{}</a>',
            _("Klien berkas ini belum dicatat."),
            reverse("people:add", args=[dossier.reference]),
            _("Catat klien dulu"),
        ),
    )


@staff(section=Section.NARRATIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write what happened in this file: the initial assessment."""
    dossier = file_to_write(request, reference, Section.NARRATIVE)
    clients = clients_of(request.viewer, dossier.id)
    page: dict[str, Any] = {
        "title": _("Asesmen awal"),
        "button": _("Simpan asesmen"),
        "intro": _("Dengarkan dulu. Ia boleh berhenti, melewati pertanyaan, atau melanjutkan lain hari."),
        "notes": (*_client_first(dossier, clients), *_alone_with_the_child(clients)),
    }
    if request.method == "POST":
        form = forms.Assess(request.POST)
        try:
            return carried_out(
                request,
                dossier,
                form,
                lambda told: actions.record_assessment(
                    viewer=request.viewer, dossier=dossier, **told, at=clock.now()
                ),
                **page,
            )
        except Conflict as theirs:
            _opened(request, dossier, Section.NARRATIVE)
            return form_page(
                request,
                dossier,
                _with_version(request.POST, theirs.version),
                warning=theirs.message,
                theirs=(
                    (_("Kronologi"), theirs.chronology),
                    (_("Harapan klien"), theirs.hopes),
                    (_("Hanya berdua dengan klien"), _("Ya") if theirs.seen_alone else _("Tidak")),
                ),
                status=409,
                **page,
            )
    stored = queries.assessment_of(dossier.id, key_of(dossier.id, Section.NARRATIVE))
    if stored:
        _opened(request, dossier, Section.NARRATIVE)
    initial = (
        {
            "version": stored.row.version,
            "chronology": stored.chronology,
            "hopes": stored.hopes,
            "seen_alone": stored.row.seen_alone,
        }
        if stored
        else {}
    )
    return form_page(request, dossier, filled(request, forms.Assess, initial), **page)


def _alone_with_the_child(clients: list[Person]) -> tuple[str, ...]:
    """Source: care.md 11."""
    if not any(is_child(client.age_band) for client in clients):
        return ()
    return (
        _(
            "Klien ini anak. Sebagian asesmen dilakukan hanya berdua dengannya, tanpa wali. "
            "Tanyakan juga siapa yang ia percaya, dan siapa yang tidak boleh tahu."
        ),
    )


def _with_version(sent: QueryDict, version: int) -> forms.Assess:
    """What was typed, on the version that somebody else saved meanwhile."""
    data = sent.copy()
    data["version"] = str(version)
    return forms.Assess(data)


def _opened(request: StaffRequest, dossier: Dossier, section: Section) -> None:
    """A form that shows sealed text opens it, as the page of the file does."""
    with transaction.atomic():
        record(
            Verb.OPENED,
            at=clock.now(),
            by=request.viewer.id,
            unit=dossier.unit_id,
            dossier=dossier.id,
            fields=[section.value],
        )


@staff(section=Section.RISK)
@require_http_methods(["GET", "HEAD", "POST"])
def safety(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write of risk in this file: how dangerous it is, and how to meet her."""
    dossier = file_to_write(request, reference, Section.RISK)

    def note(told: dict[str, Any]) -> None:
        row_id = told.pop("row_id")
        actions.note_safety(viewer=request.viewer, dossier=dossier, **told, note_id=row_id, at=clock.now())

    return carried_out(
        request,
        dossier,
        filled(request, forms.Safety, {"row_id": new_id()}),
        note,
        title=_("Catatan keamanan"),
        button=_("Simpan catatan"),
        intro=_(
            "Catatan terbaru berdiri paling atas di berkas, supaya terbaca sebelum siapa pun menghubunginya."
        ),
    )


@staff(section=Section.CODING)
@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may code this file: what happened, when, where."""
    dossier = file_to_write(request, reference, Section.CODING)
    clients, offered = _clients(request, dossier)
    coded = {one.row.client.one_id: one for one in queries.incidents_of(request.viewer, dossier.id)}
    before = coded.get(clients[0].one_id) if len(clients) == 1 else None

    def code(told: dict[str, Any]) -> None:
        wanted = told.pop("client")
        client = next(one for one in clients if str(one.id) == wanted)
        actions.code_incident(viewer=request.viewer, dossier=dossier, client=client, **told, at=clock.now())

    initial = (
        {
            "happened_on": before.row.happened_on,
            "happened_from": before.row.happened_from,
            "penetration": before.row.penetration,
            "forms": before.forms,
            "setting": before.row.setting,
            "place_code": before.row.place_id or "",
            "online": before.row.online,
        }
        if before
        else {}
    )
    return carried_out(
        request,
        dossier,
        filled(request, forms.Happened, initial, clients=offered, places=places()),
        code,
        title=_("Kejadian"),
        button=_("Simpan"),
        intro=_(
            "Dicatat sekali untuk tiap klien. Ceritanya sendiri tetap di asesmen. "
            "Kalau diperbaiki, catatan lama disimpan."
        ),
        notes=_client_first(dossier, clients),
    )


@staff(section=Section.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write needs in this file: which services a client needs."""
    dossier = file_to_write(request, reference, Section.PLAN)
    clients, offered = _clients(request, dossier)
    initials = {one.one_id: called for one, (_id, called) in zip(clients, offered, strict=True)}
    there = [
        f"{initials.get(need.client.one_id, '?')}: {need.get_service_display()}"
        for need in queries.needs_of(request.viewer, dossier.id)
        if need.state != NeedState.UNMET
    ]

    def add(told: dict[str, Any]) -> None:
        client = next(one for one in clients if str(one.id) == told["client"])
        actions.record_needs(
            viewer=request.viewer, dossier=dossier, client=client, services=told["services"], at=clock.now()
        )

    return carried_out(
        request,
        dossier,
        filled(request, forms.Needs, clients=offered),
        add,
        title=_("Kebutuhan klien"),
        button=_("Tambahkan kebutuhan"),
        notes=(
            *_client_first(dossier, clients),
            *([_("Sudah dicatat: %s.") % "; ".join(there)] if there else []),
        ),
    )


@staff(section=Section.TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: StaffRequest, reference: str) -> HttpResponse:
    """Who looks after the team of this file: who is on it, since when; adding and taking off."""
    dossier = file_to_write(request, reference, Section.TEAM)
    now = clock.now()
    roles = team_roles(dossier.stage)
    colleagues = staff_of(dossier.unit_id, roles, now)
    offered = [
        (role.label, [(f"{role.value}~{user.id}", user.name) for user, held in colleagues if held == role])
        for role in roles
    ]
    removing = request.method == "POST" and "remove" in request.POST
    form = (
        forms.Colleague(colleagues=offered)
        if removing
        else filled(request, forms.Colleague, colleagues=[group for group in offered if group[1]])
    )
    why, status = "", 200
    mates = queries.mates(request.viewer, dossier.id, dossier.unit_id, now)
    try:
        if removing:
            mate = next((mate for mate in mates if str(mate.id) == request.POST["remove"]), None)
            if mate:
                actions.unassign(viewer=request.viewer, dossier=dossier, person=mate.id, at=now)
            return HttpResponseRedirect(request.path)
        if request.method == "POST" and form.is_valid():
            role, _mark, person = form.cleaned_data["colleague"].partition("~")
            actions.assign(viewer=request.viewer, dossier=dossier, person=UUID(person), role=role, at=now)
            return HttpResponseRedirect(request.path)
        status = 400 if form.errors else 200
    except Refused as no:
        why, status = str(no.message), 409
    return render(
        request,
        "cases/team.html",
        {
            "reference": reference,
            "back": page_of(dossier),
            "team": mates,
            "form": form,
            "why": why,
        },
        status=status,
    )


@staff(section=Section.ADMINISTRATION, roles=frozenset({Role.CASE_MANAGER}))
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: StaffRequest, reference: str) -> HttpResponse:
    """Case managers who may write the administration of this file: make it their case."""
    dossier = file_to_write(request, reference, Section.ADMINISTRATION)
    return carried_out(
        request,
        dossier,
        filled(request, forms.Confirm),
        lambda told: actions.take_case(viewer=request.viewer, dossier=dossier, at=clock.now()),
        title=_("Ambil kasus"),
        button=_("Ambil kasus ini"),
        intro=_(
            "Anda menjadi manajer kasus: memegang kasus ini sepenuhnya, menyusun rencana dari kebutuhan "
            "dan persetujuan klien, sampai selesai. Petugas pengaduan tidak lagi bisa membuka isinya."
        ),
    )
