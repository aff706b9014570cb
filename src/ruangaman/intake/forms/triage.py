"""Where a report goes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies import LONGEST_NOTE
from ruangaman.intake.policies.triage import OF_DEEDS
from ruangaman.intake.states import REASONS, Triage, TriageReason
from ruangaman.kernel.forms import Choice, Text


class TriageDecision(forms.Form):
    """Where a report goes and why. ``seen`` is the state on which it is decided: of two officers the second is told."""

    seen = forms.ChoiceField(choices=Triage.choices, widget=forms.HiddenInput, required=False)
    after = Choice(choices=Triage.choices, label=_("Keputusan"))
    reason = Choice(choices=TriageReason.choices, label=_("Alasan"))
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
        help_text=_("Perlu diisi bila di luar layanan: mengapa, dan ke mana pelapor diarahkan."),
    )

    def show(self, now: str, moves: list[Triage], *, from_victim: bool, child_alone: bool) -> None:
        """This will offer what may be decided. Anything else that is sent is refused by its rule, with its sentence."""
        reasons = {reason for to in moves for reason in REASONS[to]} - OF_DEEDS
        if from_victim:
            reasons.discard(TriageReason.NOT_FROM_VICTIM)
        if not child_alone:
            reasons.discard(TriageReason.CHILD_ALONE)
        self.fields["after"].widget.choices = [(to.value, to.label) for to in moves]
        self.fields["reason"].widget.choices = [(r.value, r.label) for r in TriageReason if r in reasons]
        self.initial["seen"] = now
        if self.is_bound:
            self.data = {**{name: self.data.get(name, "") for name in self.fields}, "seen": now}
