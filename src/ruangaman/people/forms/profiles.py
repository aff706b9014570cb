"""What somebody needs, how to address them, and their background. Every question may stay empty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, RowId, Text
from ruangaman.people.policies import profiles
from ruangaman.people.policies.profiles import (
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_WORD,
    Background,
    Courtesy,
    Support,
)
from ruangaman.people.states import (
    Accommodation,
    Disability,
    Education,
    Language,
    Marriage,
    OfficerChoice,
    PlaceChoice,
    Religion,
    Sex,
    Work,
)

# More than an RT or RW may have, so that its own sentence is shown.
LONGEST_TYPED = 20
NO_AREA = _("Tidak diketahui, atau tidak ingin disebut")


def _some(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
        error_messages={"invalid_choice": _("Pilihan ini tidak ada di daftar. Pilih dari daftar.")},
    )


def _one(label: Any, kind: Any, help_text: Any = "") -> Choice:
    """One of a few; the first says that it was not asked, and is what stands there."""
    return Choice(label=label, choices=kind.choices, required=False, initial="", help_text=help_text)


def _of_many(label: Any, choices: Any, empty: Any, help_text: Any = "") -> Choice:
    known = [(code, name) for code, name in choices if code]
    return Choice(label=label, choices=known, many=True, required=False, empty=empty, help_text=help_text)


class ProfileForm(forms.Form):
    """What is told in one section. It carries which one it showed, and the id of what it makes, unseen."""

    kind: type[Support] | type[Courtesy] | type[Background]
    profile_id = RowId()
    over = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                profiles.check_profile(self.told())
            except Refused as no:
                self.add_error(None, str(no.message))
        return answers

    def told(self) -> profiles.Profile:
        """This will give what was typed, on its way to being sealed."""
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name not in ("profile_id", "over")
        }
        return self.kind(**given)


class SupportForm(ProfileForm):
    """What makes help reachable for somebody."""

    kind = Support
    disabilities = _some(
        _("Disabilitas"), Disability.choices, _("Menurut ia sendiri, boleh lebih dari satu, boleh kosong.")
    )
    accommodations = _some(
        _("Apa yang membantunya"), Accommodation.choices, _("Tanyakan kepadanya, bukan kepada pendampingnya.")
    )
    languages = _some(_("Bahasa yang paling ia pahami"), Language.choices)
    other_language = Text(label=_("Bahasa lain, sebutkan"), max_length=LONGEST_WORD, required=False)
    interpreter = _of_many(
        _("Juru bahasa diperlukan untuk"),
        [one for one in Language.choices if one[0] != Language.INDONESIAN],
        _("Tidak diperlukan, atau belum diketahui"),
        _("Juru bahasa dari luar keluarga dan lingkungannya."),
    )
    decides_with = Text(
        label=_("Siapa yang membantunya memutuskan"),
        max_length=LONGEST_WORD,
        required=False,
        help_text=_("Orang yang ia pilih sendiri. Orang itu membantu, tidak memutuskan."),
    )
    note = Text(label=_("Catatan"), max_length=LONGEST_NOTE, lines=3, required=False)


class CourtesyForm(ProfileForm):
    """How somebody wants to be addressed and met."""

    kind = Courtesy
    field_order = ("profile_id", "over", "address", "called")
    address = Text(
        label=_("Sapaan"),
        max_length=LONGEST_WORD,
        required=False,
        help_text=_("Misalnya Ibu, Mbak, Kak, Mas, atau tanpa sapaan. Ia yang menentukan."),
    )
    called = Text(
        label=_("Nama yang ia ingin dipakai"),
        max_length=LONGEST_WORD,
        required=False,
        help_text=_("Boleh lain dari nama di surat-surat."),
    )
    officer = _one(_("Ingin didampingi oleh"), OfficerChoice)
    place = _one(
        _("Kalau perlu tinggal di tempat aman, ia merasa aman"),
        PlaceChoice,
        _("Menurut rasa amannya sendiri, apa pun yang tertulis di surat-suratnya."),
    )
    religion = _of_many(
        _("Agama atau kepercayaan"),
        Religion.choices,
        _("Belum ditanyakan"),
        _("Tanyakan hanya kalau ia ingin bimbingan rohani."),
    )
    note = Text(label=_("Catatan"), max_length=LONGEST_NOTE, lines=3, required=False)


class BackgroundForm(ProfileForm):
    """Papers where they differ, school, work, and where somebody lives."""

    kind = Background
    registered_name = Text(
        label=_("Nama di surat-surat, kalau berbeda"),
        max_length=LONGEST_PLACE,
        required=False,
        help_text=_("Hanya dipakai di surat yang memintanya menurut aturan, misalnya pengantar visum."),
    )
    registered_sex = _of_many(
        _("Jenis kelamin di surat-surat, kalau berbeda"),
        [one for one in Sex.choices if one[0] != Sex.UNKNOWN],
        _("Sama, atau tidak ditanyakan"),
        _("Hanya dipakai di surat yang memintanya menurut aturan."),
    )
    education = _of_many(_("Pendidikan terakhir"), Education.choices, _("Belum diketahui"))
    work = _of_many(_("Pekerjaan"), Work.choices, _("Belum diketahui"))
    marriage = _of_many(
        _("Pernikahan"),
        Marriage.choices,
        _("Belum diketahui"),
        _("Yang menikah sebelum 18 tahun tetap anak."),
    )
    origin = Text(label=_("Daerah asal"), max_length=LONGEST_PLACE, required=False)
    area = _of_many(_("Kelurahan tempat tinggal"), [], NO_AREA)
    rt = Text(
        label=_("RT"),
        max_length=LONGEST_TYPED,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    rw = Text(
        label=_("RW"),
        max_length=LONGEST_TYPED,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    street = Text(label=_("Jalan dan nomor"), max_length=LONGEST_PLACE, required=False)

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = [("", NO_AREA), *areas]

    def clean_rt(self) -> str:
        """This will refuse an RT that is no number, beside its own field."""
        return _numbered(self.cleaned_data["rt"])

    def clean_rw(self) -> str:
        """This will refuse an RW that is no number, beside its own field."""
        return _numbered(self.cleaned_data["rw"])


def _numbered(number: str) -> str:
    try:
        profiles.check_neighbourhood(number)
    except Refused as no:
        raise forms.ValidationError(str(no.message)) from None
    return number


FORM_OF: dict[str, type[ProfileForm]] = {
    Section.SUPPORT: SupportForm,
    Section.COURTESY: CourtesyForm,
    Section.BACKGROUND: BackgroundForm,
}
