"""A consent form that somebody of fifteen understands: short sentences, everyday words, nothing of the law's."""

import re

import pytest
from django.utils import translation

from ruangaman.consent.policies import wording
from ruangaman.consent.policies.wording import PASSAGES, passages

LONGEST = 15  # words of a sentence; long ones are lost on who listens
LONGEST_WORD = 15  # letters
# Words of offices, of the law, and from abroad. What is meant is said in other words.
FORBIDDEN = (
    "persetujuan", "pernyataan", "kerahasiaan", "identitas", "data pribadi", "pemrosesan", "subjek", "pihak", "ketiga",
    "lembaga", "instansi", "mitra", "unit", "berdasarkan", "sebagaimana", "dimaksud", "ketentuan", "pasal", "undang",
    "peraturan", "hukum", "wali", "terlapor", "pelapor", "korban", "klien", "penyintas", "kasus", "rujukan", "asesmen",
    "layanan", "pendampingan", "visum", "medis", "psikologis", "konseling", "intervensi", "prosedur", "dokumen",
    "consent", "privasi", "akses", "trauma", "perlindungan", "mediasi", "tersebut", "adalah", "apabila", "serta",
    "guna", "terhadap", "dapat", "wajib lapor", "mencabut", "penarikan", "anda", "saudara",
)  # fmt: skip


def sentences() -> list[str]:
    with translation.override("id"):
        return [str(s) for passage in PASSAGES for s in (passage.heading, *passage.sentences)]


@pytest.mark.parametrize("sentence", sentences())
def test_each_sentence_is_short_and_everyday(sentence: str) -> None:
    words = re.findall(r"[\w-]+", sentence.lower())
    assert len(words) <= LONGEST
    assert max(map(len, words)) <= LONGEST_WORD
    assert not [word for word in FORBIDDEN if re.search(rf"\b{word}\b", sentence.lower())]
    assert sentence.count(",") <= 2
    assert ";" not in sentence and "(" not in sentence


def test_a_measure_would_find_what_an_office_writes() -> None:
    """So that the test above can fail."""
    bad = "Persetujuan ini dapat dicabut sewaktu-waktu berdasarkan ketentuan peraturan perundang-undangan."
    assert [word for word in FORBIDDEN if re.search(rf"\b{word}\b", bad.lower())]


def test_everything_that_has_to_be_said_is_said() -> None:
    """care.md 9 (the limits of secrecy before she tells), 10, 11; issue "People and consent"."""
    text = " ".join(sentences())
    for said in (
        "Kamu boleh bilang ya, tidak, atau nanti.",  # she may say no, or later
        "Apa pun jawabanmu, kami tetap membantumu.",  # no help hangs on it
        "Izinmu ada batas waktunya.",  # until when
        "Kamu boleh berubah pikiran kapan saja.",  # at any time
        "Mereka tidak diberi tahu siapa yang melapor.",  # what is never shared
        "Kamu memilih sendiri yang mana.",  # what is shared only if she agrees
        "Kadang kami harus memberi tahu orang lain tanpa izinmu.",  # the limits of secrecy
        "Kalau aman, kami bicara dulu denganmu.",  # and she is told first
        "Bilang kepada kami siapa yang tidak boleh tahu.",  # care.md 12
        "Orang yang dilaporkan tidak ikut memutuskan.",  # care.md 10
    ):
        assert said in text


def test_adults_hear_the_same_words_but_for_what_is_only_of_children() -> None:
    assert [p for p in passages(child=True) if not p.of_children] == passages(child=False)
    assert sum(p.of_children for p in PASSAGES) == 1


def test_every_part_that_may_be_shared_has_words() -> None:
    from ruangaman.consent.states import MAY_BE_SHARED

    assert set(wording.IN_WORDS) == set(MAY_BE_SHARED)
