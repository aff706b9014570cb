"""The forms of the legal process: a step on either side, pressure to settle, a wall."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.justice.states import HERS_ALONE, Outcome, Pressing, Statute, Step
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.people.states import Relation

LONGEST_NUMBER, LONGEST_NOTE = 120, 4_000
Choices = list[tuple[Any, Any]]


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


class AgainstStep(LegalStep):
    """One step of a process in which the client is the reported person, with who speaks for her."""

    step = Choice(
        choices=[one for one in Step.choices if one[0] not in HERS_ALONE], many=True, label=_("Langkah")
    )
    counsel = Choice(
        choices=[],
        many=True,
        empty=_("Pendamping hukum dari unit"),
        required=False,
        label=_("Siapa yang mendampingi klien di perkara ini"),
        help_text=_(
            "Lembaga lain hanya melihat perkara ini kalau klien setuju dan lembaga itu dipilih di sini."
        ),
    )
    opposing = Choice(
        choices=[],
        many=True,
        empty=_("Tidak ada, atau belum diketahui"),
        required=False,
        label=_("Lembaga yang mendampingi pihak lawan"),
        help_text=_("Lembaga yang sama tidak bisa mendampingi keduanya."),
    )

    field_order = ("client", "step_id", "step", "happened_on", "counsel", "opposing")

    def __init__(self, *args: Any, institutions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, institutions=institutions, **kwargs)
        for name in ("counsel", "opposing"):
            field: Any = self.fields[name]
            field.choices = [*field.choices[:1], *institutions]


class Pressed(ForClient):
    """That a client was pressed to settle: when, by whom, how, and what was said."""

    pressure_id = RowId()
    happened_on = Day(ahead=False, label=_("Terjadi pada"))
    pressed_by = Choice(choices=Relation.choices, many=True, label=_("Siapa yang menekan, bagi klien"))
    how = Choice(choices=Pressing.choices, label=_("Bagaimana caranya"))
    told = Text(
        max_length=LONGEST_NOTE,
        lines=5,
        label=_("Apa yang dikatakan atau dilakukan"),
        help_text=_("Dengan kata-kata klien sebisa mungkin. Tersimpan tertutup."),
    )


class KeepOut(forms.Form):
    """Whom to keep out of a file."""

    colleague = Choice(choices=[], many=True, label=_("Rekan yang mendampingi pihak lawan, atau kerabatnya"))

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["colleague"]
        field.choices = [*field.choices[:1], *colleagues]
