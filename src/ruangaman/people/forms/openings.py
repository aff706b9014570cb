"""Going on all the same, after being told that a colleague may be on the telephone."""

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from ruangaman.people.policies.openings import ONE_CALL_SOURCE, PerhapsCalling


class AllTheSame(forms.Form):
    """Of which opening by a colleague somebody was told. One that is broken was told to nobody."""

    told = forms.UUIDField(required=False, widget=forms.HiddenInput)


def told_of(sent: QueryDict) -> UUID | None:
    """This will give of which opening by a colleague whoever sent this was told, if of any."""
    form = AllTheSame(sent)
    told: UUID | None = form.cleaned_data["told"] if form.is_valid() else None
    return told


def perhaps_calling(no: PerhapsCalling) -> dict[str, object]:
    """This will give what the page says of a colleague who may be calling, and the press with which one goes on."""
    return {
        "said": no.message,
        "ask": _("Tanyakan dulu kepada %s.") % no.opening.name if no.opening.name else "",
        "source": ONE_CALL_SOURCE,
        "form": AllTheSame(initial={"told": no.opening.id}),
    }
