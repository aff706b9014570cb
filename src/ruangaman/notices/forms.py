"""Forms of notices."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Text
from ruangaman.notices.policies import check_quiet_hours, check_webhook


class Hour(forms.TimeField):
    """An hour of the day, chosen with the browser's own clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], widget=widget, **kwargs)
        self.error_messages["invalid"] = _("Tulis jam yang ada, misalnya 21:00.")


class Choose(forms.Form):
    """How somebody wants to be told."""

    by_mail = forms.BooleanField(label=_("Lewat surel"), required=False)
    by_messenger = forms.BooleanField(label=_("Lewat pesan singkat milik unit"), required=False)
    messenger_name = Text(
        label=_("Nama Anda di pesan singkat unit"),
        max_length=120,
        required=False,
        help_text=_("Seperti yang dikenal server pesan singkat unit Anda, misalnya nama pengguna."),
    )
    quiet_from = Hour(label=_("Jam tenang mulai"), required=False)
    quiet_until = Hour(label=_("Jam tenang selesai"), required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("by_messenger") and not given.get("messenger_name") and not self.errors:
            self.add_error(
                "messenger_name", _("Tulis nama Anda di pesan singkat unit, supaya pesannya sampai.")
            )
        if "quiet_from" in given and "quiet_until" in given:
            try:
                check_quiet_hours(given["quiet_from"], given["quiet_until"])
            except Refused as no:
                self.add_error("quiet_until", str(no.message))
        return given


class SetMessenger(forms.Form):
    """Where an organisation's own messenger takes notices."""

    url = Text(
        label=_("Alamat webhook"),
        max_length=300,
        help_text=_("Alamat https:// di server pesan singkat unit, yang menerima POST dengan JSON."),
    )
    is_on = forms.BooleanField(label=_("Kirim pemberitahuan ke alamat ini"), required=False, initial=True)
    new_secret = forms.BooleanField(
        label=_("Buat rahasia baru"),
        required=False,
        help_text=_("Rahasia lama langsung tidak berlaku."),
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            check_webhook(url, demo=settings.DEMO)
        except Refused as no:
            raise forms.ValidationError(str(no.message)) from no
        return url
