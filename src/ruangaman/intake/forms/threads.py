"""A code, and messages of a thread."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies import LONGEST_MESSAGE
from ruangaman.intake.policies.clients import LONGEST_SECRET
from ruangaman.kernel.forms import RowId, Text

# Who pastes a whole page is told to type the words only, and not how many letters are too many.
LONGEST_TYPED = 5000


def code_box() -> forms.Textarea:
    """This will give the box that a code is typed in: nothing corrects the words, and nothing keeps them."""
    return forms.Textarea(
        attrs={"rows": 3, "autocomplete": "off", "autocapitalize": "none", "autocorrect": "off"}
    )


def secret_box() -> forms.PasswordInput:
    """This will give the box that a second secret is typed in. What was typed never goes back into the page.

    "one-time-code" is the only word that keeps a browser from offering to save it, on a telephone that is not hers
    alone or on the desk of an officer: "off" is ignored for what looks like a password.
    """
    return forms.PasswordInput(attrs={"autocomplete": "one-time-code"})


class Code(forms.Form):
    """The words of a code, and the second secret that a client's code needs besides. Nothing tells which it is."""

    code = Text(
        label=_("Kodemu"),
        max_length=LONGEST_TYPED,
        widget=code_box(),
        help_text=_(
            "Ketik tujuh kata yang kamu terima. Huruf besar, spasi, atau tanda hubung tidak masalah."
        ),
        error_messages={"required": _("Ketik kodemu.")},
    )
    second = Text(
        label=_("Kata rahasiamu"),
        max_length=LONGEST_SECRET,
        required=False,
        strip=False,
        help_text=_(
            "Hanya kalau dulu kamu memilih kata rahasia bersama petugas. Kalau tidak, biarkan kosong."
        ),
        widget=secret_box(),
    )


class Message(forms.Form):
    """A message of the reporter or of the unit. Its id travels with the form, so a double click sends it once."""

    message_id = RowId()
    body = Text(
        label=_("Tulis pesan"),
        max_length=LONGEST_MESSAGE,
        lines=5,
        error_messages={"required": _("Tulis pesannya dulu.")},
    )


class Attached(forms.Form):
    """One small file from who holds a code."""

    paper_id = RowId()
    file = forms.FileField(
        label=_("Tambah foto, rekaman, atau berkas"),
        allow_empty_file=True,
        widget=forms.FileInput(),
        max_length=5000,
        help_text=_(
            "Paling besar 8 MB. Jangan kirim foto atau video seksual seorang anak; ceritakan saja bahwa itu ada."
        ),
        error_messages={"required": _("Pilih berkasnya dulu."), "invalid": _("Pilih berkasnya dulu.")},
    )
