"""How a client can be reached without danger."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, RowId, Text
from ruangaman.network.queries import DAYS
from ruangaman.people import policies
from ruangaman.people.models import Contact
from ruangaman.people.policies import LONGEST_NAME, Way
from ruangaman.people.states import ContactMeans


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
        # A contact that she doubts is never taken over unread.
        self.kept = before if before and not before.doubted_at else None
        if len(clients) > 1:
            self.fields["person"] = Choice(label=_("Klien"), choices=clients)
            self.order_fields(("contact_id", "person"))
        if before and before.doubted_at:
            # Not required here: who leaves it is told by the action why.
            self.fields["spoken_since"] = forms.BooleanField(
                label=_("Ini katanya sendiri, sesudah ia memberi tahu bahwa kontaknya tidak aman lagi"),
                required=False,
                help_text=_(
                    "Hanya kalau Anda berbicara langsung dengannya, berdua saja; bukan lewat kontak lama."
                ),
            )
        if self.kept:
            self.fields["address"].help_text = _("Biarkan kosong kalau masih sama dengan yang tercatat.")
            self.fields["code_word"].help_text = _("Biarkan kosong kalau masih sama dengan yang tercatat.")
            if self.kept.code_word:
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
        same = self.kept is not None and self.kept.means == given["means"]
        return same and not given["address"] and given["means"] != ContactMeans.NOT

    @property
    def keep_code_word(self) -> bool:
        """Whether the code word that was sealed before still holds."""
        given = self.cleaned_data
        return self.kept is not None and not given["code_word"] and not given.get("no_code_word")

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
