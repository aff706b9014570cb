"""The form of one legal step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.justice.states import Outcome, Statute, Step
from ruangaman.kernel.forms import Choice, Day, RowId, Text

LONGEST_NUMBER, LONGEST_NOTE = 120, 4_000


class ForClient(forms.Form):
    """A form about one client of a dossier. Where there is only one, nobody is asked which."""

    client = Choice(choices=[], label=_("Klien"))

    def __init__(self, *args: Any, clients: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].choices = clients  # type: ignore[attr-defined]
        if len(clients) == 1:
            self.fields["client"].widget = forms.HiddenInput()
            self.fields["client"].initial = clients[0][0]


class LegalStep(ForClient):
    """One step: which, when, where. Its id travels with the form, so that a double click sends it once."""

    step_id = RowId()
    step = Choice(choices=Step.choices, many=True, label=_("Langkah"))
    happened_on = Day(
        ahead=False,
        label=_("Terjadi pada"),
        help_text=_("Hari kejadiannya, bukan hari Anda mencatatnya."),
    )
    institution = Choice(
        choices=[], many=True, empty=_("Tidak disebut"), required=False, label=_("Di lembaga mana")
    )
    number = Text(
        max_length=LONGEST_NUMBER,
        required=False,
        label=_("Nomor"),
        help_text=_("Nomor laporan polisi, surat, atau perkara. Tersimpan tertutup."),
    )
    statute = Choice(
        choices=Statute.choices,
        many=True,
        empty=_("Belum atau tidak disebut"),
        required=False,
        label=_("Undang-undang yang dipakai"),
        help_text=_("Wajib untuk putusan."),
    )
    outcome = Choice(
        choices=Outcome.choices,
        many=True,
        empty=_("Bukan putusan"),
        required=False,
        label=_("Hasil putusan"),
    )
    note = Text(max_length=LONGEST_NOTE, lines=4, required=False, label=_("Catatan"))

    def __init__(self, *args: Any, institutions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty = self.fields["institution"].choices[:1]  # type: ignore[attr-defined]
        self.fields["institution"].choices = [*empty, *institutions]  # type: ignore[attr-defined]
