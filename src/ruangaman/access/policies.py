"""Rules of access: pure, told everything they need."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ruangaman.access.matrix import allows
from ruangaman.access.states import STAGE_MOVES, Decision, Role, Stage
from ruangaman.kernel.errors import Refused

# The longest that one grant may last without being looked at again. Source: ADR-0002.
LONGEST_GRANT = timedelta(days=366)
# Who may ask for a dossier to be erased, and who may approve it. Source: UU 27/2022 Pasal 43 and 44; ADR-0006.
ERASURE_ASKERS = frozenset({Role.DATA_OFFICER, Role.SUPERVISOR})
ERASURE_ROLES = ERASURE_ASKERS | {Role.HEAD}
# Who may propose and decide about powers. Source: security.md 15, "four eyes for granting powers".
POWER_ROLES = frozenset({Role.ADMINISTRATOR, Role.HEAD})


def check_can_grant(
    *, roles: Iterable[str], stage: str, section: str, writes: bool, until: datetime, at: datetime
) -> None:
    """This will refuse a grant that the matrix does not allow to any of the receiver's roles.

    :raises Refused: with what to do instead. Source: policy/matrix.yaml.
    """
    mode = "w" if writes else "r"
    if not any(allows(role, "grant", stage, section, mode) for role in roles):
        raise Refused(_("Peran orang ini tidak boleh menerima bagian itu. Pilih orang atau bagian lain."))
    if not at < until <= at + LONGEST_GRANT:
        raise Refused(_("Akses harus berakhir di masa depan, paling lama satu tahun."))


def check_can_join(*, sections: Iterable[str], until: datetime, at: datetime) -> None:
    """This will refuse a place on a team for a role that works on no dossier, or without an end ahead.

    :raises Refused: with what to do instead. Source: policy/matrix.yaml; ADR-0002.
    """
    if not list(sections):
        raise Refused(_("Peran orang ini tidak bekerja di dalam berkas. Pilih orang lain."))
    if not at < until <= at + LONGEST_GRANT:
        raise Refused(_("Akses harus berakhir di masa depan, paling lama satu tahun."))


def check_can_move(*, now: str, to: str) -> None:
    """This will refuse a move of stage that is not in the table of legal moves.

    :raises Refused: naming both stages. Source: flow.md, "The way of a case".
    """
    if (now, to) not in STAGE_MOVES:
        raise Refused(
            _("Berkas tahap “%(now)s” tidak bisa langsung menjadi “%(to)s”.")
            % {"now": Stage(now).label, "to": Stage(to).label}
        )


def check_can_propose(*, roles: Iterable[str], proposer: UUID, subject: UUID) -> None:
    """This will refuse a proposal of powers by somebody who may not make it, or for oneself.

    :raises Refused: saying who can. Source: security.md 15.
    """
    if not POWER_ROLES & set(roles):
        raise Refused(_("Hanya administrator atau kepala unit yang bisa mengusulkan peran."))
    if proposer == subject:
        raise Refused(_("Peran untuk diri sendiri harus diusulkan orang lain."))


def check_can_decide(
    *, roles: Iterable[str], decider: UUID, proposer: UUID, subject: UUID, decision: str
) -> None:
    """This will refuse a decision by the proposer, by the subject, by somebody without the power, or a second one.

    :raises Refused: saying who can. Source: security.md 15, "four eyes".
    """
    if decision != Decision.OPEN:
        raise Refused(_("Usulan ini sudah diputuskan."))
    if not POWER_ROLES & set(roles):
        raise Refused(_("Hanya administrator atau kepala unit yang bisa memutuskan usulan peran."))
    if decider == proposer:
        raise Refused(_("Usulan ini Anda buat sendiri. Orang kedua yang harus memutuskan."))
    if decider == subject:
        raise Refused(_("Usulan ini tentang Anda. Orang lain yang harus memutuskan."))


def check_can_ask_erasure(*, roles: Iterable[str], erased: bool) -> None:
    """This will refuse the wish to erase a dossier to whoever may not have it, or where it was erased already.

    ``roles`` are those held in the dossier's own unit.

    :raises Refused: saying who can. Source: UU 27/2022 Pasal 43 ayat (1); ADR-0006.
    """
    if not ERASURE_ASKERS & set(roles):
        raise Refused(_("Hanya pengawas data atau penyelia unit ini yang bisa meminta penghapusan."))
    if erased:
        raise Refused(_("Berkas ini sudah dihapus."))


def check_can_decide_erasure(*, roles: Iterable[str], decider: UUID, asker: UUID, decision: str) -> None:
    """This will refuse a decision by anybody but the head of the unit, by who asked, or a second one.

    :raises Refused: saying who can. Source: security.md 15, "four eyes".
    """
    if decision != Decision.OPEN:
        raise Refused(_("Permintaan ini sudah diputuskan."))
    if Role.HEAD not in roles:
        raise Refused(_("Hanya kepala unit yang bisa memutuskan penghapusan."))
    if decider == asker:
        raise Refused(_("Permintaan ini Anda buat sendiri. Orang kedua yang harus memutuskan."))
