"""What the blank forms ask, in the order in which a report is taken down. Source: issue 6; care.md 3, 12; flow.md 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.states import AgeBand, ForWhom, Means, ReporterKind
from ruangaman.kernel.errors import Refused


class PaperForm(models.TextChoices):
    """The forms that can be printed."""

    GENERAL = "umum", _("Formulir pengaduan")
    CHILD = "anak", _("Lembar cerita anak, dengan kata-katanya sendiri")


@dataclass(frozen=True, slots=True)
class Part:
    """One question on paper: boxes to tick, lines to write on, or an empty space in centimetres."""

    ask: Any
    hint: Any = ""
    choices: Sequence[Any] = ()
    columns: int = 1
    lines: int = 0
    space: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form: its name, what is said first, and its questions."""

    title: Any
    intro: Sequence[Any]
    parts: Sequence[Part]


YES_NO = (_("Ya"), _("Tidak"), _("Tidak tahu"))
CALL = _("Kalau ada bahaya sekarang, telepon 112 atau SAPA 129. Jangan menunggu formulir ini dibaca.")
GIVE = _("Serahkan langsung kepada petugas. Jangan simpan kertas ini di tempat yang bisa ditemukan pelaku.")
FILLED = Part(
    _("Diisi petugas"),
    _("Kode untuk kembali diberikan kepada pelapor, tidak ditulis di kertas ini."),
    choices=(_("Sudah dijelaskan bahwa formulir ini dirahasiakan"), _("Kode sudah diberikan")),
    lines=2,
)
GENERAL = Sheet(
    PaperForm.GENERAL.label,
    (CALL, _("Semua boleh dikosongkan, juga nama. Yang kamu tulis dirahasiakan."), GIVE),
    (
        Part(_("Apakah ada bahaya sekarang, untukmu atau untuk dia?"), choices=YES_NO, columns=2, lines=1),
        Part(
            _("Bagaimana kami boleh menghubungimu?"),
            _("Pilih yang tidak membuatmu dalam bahaya."),
            choices=(*Means.labels, _("Jangan pernah menelepon")),
        ),
        Part(_("Nomornya"), lines=1),
        Part(_("Hari dan jam yang aman"), lines=1),
        Part(
            _("Kata kunci bersama"),
            _("Kata yang kami sebut lebih dulu, supaya kamu tahu ini kami."),
            lines=1,
        ),
        Part(_("Siapa yang tidak boleh tahu?"), lines=1),
        Part(_("Siapa yang melapor?"), choices=ReporterKind.labels),
        Part(_("Siapa yang mengalaminya?"), choices=ForWhom.labels, columns=2),
        Part(_("Berapa umurnya, kira-kira?"), choices=AgeBand.labels, columns=2),
        Part(_("Di kecamatan atau kelurahan mana?"), lines=1),
        Part(
            _("Apakah ini tentang seseorang yang bekerja di layanan ini?"), choices=YES_NO, columns=2, lines=1
        ),
        Part(_("Namamu, kalau kamu mau menyebutkannya"), lines=1),
        Part(
            _("Apa yang terjadi?"),
            _("Tulis dengan kata-katamu sendiri. Boleh pendek. Boleh lanjut di halaman lain."),
            space=12,
        ),
        FILLED,
    ),
)
CHILD = Sheet(
    PaperForm.CHILD.label,
    (
        _(
            "Kamu tidak salah. Kamu boleh bercerita dengan tulisan atau gambar, dan boleh berhenti kapan saja."
        ),
        _("Tidak perlu menulis nama orang tuamu. Kami bicara denganmu dulu sebelum menghubungi siapa pun."),
        CALL,
    ),
    (
        Part(_("Apakah kamu takut pulang, atau takut sekarang?"), choices=YES_NO, columns=2, lines=1),
        Part(_("Berapa umurmu?"), choices=AgeBand.labels[:-1], columns=2),
        Part(_("Siapa yang kamu percaya?"), lines=1),
        Part(_("Siapa yang tidak boleh tahu?"), lines=1),
        Part(_("Kapan dan di mana kami bisa bertemu kamu dengan aman?"), lines=2),
        Part(
            _("Apa yang terjadi?"),
            _("Pendamping tidak mengarahkan dan tidak membetulkan. Tulis persis yang anak katakan."),
            space=15,
        ),
        FILLED,
    ),
)


def parts_of(kind: str) -> Sheet:
    """This will give what a form asks.

    :raises Refused: for one that is not there.
    """
    if kind == PaperForm.GENERAL:
        return GENERAL
    if kind == PaperForm.CHILD:
        return CHILD
    raise Refused(_("Formulir ini tidak ada. Pilih dari daftar."))
