"""Rules of who may decide that two records are of one person, and about which two. Source: care.md 18, 21."""

from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.people.states import PartStatus, PersonRole

VERY, SOME = 0.85, 0.5  # how strongly a score speaks
# The reported person is none of these, under whatever name. Source: care.md 10, 21.
OWN_SIDE = frozenset({PersonRole.CLIENT, PersonRole.GUARDIAN})
NOT_ONE = _(
    "Terlapor tidak bisa disatukan dengan klien atau wali di berkas yang sama. Periksa dulu perannya: mungkin salah "
    "satu peran dicatat keliru."
)


def check_pair(*, same_record: bool, same_unit: bool) -> None:
    """This will refuse two records that nobody decides about: one and the same, or of two units.

    :raises Refused: saying what to do instead. Source: care.md 18.
    """
    if same_record:
        raise Refused(_("Ini satu catatan yang sama. Pilih dua catatan yang berbeda."))
    if not same_unit:
        raise Refused(
            _("Catatan dari dua unit tidak disatukan. Hubungi unit yang lain; setiap unit menjaga berkasnya.")
        )


def check_may_decide(*, inside: bool, writes: bool, supervises: bool) -> None:
    """This will refuse somebody who may not decide who is one person with whom.

    Inside one file that is whoever writes identities there; across the files of a unit it is a supervisor, who
    sees them both and answers for what becomes visible. ``writes``: the identities of the file that keeps it.

    :raises Refused: saying whom to ask. Source: care.md 18 ("nothing merges itself").
    """
    if not inside and not supervises:
        raise Refused(_("Kaitan dengan berkas lain diputuskan penyelia. Minta penyelia unit Anda."))
    if not writes:
        raise Refused(
            _(
                "Identitas di berkas ini tidak bisa Anda ubah. Kalau kasusnya sudah selesai, buka kembali dulu."
            )
        )


def check_one_side(roles: set[tuple[str, str]], other_roles: set[tuple[str, str]]) -> None:
    """This will refuse making the reported person one with the client or her guardian; each role with its status.

    :raises Refused: saying what to correct first. The database asks the same. Source: care.md 10, 21.
    """
    live = [{role for role, status in side if status == PartStatus.ACTIVE} for side in (roles, other_roles)]
    for one, two in (live, live[::-1]):
        if PersonRole.REPORTED in one and two & OWN_SIDE:
            raise Refused(NOT_ONE)


def strength(value: float) -> str:
    """This will say in words how strongly two records look like one person's (`people.policies.likenesses.score`)."""
    if value >= VERY:
        return str(_("Sangat mirip"))
    return str(_("Mirip") if value >= SOME else _("Kurang mirip"))
