"""Rules of referrals and services."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Stage
from ruangaman.kernel.errors import Refused
from ruangaman.services.states import KINDS_OF, REFERRAL_MOVES, Decline, ReferralStatus

# For so long a refusal of a partner stands among what is to be done; the file shows it for good.
REMEMBERED = timedelta(days=30)


def check_can_refer(*, stage: str, has_partner: bool, dropped: bool, request: str, waiting: bool) -> None:
    """This will refuse a referral of what is no case, is not planned with a partner, or waits for an answer already.

    That a live consent covers it is the database's to say (SQLSTATE RA002).

    :raises Refused: with what to do first. Source: flow.md 5 to 7.
    """
    if stage != Stage.CASE:
        raise Refused(_("Rujukan dikirim sesudah kasus diambil manajer kasus."))
    if not has_partner or dropped:
        raise Refused(_("Rencanakan dulu layanan ini dengan lembaga mitra."))
    if waiting:
        raise Refused(_("Rujukan ini sudah dikirim dan belum selesai."))
    if not request.strip():
        raise Refused(_("Tulis apa yang diminta dari mitra."))


def check_can_move(*, now: str, to: str, decline: str = "") -> None:
    """This will refuse a move that is not in the table of legal moves, and a no without a reason.

    :raises Refused: saying where the referral stands.
    """
    if (now, to) not in REFERRAL_MOVES:
        raise Refused(_("Rujukan ini sudah berstatus “%s”. Muat ulang halaman.") % ReferralStatus(now).label)
    if to == ReferralStatus.DECLINED and decline not in Decline.values:
        raise Refused(_("Pilih alasan menolak, supaya unit bisa mencari jalan lain."))


def check_can_give(*, service: str, kind: str, given_on: date, today: date) -> None:
    """This will refuse a service that lies ahead, or a kind that is none of that service.

    :raises Refused: saying what to correct.
    """
    if given_on > today:
        raise Refused(_("Layanan ini belum terjadi. Periksa tanggalnya."))
    if kind not in {one.value for one in KINDS_OF[service]}:
        raise Refused(_("Bentuk ini bukan bagian dari layanan itu. Pilih dari daftar."))


def check_visum(*, dated_on: date, today: date, number: str) -> None:
    """This will refuse a visum without number or with a day ahead. Its findings are the investigator's, not ours.

    :raises Refused: saying what to correct. Source: flow.md 7 (the unit keeps number and date, not findings).
    """
    if not number.strip():
        raise Refused(_("Tulis nomor visum."))
    if dated_on > today:
        raise Refused(_("Tanggal visum ini belum terjadi. Periksa tanggalnya."))


def check_accepted(*, status: str) -> None:
    """This will refuse a record of what was done on a referral that was not accepted, or is over.

    :raises Refused: saying where the referral stands.
    """
    if status == ReferralStatus.SENT:
        raise Refused(_("Terima dulu rujukan ini, baru catat layanannya."))
    if status != ReferralStatus.ACCEPTED:
        raise Refused(
            _("Rujukan ini sudah berstatus “%s”, jadi tulisan ini tidak disimpan. Salin dulu kalau perlu.")
            % ReferralStatus(status).label
        )
