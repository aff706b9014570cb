"""Writes about a client's own code: given, revoked, locked and opened; and what she writes and asks with it.

Source: care.md 2, 17; security.md 13.
"""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import Section
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.actions.guesses import weigh_the_same
from ruangaman.intake.actions.receiving import locator, thread_key, wrap_for
from ruangaman.intake.jobs import pass_on_client, pass_on_wish
from ruangaman.intake.models import ClientMessage, ClientThread, Wish
from ruangaman.intake.policies import clients as policies
from ruangaman.intake.queries import clients as queries
from ruangaman.intake.states.client import IdentityCheck, SafetyCheck, Unlocking, WishAnswer, WishKind
from ruangaman.kernel import tickets
from ruangaman.kernel.codes import Code, new_code
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.papers.actions.strangers import Facts, keep
from ruangaman.papers.models import Paper
from ruangaman.people.models import Part, Person
from ruangaman.people.queries import born_on
from ruangaman.people.states import PartStatus, PersonRole


def as_client(*, thread: UUID, at: datetime) -> AbstractContextManager[None]:
    """This will carry the ticket that reaches what is one client's own, and nothing else."""
    return tickets.carry(tickets.sign(purpose="client", scope=thread, at=at))


# --- the unit gives a code, takes it back, opens it again ---


@transaction.atomic
def issue_code(
    *,
    viewer: Viewer,
    dossier: Dossier,
    person: Person,
    opens: Collection[str],
    identity_check: IdentityCheck,
    safety_check: SafetyCheck,
    second: str,
    again: str,
    at: datetime,
) -> Code:
    """This will give a client a code of her own, to be shown once. Neither it nor her second secret is kept.

    ``opens``: names of columns (policies.OPENS). ``second`` and ``again``: as she typed it herself, twice.

    :raises Refused: for whoever is no client, a child without the supervisor, a second code beside a live one.
    """
    secret = policies.check_secret(second, again)
    live = Part.objects.filter(
        dossier=dossier, person=person, role=PersonRole.CLIENT, status=PartStatus.ACTIVE
    )
    key = key_for(dossier=dossier, section=Section.CLIENT_THREAD)
    before = queries.codes_of(viewer, dossier.id)
    policies.check_can_issue(
        is_client=live.exists(),
        young=policies.is_young(
            born_on=born_on(person, key_of(dossier.id, person.section)),
            band=person.age_band,
            today=timezone.localdate(at),
        ),
        roles=viewer.roles_in(dossier.unit_id),
        has_live_code=person.one_id in queries.newest_live(before),
    )
    code = new_code()
    thread = ClientThread(
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        person=person,
        key_id=key.id,
        locator=locator(code),
        code_wrap=wrap_for(code, key, secret),
        **{name: name in opens for name, _label in policies.OPENS},
        identity_check=identity_check,
        safety_check=safety_check,
        issued_by_id=viewer.id,
        issued_at=at,
        # What she had hidden stays hidden with a new code.
        hidden_before=next((one.hidden_before for one in before if one.person_id == person.id), None),
    )
    try:
        with transaction.atomic(), refused_if_erased(sentence=_("Berkas ini baru saja dihapus.")):
            thread.save(force_insert=True)
    except IntegrityError:  # a colleague, or a second click, was first
        policies.check_can_issue(is_client=True, young=False, roles=(), has_live_code=True)
    _record(Verb.CODE_ISSUED, viewer, thread, at, [identity_check.value, safety_check.value, *sorted(opens)])
    return code


@transaction.atomic
def revoke_code(*, viewer: Viewer, dossier: Dossier, thread: ClientThread, at: datetime) -> None:
    """This will end a client's code at once: it finds and opens nothing from now on. One that ended stays as it is.

    :raises Refused: where the viewer may not write this part of the file.
    """
    live = ClientThread.objects.filter(id=thread.id, dossier_id=dossier.id, revoked_at=None)
    if live.update(locator=None, code_wrap=None, revoked_by_id=viewer.id, revoked_at=at):
        _record(Verb.CODE_REVOKED, viewer, thread, at)
    elif live.exists():
        raise Refused(_("Kode ini tidak bisa Anda cabut: bagiannya di luar jangkauan Anda."))


@transaction.atomic
def unlock_code(
    *, viewer: Viewer, dossier: Dossier, thread: ClientThread, reason: Unlocking, at: datetime
) -> None:
    """This will open a code again that was locked after ten wrong second secrets.

    :raises Refused: where it is not locked, or was revoked.
    """
    locked = ClientThread.objects.filter(id=thread.id, dossier_id=dossier.id, revoked_at=None)
    if not locked.exclude(locked_at=None).update(locked_at=None, wrong_secrets=0):
        raise Refused(_("Kode ini tidak sedang terkunci."))
    _record(Verb.CODE_UNLOCKED, viewer, thread, at, [reason.value])


