"""What a reporter reads of their own answers before they send them."""

from collections.abc import Sequence
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ruangaman.intake.actions.draft_files import Attached
from ruangaman.intake.forms.report import DAYS
from ruangaman.intake.policies.form import FIELDS, is_child, path
from ruangaman.intake.states import AgeBand, ForWhom, Means, ReporterKind, Step
from ruangaman.places.models import Place

CHOICES: dict[str, Any] = {
    "reporter_kind": ReporterKind,
    "for_whom": ForWhom,
    "age_band": AgeBand,
    "means": Means,
}


def rows(answers: dict[str, Any], files: Sequence[Attached]) -> list[dict[str, str]]:
    """This will give each answer of the pages on the path, with the page where it is changed.

    What was left empty is shown where a gap may be a slip; the finer questions only where they were answered.
    """
    labels = {
        "danger_now": _("Bahaya sekarang"),
        "reporter_kind": _("Siapa kamu"),
        "for_whom": _("Siapa yang mengalami"),
        "age_band": _("Umurmu"),
        "about_staff": _("Bekerja di layanan ini"),
        "accused": _("Namanya"),
        "trusted": _("Yang kamu percaya"),
        "must_not_know": _("Yang tidak boleh tahu"),
        "story": _("Apa yang terjadi"),
        "place": _("Di mana"),
        "means": _("Cara menghubungi"),
        "never_call": _("Jangan pernah menelepon"),
        "phone": _("Nomor telepon"),
        "name": _("Nama"),
        "weekdays": _("Hari yang aman"),
        "from_time": _("Jam yang aman"),
        "hours": _("Jam, dengan kata-katamu"),
        "code_word": _("Kata kunci bersama"),
    }
    always = {"danger_now", "story"}
    if not is_child(answers):  # who is shown no list of what they did not tell
        always |= {"reporter_kind", "place", "means", "phone", "name"}
    shown = []
    for step in path(answers):
        for name in FIELDS[step]:
            value = _told(name, answers)
            if name in labels and (value or name in always):
                shown.append({"label": labels[name], "value": value, "step": str(step)})
        if step == Step.WHAT and (files or not is_child(answers)):
            shown.append({"label": _("Berkas"), "value": _files(files), "step": str(Step.FILES)})
    return shown


def _told(name: str, answers: dict[str, Any]) -> str:
    value = answers.get(name)
    if name == "danger_now":
        return _("Ya, ada bahaya sekarang") if value == "yes" else _("Tidak, atau belum tahu")
    if name in ("about_staff", "never_call"):
        return _("Ya") if value else ""
    if name == "place":
        found = Place.objects.filter(code=value).first() if value else None
        return found.name if found else ""
    if name == "weekdays":
        days = dict(DAYS)
        return ", ".join(str(days[day]) for day in value or [] if day in days)
    if name == "from_time":
        return f"{value}–{answers.get('until_time', '')}" if value else ""
    if name in CHOICES:
        return str(CHOICES[name](value).label) if value else ""
    return str(value or "")


def _files(files: Sequence[Attached]) -> str:
    """One a line; what has not come in whole is said to be so, because it is not sent."""
    return "\n".join(
        f"{file.name} ({filesizeformat(file.size)})"
        + ("" if file.kept else " – " + _("belum lengkap, tidak ikut terkirim"))
        for file in files
    )
