"""Rules of when a reported person is likely to be somewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.people.policies import EVERY_DAY, bits_of, days_of

DAY = timedelta(days=1)
MIDNIGHT = time(0)
END_OF_DAY = time.max


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of one local day, on some weekdays, from a day on, until a day or for good."""

    weekdays: int
    from_time: time
    until_time: time
    from_on: date
    until_on: date | None


def windows(
    days: Iterable[int], from_time: time, until_time: time, from_on: date, until_on: date | None
) -> list[Window]:
    """This will give the windows of hours that somebody told: one, or two where they last over midnight.

    The same hour twice means all day and night.

    :raises Refused: saying what to correct.
    """
    bits = bits_of(days)
    if not 1 <= bits <= EVERY_DAY:
        raise Refused(_("Pilih paling sedikit satu hari."))
    if until_on and until_on < from_on:
        raise Refused(_("Hari terakhir harus sesudah hari pertama."))
    if from_time < until_time:
        return [Window(bits, from_time, until_time, from_on, until_on)]
    night = Window(bits, from_time, END_OF_DAY, from_on, until_on)
    if until_time == MIDNIGHT:
        return [night]
    next_days = bits_of((day + 1) % 7 for day in days_of(bits))
    last = until_on + DAY if until_on else None
    return [night, Window(next_days, MIDNIGHT, until_time, from_on + DAY, last)]
