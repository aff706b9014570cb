"""Rules of the parts that people have in a dossier."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.people.states import PartStatus, PersonRole

# The parts that are recorded by hand.
ADDED_ROLES = (
    PersonRole.CLIENT,
    PersonRole.REPORTED,
    PersonRole.HOUSEHOLD,
    PersonRole.WITNESS,
    PersonRole.TRUSTED,
    PersonRole.KEPT_OUT,
)


def check_can_have_part(*, role: str, roles: Iterable[str]) -> None:
    """This will refuse a part that somebody with ``roles`` in the dossier has already, or that can't go with them.

    A guardian is decided about apart. A client is never a reported person in her own file, nor the other way round.

    :raises Refused: saying what to do instead. Source: care.md 10, 12, 21.
    """
    if role not in ADDED_ROLES:
        raise Refused(_("Wali dicatat di halaman wali, dan pelapor bersama laporannya."))
    if role in set(roles):
        raise Refused(_("Orang ini sudah dicatat dengan peran itu."))
    if {PersonRole.CLIENT, PersonRole.REPORTED} <= {role, *roles}:
        raise Refused(
            _(
                "Klien tidak pernah menjadi terlapor di berkasnya sendiri. Laporan balik dicatat di proses hukum."
            )
        )
    if {PersonRole.TRUSTED, PersonRole.KEPT_OUT} <= {role, *roles}:
        raise Refused(
            _(
                "Orang ini dicatat sebagai yang dipercaya dan yang tidak boleh tahu. Akhiri dulu salah satunya."
            )
        )


def check_can_end_part(*, role: str, status: str, other_clients: int) -> None:
    """This will refuse to end what has ended, the reporter's part, and that of the only client.

    :raises Refused: saying what to do instead.
    """
    if status not in (PartStatus.ACTIVE, PartStatus.WAITING):
        raise Refused(_("Peran ini sudah berakhir."))
    if role == PersonRole.REPORTER:
        raise Refused(_("Pelapor tetap tercatat bersama laporannya."))
    if role == PersonRole.CLIENT and not other_clients:
        raise Refused(
            _("Ini satu-satunya klien di berkas. Catat dulu siapa kliennya, atau perbaiki identitasnya.")
        )
