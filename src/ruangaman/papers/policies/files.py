"""Rules of files: in which section one lies, how its pieces come in, who may look at it and take it away."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused
from ruangaman.papers.states import SECTIONS_OF, PaperKind, PaperState, Scan

PIECE = 262_144  # bytes of a file that lie together; all but the last one are as long
UNFINISHED = timedelta(hours=24)
LONGEST_NOTE = 2000
# Where papers may lie; the rest of the matrix holds no files.
PAPER_SECTIONS = tuple(
    section
    for section in Section
    if section
    in {
        *SECTIONS_OF.values(),
        *(Section.RISK, Section.SHELTER, Section.SPIRITUAL, Section.REFERRAL),
        # What the unit hands to whoever holds a code: chosen for that, never by what kind it is.
        *(Section.THREAD, Section.CLIENT_THREAD),
    }
)


def section_for(*, kind: str, wished: str, writes: Collection[str]) -> Section:
    """This will say in which section a paper of that kind is put.

    :raises Refused: where who attaches it may not write there.
    """
    section = Section(wished) if wished else SECTIONS_OF[PaperKind(kind)]
    if section not in writes or section not in PAPER_SECTIONS:
        raise Refused(
            _("Anda tidak bisa menulis di bagian “%(section)s”. Pilih bagian lain untuk dokumen ini.")
            % {"section": section.label}
        )
    return section


def check_sheet(*, kind: str, section: str) -> None:
    """This will check that the signed sheet of a consent is kept as what it is, beside the consents.

    :raises Refused: saying what to choose.
    """
    if kind != PaperKind.CONSENT or section != SECTIONS_OF[PaperKind.CONSENT]:
        raise Refused(
            _("Pilih jenis “%(kind)s”, dan biarkan bagiannya sesuai jenisnya.")
            % {"kind": PaperKind.CONSENT.label}
        )


def pieces_for(size: int) -> int:
    """This will say in how many pieces a file of ``size`` bytes comes."""
    return -(-size // PIECE)


def check_piece(*, index: int, received: int, size: int, length: int) -> None:
    """This will check that a piece is the next one, and as long as it must be.

    :raises Refused: where it is not; ``received`` tells the sender where to go on.
    """
    if index > received or index >= pieces_for(size):
        raise Refused(_("Potongan ini datang di luar urutan. Lampirkan lagi dari awal."))
    if length != min(PIECE, size - index * PIECE):
        raise Refused(_("Potongan ini tidak utuh. Lampirkan lagi dari awal."))


def check_whole(*, received: int, size: int) -> None:
    """This will check that every piece has come.

    :raises Refused: where some are missing.
    """
    if received != pieces_for(size):
        raise Refused(_("Berkas ini belum lengkap. Lanjutkan mengirim, atau lampirkan lagi dari awal."))


def check_can_look(*, state: str, is_evidence: bool, scan: str) -> None:
    """This will check that a file may be opened in any way.

    Source: care.md 14: evidence is kept as it came, and opened only with a reason and a second person.

    :raises Refused: for evidence, for what is not there, and for what the scanner found infected.
    """
    if is_evidence:
        raise Refused(_("Ini bukti. Membukanya memerlukan alasan dan persetujuan orang kedua."))
    if state != PaperState.KEPT:
        raise Refused(_("Berkas ini belum tersimpan utuh, jadi belum bisa dibuka."))
    if scan == Scan.INFECTED:
        raise Refused(_("Pemindai menemukan perusak di berkas ini. Ia tetap tersegel dan tidak bisa dibuka."))


def short_id(entry: UUID) -> str:
    """This will write the number of a ledger entry as it stands on a copy: its last twelve digits."""
    digits = entry.hex[-12:]
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"
