"""Rules of merging reports and splitting one, and of taking either back."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role, Section, Stage
from ruangaman.intake.states import UNDECIDED, ReporterKind, Triage
from ruangaman.intake.states.handling import JoinKind, JoinReason
from ruangaman.kernel.errors import Refused

TAKE_REPORTS = frozenset({Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.HEAD})
# Where somebody still works on a report that is no case yet.
OPEN = frozenset({*UNDECIDED, Triage.OUTREACH, Triage.HEAD_OFFICE})
MERGING = (JoinReason.SAME_EVENT, JoinReason.SAME_PEOPLE)
SPLITTING = (JoinReason.SEVERAL_VICTIMS, JoinReason.SEVERAL_EVENTS)
# What a part has from the moment it is split off; anything else is its own.
BORN_WITH = frozenset(
    {Section.FILE, Section.ADMINISTRATION, Section.THREAD, Section.NARRATIVE, Section.JOURNAL}
)


def check_can_merge(*, same: bool, same_unit: bool, stage: str, triage: str, merged: bool) -> None:
    """This will refuse to merge a report into a file that nobody works on, into itself, or into what was merged itself.

    ``stage`` and ``triage`` are those of the file it would go into; ``merged`` says whether that file was merged.

    :raises Refused: with what to do instead. Source: issue 6, "Triage": merging can be undone, with nothing lost.
    """
    if same:
        raise Refused(_("Ini berkas yang sama. Tulis nomor berkas yang lain."))
    if not same_unit:
        raise Refused(_("Berkas itu milik unit lain. Pakai “Rujuk ke daerah lain”."))
    if merged:
        raise Refused(_("Berkas itu sendiri sudah digabung. Gabungkan langsung ke berkas tujuannya."))
    if stage == Stage.CLOSED or (stage == Stage.INTAKE and triage not in OPEN):
        raise Refused(
            _("Tidak ada lagi yang bekerja di berkas itu. Buka kembali dulu, atau pilih berkas lain.")
        )


def check_can_split(*, stage: str, erased: bool, roles: Iterable[str]) -> None:
    """This will refuse to split off a part of what has ended, and by who takes no reports.

    ``roles`` are those held in the unit.

    :raises Refused: with what to do instead.
    """
    if not TAKE_REPORTS & set(roles):
        raise Refused(
            _("Laporan baru dibuat petugas pengaduan. Minta petugas pengaduan atau penyelia memisahkannya.")
        )
    if stage == Stage.CLOSED or erased:
        raise Refused(_("Berkas ini sudah berakhir. Buka kembali dulu, lalu pisahkan."))


def check_can_undo(
    *, kind: str, undone: bool, stage: str, triage: str, held: Iterable[str], named: bool
) -> None:
    """This will refuse to take back what was taken back, and a part that has become more than what was split off.

    Of the part: its ``stage`` and ``triage``, the sections in which it ``held`` something, and whether other files
    were merged into it or split from it (``named``).

    :raises Refused: saying what stands in the way.
    """
    if undone:
        raise Refused(_("Ini sudah dibatalkan."))
    if kind != JoinKind.SPLIT:
        return
    if stage != Stage.INTAKE or triage not in OPEN or named or set(held) - BORN_WITH:
        raise Refused(
            _(
                "Laporan yang dipisahkan sudah dikerjakan sendiri, jadi pemisahannya tidak bisa dibatalkan lagi."
            )
        )


def kind_in_part(reporter_kind: str, reason: str) -> str:
    """This will give who the reporter is in the part: a victim is the witness of another's."""
    if reporter_kind == ReporterKind.VICTIM and reason == JoinReason.SEVERAL_VICTIMS:
        return ReporterKind.WITNESS
    return reporter_kind
