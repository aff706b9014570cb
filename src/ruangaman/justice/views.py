"""Recording the legal process on either side, pressure to settle, and walls."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, file_to_write, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import staff_of
from ruangaman.access.states import Role, Section
from ruangaman.cases.views.sending import carried_out, filled
from ruangaman.justice import actions, forms, queries
from ruangaman.justice.policies import is_child_reported
from ruangaman.justice.states import DIVERSION, NO_PEACE, Side
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of, parts_of

NO_CLIENT = _("Belum ada klien di berkas ini. Klien dicatat dulu pada bagian “Siapa”.")


@staff(section=Section.LEGAL)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the legal part of this dossier: one step of the process about what was done to the client."""
    dossier = file_to_write(request, reference, Section.LEGAL)
    return _step(
        request,
        dossier,
        forms.LegalStep,
        Side.HERS,
        title=_("Langkah hukum"),
        intro=_(
            "Catat setiap langkah setelah terjadi. Langkah yang baru diketahui boleh menyusul, dengan tanggalnya."
        ),
    )


@staff(section=Section.LEGAL)
@require_http_methods(["GET", "HEAD", "POST"])
def against(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the legal part of this dossier: one step of a process against the client."""
    dossier = file_to_write(request, reference, Section.LEGAL)
    return _step(
        request,
        dossier,
        forms.AgainstStep,
        Side.AGAINST,
        title=_("Klien dilaporkan balik"),
        intro=_(
            "Untuk laporan terhadap klien: laporan balik, UU ITE, UU Pornografi. Ia tetap klien; di berkas ini ia "
            "tidak pernah dicatat sebagai terlapor. Tim dan penyelia langsung diberi tahu pada langkah pertama."
        ),
    )


def _step(
    request: StaffRequest,
    dossier: Dossier,
    shown: type[forms.LegalStep],
    side: Side,
    *,
    title: Any,
    intro: Any,
) -> HttpResponse:
    clients = clients_of(request.viewer, dossier.id)
    places = {str(one.id): one for one in queries.institutions()}
    form = filled(
        request,
        shown,
        {"step_id": new_id()},
        clients=queries.called(dossier, clients),
        institutions=[(number, one.name) for number, one in places.items()],
    )

    def act(told: dict[str, Any]) -> None:
        organisations: dict[str, Any] = {
            name: places.get(told[name]) for name in ("institution", "counsel", "opposing") if name in told
        }
        actions.record_step(
            viewer=request.viewer,
            dossier=dossier,
            side=side,
            at=clock.now(),
            **{**told, **organisations, "client": _chosen(clients, told)},
        )

    notes = () if clients else (NO_CLIENT,)
    return carried_out(
        request, dossier, form, act, title=title, button=_("Catat langkah"), intro=intro, notes=notes
    )


def _chosen(clients: list[Person], told: dict[str, Any]) -> Person:
    return next(one for one in clients if str(one.id) == told["client"])


@staff(section=Section.RISK)
@require_http_methods(["GET", "HEAD", "POST"])
def pressure(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the risk of this dossier: that a client was pressed to settle."""
    dossier = file_to_write(request, reference, Section.RISK)
    clients = clients_of(request.viewer, dossier.id)
    form = filled(request, forms.Pressed, {"pressure_id": new_id()}, clients=queries.called(dossier, clients))

    def act(told: dict[str, Any]) -> None:
        actions.note_pressure(
            viewer=request.viewer,
            dossier=dossier,
            at=clock.now(),
            **{**told, "client": _chosen(clients, told)},
        )

    notes = [NO_PEACE]
    if is_child_reported(parts_of(request.viewer, dossier.id)):
        notes.append(DIVERSION)
    if not clients:
        notes.append(NO_CLIENT)
    return carried_out(
        request,
        dossier,
        form,
        act,
        title=_("Tekanan untuk berdamai"),
        button=_("Catat tekanan"),
        intro=_(
            "Manajer kasus dan penyelia langsung diberi tahu. Kalau ada ancaman, tulis juga catatan keamanan."
        ),
        notes=tuple(notes),
    )


@staff(section=Section.TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def walls(request: StaffRequest, reference: str) -> HttpResponse:
    """Who looks after the team of this file: who is kept out of it, and keeping out one more."""
    dossier = file_to_write(request, reference, Section.TEAM)
    colleagues = staff_of(dossier.unit_id, Role.values, clock.now())
    form = filled(
        request,
        forms.KeepOut,
        colleagues=list({str(user.id): user.name for user, _role in colleagues}.items()),
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.keep_out(
                    viewer=request.viewer,
                    dossier=dossier,
                    person=UUID(form.cleaned_data["colleague"]),
                    at=clock.now(),
                )
                return HttpResponseRedirect(request.path)
            except Refused as no:
                form.add_error(None, str(no.message))
                status = 409
    return _walls_page(request, dossier, form, status)


@staff(section=Section.TEAM)
@require_POST
def let_in(request: StaffRequest, reference: str) -> HttpResponse:
    """Who supervises or heads the unit: taking a wall down."""
    dossier = file_to_write(request, reference, Section.TEAM)
    try:
        wall = UUID(request.POST.get("wall", ""))
        actions.let_in(viewer=request.viewer, dossier=dossier, wall_id=wall, at=clock.now())
    except Refused as no:
        return _walls_page(request, dossier, None, 409, why=str(no.message))
    except ValueError:
        return _walls_page(request, dossier, None, 400)
    return HttpResponseRedirect(reverse("justice:walls", args=[reference]))


def _walls_page(
    request: StaffRequest, dossier: Dossier, form: django_forms.Form | None, status: int, why: str = ""
) -> HttpResponse:
    may_lift = {Role.SUPERVISOR, Role.HEAD} & request.viewer.roles_in(dossier.unit_id)
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "walls": queries.walls_of(request.viewer, dossier.id),
        "lift_url": reverse("justice:let_in", args=[dossier.reference]) if may_lift else "",
        "walls_url": reverse("justice:walls", args=[dossier.reference]),
        "form": form,
        "why": why,
    }
    return render(request, "justice/walls.html", context, status=status)
