"""Who somebody is, and what they are in a dossier."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.people import policies
from ruangaman.people.policies import LONGEST_NAME, Identity
from ruangaman.people.states import PersonRole, Relation, Sex

# Above this it is a slip of the finger.
OLDEST = policies.LONGEST_LIFE_YEARS
NEW = "new"
# The two questions that a child is asked before anything about its people. Source: care.md 12.
FROM_A_CHILD = {
    PersonRole.TRUSTED.value: _("Orang yang dipercaya. Tanyakan: “Siapa yang kamu percaya?”"),
    PersonRole.KEPT_OUT.value: _("Tidak boleh tahu. Tanyakan: “Siapa yang tidak boleh tahu?”"),
}


class Birth(forms.Form):
    """When somebody was born: the day, or about how old they are."""

    born_on = Day(label=_("Tanggal lahir"), ahead=False, required=False)
    age = forms.IntegerField(
        label=_("Kalau tidak tahu: kira-kira umur berapa tahun"),
        min_value=0,
        max_value=OLDEST,
        required=False,
        help_text=_("Umur perkiraan lebih baik daripada kosong. Jangan minta surat hanya untuk ini."),
        error_messages={
            "invalid": _("Tulis umur dengan angka, misalnya 15."),
            "min_value": _("Umur tidak bisa kurang dari 0."),
            "max_value": _("Umur paling banyak 120 tahun. Periksa angkanya."),
        },
    )

    def __init__(
        self,
        *args: Any,
        at: datetime,
        happened_on: date | None = None,
        regions: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        self.today, self.happened_on, self.regions = timezone.localdate(at), happened_on, regions
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        born, age = answers.get("born_on"), answers.get("age")
        if born and age is not None:
            self.add_error("age", _("Isi salah satu saja: tanggal lahir, atau umur kira-kira."))
        elif age is not None:
            born = policies.born_about(age, self.today)
        field = "born_on" if answers.get("born_on") else "age"
        # Against the incident an estimate is let pass within its own year.
        happened = self.happened_on
        if happened and field == "age" and born and born.year == happened.year:
            happened = None
        self._try(field, lambda: policies.check_born_on(born, today=self.today, happened_on=happened))
        self._born = born
        return answers

    def _try(self, field: str, check: Any) -> None:
        try:
            check()
        except Refused as no:
            self.add_error(field, str(no.message))

    def identity(self) -> Identity:
        """This will give what was typed, on its way to being sealed."""
        given = self.cleaned_data
        return Identity(
            name=given.get("name", ""),
            born_on=self._born,
            born_estimated=given.get("age") is not None,
            sex=given.get("sex") or Sex.UNKNOWN,
            nik=given.get("nik", ""),
        )


class Known(Birth):
    """What is known of somebody: name, birth, number, and sex as registered."""

    field_order: tuple[str, ...] = ("name", "sex", "born_on", "age", "nik")
    name = Text(
        label=_("Nama"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Boleh nama panggilan. Kosongkan kalau tidak diketahui."),
    )
    sex = Choice(label=_("Jenis kelamin"), choices=Sex.choices, required=False)
    nik = Text(
        label=_("NIK"),
        max_length=30,
        required=False,
        help_text=_("Hanya kalau ada dan diperlukan. Tanpa NIK pun semua layanan diberikan."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_nik(self) -> str:
        """This will take the number without the spaces and dots people write in it."""
        return str(self.cleaned_data["nik"]).replace(" ", "").replace(".", "").replace("-", "")

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if nik := answers.get("nik"):
            born = answers.get("born_on")
            sex = answers.get("sex") or Sex.UNKNOWN
            self._try("nik", lambda: policies.check_nik(nik, born_on=born, sex=sex, regions=self.regions))
        return answers


class Someone(Known):
    """Somebody in a dossier, new or there already, and what they are in it.

    Where the client is a child, whom it trusts and who must not know come first. Source: care.md 12.
    """

    field_order = ("person_id", "who", "role", "relation", "name", "sex", "born_on", "age", "nik")
    person_id = RowId()
    role = Choice(
        label=_("Sebagai apa"),
        choices=[(role.value, role.label) for role in policies.ADDED_ROLES],
        help_text=_("Terlapor tetap disebut terlapor sampai polisi menetapkan tersangka."),
    )
    relation = Choice(
        label=_("Siapa bagi klien"),
        choices=Relation.choices,
        many=True,
        required=False,
        empty=_("Belum diketahui"),
        help_text=_("Untuk klien sendiri, biarkan kosong."),
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], child: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if child:
            role = self.fields["role"]
            assert isinstance(role, Choice)
            rest = [(one.value, one.label) for one in policies.ADDED_ROLES if one.value not in FROM_A_CHILD]
            role.choices = [*FROM_A_CHILD.items(), *rest]
            self.fields["name"].help_text = _(
                "Jangan minta nama atau nomor orang tua. Cukup nama panggilan, atau siapa orangnya bagi anak."
            )
        if people:
            self.fields["who"] = Choice(
                label=_("Orangnya"),
                choices=[(NEW, _("Orang yang belum tercatat")), *people],
                initial=NEW,
                help_text=_("Kalau pelapor sendiri yang mengalami, pilih pelapor dan catat sebagai klien."),
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if self.known and answers.get("role") != PersonRole.CLIENT:
            for field in ("name", "sex", "born_on", "age", "nik"):
                if answers.get(field) not in (None, "", Sex.UNKNOWN):
                    self.add_error(
                        field, _("Orang ini sudah tercatat. Kosongkan isian ini; data lamanya tetap dipakai.")
                    )
        return answers

    @property
    def known(self) -> str:
        """Who is there already: the id that was chosen, or nothing."""
        who = self.cleaned_data.get("who", NEW)
        return "" if who in ("", NEW) else str(who)


class Correction(Known):
    """Who somebody is after all. ``version``: of what was shown."""

    version = forms.CharField(
        max_length=64,
        widget=forms.HiddenInput,
        error_messages={"required": _("Buka lagi halaman ini dari berkasnya, lalu perbaiki.")},
    )


def as_initial(identity: Identity, today: date) -> dict[str, Any]:
    """This will give what is known of somebody as a form shows it; an estimate is shown as an age."""
    born, estimated = identity.born_on, identity.born_estimated
    return {
        "name": identity.name,
        "sex": identity.sex,
        "nik": identity.nik,
        "born_on": None if estimated else born,
        "age": policies.age_on(born, today) if born and estimated else None,
    }
