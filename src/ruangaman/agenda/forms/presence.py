"""When and where a reported person is likely to be."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.agenda.models import Venue
from ruangaman.agenda.policies.presence import Window, windows
from ruangaman.agenda.queries.places import Groups
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.people.forms import hour, weekdays


class Presence(forms.Form):
    """Hours of a week, and a place."""

    presence_id = RowId()
    # Every day until somebody says otherwise: a day too many only costs another hour or place.
    weekdays = weekdays(_("Hari"), initial=list(range(7)))
    from_time = hour(_("Dari jam"))
    until_time = hour(
        _("Sampai jam"),
        help_text=_(
            "Kalau melewati tengah malam, tulis jam selesainya keesokan hari, misalnya 22:00 sampai 05:00."
        ),
    )
    from_on = Day(label=_("Mulai tanggal"))
    until_on = Day(label=_("Sampai tanggal"), required=False, help_text=_("Kosongkan kalau tidak diketahui."))
    venue = forms.ChoiceField(label=_("Di gedung yang dikenal unit"), required=False)
    where = Text(
        label=_("Atau nama tempatnya"),
        max_length=160,
        required=False,
        help_text=_("Misalnya tempat kerjanya. Disimpan tersegel."),
    )
    area = forms.ChoiceField(
        label=_("Kelurahannya"),
        required=False,
        error_messages={"invalid_choice": _("Kelurahan ini tidak ada di daftar. Pilih dari daftar.")},
    )

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], venues: Iterable[Venue], areas: Groups, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.windows: list[Window] = []
        if len(people) > 1:
            self.fields["person"] = Choice(label=_("Siapa"), choices=people)
            self.order_fields(("presence_id", "person"))
        known = [("", _("Bukan salah satunya")), *((str(one.id), one.name) for one in venues)]
        self.fields["venue"].choices = known  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("Pilih kelurahan")), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if self.errors:
            return answers
        if answers["venue"] and (answers["where"] or answers["area"]):
            self.add_error(
                "venue", _("Pilih gedungnya, atau tulis tempat dan kelurahannya; jangan keduanya.")
            )
        if not answers["venue"] and not answers["area"]:
            self.add_error("area", _("Pilih kelurahannya. Tanpa itu jarak tidak bisa dijaga."))
        days, from_on = answers["weekdays"], answers["from_on"]
        until_on: date | None = answers["until_on"]
        try:
            self.windows = windows(days, answers["from_time"], answers["until_time"], from_on, until_on)
        except Refused as no:
            self.add_error(None, str(no.message))
        return answers
