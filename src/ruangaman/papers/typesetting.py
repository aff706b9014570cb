"""Setting a letter from its data: a PDF that is kept, or a DOCX that is still to be edited.

Both read the same ``Document``. Its texts are data: the one Typst source beside this file takes them as strings from
JSON, and nothing that somebody wrote is ever read as markup (stack.md; tests/papers/test_letters_text.py).
"""

import io
import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal

import docx as word
import qrcode
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from ruangaman.kernel.forms import HIDDEN_MARKS
from ruangaman.papers.policies.layout import Document as Document

SOURCE = Path(__file__).with_name("paper.typ")
GLYPHS = Path(__file__).with_name("glyphs.txt")
LONGEST_WORD = 40  # letters; a longer one is allowed to break, or it would run off the page
LAST_LATIN = 0x250
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u2028\u2029]")
Standard = Literal["a-2b", "a-2a", "1.7"]


# Words of the page itself. They are Indonesian whatever language who issues has chosen: the letter is official.
WORDS = {
    "copies_words": "Tembusan:",
    "square_alt": "Kotak kode untuk memeriksa keaslian surat ini",
    "page_words": "Halaman {page} dari {pages}",
}


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts that come with Typst: a letter looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def pdf(document: Document, *, standard: Standard = "a-2b") -> bytes:
    """This will set a document as a tagged PDF for the archive (PDF/A-2b unless said otherwise)."""
    try:
        return _set(document, standard, least=False)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        # Two signs that each font has, and none has together: better written as numbers than no letter at all.
        return _set(document, standard, least=True)


def _set(document: Document, standard: Standard, *, least: bool) -> bytes:
    data = _printable({**WORDS, **document}, least)
    data["square"] = document.get("square", "")  # drawn by us, and no text
    made = typst.compile(
        SOURCE,
        root=SOURCE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=[standard],
        format="pdf",
    )
    assert isinstance(made, bytes)
    return made


def square(text: str) -> str:
    """This will draw the square (QR code) that holds ``text``, as an SVG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(text)
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}">'
        f'<path fill="#fff" d="M0 0h{len(rows)}v{len(rows)}h-{len(rows)}z"/><path d="{dots}"/></svg>'
    )


# --- what can be printed -------------------------------------------------------------------------------------------


@cache
def _drawn() -> tuple[range, ...]:
    """The characters that the fonts of a letter can draw (glyphs.txt, written by tests/papers/glyphs.py)."""
    ends = (line.partition("-") for line in GLYPHS.read_text(encoding="ascii").split())
    return tuple(range(int(first, 16), int(last or first, 16) + 1) for first, _dash, last in ends)


@cache
def _is_drawn(character: str) -> bool:
    return any(ord(character) in span for span in _drawn())


def printable(text: str, *, least: bool = False) -> str:
    """This will give a text as it is printed: without signs that hide or turn the writing; one that the fonts lack,
    such as an emoji, as its number in brackets, so that nothing is left out in silence. ``least``: Latin letters only.
    """
    plain = unicodedata.normalize("NFC", CONTROL.sub("", text.replace("\r\n", "\n").replace("\t", " ")))
    made: list[str] = []
    base = " "  # the letter that a mark belongs to
    for sign in plain:
        if sign in HIDDEN_MARKS:
            continue
        is_mark = unicodedata.category(sign).startswith("M")
        base = base if is_mark else sign
        known = (
            ord(sign) < LAST_LATIN if least else _is_drawn(sign) and (not is_mark or _goes_with(base, sign))
        )
        made.append(sign if known or sign == "\n" else f"[U+{ord(sign):04X}]")
    return "".join(made)


def _goes_with(base: str, mark: str) -> bool:
    """Whether a mark belongs to its letter's own writing, as the vowels of Arabic do.

    On any other letter it stands as a number: those that people write are one sign with their letter (é) already.
    """
    return unicodedata.name(mark, "").partition(" ")[0] == unicodedata.name(base, "").partition(" ")[0]


def _printable(value: Any, least: bool) -> Any:
    if isinstance(value, str):
        return _breakable(printable(value, least=least))
    if isinstance(value, dict):
        return {name: _printable(inner, least) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner, least) for inner in value]
    return value


def _breakable(text: str) -> str:
    """A very long word with places where a line may end (U+200B, which shows nothing)."""
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", lambda found: found[0] + "\u200b", text)


# --- DOCX ------------------------------------------------------------------------------------------------------------


def docx(document: Document) -> bytes:
    """This will set a document as DOCX, for somebody who goes on writing it: without number and without square."""
    made = word.Document()
    made.core_properties.title = _clean(document["title"])
    made.core_properties.author = ""
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2.4)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.2)
    made.styles["Normal"].font.name = "Times New Roman"
    made.styles["Normal"].font.size = Pt(11.5)
    if document.get("mark"):
        _line(made, document["mark"], bold=True, centred=True)
    for place, words in enumerate(document.get("head", [])):
        _line(made, words, bold=place == 0, centred=True)
    if document.get("heading"):
        _line(made, document["heading"].upper(), bold=True, centred=True)
    elif document.get("dated"):
        _line(made, document["dated"]).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _facts(made, document.get("numbers", []))
    for words in document.get("recipient", []):
        _line(made, words)
    for block in document["blocks"]:
        _block(made, block)
    signature = document.get("signature")
    if signature:
        for words in (signature.get("dated", ""), f"{signature['title']},", "", "", signature["name"]):
            _line(made, words).paragraph_format.left_indent = Cm(8.5)
        if signature.get("number"):
            _line(made, f"NIP {signature['number']}").paragraph_format.left_indent = Cm(8.5)
    if document.get("copies"):
        _line(made, WORDS["copies_words"])
        for words in document["copies"]:
            made.add_paragraph(_clean(words), style="List Number")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _block(made: Any, block: dict[str, Any]) -> None:
    match block["kind"]:
        case "paragraph":
            _line(made, block["text"])
        case "heading":
            made.add_heading(_clean(block["text"]), level=2)
        case "list" | "numbered":
            style = "List Bullet" if block["kind"] == "list" else "List Number"
            for words in block["items"]:
                made.add_paragraph(_clean(words), style=style)
        case "facts":
            _facts(made, block["rows"])
        case "table":
            _facts(made, [*([block["header"]] if block.get("header") else []), *block["rows"]])
        case "signatures":
            _facts(made, [block["names"], ["\n\n\n................................"] * len(block["names"])])


def _line(made: Any, words: str, *, bold: bool = False, centred: bool = False) -> Any:
    paragraph = made.add_paragraph()
    paragraph.add_run(_clean(words)).bold = bold
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _facts(made: Any, rows: list[list[str]]) -> None:
    if not rows:
        return
    table = made.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(words)


def _clean(text: str) -> str:
    """A text as XML can hold it: no control characters, no halves of a character, nothing that turns the writing."""
    plain = CONTROL.sub("", text.replace("\r\n", "\n"))
    return "".join(
        c
        for c in plain
        if c not in HIDDEN_MARKS and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff"
    )
