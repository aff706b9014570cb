"""Who somebody is, and who may stand for a child."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.network.queries import DAYS
from ruangaman.people import policies
from ruangaman.people.models import Contact
from ruangaman.people.policies import LONGEST_NAME, Identity, Way
from ruangaman.people.states import GUARDIAN_RELATIONS, ContactMeans, PersonRole, Relation, Sex

# Above this it is a slip of the finger.
OLDEST = policies.LONGEST_LIFE_YEARS
NEW = "new"


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


class Someone(Birth):
    """Somebody in a dossier, new or there already, and what they are in it."""

    field_order = ("person_id", "who", "role", "relation", "name", "sex", "born_on", "age", "nik")
    person_id = forms.UUIDField(widget=forms.HiddenInput)
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

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people:
            self.fields["who"] = Choice(
                label=_("Orangnya"),
                choices=[(NEW, _("Orang yang belum tercatat")), *people],
                initial=NEW,
                help_text=_("Kalau pelapor sendiri yang mengalami, pilih pelapor dan catat sebagai klien."),
            )
            self.order_fields(self.field_order)

    def clean_nik(self) -> str:
        """This will take the number without the spaces and dots people write in it."""
        return str(self.cleaned_data["nik"]).replace(" ", "").replace(".", "").replace("-", "")

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if nik := answers.get("nik"):
            born = answers.get("born_on")
            sex = answers.get("sex") or Sex.UNKNOWN
            self._try("nik", lambda: policies.check_nik(nik, born_on=born, sex=sex, regions=self.regions))
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


class Guardian(Birth):
    """Who stands for a child."""

    field_order = ("who", "name", "relation", "sex", "born_on", "age", "supervised")
    relation = Choice(
        label=_("Siapa bagi anak"),
        choices=[(relation.value, relation.label) for relation in GUARDIAN_RELATIONS],
        many=True,
    )
    name = Text(label=_("Nama, kalau belum tercatat"), max_length=LONGEST_NAME, required=False)
    sex = Choice(label=_("Jenis kelamin"), choices=Sex.choices, required=False)
    supervised = forms.BooleanField(
        label=_("Diputuskan bersama penyelia"),
        required=False,
        help_text=_("Diperlukan kalau calon wali mungkin bergantung pada terlapor, misalnya pasangannya."),
    )

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], children: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(children) > 1:
            self.fields["child"] = Choice(label=_("Wali untuk"), choices=children)
        self.fields["who"] = Choice(
            label=_("Calon wali"),
            choices=[*people, (NEW, _("Orang yang belum tercatat"))],
            initial=None if people else NEW,
        )
        self.order_fields(("child", *self.field_order))

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if answers.get("who") == NEW and not answers.get("name") and "name" not in self.errors:
            self.add_error("name", ValidationError(_("Tulis nama calon wali.")))
        if answers.get("who") not in (None, NEW):
            for field in ("name", "born_on", "age", "sex"):
                if answers.get(field) not in (None, "", Sex.UNKNOWN):
                    self.add_error(
                        field, _("Orang ini sudah tercatat. Kosongkan isian ini; data lamanya tetap dipakai.")
                    )
        return answers


def hour(label: Any, **more: Any) -> forms.TimeField:
    """This will give a field for an hour of the day."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M"],
        error_messages={
            "required": _("Tulis jamnya, misalnya 09:30."),
            "invalid": _("Tulis jam yang ada, misalnya 09:30."),
        },
        **more,
    )


def weekdays(label: Any, **more: Any) -> forms.TypedMultipleChoiceField:
    """This will give a field for days of the week; Monday is 0."""
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=list(enumerate(DAYS)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Pilih paling sedikit satu hari."),
            "invalid_choice": _("Hari ini tidak ada di daftar. Pilih dari daftar."),
        },
        **more,
    )


class SafeContact(forms.Form):
    """How a client can be reached without danger. What was sealed before is not shown, and can be kept."""

    contact_id = RowId()
    means = Choice(label=_("Bagaimana ia bisa dihubungi dengan aman"), choices=ContactMeans.choices)
    never_call = forms.BooleanField(
        label=_("Jangan pernah menelepon"),
        required=False,
        help_text=_("Kalau orang lain bisa mengangkat atau melihat panggilan masuk."),
    )
    address = Text(label=_("Nomor atau akunnya, atau lewat siapa"), max_length=LONGEST_NAME, required=False)
    code_word = Text(
        label=_("Kata kunci bersama"),
        max_length=60,
        required=False,
        help_text=_("Kata yang membuktikan siapa yang menghubungi. Ia yang memilih."),
    )
    weekdays = weekdays(_("Hari yang aman"))
    from_time = hour(
        _("Aman dari jam"), required=False, help_text=_("Kosongkan kedua jam kalau ia tidak menentukan.")
    )
    until_time = hour(_("Aman sampai jam"), required=False)
    reminders_safe = forms.BooleanField(
        label=_("Pengingat janji aman baginya"),
        required=False,
        help_text=_("Hanya kalau ia sendiri mengatakannya. Pengingat tidak pernah menyebut isi janji."),
    )
    paper_safe = forms.BooleanField(
        label=_("Surat atau kertas aman disimpannya"),
        required=False,
        help_text=_("Kalau tidak dicentang, tidak ada kertas yang dibawakan kepadanya."),
    )

    def __init__(
        self, *args: Any, clients: list[tuple[str, str]], before: Contact | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        if len(clients) > 1:
            self.fields["person"] = Choice(label=_("Klien"), choices=clients)
            self.order_fields(("contact_id", "person"))
        if before:
            self.fields["address"].help_text = _("Biarkan kosong kalau masih sama dengan yang tercatat.")
            self.fields["code_word"].help_text = _("Biarkan kosong kalau masih sama dengan yang tercatat.")
            if before.code_word:
                self.fields["no_code_word"] = forms.BooleanField(
                    label=_("Tidak memakai kata kunci lagi"), required=False
                )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not self.errors:
            kept = self.keep_address
            try:
                policies.check_way(replace(self.way(), address="-") if kept else self.way())
            except Refused as no:
                self.add_error(None, str(no.message))
        return answers

    @property
    def keep_address(self) -> bool:
        """Whether the number that was sealed before still holds."""
        given = self.cleaned_data
        same = self.before is not None and self.before.means == given["means"]
        return same and not given["address"] and given["means"] != ContactMeans.NOT

    @property
    def keep_code_word(self) -> bool:
        """Whether the code word that was sealed before still holds."""
        given = self.cleaned_data
        return self.before is not None and not given["code_word"] and not given.get("no_code_word")

    def way(self) -> Way:
        """This will give what she said, on its way to being sealed."""
        given = self.cleaned_data
        return Way(
            means=given["means"],
            never_call=given["never_call"],
            address=given["address"],
            code_word=given["code_word"],
            weekdays=policies.bits_of(given["weekdays"]),
            from_time=given["from_time"],
            until_time=given["until_time"],
            reminders_safe=given["reminders_safe"],
            paper_safe=given["paper_safe"],
        )
