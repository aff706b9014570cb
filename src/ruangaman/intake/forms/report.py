"""The public form, one thing a page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.policies import LONGEST_STORY
from ruangaman.intake.states import (
    Means,
    ReporterKind,
    Step,
)
from ruangaman.kernel.forms import Text
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
