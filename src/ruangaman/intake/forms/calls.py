"""Taking a report down while somebody speaks: one page, in the order in which it is asked."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.intake import policies
from ruangaman.intake.policies.calls import account as account
from ruangaman.intake.states import AgeBand, ForWhom, Means, ReporterKind
from ruangaman.kernel import clock
from ruangaman.kernel.forms import Choice, Text
from ruangaman.people.forms.contact import hour, weekdays
from ruangaman.people.policies import LONGEST_NAME, bits_of
from ruangaman.people.policies.contact import EVERY_DAY
from ruangaman.people.policies.likenesses import OLDEST_YEAR

YES, NO, UNKNOWN = "yes", "no", "unknown"
SURE = [(YES, _("Ya")), (NO, _("Tidak")), (UNKNOWN, _("Belum tahu"))]
SHORT = 200
# Those of the draft, as the browser sends them; several of some.
SEVERAL = ("weekdays",)


class Beginning(forms.Form):
    """By which way somebody speaks with the unit."""

    way = Choice(label=_("Lewat mana laporan ini datang?"), choices=(), many=True)

    def __init__(self, *args: Any, ways: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = ways
        field.widget.attrs["autofocus"] = True


class Call(forms.Form):
    """What is asked on the telephone. Nothing must be answered to be kept; a story must be there to be sent."""

    safe_now = Choice(label=_("“Apakah Anda aman sekarang?”"), choices=SURE, required=False)
    where_reported = Text(
        label=_("“Di mana orang itu sekarang?”"),
        max_length=SHORT,
        required=False,
        help_text=_("Terlapor: dekat, di luar rumah, atau tidak tahu."),
    )
    children_there = Choice(label=_("“Apakah ada anak di sana?”"), choices=SURE, required=False)
    phone = Text(
        label=_("“Kalau telepon ini terputus, nomor mana yang aman kami telepon?”"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "govuk-input--width-20"}),
    )
    limits = Choice(
        label=_("Batas kerahasiaan"),
        choices=[
            ("read", _("Sudah dibacakan")),
            ("no_time", _("Belum sempat: bahaya, atau telepon terputus")),
        ],
        required=False,
    )
    reporter_kind = Choice(
        label=_("Siapa penelepon?"),
        choices=[
            (ReporterKind.VICTIM, _("Yang mengalami sendiri")),
            (ReporterKind.FAMILY, _("Keluarga atau teman dekat")),
            (ReporterKind.PUBLIC, _("Tetangga atau warga")),
            (ReporterKind.INSTITUTION, _("Lembaga, misalnya sekolah atau Puskesmas")),
            (ReporterKind.WITNESS, _("Saksi kejadian")),
        ],
        required=False,
    )
    for_whom = Choice(
        label=_("Untuk siapa?"),
        choices=[
            (ForWhom.ME, _("Dirinya sendiri")),
            (ForWhom.CHILD, _("Seorang anak")),
            (ForWhom.ADULT, _("Orang dewasa lain")),
            (ForWhom.SEVERAL, _("Beberapa orang")),
        ],
        required=False,
    )
    age_band = Choice(label=_("Umur penelepon, kira-kira"), choices=AgeBand.choices, required=False)
    trusted = Text(label=_("“Siapa yang kamu percaya?”"), max_length=SHORT, required=False)
    must_not_know = Text(
        label=_("“Siapa yang tidak boleh tahu?”"),
        max_length=SHORT,
        required=False,
        help_text=_(
            "Nama orang tua tidak ditanyakan. Tidak seorang pun dihubungi sebelum kita bicara dengan anak."
        ),
    )
    name = Text(
        label=_("Nama penelepon, sebagaimana disebutnya"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    subject = Text(
        label=_("Nama yang mengalami, kalau bukan penelepon"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    born_year = forms.IntegerField(
        label=_("Tahun lahir yang mengalami"),
        required=False,
        help_text=_("Perkiraan boleh: tahun sekarang dikurangi umurnya."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages={"invalid": _("Tulis tahunnya dengan empat angka, misalnya 1994.")},
    )
    place = Choice(label=_("Kelurahan atau kecamatan"), choices=(), many=True, required=False)
    story = Text(
        label=_("Apa yang terjadi, dalam kata-katanya"),
        max_length=policies.LONGEST_STORY,
        lines=10,
        required=False,
    )
    means = Choice(label=_("Cara yang aman menghubunginya"), choices=Means.choices, required=False)
    weekdays = weekdays(_("Hari yang aman"), required=False)
    from_time = hour(_("Aman dari jam"), required=False)
    until_time = hour(_("Aman sampai jam"), required=False)
    hours = Text(label=_("Jam aman, dalam kata-kata"), max_length=120, required=False)
    code_word = Text(
        label=_("Kata kunci bersama"),
        max_length=60,
        required=False,
        help_text=_("Diucapkan lebih dulu oleh petugas yang menelepon. Ia yang memilih."),
    )
    never_call = forms.BooleanField(label=_("Jangan pernah menelepon"), required=False)
    call_again = forms.BooleanField(
        label=_("Perlu dihubungi kembali: telepon terputus, atau ia yang meminta"), required=False
    )
    ticket = Text(
        label=_("Nomor tiket, kalau sudah bercerita kepada 112 atau pusat panggilan"),
        max_length=64,
        required=False,
        help_text=_("Persis seperti disebut petugas mereka. Dengan nomor itu berkas ini ditemukan lagi."),
    )
    about_staff = forms.BooleanField(
        label=_("Yang dilaporkan bekerja di layanan ini"),
        required=False,
        help_text=_("Setelah dikirim, laporan ini hanya terbuka bagi penyelia dan kepala; tidak bagi Anda."),
    )
    accused = Text(label=_("Nama yang disebutnya"), max_length=LONGEST_NAME, required=False)
    wants_code = forms.BooleanField(
        label=_("Penelepon ingin kode untuk membaca jawaban sendiri"),
        required=False,
        help_text=_(
            "Anda membacakan tujuh kata setelah laporan dikirim. Ia menggantinya saat pertama dipakai."
        ),
    )

    def __init__(self, *args: Any, areas: list[Any], spoken: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spoken = spoken
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = [("", _("Tidak tahu, atau tidak ingin menyebut")), *areas]
        if not spoken:
            del self.fields["limits"]

    def clean_born_year(self) -> int | None:
        """This will refuse a year in which nobody alive was born."""
        year: int | None = self.cleaned_data["born_year"]
        if year is not None and not OLDEST_YEAR <= year <= timezone.localdate(clock.now()).year:
            raise forms.ValidationError(_("Periksa tahunnya: antara 1900 dan tahun ini."))
        return year

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        begins, ends = given.get("from_time"), given.get("until_time")
        if (begins is None) != (ends is None) and not {"from_time", "until_time"} & set(self.errors):
            self.add_error("until_time", _("Tulis kedua jamnya, atau kosongkan keduanya."))
        if begins and ends and begins >= ends:
            self.add_error("until_time", _("Jam akhir harus sesudah jam awal pada hari yang sama."))
        if given.get("means") == Means.CALL and given.get("never_call"):
            self.add_error(
                "never_call",
                _("Cara yang dipilih telepon, tetapi juga “jangan pernah menelepon”. Pilih satu."),
            )
        if (
            given.get("means") in (Means.CALL, Means.TEXT)
            and not given.get("phone")
            and "phone" not in self.errors
        ):
            self.add_error("phone", _("Tulis nomornya, atau pilih “Hanya lewat kode di situs ini”."))
        if given.get("call_again") and (given.get("never_call") or not given.get("phone")):
            self.add_error("call_again", _("Untuk dihubungi kembali perlu nomor, dan izin untuk menelepon."))
        return given

    def told(self) -> dict[str, Any]:
        """This will give what a report tells, field by field, with what the officer asked below the story."""
        given = self.cleaned_data
        same = (
            "reporter_kind",
            "for_whom",
            "age_band",
            "about_staff",
            "accused",
            "place",
            "name",
            "never_call",
            "phone",
        )
        contact = ("hours", "from_time", "until_time", "code_word", "trusted", "must_not_know")
        return {
            **{name: given[name] for name in (*same, *contact)},
            "story": account(given["story"], self.asked()) if given["story"].strip() else "",
            "danger_now": given["safe_now"] == NO,
            "means": self.way_to_reach(),
            "weekdays": bits_of(given["weekdays"]) if given["weekdays"] else EVERY_DAY,
        }

    def way_to_reach(self) -> str:
        """This will give how she can be reached: a number that was given for a broken call is one for calls."""
        given = self.cleaned_data
        if given["means"] or not given["phone"] or given["never_call"]:
            return str(given["means"])
        return Means.CALL

    def asked(self) -> list[tuple[str, str]]:
        """This will give the questions whose answers have no field of their own in a report, with the answers."""
        given, sure = self.cleaned_data, dict(SURE)
        limits = dict(self.fields["limits"].choices) if self.spoken else {}  # type: ignore[attr-defined]
        return [
            (str(_("Aman sekarang")), str(sure.get(given["safe_now"], ""))),
            (str(_("Terlapor sekarang")), given["where_reported"]),
            (str(_("Anak di sana")), str(sure.get(given["children_there"], ""))),
            (str(_("Yang mengalami")), given["subject"]),
            (str(_("Tahun lahir")), str(given["born_year"] or "")),
            (str(_("Batas kerahasiaan")), str(limits.get(given.get("limits", ""), ""))),
        ]


def typed_in(data: Any) -> dict[str, Any]:
    """This will give what stands in the fields of a sent form as it was typed, valid or not."""
    return {
        name: data.getlist(name)[:7] if name in SEVERAL else str(data.get(name, ""))
        for name in Call.base_fields
        if data.get(name)
    }


def different(mine: dict[str, Any], theirs: dict[str, Any]) -> Iterable[tuple[Any, str]]:
    """This will give the fields in which another window's text differs: (label, that text)."""
    for name, field in Call.base_fields.items():
        if mine.get(name) != theirs.get(name):
            yield field.label, _said(field, theirs.get(name))


def _said(field: forms.Field, value: Any) -> str:
    choices = dict(field.choices) if isinstance(field, forms.ChoiceField) else {}  # type: ignore[arg-type]
    if isinstance(value, list):
        return ", ".join(str(choices.get(int(one), one)) if one.isdigit() else one for one in value)
    if isinstance(field, forms.BooleanField):
        return str(_("Ya") if value else _("Tidak"))
    return str(choices.get(value, value or ""))


class Discarding(forms.Form):
    """Why a call that was begun becomes no report."""

    why = Choice(
        label=_("Mengapa tidak menjadi laporan?"),
        choices=[
            ("broke_off", _("Telepon terputus sebelum ada cerita")),
            ("wrong_call", _("Salah sambung atau bukan laporan")),
            ("known", _("Sudah ada berkasnya, dicatat di sana")),
            ("test", _("Percobaan")),
        ],
    )
