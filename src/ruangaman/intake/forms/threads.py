"""A code, and messages of a thread."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies import LONGEST_MESSAGE
from ruangaman.kernel.forms import RowId, Text


class Code(forms.Form):
    """The words of a code."""

    code = Text(
        label=_("Kode laporanmu"),
        max_length=400,
        lines=3,
        help_text=_(
            "Ketik tujuh kata yang kamu terima. Huruf besar, spasi, atau tanda hubung tidak masalah."
        ),
        error_messages={"required": _("Ketik kode dari laporanmu.")},
    )


class Message(forms.Form):
    """A message of the reporter or of the unit. Its id travels with the form, so a double click sends it once."""

    message_id = RowId()
    body = Text(
        label=_("Pesan"),
        max_length=LONGEST_MESSAGE,
        lines=5,
        error_messages={"required": _("Tulis pesannya dulu.")},
    )
