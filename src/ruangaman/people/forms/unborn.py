"""An unborn child who was the aim of violence or of trafficking."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.forms import Choice, RowId
from ruangaman.people.states import UnbornEnd, UnbornGround


class NewUnborn(forms.Form):
    """Why it is recorded, and that its mother wants it."""

    unborn_id = RowId()
    ground = Choice(label=_("Mengapa dicatat"), choices=UnbornGround.choices)
    agreed = forms.BooleanField(
        label=_("Ia setuju ini dicatat"),
        required=False,
        help_text=_(
            "Ia boleh berubah pikiran kapan saja, tanpa alasan. Catatan ini tidak membatasi pilihannya."
        ),
    )

    def __init__(self, *args: Any, mothers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(mothers) > 1:
            self.fields["mother"] = Choice(label=_("Klien"), choices=mothers)
            self.order_fields(("unborn_id", "mother", "ground", "agreed"))


class UnbornEnding(forms.Form):
    """That such a record ends."""

    ending = Choice(label=_("Mengapa berakhir"), choices=UnbornEnd.choices)
