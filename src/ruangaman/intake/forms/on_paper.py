"""Forms of what is on paper: the period of the register, and a form that was filled in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.models import Way
from ruangaman.intake.policies.register import read_form_number
from ruangaman.intake.states import AgeBand, ForWhom, ReporterKind
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.papers.policies import contents

WHOLE = 8 * 1_048_576  # bytes of a scan; a longer one is attached to the file afterwards, piece by piece
LONGEST_SUMMARY = 20_000
ACCEPTED = ",".join(
    [*(f".{extension}" for content in contents.CONTENTS for extension in content.extensions), "image/*"]
)


class Period(forms.Form):
    """From which day to which."""

    first = Day(label=_("Dari tanggal"), error_messages={"required": _("Tulis tanggalnya.")})
    last = Day(label=_("Sampai tanggal"), error_messages={"required": _("Tulis tanggalnya.")})


class FilledForm(forms.Form):
    """A form that somebody filled in by hand: what it says in short, and its scan."""

    report_id = RowId()
    paper_id = RowId()
    way = Choice(label=_("Lewat mana formulir ini datang"), choices=[], many=True)
    number = Text(
        label=_("Nomor formulir"),
        max_length=40,
        required=False,
        help_text=_("Sebelas tanda di pojok kanan atas. Kosongkan kalau ini surat, bukan formulir kita."),
    )
    danger_now = forms.BooleanField(label=_("Ada bahaya sekarang"), required=False)
    about_staff = forms.BooleanField(
        label=_("Ini tentang seseorang yang bekerja di layanan ini"), required=False
    )
    summary = Text(
        label=_("Ringkasan"),
        max_length=LONGEST_SUMMARY,
        lines=8,
        help_text=_(
            "Dalam kata-kata di kertasnya, sependek yang perlu untuk memutuskan. Sisanya ada di pindaian."
        ),
        error_messages={
            "required": _("Tulis ringkasannya, supaya laporan bisa diputuskan tanpa membuka pindaian.")
        },
    )
    reporter_kind = Choice(
        label=_("Siapa yang melapor"),
        choices=ReporterKind.choices,
        many=True,
        required=False,
        empty=_("Tidak disebut"),
    )
    for_whom = Choice(
        label=_("Siapa yang mengalami"),
        choices=ForWhom.choices,
        many=True,
        required=False,
        empty=_("Tidak disebut"),
    )
    age_band = Choice(
        label=_("Umur yang menulis"),
        choices=AgeBand.choices,
        many=True,
        required=False,
        empty=_("Tidak disebut"),
    )
    place = Choice(label=_("Kecamatan"), choices=[], many=True, required=False, empty=_("Tidak disebut"))
    is_evidence = forms.BooleanField(
        label=_("Simpan pindaian sebagai bukti"),
        required=False,
        help_text=_(
            "Bukti disimpan persis seperti aslinya dan tidak ditampilkan. Membukanya perlu orang kedua."
        ),
    )
    gives_code = forms.BooleanField(
        label=_("Penulisnya masih di sini: beri kode untuk kembali"),
        required=False,
        help_text=_("Kodenya tampil sekali, sesudah laporan tersimpan."),
    )
    file = forms.FileField(
        label=_("Pindaian atau foto formulir"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Pilih berkas pindaiannya."), "empty": _("Berkas ini kosong.")},
    )

    def __init__(
        self, *args: Any, ways: Iterable[Way], places: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "way", [(str(way.id), way.name) for way in ways], _("Pilih satu"))
        _choose(self, "place", list(places), _("Tidak disebut"))

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not number.strip():
            return ""
        try:
            return read_form_number(number)
        except Refused as no:
            raise ValidationError(str(no.message)) from None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > WHOLE:
            raise ValidationError(_("Pindaian ini lebih dari 8 MB. Pindai lagi dengan mutu lebih rendah."))
        return file


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]], empty: Any) -> None:
    form.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]


def usual_period(today: date) -> dict[str, date]:
    """This will propose the present month up to today."""
    return {"first": today.replace(day=1), "last": today}
