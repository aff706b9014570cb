"""The forms of the way home and of the end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.closure.states import Answer, Destination, Reason, Reopening, WordOf
from ruangaman.justice.forms import ForClient
from ruangaman.kernel.forms import Choice, Day, RowId, Text

LONGEST = 4_000


class Once(forms.Form):
    """A form that a double click sends once: the number of what it makes travels with it."""

    row_id = RowId()


class Preparation(ForClient):
    """Where she will live, and how the way there is prepared."""

    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    destination = Choice(
        choices=Destination.choices,
        label=_("Ke mana klien ingin pulang"),
        help_text=_(
            "Tidak kembali ke rumah lama adalah hasil yang penuh. Suara anak didengar menurut usianya."
        ),
    )
    preparation = Text(
        max_length=LONGEST,
        lines=6,
        label=_("Persiapannya"),
        help_text=_(
            "Siapa yang menyiapkan, dan apa yang diperiksa: tidak ada kekerasan lagi, tanpa stigma, didukung. "
            "Untuk keluarga pengganti: aman, pengasuhan berlanjut, kebutuhan dasar terpenuhi."
        ),
    )


class Meeting(Once):
    """A closed meeting: who was there, and what was agreed."""

    held_on = Day(ahead=False, label=_("Tanggal pertemuan"))
    known_around = forms.BooleanField(
        label=_("Kejadiannya sudah diketahui lingkungan sebelum pertemuan ini"),
        help_text=_("Kalau belum, pertemuan justru membuka rahasia klien: jangan diadakan."),
        error_messages={
            "required": _(
                "Tanpa lingkungan yang sudah tahu, pertemuan tidak diadakan. Centang hanya kalau benar."
            )
        },
    )
    invitees = forms.MultipleChoiceField(
        label=_("Siapa yang hadir"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Pilih siapa yang hadir."),
            "invalid_choice": _("Orang ini tidak bisa diundang ke pertemuan. Pilih dari daftar."),
        },
    )
    approved = forms.BooleanField(
        label=_("Klien menyetujui setiap orang ini"),
        error_messages={"required": _("Tanyakan kepada klien tentang setiap orang, lalu centang.")},
    )
    agreed = Text(
        max_length=LONGEST,
        lines=5,
        label=_("Yang disepakati untuk keselamatan klien"),
        help_text=_(
            "Hanya kesepakatannya. Jangan menulis, dan jangan menyampaikan di pertemuan: kejadian, layanan, diagnosis, "
            "tahap hukum, atau kutipan. Pertemuan ini bukan untuk mendamaikan."
        ),
    )

    def __init__(self, *args: Any, people: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invitees"].choices = people  # type: ignore[attr-defined]


class Home(ForClient):
    """That she came home."""

    returned_on = Day(ahead=False, label=_("Pulang pada"))
    reunited_on = Day(
        ahead=False,
        required=False,
        label=_("Diterima kembali oleh keluarga, keluarga pengganti, atau masyarakat pada"),
        help_text=_("Kosongkan kalau belum."),
    )


class Reunion(ForClient):
    """That those around her took her back in."""

    reunited_on = Day(
        ahead=False, label=_("Diterima kembali oleh keluarga, keluarga pengganti, atau masyarakat pada")
    )


class Visit(Once):
    """What a home visit found: the test is of family and community, not of her."""

    visited_on = Day(ahead=False, label=_("Tanggal kunjungan"))
    no_violence = Choice(choices=Answer.choices, label=_("Tidak ada kekerasan lagi?"))
    no_stigma = Choice(choices=Answer.choices, label=_("Diterima tanpa stigma?"))
    supported = Choice(choices=Answer.choices, label=_("Diberi kesempatan dan dukungan?"))
    note = Text(
        max_length=LONGEST,
        lines=4,
        required=False,
        label=_("Catatan"),
        help_text=_("Bicaralah berdua dengan klien, dengan alasan kunjungan yang aman."),
    )
    next_on = Day(
        required=False, label=_("Kunjungan berikutnya"), help_text=_("Kosongkan kalau tidak perlu lagi.")
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        return {
            name: value == Answer.YES if name in ("no_violence", "no_stigma", "supported") else value
            for name, value in told.items()
        }


class End(forms.Form):
    """Why a case ends, and on whose word."""

    reason = Choice(choices=Reason.choices, label=_("Alasan"))
    word_of = Choice(choices=WordOf.choices, label=_("Atas kata siapa"))
    asked_privately = forms.BooleanField(
        required=False,
        label=_("Sudah ditanyakan kepada klien, berdua saja: “Apakah ada yang meminta Anda berhenti?”"),
        help_text=_("Wajib kalau klien yang meminta berhenti."),
    )
    note = Text(max_length=LONGEST, lines=4, required=False, label=_("Pertimbangannya"))


class Reopen(forms.Form):
    """Why an ended case is taken up again."""

    reason = Choice(choices=Reopening.choices, label=_("Mengapa dibuka lagi"))
    note = Text(max_length=LONGEST, lines=4, required=False, label=_("Catatan"))
