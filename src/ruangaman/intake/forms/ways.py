"""Ways in, keys of applications, and a ticket number."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import Organisation
from ruangaman.intake.policies.ways import SET_UP
from ruangaman.intake.states import Channel, ReporterKind
from ruangaman.kernel.forms import Choice, RowId, Text
from ruangaman.network.models import Facility

LONGEST_NAME = 120


class WaySet(forms.Form):
    """One way in: who runs it, when it is open, and what holds for what comes by it."""

    way_id = RowId()
    name = Text(
        label=_("Nama saluran"),
        max_length=LONGEST_NAME,
        help_text=_("Misalnya: Pos Pengaduan Tanah Abang, Jakarta Siaga 112."),
        error_messages={"required": _("Tulis nama salurannya.")},
    )
    channel = Choice(
        choices=[(one.value, one.label) for one in Channel if one in SET_UP], many=True, label=_("Jenis")
    )
    owner = Choice(choices=[], many=True, label=_("Yang menjalankan"))
    facility = Choice(
        choices=[],
        many=True,
        required=False,
        empty=_("Tidak ada jam buka"),
        label=_("Tempat atau nomor, dengan jam bukanya"),
    )
    usual_reporter = Choice(
        choices=ReporterKind.choices,
        many=True,
        required=False,
        empty=_("Siapa saja"),
        label=_("Biasanya dilaporkan oleh"),
    )
    needs_ticket = forms.BooleanField(
        required=False,
        label=_("Diserahkan dengan nomor tiket"),
        help_text=_("Berkasnya bisa dicari dengan nomor itu, supaya korban tidak bercerita dua kali."),
    )
    takes_anonymous = forms.BooleanField(required=False, label=_("Menerima laporan tanpa nama"))
    is_active = forms.BooleanField(required=False, label=_("Dipakai sekarang"))

    def show(self, owners: Iterable[Organisation], facilities: Iterable[Facility]) -> None:
        """This will offer who may run the way, and the doors and lines of those."""
        self._owners = {str(one.id): one for one in owners}
        self._facilities = {str(one.id): one for one in facilities}
        for name, found in (("owner", self._owners), ("facility", self._facilities)):
            field: Any = self.fields[name]
            field.choices = [*field.choices, *((key, one.name) for key, one in found.items())]

    def clean_owner(self) -> Organisation:
        return self._owners[self.cleaned_data["owner"]]

    def clean_facility(self) -> Facility | None:
        return self._facilities.get(self.cleaned_data["facility"])


class NewAppKey(forms.Form):
    """For which application a key is made."""

    key_id = RowId()
    name = Text(
        label=_("Untuk aplikasi mana"),
        max_length=LONGEST_NAME,
        help_text=_("Misalnya: Jakarta Aman, server produksi."),
        error_messages={"required": _("Tulis untuk aplikasi mana kunci ini.")},
    )


class Ticket(forms.Form):
    """The number under which another system handed over. Never in an address."""

    number = Text(
        label=_("Nomor tiket"),
        max_length=64,
        help_text=_("Ketik lengkap, persis seperti tertulis."),
        error_messages={"required": _("Ketik nomor tiketnya.")},
    )
