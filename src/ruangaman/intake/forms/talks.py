"""The log of what was said outside the thread."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies import LONGEST_STORY
from ruangaman.intake.states.ways import Direction, Medium
from ruangaman.kernel.forms import Choice, Moment, RowId, Text


class TalkLogged(forms.Form):
    """What was said or written: by which way, by whom, when, and the words."""

    talk_id = RowId()
    medium = Choice(choices=Medium.choices, label=_("Lewat apa"))
    direction = Choice(choices=Direction.choices, label=_("Siapa yang memulai"))
    said_at = Moment(label=_("Kapan"), error_messages={"required": _("Isi hari dan jamnya.")})
    text = Text(
        label=_("Yang disampaikan"),
        max_length=LONGEST_STORY,
        lines=8,
        help_text=_("Salin pesannya apa adanya, atau tulis yang diucapkan."),
        error_messages={"required": _("Tulis dulu apa yang disampaikan.")},
    )
    wiped = forms.BooleanField(
        required=False,
        label=_("Isi pesan ini sudah saya hapus dari ponsel"),
        help_text=_("Untuk pesan. Bila belum, Anda diingatkan sampai dinyatakan."),
    )
    attach = forms.BooleanField(
        required=False, label=_("Setelah ini, lampirkan tangkapan layar atau hasil pindai")
    )
