"""The forms of deadlines. What a deadline is about comes with the program; how long it is, is the lawyer's to say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role
from ruangaman.clocks.models import Definition
from ruangaman.clocks.queries.pages import Tally
from ruangaman.clocks.states import Answer, DayOff, Measure, PauseReason, Ruling
from ruangaman.kernel.forms import Choice, Day, Moment, RowId, Text

LATE, NEAR, NOBODY = "lewat", "dekat", "tidak-ada"  # as the address of the board names them
LONGEST_NOTE = 2_000
# Lengths that somebody counts. The others come with the event: an appointment, the end of a half-year.
COUNTED = (Measure.HOURS, Measure.DAYS, Measure.WORKING_DAYS)
MOST_COUNTED = 1_000
MOST_HOURS = 24 * 60
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
TOLD_OF_A_FILE = (
    Role.INTAKE_OFFICER,
    Role.COMPANION,
    Role.CASE_MANAGER,
    Role.PSYCHOLOGIST,
    Role.LAWYER,
    Role.SHELTER_OFFICER,
    Role.SUPERVISOR,
    Role.HEAD,
)
TOLD_OF_A_UNIT = (Role.HEAD, Role.SUPERVISOR, Role.DATA_OFFICER, Role.LAWYER)


def _hours(label: Any, help_text: Any, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=least,
        max_value=MOST_HOURS,
        error_messages={
            "invalid": _("Tulis jumlah jam dengan angka, misalnya 24."),
            "min_value": _("Tulis paling sedikit %(limit_value)d jam, atau kosongkan."),
            "max_value": _("Tulis paling banyak %(limit_value)d jam."),
        },
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the board somebody looks at, as its address says; what is not understood is not asked."""

    keadaan: str = ""
    kode: str = ""
    orang: str = ""
    unit: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Chosen":
        """This will read the address."""
        state, person, unit = (asked.get(name, "") for name in ("keadaan", "orang", "unit"))
        return cls(
            keadaan=state if state in (LATE, NEAR) else "",
            kode=asked.get("kode", "")[:40],
            orang=person if person == NOBODY or _is_id(person) else "",
            unit=unit if _is_id(unit) else "",
        )

    def but(self, **parts: str) -> "Chosen":
        """This will give another choice: some parts changed, an empty one left open."""
        return replace(self, **parts)

    @property
    def address(self) -> str:
        """The choice as it stands in an address."""
        return "?" + urlencode({name: value for name, value in asdict(self).items() if value})

    def holds(self, one: Tally) -> bool:
        """This will say whether a count belongs to it, late or near."""
        return (
            self.kode in ("", one.code)
            and self.orang in ("", str(one.holder_id or NOBODY))
            and self.unit in ("", str(one.unit_id))
        )

    def narrows(self, at: datetime) -> Q:
        """This will give the choice as the database is asked."""
        found = Q()
        if self.keadaan:
            found &= Q(due_at__lt=at) if self.keadaan == LATE else Q(due_at__gte=at)
        if self.kode:
            found &= Q(code=self.kode)
        if self.orang:
            found &= Q(holder_id=None if self.orang == NOBODY else self.orang)
        return found & Q(unit_id=self.unit) if self.unit else found


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


