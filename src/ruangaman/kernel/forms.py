"""Form fields that say, in a sentence, what is wrong with a text, and keep it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id

EARLIEST_YEAR = 1900

# Marks that turn the direction of writing or hide: with them a text can show other than what it holds.
HIDDEN_MARKS = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u200b"
)


def readable(text: str) -> None:
    """This will refuse a text that can't be stored or read.

    :raises ValidationError: with what to do.
    """
    if "\0" in text:
        raise ValidationError(
            _("Ada tanda yang tidak bisa disimpan. Hapus tanda aneh di teks ini, lalu kirim lagi.")
        )
    if "\ufffd" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError(
            _("Sebagian teks tidak terbaca. Ketik ulang bagian yang bertanda aneh, lalu kirim lagi.")
        )


class Text(forms.CharField):
    """One line or many; hidden direction marks are taken out, NUL and broken encoding are told."""

    def __init__(self, *, max_length: int, lines: int = 1, **kwargs: Any) -> None:
        if lines > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(max_length=max_length, **kwargs)
        # The browser's own limit would cut a pasted text without a word; the form says it instead.
        self.widget.attrs.pop("maxlength", None)
        self.validators = [readable, *(v for v in self.validators if "Null" not in type(v).__name__)]
        self.error_messages["max_length"] = _(
            "Teks ini terlalu panjang: paling banyak %(limit_value)d huruf, sekarang %(show_value)d."
        )
        for validator in self.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = self.error_messages["max_length"]

    def to_python(self, value: Any) -> str:
        # A browser sends each line break as two characters; they would count against the writer.
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        return "".join(character for character in text if character not in HIDDEN_MARKS)


class Day(forms.DateField):
    """A day, chosen with the browser's own calendar. ``ahead=False`` refuses a day that has not come yet."""

    def __init__(self, *, ahead: bool = True, **kwargs: Any) -> None:
        self.ahead = ahead
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs)
        self.error_messages["invalid"] = _("Tulis tanggal yang ada, misalnya 23-11-2026.")

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and not self.ahead and day > timezone.localdate(clock.now()):
            raise ValidationError(_("Tanggal ini belum terjadi. Periksa hari, bulan, dan tahunnya."))
        if day and day.year < EARLIEST_YEAR:
            raise ValidationError(_("Tahun ini terlalu lama berlalu. Periksa tahunnya."))
        return day


class Moment(forms.DateTimeField):
    """A day and an hour in local time, chosen with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"], widget=widget, **kwargs)
        self.error_messages["invalid"] = _("Tulis tanggal dan jam yang ada, misalnya 23-11-2026 09:30.")

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment and moment.year < EARLIEST_YEAR:
            raise ValidationError(_("Tahun ini terlalu lama berlalu. Periksa tahunnya."))
        return moment


class Choice(forms.ChoiceField):
    """One of a few, as radio buttons; or of many, in a list that begins with a sentence and not with dashes."""

    def __init__(self, *, choices: Any, many: bool = False, empty: Any = "", **kwargs: Any) -> None:
        if not many:
            kwargs.setdefault("widget", forms.RadioSelect)
        first = [("", empty or _("Pilih satu"))] if many else []
        kwargs["error_messages"] = {
            "required": _("Pilih salah satu."),
            "invalid_choice": _("Pilihan ini tidak ada di daftar. Pilih salah satu."),
            **kwargs.get("error_messages", {}),
        }
        super().__init__(choices=[*first, *choices], **kwargs)


class RowId(forms.Field):
    """The id of what a form makes, which travels with it unseen, so that a double click makes it once.

    One that is missing or broken is no fault of who writes, and could not be mended by them: a new one is made.
    """

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False)

    def to_python(self, value: Any) -> UUID:
        try:
            return UUID(str(value))
        except ValueError:
            return new_id()
