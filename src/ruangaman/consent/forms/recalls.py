"""The form with which somebody says what became of the copies they had."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.consent.policies.recalls import answers_for
from ruangaman.kernel.forms import Choice


class RecallAnswered(forms.Form):
    """What became of the copies: deleted, never kept, or kept because the law says so."""

    answer = Choice(label=_("Apa yang terjadi dengan salinannya?"), choices=())

    def __init__(self, *args: Any, sections: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.value, one.label) for one in answers_for(sections)]
        self.fields["answer"].choices = offered  # type: ignore[attr-defined]
