"""The parts of a paper that is set, and how a letter is put together from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NotRequired, TypedDict

from ruangaman.papers.policies.letters import NEVER_MORE, SECRET, SHEETS, Redaction, day_words, grouped
from ruangaman.papers.policies.writing import Block, fill


class Signature(TypedDict):
    """Who signs: the last block of a letter."""

    title: str
    name: str
    number: NotRequired[str]
    dated: NotRequired[str]


class Document(TypedDict):
    """What is set. Every text is a string from outside; ``blocks`` are those of `writing.parse`, and tables.

    A block: ``{"kind": "paragraph" | "heading", "text"}``, ``{"kind": "list" | "numbered", "items"}``, ``{"kind":
    "facts", "rows": [[label, value]]}``, ``{"kind": "table", "header": […], "rows": [[…]]}``,
    ``{"kind": "signatures", "names": […]}`` (places where people sign by hand).
    """

    title: str  # in the file's own data, and no place for a name
    head: NotRequired[list[str]]  # lines of the letterhead
    heading: NotRequired[str]  # the name of a sheet; without one it is laid out as a letter
    numbers: NotRequired[list[list[str]]]  # [label, value] above everything: Nomor, Sifat, Lampiran, Hal
    dated: NotRequired[str]  # town and day
    day: NotRequired[list[int]]  # year, month, day: in the file's own data
    recipient: NotRequired[list[str]]
    blocks: list[dict[str, Any]]
    signature: NotRequired[Signature]
    copies: NotRequired[list[str]]
    copies_words: NotRequired[str]
    square: NotRequired[str]  # an SVG of `typesetting.square`
    square_words: NotRequired[str]
    square_alt: NotRequired[str]
    mark: NotRequired[str]  # across each page: a draft
    foot: NotRequired[str]
    page_words: NotRequired[str]  # with {page} and {pages}


@dataclass(frozen=True, slots=True)
class Head:
    """The look of a unit's letters at the moment one is written."""

    lines: Sequence[str]
    town: str
    signer_title: str
    signer_name: str
    signer_number: str


@dataclass(frozen=True, slots=True)
class Content:
    """A letter before it has a number: its text as blocks with fields, what goes into them, to whom."""

    kind: str
    title: str
    blocks: Sequence[Block]
    values: dict[str, str]
    redaction: Redaction
    recipient: Sequence[str] = ()
    copies: Sequence[str] = ()
    extra: frozenset[str] = field(default_factory=frozenset)


def lay_out(
    content: Content,
    head: Head,
    *,
    number: str,
    day: date,
    square: str = "",
    code: str = "",
    site: str = "",
    mark: str = "",
) -> Document:
    """This will put a letter together as an official one is.

    Source: Permendagri 1/2023 (tata naskah dinas): head, number, nature, subject, place and day, recipient, text,
    signature with office, name and NIP, copies.
    """
    dated = f"{head.town}, {day_words(day)}"
    values = {
        **{name: value for name, value in content.values.items() if name in content.redaction.told},
        "nomor_surat": number,
        "tanggal_surat": day_words(day),
    }
    made: Document = {
        "title": str(content.title),
        "day": [day.year, day.month, day.day],
        "head": list(head.lines),
        "blocks": fill(content.blocks, values, content.redaction.withheld),
        "copies": list(content.copies),
        "foot": number,
        "mark": mark,
    }
    signature: Signature = {
        "title": head.signer_title,
        "name": head.signer_name,
        "number": head.signer_number,
    }
    if content.kind in SHEETS:
        made["heading"] = content.title
        made["numbers"] = [["Nomor", number]]
        signature["dated"] = (
            f"Ditetapkan di {head.town}\npada tanggal {day_words(day)}"
            if content.kind in NEVER_MORE
            else dated
        )
        if content.kind in SECRET:
            made["numbers"] += [["Sifat", "Rahasia"]]
    else:
        nature = "Rahasia" if content.kind in SECRET else "Biasa"
        made["numbers"] = [["Nomor", number], ["Sifat", nature], ["Lampiran", "–"], ["Hal", content.title]]
        made["dated"] = dated
    if content.recipient:
        made["recipient"] = [f"Yth. {content.recipient[0]}", *content.recipient[1:]]
    made["signature"] = signature
    if square:
        made["square"] = square
        made["square_words"] = (
            f"Keaslian surat ini dapat diperiksa di {site} dengan kode {grouped(code)}. "
            "Halaman itu hanya menyebut nomor, tanggal, dan unit."
        )
    return made
