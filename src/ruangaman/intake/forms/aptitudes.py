"""What a companion is good at, and where they know their way."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.agenda.queries.places import Choices
from ruangaman.network.states import Skill


class Aptitudes(forms.Form):
    """Skills and areas of one companion."""

    skills = forms.MultipleChoiceField(
        choices=Skill.choices, label=_("Terlatih untuk"), required=False, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.MultipleChoiceField(
        label=_("Mengenal daerah"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, areas: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["areas"].choices = areas  # type: ignore[attr-defined]
