"""What a client, or who stands for a child, answered."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import Organisation
from ruangaman.access.states import Section
from ruangaman.consent.policies import USUAL_LIFE, Answered
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service
from ruangaman.kernel.forms import Choice, Day, Text

LONGEST_NAME, LONGEST_WISH = 160, 2000
# In plain words, as they are read out.
SHARED_WORDS = (
    (Section.CONTACT.value, _("Cara menghubungi klien dengan aman")),
    (Section.NARRATIVE.value, _("Cerita kejadian, supaya klien tidak perlu bercerita lagi")),
    (Section.RISK.value, _("Risiko bahaya dan hal yang harus dihindari")),
)


class Consent(forms.Form):
    """One answer about one service, or about several that the unit itself gives."""

    first_id = forms.UUIDField(widget=forms.HiddenInput)
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
        choices=SHARED_WORDS,
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
        child: bool,
        supervisor: bool,
        partners: list[Organisation],
        clients: list[tuple[str, str]],
        initial: dict[str, Any],
    ) -> None:
        until = timezone.localdate(at + USUAL_LIFE)
        super().__init__(data, initial={"until": until, **initial})
        self._partners = {str(partner.id): partner for partner in partners}
        self.fields["recipient"].choices = [  # type: ignore[attr-defined]
            ("", _("Unit kita sendiri")),
            *((key, partner.name) for key, partner in self._partners.items()),
        ]
        if len(clients) > 1:
            self.fields["client"] = Choice(label=_("Klien"), choices=clients)
            self.order_fields(["client"])
        if not child:
            # An adult answers for herself: there is nothing to choose.
            del self.fields["basis"], self.fields["assent"]
        elif not supervisor:
            self.fields["basis"].choices = [  # type: ignore[attr-defined]
                (b.value, b.label) for b in Basis if b != Basis.BEST_INTEREST
            ]

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
        if (
            answers.get("method") == Method.SPOKEN
            and not answers.get("witness")
            and "witness" not in self.errors
        ):
            self.add_error(
                "witness", ValidationError(_("Tulis nama saksi yang mendengar jawaban lisan ini."))
            )
        if answers.get("answer") == Answer.GIVEN and not answers.get("until") and "until" not in self.errors:
            self.add_error("until", ValidationError(_("Tulis sampai kapan persetujuan ini berlaku.")))
        return answers

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
        return Answered(
            answer=given["answer"],
            basis=given.get("basis") or Basis.CLIENT,
            assent=given.get("assent") or Assent.NOT_NEEDED,
            method=given["method"],
            also=given["also"],
            witness=given["witness"],
            wish=given["wish"],
            until=given["until"],
        )


class Withdrawal(forms.Form):
    """On whose word a consent is withdrawn."""

    word_of = Choice(label=_("Atas kata siapa"), choices=Basis.choices)

    def __init__(self, *args: Any, child: bool, supervisor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not child:
            del self.fields["word_of"]
        elif not supervisor:
            self.fields["word_of"].choices = [  # type: ignore[attr-defined]
                (b.value, b.label) for b in Basis if b != Basis.BEST_INTEREST
            ]
