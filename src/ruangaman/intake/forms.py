"""The public form, one thing a page, and messages of the thread."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies import LONGEST_MESSAGE, LONGEST_NOTE, LONGEST_STORY
from ruangaman.intake.states import (
    REASONS,
    Means,
    OutreachPlace,
    OutreachResult,
    ReporterKind,
    Step,
    Triage,
    TriageReason,
)
from ruangaman.kernel.forms import Choice, Moment, RowId, Text
from ruangaman.places.models import Place


class About(forms.Form):
    """Who reports, and whether there is danger now."""

    reporter_kind = forms.ChoiceField(
        label=_("Siapa kamu dalam kejadian ini?"),
        choices=ReporterKind.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    danger_now = forms.ChoiceField(
        label=_("Apakah ada bahaya sekarang?"),
        choices=[("no", _("Tidak, atau belum tahu")), ("yes", _("Ya, ada bahaya sekarang"))],
        widget=forms.RadioSelect,
        required=False,
        initial="no",
    )


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


class Where(forms.Form):
    """Roughly where, so that the nearest people help."""

    place = forms.ChoiceField(label=_("Kota atau kecamatan"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _("Tidak tahu, atau tidak ingin menyebut")), *places]  # type: ignore[attr-defined]


class Reach(forms.Form):
    """A name and a safe way to be reached, both as one likes."""

    name = Text(label=_("Namamu, atau nama panggilan"), max_length=120, required=False)
    means = forms.ChoiceField(
        label=_("Cara yang aman menghubungimu"),
        choices=Means.choices,
        widget=forms.RadioSelect,
        initial=Means.CODE,
        required=False,
    )
    phone = Text(label=_("Nomor telepon"), max_length=30, required=False)
    hours = Text(
        label=_("Jam yang aman"),
        max_length=120,
        required=False,
        help_text=_("Misalnya: Senin sampai Jumat, 09.00–12.00."),
    )
    never_call = forms.BooleanField(label=_("Jangan pernah menelepon"), required=False)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if (
            answers.get("means") in (Means.TEXT, Means.CALL)
            and not answers.get("phone")
            and "phone" not in self.errors
        ):
            self.add_error("phone", _("Tulis nomornya, atau pilih “Hanya lewat kode di situs ini”."))
        if answers.get("means") == Means.CALL and answers.get("never_call"):
            self.add_error(
                "never_call", _("Kamu memilih telepon dan juga “jangan pernah menelepon”. Pilih salah satu.")
            )
        return answers


class Check(forms.Form):
    """Nothing more to fill in."""


FORMS: dict[str, type[forms.Form]] = {
    Step.ABOUT: About,
    Step.WHAT: What,
    Step.WHERE: Where,
    Step.REACH: Reach,
    Step.CHECK: Check,
}


def form_for(step: str, data: Any = None, initial: dict[str, Any] | None = None) -> forms.Form:
    """This will give the form of one step, with what was answered before."""
    extra: dict[str, Any] = {"places": places()} if step == Step.WHERE else {}
    return FORMS[step](data, initial=initial, **extra)


def places() -> list[tuple[str, list[tuple[str, str]]]]:
    """This will give the choices of "where": each kota with its kecamatan; one query."""
    from ruangaman.access.models import Organisation
    from ruangaman.access.states import OrganisationKind
    from ruangaman.places.states import Level

    provinces = {
        (place or "")[:2]
        for place in Organisation.objects.filter(kind=OrganisationKind.UNIT, is_active=True).values_list(
            "place_id", flat=True
        )
    }
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    rows = Place.objects.filter(level__in=[Level.REGENCY, Level.DISTRICT]).order_by("code")
    for place in rows:
        if place.code[:2] in provinces:
            if place.level == Level.REGENCY:
                groups[place.code] = (
                    place.name,
                    [(place.code, str(_("%s (tidak tahu kecamatannya)")) % place.name)],
                )
            else:
                groups[place.code[:5]][1].append((place.code, place.name))
    return list(groups.values())


class Code(forms.Form):
    """The words of a code."""

    code = Text(
        label=_("Kode laporanmu"),
        max_length=400,
        lines=3,
        help_text=_(
            "Ketik tujuh kata yang kamu terima. Huruf besar, spasi, atau tanda hubung tidak masalah."
        ),
        error_messages={"required": _("Ketik kode dari laporanmu.")},
    )


class Message(forms.Form):
    """A message of the reporter or of the unit. Its id travels with the form, so a double click sends it once."""

    message_id = RowId()
    body = Text(
        label=_("Pesan"),
        max_length=LONGEST_MESSAGE,
        lines=5,
        error_messages={"required": _("Tulis pesannya dulu.")},
    )


class TriageDecision(forms.Form):
    """Where a report goes and why. ``seen`` is the state on which it is decided: of two officers the second is told."""

    seen = forms.ChoiceField(choices=Triage.choices, widget=forms.HiddenInput, required=False)
    after = Choice(choices=Triage.choices, label=_("Keputusan"))
    reason = Choice(choices=TriageReason.choices, label=_("Alasan"))

    def show(self, now: str, moves: list[Triage], from_victim: bool) -> None:
        """This will offer what may be decided. Anything else that is sent is refused by its rule, with its sentence."""
        reasons = {reason for to in moves for reason in REASONS[to]}
        if from_victim:
            reasons.discard(TriageReason.NOT_FROM_VICTIM)
        self.fields["after"].widget.choices = [(to.value, to.label) for to in moves]
        self.fields["reason"].widget.choices = [(r.value, r.label) for r in TriageReason if r in reasons]
        self.initial["seen"] = now
        if self.is_bound:
            self.data = {**{name: self.data.get(name, "") for name in self.fields}, "seen": now}


class OutreachPlan(forms.Form):
    """A safe attempt to reach her: where, when, who goes, under which cover, and what keeps both safe."""

    outreach_id = RowId()
    place_kind = Choice(choices=OutreachPlace.choices, label=_("Di mana"))
    place_name = Text(
        label=_("Nama tempat atau ruangnya"),
        max_length=200,
        required=False,
        help_text=_("Misalnya ruang UKS. Untuk telepon: nomor dan jamnya."),
    )
    starts_at = Moment(label=_("Mulai"))
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
    companion = Choice(choices=[], many=True, label=_("Pendamping yang berangkat"))

    def show(self, companions: list[tuple[str, str]], *, house: bool) -> None:
        """This will offer the companions, and her house only to who may decide it; the rule has the sentence."""
        field = self.fields["companion"]
        field.choices = [*field.choices, *companions]  # type: ignore[attr-defined]
        places = [choice for choice in OutreachPlace.choices if house or choice[0] != OutreachPlace.HOUSE]
        self.fields["place_kind"].widget.choices = places


class OutreachEnd(forms.Form):
    """How an attempt ended."""

    result = Choice(choices=OutreachResult.choices, label=_("Hasil"))
    note = Text(
        label=_("Catatan"),
        max_length=LONGEST_NOTE,
        lines=6,
        required=False,
        help_text=_("Yang perlu diketahui untuk langkah berikutnya. Cerita kejadian dicatat di asesmen."),
    )
