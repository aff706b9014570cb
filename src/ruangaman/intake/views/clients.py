"""Pages of the unit about a client's own code: giving it, revoking, unlocking, answering her and what she asks."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import every_key
from ruangaman.access.states import Section
from ruangaman.intake.actions import clients as actions
from ruangaman.intake.forms import clients as forms
from ruangaman.intake.forms.threads import Message
from ruangaman.intake.models import ClientThread, Wish
from ruangaman.intake.queries import clients as queries
from ruangaman.intake.states.client import IdentityCheck, SafetyCheck, Unlocking, WishAnswer, WishKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.http import back_to, own_page
from ruangaman.people.queries import clients_of, contacts_of, initials_in, person_in, said

SECTION = Section.CLIENT_THREAD


@staff(section=SECTION)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_code(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the clients' part of this file: a client gets a code of her own, shown once (care.md 2)."""
    dossier = file_to_write(request, reference, SECTION)
    people = {str(person.id): person for person in clients_of(request.viewer, dossier.id)}
    initials = initials_in(people.values(), every_key(dossier.id)) if people else {}
    form = forms.IssueCode(
        request.POST if request.method == "POST" else None,
        clients=[(key, initials.get(one.id) or _("tanpa nama")) for key, one in people.items()],
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            code = actions.issue_code(
                viewer=request.viewer,
                dossier=dossier,
                person=people[given["person"]],
                opens=given["opens"],
                identity_check=IdentityCheck(given["identity_check"]),
                safety_check=SafetyCheck(given["safety_check"]),
                second=given["second"],
                again=given["again"],
                at=clock.now(),
            )
            context = {"reference": reference, "back": page_of(dossier), "words": code.words}
            return render(request, "intake/client_code.html", context)
        except Refused as no:
            form.add_error(None, str(no.message))
    notes = [
        _(
            "Kata rahasia diketik klien sendiri, dua kali, di layar ini. Jangan menanyakannya dan jangan mencatatnya. "
            "Tanpa kata itu kodenya tidak membuka apa pun."
        ),
        _("Kode bisa dicabut kapan saja, cukup dengan satu telepon darinya."),
    ]
    if not people:
        notes.append(_("Belum ada klien di berkas ini. Catat dulu siapa kliennya."))
    return form_page(
        request,
        dossier,
        form,
        title=_("Serahkan kode klien"),
        button=_("Buat kode"),
        intro=_(
            "Bicaralah berdua saja. Kode klien bukan kode pelapor: ia hanya untuk orang yang mengalaminya."
        ),
        notes=tuple(notes),
    )


@staff(section=SECTION)
@require_POST
def revoke_code(request: StaffRequest, thread: UUID) -> HttpResponse:
    """Who may write the clients' part of the file: the code opens nothing from this moment on."""
    code, dossier = _code(request, thread)
    actions.revoke_code(viewer=request.viewer, dossier=dossier, thread=code, at=clock.now())
    return back_to(request, page_of(dossier))


@staff(section=SECTION)
@require_http_methods(["GET", "HEAD", "POST"])
def unlock_code(request: StaffRequest, thread: UUID) -> HttpResponse:
    """Who may write the clients' part of the file: a locked code is opened again, after speaking with her."""
    code, dossier = _code(request, thread)
    form = forms.Unlock(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reason = Unlocking(form.cleaned_data["reason"])
            actions.unlock_code(
                viewer=request.viewer, dossier=dossier, thread=code, reason=reason, at=clock.now()
            )
            return HttpResponseRedirect(page_of(dossier))
        except Refused as no:
            form.add_error(None, str(no.message))
    return form_page(
        request,
        dossier,
        form,
        title=_("Buka kunci kode"),
        button=_("Buka kunci"),
        intro=_(
            "Kode ini terkunci karena kata rahasianya sepuluh kali salah. Mungkin ada orang lain yang mencobanya."
        ),
    )


def _code(request: StaffRequest, thread: UUID) -> tuple[ClientThread, Dossier]:
    code = queries.code_by_id(request.viewer, thread)
    if code is None:
        raise Stranger
    return code, file_to_write(request, code.dossier.reference, SECTION)


@staff(section=SECTION)
@require_POST
def answer_client(request: StaffRequest, reference: str, person: UUID) -> HttpResponse:
    """Who may write the clients' part of the file: a message for the client's own page."""
    dossier = file_to_write(request, reference, SECTION)
    client = person_in(request.viewer, dossier.id, person)
    if client is None:
        raise Stranger(reference)
    form, why = Message(request.POST), ""
    if form.is_valid():
        try:
            actions.answer_client(
                viewer=request.viewer, dossier=dossier, person=client, **form.cleaned_data, at=clock.now()
            )
            return back_to(request, page_of(dossier))
        except Refused as no:
            why = str(no.message)
    context = {"reference": reference, "form": form, "why": why, "back": own_page(request)}
    return render(request, "intake/answer.html", context, status=400)


@staff(section=SECTION)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_wish(request: StaffRequest, wish: UUID) -> HttpResponse:
    """Who may write the clients' part of the file: what came of a wish, after speaking with her alone (care.md 2)."""
    asked = queries.wish_by_id(request.viewer, wish)
    if asked is None:
        raise Stranger
    dossier = file_to_write(request, asked.dossier.reference, SECTION)
    form = forms.AnswerWish(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = WishAnswer(form.cleaned_data["answer"])
        try:
            actions.answer_wish(viewer=request.viewer, wish=asked, answer=answer, at=clock.now())
            return _after(request, asked, dossier, answer)
        except Refused as no:
            form.add_error(None, str(no.message))
    return render(
        request,
        "intake/answer_wish.html",
        {
            "reference": dossier.reference,
            "back": page_of(dossier),
            "form": form,
            "wish": asked,
            "kind": WishKind(asked.kind).label,
            "ends": asked.kind in (WishKind.STOP, WishKind.PAUSE),
            "unsafe": asked.kind == WishKind.OTHER_CONTACT,
            "one": _contact(request, asked),
            "contact_url": f"{reverse('people:contact', args=[dossier.reference])}?klien={asked.person_id}",
        },
        status=400 if form.is_bound else 200,
    )


def _contact(request: StaffRequest, wish: Wish) -> dict[str, object] | None:
    known = contacts_of(request.viewer, wish.dossier_id).get(wish.person.one_id)
    return said(known, clock.now()) if known else None


def _after(request: HttpRequest, wish: Wish, dossier: Dossier, answer: WishAnswer) -> HttpResponse:
    """Where the next step is done: what she meant is acted on elsewhere, never by this answer itself."""
    plain = answer == WishAnswer.SETTLED or (answer == WishAnswer.HERS and wish.kind == WishKind.CALL_ME)
    if plain:
        return HttpResponseRedirect(page_of(dossier))
    live = ClientThread.objects.filter(dossier=dossier, person_id=wish.person_id, revoked_at=None).first()
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "answer": answer.value,
        "kind": wish.kind,
        "contact_url": f"{reverse('people:contact', args=[dossier.reference])}?klien={wish.person_id}",
        "revoke_url": reverse("intake:revoke_code", args=[live.id]) if live else "",
        "here": page_of(dossier),
    }
    return render(request, "intake/wish_answered.html", context)
