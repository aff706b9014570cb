"""Rules of a report, of its triage, and of the attempt to reach her."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role, Stage
from ruangaman.intake.states import (
    REASONS,
    TRIAGE_ENDS,
    TRIAGE_MOVES,
    OutreachPlace,
    OutreachResult,
    PublicStatus,
    ReporterKind,
    Triage,
    TriageReason,
)
from ruangaman.kernel.errors import Refused

DRAFT_LIFE = timedelta(
    minutes=30
)  # Source: security.md 13; issue "Intake": resumable for 30 minutes, then gone
LONGEST_STORY = 20_000
LONGEST_MESSAGE = 5_000
LONGEST_NOTE = 4_000


def check_can_write(status: str) -> None:
    """This will refuse a reporter's message to a report that is done.

    :raises Refused: saying how to reach the unit all the same. Source: policy/matrix.yaml, reporter.
    """
    if status == PublicStatus.DONE:
        raise Refused(
            _("Laporan ini sudah selesai. Untuk kejadian baru, buat laporan baru; dalam bahaya telepon 112.")
        )


# Who decides what is too dangerous for one officer alone. Source: care.md 5 and 6, "child in danger: supervisor".
SENIOR = frozenset({Role.SUPERVISOR, Role.HEAD})
# How long a companion works in the file from one plan on; a new plan renews it.
TEAM_TIME = timedelta(days=180)
# Where the duty stands: "Jika pelapor adalah bukan korban, maka petugas diwajibkan untuk melakukan penjangkauan dengan
# tetap menggunakan prinsip kehati-hatian dan prinsip kerahasiaan".
OUTREACH_SOURCE = _("Peraturan Gubernur Jawa Barat 63/2014, Lampiran D.I.2 (Definisi Operasional)")
# A report is handled by outreach or referral: an answer alone is none.
FOLLOW_UP_SOURCE = _("Peraturan Gubernur Jawa Barat 63/2014, Lampiran D.I.1 huruf b (penanganan pengaduan)")


def is_from_victim(reporter_kind: str) -> bool:
    """This will say whether the victim herself reported; somebody who did not say who they are counts as not her."""
    return reporter_kind == ReporterKind.VICTIM


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


def check_can_plan_outreach(
    *,
    triage: str,
    place_kind: str,
    roles: Iterable[str],
    cover_reason: str,
    safety_plan: str,
    starts_at: datetime,
    at: datetime,
    declined: bool,
    companion_serves: bool,
) -> None:
    """This will refuse an attempt to reach her that is not safe enough, not decided, or in nobody's hands.

    ``declined``: she herself said no before, in private. ``companion_serves``: the companion holds that role in the
    unit and no wall stands between them and this dossier.

    :raises Refused: with what is missing. Source: care.md 5.
    """
    senior = bool(SENIOR & set(roles))
    if triage != Triage.OUTREACH:
        raise Refused(_("Putuskan dulu triasenya: penjangkauan. Setelah itu rencanakan di sini."))
    if not safety_plan.strip():
        raise Refused(_("Tulis rencana keselamatan dulu. Tanpa itu tidak ada penjangkauan."))
    if not cover_reason.strip():
        raise Refused(
            _("Tulis alasan yang dipakai bila ada yang bertanya. Tanpa itu tidak ada penjangkauan.")
        )
    if place_kind == OutreachPlace.HOUSE and not senior:
        raise Refused(
            _(
                "Penjangkauan bukan kunjungan ke rumah. Pilih sekolah, Puskesmas, atau telepon pada jam yang aman; "
                "rumah hanya bisa diputuskan penyelia."
            )
        )
    if declined and not senior:
        raise Refused(
            _(
                "Ia sudah menolak sendiri secara pribadi, dan itu mengakhiri penjangkauan. "
                "Bila ia anak atau terancam, penyelia yang memutuskan usaha berikutnya."
            )
        )
    if not at < starts_at <= at + TEAM_TIME:
        raise Refused(
            _("Waktu penjangkauan harus di depan, paling lama %d hari lagi. Periksa hari dan jamnya.")
            % TEAM_TIME.days
        )
    if not companion_serves:
        raise Refused(_("Orang ini tidak bisa mendampingi di berkas ini. Pilih pendamping korban yang lain."))


def check_can_end_outreach(*, ended: bool, starts_at: datetime, result: str, at: datetime) -> None:
    """This will refuse a second result, and a result before the attempt began, unless it was called off.

    :raises Refused: saying so. Source: care.md 5.
    """
    if ended:
        raise Refused(_("Hasil penjangkauan ini sudah dicatat."))
    if at < starts_at and result != OutreachResult.CALLED_OFF:
        raise Refused(
            _(
                "Penjangkauan ini belum mulai. Sebelum mulai, yang bisa dicatat hanya pembatalan demi keselamatan."
            )
        )
