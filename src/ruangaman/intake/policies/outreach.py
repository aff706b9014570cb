"""Rules of the safe attempt to reach her."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies.triage import SENIOR
from ruangaman.intake.states import (
    OutreachPlace,
    OutreachResult,
    Triage,
)
from ruangaman.kernel.errors import Refused

# How long a companion works in the file from one plan on; a new plan renews it.
TEAM_TIME = timedelta(days=180)


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
