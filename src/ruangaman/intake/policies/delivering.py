"""What a partner's application hands over: one table of fields, from which it is read and documented."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies.reports import LONGEST_STORY
from ruangaman.intake.states import AgeBand, ForWhom, Means, ReporterKind
from ruangaman.kernel.forms import HIDDEN_MARKS

VERSION = "1"
LARGEST_BODY = 512 * 1024  # bytes: the longest story with every letter written as \uXXXX still goes in
SEVERAL_AN_HOUR = (
    120  # of one application: what is more is kept like any other and looked at after the others
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

NUMBER = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
# No NUL and no sign of broken encoding; a story has at least one character that can be seen.
READABLE = "^[^\\u0000\\ufffd]*$"
_UNSEEN = (
    "\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u061c\\u1680\\u180e\\u2000-\\u200f"
    "\\u2028-\\u202f\\u205f-\\u2069\\u3000\\ufeff\\ufffd"
)
TOLD = f"^[^\\u0000\\ufffd]*[^{_UNSEEN}][^\\u0000\\ufffd]*$"
PLACE = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$"
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of what is handed over, and which part of a report it becomes."""

    name: str
    kind: Kind
    says: "str | Promise"
    fills: str = ""  # a field of intake.actions.Told
    required: bool = False
    most: int = 0  # characters
    pattern: str = READABLE
    choices: tuple[str, ...] = ()
    fields: tuple["Field", ...] = ()
    example: Any = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: where, as a JSON pointer, and a sentence that says what to do."""

    pointer: str
    detail: str


REPORTER = (
    Field("kind", Kind.CHOICE, _("Siapa yang melapor."), "reporter_kind", choices=tuple(ReporterKind.values)),
    Field("name", Kind.TEXT, _("Nama pelapor, bila ia mau menyebutnya."), "name", most=200),
    Field("means", Kind.CHOICE, _("Cara menghubungi yang aman."), "means", choices=tuple(Means.values)),
    Field("phone", Kind.TEXT, _("Nomor telepon yang aman."), "phone", most=40, example="0812-0000-0000"),
    Field("never_call", Kind.YES_NO, _("Jangan pernah menelepon."), "never_call"),
    Field("weekdays", Kind.CHOICES, _("Hari yang aman."), "weekdays", choices=DAYS, example=["monday"]),
    Field("from_time", Kind.TEXT, _("Sejak jam berapa aman, waktu setempat."), "from_time", most=5, pattern=HOUR),
    Field("until_time", Kind.TEXT, _("Sampai jam berapa aman, waktu setempat."), "until_time", most=5, pattern=HOUR),
    Field("hours", Kind.TEXT, _("Waktu yang aman, dengan kata-katanya sendiri."), "hours", most=200),
    Field("code_word", Kind.TEXT, _("Kata yang diucapkan penelepon lebih dulu."), "code_word", most=60),
    Field("trusted", Kind.TEXT, _("Orang yang dipercaya seorang anak."), "trusted", most=500),
    Field("must_not_know", Kind.TEXT, _("Orang yang tidak boleh tahu."), "must_not_know", most=500),
)  # fmt: skip
FIELDS = (
    Field(
        "number",
        Kind.TEXT,
        _("Nomor laporan di sistem Anda. Nomor yang sama berarti laporan yang sama; pada 112, nomor tiket."),
        required=True,
        most=64,
        pattern=NUMBER,
        example="JA-2026-000123",
    ),
    Field(
        "danger_now",
        Kind.YES_NO,
        _("Ada bahaya sekarang. Ditanyakan paling dulu; arahkan juga ke 112."),
        "danger_now",
        required=True,
        example=False,
    ),
    Field(
        "story",
        Kind.TEXT,
        _("Apa yang terjadi, dengan kata-kata pelapor."),
        "story",
        required=True,
        most=LONGEST_STORY,
        pattern=TOLD,
        example="Tetangga saya sering terdengar menangis dan minta tolong pada malam hari.",
    ),
    Field("reporter", Kind.GROUP, _("Pelapor dan cara menghubunginya. Boleh tanpa nama."), fields=REPORTER),
    Field("for_whom", Kind.CHOICE, _("Siapa yang mengalami."), "for_whom", choices=tuple(ForWhom.values)),
    Field(
        "age_band", Kind.CHOICE, _("Umur pelapor bila ia yang mengalami."), "age_band",
        choices=tuple(AgeBand.values),
    ),
    Field(
        "place", Kind.TEXT, _("Kode wilayah menurut Kemendagri, dari provinsi sampai kelurahan."), "place",
        most=13, pattern=PLACE, example="31.73.01",
    ),
    Field("about_staff", Kind.YES_NO, _("Laporan ini tentang orang yang bekerja di layanan."), "about_staff"),
    Field("accused", Kind.TEXT, _("Nama orang layanan yang dilaporkan."), "accused", most=500),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the number, the parts of a report, and what is wrong."""

    number: str
    told: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)


