"""Rules of triage, each with its source."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role, Stage
from ruangaman.intake.policies.reports import is_from_victim
from ruangaman.intake.states import (
    REASONS,
    TRIAGE_ENDS,
    TRIAGE_MOVES,
    Triage,
    TriageReason,
)
from ruangaman.kernel.errors import Refused

# Who decides what is too dangerous for one officer alone. Source: care.md 5 and 6, "child in danger: supervisor".
SENIOR = frozenset({Role.SUPERVISOR, Role.HEAD})


# Where the duty stands: "Jika pelapor adalah bukan korban, maka petugas diwajibkan untuk melakukan penjangkauan dengan
# tetap menggunakan prinsip kehati-hatian dan prinsip kerahasiaan".
OUTREACH_SOURCE = _("Peraturan Gubernur Jawa Barat 63/2014, Lampiran D.I.2 (Definisi Operasional)")


# A report is handled by outreach or referral: an answer alone is none.
FOLLOW_UP_SOURCE = _("Peraturan Gubernur Jawa Barat 63/2014, Lampiran D.I.1 huruf b (penanganan pengaduan)")


def outreach_rule() -> str:
    """This will give the rule of mandatory outreach in a sentence, with its source.

    Source: Pergub Jabar 63/2014, Lampiran D.I.2; care.md 5 says what a safe attempt is.
    """
    return _(
        "Pelapor bukan korban, jadi penjangkauan wajib, dengan hati-hati dan rahasia: "
        "usaha aman untuk bertemu dengannya, bukan kunjungan ke rumah. Sumber: %(source)s."
    ) % {"source": OUTREACH_SOURCE}


def offered_moves(*, now: str, reporter_kind: str, reached: bool) -> list[Triage]:
    """This will give the decisions that are worth showing; ``check_can_triage`` decides."""
    from_victim = is_from_victim(reporter_kind)
    return [
        to
        for to in Triage
        if (now, to) in TRIAGE_MOVES
        and (from_victim or to != Triage.WITHDRAWN)
        and (from_victim or reached or to != Triage.HEAD_OFFICE)
    ]


def check_can_triage(
    *,
    now: str,
    to: str,
    reason: str,
    reporter_kind: str,
    reached: bool,
    danger: bool,
    roles: Iterable[str],
    stage: str,
) -> None:
    """This will refuse a decision of triage that is no legal move, skips the outreach that is a duty, or has no reason.

    ``reached``: an attempt has met her, or she herself said no. ``roles`` are those held in the dossier's unit.

    :raises Refused: with what to do instead. Source: flow.md 2; Pergub Jabar 63/2014, Lampiran D.I.2; care.md 1, 5, 17.
    """
    if stage != Stage.INTAKE:
        raise Refused(_("Laporan ini sudah menjadi kasus. Keputusan berikutnya dicatat di kasusnya."))
    if now == to:
        raise Refused(_("Triase laporan ini sudah “%s”. Muat ulang berkasnya.") % Triage(now).label)
    if (now, to) not in TRIAGE_MOVES:
        raise Refused(
            _("Triase “%(now)s” tidak bisa diubah menjadi “%(to)s”.")
            % {"now": Triage(now).label, "to": Triage(to).label}
        )
    from_victim = is_from_victim(reporter_kind)
    if to == Triage.HEAD_OFFICE and not from_victim and not reached:
        raise Refused(outreach_rule())
    if to == Triage.WITHDRAWN and not from_victim:
        raise Refused(
            _(
                "Hanya korban sendiri yang bisa mencabut laporan. Bila pelapor lain ingin berhenti, "
                "yang berhenti hanya kontak dengannya; penjangkauan tetap wajib."
            )
        )
    if reason not in REASONS[to] or (reason == TriageReason.NOT_FROM_VICTIM and from_victim):
        raise Refused(_("Alasan ini tidak sesuai dengan keputusannya. Pilih alasan yang lain."))
    if danger and to in TRIAGE_ENDS and not SENIOR & set(roles):
        raise Refused(_("Laporan ini menyebut bahaya sekarang. Hanya penyelia yang bisa menutupnya."))
