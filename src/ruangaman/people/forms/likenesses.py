"""Choosing two records to lay side by side."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.forms import Choice


class TwoRecords(forms.Form):
    """Two records of one file, by initials and parts."""

    person = Choice(label=_("Catatan pertama"), choices=[], many=True)
    other = Choice(label=_("Catatan kedua"), choices=[], many=True)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "other"):
            field = self.fields[name]
            assert isinstance(field, Choice)
            field.choices = [("", _("Pilih satu")), *people]

    def clean_other(self) -> str:
        """Not twice the same."""
        chosen: str = self.cleaned_data["other"]
        if chosen == self.cleaned_data.get("person"):
            raise ValidationError(_("Pilih dua catatan yang berbeda."))
        return chosen
