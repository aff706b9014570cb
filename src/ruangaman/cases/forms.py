"""The forms of a case. What may be chosen is given by the page; rules are the policies' to say."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.cases.policies import MOST_SESSIONS
from ruangaman.cases.states import Form, Online, Penetration, RiskLevel, Setting, Unmet
from ruangaman.consent.states import Service
from ruangaman.kernel.forms import Choice, Day, RowId, Text

LONGEST_STORY = 20_000
LONGEST_NOTE = 2_000
Choices = Sequence[tuple[Any, Any]]


class SentOnce(forms.Form):
    """A form whose row has its id before it is sent, so that a double click writes it once."""

    row_id = RowId()


class Assess(forms.Form):
    """The initial assessment, with the version that the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    chronology = Text(
        label=_("Kronologi"),
        max_length=LONGEST_STORY,
        lines=14,
        help_text=_("Apa yang terjadi, dengan kata-katanya sendiri sebisa mungkin. Tidak perlu urut."),
        error_messages={"required": _("Tulis kronologinya, walau baru sedikit.")},
    )
    hopes = Text(
        label=_("Harapan klien"),
        max_length=LONGEST_STORY,
        lines=5,
        required=False,
        help_text=_("Apa yang ia inginkan, dan apa yang tidak ia inginkan."),
    )
    seen_alone = forms.BooleanField(
        label=_("Sebagian asesmen dilakukan hanya berdua dengan klien"),
        required=False,
        help_text=_("Untuk anak ini selalu perlu: tanpa wali di ruangan, dengan cara yang nyaman baginya."),
    )


class Safety(SentOnce):
    """How dangerous it is, and how to meet her."""

    level = Choice(label=_("Tingkat bahaya"), choices=RiskLevel.choices)
    text = Text(
        label=_("Catatan keamanan"),
        max_length=LONGEST_NOTE,
        lines=5,
        help_text=_(
            "Bagaimana menemuinya dengan aman: tempat, jam, siapa yang tidak boleh tahu. Catatan lama tetap tersimpan."
        ),
        error_messages={
            "required": _("Tulis catatannya: tingkat bahaya saja belum cukup untuk bertindak aman.")
        },
    )


class Happened(forms.Form):
    """What happened, in codes."""

    client = Choice(label=_("Klien"), choices=[])
    happened_on = Day(
        label=_("Tanggal kejadian"),
        ahead=False,
        required=False,
        help_text=_("Kosongkan kalau tidak diketahui. Kalau berulang, tulis yang terakhir."),
    )
    happened_from = forms.TimeField(
        label=_("Kira-kira jam"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Kalau diketahui: pertolongan kesehatan sesudah kekerasan seksual dihitung per jam."),
        error_messages={"invalid": _("Tulis jam yang ada, misalnya 21.30 sebagai 21:30.")},
    )
    forms = forms.MultipleChoiceField(
        label=_("Bentuk kekerasan"),
        choices=Form.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Pilih semua yang terjadi."),
        error_messages={
            "required": _("Pilih paling sedikit satu bentuk kekerasan."),
            "invalid_choice": _("Pilihan ini tidak ada di daftar."),
        },
    )
    penetration = Choice(
        label=_("Kalau kekerasan seksual: ada penetrasi?"),
        choices=Penetration.choices,
        many=True,
        required=False,
        empty=_("Bukan kekerasan seksual, atau belum ditanyakan"),
        help_text=_(
            "Hanya sejauh ia mau bercerita. Dalam 72 jam rumah sakit masih bisa mencegah kehamilan dan HIV, "
            "tanpa laporan polisi; “belum diketahui” dihitung seperti “ya”."
        ),
    )
    setting = Choice(label=_("Tempat kejadian"), choices=Setting.choices, many=True, required=False)
    place_code = Choice(
        label=_("Wilayah kejadian"), choices=[], many=True, required=False, empty=_("Tidak diketahui")
    )
    online = Choice(
        label=_("Kalau terjadi di dunia maya"),
        choices=Online.choices,
        many=True,
        required=False,
        empty=_("Tidak di dunia maya"),
    )

    def __init__(self, *args: Any, clients: Choices, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "client", clients, alone=True)
        self.fields["place_code"].choices = [("", _("Tidak diketahui")), *places]  # type: ignore[attr-defined]


class Needs(forms.Form):
    """What a client needs."""

    client = Choice(label=_("Klien"), choices=[])
    services = forms.MultipleChoiceField(
        label=_("Layanan yang diperlukan"),
        choices=Service.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Yang diperlukan klien menurut asesmen, juga kalau layanannya belum tersedia."),
        error_messages={
            "required": _("Pilih paling sedikit satu layanan yang diperlukan."),
            "invalid_choice": _("Pilihan ini tidak ada di daftar."),
        },
    )

    def __init__(self, *args: Any, clients: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "client", clients, alone=True)


class Colleague(forms.Form):
    """Whom to put on the team, in which role: one choice of both."""

    colleague = Choice(
        label=_("Rekan"),
        choices=[],
        many=True,
        empty=_("Pilih rekan"),
        error_messages={"required": _("Pilih rekan yang masuk tim.")},
    )

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].choices = [("", _("Pilih rekan")), *colleagues]  # type: ignore[attr-defined]


class Confirm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class Plan(SentOnce):
    """How one need is answered. A need stands in the list once for each consent that is there for it."""

    what = Choice(
        label=_("Kebutuhan"), choices=[], error_messages={"required": _("Pilih kebutuhan yang direncanakan.")}
    )
    provider = Choice(
        label=_("Rekan yang memberi layanan"),
        choices=[],
        many=True,
        required=False,
        help_text=_("Untuk mitra kosongkan. Rekan yang dipilih masuk tim berkas ini."),
    )
    sessions = forms.IntegerField(
        label=_("Jumlah pertemuan"),
        min_value=1,
        max_value=MOST_SESSIONS,
        initial=1,
        error_messages={
            "required": _("Tulis jumlah pertemuan."),
            "invalid": _("Tulis angka, misalnya 8."),
            "min_value": _("Paling sedikit satu pertemuan."),
            "max_value": _("Paling banyak 200 pertemuan."),
        },
    )
    starts_on = Day(label=_("Mulai tanggal"), error_messages={"required": _("Tulis kapan mulai.")})
    aim = Text(label=_("Tujuan"), max_length=LONGEST_NOTE, lines=4, required=False)

    def __init__(self, *args: Any, whats: Choices, providers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "what", whats, alone=False)
        self.fields["provider"].choices = [("", _("Mitra yang memberi layanan")), *providers]  # type: ignore[attr-defined]


class LeaveUnmet(forms.Form):
    """Why a need is not answered."""

    need = Choice(label=_("Kebutuhan"), choices=[])
    reason = Choice(label=_("Mengapa tidak"), choices=Unmet.choices)

    def __init__(self, *args: Any, needs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "need", needs, alone=True)


class Drop(forms.Form):
    """Which plan ends."""

    item = Choice(label=_("Rencana"), choices=[])

    def __init__(self, *args: Any, items: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "item", items, alone=False)


def _offer(form: forms.Form, name: str, choices: Choices, *, alone: bool) -> None:
    """Fill a choice; where there is only one, it is chosen already."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]
    if alone and len(choices) == 1:
        form.fields[name].initial = choices[0][0]
