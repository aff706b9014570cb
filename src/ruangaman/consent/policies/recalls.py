"""Rules of asking back: who may answer that what they had is deleted, and what may be kept."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role, Section
from ruangaman.consent.states import RecallAnswer
from ruangaman.kernel.errors import Refused

# Whoever may be in a file for one service alone, and so may have to leave it.
ASKED = frozenset(
    {Role.PARTNER_OFFICER, Role.PSYCHOLOGIST, Role.LAWYER, Role.SPIRITUAL_GUIDE, Role.SHELTER_OFFICER}
)
# What the law makes somebody keep, and of which parts. Source: UU 27/2022 Pasal 44 ayat (1); Permenkes 24/2022 (medical
# records); of the file of a process what has been handed in to it. A lawyer of the region confirms both.
MAY_BE_KEPT = {
    RecallAnswer.MEDICAL_RECORD: frozenset({Section.MEDICAL.value, Section.PSYCHOLOGICAL.value}),
    RecallAnswer.COURT_RECORD: frozenset({Section.LEGAL.value}),
}


def answers_for(sections: Iterable[str]) -> list[RecallAnswer]:
    """This will give what may be answered about these parts of a file: what must be kept can be said of its own parts
    only, and nobody says themselves that it was opened again.
    """
    lost = set(sections)
    return [
        answer
        for answer in RecallAnswer
        if answer != RecallAnswer.REOPENED and (answer not in MAY_BE_KEPT or MAY_BE_KEPT[answer] & lost)
    ]


def check_can_answer(*, answered: bool, answer: str, sections: Iterable[str]) -> None:
    """This will refuse a second answer, and one that does not fit what was seen.

    :raises Refused: saying what to do. Source: UU 27/2022 Pasal 40, 43 and 44.
    """
    if answered:
        raise Refused(_("Permintaan ini sudah dijawab. Muat ulang halamannya."))
    if answer not in {one.value for one in answers_for(sections)}:
        raise Refused(_("Pilih jawaban yang sesuai dengan bagian yang pernah terlihat."))
