"""Rules of handing a report to another region's unit."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies.triage import SENIOR
from ruangaman.intake.states.handling import CHOSEN_BASES, PassBasis, Passed, TransferState
from ruangaman.kernel.errors import Refused


def check_can_send(
    *,
    to_unit: bool,
    own: bool,
    outside: str,
    basis: str,
    passes: Collection[str],
    needs: str,
    why: str,
    danger: bool,
    roles: Iterable[str],
) -> None:
    """This will refuse a hand-over that names no unit or two, or passes on what nobody agreed to.

    ``danger``: the report tells of danger now. ``roles``: those held in the sender's unit.

    :raises Refused: with what to do. Source: flow.md, "Principles" (nothing without the client's consent); issue 6,
        "Refer out: with what consent allows".
    """
    if to_unit == bool(outside.strip()):
        raise Refused(_("Pilih satu unit dari daftar, atau tulis unit di luar sistem ini. Bukan keduanya."))
    if own:
        raise Refused(_("Ini unit Anda sendiri. Pilih unit daerah lain."))
    if not passes:
        raise Refused(_("Pilih apa yang diteruskan. Paling sedikit: yang perlu segera, tanpa nama."))
    if Passed.NEEDS in passes and not needs.strip():
        raise Refused(_("Tulis apa yang perlu segera, tanpa nama."))
    if not why.strip():
        raise Refused(_("Tulis mengapa ini wilayah mereka."))
    if basis not in CHOSEN_BASES:
        raise Refused(_("Pilih atas dasar apa laporan ini diteruskan."))
    if basis == PassBasis.NONE and set(passes) != {Passed.NEEDS}:
        raise Refused(
            _(
                "Tanpa persetujuan, yang bisa diteruskan hanya yang perlu segera, tanpa nama. "
                "Tanyakan dulu kepada pelapor atau korban, atau minta keputusan penyelia bila ada bahaya sekarang."
            )
        )
    if basis == PassBasis.DANGER and not (danger and SENIOR & set(roles)):
        raise Refused(
            _(
                "Dasar ini hanya untuk laporan yang menyebut bahaya sekarang, dan hanya penyelia yang memutuskannya."
            )
        )


def check_can_answer(*, state: str, accept: bool, answer: str) -> None:
    """This will refuse a second answer, and a no that says nothing.

    :raises Refused: with what to do.
    """
    if state != TransferState.SENT:
        raise Refused(_("Rujukan ini sudah dijawab atau ditarik kembali."))
    if not accept and not answer.strip():
        raise Refused(_("Tulis mengapa tidak diterima, supaya unit pengirim tahu langkah berikutnya."))


def check_can_take_back(*, state: str) -> None:
    """This will refuse to take back what was answered.

    :raises Refused: saying so.
    """
    if state != TransferState.SENT:
        raise Refused(_("Rujukan ini sudah dijawab, jadi tidak bisa ditarik kembali."))
