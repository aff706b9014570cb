"""One call at a time: whoever opens a number that a colleague has just opened is told so first."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ruangaman.kernel.errors import Refused

# Who opens a number is taken to be calling so long, unless they write down before what came of it.
# Source: ONE_CALL_SOURCE.
CALLING = timedelta(minutes=15)
ONE_CALL_SOURCE = _(
    "Aturan sistem: satu nomor, satu penelepon. Dering kedua bisa terdengar saat ia tidak lagi sendiri."
)
# The second press of a double click is the same look.
DOUBLE_CLICK = timedelta(seconds=5)
LONG_NUMBER = 8  # digits: shorter ones can be dialled by nobody, or belong to everybody (112)
SHOWN_DIGITS = 3
NUMBER = re.compile(rf"\+?\d(?:[\s().\-–]*\d){{{LONG_NUMBER - 1},}}")


@dataclass(frozen=True, slots=True)
class Opening:
    """That somebody opened a number of a file, and wrote nothing yet of what came of it."""

    id: UUID
    by: UUID
    name: str  # empty for somebody of another organisation
    at: datetime
    objects: Sequence[UUID]
    here: bool = True  # else in a file that was merged with this one


class PerhapsCalling(Refused):
    """A colleague may be speaking on the telephone now: who opened the number, and how long ago.

    No refusal for good: danger must never be blocked, so whoever was told opens it with one more press.
    """

    def __init__(self, opening: Opening, at: datetime) -> None:
        minutes = max(0, int((at - opening.at).total_seconds() // 60))
        super().__init__(_who(opening, minutes))
        self.opening = opening


def _who(opening: Opening, minutes: int) -> str:
    told = {
        "name": opening.name or _("Petugas lembaga lain"),
        "minutes": minutes,
        "file": _("berkas ini") if opening.here else _("berkas yang digabung dengan ini"),
    }
    if minutes == 0:
        return str(_("%(name)s baru saja membuka nomor di %(file)s.") % told)
    return (
        ngettext(
            "%(name)s membuka nomor di %(file)s %(minutes)s menit yang lalu.",
            "%(name)s membuka nomor di %(file)s %(minutes)s menit yang lalu.",
            minutes,
        )
        % told
    )


def check_nobody_calls(openings: Sequence[Opening], *, by: UUID, told: UUID | None, at: datetime) -> None:
    """This will refuse to open a number while somebody else may be calling, until the opener was told of it.

    ``openings``: the newest first. ``told``: of which one they were told. Who opened it after that colleague goes on
    without being asked again; a third one who came in between is told of.

    :raises PerhapsCalling: saying who opened it and when. Source: ONE_CALL_SOURCE.
    """
    newest = next(iter(openings), None)
    if newest and newest.by != by and newest.id != told:
        raise PerhapsCalling(newest, at)


def is_same_look(openings: Sequence[Opening], *, by: UUID, objects: Collection[UUID], at: datetime) -> bool:
    """This will say whether this is the second press of a double click, already on record with the first."""
    newest = next(iter(openings), None)
    return (
        newest is not None
        and newest.by == by
        and set(newest.objects) == set(objects)
        and at - newest.at < DOUBLE_CLICK
    )


def ends_of(address: str) -> str:
    """This will give the last digits of the numbers in what she told, to recognise her by when she herself calls.

    Nothing else of it: neither an account nor through whom she was reached.
    """
    ends = ["".join(filter(str.isdigit, found))[-SHOWN_DIGITS:] for found in NUMBER.findall(address)]
    return ", ".join(f"… {end}" for end in dict.fromkeys(ends))
