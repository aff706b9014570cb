"""When an unborn child is recorded, and when it is not. Source: care.md 13."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.people.states import PersonRole, UnbornEnd, UnbornGround


def check_can_record_unborn(*, ground: str, agreed: bool, roles: Iterable[str]) -> None:
    """This will refuse to record an unborn child without its mother's yes, on another ground, or of who is no client.

    ``roles``: the mother's live parts in the dossier.

    :raises Refused: saying what comes first. Source: care.md 13.
    """
    if PersonRole.CLIENT not in set(roles):
        raise Refused(_("Anak dalam kandungan dicatat hanya untuk klien di berkas ini."))
    if ground not in UnbornGround.values:
        raise Refused(
            _("Dicatat hanya kalau kekerasan ditujukan kepada kandungan, atau karena perdagangan orang.")
        )
    if not agreed:
        raise Refused(
            _("Tanpa persetujuannya, anak dalam kandungan tidak dicatat. Keputusannya tetap miliknya.")
        )


def check_can_end_unborn(*, ending: str, ended_at: datetime | None) -> None:
    """This will refuse to end such a record twice. Nobody is asked for a reason.

    :raises Refused: where it has ended.
    """
    if ended_at is not None:
        raise Refused(_("Catatan ini sudah berakhir."))
    if ending not in UnbornEnd.values:
        raise Refused(_("Pilih salah satu dari daftar."))
