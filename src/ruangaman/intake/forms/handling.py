"""First steps in danger, files that belong together, other regions, who is kept out, the queue of a flood."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import Dossier, User
from ruangaman.access.states import Role
from ruangaman.intake.forms.report import places
from ruangaman.intake.models import Report
from ruangaman.intake.policies import LONGEST_NOTE, LONGEST_STORY, MERGING, SPLITTING
from ruangaman.intake.states import Channel, ForWhom, Triage
from ruangaman.intake.states.handling import CHOSEN_BASES, FirstStep, Passed
from ruangaman.kernel.forms import Choice, RowId, Text

LONGEST_REFERENCE = 20


class FirstActDone(forms.Form):
    """What was done at once."""

    act_id = RowId()
    step = Choice(choices=FirstStep.choices, label=_("Apa yang sudah dilakukan?"))


class Merging(forms.Form):
    """Into which file a report goes, and why."""

    seen = forms.ChoiceField(choices=Triage.choices, widget=forms.HiddenInput, required=False)
    near = Choice(
        choices=[],
        many=True,
        required=False,
        empty=_("Tidak ada di daftar ini"),
        label=_("Laporan lain dari kecamatan yang sama"),
    )
    reference = Text(
        label=_("Atau nomor berkasnya"),
        max_length=LONGEST_REFERENCE,
        required=False,
        help_text=_("Seperti tertulis di atas berkasnya."),
    )
    reason = Choice(choices=[(one.value, one.label) for one in MERGING], label=_("Alasan"))

    def show(self, near: Iterable[Report], now: str) -> None:
        """This will offer what came from the same place, by number, way and day."""
        field = self.fields["near"]
        field.choices = [  # type: ignore[attr-defined]
            *field.choices,  # type: ignore[attr-defined]
            *(
                (
                    one.dossier.reference,
                    f"{one.dossier.reference} · {one.received_at:%d-%m-%Y} · {Channel(one.channel).label}",
                )
                for one in near
            ),
        ]
        self.initial["seen"] = now

    def clean(self) -> dict[str, object]:
        told = super().clean() or {}
        wanted = {str(told.get(name) or "").strip().upper() for name in ("near", "reference")} - {""}
        if len(wanted) != 1:
            raise ValidationError(_("Pilih satu berkas dari daftar, atau tulis nomornya. Bukan keduanya."))
        told["into"] = wanted.pop()
        return told


class Splitting(forms.Form):
    """What becomes a report of its own."""

    part_id = RowId()
    reason = Choice(choices=[(one.value, one.label) for one in SPLITTING], label=_("Alasan"))
    story = Text(
        label=_("Cerita untuk laporan baru"),
        max_length=LONGEST_STORY,
        lines=10,
        help_text=_("Salinan cerita pelapor. Biarkan seluruhnya, atau sisakan bagian yang dipisahkan."),
    )
    for_whom = Choice(choices=ForWhom.choices, required=False, label=_("Siapa yang mengalaminya?"))
    place = forms.ChoiceField(label=_("Kota atau kecamatan"), required=False)
    danger_now = forms.BooleanField(label=_("Ada bahaya sekarang di bagian ini"), required=False)

    def show(self) -> None:
        """This will offer the places."""
        self.fields["place"].choices = [("", _("Sama dengan laporan asalnya")), *places()]  # type: ignore[attr-defined]


class TransferOut(forms.Form):
    """To whom a report is handed, what goes along, and on what ground."""

    seen = forms.ChoiceField(choices=Triage.choices, widget=forms.HiddenInput, required=False)
    transfer_id = RowId()
    to_unit = Choice(
        choices=[],
        many=True,
        required=False,
        empty=_("Unit itu belum memakai sistem ini"),
        label=_("Unit yang dituju"),
    )
    outside = Text(
        label=_("Atau unit di luar sistem ini"),
        max_length=160,
        required=False,
        help_text=_(
            "Nama unit dan cara menghubunginya. Sampaikan sendiri kepada mereka, lalu catat jawabannya."
        ),
    )
    basis = Choice(choices=[(one.value, one.label) for one in CHOSEN_BASES], label=_("Atas dasar apa"))
    passes = forms.MultipleChoiceField(
        choices=Passed.choices,
        widget=forms.CheckboxSelectMultiple,
        label=_("Yang diteruskan"),
        error_messages={
            "required": _("Pilih apa yang diteruskan. Paling sedikit: yang perlu segera, tanpa nama.")
        },
    )
    needs = Text(
        label=_("Yang perlu segera"),
        max_length=LONGEST_NOTE,
        lines=4,
        required=False,
        help_text=_("Tanpa nama, alamat, sekolah, atau tempat kerja siapa pun."),
    )
    why = Text(
        label=_("Mengapa ini wilayah mereka"),
        max_length=LONGEST_NOTE,
        lines=2,
        help_text=_("Hanya untuk unit Anda; tidak ikut dikirim."),
    )

    def show(self, units: Iterable[tuple[str, str]], now: str) -> None:
        """This will offer the other units."""
        field = self.fields["to_unit"]
        field.choices = [*field.choices, *units]  # type: ignore[attr-defined]
        self.initial["seen"] = now


ANSWERS = {
    "accept": _("Terima: menjadi laporan unit ini"),
    "refuse": _("Tidak diterima"),
    "take_back": _("Tarik kembali"),
}


class TransferAnswer(forms.Form):
    """What becomes of a hand-over."""

    decision = Choice(choices=list(ANSWERS.items()), label=_("Jawaban"))
    answer = Text(
        label=_("Pesan untuk unit pengirim"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
        help_text=_("Perlu diisi bila tidak diterima. Tanpa nama siapa pun."),
    )

    def show(self, offered: Iterable[str]) -> None:
        """This will offer what this viewer may say."""
        field = self.fields["decision"]
        field.choices = [(name, ANSWERS[name]) for name in offered]  # type: ignore[attr-defined]


class WallRaised(forms.Form):
    """Who is kept out."""

    person = Choice(choices=[], many=True, label=_("Jauhkan juga"))

    def show(self, people: Iterable[tuple[User, str]], walled: set[UUID]) -> None:
        """This will offer the colleagues who are not kept out yet."""
        roles: dict[User, list[str]] = {}
        for person, role in people:
            roles.setdefault(person, []).append(str(Role(role).label))
        field = self.fields["person"]
        field.choices = [  # type: ignore[attr-defined]
            *field.choices,  # type: ignore[attr-defined]
            *(
                (str(person.id), f"{person.name} ({', '.join(held)})")
                for person, held in roles.items()
                if person.id not in walled
            ),
        ]


class FloodChosen(forms.Form):
    """Which reports of the queue, and what becomes of them."""

    act = forms.ChoiceField(choices=[("close", ""), ("out", ""), ("undo", "")])
    chosen = forms.TypedMultipleChoiceField(
        coerce=UUID, error_messages={"required": _("Tandai dulu laporannya.")}
    )
    note = Text(label=_("Catatan"), max_length=LONGEST_NOTE, lines=2, required=False)

    def show(self, dossiers: Iterable[Dossier]) -> None:
        """This will take only what stands on the page."""
        self.fields["chosen"].choices = [(str(one.id), one.reference) for one in dossiers]  # type: ignore[attr-defined]
