"""The words that are read out before somebody answers. Who is fifteen, or tired, or afraid, has to understand them.

Short sentences, everyday words, "kamu" for everybody; for adults the same text. A test measures them, and
docs/consent-form.md shows them. Whoever changes a sentence raises VERSION: each answer keeps which words it was
given to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Section

VERSION = 2  # 1: the list that stood on the page until issue "People and consent"


@dataclass(frozen=True, slots=True)
class Passage:
    """One part of what is read out. ``of_children``: only where somebody under 18 is asked."""

    heading: Promise
    sentences: Sequence[Promise]
    of_children: bool = False


PASSAGES = (
    Passage(
        _("Apa yang kami tanyakan"),
        (
            _("Kami bertanya: maukah kamu menerima bantuan ini?"),
            _("Kami jelaskan dulu bantuannya."),
            _("Tanya saja kalau ada yang belum jelas."),
            _("Kalau perlu, kami carikan juru bahasa."),
            _("Kamu juga boleh ditemani orang yang kamu percaya."),
        ),
    ),
    Passage(
        _("Siapa yang akan melihat datamu"),
        (
            _("Petugas yang membantumu di sini melihat catatan tentang bantuan itu."),
            _("Kadang bantuan diberikan tempat lain, misalnya rumah sakit."),
            _("Mereka perlu tahu namamu, nomor berkasmu, dan bantuan yang kamu terima."),
            _("Mereka tidak diberi tahu siapa yang melapor."),
            _("Mereka juga tidak diberi tahu siapa yang dilaporkan."),
            _("Ceritamu hanya mereka lihat kalau kamu mau."),
            _("Begitu juga cara menghubungimu, bahaya di sekitarmu, dan kebutuhan khususmu."),
            _("Kamu memilih sendiri yang mana."),
        ),
    ),
    Passage(
        _("Sampai kapan"),
        (
            _("Izinmu ada batas waktunya."),
            _("Tanggalnya kita pilih bersama."),
            _("Sesudah itu kami bertanya lagi."),
        ),
    ),
    Passage(
        _("Kamu boleh bilang tidak"),
        (
            _("Kamu boleh bilang ya, tidak, atau nanti."),
            _("Kamu boleh mau satu bantuan dan menolak yang lain."),
            _("Kamu tidak perlu memberi alasan."),
            _("Apa pun jawabanmu, kami tetap membantumu."),
        ),
    ),
    Passage(
        _("Kamu boleh berhenti kapan saja"),
        (
            _("Kamu boleh berubah pikiran kapan saja."),
            _("Bilang saja kepada kami."),
            _("Saat itu juga mereka tidak bisa melihat datamu lagi."),
            _("Kami meminta mereka menghapus salinan yang mereka simpan."),
            _("Ada catatan yang wajib mereka simpan, misalnya catatan dokter."),
        ),
    ),
    Passage(
        _("Kapan kami harus bicara kepada orang lain"),
        (
            _("Kami menjaga rahasiamu."),
            _("Kadang kami harus memberi tahu orang lain tanpa izinmu."),
            _("Misalnya kalau nyawamu atau nyawa orang lain dalam bahaya."),
            _("Atau kalau ada aturan yang mewajibkan kami."),
            _("Kalau aman, kami bicara dulu denganmu."),
        ),
    ),
    Passage(
        _("Kalau umurmu belum 18 tahun"),
        (
            _("Kami juga bertanya kepada orang dewasa yang mendampingimu."),
            _("Orang yang dilaporkan tidak ikut memutuskan."),
            _("Katamu tetap penting: kalau kamu tidak mau, kami dengarkan."),
            _("Kalau kamu sakit atau dalam bahaya, kami tetap boleh menolongmu."),
            _("Bilang kepada kami siapa yang tidak boleh tahu."),
        ),
        of_children=True,
    ),
)

# What a partner is shown, for who asks and writes it down.
ALWAYS_IN_WORDS = _("Nama klien, nomor berkas, dan catatan layanannya sendiri")
IN_WORDS = {
    Section.CONTACT: _("Cara menghubungi klien dengan aman"),
    Section.NARRATIVE: _("Cerita kejadian, supaya klien tidak perlu bercerita lagi"),
    Section.RISK: _("Risiko bahaya dan hal yang harus dihindari"),
    Section.SUPPORT: _("Kebutuhan khusus dan bahasa, misalnya perlu juru bahasa isyarat"),
}


def passages(*, child: bool) -> list[Passage]:
    """This will give what is read out, with what is said to who is under 18 where somebody is."""
    return [passage for passage in PASSAGES if child or not passage.of_children]