class Version(forms.Form):
    """A new version of a deadline, for one organisation. It begins with what the version before it says."""

    definition_id = RowId()
    from_on = Day(
        label=_("Berlaku mulai"),
        help_text=_("Hari ini atau sesudahnya. Tenggat yang sudah berjalan tidak ikut berubah."),
        error_messages={"required": _("Tulis mulai tanggal berapa aturan ini berlaku.")},
    )
    is_on = forms.BooleanField(
        label=_("Tenggat ini berlaku"),
        required=False,
        help_text=_(
            "Hilangkan centangnya kalau mulai tanggal itu tenggat ini tidak berlaku lagi di tempat Anda."
        ),
    )
    name = Text(
        label=_("Nama tenggat"),
        max_length=80,
        help_text=_("Beberapa kata saja. Nama ini muncul di “Hari ini”."),
        error_messages={"required": _("Tulis nama tenggatnya.")},
    )
    duty = Text(
        label=_("Kewajibannya, dalam satu kalimat"),
        max_length=240,
        lines=3,
        error_messages={"required": _("Tulis apa yang harus dilakukan, dalam satu kalimat.")},
    )
    article = Text(
        label=_("Dasar hukum atau aturan"),
        max_length=160,
        help_text=_("Nomor, tahun, dan pasalnya. Muncul di sebelah setiap tenggat."),
        error_messages={"required": _("Tulis dasarnya: tenggat tanpa dasar tidak bisa diperiksa siapa pun.")},
    )
    amount = forms.IntegerField(
        label=_("Lamanya"),
        min_value=1,
        max_value=MOST_COUNTED,
        error_messages={
            "required": _("Tulis lamanya dengan angka."),
            "invalid": _("Tulis lamanya dengan angka, misalnya 3."),
            "min_value": _("Tulis paling sedikit 1."),
            "max_value": _("Tulis paling banyak %(limit_value)d."),
        },
    )
    measure = Choice(
        label=_("Dihitung dalam"),
        choices=[(one.value, one.label) for one in COUNTED],
        help_text=_("Jam dihitung terus, siang dan malam. Hari kerja mengikuti kalender kerja."),
    )
    told_roles = forms.MultipleChoiceField(
        label=_("Siapa yang diberi tahu"),
        choices=[],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kalau ada pemegangnya, pemegang itu yang diberi tahu."),
        error_messages={
            "required": _("Pilih paling sedikit satu: tenggat yang tidak diketahui siapa pun akan lewat."),
            "invalid_choice": _("Pilihan ini tidak ada di daftar."),
        },
    )
    before_hours = _hours(_("Diingatkan sebelumnya, berapa jam"), _("Kosongkan kalau tidak perlu."))
    after_hours = _hours(_("Diingatkan lagi sesudah lewat, berapa jam"), _("Kosongkan kalau tidak perlu."))
    escalate_hours = _hours(
        _("Sampai ke penyelia, berapa jam sesudah lewat"),
        _("Satu kali. 0 berarti tepat saat tenggat. Kosongkan kalau tidak perlu."),
        least=0,
    )
    may_pause = forms.BooleanField(
        label=_("Boleh dijeda dengan alasan"),
        required=False,
        help_text=_("Misalnya karena klien minta jeda. Selama dijeda tenggatnya berhenti berjalan."),
    )
    name_en = Text(label=_("Nama dalam bahasa Inggris"), max_length=80, required=False)
    duty_en = Text(label=_("Kewajiban dalam bahasa Inggris"), max_length=240, lines=3, required=False)

    def __init__(self, *args: Any, replaces: Definition, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replaces, self.today = replaces, today
        roles = TOLD_OF_A_FILE if replaces.section else TOLD_OF_A_UNIT
        self._offer("told_roles", [(one.value, one.label) for one in roles])
        if replaces.measure not in COUNTED:
            del self.fields["amount"], self.fields["measure"]
        if not replaces.section:
            del self.fields["may_pause"]

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices

    def clean_from_on(self) -> date:
        day: date = self.cleaned_data["from_on"]
        if day < self.today:
            raise ValidationError(
                _("Aturan baru berlaku paling cepat hari ini. Pilih hari ini atau sesudahnya.")
            )
        return day

    def values(self) -> dict[str, Any]:
        """What the version says; what the form does not ask for stays as it was."""
        asked = {name: value for name, value in self.cleaned_data.items() if name != "definition_id"}
        kept = ("amount", "measure", "may_pause")
        return {name: getattr(self.replaces, name) for name in kept} | asked


class NewDayOff(forms.Form):
    """A day on which the region does not work, or works after all."""

    day = Day(label=_("Tanggal"), error_messages={"required": _("Tulis tanggalnya.")})
    kind = Choice(
        label=_("Hari itu"),
        choices=[(one.value, one.label) for one in (DayOff.REGIONAL, DayOff.WORKED)],
    )
    name = Text(
        label=_("Namanya"),
        max_length=120,
        help_text=_("Tampil juga untuk umum, di samping pos yang tutup pada hari itu."),
        error_messages={"required": _("Tulis hari apa itu, dalam beberapa kata.")},
    )
    source = Text(
        label=_("Dasarnya"),
        max_length=160,
        help_text=_("Misalnya nomor surat edaran atau keputusan kepala daerah."),
        error_messages={"required": _("Tulis dasarnya, supaya bisa diperiksa.")},
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise ValidationError(_("Periksa tahunnya."))
        return day


class Pausing(forms.Form):
    """Why a deadline stands still."""

    reason = Choice(label=_("Alasan"), choices=PauseReason.choices)
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=4,
        help_text=_(
            "Apa yang ditunggu, dan kapan dilihat lagi. Hanya terbaca oleh yang boleh membaca bagian ini."
        ),
        error_messages={"required": _("Tulis apa yang ditunggu, supaya rekan tahu kapan melanjutkan.")},
    )


class Ending(forms.Form):
    """Why a deadline no longer applies."""

    note = Text(
        label=_("Mengapa tenggat ini tidak berlaku lagi?"),
        max_length=LONGEST_NOTE,
        lines=4,
        help_text=_("Tenggat yang diakhiri tidak bisa dijalankan lagi."),
        error_messages={"required": _("Tulis alasannya: tanpa alasan, tenggat tidak bisa diakhiri.")},
    )


class Decision(forms.Form):
    """A decision about a duty that may go against her consent. Source: care.md 9."""

    on_complaint = Choice(
        label=_("Apakah ini delik aduan?"),
        choices=Answer.choices,
        help_text=_(
            "Delik aduan hanya diproses kalau korban sendiri mengadu. Tanyakan pendamping hukum kalau ragu."
        ),
    )
    child = Choice(label=_("Apakah korban anak?"), choices=Answer.choices)
    disability = Choice(label=_("Apakah korban penyandang disabilitas?"), choices=Answer.choices)
    she_agrees = Choice(
        label=_("Apakah ia setuju dilaporkan ke polisi?"),
        choices=Answer.choices,
        help_text=_("Kehendaknya sendiri, ditanyakan berdua saja, tanpa tekanan siapa pun."),
    )
    danger = Choice(label=_("Apakah ada bahaya bagi nyawa atau keselamatannya?"), choices=Answer.choices)
    ruling = Choice(label=_("Keputusan"), choices=Ruling.choices)
    reason = Text(
        label=_("Alasan keputusan"),
        max_length=LONGEST_NOTE,
        lines=6,
        error_messages={
            "required": _("Tulis alasannya: keputusan tanpa alasan tidak bisa dipertanggungjawabkan.")
        },
    )


class Breach(forms.Form):
    """That data got out, and since when the unit knows. Nothing of what got out is written here."""

    unit = Choice(label=_("Unit"), choices=[], many=True)
    found_at = Moment(
        label=_("Kapan diketahui"),
        help_text=_("Hari dan jam saat pertama kali diketahui. Tenggat 3×24 jam dihitung dari saat itu."),
        error_messages={"required": _("Tulis hari dan jam diketahuinya.")},
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.only = at, units[0][0] if len(units) == 1 else ""
        chosen = self.fields["unit"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", _("Pilih satu")), *units]
        if self.only:
            del self.fields["unit"]

    @property
    def unit_id(self) -> str:
        return self.only or str(self.cleaned_data["unit"])

    def clean_found_at(self) -> datetime:
        found: datetime = self.cleaned_data["found_at"]
        if found > self.at:
            raise ValidationError(_("Saat ini belum terjadi. Periksa hari dan jamnya."))
        return found


class Finishing(forms.Form):
    """How a duty of the unit was done."""

    note = Text(
        label=_("Apa yang dilakukan"),
        max_length=240,
        lines=3,
        help_text=_("Kepada siapa dan dengan surat nomor berapa. Jangan tulis nama atau isi kasus."),
        error_messages={"required": _("Tulis apa yang dilakukan, supaya bisa ditunjukkan.")},
    )
