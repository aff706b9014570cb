"""How the clients of a dossier can be reached."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.access.doors import StaffRequest, Stranger, file_to_write, form_page, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, every_key
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.http import own_page
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions, forms, queries
from ruangaman.people.forms.openings import perhaps_calling, told_of
from ruangaman.people.models import Contact
from ruangaman.people.policies import PerhapsCalling, days_of
from ruangaman.people.states import PersonRole
from ruangaman.people.views.choosing import choices, live_parts


@staff(section=Section.CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may write the contact of this dossier: how its client can be reached without danger (care.md 7)."""
    dossier = file_to_write(request, reference, Section.CONTACT)
    parts = [part for part in live_parts(request, dossier) if part.role == PersonRole.CLIENT]
    clients = {str(part.person_id): part.person for part in parts}
    known = queries.contacts_of(request.viewer, dossier.id)
    asked = request.POST.get("person") or request.GET.get("klien") or next(iter(clients), "")
    before = known.get(clients[asked].one_id) if asked in clients else None
    form = forms.SafeContact(
        request.POST if request.method == "POST" else None,
        clients=choices(request, dossier, parts),
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
                spoken_since=given.get("spoken_since", False),
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
    if before.doubted_at:
        told |= {"reminders_safe": False, "paper_safe": False}  # hers to say again
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
    """Who may read the contact of this dossier: numbers and code words, once, with an entry in the ledger.

    Whoever would ring a second time is told first; of a number in doubt nobody sees more than its end.
    """
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    context: dict[str, Any] = {"reference": reference, "back": own_page(request)}
    at = clock.now()
    try:
        opened = actions.open_contact(
            viewer=request.viewer, dossier=dossier, told=told_of(request.POST), at=at
        )
    except PerhapsCalling as no:
        context["calling"] = perhaps_calling(no)
        return render(request, "people/contact.html", context, status=409)
    except Refused as no:
        return render(request, "people/contact.html", {**context, "why_not": no.message}, status=409)
    initials = _initials_of(request, dossier)
    context["opened"] = [
        {
            **queries.said(one.contact, at),
            "who": initials.get(one.contact.person_id, ""),
            "address": one.address,
            "code_word": one.code_word,
            "doubted_at": one.doubted_at,
            "ends": one.ends,
        }
        for one in opened
    ]
    return render(request, "people/contact.html", context)


def _initials_of(request: StaffRequest, dossier: Dossier) -> dict[UUID, str]:
    people = queries.clients_of(request.viewer, dossier.id)
    return queries.initials_in(people, every_key(dossier.id)) if people else {}
