"""Writes about handing a report to another region's unit, and about the answer that comes back."""

import json
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import Section
from ruangaman.clocks.actions import happened, over
from ruangaman.clocks.states import Event
from ruangaman.intake import policies, queries
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.actions.triage import decide, put_back, report_to_decide
from ruangaman.intake.jobs import tell_region
from ruangaman.intake.models import Report, SafeContact, Transfer
from ruangaman.intake.queries.about_staff import accused_in, alike_among_all
from ruangaman.intake.queries.calling_back import safe_of
from ruangaman.intake.queries.transfers import bound_to, key_of_unit
from ruangaman.intake.states import Channel, Means, Triage, TriageReason
from ruangaman.intake.states.handling import PassBasis, Passed, TransferState
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import open_under, seal, seal_under, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.sending import tell
from ruangaman.notices.states import Kind
from ruangaman.people.queries import parts_of
from ruangaman.people.states import PersonRole

# What of a safe contact is passed on where the contact is: sealed fields, and plain ones.
SEALED_CONTACT = ("phone", "hours", "code_word")
IN_DOUBT = {"means": Means.CODE.value, "phone": "", "hours": "", "code_word": ""}


@transaction.atomic
def send_transfer(
    *,
    viewer: Viewer,
    dossier: Dossier,
    transfer_id: UUID,
    to_unit: Organisation | None,
    outside: str,
    basis: str,
    passes: Sequence[str],
    needs: str,
    why: str,
    at: datetime,
    seen: str = "",
) -> Transfer:
    """This will hand a report to another region's unit with what may be passed on, sealed for that unit alone.

    ``transfer_id`` travels with the form: sent twice, it is handed over once.

    :raises Refused: where nobody agreed to what is passed on, or the decision is not allowed. Source: issue 6.
    """
    there = Transfer.objects.filter(id=transfer_id, dossier_id=dossier.id).first()
    if there:
        return there
    report = report_to_decide(dossier=dossier, seen=seen)
    policies.check_can_send(
        to_unit=to_unit is not None,
        own=to_unit is not None and to_unit.id == dossier.unit_id,
        outside=outside,
        basis=basis,
        passes=passes,
        needs=needs,
        why=why,
        danger=report.danger_now,
        roles=viewer.roles_in(dossier.unit_id),
    )
    decide(
        viewer=viewer,
        dossier=dossier,
        report=report,
        after=Triage.OTHER_REGION,
        reason=TriageReason.LIVES_ELSEWHERE,
        at=at,
    )
    key = key_for(dossier=dossier, section=Section.ADMINISTRATION)
    transfer = Transfer(
        id=transfer_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        key_id=key.id,
        to_unit=to_unit,
        outside=outside.strip(),
        basis=PassBasis(basis),
        passes=",".join(sorted(passes)),
        about_staff=report.about_staff,
        danger_now=report.danger_now,
        place_code=report.place_id or "",
        sent_by_id=viewer.id,
        sent_at=at,
    )
    seal(transfer, "why", why, key)
    if to_unit is not None:
        parcel = _parcel(viewer, dossier, report, set(passes), needs)
        transfer.parcel = seal_under(
            key_of_unit(to_unit.id), json.dumps(parcel).encode(), bound_to(transfer.id, "parcel")
        )
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Laporan ini sudah dirujuk dan menunggu jawaban. Muat ulang berkasnya.")) from None
    if report.about_staff:
        _keep_out_there(transfer)
    record(
        Verb.TRANSFERRED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[transfer.id, *([to_unit.id] if to_unit else [])],
        fields=[str(basis), *sorted(passes)],
    )
    happened(event=Event.TRANSFER_SENT, dossier=dossier, at=at, by=viewer.id, about=transfer.id)
    if to_unit is not None:
        tell_region.defer(dossier_id=str(dossier.id), transfer_id=str(transfer.id))
    return transfer


