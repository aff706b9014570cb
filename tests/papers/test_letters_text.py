"""Text from people is data: whatever they wrote stands on the page as they wrote it, and is never read as anything."""

import io
import re
import unicodedata
from datetime import date

import docx
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.forms import HIDDEN_MARKS
from ruangaman.papers import typesetting
from ruangaman.papers.policies import letters, writing
from ruangaman.papers.policies.shipped import shipped_letters
from ruangaman.papers.states import LetterKind
from tests.papers.lettering import text_of

MARKUP = (
    '#read("/etc/passwd")', '#import "x.typ": *', "#eval(\"1+1\")", "$ x^2 $", "*tebal* _miring_ `kode`",
    "<label> @rujukan", "// komentar", "/* komentar */", "\\ \\n \\u{1F600}", "= Judul", "- butir", "+ butir",
    "{nama_klien}", "{{ rusak }}",
    "#set page(width: 1cm)", "#while true {}", "https://contoh.example/?a=b#c", "---", "~", "...", "'kutip' \"dua\"",
)  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(MARKUP),
    st.text(max_size=200),
    st.text(
        alphabet="سلامעברית😀👩‍👧한中文ไทย\u202e\u200f\u200d\ufe0f\u0301\u0000\u0007\t \n|#-_{}", max_size=60
    ),
    st.lists(st.sampled_from(MARKUP), min_size=2, max_size=5).map(" ".join),
)
SLOW = settings(max_examples=150)
RTL = ("R", "AL", "AN")
TURNED = str.maketrans(")]}>»", "([{<«")


def letter_with(*texts: str) -> typesetting.Document:
    return {
        "title": "Uji",
        "head": ["KOP"],
        "numbers": [["Nomor", "1"]],
        "blocks": [
            {"kind": "paragraph", "text": f"AWAL {texts[0]} AKHIR"},
            {"kind": "facts", "rows": [["Label", f"AWAL {texts[-1]} AKHIR"]]},
            {"kind": "list", "items": [f"AWAL {texts[0]} AKHIR"]},
        ],
        "recipient": [f"Yth. {texts[-1]}"],
        "signature": {"title": "Kepala", "name": "Nama"},
        "copies": [texts[0]],
    }


UNSEEN = re.compile(r"Halaman \d+ dari \d+|[\s\u200b\ufffe\u00ad\u200c\u200d\ufe0e\ufe0f-]+")


def seen(text: str) -> str:
    """What a reader of the page has of a text: where lines and pages end does not matter."""
    return UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def parts_of(content: bytes) -> list[str]:
    return re.findall(r"AWAL(.*?)AKHIR", seen(text_of(content)))


PLAIN = set(seen(text_of(typesetting.pdf(letter_with("")))).translate(TURNED))


@SLOW
@given(TEXT)
def test_whatever_somebody_wrote_stands_on_the_page_and_nothing_happens(text: str) -> None:
    made = typesetting.pdf(letter_with(text))
    wanted = seen(typesetting.printable(text))
    if any(unicodedata.bidirectional(character) in RTL for character in text):
        # Read back from right to left, letters come in another order, a vowel may be told twice and brackets are
        # turned; but each sign is there, and none that nobody wrote.
        there = set(seen(text_of(made)).translate(TURNED))
        assert set(wanted.translate(TURNED)) <= there <= set(wanted.translate(TURNED)) | PLAIN
    else:
        assert parts_of(made) == [wanted] * 3


def test_markup_reads_no_file_and_computes_nothing() -> None:
    said = text_of(typesetting.pdf(letter_with('#read("/etc/passwd")', "#(1 + 1)")))
    assert '#read("/etc/passwd")' in said and "#(1 + 1)" in said and "root:" not in said


def test_ten_thousand_characters_are_all_there_with_spaces_and_without() -> None:
    words = "kata " * 2_000
    assert parts_of(typesetting.pdf(letter_with(words)))[0] == seen(words)
    run = "x" * 10_000
    made = typesetting.pdf(letter_with(run))
    assert parts_of(made)[0] == run
    pages = pypdfium2.PdfDocument(made)
    right = max(box[2] for page in pages for box in _boxes(page))
    assert right <= pages[0].get_width()  # it breaks instead of running off the page


