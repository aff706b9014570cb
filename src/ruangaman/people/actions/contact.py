"""How a client can be reached without danger: told, confirmed again, and opened for one look. Source: care.md 7."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.access.states import Section
from ruangaman.clocks.actions import happened, over
from ruangaman.clocks.states import Event
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people import policies
from ruangaman.people.actions.openings import note_opening
from ruangaman.people.models import Contact, Part, Person
from ruangaman.people.policies import Way
from ruangaman.people.queries import contacts_of
from ruangaman.people.queries.openings import doubted_since
from ruangaman.people.states import PartStatus, PersonRole

OPEN_FACTS = ("means", "never_call", "weekdays", "from_time", "until_time", "reminders_safe", "paper_safe")


@dataclass(frozen=True, slots=True)
class OpenedContact:
    """How one client can be reached, with number and code word in clear, for one page.

    Of a contact in doubt neither: no more than the last digits, by which she is recognised when she herself calls.
    """

    contact: Contact
    address: str
    code_word: str
    doubted_at: datetime | None = None
    ends: str = ""


@transaction.atomic
def set_contact(
    *,
    viewer: Viewer,
    dossier: Dossier,
    person: Person,
    way: Way,
    keep_address: bool = False,
    keep_code_word: bool = False,
    at: datetime,
    contact_id: UUID | None = None,
    spoken_since: bool = False,
) -> Contact:
    """This will write down how a client can be reached from now on; what was said before stays as it was.

    ``keep_address`` and ``keep_code_word`` take over what was sealed before, unread by anybody. ``contact_id``: from
    the form, so that one that was sent twice is written once. ``spoken_since``: she said this herself after she had
    told that her contact is not safe any more; a page that was opened before that says nothing about it.

    :raises Refused: where she is no client here, the way contradicts itself, or her contact is in doubt and nobody
        has spoken with her since. Source: care.md 7.
    """
    _check_client(dossier, person)
    before = contacts_of(viewer, dossier.id).get(person.one_id)
    doubted = before is not None and before.doubted_at is not None
    policies.check_can_renew(doubted=doubted, spoken_since=spoken_since)
    if doubted:
        before = (
            None  # nothing of it is taken over unread: who holds her telephone may know the code word too
        )
    key = key_for(dossier=dossier, section=Section.CONTACT)
    try:
        if before and keep_address and before.means == way.means:
            way = replace(way, address=unseal(before, "address", key) or "")
        if before and keep_code_word:
            way = replace(way, code_word=unseal(before, "code_word", key) or "")
    except Unreadable:
        raise Refused(
            _("Kontak yang lama tidak terbaca. Tanyakan lagi kepadanya dan tulis yang baru.")
        ) from None
    policies.check_way(way)
    contact = Contact(
        id=contact_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        person=person,
        key_id=key.id,
        confirmed_by_id=viewer.id,
        confirmed_at=at,
        **{name: getattr(way, name) for name in OPEN_FACTS},
    )
    seal(contact, "address", way.address.strip() or None, key)
    seal(contact, "code_word", way.code_word.strip() or None, key)
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError:
        there = Contact.objects.filter(dossier=dossier, person=person, id=contact.id).first()
        if there is None:
            raise
        return there
    record(
        Verb.CONTACT_SET, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[person.id, contact.id],
    )  # fmt: skip
    happened(event=Event.CONTACT_CONFIRMED, dossier=dossier, at=at, by=viewer.id, about=person.id)
    # Under another record of hers an older word is waited for: this one is newer.
    hers = Person.objects.filter(dossier=dossier, one_id=person.one_id).exclude(id=person.id)
    for record_id in hers.values_list("id", flat=True):
        over(event=Event.CONTACT_CONFIRMED, dossier=dossier, about=record_id, at=at)
    return contact


def _check_client(dossier: Dossier, person: Person) -> None:
    live = Part.objects.filter(
        dossier=dossier, person=person, role=PersonRole.CLIENT, status=PartStatus.ACTIVE
    )
    if not live.exists():
        raise Refused(_("Kontak aman dicatat untuk klien. Catat dulu siapa kliennya di berkas ini."))


def confirm_contact(
    *, viewer: Viewer, dossier: Dossier, person: Person, at: datetime, contact_id: UUID | None = None
) -> Contact:
    """This will write down that what she said about reaching her still holds today.

    :raises Refused: where nothing has been said yet.
    """
    before = contacts_of(viewer, dossier.id).get(person.one_id)
    if before is None:
        raise Refused(_("Belum ada kontak aman untuk dipastikan. Catat dulu dari awal."))
    same = Way(**{name: getattr(before, name) for name in OPEN_FACTS})
    return set_contact(
        viewer=viewer,
        dossier=dossier,
        person=person,
        way=same,
        keep_address=True,
        keep_code_word=True,
        at=at,
        contact_id=contact_id,
    )


@transaction.atomic
def open_contact(
    *, viewer: Viewer, dossier: Dossier, told: UUID | None = None, at: datetime
) -> list[OpenedContact]:
    """This will open how the clients of a dossier can be reached for one look, and record who looked.

    A number in doubt stays closed to everybody, whatever their role and reason: it becomes readable again when she
    herself says which one is safe. ``told``: the opening by a colleague of which the viewer was told.

    :raises Refused: where there is nothing this viewer may open, or it has been erased; where a colleague may be
        calling (``PerhapsCalling``). Source: care.md 7.
    """
    found = list(contacts_of(viewer, dossier.id).values())
    wrapped = every_key(dossier.id).get(Section.CONTACT)
    if not found or wrapped is None:
        raise Refused(_("Tidak ada kontak yang bisa Anda buka di berkas ini."))
    note_opening(
        viewer=viewer,
        dossier_id=dossier.id,
        unit_id=dossier.unit_id,
        section=Section.CONTACT.value,
        objects={contact.person_id for contact in found},
        told=told,
        at=at,
    )
    since = doubted_since(viewer, dossier.id)
    try:
        key = open_key(wrapped)
        return [_opened(contact, key, since) for contact in found]
    except Unreadable:
        raise Refused(
            _("Kontak di berkas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None


def _opened(contact: Contact, key: Key, since: datetime | None) -> OpenedContact:
    # One telephone may serve a mother and her child: what was confirmed before one of them doubted is not used.
    doubted_at = contact.doubted_at or (since if since and contact.confirmed_at <= since else None)
    address = unseal(contact, "address", key) or ""
    if doubted_at:
        return OpenedContact(contact, "", "", doubted_at, policies.ends_of(address))
    return OpenedContact(contact, address, unseal(contact, "code_word", key) or "")
