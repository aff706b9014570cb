"""Who stands for a child."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.forms import Choice, RowId, Text
from ruangaman.people.forms.identity import NEW, Birth
from ruangaman.people.policies import LONGEST_NAME
from ruangaman.people.states import GUARDIAN_RELATIONS, Relation, Sex

KNOWN_ALREADY = _("Orang ini sudah tercatat. Kosongkan isian ini; data lamanya tetap dipakai.")
ACCEPT, DECLINE = "accept", "decline"


class Guardian(Birth):
    """Who stands for a child. Somebody of the unit is chosen by name; everybody else by initials."""

    field_order = ("person_id", "child", "who", "name", "relation", "sex", "born_on", "age", "depends")
    person_id = RowId()
    relation = Choice(
        label=_("Siapa bagi anak"),
        choices=[(relation.value, relation.label) for relation in GUARDIAN_RELATIONS],
        many=True,
        required=False,
        help_text=_("Untuk pendamping dari unit, biarkan kosong."),
    )
    name = Text(label=_("Nama, kalau belum tercatat"), max_length=LONGEST_NAME, required=False)
    sex = Choice(label=_("Jenis kelamin"), choices=Sex.choices, required=False)
    depends = forms.BooleanField(
        label=_("Ia mungkin bergantung pada terlapor"),
        required=False,
        help_text=_("Nafkah, rumah, pasangan, pekerjaan, atau takut kepadanya. Penyelia ikut memutuskan."),
    )

    def __init__(
        self,
        *args: Any,
        people: list[tuple[str, str]],
        children: list[tuple[str, str]],
        companions: Sequence[tuple[str, str]] = (),
        companion_first: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.companions = dict(companions)
        if len(children) > 1:
            self.fields["child"] = Choice(label=_("Wali untuk"), choices=children)
        known = [*companions, *people] if companion_first else [*people, *companions]
        self.fields["who"] = Choice(
            label=_("Calon wali"),
            choices=[*known, (NEW, _("Orang yang belum tercatat"))],
            initial=None if known else NEW,
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        who = answers.get("who")
        if who == NEW and not answers.get("name") and "name" not in self.errors:
            self.add_error("name", ValidationError(_("Tulis nama calon wali.")))
        if who not in (None, NEW):
            for field in ("name", "born_on", "age", "sex"):
                if answers.get(field) not in (None, "", Sex.UNKNOWN):
                    self.add_error(field, KNOWN_ALREADY)
        if who in self.companions:
            if answers.get("relation") not in ("", Relation.UNIT_COMPANION):
                self.add_error("relation", _("Ia pendamping dari unit. Biarkan isian ini kosong."))
            answers["relation"] = Relation.UNIT_COMPANION.value
        elif not answers.get("relation") and "relation" not in self.errors:
            self.add_error("relation", _("Pilih salah satu."))
        return answers


class Ruling(forms.Form):
    """What a supervisor decides about a guardian who waits."""

    decision = Choice(
        label=_("Putusan Anda"),
        choices=[
            (ACCEPT, _("Ia menjadi wali pendamping anak ini")),
            (DECLINE, _("Ia tidak menjadi wali; unit mencari orang lain atau menyediakan pendamping")),
        ],
    )