def _boxes(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    text = page.get_textpage()
    return [text.get_rect(index) for index in range(text.count_rects())]


def test_a_sign_without_a_glyph_stands_as_its_number_and_hidden_marks_do_not_turn_the_line() -> None:
    assert typesetting.printable("baik 😀") == "baik [U+1F600]"
    for mark in HIDDEN_MARKS:
        assert typesetting.printable(f"a{mark}b") == "ab"
    assert "baik [U+1F600]" in text_of(typesetting.pdf(letter_with("baik 😀")))


def test_every_character_that_counts_as_drawn_is_drawn() -> None:
    """The list was made once (glyphs.txt); a newer Typst with other fonts must not fail on somebody's letter."""
    every = [chr(code) for span in typesetting._drawn() for code in span]
    for start in range(0, len(every), 1_000):
        block = {"kind": "paragraph", "text": " ".join(f"x{one}" for one in every[start : start + 1_000])}
        typesetting._set({"title": "x", "blocks": [block]}, "a-2b", least=False)


def test_what_is_kept_is_pdf_a_tagged_in_indonesian_and_names_nobody_in_its_data() -> None:
    made = typesetting.pdf(letter_with("Isi"))
    assert b"pdfaid:part>2<" in made and b"pdfaid:conformance>B<" in made
    file = pypdfium2.PdfDocument(made)
    assert file.is_tagged() and file.get_metadata_dict()["Title"] == "Uji"
    assert b"/Lang (id" in made or b"/Lang(id" in made


@SLOW
@given(TEXT)
def test_a_docx_opens_whatever_is_in_it(text: str) -> None:
    made = docx.Document(io.BytesIO(typesetting.docx(letter_with(text))))
    assert made.paragraphs[0].text == "KOP"


@SLOW
@given(TEXT, TEXT)
def test_a_value_never_becomes_a_block_or_another_field(value: str, other: str) -> None:
    blocks = writing.parse("| Nama | {nama_klien} |\n\n{kronologi}\n\n- {harapan}")
    values = {"nama_klien": value, "kronologi": other, "harapan": "{nik}", "nik": "RAHASIA"}
    filled = writing.fill(blocks, values, withheld=())
    assert "RAHASIA" not in str(filled)
    kinds = [block["kind"] for block in filled]
    assert kinds == [
        kind for kind, said in zip(("facts", "paragraph", "list"), (value, other, "x"), strict=True) if said
    ]
    if value:
        assert filled[0]["rows"] == [["Nama", value]]


@given(st.text(max_size=400))
def test_any_text_can_be_read_as_a_letter(body: str) -> None:
    for block in writing.parse(body):
        assert block["kind"] in {"paragraph", "heading", "list", "numbered", "facts", "signatures"}


def test_the_little_format_is_read_as_the_page_explains_it() -> None:
    body = "Satu\nbaris\n\n# Judul\n- a\n- b\n1. c\n2. d\n| Nama | x |\n| Umur | y |\n___ Klien | Petugas"
    assert writing.parse(body) == [
        {"kind": "paragraph", "text": "Satu\nbaris"},
        {"kind": "heading", "text": "Judul"},
        {"kind": "list", "items": ["a", "b"]},
        {"kind": "numbered", "items": ["c", "d"]},
        {"kind": "facts", "rows": [["Nama", "x"], ["Umur", "y"]]},
        {"kind": "signatures", "names": ["Klien", "Petugas"]},
    ]


def test_what_is_withheld_leaves_no_row_no_heading_and_no_gap() -> None:
    body = "| Nama | {nama_klien} |\n| Berkas | {nomor_berkas} |\n\n# Uraian\n\n{kronologi}\n\nKlien {nama_klien} ada."
    filled = writing.fill(writing.parse(body), {"nomor_berkas": "RA-1"}, withheld=("nama_klien", "kronologi"))
    assert filled == [
        {"kind": "facts", "rows": [["Berkas", "RA-1"]]},
        {"kind": "paragraph", "text": f"Klien {writing.NOT_SAID} ada."},
    ]


@pytest.mark.parametrize("body", ["{nama}", "{nama_klien}", "{ nama_petugas}", "}", "{"])
def test_a_field_that_a_kind_does_not_have_is_refused_with_those_it_has(body: str) -> None:
    with pytest.raises(Refused, match="nama_petugas"):
        writing.check_body(body, letters.FIELDS_OF["assignment"])


def test_what_is_shipped_may_be_used_as_it_is() -> None:
    shipped = shipped_letters()
    assert [kind for kind, *_rest in shipped] == list(LetterKind)
    for kind, title, code, body in shipped:
        writing.check_body(f"{title}\n\n{body}", letters.FIELDS_OF[kind])
        letters.check_code(code)


def test_numbers_are_written_by_the_units_scheme() -> None:
    scheme = "{nomor}/{kode}/{unit}/{bulan}/{tahun}"
    letters.check_scheme(scheme, "UPTD")
    made = letters.number_of(scheme, 12, code="ST", day=date(2026, 11, 23), unit="UPTD")
    assert made == "012/ST/UPTD/XI/2026"
    assert letters.day_words(date(2026, 11, 23)) == "23 November 2026"
    for wrong in (
        "{nomor}",
        "{tahun}",
        "{nomor}/{tahun}/{hari}",
        "{nomor}/{tahun}/{",
        "{nomor}{tahun}" + "x" * 111,
    ):
        with pytest.raises(Refused):
            letters.check_scheme(wrong, "UPTD")
