"""Forms of appointments. What may be chosen is given by the page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.agenda.queries.places import Choices, Groups
from ruangaman.agenda.states import BookingKind, Whose, Why
from ruangaman.kernel.forms import Choice, Day, RowId, Text
from ruangaman.people.forms import hour

LONGEST_PLACE, LONGEST_NOTE = 120, 2_000


class When(forms.Form):
    """When and where: the part that a new appointment and a moved one share."""

    booking_id = RowId()
    day = Day(label=_("Tanggal"), error_messages={"required": _("Pilih tanggalnya.")})
    start = hour(_("Mulai jam"))
    end = hour(_("Selesai jam"))
    until_day = Day(
        label=_("Sampai tanggal"),
        required=False,
        help_text=_("Hanya untuk perjalanan lebih dari satu hari."),
    )
    venue = forms.ChoiceField(
        label=_("Gedung"),
        required=False,
        help_text=_("Gedung yang bukan rahasia. Rumah aman tidak pernah ada di daftar ini."),
        error_messages={"invalid_choice": _("Gedung ini tidak ada di daftar. Pilih dari daftar.")},
    )
    area = forms.ChoiceField(
        label=_("Kelurahan"),
        required=False,
        help_text=_("Bila bukan di gedung dalam daftar. Kelurahan menjaga supaya ia tidak bertemu terlapor."),
        error_messages={"invalid_choice": _("Kelurahan ini tidak ada di daftar. Pilih dari daftar.")},
    )
    where = Text(
        label=_("Nama tempat"),
        max_length=LONGEST_PLACE,
        required=False,
        help_text=_(
            "Boleh kosong: kelurahan saja cukup. Tersimpan tertutup. Jangan pernah menulis alamat rumah aman."
        ),
    )

    # Shown once the database has said that two would meet: who may decide writes why; others may ask.
    SENIOR = "override_reason"
    OTHERS = "ask"

    def __init__(self, *args: Any, venues: Choices, areas: Groups, senior: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.senior = senior
        self.fields["venue"].choices = [("", _("Bukan di gedung dalam daftar")), *venues]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("Tidak disebut, atau lewat telepon")), *areas]  # type: ignore[attr-defined]
        if (self.SENIOR if senior else self.OTHERS) in self.data:
            self.offer_decision()

    def offer_decision(self) -> None:
        """This will add the way on for two who would meet: a reason of a supervisor, or asking one."""
        if self.senior:
            self.fields[self.SENIOR] = Text(
                label=_("Alasan janji ini tetap dibuat"),
                max_length=LONGEST_NOTE,
                lines=3,
                required=False,
                help_text=_(
                    "Nama Anda dan alasan ini tercatat. Tulis apa yang menjaga mereka tetap terpisah. "
                    "Kosongkan bila Anda memilih jam atau tempat lain."
                ),
            )
        else:
            self.fields[self.OTHERS] = forms.BooleanField(
                label=_("Minta penyelia memutuskan"),
                required=False,
                help_text=_(
                    "Penyelia diberi tahu bahwa ada yang menunggu di berkas ini. Janji belum dibuat; "
                    "penyelia yang membuatnya, dengan alasan."
                ),
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("venue") and (told.get("area") or told.get("where")):
            self.add_error(
                "venue", _("Pilih gedung dari daftar, atau kelurahan dan nama tempat; jangan keduanya.")
            )
        day, last = told.get("day"), told.get("until_day")
        if day and last and last < day:
            self.add_error("until_day", _("Hari terakhir harus sesudah hari pertama."))
        return told


class NewBooking(When):
    """What an appointment is for, who and what it needs, and when and where."""

    kind = Choice(
        label=_("Jenis janji"),
        choices=BookingKind.choices,
        many=True,
        empty=_("Pilih jenisnya"),
        error_messages={"required": _("Pilih jenis janjinya.")},
    )
    staff = forms.MultipleChoiceField(
        label=_("Petugas"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih paling sedikit satu petugas.")},
    )
    people = forms.MultipleChoiceField(
        label=_("Orang di berkas ini"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Pilih setiap orang yang hadir, juga bila diantar: hanya yang dipilih dijaga tidak bertemu."
        ),
    )
    things = forms.MultipleChoiceField(
        label=_("Ruang, kendaraan, juru bahasa"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    safety_plan = Text(
        label=_("Rencana keselamatan"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
        help_text=_(
            "Wajib untuk kunjungan dan penjangkauan: siapa menunggu kabar, kapan pergi, kode bila bahaya."
        ),
    )
    cover_reason = Text(
        label=_("Bila ada yang bertanya"),
        max_length=LONGEST_NOTE,
        lines=2,
        required=False,
        help_text=_(
            "Wajib untuk kunjungan dan penjangkauan: alasan yang bisa dikatakan tanpa membuka rahasia."
        ),
    )
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
        help_text=_("Tersimpan tertutup. Yang perlu dibawa atau disiapkan, misalnya pendamping disabilitas."),
    )
    section = forms.ChoiceField(
        label=_("Disimpan di bagian berkas"),
        required=False,
        help_text=_("Yang boleh membaca bagian itu melihat janji ini. Petugas lain melihat jamnya saja."),
        error_messages={"invalid_choice": _("Bagian ini tidak bisa Anda tulis. Pilih dari daftar.")},
    )

    field_order = [
        "booking_id",
        "kind",
        "day",
        "start",
        "end",
        "until_day",
        "venue",
        "area",
        "where",
        "staff",
        "people",
        "things",
        "safety_plan",
        "cover_reason",
        "note",
        "section",
    ]

    def __init__(
        self, *args: Any, staff: Choices, people: Choices, things: Choices, sections: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("staff", staff), ("people", people), ("things", things)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]
        self.fields["section"].choices = [("", _("Menurut jenis janji")), *sections]  # type: ignore[attr-defined]


class Because(forms.Form):
    """On whose side the reason lies, and which it is."""

    side = Choice(
        label=_("Di pihak siapa alasannya"),
        choices=Whose.choices,
        error_messages={"required": _("Pilih di pihak siapa alasannya.")},
    )
    why = Choice(label=_("Mengapa"), choices=Why.choices, error_messages={"required": _("Pilih alasannya.")})


class MoveBooking(When, Because):
    """A new time or place for an appointment, and why."""

    field_order = ["booking_id", "side", "why", "day", "start", "end", "until_day", "venue", "area", "where"]
