"""Writes of telephone intake: a draft that only its officer can open, and the report that it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer
from ruangaman.intake.actions.calling_back import ask_call_back
from ruangaman.intake.actions.delivering import note_ticket
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.actions.talks import log_talk
from ruangaman.intake.models import CallDraft
from ruangaman.intake.policies import calls as policies
from ruangaman.intake.queries.calls import (
    Alike,
    Kept,
    Start,
    alike,
    draft_key,
    hands_over_under_numbers,
    is_question,
    opened_draft,
    own_draft,
    question_of,
    starts,
)
from ruangaman.intake.states import Channel
from ruangaman.intake.states.ways import Direction, Medium
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.actions.finding import LookedUp, look_up, note_question, settle_probes
from ruangaman.people.policies.likenesses import Wanted


class Overtaken(Refused):
    """Another window saved this draft meanwhile. It carries what stands there now."""

    def __init__(self, kept: Kept, saved_at: datetime) -> None:
        super().__init__(
            _("Draf ini baru saja disimpan dari jendela lain. Bandingkan, lalu simpan sekali lagi.")
        )
        self.kept, self.saved_at = kept, saved_at


@transaction.atomic
def begin_call(*, viewer: Viewer, code: str, at: datetime) -> CallDraft:
    """This will begin a call by one of the ways that are offered to the viewer (`queries.calls.starts`).

    :raises Refused: for any other way.
    """
    start: Start | None = next((one for one in starts(viewer) if one.code == code), None)
    if start is None:
        raise Refused(_("Saluran ini tidak ada di unit Anda. Pilih dari daftar."))
    draft = CallDraft(
        id=new_id(),
        officer_id=viewer.id,
        unit_id=start.unit_id,
        begun_at=at,
        saved_at=at,
        expires_at=at + policies.CALL_LIFE,
    )
    _seal(draft, Kept({}, start.channel, start.way_id))
    draft.save(force_insert=True)
    return draft


@transaction.atomic
def save_call(
    *,
    viewer: Viewer,
    draft_id: UUID,
    typed: Mapping[str, Any],
    seen: datetime | None,
    window: str,
    at: datetime,
) -> datetime:
    """This will keep what was typed, and give the moment under which it is known.

    ``seen``: the moment of the text on which it was typed; ``window``: the page it was typed on, whose answer may have
    got lost on the way. Of two windows the second is told what the first saved.

    :raises Overtaken: in that case, with the other text.
    :raises Refused: where the draft is gone or was sent, or too much was typed. Source: security.md 19.
    """
    policies.check_can_keep(typed)
    draft, kept = _open(viewer, draft_id)
    if kept.sent is not None:
        raise Refused(_("Laporan ini sudah terkirim. Yang baru ditulis di berkasnya."))
    if dict(typed) == kept.typed:
        return draft.saved_at
    if seen != draft.saved_at and (not window or window != kept.window):
        raise Overtaken(kept, draft.saved_at)
    draft.saved_at = at
    _seal(draft, replace(kept, typed=dict(typed), window=window))
    draft.save(update_fields=["answers", "saved_at"])
    return draft.saved_at


@transaction.atomic
def discard_call(*, viewer: Viewer, draft_id: UUID, why: str, at: datetime) -> None:
    """This will delete an unfinished call. Look-ups of it stay open, so a supervisor is told of them.

    :raises Refused: where it is gone or was sent. Source: care.md 18.
    """
    draft, kept = _open(viewer, draft_id)
    if kept.sent is not None:
        raise Refused(_("Laporan ini sudah terkirim dan tidak bisa dibuang."))
    draft.delete()
    record(Verb.CALL_DISCARDED, at=at, by=viewer.id, unit=draft.unit_id, objects=[draft_id], fields=[why])


# --- who may be known already ----------------------------------------------------------------------------------------


@transaction.atomic
def look_while_typing(
    *, viewer: Viewer, draft_id: UUID, wanted: Wanted, phone: str, at: datetime
) -> list[Alike]:
    """This will give files in the viewer's own reach that may be about who is named, by two identifiers.

    One entry in the ledger for each question that was not asked before in this call, and one look-up for the whole
    call, which stays open until a report comes of it. Source: care.md 18.

    :raises Refused: where the draft is gone, or after too many names.
    """
    if not is_question(wanted):
        return []
    draft, kept = _open(viewer, draft_id)
    question = question_of(draft, wanted, phone)
    known = question in kept.asked
    if not known:
        policies.check_can_ask(len(kept.asked))
    found = alike(viewer, wanted, phone)
    if not known:
        if not kept.probed:
            note_question(unit_id=draft.unit_id, wanted=wanted)
        record(
            Verb.LOOKED_UP, at=at, by=viewer.id, unit=draft.unit_id,
            objects=[draft.id, *(one.person_id for one in found)], fields=wanted.kinds(),
        )  # fmt: skip
        _seal(draft, replace(kept, asked=[*kept.asked, question], probed=True))
        draft.save(update_fields=["answers"])  # not saved_at: nothing that was typed changed
    return found


@transaction.atomic
def ask_other_units(*, viewer: Viewer, draft_id: UUID, wanted: Wanted, at: datetime) -> LookedUp:
    """This will ask, once and with its trace, whether another unit knows a client by these two identifiers.

    :raises Refused: for fewer than two, or where the draft is gone. Source: care.md 18.
    """
    draft, _kept = _open(viewer, draft_id)
    return look_up(viewer=viewer, unit_id=draft.unit_id, wanted=wanted, at=at)


# --- what becomes of it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """What the officer needs at the end of a call. ``code``: the words for the caller, or nothing.

    ``in_reach``: whether the officer may open the file; not where it is about somebody of the service.
    """

    reference: str
    code: str
    in_reach: bool


@transaction.atomic
def send_call(
    *,
    viewer: Viewer,
    draft_id: UUID,
    told: Told,
    subject: str,
    limits: str,
    wants_code: bool,
    call_again: bool,
    at: datetime,
    ticket: str = "",
) -> Sent:
    """This will turn a draft into a report of its unit. Who was spoken with is answered in that moment.

    Sent twice, it makes one report: the draft is locked, its id becomes the dossier's, and it remembers the answer.
    ``ticket``: the number under which another system knows it, where the way hands over under numbers.

    :raises Refused: where the draft is gone, or something is missing. Source: care.md 9, 12; flow.md 2.
    """
    draft, kept = _open(viewer, draft_id)
    if kept.sent is not None:
        return Sent(kept.sent["reference"], kept.sent["code"], kept.sent["in_reach"] == "yes")
    channel = Channel(kept.channel)
    policies.check_can_send_call(
        story=told.story, channel=channel, limits=limits, for_whom=told.for_whom, subject=subject
    )
    unit = Organisation.objects.get(id=draft.unit_id)
    code = new_code() if wants_code else None
    with filing(draft.id, at):
        dossier = receive(
            dossier_id=draft.id, told=told, channel=channel, at=at, code=code, unit=unit, way=kept.way_id,
            taken_by=viewer.id,
        )  # fmt: skip
        move = _spoken_with(dossier.id)
    if move is not None:
        record(Verb.ANSWERED, at=at, by=viewer.id, unit=unit.id, dossier=dossier.id, objects=[move])
    in_reach = Dossier.objects.filter(id=dossier.id).exists()
    if in_reach:
        settle_probes(by=viewer.id, dossier=dossier, at=at)
        way = hands_over_under_numbers(viewer, kept.way_id) if ticket.strip() else None
        if way is not None:
            note_ticket(viewer=viewer, dossier=dossier, way=way, number=ticket.strip(), at=at)
        if call_again:
            why = _("Diminta waktu menelepon, atau telepon terputus.")
            ask_call_back(viewer=viewer, dossier=dossier, call_id=new_id(), why=why, wanted=at, at=at)
    sent = Sent(dossier.reference, str(code or ""), in_reach)
    # Nothing of what was told stays in the draft; only what the officer reads out now.
    receipt = {
        "reference": sent.reference, "code": sent.code, "in_reach": "yes" if in_reach else "no",
        "danger": "yes" if told.danger_now else "no",
    }  # fmt: skip
    _seal(draft, Kept({}, kept.channel, kept.way_id, sent=receipt))
    draft.expires_at = min(draft.expires_at, at + policies.AFTERWARDS)
    draft.save(update_fields=["answers", "expires_at"])
    return sent


def _spoken_with(dossier_id: UUID) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.spoken_with(%s)", [dossier_id])
        move: UUID | None = cursor.fetchone()[0]
    return move


@transaction.atomic
def log_in(*, viewer: Viewer, draft_id: UUID, dossier: Dossier, text: str, at: datetime) -> None:
    """This will write what was told into a file that is there already, in place of a second report of the same.

    :raises Refused: where nothing was told, or that file is out of reach.
    """
    draft, kept = _open(viewer, draft_id)
    if kept.sent is not None:
        raise Refused(_("Laporan ini sudah terkirim. Gabungkan keduanya lewat triase."))
    if not text.strip():
        raise Refused(_("Tulis dulu apa yang diceritakannya: itu yang dicatat di berkas."))
    log_talk(
        viewer=viewer, dossier=dossier, medium=Medium.PHONE, direction=Direction.IN, text=text,
        said_at=draft.begun_at, at=at, talk_id=draft.id,
    )  # fmt: skip
    settle_probes(by=viewer.id, dossier=dossier, at=at)
    draft.delete()
    record(
        Verb.CALL_DISCARDED, at=at, by=viewer.id, unit=draft.unit_id, dossier=dossier.id, objects=[draft_id],
        fields=["known"],
    )  # fmt: skip


def _open(viewer: Viewer, draft_id: UUID) -> tuple[CallDraft, Kept]:
    draft = own_draft(viewer, draft_id, lock=True)
    if draft is None:
        raise Refused(_("Draf telepon ini sudah tidak ada: dibuang, atau lewat dua belas jam."))
    return draft, opened_draft(draft)


def _seal(draft: CallDraft, kept: Kept) -> None:
    seal(draft, "answers", kept.packed(), draft_key(draft))
