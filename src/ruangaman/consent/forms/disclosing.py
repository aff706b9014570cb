"""A decision about telling somebody without her consent."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ruangaman.consent.states import ARTICLES, Ground, Telling
from ruangaman.kernel.forms import Choice, RowId, Text

LONGEST_RECIPIENT, LONGEST_TOLD, LONGEST_REASON = 160, 2000, 4000


class Disclosure(forms.Form):
    """On which ground, what was decided, to whom and what, and why."""

    row_id = RowId()
    client = Choice(label=_("Klien"), choices=())
    ground = Choice(
        label=_("Karena apa"),
        choices=[(g.value, format_lazy("{} ({})", g.label, ARTICLES[g])) for g in Ground],
        help_text=_("Pasal dibaca dari sumber kedua; ahli hukum unit memastikannya."),
    )
    decision = Choice(label=_("Keputusan"), choices=Telling.choices)
    recipient = Text(
        label=_("Kepada siapa"),
        max_length=LONGEST_RECIPIENT,
        required=False,
        help_text=_("Lembaga dan jabatannya. Bukan tetangga, RT, atau RW, kecuali anak dalam bahaya."),
    )
    what = Text(
        label=_("Apa yang diberitahukan"),
        max_length=LONGEST_TOLD,
        lines=3,
        required=False,
        help_text=_("Sesedikit mungkin: hanya yang perlu supaya bahaya berhenti atau kewajiban dipenuhi."),
    )
    reason = Text(
        label=_("Alasan"),
        max_length=LONGEST_REASON,
        lines=4,
        help_text=_(
            "Apa yang diketahui, dan mengapa diputuskan begitu. Kalau klien belum diberi tahu, mengapa."
        ),
    )
    told_her = forms.BooleanField(label=_("Klien sudah diberi tahu lebih dulu"), required=False)

    def __init__(self, *args: Any, clients: Sequence[tuple[str, str | Promise]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(clients) > 1:
            client: Any = self.fields["client"]
            client.choices = clients
        else:
            del self.fields["client"]
