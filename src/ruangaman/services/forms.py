"""Forms of referrals and services. What may be chosen is given by the page; rules are the policies' to say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.consent.states import Service
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.services.states import KINDS_OF, Decline

LONGEST_REQUEST, LONGEST_NOTE, LONGEST_NUMBER = 2_000, 4_000, 120


class Once(forms.Form):
    """A form whose row has its id before it is sent, so that a double click writes it once."""

    row_id = RowId()


class Refer(Once):
    """What a partner is asked for."""

    item = Choice(
        label=_("Rencana dengan mitra"),
        choices=[],
        error_messages={"required": _("Pilih rencana yang dirujuk.")},
    )
    request = Text(
        label=_("Yang diminta dari mitra"),
        max_length=LONGEST_REQUEST,
        lines=5,
        help_text=_(
            "Hanya yang perlu untuk layanan ini. Jangan menulis siapa yang melapor, siapa terlapor, atau layanan lain."
        ),
        error_messages={"required": _("Tulis apa yang diminta dari mitra.")},
    )
    visum_wanted = forms.BooleanField(
        label=_("Penyidik meminta visum"),
        required=False,
        help_text=_("Mitra diminta mencatat nomor dan tanggalnya saja; hasilnya untuk penyidik."),
    )

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items  # type: ignore[attr-defined]
        if len(items) == 1:
            self.fields["item"].initial = items[0][0]


class DeclineReferral(forms.Form):
    """Why a partner says no."""

    decline = Choice(
        label=_("Mengapa ditolak"),
        choices=Decline.choices,
        error_messages={"required": _("Pilih alasan menolak, supaya unit bisa mencari jalan lain.")},
    )


class Treatment(Once):
    """What a partner did, on one day."""

    kind = Choice(label=_("Yang dilakukan"), choices=[])
    given_on = Day(label=_("Tanggal"), ahead=False, error_messages={"required": _("Tulis kapan diberikan.")})
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=5,
        required=False,
        help_text=_("Tersimpan tertutup. Yang membaca hanya yang merawat dan manajer kasus."),
    )

    def __init__(self, *args: Any, service: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = KINDS_OF[service]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0].value


class VisumNumber(Once):
    """Number and date of a visum."""

    number = Text(
        label=_("Nomor visum"),
        max_length=LONGEST_NUMBER,
        error_messages={"required": _("Tulis nomor visum.")},
    )
    dated_on = Day(
        label=_("Tanggal visum"), ahead=False, error_messages={"required": _("Tulis tanggal visum.")}
    )
    request_number = Text(
        label=_("Nomor surat permintaan penyidik"), max_length=LONGEST_NUMBER, required=False
    )


class Give(Once):
    """A service of the unit's own people."""

    what = Choice(
        label=_("Layanan"), choices=[], error_messages={"required": _("Pilih layanan yang diberikan.")}
    )
    kind = Choice(
        label=_("Bentuknya"),
        choices=[],
        many=True,
        error_messages={"required": _("Pilih bentuk layanannya.")},
    )
    given_on = Day(label=_("Tanggal"), ahead=False, error_messages={"required": _("Tulis kapan diberikan.")})
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=6,
        required=False,
        help_text=_("Tersimpan tertutup di bagian layanan ini."),
    )

    def __init__(self, *args: Any, whats: list[tuple[str, str]], services: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = whats  # type: ignore[attr-defined]
        if len(whats) == 1:
            self.fields["what"].initial = whats[0][0]
        first = self.fields["kind"].choices[:1]  # type: ignore[attr-defined]
        grouped = [
            (Service(service).label, [(kind.value, kind.label) for kind in KINDS_OF[service]])
            for service in Service
            if service in services
        ]
        self.fields["kind"].choices = [*first, *grouped]  # type: ignore[attr-defined]