def _record(
    verb: Verb, viewer: Viewer, thread: ClientThread, at: datetime, told: Collection[str] = ()
) -> None:
    record(
        verb,
        at=at,
        by=viewer.id,
        unit=thread.unit_id,
        dossier=thread.dossier_id,
        objects=[thread.id, thread.person_id],
        fields=told,
    )


# --- she comes in with it ---


@dataclass(frozen=True, slots=True)
class Entry:
    """A client's thread, opened by her code and her second secret; ``key`` is None where the code is locked."""

    thread: UUID
    dossier: UUID
    person: UUID
    key: Key | None

    @property
    def locked(self) -> bool:
        return self.key is None


@transaction.atomic
def enter(*, code: Code, second: str, at: datetime) -> Entry | None:
    """This will try a code with a second secret as they were typed. None says no more than that they open nothing.

    Wrong secrets that follow each other are counted, and the tenth locks the code. Source: care.md 2.
    """
    found = queries.locate_client(locator(code))
    secret = policies.normal_secret(second)
    if not secret:
        return None
    if found is None:
        weigh_the_same(code=code)
        return None
    key = None if found.locked else _opened(code, found, secret)
    if not found.locked:
        with connection.cursor() as cursor:
            cursor.execute("SELECT door.second_secret(%s, %s)", [locator(code), key is not None])
            locks = bool(cursor.fetchone()[0])
        if locks and key is None:
            record(
                Verb.CODE_LOCKED, at=at, kind=ActorKind.SYSTEM, dossier=found.dossier, objects=[found.thread]
            )
        if not locks and key is None:
            return None
        key = None if locks else key
    if key is not None:
        record(Verb.CLIENT_READ, at=at, kind=ActorKind.CLIENT, dossier=found.dossier, objects=[found.thread])
    return Entry(found.thread, found.dossier, found.person, key)


def reopen(*, code: Code, second: str) -> Entry | None:
    """This will open a client's thread again with what opened it minutes ago; it counts and records nothing."""
    found = queries.locate_client(locator(code))
    if found is None:
        return None
    key = None if found.locked else _opened(code, found, policies.normal_secret(second))
    return Entry(found.thread, found.dossier, found.person, key) if found.locked or key else None


def _opened(code: Code, found: queries.Found, secret: str) -> Key | None:
    try:
        return thread_key(code, found.key, found.code_wrap, secret)
    except Unreadable:
        return None


@transaction.atomic
def write_as_client(*, entry: Entry, key: Key, message_id: UUID, body: str, at: datetime) -> None:
    """This will add a message of a client, under the ticket of her own code.

    :raises Refused: where the code was revoked or locked meanwhile, or does not open messages.
    """
    with as_client(thread=entry.thread, at=at):
        thread = _own(entry)
        if not thread.opens_messages:
            raise Refused(_("Kode ini tidak membuka pesan. Telepon petugasmu."))
        written = _add_message(thread, key, message_id, body, None, at)
        if written:
            _record_hers(Verb.WROTE, thread, [written], at)
            pass_on_client.defer(dossier_id=str(thread.dossier_id), cause=f"message:{written}")


@transaction.atomic
def attach_as_client(*, entry: Entry, key: Key, facts: Facts, at: datetime) -> Paper:
    """This will put a file that was taken in and examined into a client's own thread.

    :raises Refused: where the code opens no messages any more, or there are many files already.
    """
    with as_client(thread=entry.thread, at=at):
        thread = _own(entry)
        if not thread.opens_messages:
            raise Refused(_("Kode ini tidak membuka pesan. Telepon petugasmu."))
        policies.check_can_attach(queries.strangers_files(Section.CLIENT_THREAD, thread.dossier_id))
        with refused_if_erased(sentence=_("Berkas ini baru saja dihapus, jadi lampirannya tidak tersimpan.")):
            paper = keep(
                dossier_id=thread.dossier_id,
                unit_id=thread.unit_id,
                stage=thread.stage,
                section=Section.CLIENT_THREAD,
                key=key,
                subject=thread.person_id,
                facts=facts,
                at=at,
            )
        pass_on_client.defer(dossier_id=str(thread.dossier_id), cause=f"paper:{paper.id}")
    return paper


@transaction.atomic
def wish(*, entry: Entry, wish_id: UUID, kind: WishKind, at: datetime) -> None:
    """This will take down what a client asks, and ask the unit to speak with her alone. It changes nothing else.

    Sent twice, or asked again while the same waits, it is one wish. But one thing follows from it at once: a contact
    that is not safe any more is used by nobody from that moment on, and telling so again, after another was confirmed,
    is a new wish. Source: care.md 2, 7, 17.

    :raises Refused: where the code was revoked or locked meanwhile.
    """
    with as_client(thread=entry.thread, at=at):
        thread = _own(entry)
        waits = Wish.objects.filter(dossier_id=thread.dossier_id, kind=kind, answered_at=None)
        stands = kind != WishKind.OTHER_CONTACT or queries.still_doubts()
        if Wish.objects.filter(id=wish_id).exists() or (stands and waits.exists()):
            return
        made = Wish(**_place(thread), id=wish_id, person_id=thread.person_id, kind=kind, asked_at=at)
        with refused_if_erased(
            sentence=_("Berkas ini baru saja dihapus, jadi permintaanmu tidak tersimpan.")
        ):
            made.save(force_insert=True)
        _record_hers(Verb.WISHED, thread, [made.id], at, [kind.value])
        dossier = Dossier(id=thread.dossier_id, unit_id=thread.unit_id, stage=thread.stage)
        happened(event=Event.WISHED, dossier=dossier, at=at, by=None, about=made.id)
        pass_on_wish.defer(dossier_id=str(thread.dossier_id), wish_id=str(made.id))


