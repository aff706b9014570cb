"""Forms of the duty roster."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import User
from ruangaman.intake.policies.roster import DANGER_MINUTES, MINUTES, MOST_MINUTES
from ruangaman.intake.states.roster import ShiftKind
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.people.forms.contact import hour, weekdays

LONGEST_HAND_OVER = 4_000
EVERY_DAY = list(range(7))


class Hours(models.TextChoices):
    """How a day is divided."""

    THREE = "three", _("Tiga giliran: 07–15, 15–23, 23–07")
    TWO = "two", _("Dua giliran: 07–19, 19–07")
    OWN = "own", _("Satu giliran, jamnya di bawah")


TURNS = {
    Hours.THREE: [(time(7), time(15)), (time(15), time(23)), (time(23), time(7))],
    Hours.TWO: [(time(7), time(19)), (time(19), time(7))],
}


class Shifts(forms.Form):
    """One shift, or the same hours over days and weeks, in turn among those who are chosen."""

    people = forms.MultipleChoiceField(
        label=_("Siapa"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kalau lebih dari satu, mereka bergiliran menurut urutan ini."),
        error_messages={
            "required": _("Pilih paling sedikit satu orang."),
            "invalid_choice": _("Orang ini tidak ada di daftar. Pilih dari daftar."),
        },
    )
    kind = Choice(label=_("Di mana"), choices=ShiftKind.choices, initial=ShiftKind.DESK)
    rank = forms.IntegerField(
        label=_("Urutan dipanggil"),
        min_value=1,
        max_value=9,
        initial=1,
        help_text=_("1 dipanggil lebih dulu. Yang di kantor selalu dipanggil sebelum yang siap dipanggil."),
        error_messages={
            "required": _("Tulis angka 1 sampai 9."),
            "invalid": _("Tulis angka 1 sampai 9."),
            "min_value": _("Tulis angka 1 sampai 9."),
            "max_value": _("Tulis angka 1 sampai 9."),
        },
    )
    hours = Choice(label=_("Jam"), choices=Hours.choices, initial=Hours.OWN)
    start = hour(_("Mulai jam"), required=False)
    end = hour(_("Selesai jam"), required=False, help_text=_("Kalau lebih pagi dari jam mulai: besoknya."))
    day = Day(label=_("Dari tanggal"), error_messages={"required": _("Tulis tanggalnya.")})
    until_day = Day(
        label=_("Sampai tanggal"),
        required=False,
        help_text=_("Kosongkan untuk satu hari saja. Paling lama delapan minggu."),
    )
    days = weekdays(_("Pada hari"), initial=EVERY_DAY)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(str(one.id), one.name) for one in people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Puts the hours of the day together, and one day where no last one was told."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("hours") == Hours.OWN:
            for name in ("start", "end"):
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, ValidationError(_("Tulis jamnya, misalnya 09:30.")))
            given["turns"] = [(given.get("start"), given.get("end"))]
        elif given.get("hours"):
            given["turns"] = TURNS[Hours(given["hours"])]
        given["until_day"] = given.get("until_day") or given.get("day")
        return given


def _minutes(label: Any, initial: int) -> forms.IntegerField:
    wrong = format_lazy(_("Tulis angka 1 sampai {most}."), most=MOST_MINUTES)
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_MINUTES,
        initial=initial,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class Minutes(forms.Form):
    """In how many minutes a call is taken, before the next one is called."""

    danger_minutes = _minutes(_("Bahaya sekarang: menit"), DANGER_MINUTES)
    minutes = _minutes(_("Laporan lain: menit"), MINUTES)


class HandingOver(forms.Form):
    """To whom a shift is handed over, and what they have to know."""

    hand_over_id = RowId()
    to = Choice(label=_("Kepada"), choices=[], many=True)
    text = Text(
        label=_("Yang perlu diketahui"),
        max_length=LONGEST_HAND_OVER,
        lines=8,
        help_text=_("Sebut nomor laporan saja, tanpa nama siapa pun. Isinya ada di berkas."),
        error_messages={
            "required": _("Tulis apa yang perlu diketahui piket berikutnya, atau tulis: tidak ada.")
        },
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = ("", _("Pilih satu"))
        self.fields["to"].choices = [first, *((str(one.id), one.name) for one in people)]  # type: ignore[attr-defined]
