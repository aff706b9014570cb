"""Which files belong together, and what became of a hand-over to another region."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import page_of
from ruangaman.access.models import Dossier
from ruangaman.access.panels import Event, Look, Panel
from ruangaman.access.states import Section
from ruangaman.intake import queries
from ruangaman.intake.models import Joining, Report, Transfer
from ruangaman.intake.states import Channel, Triage
from ruangaman.intake.states.handling import (
    JoinKind,
    JoinReason,
    PassBasis,
    Passed,
    TransferState,
)
from ruangaman.kernel.fields import Key, unseal


def joinings(look: Look) -> Panel | None:
    """This will show where a report went, what came to a file, what was split off, and which unit was asked."""
    report: Report | None = look.only("report") if Section.ADMINISTRATION in look.sections else None
    if report is None:
        return None
    moves = look.once(queries.moves_of, look.viewer, look.dossier.id)
    found = queries.joinings_of(look.viewer, look.dossier.id) if look.has("joinings") else []
    live = [one for one in found if one.undone_at is None]
    # What nobody here could read was sent without a decision of this unit.
    went = report.about_staff or any(move.after == Triage.OTHER_REGION for move in moves)
    sent = queries.transfers_of(look.viewer, look.dossier.id) if went else []
    if not found and not sent:
        return None
    mine = [one for one in live if one.dossier_id == look.dossier.id]
    key = look.key(Section.ADMINISTRATION) if sent else None
    shown = {
        "into": next((_other(look, one) for one in mine if one.kind == JoinKind.MERGED), None),
        "out_of": next((_other(look, one) for one in mine if one.kind == JoinKind.SPLIT), None),
        "others": [_joined(one) for one in live if _comes_here(look, one, JoinKind.MERGED)],
        "parts": [_joined(one) for one in live if _comes_here(look, one, JoinKind.SPLIT)],
        "transfers": [_transfer(look, one, key) for one in sent],
    }
    return Panel(
        "intake/panel_joinings.html" if any(shown.values()) else "",
        _("Berkas yang berkaitan"),
        shown,
        opens=Section.ADMINISTRATION if sent else "",
        events=[*_joining_events(look, found), *_transfer_events(sent)],
    )


def _comes_here(look: Look, one: Joining, kind: JoinKind) -> bool:
    return one.other_id == look.dossier.id and one.kind == kind


def _other(look: Look, one: Joining) -> dict[str, Any]:
    """The file that this one points to, as far as it is in reach."""
    reference = str(getattr(one, "other_reference", "") or "")  # read along by intake.queries
    writes = look.may_write(Section.ADMINISTRATION) and look.dossier.erased_at is None
    return {
        "reference": reference,
        "url": page_of(Dossier(reference=reference)) if reference else "",
        "reason": JoinReason(one.reason).label,
        "by": one.joined_by.name,
        "at": one.joined_at,
        "undo_url": reverse("intake:undo_joining", args=[one.id]) if writes else "",
    }


def _joined(one: Joining) -> dict[str, Any]:
    report = one.dossier.report
    return {
        "reference": one.dossier.reference,
        "url": page_of(one.dossier),
        "at": report.received_at,
        "channel": Channel(report.channel).label,
        "danger": report.danger_now,
    }


def _transfer(look: Look, one: Transfer, key: Key | None) -> dict[str, Any]:
    waits = one.state == TransferState.SENT
    writes = look.may_write(Section.ADMINISTRATION) and look.dossier.erased_at is None
    return {
        "unit": one.to_unit.name if one.to_unit else one.outside,
        "by": one.sent_by.name if one.sent_by else _("sistem"),
        "at": one.sent_at,
        "passes": [Passed(code).label for code in one.passes.split(",") if code],
        "basis": PassBasis(one.basis).label,
        "why": unseal(one, "why", key) if key else "",
        "state": TransferState(one.state).label,
        "waits": waits,
        "answer": queries.opened_answer(one),
        "url": reverse("intake:answer_transfer", args=[one.id]) if waits and writes else "",
        "link": _("Tarik kembali") if one.to_unit_id else _("Catat jawaban atau tarik kembali"),
    }


def _joining_events(look: Look, found: list[Joining]) -> list[Event]:
    told = []
    for one in found:
        merged = one.kind == JoinKind.MERGED
        told.append(Event(one.joined_at, _("Laporan digabung") if merged else _("Laporan dipisahkan")))
        if one.undone_at:
            told.append(
                Event(one.undone_at, _("Penggabungan dibatalkan") if merged else _("Pemisahan dibatalkan"))
            )
    return told


def _transfer_events(sent: list[Transfer]) -> list[Event]:
    return [
        Event(one.answered_at, _("Rujukan antardaerah: %s") % TransferState(one.state).label)
        for one in sent
        if one.answered_at
    ]