@transaction.atomic
def take_back(*, viewer: Viewer, transfer: Transfer, at: datetime) -> None:
    """This will take back a hand-over that nobody answered; the report waits for a decision again.

    :raises Refused: where it was answered, or is out of reach.
    """
    policies.check_can_take_back(state=transfer.state)
    dossier = transfer.dossier
    report = report_to_decide(dossier=dossier)
    taken = Transfer.objects.filter(id=transfer.id, state=TransferState.SENT).update(
        state=TransferState.TAKEN_BACK, answered_by=viewer.id, answered_at=at, parcel=None
    )
    if not taken:
        raise Refused(_("Rujukan ini baru saja dijawab, jadi tidak bisa ditarik kembali."))
    if report.triage == Triage.OTHER_REGION:  # what nobody here could read went out undecided
        back = policies.waiting(answered=report.first_answered_at is not None)
        put_back(viewer=viewer, dossier=dossier, report=report, to=back, reason=TriageReason.CAME_BACK, at=at)
    over(event=Event.TRANSFER_ANSWERED, dossier=dossier, about=transfer.id, at=at)
    _record_answer(viewer, transfer, TransferState.TAKEN_BACK, at)


@transaction.atomic
def accept_transfer(*, viewer: Viewer, transfer: Transfer, answer: str, at: datetime) -> Dossier | None:
    """This will take what another unit hands over, as a report of one's own; of two who take it, one does.

    The reporter keeps their code with the sender; here they are reached as the sender passed on. Where nobody of the
    sender's unit may read the report, because it tells of them, the conversation comes here with the report, and the
    code opens it here. Walls are raised anew: before whoever bears the accused's name here, and before all but
    supervisors and heads. None where the unit is outside this system and its yes is written down by the sender.

    :raises Refused: where it was answered or taken back, or what was passed on does not open.
    """
    policies.check_can_answer(state=transfer.state, accept=True, answer=answer)
    if transfer.to_unit is None:
        _answer(viewer, transfer, True, answer, None, at)
        return None
    parcel = _opened(transfer)
    dossier_id = new_id()
    _answer(viewer, transfer, True, answer, dossier_id, at)
    if "contact" in parcel and not _is_still_safe(transfer):
        parcel["contact"] |= IN_DOUBT
    with filing(dossier_id, at):
        dossier = receive(
            dossier_id=dossier_id,
            told=_told(transfer, parcel),
            channel=Channel.REGION,
            at=at,
            code=None,
            unit=transfer.to_unit,
            taken_by=viewer.id,
        )
    if transfer.about_staff:
        with connection.cursor() as cursor:
            cursor.execute("SELECT door.take_over(%s)", [transfer.id])
    _tell_sender(transfer, at)
    return dossier


@transaction.atomic
def refuse_transfer(*, viewer: Viewer, transfer: Transfer, answer: str, at: datetime) -> None:
    """This will send a report back to the unit that handed it over, with the reason.

    :raises Refused: without a reason, or where it was answered or taken back.
    """
    policies.check_can_answer(state=transfer.state, accept=False, answer=answer)
    _answer(viewer, transfer, False, answer, None, at)
    _tell_sender(transfer, at)