def read(body: Any) -> Read:
    """This will read what an application sent, and say everything that is wrong with it at once."""
    told: dict[str, Any] = {}
    problems = list(_read_group(FIELDS, body, "#", told))
    if not problems:
        problems += _check_hours(told)
    return Read(told.pop("#number", ""), told, problems)


def _read_group(fields: Sequence[Field], body: Any, at: str, told: dict[str, Any]) -> Iterator[Problem]:
    if not isinstance(body, dict):
        yield Problem(at, str(_("Di sini harus ada objek JSON.")))
        return
    known = {one.name for one in fields}
    for name in body:
        if name not in known:
            yield Problem(
                f"{at}/{escaped(name)}", str(_("Nama ini tidak dikenal. Hapus, atau periksa ejaannya."))
            )
    for one in fields:
        here = f"{at}/{one.name}"
        if one.name in body:
            yield from _read_one(one, body[one.name], here, told)
        elif one.required:
            yield Problem(here, str(_("Ini wajib diisi.")))


def _read_one(one: Field, value: Any, here: str, told: dict[str, Any]) -> Iterator[Problem]:
    if one.kind == Kind.GROUP:
        yield from _read_group(one.fields, value, here, told)
        return
    wrong = _WRONG[one.kind](one, value)
    if wrong:
        yield Problem(here, wrong)
        return
    told[one.fills or f"#{one.name}"] = clean(value) if one.kind == Kind.TEXT else value


def _wrong_text(one: Field, value: Any) -> str:
    if not isinstance(value, str):
        return str(_("Ini harus berupa teks."))
    if len(value) > one.most:
        return str(
            _("Teks ini terlalu panjang: paling banyak %(most)d huruf, sekarang %(now)d.")
            % {"most": one.most, "now": len(value)}
        )
    # As ECMAScript reads a pattern, which is what the document promises: the end is the very end.
    if not re.fullmatch(one.pattern, value):
        if one.pattern in (READABLE, TOLD) and re.search("[\0\ufffd]", value):
            return str(_("Sebagian teks tidak terbaca. Kirim sebagai UTF-8, tanpa karakter kosong."))
        return str(_("Tulis dulu apa yang terjadi.") if one.pattern == TOLD else _("Bentuknya tidak sesuai."))
    return ""


def _wrong_choice(one: Field, value: Any) -> str:
    if isinstance(value, str) and value in one.choices:
        return ""
    return str(_("Pilih salah satu dari: %s.") % ", ".join(one.choices))


def _wrong_choices(one: Field, value: Any) -> str:
    fits = (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, str) and each in one.choices for each in value)
        and len(set(value)) == len(value)
    )
    return "" if fits else str(_("Kirim daftar, masing-masing sekali, dari: %s.") % ", ".join(one.choices))


def _wrong_yes_no(one: Field, value: Any) -> str:
    return "" if isinstance(value, bool) else str(_("Ini harus true atau false."))


_WRONG = {
    Kind.TEXT: _wrong_text,
    Kind.CHOICE: _wrong_choice,
    Kind.CHOICES: _wrong_choices,
    Kind.YES_NO: _wrong_yes_no,
}


def _check_hours(told: dict[str, Any]) -> Iterator[Problem]:
    """Turn days and hours into what a report keeps; hours come in pairs, the first before the second."""
    if "weekdays" in told:
        told["weekdays"] = sum(1 << DAYS.index(day) for day in told["weekdays"])
    hours = [told.get("from_time"), told.get("until_time")]
    for name, hour in zip(("from_time", "until_time"), hours, strict=True):
        if hour:
            told[name] = time.fromisoformat(hour)
    if bool(hours[0]) != bool(hours[1]) or (hours[0] and hours[1] and hours[0] >= hours[1]):
        yield Problem(
            "#/reporter/from_time", str(_("Isi kedua jam, yang pertama lebih awal daripada yang kedua."))
        )


def clean(text: str) -> str:
    """This will give a text as it is kept: without marks that hide or turn the writing, one sign for a line break."""
    return "".join(c for c in text.replace("\r\n", "\n") if c not in HIDDEN_MARKS).strip()


def escaped(name: str) -> str:
    """This will write a name as a part of a JSON pointer (RFC 6901), and no longer than a page can bear."""
    return name[:64].replace("~", "~0").replace("/", "~1")


def check_who(told: dict[str, Any], *, takes_anonymous: bool) -> list[Problem]:
    """This will say what is missing where a way takes no report without a name, as a school's does."""
    if takes_anonymous or told.get("name"):
        return []
    return [Problem("#/reporter/name", str(_("Saluran ini menerima laporan dengan nama pelapor saja.")))]
