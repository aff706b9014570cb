"""The safe attempt to reach her."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies import LONGEST_NOTE
from ruangaman.intake.states import (
    OutreachPlace,
    OutreachResult,
)
from ruangaman.kernel.forms import Choice, Moment, RowId, Text


class OutreachPlan(forms.Form):
    """A safe attempt to reach her: where, when, who goes, under which cover, and what keeps both safe."""

    outreach_id = RowId()
    place_kind = Choice(choices=OutreachPlace.choices, label=_("Di mana"))
    place_name = Text(
        label=_("Nama tempat atau ruangnya"),
        max_length=200,
        required=False,
        help_text=_("Misalnya ruang UKS. Untuk telepon: nomor dan jamnya."),
    )
    starts_at = Moment(label=_("Mulai"))
    cover_reason = Text(
        label=_("Alasan yang dipakai bila ada yang bertanya"),
        max_length=LONGEST_NOTE,
        lines=3,
        help_text=_("Hal biasa yang tidak menyebut kekerasan, misalnya pemeriksaan kesehatan sekolah."),
        error_messages={
            "required": _(
                "Tulis alasan yang dipakai bila ada yang bertanya. Tanpa itu tidak ada penjangkauan."
            )
        },
    )
    safety_plan = Text(
        label=_("Rencana keselamatan"),
        max_length=LONGEST_NOTE,
        lines=6,
        help_text=_(
            "Siapa yang tahu, bagaimana berhenti dengan wajar, apa yang dilakukan bila terlapor datang, "
            "siapa yang dihubungi bila pendamping tidak memberi kabar."
        ),
        error_messages={"required": _("Tulis rencana keselamatan dulu. Tanpa itu tidak ada penjangkauan.")},
    )
    companion = Choice(choices=[], many=True, label=_("Pendamping yang berangkat"))

    def show(self, companions: list[tuple[str, str]], *, house: bool) -> None:
        """This will offer the companions, and her house only to who may decide it; the rule has the sentence."""
        field = self.fields["companion"]
        field.choices = [*field.choices, *companions]  # type: ignore[attr-defined]
        places = [choice for choice in OutreachPlace.choices if house or choice[0] != OutreachPlace.HOUSE]
        self.fields["place_kind"].widget.choices = places


class OutreachEnd(forms.Form):
    """How an attempt ended."""

    result = Choice(choices=OutreachResult.choices, label=_("Hasil"))
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=6,
        required=False,
        help_text=_("Yang perlu diketahui untuk langkah berikutnya. Cerita kejadian dicatat di asesmen."),
    )
