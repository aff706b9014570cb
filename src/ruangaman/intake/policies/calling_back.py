"""When a reporter may be called back without danger. Source: care.md 7."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.intake.states import Means
from ruangaman.intake.states.ways import CALL_ENDS, CallResult
from ruangaman.kernel.errors import Refused
from ruangaman.people.policies.contact import DAYTIME, EVERY_DAY

CONTACT_SOURCE = gettext_lazy("Kontak aman pelapor")  # care.md 7
# Many missed calls in a row are themselves a danger: somebody else sees them.
PAUSE = timedelta(hours=2)
# A call that began within the safe hours may have ended after them.
STILL_TOLD = timedelta(hours=1)
SOON = timedelta(hours=1)  # how long before the safe hours begin a call is shown among the duties
ONE_WEEK = 8  # days ahead in which a weekday comes round, whatever the hour

Window = tuple[datetime, datetime]
DOUBTED = gettext_lazy(
    "Ia memberi tahu bahwa kontak ini tidak aman lagi: jangan menelepon. Tunggu pesannya, jawab di halaman kodenya, "
    "atau temui ia lewat penjangkauan yang direncanakan. Dalam bahaya sekarang, 112."
)


@dataclass(frozen=True, slots=True)
class Safe:
    """How and when a reporter said that they can be reached, without the number itself."""

    means: str
    zone: ZoneInfo
    never_call: bool = False
    weekdays: int = EVERY_DAY  # bit 0 is Monday
    from_time: time | None = None
    until_time: time | None = None
    doubted: bool = False  # told to be not safe any more, and no other was confirmed since
    hers: UUID | None = None  # the client's own contact, in place of what was told with the report

    @property
    def may_be_called(self) -> bool:
        """This will say whether a call is a way that they named, and that still holds."""
        return self.means == Means.CALL and not self.never_call and not self.doubted


def next_safe_window(safe: Safe, after: datetime) -> Window | None:
    """This will give the safe hours that run at ``after``, else the next ones; None for who must not be called.

    Where no hours were named, those of the day (8 to 20) count.
    """
    if not safe.may_be_called:
        return None
    begins, ends = (safe.from_time, safe.until_time) if safe.from_time and safe.until_time else DAYTIME
    today = after.astimezone(safe.zone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(ONE_WEEK)):
        window = datetime.combine(day, begins, safe.zone), datetime.combine(day, ends, safe.zone)
        if safe.weekdays >> day.weekday() & 1 and window[1] > after:
            return window
    return None


def is_safe_at(safe: Safe, at: datetime) -> bool:
    """This will say whether the reporter may be called at this moment."""
    window = next_safe_window(safe, at)
    return window is not None and window[0] <= at


def first_try(safe: Safe, wanted: datetime) -> datetime:
    """This will give the first safe moment from ``wanted`` on.

    :raises Refused: for who must not be called.
    """
    check_may_be_called(safe)
    window = next_safe_window(safe, wanted)
    if window is None:
        raise Refused(_("Tidak ada hari yang aman di kontaknya. Periksa kontak amannya dulu."))
    return max(window[0], wanted)


def next_try(safe: Safe, result: str, at: datetime) -> datetime | None:
    """This will give when to try again after a try at ``at``: in safe hours, never at once; None where it has ended.

    Where somebody was with them or answered in their place, not in the same safe hours again.
    """
    if result in CALL_ENDS or not safe.may_be_called:
        return None
    wanted = at + PAUSE
    if result in (CallResult.NOT_ALONE, CallResult.SOMEBODY_ELSE):
        window = next_safe_window(safe, at)
        wanted = max(wanted, window[1] if window else wanted)
    return first_try(safe, wanted)


def check_may_be_called(safe: Safe) -> None:
    """This will refuse to call somebody who asked never to be called or to be reached another way, or who told that
    the contact is not safe any more.

    There is no "call all the same", not for danger and not for a supervisor: at that number somebody else may answer,
    and the call itself may be the danger. In danger now the police and 112 go to her; a supervisor may decide on a
    visit, with a safety plan. Source: care.md 5 and 7.

    :raises Refused: saying which way there is. Source: care.md 7.
    """
    if safe.doubted:
        raise Refused(DOUBTED)
    if safe.never_call:
        raise Refused(_("Pelapor meminta tidak pernah ditelepon. Jawab lewat percakapan kodenya saja."))
    if safe.means != Means.CALL:
        raise Refused(_("Pelapor tidak memilih telepon. Pakai cara yang dipilihnya: lihat kontak amannya."))


def check_can_call(safe: Safe, at: datetime) -> None:
    """This will refuse a call outside the safe hours, and say when the next ones begin.

    :raises Refused: for who must not be called, or not now. Source: care.md 7.
    """
    check_may_be_called(safe)
    if not is_safe_at(safe, at):
        raise Refused(
            _("Di luar jam yang aman baginya. Boleh dihubungi lagi mulai %s.")
            % said(safe, first_try(safe, at))
        )


def check_can_tell(safe: Safe, at: datetime) -> None:
    """This will refuse the result of a call that can't have been made in safe hours.

    :raises Refused: as for the call itself.
    """
    if not is_safe_at(safe, at - STILL_TOLD):
        check_can_call(safe, at)
    check_may_be_called(safe)


def check_can_renew(
    *, means: str, phone: str, hours: tuple[time | None, time | None], weekdays: int, spoken_since: bool
) -> None:
    """This will refuse a new contact in place of one that is in doubt, unless it is their own word since, and whole.

    :raises Refused: with what is missing. Source: care.md 7.
    """
    if not spoken_since:
        raise Refused(
            _(
                "Catat hanya yang dikatakannya sendiri, sesudah ia memberi tahu bahwa kontaknya tidak aman lagi."
            )
        )
    if (means == Means.CODE) == bool(phone.strip()):
        raise Refused(_("Tulis nomornya; atau pilih lewat kode saja, tanpa nomor."))
    if not 1 <= weekdays <= EVERY_DAY:
        raise Refused(_("Pilih paling sedikit satu hari yang aman."))
    if (hours[0] is None) != (hours[1] is None):
        raise Refused(_("Tulis kedua jamnya, atau kosongkan keduanya."))
    if hours[0] and hours[1] and hours[0] >= hours[1]:
        raise Refused(_("Jam akhir harus sesudah jam awal pada hari yang sama."))


def said(safe: Safe, at: datetime) -> str:
    """This will say a moment in words, in the time of the place."""
    return date_format(at.astimezone(safe.zone), "l, j F, H.i")
