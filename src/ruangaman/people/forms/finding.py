"""Looking for somebody, and saying which report came of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel import clock
from ruangaman.kernel.forms import Choice, Text
from ruangaman.people.policies import LONGEST_NAME
from ruangaman.people.policies.likenesses import OLDEST_YEAR, Wanted

NIK = r"[0-9]{16}"


class LookUp(forms.Form):
    """A name and one more fact. Nothing typed here is kept."""

    unit = Choice(label=_("Anda mencari untuk unit"), choices=())
    name = Text(
        label=_("Nama"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"spellcheck": "false"})
    )
    born_year = forms.IntegerField(
        label=_("Tahun lahir, kalau tahu"),
        required=False,
        help_text=_("Perkiraan boleh: tahun sekarang dikurangi umurnya."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages={"invalid": _("Tulis tahunnya dengan empat angka, misalnya 1994.")},
    )
    area = Choice(
        label=_("Tempat tinggal, kalau tahu"),
        choices=(),
        many=True,
        required=False,
    )
    nik = forms.RegexField(
        label=_("NIK, kalau ada"),
        regex=NIK,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"}),
        error_messages={
            "invalid": _("NIK terdiri dari 16 angka. Kosongkan kalau tidak ada atau tidak pasti.")
        },
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], areas: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, area = self.fields["unit"], self.fields["area"]
        assert isinstance(unit, forms.ChoiceField) and isinstance(area, forms.ChoiceField)
        unit.choices = units
        area.choices = [("", _("Tidak diketahui")), *areas]
        if len(units) == 1:
            del self.fields["unit"]
        self.only = units[0][0] if units else ""

    def clean_born_year(self) -> int | None:
        """This will refuse a year in which nobody alive was born."""
        year: int | None = self.cleaned_data["born_year"]
        if year is not None and not OLDEST_YEAR <= year <= timezone.localdate(clock.now()).year:
            raise forms.ValidationError(_("Periksa tahunnya: antara 1900 dan tahun ini."))
        return year

    def unit_id(self) -> UUID:
        """This will give the unit for which somebody is looked for."""
        return UUID(self.cleaned_data.get("unit") or self.only)

    def wanted(self) -> Wanted:
        """This will give by what somebody is looked for."""
        told = self.cleaned_data
        return Wanted(told["name"], told["born_year"], told["area"], told["nik"])


class Settling(forms.Form):
    """Which file a look-up was about."""

    reference = Text(
        label=_("Nomor berkas"),
        max_length=40,
        help_text=_("Berkas yang Anda temukan, atau berkas laporan yang sedang Anda tangani."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )
