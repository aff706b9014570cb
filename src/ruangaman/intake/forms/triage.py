"""Where a report goes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies import LONGEST_NOTE
from ruangaman.intake.states import REASONS, Triage, TriageReason
from ruangaman.kernel.forms import Choice, Text

Chosen = tuple[Triage, TriageReason]


class TriageDecision(forms.Form):
    """Where a report goes and why, in one choice. ``seen`` is the state on which it is decided: of two officers the
    second is told.
    """

    seen = forms.ChoiceField(choices=Triage.choices, widget=forms.HiddenInput, required=False)
    decision = Choice(
        choices=[(f"{to}:{reason}", "") for to, reasons in REASONS.items() for reason in reasons],
        label=_("Keputusan dan alasannya"),
    )
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
        help_text=_("Perlu diisi bila di luar layanan: mengapa, dan ke mana pelapor diarahkan."),
    )

    def show(self, now: str, offered: Iterable[Chosen]) -> None:
        """This will offer what may be decided. Anything else that is sent is refused by its rule, with its sentence."""
        self.fields["decision"].widget.choices = [
            (
                f"{to.value}:{reason.value}",
                _now("%(to)s – %(why)s") % {"to": to.label, "why": reason.label},
            )
            for to, reason in offered
        ]
        self.initial["seen"] = now
        if self.is_bound:
            self.data = {**{name: self.data.get(name, "") for name in self.fields}, "seen": now}

    def told(self) -> dict[str, Any]:
        """This will give what was decided, field by field."""
        after, reason = self.cleaned_data["decision"].split(":")
        return {
            "after": after,
            "reason": reason,
            "note": self.cleaned_data["note"],
            "seen": self.cleaned_data["seen"],
        }
