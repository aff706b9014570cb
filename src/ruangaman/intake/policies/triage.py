"""Rules of triage, each with its source."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role, Stage
from ruangaman.intake.policies.reports import is_from_victim
from ruangaman.intake.states import (
    CHILD_BANDS,
    REASONS,
    TRIAGE_ENDS,
    TRIAGE_MOVES,
    UNDECIDED,
    Triage,
    TriageReason,
)
from ruangaman.kernel.errors import Refused

# Who decides what is too dangerous for one officer alone. Source: care.md 5 and 6, "child in danger: supervisor".
SENIOR = frozenset({Role.SUPERVISOR, Role.HEAD})


# Where the duty stands: "Jika pelapor adalah bukan korban, maka petugas diwajibkan untuk melakukan penjangkauan dengan
# tetap menggunakan prinsip kehati-hatian dan prinsip kerahasiaan".
OUTREACH_SOURCE = _("Pergub Jawa Barat 63/2014, Lampiran D.I.2 (Definisi Operasional)")


# A report is handled by outreach or referral: an answer alone is none.
FOLLOW_UP_SOURCE = _("Pergub Jawa Barat 63/2014, Lampiran D.I.1 huruf b")

# Decisions that name another file or another unit are taken where it is named; what they did is undone there too.
NAMED = frozenset({Triage.DUPLICATE, Triage.OTHER_REGION})
UNDONE_ELSEWHERE = frozenset({Triage.DUPLICATE, Triage.OTHER_REGION, Triage.NOT_IN_SCOPE})
# On these somebody goes out, so they are only taken back while no attempt to reach her stands.
SENDS_SOMEBODY = frozenset({Triage.OUTREACH, Triage.HEAD_OFFICE})
# Reasons that a deed gives, and nobody chooses.
OF_DEEDS = frozenset({TriageReason.ANSWERED, TriageReason.MISTAKEN, TriageReason.UNREAD})

# What leads out of what was decided elsewhere, and from nowhere else.
LEADS_BACK: dict[str, TriageReason] = {
    Triage.DUPLICATE: TriageReason.MISTAKEN,
    Triage.NOT_IN_SCOPE: TriageReason.MISTAKEN,
    Triage.WITHDRAWN: TriageReason.MISTAKEN,
    Triage.OTHER_REGION: TriageReason.CAME_BACK,
    Triage.OTHER_AGENCY: TriageReason.CAME_BACK,
}


def outreach_rule() -> str:
    """This will give the rule of mandatory outreach in a sentence, with its source.

    Source: Pergub Jabar 63/2014, Lampiran D.I.2; care.md 5 says what a safe attempt is.
    """
    return _(
        "Pelapor bukan korban, jadi penjangkauan wajib, dengan hati-hati dan rahasia: "
        "usaha aman untuk bertemu dengannya, bukan kunjungan ke rumah. Sumber: %(source)s."
    ) % {"source": OUTREACH_SOURCE}


def emergency_rule() -> str:
    """This will give in a sentence what comes before any decision where danger was told. Source: flow.md 2."""
    return str(
        _(
            "Laporan ini menyebut bahaya sekarang. Catat dulu langkah pertama yang sudah dilakukan; "
            "layanan darurat mendahului triase dan asesmen."
        )
    )


def child_rule() -> str:
    """This will give in a sentence the path of a child who reports alone. Source: care.md 12."""
    return str(
        _(
            "Anak melapor sendiri: petugas memutuskan penjangkauan dengan alasan itu; keputusan lain diambil penyelia. "
            "Jangan hubungi siapa pun yang ia sebut sebelum berbicara dengannya, kecuali ada bahaya sekarang."
        )
    )


def is_child_alone(*, age_band: str, reporter_kind: str) -> bool:
    """This will say whether a child reports what happened to the child itself. Source: care.md 12."""
    return age_band in CHILD_BANDS and is_from_victim(reporter_kind)


def waiting(*, answered: bool) -> Triage:
    """This will give where a report stands that nobody has decided."""
    return Triage.ANSWERED if answered else Triage.RECEIVED


def offered_moves(
    *, now: str, reporter_kind: str, reached: bool, child_alone: bool, answered: bool, roles: Iterable[str]
) -> list[Triage]:
    """This will give the decisions that are worth showing on the page of triage; ``check_can_triage`` decides."""
    from_victim = is_from_victim(reporter_kind)
    if now in UNDONE_ELSEWHERE:
        return []
    if now == Triage.OTHER_AGENCY:
        return [waiting(answered=answered)]
    return [
        to
        for to in Triage
        if (now, to) in TRIAGE_MOVES
        and to not in NAMED
        and to not in UNDECIDED
        and (from_victim or to != Triage.WITHDRAWN)
        and (from_victim or reached or to != Triage.HEAD_OFFICE)
        and (not child_alone or to == Triage.OUTREACH or SENIOR & set(roles))
    ]


def offered_reasons(to: Triage, *, from_victim: bool, child_alone: bool, senior: bool) -> list[TriageReason]:
    """This will give the reasons for a decision that are worth showing on the page of triage."""
    if child_alone and not senior and to == Triage.OUTREACH:
        return [TriageReason.CHILD_ALONE]
    return [
        reason
        for reason in TriageReason
        if reason in REASONS[to] - OF_DEEDS
        and not (reason == TriageReason.NOT_FROM_VICTIM and from_victim)
        and not (reason == TriageReason.CHILD_ALONE and not child_alone)
    ]


def leads(now: str, to: str, reason: str) -> bool:
    """This will say whether a reason leads from one state to another: forward by none that takes something back, and
    back by nothing else.
    """
    if now in UNDECIDED and to in UNDECIDED:
        return reason == TriageReason.ANSWERED
    if to in UNDECIDED:
        mistaken = reason == TriageReason.MISTAKEN and now not in NAMED
        return mistaken or reason == LEADS_BACK.get(now)
    if now in LEADS_BACK:
        return reason == LEADS_BACK[now]
    return reason not in LEADS_BACK.values()


def may_be_taken_back(*, now: str, attempts: bool) -> bool:
    """This will say whether a decision can be taken back on the page of triage. ``attempts``: somebody was sent."""
    return now not in UNDECIDED and now not in NAMED and not (attempts and now in SENDS_SOMEBODY)


def check_can_undo_decision(*, now: str, attempts: bool, stage: str) -> None:
    """This will refuse to take back what was not decided here, or what somebody was sent out on.

    :raises Refused: with what to do instead. Source: issue 6, "can be undone, with nothing lost"; security.md 19.
    """
    if stage != Stage.INTAKE:
        raise Refused(_("Laporan ini sudah menjadi kasus. Keputusan berikutnya dicatat di kasusnya."))
    if now in UNDECIDED:
        raise Refused(_("Tidak ada keputusan untuk dibatalkan: laporan ini menunggu triase."))
    if now in NAMED:
        raise Refused(_("Keputusan ini dibatalkan di tempat keputusan itu dibuat, bukan di halaman triase."))
    if not may_be_taken_back(now=now, attempts=attempts):
        raise Refused(
            _("Penjangkauannya sudah direncanakan, jadi keputusan ini tetap. Pilih keputusan baru di bawah.")
        )


def check_is_chosen(*, now: str, to: str, reason: str) -> None:
    """This will refuse on the page of triage what another page does, because it names a file or a unit, or undoes one.

    :raises Refused: saying where. Source: issue 6, "Triage" and "Refer out".
    """
    if to == Triage.DUPLICATE:
        raise Refused(_("Sebut dulu berkas yang dimaksud: pakai halaman “Gabungkan” di berkas laporan ini."))
    if to == Triage.OTHER_REGION:
        raise Refused(
            _("Sebut dulu unit yang dituju: pakai halaman “Rujuk ke daerah lain” di berkas laporan ini.")
        )
    if now in UNDONE_ELSEWHERE and (now, to) in TRIAGE_MOVES:
        raise Refused(_("Keputusan ini dibatalkan di tempat keputusan itu dibuat, bukan di halaman triase."))
    if reason in OF_DEEDS:
        raise Refused(_("Alasan ini tidak sesuai dengan keputusannya. Pilih alasan yang lain."))


def check_can_triage(
    *,
    now: str,
    to: str,
    reason: str,
    reporter_kind: str,
    reached: bool,
    danger: bool,
    acted: bool,
    child_alone: bool,
    about_staff: bool,
    note: str,
    roles: Iterable[str],
    stage: str,
) -> None:
    """This will refuse a decision of triage that is no legal move, skips what is a duty, or has no reason.

    ``reached``: an attempt has met her, or she herself said no. ``acted``: what was done at once is recorded. ``roles``
    are those held in the dossier's unit.

    :raises Refused: with what to do instead. Source: flow.md 2; Pergub Jabar 63/2014, Lampiran D.I.2;
        care.md 1, 5, 12, 17.
    """
    senior = bool(SENIOR & set(roles))
    if stage != Stage.INTAKE:
        raise Refused(_("Laporan ini sudah menjadi kasus. Keputusan berikutnya dicatat di kasusnya."))
    if now == to:
        raise Refused(_("Triase laporan ini sudah “%s”. Muat ulang berkasnya.") % Triage(now).label)
    if (now, to) not in TRIAGE_MOVES:
        raise Refused(
            _("Triase “%(now)s” tidak bisa diubah menjadi “%(to)s”.")
            % {"now": Triage(now).label, "to": Triage(to).label}
        )
    if about_staff and not senior:
        raise Refused(
            _("Laporan ini menyangkut petugas layanan. Hanya penyelia atau kepala unit yang memutuskan.")
        )
    if danger and not acted and to not in UNDECIDED:
        raise Refused(emergency_rule())
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
    if (
        reason not in REASONS[to]
        or (reason == TriageReason.NOT_FROM_VICTIM and from_victim)
        or (reason == TriageReason.CHILD_ALONE and not child_alone)
        or not leads(now, to, reason)
    ):
        raise Refused(_("Alasan ini tidak sesuai dengan keputusannya. Pilih alasan yang lain."))
    if child_alone and not senior and to not in UNDECIDED and reason != TriageReason.CHILD_ALONE:
        raise Refused(child_rule())
    if danger and to in TRIAGE_ENDS and not senior:
        raise Refused(_("Laporan ini menyebut bahaya sekarang. Hanya penyelia yang bisa menutupnya."))
    if to == Triage.NOT_IN_SCOPE and not note.strip():
        raise Refused(_("Tulis di catatan mengapa ini di luar layanan, dan ke mana pelapor diarahkan."))
