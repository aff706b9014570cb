"""Writes about calling a reporter back: asking for it, opening the number, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import Section
from ruangaman.intake.actions.doubted import refused_if_not_to_be_called
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.actions.opening import Opened as Opened
from ruangaman.intake.actions.opening import open_way
from ruangaman.intake.models import CallBack, CallTry
from ruangaman.intake.policies import calling_back as policies
from ruangaman.intake.policies.calling_back import Safe
from ruangaman.intake.queries.calling_back import call_back_of, safe_of
from ruangaman.intake.states.ways import CallResult
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal, unseal
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def ask_call_back(
    *, viewer: Viewer, dossier: Dossier, call_id: UUID, why: str, wanted: datetime, at: datetime
) -> CallBack:
    """This will ask that the reporter be called back, from ``wanted`` on and in safe hours.

    :raises Refused: for who must not be called, or where no number is known or it is out of reach. Source: care.md 7.
    """
    safe = _safe(viewer, dossier.id)
    not_before = policies.first_try(safe, max(wanted, at))
    key = key_for(dossier=dossier, section=Section.REPORTER)
    call = CallBack(
        id=call_id, dossier=dossier, unit_id=dossier.unit_id, stage=dossier.stage, key_id=key.id,
        asked_by_id=viewer.id, asked_at=at, not_before=not_before,
    )  # fmt: skip
    seal(call, "why", why, key)
    try:
        with (
            refused_if_not_to_be_called(),
            refused_if_erased(sentence=_("Laporan ini baru saja dihapus, jadi tidak bisa dihubungi lagi.")),
        ):
            call.save(force_insert=True)
    except IntegrityError:
        there = CallBack.objects.filter(id=call_id, dossier_id=dossier.id).first()
        if there is None:
            raise
        return there
    record(
        Verb.CALL_ASKED, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id, objects=[call.id],
        fields=["reporter"],
    )  # fmt: skip
    return call


@dataclass(frozen=True, slots=True)
class OpenedCall(Opened):
    """What who calls needs at the telephone, in clear, for one look."""

    why: str = ""


@transaction.atomic
def open_number(*, viewer: Viewer, call_id: UUID, told: UUID | None = None, at: datetime) -> OpenedCall:
    """This will open the number of who is to be called back, once, with an entry in the ledger.

    ``told``: the opening by a colleague of which the viewer was told.

    :raises Refused: outside the safe hours, for who must not be called, or where it has ended; where a colleague may
        be calling (``PerhapsCalling``). Source: care.md 7.
    """
    call, safe = _open_call(viewer, call_id)
    policies.check_can_call(safe, at)
    if call.not_before > at:
        raise Refused(
            _("Belum waktunya. Boleh dihubungi lagi mulai %s.") % policies.said(safe, call.not_before)
        )
    key = key_of(call.dossier_id, Section.REPORTER)
    if key is None:
        raise Refused(_("Nomornya tidak terjangkau untuk Anda atau sudah dihapus."))
    opened = open_way(
        viewer=viewer, dossier_id=call.dossier_id, unit_id=call.unit_id, safe=safe, about=[call.id], told=told,
        at=at,
    )  # fmt: skip
    return OpenedCall(opened.phone, opened.code_word, opened.hours, unseal(call, "why", key) or "")


@transaction.atomic
def tell_try(*, viewer: Viewer, call_id: UUID, try_id: UUID, result: str, at: datetime) -> datetime | None:
    """This will record what came of a call, and give when to try again, or None where it has ended.

    :raises Refused: outside the safe hours, for who must not be called, or where it has ended. Source: care.md 7.
    """
    if CallTry.objects.filter(id=try_id, call_id=call_id).exists():
        return CallBack.objects.values_list("not_before", flat=True).filter(id=call_id, ended_at=None).first()
    call, safe = _open_call(viewer, call_id, lock=True)
    policies.check_can_tell(safe, at)
    one = CallTry(
        id=try_id, dossier_id=call.dossier_id, unit_id=call.unit_id, stage=call.stage, call=call,
        result=CallResult(result), tried_by_id=viewer.id, tried_at=at,
    )  # fmt: skip
    with (
        refused_if_not_to_be_called(
            sentence=_("Pelapor baru saja meminta tidak ditelepon. Jawab lewat percakapan kodenya saja.")
        ),
        refused_if_erased(sentence=_("Laporan ini baru saja dihapus, jadi hasilnya tidak tersimpan.")),
    ):
        one.save(force_insert=True)
    again = policies.next_try(safe, result, at)
    if again is None:
        CallBack.objects.filter(id=call.id).update(ended_at=at)
    else:
        CallBack.objects.filter(id=call.id).update(not_before=again)
    record(
        Verb.CALL_TRIED, at=at, by=viewer.id, unit=call.unit_id, dossier=call.dossier_id, objects=[one.id],
        fields=[str(result)],
    )  # fmt: skip
    return again


@transaction.atomic
def end_call_back(*, viewer: Viewer, call_id: UUID, at: datetime) -> None:
    """This will take a call-back off the list: it is no longer needed, or no longer safe.

    :raises Refused: where it has ended already.
    """
    found = call_back_of(viewer, call_id)
    if found is None or not CallBack.objects.filter(id=call_id, ended_at=None).update(ended_at=at):
        raise Refused(_("Panggilan ini sudah berakhir atau di luar jangkauan Anda."))
    call = found.call
    record(
        Verb.CALL_TRIED, at=at, by=viewer.id, unit=call.unit_id, dossier=call.dossier_id, objects=[call.id],
        fields=["called_off"],
    )  # fmt: skip


def _open_call(viewer: Viewer, call_id: UUID, *, lock: bool = False) -> tuple[CallBack, Safe]:
    if lock:
        # Two officers may have called at once: the second sees what the first wrote.
        CallBack.objects.select_for_update(of=("self",)).filter(id=call_id).first()
    found = call_back_of(viewer, call_id)
    if found is None or found.call.ended_at is not None:
        raise Refused(_("Panggilan ini sudah berakhir atau di luar jangkauan Anda."))
    if found.safe is None:
        raise Refused(_("Tidak ada kontak aman di laporan ini."))
    return found.call, found.safe


def _safe(viewer: Viewer, dossier_id: UUID) -> Safe:
    safe = safe_of(viewer, dossier_id)
    if safe is None:
        raise Refused(_("Tidak ada kontak aman di laporan ini. Jawab lewat percakapan kodenya."))
    return safe
