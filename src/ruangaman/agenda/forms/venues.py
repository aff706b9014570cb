"""Forms of what can be booked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.agenda.queries.places import Choices, Groups
from ruangaman.agenda.states import ResourceKind
from ruangaman.kernel.forms import Choice, Text

LONGEST_NAME = 120


class NewVenue(forms.Form):
    """A building that is no secret."""

    name = Text(
        label=_("Nama gedung"),
        max_length=LONGEST_NAME,
        help_text=_("Kantor, pengadilan, Puskesmas. Jangan pernah rumah aman, atau rumah seseorang."),
        error_messages={"required": _("Tulis nama gedungnya.")},
    )
    area = forms.ChoiceField(
        label=_("Kelurahan"),
        error_messages={
            "required": _("Pilih kelurahannya, supaya jarak dengan terlapor bisa dijaga."),
            "invalid_choice": _("Kelurahan ini tidak ada di daftar. Pilih dari daftar."),
        },
    )

    def __init__(self, *args: Any, areas: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("Pilih kelurahan")), *areas]  # type: ignore[attr-defined]


class NewResource(forms.Form):
    """A room, a vehicle or an interpreter."""

    kind = Choice(label=_("Jenis"), choices=ResourceKind.choices)
    name = Text(
        label=_("Nama"),
        max_length=LONGEST_NAME,
        help_text=_(
            "Misalnya: Ruang Melati; mobil B 1234 XY; Ibu Sari (bahasa isyarat BISINDO, bahasa Sunda)."
        ),
        error_messages={"required": _("Tulis namanya.")},
    )
    venue = forms.ChoiceField(
        label=_("Gedung"),
        required=False,
        help_text=_("Untuk ruang: di gedung mana."),
        error_messages={"invalid_choice": _("Gedung ini tidak ada di daftar. Pilih dari daftar.")},
    )

    def __init__(self, *args: Any, venues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["venue"].choices = [("", _("Tidak di satu gedung")), *venues]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("kind") == ResourceKind.ROOM and not told.get("venue") and "venue" not in self.errors:
            self.add_error("venue", _("Pilih di gedung mana ruang ini."))
        return told
