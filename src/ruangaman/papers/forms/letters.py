"""Forms of letters: one that is written, the texts, the letterhead."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Section
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.papers.policies.letters import (
    FIELDS_OF,
    NEVER_MORE,
    OFFICIAL_LINES,
    WITHOUT_RECIPIENT,
    Wanted,
    check_code,
    check_lines,
    check_reason,
    check_recipient,
    check_scheme,
)
from ruangaman.papers.policies.writing import check_body
from ruangaman.papers.queries.letters import Partner


class Letter(forms.Form):
    """What the file does not know of a letter: to whom, who goes, what is added."""

    recipient = Text(
        max_length=300,
        lines=3,
        label=_("Kepada"),
        help_text=_(
            "Jabatan atau lembaga, boleh beberapa baris. Contoh: Direktur RSUD Contoh, di bawahnya: di Jakarta."
        ),
    )
    attention = Text(
        max_length=120,
        required=False,
        label=_("Untuk perhatian"),
        help_text=_("Contoh: Kepala Poli Kandungan."),
    )
    client = Choice(choices=[], label=_("Tentang klien"))
    officer = Choice(choices=[], many=True, label=_("Petugas yang disebut di surat"))
    area = Choice(
        choices=[],
        many=True,
        label=_("Kelurahan tujuan"),
        help_text=_("Hanya kelurahannya; alamat tidak pernah masuk surat tugas."),
    )
    starts_on = Day(label=_("Mulai tanggal"))
    ends_on = Day(label=_("Sampai tanggal"))
    service = Choice(choices=Service.choices, label=_("Layanan yang diminta"))
    addition = Text(
        max_length=4000,
        lines=5,
        required=False,
        label=_("Paragraf tambahan"),
        help_text=_("Tulis hanya yang boleh diketahui penerima surat."),
    )
    copies = Text(
        max_length=600,
        lines=3,
        required=False,
        label=_("Tembusan"),
        help_text=_("Satu penerima tembusan tiap baris. Penerima tembusan membaca surat yang sama."),
    )
    extra = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Cantumkan juga"),
        help_text=_("Tidak ada persetujuan yang mencakupnya. Pilih hanya bila perlu, dan tulis alasannya."),
    )
    reason = Text(
        max_length=1000,
        lines=3,
        required=False,
        label=_("Alasan mencantumkan lebih banyak"),
        help_text=_("Wajib ditulis sebelum surat terbit kalau ada yang dicentang di atas."),
    )
    letter_id = RowId()

    def __init__(
        self,
        *args: Any,
        kind: str,
        asked: Collection[str],
        partner: Partner | None,
        clients: Sequence[tuple[str, str]],
        officers: Sequence[tuple[str, str, str]],
        areas: Sequence[tuple[str, str]],
        withheld: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.partner = kind, partner
        self.officers = {code: (name, role) for code, name, role in officers}
        self.areas = dict(areas)
        self._choices("client", clients)
        self._choices("officer", [(code, f"{name} – {role}") for code, name, role in officers])
        self._choices("area", areas, many=True)
        self._choices("extra", [(section, Section(section).label) for section in withheld])
        shown = {
            "recipient": partner is None and kind not in WITHOUT_RECIPIENT,
            "attention": partner is not None,
            "client": len(clients) > 1 and bool({*asked} & _ABOUT_CLIENT),
            "officer": bool({"nama_petugas", "jabatan_petugas"} & {*asked}),
            "area": "kelurahan" in asked,
            "starts_on": "tanggal_mulai" in asked,
            "ends_on": "tanggal_selesai" in asked,
            "service": "layanan" in asked,
            "addition": "tambahan" in asked,
            "copies": kind not in WITHOUT_RECIPIENT,
            "extra": bool(withheld) and kind not in NEVER_MORE,
            "reason": bool(withheld) and kind not in NEVER_MORE,
        }
        for name, is_shown in shown.items():
            if not is_shown:
                del self.fields[name]

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]], many: bool = False) -> None:
        field = self.fields[name]
        first = [("", _("Pilih satu"))] if many or name == "officer" else []
        field.choices = [*first, *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                check_recipient(self.wanted())
            except Refused as no:
                self.add_error("ends_on" if "ends_on" in self.fields else None, str(no.message))
        if self.data.get("act") == "issue" and "reason" in given and "extra" in given:
            try:
                check_reason(given["extra"], given["reason"])
            except Refused as no:
                self.add_error("reason", str(no.message))
        return given

    def wanted(self) -> Wanted:
        """This will give what was asked for, once the form is valid."""
        given = self.cleaned_data
        partner = self.partner
        recipient = _lines(given.get("recipient", ""))
        if partner:
            attention = given.get("attention", "")
            recipient = (
                f"Pimpinan {partner.organisation.name}",
                *([f"u.p. {attention}"] if attention else []),
            )
        return Wanted(
            kind=self.kind,
            organisation=partner.organisation.id if partner else None,
            recipient=recipient,
            client=UUID(given["client"]) if given.get("client") else None,
            officer=self.officers.get(given.get("officer", ""), ("", "")),
            area=self.areas.get(given.get("area", ""), ""),
            starts_on=given.get("starts_on"),
            ends_on=given.get("ends_on"),
            service=given.get("service", ""),
            addition=given.get("addition", ""),
            copies=_lines(given.get("copies", "")),
            extra=frozenset(given.get("extra") or ()),
            reason=given.get("reason", ""),
        )


_ABOUT_CLIENT = frozenset(field for fields in FIELDS_OF.values() for field in fields) - frozenset(
    FIELDS_OF["assignment"]
)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class Template(forms.Form):
    """The text of a kind of letter."""

    title = Text(max_length=120, label=_("Judul atau hal surat"))
    code = Text(
        max_length=12, label=_("Kode dalam nomor surat"), help_text=_("Contoh: ST untuk surat tugas.")
    )
    body = Text(max_length=20_000, lines=22, label=_("Isi"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        if "{" in title or "}" in title:
            raise forms.ValidationError(_("Judul tidak memuat isian. Hapus kurung kurawalnya."))
        return title

    def clean_code(self) -> str:
        return _passed(str(self.cleaned_data["code"]), check_code)

    def clean_body(self) -> str:
        return _passed(str(self.cleaned_data["body"]), lambda text: check_body(text, FIELDS_OF[self.kind]))


class Letterhead(forms.Form):
    """How the letters of a unit look."""

    lines = Text(
        max_length=600,
        lines=5,
        label=_("Kop surat"),
        help_text=_(
            "Paling banyak %(most)d baris. Baris pertama dicetak paling besar; baris berhuruf besar dicetak tebal."
        )
        % {"most": OFFICIAL_LINES},
    )
    town = Text(max_length=60, label=_("Kota tempat surat dibuat"))
    signer_title = Text(max_length=120, label=_("Jabatan penanda tangan"))
    signer_name = Text(max_length=120, label=_("Nama penanda tangan, dengan gelar"))
    signer_number = Text(max_length=40, required=False, label=_("NIP"))
    scheme = Text(
        max_length=120,
        label=_("Pola nomor surat"),
        help_text=_("Contoh: {nomor}/{kode}/UPTD-PPA/{bulan}/{tahun}. Bulan ditulis dengan angka Romawi."),
    )

    def __init__(self, *args: Any, unit_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit_name = unit_name

    def clean_lines(self) -> str:
        return _passed(str(self.cleaned_data["lines"]), check_lines)

    def clean_scheme(self) -> str:
        return _passed(str(self.cleaned_data["scheme"]), lambda text: check_scheme(text, self.unit_name))


def _passed(text: str, check: Any) -> str:
    """A text that a rule lets through, or the rule's sentence beside the field."""
    try:
        check(text)
    except Refused as no:
        raise forms.ValidationError(str(no.message)) from None
    return text


class Code(forms.Form):
    """The code beside the square on a letter."""

    code = Text(
        max_length=80,
        label=_("Kode surat"),
        help_text=_("26 huruf dan angka di samping kotak kode pada surat. Tanda hubung boleh ikut."),
    )
