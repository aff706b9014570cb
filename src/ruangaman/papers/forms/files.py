"""The form with which a file is attached."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, RowId, Text
from ruangaman.papers.policies import contents
from ruangaman.papers.policies.files import LONGEST_NOTE, PAPER_SECTIONS, section_for
from ruangaman.papers.states import Origin, PaperKind

WHOLE = 8 * 1_048_576  # bytes of a file that may come in one form, without script
# Letters that go out and records of custody are made here, not attached.
MADE_HERE = (PaperKind.LETTER_OUT, PaperKind.CUSTODY)
ACCEPTED = ",".join(
    [*(f".{extension}" for content in contents.CONTENTS for extension in content.extensions), "image/*"]
)
# What is put there leaves the house: nobody shall choose it as one more drawer. Source: care.md 1.
HANDED_OUT = {
    Section.THREAD: _(
        "Dikirim kepada pelapor: dilihat siapa pun yang memegang kodenya, mungkin juga terlapor"
    ),
    Section.CLIENT_THREAD: _("Dikirim kepada klien: dilihat di halaman kodenya sendiri"),
}


class About(forms.Form):
    """What a file is, who it came from and whom it is about."""

    paper_id = RowId()
    consent = forms.CharField(required=False, widget=forms.HiddenInput)  # of which this is the signed sheet
    kind = Choice(
        label=_("Jenis dokumen"),
        choices=[choice for choice in PaperKind.choices if choice[0] not in MADE_HERE],
        many=True,
    )
    origin = Choice(label=_("Dari siapa"), choices=Origin.choices, many=True)
    subject = Choice(
        label=_("Tentang siapa"), choices=[], many=True, required=False, empty=_("Tidak tentang satu orang")
    )
    name = Text(
        label=_("Nama dokumen"),
        max_length=contents.LONGEST_NAME,
        required=False,
        help_text=_("Boleh kosong: nama berkasnya yang dipakai. Nama disegel seperti isinya."),
    )
    note = Text(label=_("Catatan"), max_length=LONGEST_NOTE, lines=3, required=False)
    section = Choice(
        label=_("Disimpan di bagian"),
        choices=[],
        many=True,
        required=False,
        empty=_("Sesuai jenis dokumennya"),
        help_text=_("Siapa yang boleh membuka bagian itu, boleh membuka dokumen ini."),
    )
    is_evidence = forms.BooleanField(
        label=_("Ini bukti"),
        required=False,
        help_text=_(
            "Bukti disimpan persis seperti aslinya dan tidak ditampilkan. Membukanya perlu alasan dan orang kedua."
        ),
    )

    def __init__(self, *args: Any, people: Mapping[str, str], writes: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.writes = writes
        _choices(self, "subject", list(people.items()))
        sections = [section for section in PAPER_SECTIONS if section in writes]
        _choices(
            self, "section", [(section.value, HANDED_OUT.get(section, section.label)) for section in sections]
        )

    def clean(self) -> dict[str, Any]:
        """Puts the paper into its section: the chosen one, or that of its kind."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind"):
            try:
                given["section"] = section_for(
                    kind=given["kind"], wished=given.get("section", ""), writes=self.writes
                )
            except Refused as no:
                self.add_error("section", str(no.message))
        return given

    def called(self, file_name: str) -> str:
        """This will give the name a file is kept by: the one that was typed, with the extension that it came with."""
        typed, extension = self.cleaned_data["name"].strip(), contents.extension_of(file_name)
        if not typed:
            return file_name
        return typed if not extension or contents.extension_of(typed) == extension else f"{typed}.{extension}"


class Announced(About):
    """A file that comes in pieces: its name and size are told first."""

    file_name = Text(max_length=5000)
    size = forms.IntegerField(min_value=0)


class Attached(About):
    """A file that comes with the form."""

    file = forms.FileField(
        label=_("Berkas"),
        allow_empty_file=True,
        max_length=5000,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Pilih berkasnya dulu.")},
    )
    field_order = (
        "paper_id",
        "consent",
        "file",
        "kind",
        "origin",
        "subject",
        "name",
        "note",
        "section",
        "is_evidence",
    )

    def clean_file(self) -> Any:
        """Refuses what is too large to come in one piece."""
        file = self.cleaned_data["file"]
        if file.size > WHOLE:
            raise ValidationError(_("Berkas di atas 8 MB memerlukan peramban yang menjalankan skrip."))
        return file


def _choices(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field: Any = form.fields[name]
    field.choices = [*field.choices, *choices]
