"""The safe attempt to reach her."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ruangaman.agenda.policies.bookings import Apart
from ruangaman.agenda.queries.places import Choices, Groups
from ruangaman.clocks.states import Answer
from ruangaman.intake.policies import LONGEST_NOTE
from ruangaman.intake.states import OutreachPlace, OutreachResult
from ruangaman.intake.states.outreach import Lasts, NeighbourGround
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import Choice, Moment, RowId, Text
from ruangaman.network.states import Skill

# Shown once the database has said that the reported person may be there: who may decide writes why; others may ask.
SENIOR, OTHERS = "override_reason", "ask"


class OutreachPlan(forms.Form):
    """A safe attempt to reach her: where, when, who goes, under which cover, and what keeps both safe."""

    outreach_id = RowId()
    # Of how many attempts who fills this in knows.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    place_kind = Choice(choices=OutreachPlace.choices, label=_("Di mana"))
    venue = forms.ChoiceField(
        label=_("Gedung"),
        required=False,
        help_text=_("Gedung yang bukan rahasia. Rumah aman tidak pernah ada di daftar ini."),
        error_messages={"invalid_choice": _("Gedung ini tidak ada di daftar. Pilih dari daftar.")},
    )
    area = forms.ChoiceField(
        label=_("Kelurahan"),
        required=False,
        help_text=_(
            "Bila bukan di gedung dalam daftar. Hanya kelurahan inilah yang tertulis di surat tugas, dan dengannya "
            "dijaga supaya ia tidak bertemu terlapor."
        ),
        error_messages={"invalid_choice": _("Kelurahan ini tidak ada di daftar. Pilih dari daftar.")},
    )
    place_name = Text(
        label=_("Nama tempat atau ruangnya"),
        max_length=200,
        required=False,
        help_text=_("Misalnya ruang UKS. Untuk telepon: nomornya, dan siapa yang biasanya mengangkat."),
    )
    starts_at = Moment(label=_("Mulai"))
    lasts = Choice(choices=Lasts.choices, many=True, label=_("Lamanya"), initial=Lasts.HOUR)
    skills = forms.MultipleChoiceField(
        choices=Skill.choices,
        label=_("Keahlian yang diperlukan"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    companion = Choice(choices=[], many=True, label=_("Pendamping yang berangkat"))
    cover_reason = Text(
        label=_("Alasan yang dipakai bila ada yang bertanya"),
        max_length=LONGEST_NOTE,
        lines=3,
        help_text=_("Hal biasa yang tidak menyebut kekerasan, misalnya pemeriksaan kesehatan sekolah."),
        error_messages={
            "required": _(
                "Tulis alasan yang dipakai bila ada yang bertanya. Tanpa itu tidak ada penjangkauan."
            )
        },
    )
    safety_plan = Text(
        label=_("Rencana keselamatan"),
        max_length=LONGEST_NOTE,
        lines=6,
        help_text=_(
            "Siapa yang tahu, bagaimana berhenti dengan wajar, apa yang dilakukan bila terlapor datang, "
            "siapa yang dihubungi bila pendamping tidak memberi kabar."
        ),
        error_messages={"required": _("Tulis rencana keselamatan dulu. Tanpa itu tidak ada penjangkauan.")},
    )
    safety_note = Text(
        label=_("Di mana dan kapan terlapor mungkin ada"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
        help_text=_("Yang belum tercatat sebagai jam dan tempat. Tersimpan tertutup."),
    )
    trusted_nearby = Text(
        label=_("Orang di sekitarnya yang ia percaya"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
        help_text=_("Menurut katanya sendiri. Menulisnya di sini bukan izin untuk menghubungi mereka."),
    )
    tells_neighbours = forms.BooleanField(
        label=_("RT, RW, atau tokoh akan dihubungi"),
        required=False,
        help_text=_("Menghubungi mereka adalah membuka rahasia. Isi keempat bagian di bawah ini juga."),
    )
    neighbours_ground = Choice(choices=NeighbourGround.choices, label=_("Atas dasar apa"), required=False)
    neighbours_who = Text(
        label=_("Siapa yang dihubungi, dan kedudukannya"), max_length=LONGEST_NOTE, required=False
    )
    neighbours_unrelated = forms.BooleanField(
        label=_("Sudah diperiksa: bukan terlapor, bukan kerabat, bawahan, atau orang dekatnya"),
        required=False,
        help_text=_("Ketua RT pun bisa menjadi orangnya."),
    )
    neighbours_words = Text(
        label=_("Kata-katanya ketika menyetujui, atau alasan penyelia"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        venues: Choices,
        areas: Groups,
        companions: Choices,
        house: bool,
        senior: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.senior = senior
        self._offer("venue", [("", _("Bukan di gedung dalam daftar")), *venues])
        self._offer("area", [("", _("Lewat telepon, atau di gedung dalam daftar")), *areas])
        self._offer("companion", [("", _("Pilih satu")), *companions])
        # Her house is shown to who may decide it; the rule has the sentence for others.
        places = [choice for choice in OutreachPlace.choices if house or choice[0] != OutreachPlace.HOUSE]
        self.fields["place_kind"].widget.choices = places
        if (SENIOR if senior else OTHERS) in self.data:
            self.offer_decision()

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("venue") and told.get("area"):
            self.add_error("venue", _("Pilih gedung dari daftar, atau kelurahan; jangan keduanya."))
        if told.get("starts_at") and told.get("lasts"):
            try:
                told["ends_at"] = told["starts_at"] + timedelta(minutes=int(told["lasts"]))
            except OverflowError:
                self.add_error("starts_at", _("Tanggal ini terlalu jauh. Periksa tahunnya."))
        return told

    def refuse(self, no: Refused, known: int) -> None:
        """This will show why the plan was not taken, and the way on where the reported person may be there.

        ``known``: how many attempts stand by now; the page shows them, so the next save is on purpose.
        """
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["seen"] = str(known)
            self.data = data
        if isinstance(no, Apart):
            self.offer_decision()
        self.add_error(None, str(no.message))

    def offer_decision(self) -> None:
        """This will add the way on: a reason of a supervisor, or asking one. Source: issue 6 ("a second look")."""
        if self.senior:
            self.fields[SENIOR] = Text(
                label=_("Alasan penjangkauan ini tetap dibuat"),
                max_length=LONGEST_NOTE,
                lines=3,
                required=False,
                help_text=_(
                    "Nama Anda dan alasan ini tercatat. Tulis apa yang menjaga mereka tetap terpisah."
                ),
            )
        else:
            self.fields[OTHERS] = forms.BooleanField(
                label=_("Minta penyelia memutuskan"),
                required=False,
                help_text=_(
                    "Penyelia diberi tahu bahwa ada yang menunggu di berkas ini. Rencana belum dibuat; "
                    "penyelia yang membuatnya, dengan alasan."
                ),
            )


class OutreachEnd(forms.Form):
    """How an attempt ended: the record of the visit."""

    result = Choice(choices=OutreachResult.choices, label=_("Hasil"))
    safe_now = Choice(
        choices=Answer.choices,
        label=_("Amankah ia sekarang"),
        required=False,
        help_text=_("Menurut katanya sendiri, berdua saja. Kosongkan bila tidak bisa bicara berdua."),
    )
    wants = Text(
        label=_("Yang ia inginkan"),
        max_length=LONGEST_NOTE,
        lines=3,
        required=False,
        help_text=_("Dengan kata-katanya sendiri, juga yang tidak ia inginkan."),
    )
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=6,
        required=False,
        help_text=_("Yang perlu diketahui untuk langkah berikutnya. Cerita kejadian dicatat di asesmen."),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("result") == OutreachResult.REACHED and not told.get("safe_now"):
            self.add_error(
                "safe_now", _("Tanyakan apakah ia aman sekarang. “Belum diketahui” juga sebuah jawaban.")
            )
        return told


class Assignment(forms.Form):
    """Nothing to fill in: all of it stands in the plan."""
