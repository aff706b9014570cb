"""Each client's own code and the conversation behind it; and what of the agenda a client sees with her code."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import kept_form
from ruangaman.access.panels import ClientLook, Event, Look, Panel
from ruangaman.access.states import Section
from ruangaman.agenda.states import BookingKind
from ruangaman.intake.forms.threads import Message
from ruangaman.intake.models import ClientThread
from ruangaman.intake.policies.clients import OPENS
from ruangaman.intake.queries import clients as queries
from ruangaman.intake.states.client import WishKind
from ruangaman.kernel.ids import new_id
from ruangaman.people.models import Person
from ruangaman.people.queries import initials_in, parts_of
from ruangaman.people.states import PartStatus, PersonRole


def clients(look: Look) -> Panel | None:
    """This will show each client's code, what she asks, and the conversation, with the forms for who may write here."""
    section = Section.CLIENT_THREAD
    if section not in look.sections:
        return None
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    people: dict[UUID, Person] = {}
    for part in parts:
        if part.role == PersonRole.CLIENT and part.status == PartStatus.ACTIVE:
            people.setdefault(part.person.one_id, part.person)
    writes = look.may_write(section)
    # Without a key nothing was ever written in this section: nothing more is asked.
    key = look.key(section)
    codes = queries.codes_of(look.viewer, look.dossier.id) if key else []
    if not codes and not (writes and people):
        return None
    for code in codes:
        people.setdefault(code.person.one_id, code.person)
    messages = queries.client_messages(look.dossier.id, key, staff=True) if key and codes else []
    wishes = queries.wishes_of(look.viewer, look.dossier.id) if codes else []
    initials = initials_in(people.values(), look.wrapped)
    rows = [
        _row(look, person, initials.get(person.id, ""), codes, messages, wishes, writes)
        for person in people.values()
        if any(code.person.one_id == person.one_id for code in codes)
    ]
    return Panel(
        "intake/panel_clients.html",
        _("Percakapan dengan klien"),
        {
            "rows": rows,
            "several": len(people) > 1,
            "issue_url": reverse("intake:issue_code", args=[look.dossier.reference]) if writes else "",
        },
        opens=section if messages else "",
        events=[
            *(Event(code.issued_at, _("Kode klien diserahkan")) for code in codes),
            *(Event(wish.asked_at, _("Permintaan klien"), WishKind(wish.kind).label) for wish in wishes),
        ],
    )


def _row(
    look: Look,
    person: Person,
    initials: str,
    codes: list[ClientThread],
    messages: list[dict[str, Any]],
    wishes: list[Any],
    writes: bool,
) -> dict[str, Any]:
    hers = [code for code in codes if code.person.one_id == person.one_id]
    records = {code.person_id for code in hers}
    newest = hers[0]
    live = newest.revoked_at is None
    reference = look.dossier.reference
    answer = reverse("intake:answer_client", args=[reference, newest.person_id])
    typed = (kept_form(look.request, answer) or {}) if writes else {}
    initial = {"message_id": typed.get("message_id") or new_id(), "body": typed.get("body", "")}
    attach = f"{reverse('papers:attach', args=[reference])}?bagian={Section.CLIENT_THREAD}&tentang={newest.person_id}"
    return {
        "initials": initials,
        "live": live,
        "locked": live and newest.locked_at is not None,
        "issued_at": newest.issued_at,
        "issued_by": newest.issued_by.name,
        "revoked_at": newest.revoked_at,
        "identity": newest.get_identity_check_display(),
        "kept": newest.get_safety_check_display(),
        "opens": [label for name, label in OPENS if getattr(newest, name)],
        "hides": newest.hidden_before is not None,
        "doubted": any(wish.in_doubt for wish in wishes if wish.person_id in records),
        "contact_url": f"{reverse('people:contact', args=[reference])}?klien={newest.person_id}"
        if look.may_write(Section.CONTACT)
        else "",
        "messages": [one for one in messages if one["person"] in records],
        "waiting": [
            {
                "text": WishKind(wish.kind).label,
                "at": wish.asked_at,
                "url": reverse("intake:answer_wish", args=[wish.id]) if writes else "",
            }
            for wish in wishes
            if wish.person_id in records and wish.answered_at is None
        ],
        "form": Message(initial=initial, auto_id=f"id_{newest.id.hex}_%s") if writes and live else None,
        "was_kept": bool(typed),
        "answer_url": answer,
        "attach_url": attach if writes and live else "",
        "revoke_url": reverse("intake:revoke_code", args=[newest.id]) if writes and live else "",
        "unlock_url": reverse("intake:unlock_code", args=[newest.id]) if writes and live else "",
    }


def appointments(look: ClientLook) -> Panel | None:
    """This will show a client when she is awaited next: the moment and the kind, no place and no name."""
    if "appointments" not in look.opens:
        return None
    rows = [(at, BookingKind(kind).label) for at, kind in queries.appointments()]
    return Panel("intake/client_appointments.html", _("Berikutnya"), {"rows": rows})
