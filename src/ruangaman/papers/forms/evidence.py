"""The forms of evidence."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.papers.policies.evidence import HASHED_KINDS, normal_digest
from ruangaman.papers.states import Origin, Taker

SHORT, LONGEST = 200, 2_000


class Ask(forms.Form):
    """Why somebody wants to open evidence."""

    row_id = RowId()
    reason = Text(
        max_length=LONGEST,
        lines=4,
        label=_("Mengapa bukti ini perlu dibuka"),
        help_text=_(
            "Orang kedua membaca alasan ini sebelum memutuskan, dan alasan ini tetap ada di rantai bukti."
        ),
    )


class HandOver(forms.Form):
    """To whom evidence is handed, and why."""

    row_id = RowId()
    taker = Choice(choices=Taker.choices, label=_("Diserahkan kepada"))
    name = Text(
        max_length=SHORT,
        label=_("Nama dan jabatan penerima"),
        help_text=_("Seperti tertulis di berita acara. Sertakan nomor berita acaranya kalau ada."),
    )
    reason = Text(
        max_length=LONGEST,
        lines=4,
        label=_("Atas dasar apa, dan apa yang diserahkan"),
        help_text=_("Misalnya: salinan dalam cakram, atas surat permintaan penyidik nomor …"),
    )

    def to_whom(self) -> str:
        """This will give the recipient as the chain of custody keeps them."""
        return f"{Taker(self.cleaned_data['taker']).label}: {self.cleaned_data['name']}"


class Fingerprint(forms.Form):
    """A digest, and what it is the digest of."""

    row_id = RowId()
    digest = Text(
        max_length=SHORT,
        label=_("Sidik SHA-256"),
        help_text=_("64 angka dan huruf, dihitung di gawai klien atau oleh polisi."),
    )
    kind = Choice(choices=[(kind.value, kind.label) for kind in HASHED_KINDS], label=_("Sidik dari apa"))
    origin = Choice(choices=Origin.choices, label=_("Siapa yang menghitung atau menyerahkan sidiknya"))
    name = Text(
        max_length=SHORT,
        label=_("Sebutan singkat"),
        help_text=_("Tanpa menggambarkan isinya. Misalnya: video yang diancamkan akan disebar."),
    )
    platform = Text(max_length=SHORT, required=False, label=_("Di mana beredar (aplikasi atau situs)"))
    address = Text(
        max_length=LONGEST,
        required=False,
        label=_("Alamat atau nama akun"),
        help_text=_("Sebagai teks saja. Jangan buka alamatnya untuk memeriksa."),
    )
    seen_on = Day(ahead=False, required=False, label=_("Kapan terlihat"))

    def clean_digest(self) -> str:
        try:
            return normal_digest(self.cleaned_data["digest"])
        except Refused as no:
            raise ValidationError(str(no.message)) from None

    def note(self) -> str:
        """This will give where and when it was seen, as text."""
        told = self.cleaned_data
        seen = told["seen_on"].strftime("%d-%m-%Y") if told["seen_on"] else ""
        said = ((_("Beredar di"), told["platform"]), (_("Alamat"), told["address"]), (_("Terlihat"), seen))
        return "\n".join(f"{label}: {text}" for label, text in said if text)
