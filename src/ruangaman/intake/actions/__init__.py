"""Writes of intake: drafts, a report, messages."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import make_key, open_dossier
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import Section
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.intake import policies
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.actions.outreach import end_outreach as end_outreach
from ruangaman.intake.actions.outreach import plan_outreach as plan_outreach
from ruangaman.intake.actions.triage import finish_thread as finish_thread
from ruangaman.intake.actions.triage import reopen_thread as reopen_thread
from ruangaman.intake.actions.triage import triage as triage
from ruangaman.intake.jobs import announce, pass_on
from ruangaman.intake.models import Draft, Message, Report, SafeContact, Story, Thread
from ruangaman.intake.queries import unit_for
from ruangaman.intake.states import Channel, Means, PublicStatus
from ruangaman.kernel import keyring, tickets
from ruangaman.kernel.codes import Code, new_code, read_code
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, new_key, open_under, seal, seal_under, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.people.actions import Identity, give_part, seal_person
from ruangaman.people.states import PersonRole


@dataclass(frozen=True, slots=True)
class Visit:
    """A draft in a browser's hands: its id, and the key that only the browser holds."""

    id: UUID
    secret: bytes = field(repr=False)

    @property
    def key(self) -> Key:
        return Key(self.id, self.secret)


def new_visit() -> Visit:
    """This will begin a draft that is nowhere yet."""
    key = new_key()
    return Visit(key.id, key.secret)


def _as(purpose: str, scope: UUID, at: datetime) -> Any:
    return tickets.carry(tickets.sign(purpose=purpose, scope=scope, at=at))


@transaction.atomic
def keep_draft(*, visit: Visit, answers: dict[str, Any], at: datetime) -> None:
    """This will keep what was typed so far, sealed under the browser's key, for thirty minutes more."""
    draft = Draft(id=visit.id, expires_at=at + policies.DRAFT_LIFE)
    seal(draft, "answers", json.dumps(answers), visit.key)
    with _as("draft", visit.id, at):
        kept = {"answers": draft.answers, "expires_at": draft.expires_at}
        if not Draft.objects.filter(id=visit.id, receipt=None).update(**kept):
            draft.save(force_insert=True)


@transaction.atomic
def read_draft(*, visit: Visit, at: datetime) -> tuple[dict[str, Any], str] | None:
    """This will open a draft: (answers, the code of its report where it was sent), or None where it is gone.

    :raises Unreadable: where the key is not the draft's.
    """
    with _as("draft", visit.id, at):
        draft = Draft.objects.filter(id=visit.id).first()
    if draft is None:
        return None
    return json.loads(unseal(draft, "answers", visit.key) or "{}"), unseal(draft, "receipt", visit.key) or ""


@transaction.atomic
def drop_draft(*, visit: Visit, at: datetime) -> None:
    """This will delete a draft and the receipt in it."""
    with _as("draft", visit.id, at):
        Draft.objects.filter(id=visit.id).delete()


@transaction.atomic
def file_report(*, visit: Visit, at: datetime) -> Code:
    """This will turn a draft into a report of the unit that serves its place, and give the reporter's code.

    Sent twice, it makes one report and gives the same code: the draft is locked and remembers its receipt.

    :raises Refused: where the draft has expired, tells nothing, or no unit is there to take it.
    """
    with _as("draft", visit.id, at):
        draft = Draft.objects.select_for_update().filter(id=visit.id).first()
    if draft is None:
        raise Refused(_("Waktu menulis sudah habis dan tulisanmu sudah dihapus. Mulai lagi dari awal."))
    if draft.receipt is not None:
        return read_code(unseal(draft, "receipt", visit.key) or "")
    answers = json.loads(unseal(draft, "answers", visit.key) or "{}")
    if not answers.get("story"):
        raise Refused(_("Tulis dulu apa yang terjadi."))
    code = new_code()
    with _as("filing", visit.id, at):
        dossier = receive(dossier_id=visit.id, answers=answers, code=code, channel=Channel.WEB, at=at)
    seal(draft, "receipt", str(code), visit.key)
    # Who answers, so that the receipt can say by when; nothing else of what was typed stays.
    seal(draft, "answers", json.dumps({"unit": str(dossier.unit_id)}), visit.key)
    # Whoever wrote slowly gets the whole time to write the code down.
    draft.expires_at = at + policies.DRAFT_LIFE
    with _as("draft", visit.id, at):
        draft.save(update_fields=["receipt", "answers", "expires_at"])
    return code


