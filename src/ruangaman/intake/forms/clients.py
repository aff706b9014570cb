"""A client's own code: giving it, what she asks with it, and what came of that."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.forms.threads import secret_box
from ruangaman.intake.policies.clients import LONGEST_SECRET, OPENS
from ruangaman.intake.states.client import IdentityCheck, SafetyCheck, Unlocking, WishAnswer, WishKind
from ruangaman.kernel.forms import Choice, RowId, Text


def _secret(label: Any, help_text: Any = "") -> Text:
    return Text(
        label=label,
        max_length=LONGEST_SECRET,
        strip=False,
        help_text=help_text,
        widget=secret_box(),
        error_messages={"required": _("Minta ia sendiri mengetik kata rahasianya.")},
    )


class IssueCode(forms.Form):
    """To whom a code is given, how it was made sure that it is she, and what it opens."""

    person = Choice(label=_("Untuk siapa"), choices=[])
    identity_check = Choice(label=_("Bagaimana Anda yakin ini dia"), choices=IdentityCheck.choices)
    safety_check = Choice(
        label=_("Di mana ia menyimpan kodenya"),
        choices=SafetyCheck.choices,
        help_text=_("Tanyakan: siapa yang bisa membuka ponselnya, tasnya, lemarinya?"),
    )
    opens = forms.MultipleChoiceField(
        label=_("Apa yang ia ingin lihat dengan kodenya"),
        choices=OPENS,
        initial=["opens_messages"],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Pilihannya sendiri. Yang tidak dicentang tidak pernah tampil, juga bagi orang yang menemukan kodenya."
        ),
        error_messages={"required": _("Pilih sedikitnya satu.")},
    )
    second = _secret(
        _("Kata rahasia, diketik klien sendiri"),
        _(
            "Sedikitnya enam huruf atau angka, yang tidak akan ditebak orang di rumahnya. Anda tidak perlu tahu."
        ),
    )
    again = _secret(_("Kata rahasia sekali lagi"))

    def __init__(self, *args: Any, clients: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.choices = clients
        if len(clients) == 1:
            field.initial = clients[0][0]


class Unlock(forms.Form):
    """Why a locked code is opened again."""

    reason = Choice(
        label=_("Apa yang terjadi, menurut klien"),
        choices=Unlocking.choices,
        help_text=_("Bicaralah dulu dengannya. Kalau ia ragu, cabut kode ini dan serahkan yang baru."),
    )


class MakeWish(forms.Form):
    """What a client asks with her code."""

    wish_id = RowId()
    kind = Choice(
        label=_("Yang kamu minta"),
        choices=WishKind.choices,
        error_messages={"required": _("Pilih dulu apa yang kamu minta.")},
    )


class AnswerWish(forms.Form):
    """What came of a wish, after somebody has spoken with her alone."""

    answer = Choice(label=_("Setelah bicara berdua dengannya"), choices=WishAnswer.choices)
