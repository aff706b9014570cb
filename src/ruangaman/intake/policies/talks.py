"""Rules of what was said outside the thread."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ruangaman.intake.states.ways import Medium
from ruangaman.kernel.errors import Refused

# Nothing of a survivor's stays on a telephone. Source: issue "Intake" (messenger hotline: no content on phones).
WIPE_SOURCE = _("Tidak ada isi pesan yang tinggal di ponsel")


def check_can_log(*, text: str, said_at: datetime, medium: str, wiped: bool, at: datetime) -> None:
    """This will refuse an entry that tells nothing, lies ahead, or wipes a telephone that was not used.

    :raises Refused: with what to change.
    """
    if not text.strip():
        raise Refused(_("Tulis dulu apa yang disampaikan."))
    if said_at > at:
        raise Refused(_("Waktunya belum terjadi. Periksa hari dan jamnya."))
    if wiped and medium != Medium.MESSENGER:
        raise Refused(_("Yang dihapus dari ponsel hanya pesan. Hapus tanda itu, atau pilih pesan."))