def receive(
    *, dossier_id: UUID, answers: dict[str, Any], code: Code, channel: Channel, at: datetime
) -> Dossier:
    """This will write a report and all that belongs to it, in the caller's transaction and under its ticket.

    :raises Refused: where no unit is there to take it.
    """
    unit = unit_for(answers.get("place") or "")
    if unit is None:
        raise Refused(_("Belum ada unit layanan yang menerima laporan di sini. Telepon 112 atau SAPA 129."))
    dossier = open_dossier(dossier_id=dossier_id, unit=unit, at=at)
    place = {"dossier": dossier, "unit_id": unit.id, "stage": dossier.stage}
    Report.objects.create(
        **place,
        channel=channel,
        reporter_kind=answers.get("reporter_kind") or "",
        danger_now=answers.get("danger_now") == "yes",
        place_id=answers.get("place") or None,
        received_at=at,
    )
    key = make_key(dossier=dossier, section=Section.NARRATIVE)
    story = Story(**place, key_id=key.id)
    seal(story, "text", answers["story"], key)
    story.save(force_insert=True)
    key = make_key(dossier=dossier, section=Section.THREAD)
    Thread.objects.create(
        **place,
        key_id=key.id,
        locator=locator(code),
        code_wrap=seal_under(code_key(code), key.secret, f"thread|{key.id}"),
    )
    reachable = answers.get("phone") or answers.get("hours") or answers.get("never_call")
    if reachable or answers.get("name"):
        # One key for both: a reporter's own ticket writes keys and can't read one back.
        reporter_key = make_key(dossier=dossier, section=Section.REPORTER)
    if reachable:
        key = reporter_key
        contact = SafeContact(
            **place,
            key_id=key.id,
            means=answers.get("means") or Means.CODE,
            never_call=bool(answers.get("never_call")),
        )
        seal(contact, "phone", answers.get("phone") or None, key)
        seal(contact, "hours", answers.get("hours") or None, key)
        contact.save(force_insert=True)
    if answers.get("name"):
        reporter = seal_person(
            dossier=dossier,
            role=PersonRole.REPORTER,
            identity=Identity(answers["name"]),
            at=at,
            key=reporter_key,
        )
        give_part(dossier=dossier, person=reporter, role=PersonRole.REPORTER, at=at)
    record(Verb.REPORT_RECEIVED, at=at, kind=ActorKind.REPORTER, unit=unit.id, dossier=dossier.id)
    happened(event=Event.REPORT_RECEIVED, dossier=dossier, at=at, by=None)
    if answers.get("danger_now") == "yes":
        happened(event=Event.DANGER_TOLD, dossier=dossier, at=at, by=None)
    announce.defer(dossier_id=str(dossier.id))
    return dossier


# --- the thread --------------------------------------------------------------------------------------------------


def locator(code: Code) -> bytes:
    """This will give the keyed hash by which a thread is found (32 bytes); the code itself is kept nowhere."""
    return keyring.derive(keyring.current().derived("codes/locator"), code.secret.hex())


def code_key(code: Code) -> bytes:
    """This will give the key that a code and the pepper make together (32 bytes). Source: security.md 13."""
    return keyring.derive(keyring.current().derived("codes/pepper"), code.secret.hex())


def thread_key(code: Code, key_id: UUID, code_wrap: bytes) -> Key:
    """This will open a thread's key with its code.

    :raises Unreadable: where the wrap was altered or is another code's.
    """
    return Key(key_id, open_under(code_key(code), code_wrap, f"thread|{key_id}"))


@transaction.atomic
def write_as_reporter(*, dossier_id: UUID, key: Key, message_id: UUID, body: str, at: datetime) -> None:
    """This will add a message of the reporter, under a ticket that reaches this thread and nothing else.

    :raises Refused: where the report is done.
    """
    with _as("reporter", dossier_id, at):
        thread = Thread.objects.get(dossier_id=dossier_id)
        policies.check_can_write(thread.status)
        written = _add_message(thread, key, message_id, body, None, at)
        if written:
            record(
                Verb.WROTE,
                at=at,
                kind=ActorKind.REPORTER,
                unit=thread.unit_id,
                dossier=dossier_id,
                objects=[written],
            )
            pass_on.defer(dossier_id=str(dossier_id), message_id=str(written))


@transaction.atomic
def answer(*, viewer: Viewer, dossier: Dossier, message_id: UUID, body: str, at: datetime) -> None:
    """This will answer a reporter. The database notes the moment of the first answer, which the standards count (I.1).

    :raises Refused: where the thread is out of reach or was erased.
    """
    thread = Thread.objects.filter(dossier_id=dossier.id).first()
    key = key_of(dossier.id, Section.THREAD)
    if thread is None or key is None:
        raise Refused(_("Percakapan ini tidak bisa dijawab: tidak terjangkau untuk Anda atau sudah dihapus."))
    written = _add_message(thread, key, message_id, body, viewer.id, at)
    if written is None:
        return
    Thread.objects.filter(id=thread.id, status=PublicStatus.RECEIVED).update(status=PublicStatus.IN_PROGRESS)
    record(Verb.ANSWERED, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id, objects=[written])
    happened(event=Event.REPORT_ANSWERED, dossier=dossier, at=at, by=viewer.id)


def _add_message(
    thread: Thread, key: Key, message_id: UUID, body: str, author: UUID | None, at: datetime
) -> UUID | None:
    """Its id; None only where the very same message is there already: a form that was sent twice."""
    message = Message(
        id=message_id,
        dossier_id=thread.dossier_id,
        unit_id=thread.unit_id,
        stage=thread.stage,
        key_id=key.id,
        author_id=author,
        sent_at=at,
    )
    try:
        _save_message(message, body, key)
    except IntegrityError:
        there = Message.objects.filter(id=message_id, dossier_id=thread.dossier_id).first()
        if there and there.author_id == author and unseal(there, "body", key) == body:
            return None
        # Another text or another thread under this number, or the dossier has just moved on: nothing is lost.
        message.id = new_id()
        message.stage = Thread.objects.values_list("stage", flat=True).get(id=thread.id)
        _save_message(message, body, key)
    return message.id


def _save_message(message: Message, body: str, key: Key) -> None:
    seal(message, "body", body, key)
    with refused_if_erased(sentence=_("Laporan ini baru saja dihapus, jadi pesan ini tidak tersimpan.")):
        message.save(force_insert=True)
