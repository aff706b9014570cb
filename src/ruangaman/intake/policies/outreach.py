"""Rules of the safe attempt to reach her."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ruangaman.clocks.states import Answer
from ruangaman.intake.policies.calling_back import (
    Safe,
    check_may_be_called,
    first_try,
    next_safe_window,
    said,
)
from ruangaman.intake.policies.triage import SENIOR
from ruangaman.intake.states import (
    OutreachPlace,
    OutreachResult,
    Triage,
)
from ruangaman.intake.states.outreach import NeighbourGround
from ruangaman.kernel.errors import Refused

# How long a companion works in the file from one plan on; a new plan renews it.
TEAM_TIME = timedelta(days=180)
USUAL_LENGTH = timedelta(hours=1)

# What may be said to RT, RW or somebody of standing, and nothing more. It holds no service, diagnosis, offence, or
# step of the law, and not who told. Source: care.md 6 and 16.
SCRIPT = _(
    "“Selamat siang, saya petugas dengan surat tugas ini, ada keperluan dinas dengan seorang warga. "
    "Boleh saya tahu jam berapa biasanya warga di sini bisa ditemui?” Tidak lebih. Jangan menyebut layanan, "
    "kejadian, diagnosis, proses hukum, atau siapa yang melapor; jangan meninggalkan kertas."
)

# What follows from how an attempt ended. Source: care.md 5 and 11.
NEXT = {
    OutreachResult.REACHED: _("Langkah berikutnya: catat siapa ia, lalu asesmen awal di berkas ini."),
    OutreachResult.NOT_ALONE: _(
        "Yang dikatakannya di depan orang lain belum tentu kehendaknya. Penjangkauan berikutnya perlu direncanakan."
    ),
    OutreachResult.NOT_FOUND: _("Penjangkauan berikutnya perlu direncanakan, di jam atau tempat lain."),
    OutreachResult.DECLINED: _(
        "Penolakan orang dewasa mengakhiri penjangkauan; ia tetap bisa datang kapan saja."
    ),
    OutreachResult.CALLED_OFF: _("Penjangkauan berikutnya perlu direncanakan, sesudah aman."),
}
NEXT_OF_A_CHILD = _(
    "Penolakan seorang anak tidak mengakhiri penjangkauan: penyelia memutuskan usaha berikutnya "
    "demi kepentingan terbaik anak."
)


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
) -> None:
    """This will refuse an attempt to reach her that is not safe enough, not decided, or in nobody's hands.

    ``declined``: she herself said no before, in private.

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


def check_knows_of_others(*, seen: int, known: int) -> None:
    """This will refuse a plan that was written before a colleague made another one.

    :raises Refused: saying what to do. Source: care.md 5; security.md 19.
    """
    if seen < known:
        raise Refused(
            _(
                "Rekan Anda baru saja merencanakan penjangkauan untuk berkas ini: baca di atas. "
                "Bila yang ini tetap perlu, simpan sekali lagi."
            )
        )


def check_has_place(*, place_kind: str, known: bool, place_name: str) -> None:
    """This will refuse an attempt of which nobody knows where it is; a call needs the number instead.

    ``known``: a building of the list or a kelurahan, by which she and the reported person are kept apart.

    :raises Refused: asking for it. Source: care.md 5; ADR-0014.
    """
    if place_kind == OutreachPlace.CALL:
        if known:
            raise Refused(_("Telepon tidak punya tempat. Kosongkan gedung dan kelurahannya."))
        if not place_name.strip():
            raise Refused(_("Tulis nomor teleponnya, dan siapa yang biasanya mengangkat."))
    elif not known:
        raise Refused(
            _("Pilih kelurahan atau gedungnya: tanpa itu tidak bisa dijaga supaya ia tidak bertemu terlapor.")
        )


def check_safe_hours(safe: Safe | None, *, starts_at: datetime, ends_at: datetime) -> None:
    """This will refuse a call to her outside the hours that she named as safe, or where she asked never to be called.

    ``safe``: None where she has told nobody yet; then the plan says what makes the hour a safe one.

    :raises Refused: saying when the next safe hours begin. Source: care.md 5 and 7.
    """
    if safe is None:
        return
    check_may_be_called(safe)
    window = next_safe_window(safe, starts_at)
    if window is None or not (window[0] <= starts_at and ends_at <= window[1]):
        raise Refused(
            _("Di luar jam yang aman baginya. Jam aman berikutnya mulai %s.")
            % said(safe, first_try(safe, starts_at if window and starts_at < window[0] else ends_at))
        )


def check_can_tell_neighbours(
    *, ground: str, who: str, words: str, unrelated: bool, child: bool, roles: Iterable[str]
) -> None:
    """This will refuse to contact RT, RW or somebody of standing without her own yes, or for a child in danger without
    the supervisor; and without a look at who they are to the reported person: the RT may be the one.

    :raises Refused: with what is missing. Source: care.md 6.
    """
    if ground not in NeighbourGround.values:
        raise Refused(
            _("Menghubungi RT, RW, atau tokoh membuka rahasianya. Tanyakan dulu kepadanya, secara pribadi.")
        )
    if ground == NeighbourGround.CHILD_DANGER and not (child and SENIOR & set(roles)):
        raise Refused(
            _(
                "Tanpa persetujuannya, hanya penyelia yang bisa memutuskan ini, dan hanya untuk anak dalam bahaya."
            )
        )
    if not who.strip():
        raise Refused(_("Tulis siapa yang akan dihubungi dan kedudukannya."))
    if not unrelated:
        raise Refused(
            _(
                "Periksa dulu bahwa ia bukan terlapor, bukan kerabat atau bawahannya, "
                "dan tidak berutang budi kepadanya."
            )
        )
    if not words.strip():
        raise Refused(_("Tulis kata-katanya ketika menyetujui, atau alasan penyelia."))


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


def check_record(*, result: str, safe_now: str) -> None:
    """This will refuse to write down, as her own word on whether she is safe, what was not said by her alone.

    :raises Refused: saying why. Source: care.md 5 and 11.
    """
    if safe_now and (
        safe_now not in Answer.values or result not in (OutreachResult.REACHED, OutreachResult.DECLINED)
    ):
        raise Refused(
            _("Amankah ia, hanya ia sendiri yang bisa mengatakan, berdua saja. Kosongkan bila tidak berdua.")
        )


def what_follows(*, result: str, child: bool) -> str:
    """This will say what comes next after an attempt. Source: care.md 5 and 11."""
    if child and result == OutreachResult.DECLINED:
        return str(NEXT_OF_A_CHILD)
    return str(NEXT[OutreachResult(result)])
