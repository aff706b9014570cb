"""Setting the register of complaints and the blank forms as PDF for the archive.

Their texts are data: the Typst sources beside this file take them as strings from JSON, as letters are set.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from ruangaman.intake.policies.paper_forms import Part, parts_of
from ruangaman.intake.queries.register import Register
from ruangaman.papers.typesetting import printable, square

REGISTER = Path(__file__).with_name("register.typ")
BLANK_FORM = Path(__file__).with_name("blank_form.typ")


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts that come with Typst: a page looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def register_pdf(
    register: Register, *, unit: str, first: date, last: date, printed_by: str, day: date
) -> bytes:
    """This will set a register of complaints as PDF/A."""
    title = _("Buku pengaduan")
    return _set(
        REGISTER,
        {
            "title": title,
            "heading": title,
            "lang": "id",
            "unit": unit,
            "period": f"{first:%d-%m-%Y} – {last:%d-%m-%Y}",
            "day": [day.year, day.month, day.day],
            "notes": [_("Tanpa nama dan tanpa cerita."), *([hidden_words()] if register.hides else [])],
            "header": header(),
            "rows": [
                [
                    str(line.number),
                    f"{line.received_on:%d-%m-%Y}",
                    line.channel,
                    line.reporter or "–",
                    line.place or "–",
                    _("ya") if line.in_danger else _("tidak"),
                    line.decision,
                    "–" if line.days is None else str(line.days),
                    line.reference,
                ]
                for line in register.lines
            ],
            "empty": _("Tidak ada laporan dalam rentang ini."),
            "foot": _("Dicetak %(day)s oleh %(who)s. Rahasia.")
            % {"day": f"{day:%d-%m-%Y}", "who": printed_by},
            "page_words": _("Halaman {page} dari {pages}"),
        },
    )


def header() -> list[str]:
    """This will give the columns of the register, as on its page."""
    return [
        _("No."),
        _("Tanggal"),
        _("Lewat"),
        _("Pelapor"),
        _("Kecamatan"),
        _("Bahaya"),
        _("Keputusan"),
        _("Dijawab (hari)"),
        _("Laporan"),
    ]


def hidden_words() -> str:
    """This will say that something of the quarter is not shown, and never how much."""
    return _("Tidak ditampilkan: ada. Dalam triwulan ini ada berkas yang tidak terbuka bagi Anda.")


def blank_form_pdf(*, kind: str, language: str, number: str, unit: str, day: date) -> bytes:
    """This will set one copy of a blank form in a language, with its own number, as PDF/A."""
    with override(language):
        form = parts_of(kind)
        return _set(
            BLANK_FORM,
            {
                "title": str(form.title),
                "heading": str(form.title),
                "lang": language,
                "unit": unit,
                "day": [day.year, day.month, day.day],
                "intro": [str(one) for one in form.intro],
                "number": number,
                "number_words": pgettext("formulir", "Nomor formulir"),
                "square_alt": _("Kotak kode yang berisi nomor formulir ini"),
                "page_words": _("Halaman {page} dari {pages}"),
                "parts": [_part(one) for one in form.parts],
            },
            drawn=square(number),
        )


def _part(part: Part) -> dict[str, Any]:
    return {
        "ask": str(part.ask),
        "hint": str(part.hint),
        "choices": [str(one) for one in part.choices],
        "columns": part.columns,
        "lines": part.lines,
        "space": part.space,
    }


def _set(source: Path, data: dict[str, Any], drawn: str = "") -> bytes:
    ready = {**_printable(data), "square": drawn}
    made = typst.compile(
        source,
        root=source.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(ready)},
        pdf_standards=["a-2b"],
        format="pdf",
    )
    assert isinstance(made, bytes)
    return made


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _printable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_printable(inner) for inner in value]
    return value
