"""Rules of taking a report down while somebody speaks."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.states import Role
from ruangaman.intake.policies.reports import check_has_story
from ruangaman.intake.states import TAKEN_DOWN, Channel, ForWhom
from ruangaman.kernel.errors import Refused

CALL_LIFE = timedelta(hours=12)
AFTERWARDS = timedelta(minutes=30)  # how long the page after sending can still be read
# Who takes reports down: those who may write what was told of a report of their unit (policy/matrix.yaml).
TAKES = frozenset({Role.INTAKE_OFFICER, Role.SUPERVISOR})
# Of these ways, those in which somebody of the unit speaks with who reports: she is answered in that very moment.
SPOKEN = (
    Channel.OFFICE,
    Channel.POST,
    Channel.PHONE_112,
    Channel.CALL_CENTRE,
    Channel.RP3,
    Channel.LOCAL,
)
assert set(SPOKEN) <= set(TAKEN_DOWN)
LONGEST_ANSWERS = 60_000  # characters of a whole draft
MOST_QUESTIONS = 30  # different names that are looked for in one call


def check_can_keep(answers: Mapping[str, Any]) -> None:
    """This will refuse to keep more than anybody tells in one call.

    :raises Refused: saying what to do.
    """
    if sum(len(str(value)) for value in answers.values()) > LONGEST_ANSWERS:
        raise Refused(
            _("Tulisan ini terlalu panjang untuk satu draf. Kirim dulu, lalu tambahkan di berkasnya.")
        )


def check_can_send_call(*, story: str, channel: str, limits: str, for_whom: str, subject: str) -> None:
    """This will refuse a report without a story, or taken from speaking without the limits of secrecy being settled.

    The duty of the unit to tell the police is said before she tells. Source: care.md 9; UU 12/2022 Pasal 41.

    :raises Refused: saying what is missing.
    """
    check_has_story(story)
    if channel in SPOKEN and not limits:
        raise Refused(
            _(
                "Tandai dulu apakah batas kerahasiaan sudah dibacakan. Kalau tidak sempat, pilih “belum sempat”."
            )
        )
    if for_whom == ForWhom.ME and subject.strip():
        raise Refused(
            _(
                "Penelepon melapor untuk dirinya sendiri: tulis namanya di “Nama penelepon”, bukan sebagai orang lain."
            )
        )


def account(story: str, asked: list[tuple[str, str]]) -> str:
    """This will give what was told, and below it what the officer asked, so that nobody has to ask it again."""
    lines = [f"{question}: {answer}" for question, answer in asked if answer]
    if not lines:
        return story
    return "\n".join([story.rstrip(), "", str(ASKED), *lines])


ASKED = gettext_lazy("Ditanyakan petugas:")


def check_can_ask(asked_before: int) -> None:
    """This will refuse to look for ever more names in one call.

    :raises Refused: naming the page whose use a supervisor sees. Source: care.md 18.
    """
    if asked_before >= MOST_QUESTIONS:
        raise Refused(
            _(
                "Sudah banyak nama dicari dalam satu telepon ini. Untuk mencari lagi, pakai halaman Cari orang."
            )
        )
