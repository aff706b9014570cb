"""Rules of the ways in: who keeps them, and which of them a partner's application may use."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role
from ruangaman.intake.states import Channel
from ruangaman.kernel.errors import Refused

# Who keeps a unit's ways in and the keys to them; the database says the same (intake.migrations.0008).
KEEPERS = frozenset({Role.SUPERVISOR, Role.HEAD})
# Ways that a unit sets up. The web form is one way for everybody; what comes from another region or out of another
# report has no door of its own.
SET_UP = tuple(channel for channel in Channel if channel not in (Channel.WEB, Channel.REGION, Channel.SPLIT))
# Where another system, not a person, hands over.
HANDED_OVER = frozenset({Channel.APP, Channel.PHONE_112, Channel.CALL_CENTRE, Channel.REFERRAL})


def check_can_keep_ways(roles: Iterable[str]) -> None:
    """This will refuse whoever does not lead the unit.

    :raises Refused: saying who does.
    """
    if not KEEPERS & set(roles):
        raise Refused(_("Saluran pengaduan diatur oleh penyelia atau kepala unit. Mintalah kepada mereka."))


def check_can_set_way(*, channel: str, needs_ticket: bool) -> None:
    """This will refuse a ticket number for a way on which no other system hands over.

    :raises Refused: with what to change.
    """
    if channel not in SET_UP:
        raise Refused(_("Saluran ini dibuat oleh sistem sendiri. Pilih saluran yang lain."))
    if needs_ticket and channel not in HANDED_OVER:
        raise Refused(
            _(
                "Nomor tiket hanya ada pada saluran yang diserahkan sistem lain, misalnya 112 atau pusat panggilan. "
                "Hapus tanda itu, atau pilih saluran yang lain."
            )
        )


def check_can_make_key(*, channel: str, active: bool) -> None:
    """This will refuse an application's key where no application hands over, or where nothing is taken at present.

    :raises Refused: with what to do first.
    """
    if channel not in HANDED_OVER:
        raise Refused(
            _("Saluran ini dipakai orang, bukan aplikasi. Kunci hanya dibuat untuk aplikasi mitra dan 112.")
        )
    if not active:
        raise Refused(_("Saluran ini sedang tidak dipakai. Aktifkan dulu, lalu buat kuncinya."))
