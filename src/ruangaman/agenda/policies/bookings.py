"""Rules of appointments: which section, how long, by whom they may be changed, which place is which."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role, Section
from ruangaman.agenda.states import BOOKING_MOVES, BookingKind, BookingState
from ruangaman.kernel.errors import Refused

# How long before and after two who must not meet are kept from one place. The database says the same; a test compares.
MARGIN = timedelta(minutes=60)
LONGEST = timedelta(days=14)  # one appointment; a journey that takes longer is two
AHEAD = timedelta(days=730)

# Who decides that an appointment is kept although two who must not meet might. Source: issue 4, "No-encounter".
OVERRIDERS = frozenset({Role.SUPERVISOR, Role.HEAD})

# No visit without a safety plan and a cover reason. Source: care.md 5.
VISITS = frozenset({BookingKind.OUTREACH, BookingKind.HOME_VISIT})

# In which section an appointment is kept: the first of these that whoever makes it may write.
SECTIONS = {
    BookingKind.SESSION: (
        Section.PSYCHOLOGICAL,
        Section.LEGAL,
        Section.SPIRITUAL,
        Section.SHELTER,
        Section.RISK,
        Section.PLAN,
    ),
    BookingKind.OUTREACH: (Section.RISK,),
    BookingKind.HOME_VISIT: (Section.RISK, Section.PLAN),
    BookingKind.MEETING: (Section.PLAN, Section.RISK, Section.LEGAL),
    BookingKind.HEARING: (Section.LEGAL, Section.PLAN, Section.RISK),
    BookingKind.EXAMINATION: (Section.MEDICAL, Section.PLAN, Section.RISK),
    BookingKind.TRAVEL: (Section.RISK, Section.PLAN, Section.LEGAL),
}
ANY_SECTION = tuple(dict.fromkeys(section for sections in SECTIONS.values() for section in sections))

TOGETHER = _(
    "Pada jam dan tempat ini terlapor mungkin ada di sana, sampai satu jam sebelum atau sesudahnya. "
    "Pilih jam lain atau tempat lain."
)


class Apart(Refused):
    """Two who must not meet would be brought together. A supervisor may decide otherwise, with a reason."""

    def __init__(self) -> None:
        super().__init__(TOGETHER)


def section_for(kind: str, writes: Iterable[str]) -> Section:
    """This will choose the section of an appointment from those that its maker may write.

    :raises Refused: where none of them fits.
    """
    held = set(writes)
    for section in SECTIONS[BookingKind(kind)]:
        if section in held:
            return section
    raise Refused(
        _("Jenis janji ini dibuat oleh rekan lain di tim. Pilih jenis lain, atau minta manajer kasus.")
    )


def period(day: date, start: time, end: time, until_day: date | None, zone: str) -> tuple[datetime, datetime]:
    """This will give the two moments of an appointment in the local time of its unit.

    Without a last day, an end that is not after the start is on the next day: a night journey.
    """
    local = ZoneInfo(zone)
    last = until_day or (day if end > start else day + timedelta(days=1))
    return datetime.combine(day, start, local), datetime.combine(last, end, local)


def check_can_book(
    *,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    staff: bool,
    safety_plan: str,
    cover_reason: str,
) -> None:
    """This will refuse an appointment that can't be, or may not be without more.

    :raises Refused: saying what to do.
    """
    if ends_at <= starts_at:
        raise Refused(_("Jam selesai harus sesudah jam mulai."))
    if ends_at - starts_at > LONGEST:
        raise Refused(_("Satu janji paling lama 14 hari. Buat dua janji untuk perjalanan yang lebih lama."))
    if ends_at <= at:
        raise Refused(_("Waktu ini sudah lewat. Pilih waktu yang akan datang."))
    if starts_at - at > AHEAD:
        raise Refused(_("Tanggal ini lebih dari dua tahun lagi. Periksa tahunnya."))
    if not staff:
        raise Refused(_("Pilih paling sedikit satu petugas."))
    if kind in VISITS and not (safety_plan.strip() and cover_reason.strip()):
        raise Refused(
            _(
                "Kunjungan dan penjangkauan perlu rencana keselamatan dan alasan yang bisa dikatakan "
                "bila ada yang bertanya."
            )
        )


def check_can_override(*, roles: frozenset[str], reason: str) -> None:
    """This will refuse an override by anybody but a supervisor or the head, or without a reason.

    :raises Refused: saying who decides.
    """
    if not OVERRIDERS & roles:
        raise Refused(_("Hanya penyelia atau kepala unit yang bisa memutuskan janji ini tetap dibuat."))
    if not reason.strip():
        raise Refused(_("Tulis alasan mengapa janji ini tetap dibuat."))


def check_can_change(*, now: str, to: str, starts_at: datetime, at: datetime) -> None:
    """This will refuse a change that an appointment can't go through any more, or not yet.

    :raises Refused: saying what to do instead.
    """
    if (now, to) not in BOOKING_MOVES:
        raise Refused(_("Janji ini sudah diubah orang lain. Muat ulang halaman."))
    if to in (BookingState.DONE, BookingState.MISSED) and starts_at > at:
        raise Refused(_("Janji ini belum dimulai. Batalkan atau pindahkan bila tidak jadi."))


def plain(words: str) -> str:
    """This will give the words of a place as they are compared: without case, marks and doubled blanks."""
    return " ".join(re.sub(r"[^\w]+", " ", words.casefold()).split())
