"""Calling a reporter back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.states.ways import CallResult
from ruangaman.kernel.forms import Choice, Moment, RowId, Text


class Asking(forms.Form):
    """That the reporter is to be called back, and why."""

    call_id = RowId()
    why = Text(
        label=_("Untuk apa dihubungi?"),
        max_length=300,
        help_text=_("Dibaca oleh siapa pun yang menelepon, tepat sebelum ia menelepon."),
    )
    wanted = Moment(
        label=_("Paling cepat kapan"),
        required=False,
        help_text=_("Kosongkan untuk secepatnya. Selalu di jam yang aman baginya."),
    )


class Trying(forms.Form):
    """What came of a call."""

    try_id = RowId()
    result = Choice(label=_("Apa hasilnya?"), choices=CallResult.choices)
