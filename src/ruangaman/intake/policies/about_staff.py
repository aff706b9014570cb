"""Rules of who is kept out of a file."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies.triage import SENIOR
from ruangaman.kernel.errors import Refused


def check_can_lift(*, roles: Iterable[str]) -> None:
    """This will refuse anybody but a supervisor or the head of the unit.

    :raises Refused: saying who can. Source: issue 6, "a report about a member of staff".
    """
    if not SENIOR & set(roles):
        raise Refused(
            _("Hanya penyelia atau kepala unit yang mengatur siapa yang dijauhkan dari berkas ini.")
        )


def check_can_wall(*, roles: Iterable[str], walled: bool, left: int) -> None:
    """This will refuse a wall by who may not raise it, a second one, and one behind which nobody could decide.

    ``left``: supervisors and heads of the unit who would still see the file.

    :raises Refused: with what to do. Source: issue 6, "wall and another triager".
    """
    check_can_lift(roles=roles)
    if walled:
        raise Refused(_("Orang ini sudah dijauhkan dari berkas."))
    if not left:
        raise Refused(_("Paling sedikit satu penyelia atau kepala unit harus bisa memutuskan laporan ini."))
