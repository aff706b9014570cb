"""Where one goes, and when one is back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.agenda.queries.places import Groups
from ruangaman.kernel.forms import Choice, RowId, Text
from ruangaman.people.forms import hour

OTHER = "other"


class GoOut(forms.Form):
    """Two taps where one goes to an appointment: it is chosen, and so is the hour."""

    outing_id = RowId()
    what = Choice(label=_("Untuk apa Anda pergi"), choices=[])
    reference = Text(label=_("Nomor berkas"), max_length=12, required=False)
    back_by = hour(_("Saya kembali sebelum jam"))
    area = forms.ChoiceField(
        label=_("Kelurahan tujuan"),
        required=False,
        help_text=_(
            "Hanya kelurahannya, supaya rekan tahu ke mana mencari. Untuk janji, kelurahannya sudah ada."
        ),
        error_messages={"invalid_choice": _("Kelurahan ini tidak ada di daftar. Pilih dari daftar.")},
    )

    def __init__(
        self, *args: Any, bookings: list[tuple[str, str]], files: list[str], areas: Groups, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [*bookings, *((one, _("Berkas %s") % one) for one in files)]
        self.fields["what"].choices = [*known, (OTHER, _("Berkas lain"))]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("Tidak disebut")), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("what") == OTHER and not answers.get("reference") and "reference" not in self.errors:
            self.add_error("reference", _("Tulis nomor berkasnya."))
        return answers
