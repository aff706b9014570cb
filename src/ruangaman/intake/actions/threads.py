"""Writes in the conversation between a reporter and the unit."""

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import Section
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.intake import policies
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.actions.receiving import locator, wrap_for
from ruangaman.intake.jobs import pass_on
from ruangaman.intake.models import Message, Thread
from ruangaman.intake.policies.clients import check_can_attach
from ruangaman.intake.queries.clients import strangers_files
from ruangaman.intake.states import PublicStatus
from ruangaman.kernel import tickets
from ruangaman.kernel.codes import Code
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.papers.actions.strangers import Facts, keep
from ruangaman.papers.models import Paper


def as_reporter(*, dossier: UUID, at: datetime) -> AbstractContextManager[None]:
    """This will carry the ticket that reaches one report's thread, and nothing else."""
    return tickets.carry(tickets.sign(purpose="reporter", scope=dossier, at=at))


@transaction.atomic
def write_as_reporter(*, dossier_id: UUID, key: Key, message_id: UUID, body: str, at: datetime) -> None:
    """This will add a message of the reporter, under a ticket that reaches this thread and nothing else.

    :raises Refused: where the report is done.
    """
    with as_reporter(dossier=dossier_id, at=at):
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
def attach_as_reporter(*, dossier_id: UUID, key: Key, facts: Facts, at: datetime) -> Paper:
    """This will put a file that was taken in and examined into the reporter's own thread.

    :raises Refused: where the report is done, or there are many files already.
    """
    with as_reporter(dossier=dossier_id, at=at):
        thread = Thread.objects.get(dossier_id=dossier_id)
        policies.check_can_write(thread.status)
        check_can_attach(strangers_files(Section.THREAD, dossier_id))
        with refused_if_erased(
            sentence=_("Laporan ini baru saja dihapus, jadi lampirannya tidak tersimpan.")
        ):
            paper = keep(
                dossier_id=dossier_id,
                unit_id=thread.unit_id,
                stage=thread.stage,
                section=Section.THREAD,
                key=key,
                subject=None,
                facts=facts,
                at=at,
            )
        pass_on.defer(dossier_id=str(dossier_id), message_id=str(paper.id))
    return paper


@transaction.atomic
def take_new_code(*, dossier_id: UUID, key: Key, code: Code, at: datetime) -> bool:
    """This will give a report a code that no officer has seen; the one before dies at this moment.

    False where it was changed already: then whoever changed it holds the only code.
    """
    with as_reporter(dossier=dossier_id, at=at), connection.cursor() as cursor:
        cursor.execute("SELECT door.new_code(%s, %s)", [locator(code), wrap_for(code, key)])
        changed = bool(cursor.fetchone()[0])
        if changed:
            record(Verb.CODE_CHANGED, at=at, kind=ActorKind.REPORTER, dossier=dossier_id)
    return changed


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
