"""What is told of a person: what she needs, how to address her, her background. Nothing of it has to be told.

Disability says what helps, and nothing about who decides: it never moves consent to a guardian. Source: care.md 11, 22,
23; UU 8/2016 Pasal 4.
"""

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.people.states import (
    Accommodation,
    Disability,
    Education,
    Language,
    Marriage,
    OfficerChoice,
    PlaceChoice,
    Religion,
    Sex,
    Work,
)
from ruangaman.places.policies import is_code

LONGEST_WORD = 80
LONGEST_NOTE = 2000
LONGEST_PLACE = 200
SIGN_LANGUAGES = (Language.BISINDO, Language.SIBI)
# An RT or RW has a number of one to three digits. Source: Permendagri 18/2018, as it is practised.
NEIGHBOURHOOD = re.compile(r"[0-9]{1,3}")


class _Told:
    """A profile as one text (JSON); what was not told is not in it."""

    def to_text(self) -> str:
        """This will give what was told as one text."""
        told: dict[str, Any] = asdict(self)  # type: ignore[call-overload]
        return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """This will read what was told from such a text.

        :raises Unreadable: where it is no such text.
        """
        try:
            told = json.loads(text)
            return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in told.items()})
        except (ValueError, TypeError, AttributeError) as broken:
            raise Unreadable(f"no {cls.__name__} in this text") from broken

    @property
    def is_empty(self) -> bool:
        """Whether nothing was told."""
        return not any(getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Support(_Told):
    """What makes help reachable for somebody. Source: care.md 23; UU 8/2016 Pasal 4."""

    disabilities: tuple[str, ...] = ()
    accommodations: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    other_language: str = ""
    interpreter: str = ""  # the language in which an interpreter is needed
    decides_with: str = ""  # who helps her decide; they never decide
    note: str = ""


@dataclass(frozen=True, slots=True)
class Courtesy(_Told):
    """How somebody wants to be addressed, by whom accompanied, and where they feel safe. Source: care.md 22."""

    called: str = ""
    address: str = ""  # Ibu, Mbak, Kak, Mas …
    officer: str = ""
    place: str = ""
    religion: str = ""  # for spiritual guidance only
    note: str = ""


@dataclass(frozen=True, slots=True)
class Background(_Told):
    """What stands on somebody's papers where it differs, school, work, and where they live. Source: care.md 22."""

    registered_name: str = ""
    registered_sex: str = ""
    education: str = ""
    work: str = ""
    marriage: str = ""
    origin: str = ""
    area: str = ""  # the code of a kelurahan, or of what around it is known
    area_name: str = ""  # as it was called when it was told
    rt: str = ""
    rw: str = ""
    street: str = ""


Profile = Support | Courtesy | Background
KIND_OF: dict[str, type[Support] | type[Courtesy] | type[Background]] = {
    Section.SUPPORT: Support,
    Section.COURTESY: Courtesy,
    Section.BACKGROUND: Background,
}


class Overtaken(Refused):
    """Somebody else told of this person while the form stood open."""

    def __init__(self, theirs: Profile | None, newest: UUID | None) -> None:
        super().__init__(_("Sementara itu orang lain sudah menyimpan. Baca yang tersimpan, lalu kirim lagi."))
        self.theirs, self.newest = theirs, newest


def section_of(profile: Profile) -> Section:
    """This will give the section in which such a profile lies."""
    return next(Section(section) for section, kind in KIND_OF.items() if isinstance(profile, kind))


def whole(profile: Profile) -> Profile:
    """This will add what follows from the rest: an interpreter for a language is a need by itself."""
    if not isinstance(profile, Support) or not profile.interpreter:
        return profile
    kind = (
        Accommodation.SIGN_INTERPRETER
        if profile.interpreter in SIGN_LANGUAGES
        else Accommodation.LANGUAGE_INTERPRETER
    )
    told = asdict(profile)
    told["accommodations"] = tuple(
        one.value for one in Accommodation if one in {kind, *told["accommodations"]}
    )
    return Support(**told)


def check_profile(profile: Profile) -> None:
    """This will refuse what no form offers, a text that is too long, and an interpreter into Indonesian.

    :raises Refused: saying what to correct.
    """
    if isinstance(profile, Support):
        _check_codes(profile.disabilities, Disability.values)
        _check_codes(profile.accommodations, Accommodation.values)
        _check_codes(profile.languages, Language.values)
        _check_codes([profile.interpreter], ["", *Language.values])
        if profile.interpreter == Language.INDONESIAN:
            raise Refused(
                _("Pilih bahasa yang ia pahami; juru bahasa menerjemahkannya dari bahasa Indonesia.")
            )
        _check_words(profile.other_language, profile.decides_with)
        _check_words(profile.note, most=LONGEST_NOTE)
    elif isinstance(profile, Courtesy):
        _check_codes([profile.officer], OfficerChoice.values)
        _check_codes([profile.place], PlaceChoice.values)
        _check_codes([profile.religion], Religion.values)
        _check_words(profile.called, profile.address)
        _check_words(profile.note, most=LONGEST_NOTE)
    else:
        _check_background(profile)


def _check_background(profile: Background) -> None:
    _check_codes([profile.registered_sex], ["", Sex.FEMALE.value, Sex.MALE.value])
    _check_codes([profile.education], Education.values)
    _check_codes([profile.work], Work.values)
    _check_codes([profile.marriage], Marriage.values)
    _check_words(
        profile.registered_name, profile.origin, profile.street, profile.area_name, most=LONGEST_PLACE
    )
    if profile.area and not is_code(profile.area):
        raise Refused(_("Pilih tempat tinggal dari daftar."))
    check_neighbourhood(profile.rt)
    check_neighbourhood(profile.rw)


def check_neighbourhood(number: str) -> None:
    """This will refuse an RT or RW that is not a number of one to three digits; it may be unknown.

    :raises Refused: saying what to write.
    """
    if number and not NEIGHBOURHOOD.fullmatch(number):
        raise Refused(_("RT dan RW ditulis dengan satu sampai tiga angka, misalnya 003. Boleh kosong."))


def _check_codes(given: Collection[str], known: Collection[str]) -> None:
    if not set(given) <= set(known):
        raise Refused(_("Pilihan ini tidak ada di daftar. Pilih dari daftar."))


def _check_words(*words: str, most: int = LONGEST_WORD) -> None:
    if any(len(one) > most for one in words):
        raise Refused(_("Teks ini terlalu panjang. Ringkas tulisannya."))