@transaction.atomic
def hide(*, entry: Entry, before: datetime | None, at: datetime) -> bool:
    """This will hide from a client's own page what is older than a moment; without one, show all of it again.

    The unit still reads it. Source: care.md 2.
    """
    with as_client(thread=entry.thread, at=at), connection.cursor() as cursor:
        cursor.execute("SELECT door.client_hides(%s)", [before])
        return bool(cursor.fetchone()[0])


def _own(entry: Entry) -> ClientThread:
    thread = queries.own_thread(entry.thread)
    if thread is None:
        raise Refused(_("Kode ini baru saja ditutup. Telepon petugasmu."))
    return thread


def _record_hers(
    verb: Verb, thread: ClientThread, objects: list[UUID], at: datetime, told: Collection[str] = ()
) -> None:
    record(
        verb,
        at=at,
        kind=ActorKind.CLIENT,
        unit=thread.unit_id,
        dossier=thread.dossier_id,
        objects=objects,
        fields=told,
    )


def _place(thread: ClientThread) -> dict[str, object]:
    return {"dossier_id": thread.dossier_id, "unit_id": thread.unit_id, "stage": thread.stage}


# --- the unit answers ---


@transaction.atomic
def answer_client(
    *, viewer: Viewer, dossier: Dossier, person: Person, message_id: UUID, body: str, at: datetime
) -> None:
    """This will write to a client, for her own page.

    :raises Refused: where this part is out of reach or was erased, or she never had a code.
    """
    key = key_of(dossier.id, Section.CLIENT_THREAD)
    codes = queries.codes_of(viewer, dossier.id)
    thread = next((one for one in codes if one.person.one_id == person.one_id), None)
    if key is None or thread is None:
        raise Refused(
            _("Belum bisa menulis kepadanya di sini: ia belum punya kode, atau bagian ini sudah dihapus.")
        )
    written = _add_message(thread, key, message_id, body, viewer.id, at)
    if written:
        _record(Verb.ANSWERED, viewer, thread, at, [Section.CLIENT_THREAD.value])


@transaction.atomic
def answer_wish(*, viewer: Viewer, wish: Wish, answer: WishAnswer, at: datetime) -> None:
    """This will write down what came of a wish, once somebody has spoken with her alone. It does nothing else.

    :raises Refused: where a colleague was first, or the answer does not fit. Source: care.md 2, 17.
    """
    policies.check_can_answer_wish(kind=wish.kind, answered=wish.answered_at is not None, answer=answer)
    waiting = Wish.objects.filter(id=wish.id, answered_at=None)
    if not waiting.update(answer=answer, answered_by_id=viewer.id, answered_at=at):
        policies.check_can_answer_wish(kind=wish.kind, answered=True, answer=answer)
    record(
        Verb.WISH_ANSWERED,
        at=at,
        by=viewer.id,
        unit=wish.unit_id,
        dossier=wish.dossier_id,
        objects=[wish.id],
        fields=[wish.kind, answer.value],
    )
    happened(event=Event.WISH_ANSWERED, dossier=wish.dossier, at=at, by=viewer.id, about=wish.id)


def _add_message(
    thread: ClientThread, key: Key, message_id: UUID, body: str, author: UUID | None, at: datetime
) -> UUID | None:
    """Its id; None only where the very same message is there already: a form that was sent twice."""
    message = ClientMessage(
        **_place(thread),
        id=message_id,
        person_id=thread.person_id,
        key_id=key.id,
        author_id=author,
        sent_at=at,
    )
    try:
        _save_message(message, body, key)
    except IntegrityError:
        there = ClientMessage.objects.filter(id=message_id, person_id=thread.person_id).first()
        if there and there.author_id == author and unseal(there, "body", key) == body:
            return None
        # Another text or another thread under this number, or the dossier has just moved on: nothing is lost.
        message.id = new_id()
        message.stage = ClientThread.objects.values_list("stage", flat=True).get(id=thread.id)
        _save_message(message, body, key)
    return message.id


def _save_message(message: ClientMessage, body: str, key: Key) -> None:
    seal(message, "body", body, key)
    with refused_if_erased(sentence=_("Berkas ini baru saja dihapus, jadi pesan ini tidak tersimpan.")):
        message.save(force_insert=True)
