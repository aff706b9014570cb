"""Taking back what was agreed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.consent.states import Basis
from ruangaman.kernel.forms import Choice


class Withdrawal(forms.Form):
    """Which consents are withdrawn, and on whose word where a child is among their clients."""

    chosen = forms.MultipleChoiceField(
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": _("Pilih paling sedikit satu persetujuan."),
            "invalid_choice": _("Salah satu persetujuan ini sudah tidak berlaku. Periksa lagi daftarnya."),
        },
    )
    word_of = Choice(label=_("Atas kata siapa"), choices=Basis.choices)

    def __init__(self, *args: Any, standing: list[str], child: bool, supervisor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["chosen"]
        chosen.choices = [(id_, id_) for id_ in standing]
        if not child:
            del self.fields["word_of"]
        elif not supervisor:
            word_of: Any = self.fields["word_of"]
            word_of.choices = [(b.value, b.label) for b in Basis if b != Basis.BEST_INTEREST]
