"""The public form, one thing a page."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import Organisation
from ruangaman.access.states import OrganisationKind
from ruangaman.intake.forms.threads import LONGEST_TYPED, code_box
from ruangaman.intake.policies import LONGEST_STORY
from ruangaman.intake.states import AgeBand, ForWhom, Means, ReporterKind, Step
from ruangaman.kernel.forms import Choice, Text
from ruangaman.papers.policies import contents
from ruangaman.places.models import Place
from ruangaman.places.states import Level

DAYS = (
    ("0", _("Senin")),
    ("1", _("Selasa")),
    ("2", _("Rabu")),
    ("3", _("Kamis")),
    ("4", _("Jumat")),
    ("5", _("Sabtu")),
    ("6", _("Minggu")),
)
# What a telephone offers to choose from; the content of a file decides all the same.
ACCEPTED = ",".join(
    [*(f".{extension}" for content in contents.CONTENTS for extension in content.extensions), "image/*"]
)


class Page(forms.Form):
    """A page that says once what must be told, so that no field says it again."""

    says_what_is_needed = True


class About(Page):
    """Whether there is danger now, before anything else; then who reports, and for whom."""

    danger_now = Choice(
        label=_("Apakah ada bahaya sekarang?"),
        choices=[("no", _("Tidak, atau belum tahu")), ("yes", _("Ya, ada bahaya sekarang"))],
        required=False,
        initial="no",
    )
    reporter_kind = Choice(
        label=_("Siapa kamu dalam kejadian ini?"), choices=ReporterKind.choices, required=False
    )
    age_band = Choice(
        label=_("Berapa umurmu?"),
        choices=AgeBand.choices,
        required=False,
        help_text=_("Supaya kami memakai cara yang cocok untukmu."),
    )
    for_whom = Choice(label=_("Siapa yang mengalaminya?"), choices=ForWhom.choices, required=False)
    about_staff = forms.BooleanField(
        label=_("Yang dilaporkan bekerja di layanan ini"),
        required=False,
        help_text=_("Orang itu dan rekannya tidak akan membaca laporanmu. Atasan yang menanganinya."),
    )
    accused = Text(
        label=_("Namanya, kalau kamu tahu"),
        max_length=120,
        required=False,
        help_text=_("Hanya bila ia bekerja di layanan ini, supaya laporanmu dijauhkan darinya."),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("reporter_kind") == ReporterKind.VICTIM and not told.get("for_whom"):
            told["for_whom"] = ForWhom.ME.value
        told["about_staff"] = bool(told.get("about_staff") or told.get("accused"))
        return told


class Child(Page):
    """Whom a child trusts. No parent is asked for. Source: care.md 12."""

    trusted = Text(label=_("Siapa yang kamu percaya?"), max_length=500, lines=3, required=False)
    must_not_know = Text(label=_("Siapa yang tidak boleh tahu?"), max_length=500, lines=3, required=False)


class What(forms.Form):
    """What happened: the only thing that must be told."""

    story = Text(
        label=_("Ceritakan apa yang terjadi"),
        max_length=LONGEST_STORY,
        lines=8,
        error_messages={
            "required": _("Tulis sedikit saja apa yang terjadi, supaya kami tahu cara membantu.")
        },
    )


class Where(Page):
    """Roughly where, so that the nearest people help."""

    place = forms.ChoiceField(label=_("Kota atau kecamatan"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _("Tidak tahu, atau tidak ingin menyebut")), *places]  # type: ignore[attr-defined]


class Reach(Page):
    """One way to be answered."""

    means = Choice(
        label=_("Cara yang aman menghubungimu"), choices=Means.choices, initial=Means.CODE, required=False
    )
    never_call = forms.BooleanField(label=_("Jangan pernah menelepon"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("means") == Means.CALL and told.get("never_call"):
            self.add_error(
                "never_call", _("Kamu memilih telepon dan juga “jangan pernah menelepon”. Pilih salah satu.")
            )
        return told


class Contact(Page):
    """The number, and when it is safe. A name as one likes."""

    phone = Text(
        label=_("Nomor telepon"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        error_messages={
            "required": _("Tulis nomornya, atau kembali dan pilih “Hanya lewat kode di situs ini”.")
        },
    )
    name = Text(label=_("Namamu, atau nama panggilan"), max_length=120, required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Hari yang aman"),
        choices=DAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kosongkan kalau semua hari aman."),
        error_messages={"invalid_choice": _("Pilihan ini tidak ada di daftar. Pilih dari daftar.")},
    )
    from_time = forms.TimeField(
        label=_("Aman mulai jam"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Tulis jam yang ada, misalnya 09:00.")},
    )
    until_time = forms.TimeField(
        label=_("Aman sampai jam"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Tulis jam yang ada, misalnya 12:00.")},
    )
    hours = Text(
        label=_("Jam yang aman, dengan kata-katamu"),
        max_length=120,
        required=False,
        help_text=_("Misalnya: waktu anak di sekolah."),
    )
    code_word = Text(
        label=_("Kata kunci bersama"),
        max_length=60,
        required=False,
        help_text=_(
            "Satu kata yang hanya kamu dan petugas tahu. Bukan kata sandi HP-mu. "
            "Petugas mengucapkannya lebih dulu, jadi kamu tahu siapa yang menghubungi."
        ),
    )

    def __init__(self, *args: Any, child: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if child:  # whom nobody asks for a number twice, nor for hours by the clock
            self.fields["phone"].required = False
            for name in ("weekdays", "from_time", "until_time"):
                del self.fields[name]
            self.fields["hours"].label = _("Kapan kami boleh menghubungimu?")
            self.fields["hours"].help_text = _("Misalnya: sepulang sekolah.")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        begins, ends = told.get("from_time"), told.get("until_time")
        if not {"from_time", "until_time"} & set(self.errors):
            if bool(begins) != bool(ends):
                self.add_error(
                    "until_time" if begins else "from_time", _("Isi kedua jamnya, atau kosongkan keduanya.")
                )
            elif begins and ends and begins >= ends:
                self.add_error("until_time", _("Jam selesai harus sesudah jam mulai."))
        for name in ("from_time", "until_time"):
            told[name] = f"{told[name]:%H:%M}" if told.get(name) else ""
        return told


class Nothing(forms.Form):
    """A page with nothing to fill in."""


class Code(forms.Form):
    """The words of the code that was taken to go on later."""

    code = Text(
        label=_("Kode untuk melanjutkan"),
        max_length=LONGEST_TYPED,
        widget=code_box(),
        help_text=_(
            "Ketik tujuh kata yang kamu terima. Huruf besar, spasi, atau tanda hubung tidak masalah."
        ),
        error_messages={"required": _("Ketik kodenya.")},
    )


FORMS: dict[str, type[forms.Form]] = {
    Step.ABOUT: About,
    Step.CHILD: Child,
    Step.WHAT: What,
    Step.FILES: Nothing,
    Step.WHERE: Where,
    Step.REACH: Reach,
    Step.CONTACT: Contact,
    Step.CHECK: Nothing,
}


def form_for(
    step: str, data: Any = None, initial: dict[str, Any] | None = None, *, child: bool = False
) -> forms.Form:
    """This will give the form of one step, with what was answered before."""
    extra: dict[str, Any] = {}
    if step == Step.WHERE:
        extra["places"] = places()
    if step == Step.CONTACT:
        extra["child"] = child
    return FORMS[step](data, initial=initial, **extra)


def places() -> list[tuple[str, list[tuple[str, str]]]]:
    """This will give the choices of "where": each kota with its kecamatan, where a unit serves; two queries."""
    units = Organisation.objects.filter(kind=OrganisationKind.UNIT, is_active=True)
    provinces = {(place or "")[:2] for place in units.values_list("place_id", flat=True)} - {""}
    served = Q()
    for province in provinces:
        served |= Q(code__startswith=f"{province}.")
    if not served:
        return []
    found = Place.objects.filter(served, level__in=[Level.REGENCY, Level.DISTRICT]).order_by("code")
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for code, name, level in found.values_list("code", "name", "level"):
        if level == Level.REGENCY:
            unknown = str(_("%s (tidak tahu kecamatannya)")) % name
            groups[code] = (name, [(code, unknown)])
        else:
            groups[code[:5]][1].append((code, name))
    return list(groups.values())
