"""What a client, or who stands for a child, answered."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import Organisation
from ruangaman.consent.policies import USUAL_LIFE, Answered
from ruangaman.consent.policies.wording import IN_WORDS
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service, Understood
from ruangaman.kernel.forms import Choice, Day, RowId, Text

LONGEST_NAME, LONGEST_WISH = 160, 2000
# What has to be filled in where another field was answered so: (field, the other, its answer, what to do).
NEEDED = (
    ("witness", "method", Method.SPOKEN, _("Tulis nama saksi yang mendengar jawaban lisan ini.")),
    ("until", "answer", Answer.GIVEN, _("Tulis sampai kapan persetujuan ini berlaku.")),
    ("helper", "understood", Understood.HELPED, _("Tulis nama juru bahasa atau orang yang membantu.")),
)


class Consent(forms.Form):
    """One answer about one service, or about several that the unit itself gives."""

    first_id = RowId()
    services = forms.MultipleChoiceField(
        label=_("Layanan"),
        choices=Service.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Beberapa sekaligus hanya untuk layanan unit sendiri dengan jawaban yang sama."),
        error_messages={
            "required": _("Pilih paling sedikit satu layanan."),
            "invalid_choice": _("Pilihan ini tidak ada di daftar. Pilih dari daftar."),
        },
    )
    recipient = Choice(
        label=_("Diberikan oleh"), choices=(), many=True, required=False, empty=_("Unit kita sendiri")
    )
    also = forms.MultipleChoiceField(
        label=_("Yang juga boleh dilihat lembaga mitra"),
        choices=[(section.value, words) for section, words in IN_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Mitra selalu melihat nomor berkas, identitas klien, dan catatan layanannya sendiri. Yang lain hanya kalau "
            "klien setuju. Siapa yang melapor dan siapa terlapor tidak pernah dibagikan."
        ),
        error_messages={"invalid_choice": _("Bagian itu tidak pernah dibagikan.")},
    )
    answer = Choice(label=_("Jawaban"), choices=Answer.choices)
    basis = Choice(label=_("Atas kata siapa"), choices=Basis.choices)
    assent = Choice(
        label=_("Kata anak"),
        choices=[(a.value, a.label) for a in Assent if a != Assent.NOT_NEEDED],
        required=False,
        help_text=_("Tanyakan sendiri kepada anak, tanpa wali di ruangan."),
    )
    understood = Choice(
        label=_("Apakah yang menjawab mengerti?"),
        choices=Understood.choices,
        help_text=_("Minta ia menceritakan kembali dengan katanya sendiri apa yang ditanyakan."),
    )
    helper = Text(
        label=_("Nama juru bahasa atau pembantu"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Orang yang ia pilih. Pembantu menjelaskan, dan tidak memutuskan."),
    )
    method = Choice(label=_("Cara menjawab"), choices=Method.choices)
    witness = Text(
        label=_("Nama saksi"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Wajib kalau jawabannya lisan."),
    )
    wish = Text(
        label=_("Keinginan klien, dengan katanya sendiri"), max_length=LONGEST_WISH, lines=3, required=False
    )
    until = Day(
        label=_("Berlaku sampai"),
        required=False,
        help_text=_("Paling lama satu tahun. Sesudah itu ditanya lagi."),
    )

    def __init__(
        self,
        data: Any,
        *,
        at: datetime,
        clients: Sequence[tuple[str, str | Promise]],
        alone: Collection[str],
        supervisor: bool,
        partners: list[Organisation],
        initial: dict[str, Any],
    ) -> None:
        """``clients``: id and what to call them; ``alone``: those who answer for themselves today."""
        until = timezone.localdate(at + USUAL_LIFE)
        super().__init__(data, initial={"until": until, **initial})
        self._partners = {str(partner.id): partner for partner in partners}
        self._clients, self._alone = [id_ for id_, _called in clients], set(alone)
        _choices(
            self,
            "recipient",
            [("", _("Unit kita sendiri")), *((k, p.name) for k, p in self._partners.items())],
        )
        if len(clients) > 1:
            self.fields["client"] = Choice(label=_("Klien"), choices=clients)
            self.order_fields(["client"])
        if self._alone >= set(self._clients):
            # Who answers for herself has nothing to choose here.
            del self.fields["basis"], self.fields["assent"]
            return
        if self._alone:
            self.fields["basis"].required = False
            self.fields["basis"].help_text = _("Hanya untuk klien yang belum 18 tahun.")
        if not supervisor:
            _choices(self, "basis", [(b.value, b.label) for b in Basis if b != Basis.BEST_INTEREST])

    def clean_until(self) -> datetime | None:
        """This will let the day count to its end."""
        day: date | None = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day, time(23, 59))) if day else None

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("recipient") and len(answers.get("services", ())) > 1:
            self.add_error(
                "services",
                _("Untuk lembaga mitra, pilih satu layanan saja; yang dilihat mitra tergantung layanannya."),
            )
        if answers.get("also") and not answers.get("recipient") and "recipient" not in self.errors:
            self.add_error("recipient", _("Pilih lembaga mitranya, atau kosongkan yang boleh dilihat mitra."))
        for name, other, so, words in NEEDED:
            if answers.get(other) == so and not answers.get(name) and name not in self.errors:
                self.add_error(name, words)
        unsaid = (
            "basis" in self.fields and not answers.get("basis") and not {"basis", "client"} & set(self.errors)
        )
        if unsaid and self.chosen not in self._alone:
            self.add_error("basis", _("Klien ini belum 18 tahun: pilih atas kata siapa jawaban ini."))
        return answers

    @property
    def chosen(self) -> str:
        """The id of the client who was asked, or nothing where there is none."""
        return self.cleaned_data.get("client") or next(iter(self._clients), "")

    @property
    def recipient_chosen(self) -> Organisation | None:
        """Whom she was asked about; None is the unit itself."""
        return self._partners.get(self.cleaned_data["recipient"])

    @property
    def first(self) -> UUID:
        """The id of the first row, so that a form that was sent twice writes once."""
        return UUID(str(self.cleaned_data["first_id"]))

    def answered(self) -> Answered:
        """This will give what was typed, on its way to being written down."""
        given = self.cleaned_data
        alone = self.chosen in self._alone
        return Answered(
            answer=given["answer"],
            basis=Basis.CLIENT if alone else given.get("basis") or Basis.CLIENT,
            assent=Assent.NOT_NEEDED if alone else given.get("assent") or Assent.NOT_NEEDED,
            method=given["method"],
            also=given["also"],
            witness=given["witness"],
            wish=given["wish"],
            until=given["until"],
            understood=given["understood"],
            helper=given["helper"],
        )


def _choices(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field: Any = form.fields[name]
    field.choices = choices
