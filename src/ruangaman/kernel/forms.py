"""Form fields that say, in a sentence, what is wrong with a text, and keep it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

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