def _answer(
    viewer: Viewer, transfer: Transfer, accept: bool, answer: str, became: UUID | None, at: datetime
) -> None:
    said = (
        seal_under(key_of_unit(transfer.unit_id), answer.encode(), bound_to(transfer.id, "answer"))
        if answer.strip()
        else None
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.answer_transfer(%s, %s, %s, %s)", [transfer.id, accept, said, became])
        answered = cursor.fetchone()
    if not (answered and answered[0]):
        raise Refused(
            _("Rujukan ini baru saja dijawab rekan Anda, atau ditarik kembali. Muat ulang halaman.")
        )
    _record_answer(viewer, transfer, TransferState.ACCEPTED if accept else TransferState.REFUSED, at)


def _record_answer(viewer: Viewer, transfer: Transfer, state: TransferState, at: datetime) -> None:
    record(
        Verb.TRANSFER_ANSWERED,
        at=at,
        by=viewer.id,
        unit=transfer.unit_id,
        dossier=transfer.dossier_id,
        objects=[transfer.id],
        fields=[state.value],
    )


def _keep_out_there(transfer: Transfer) -> None:
    """Who may be meant in the unit that gets it learns no more of it than here."""
    alike = alike_among_all(accused_in(transfer.dossier_id, key_of(transfer.dossier_id, Section.NARRATIVE)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.keep_out_there(%s, %s::uuid[])", [transfer.id, alike])


def _tell_sender(transfer: Transfer, at: datetime) -> None:
    if transfer.to_unit_id is not None and transfer.sent_by_id is not None:
        cause = f"transfer:{transfer.id}:answered"
        tell(people=[transfer.sent_by_id], kind=Kind.TRANSFER, cause=cause, at=at)


def _parcel(viewer: Viewer, dossier: Dossier, report: Report, passes: set[str], needs: str) -> dict[str, Any]:
    """What is passed on, and nothing besides: who reports and how old they are goes with their words."""
    parcel: dict[str, Any] = {}
    if Passed.STORY in passes:
        story = queries.story_of(viewer, dossier.id, key_of(dossier.id, Section.NARRATIVE))
        if story is None:
            raise Refused(_("Cerita laporan ini di luar jangkauan Anda, jadi tidak bisa diteruskan."))
        parcel |= {
            "story": story,
            "reporter_kind": report.reporter_kind,
            "for_whom": report.for_whom,
            "age_band": report.age_band,
            "accused": accused_in(dossier.id, key_of(dossier.id, Section.NARRATIVE)),
        }
    if Passed.CONTACT in passes:
        parcel["contact"] = _contact(viewer, dossier)
    if Passed.NEEDS in passes:
        parcel["needs"] = needs
    return parcel


def _contact(viewer: Viewer, dossier: Dossier) -> dict[str, Any]:
    key = key_of(dossier.id, Section.REPORTER)
    contact = SafeContact.objects.filter(dossier_id=dossier.id).first() if key else None
    found: dict[str, Any] = {}
    if contact and key:
        found = {name: unseal(contact, name, key) or "" for name in SEALED_CONTACT}
        found |= {
            "means": contact.means,
            "never_call": contact.never_call,
            "weekdays": contact.weekdays,
            "from_time": contact.from_time.isoformat() if contact.from_time else "",
            "until_time": contact.until_time.isoformat() if contact.until_time else "",
        }
    safe = safe_of(viewer, dossier.id)
    if found and safe and (safe.doubted or safe.hers):
        # A number that is not safe any more goes nowhere, least of all to who has not heard so. Source: care.md 7.
        found |= IN_DOUBT
    reporters = [part for part in parts_of(viewer, dossier.id) if part.role == PersonRole.REPORTER]
    if reporters and key:
        found["name"] = unseal(reporters[0].person, "name", key) or ""
    return found


def _is_still_safe(transfer: Transfer) -> bool:
    """Whether nobody told that the contact is not safe any more since it was sealed for who takes it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.parcel_contact_safe(%s)", [transfer.id])
        return bool(cursor.fetchone()[0])


def _told(transfer: Transfer, parcel: dict[str, Any]) -> Told:
    """A report of one's own out of what was passed on."""
    contact = parcel.get("contact", {})
    texts = [
        parcel.get("story", ""),
        _("Yang perlu segera: %s") % parcel["needs"] if parcel.get("needs") else "",
    ]
    return Told(
        story="\n\n".join(text for text in texts if text)
        or _("Dirujuk oleh %s, tanpa cerita. Tanyakan kepada unit itu.") % transfer.unit.name,
        reporter_kind=parcel.get("reporter_kind", ""),
        for_whom=parcel.get("for_whom", ""),
        age_band=parcel.get("age_band", ""),
        danger_now=transfer.danger_now,
        about_staff=transfer.about_staff,
        accused=parcel.get("accused", ""),
        place=transfer.place_code,
        name=contact.get("name", ""),
        means=contact.get("means", ""),
        never_call=contact.get("never_call", False),
        phone=contact.get("phone", ""),
        hours=contact.get("hours", ""),
        weekdays=contact.get("weekdays", 127),
        code_word=contact.get("code_word", ""),
        from_time=_hour(contact.get("from_time")),
        until_time=_hour(contact.get("until_time")),
        trusted=contact.get("trusted", ""),
        must_not_know=contact.get("must_not_know", ""),
    )


def _hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _opened(transfer: Transfer) -> dict[str, Any]:
    try:
        sealed = bytes(transfer.parcel or b"")
        found = open_under(key_of_unit(transfer.to_unit_id), sealed, bound_to(transfer.id, "parcel"))
    except Unreadable:
        raise Refused(
            _("Isi rujukan ini tidak terbaca, mungkin baru ditarik kembali. Muat ulang halaman.")
            if transfer.about_staff
            else _("Isi rujukan ini tidak terbaca, mungkin baru ditarik kembali. Hubungi unit pengirim.")
        ) from None
    parcel: dict[str, Any] = json.loads(found)
    return parcel
