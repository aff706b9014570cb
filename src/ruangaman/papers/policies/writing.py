"""How the text of a letter is written: a format that a secretary knows after one look, and fields in braces.

The text is read into blocks first and the fields are put in afterwards, so that what somebody once wrote into a file
can't become a heading, a row or another field.

    An empty line ends a paragraph.
    # A heading
    - one line of a list
    1. one line of a numbered list
    | Label | value |
    ___ Klien | Petugas          (places where people sign by hand)
    {nama_klien}                 (a field)
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ruangaman.kernel.errors import Refused

Block = dict[str, Any]
FIELD = re.compile(r"\{([a-z_]+)\}")
NUMBERED = re.compile(r"\d{1,2}\. +(.*)")
MOST_BLOCKS = 200

NOT_SAID = "(tidak dicantumkan)"  # in official Indonesian, as the letter is
NOT_KNOWN = "–"


def parse(body: str) -> list[Block]:
    """This will read the text of a letter into blocks, its fields still in braces."""
    blocks: list[Block] = []
    open_block: Block | None = None  # the one that the next line may go on
    for raw in body.replace("\r\n", "\n").split("\n"):
        line = raw.strip()
        made = _block(line) if line else None
        if made is None:
            open_block = None
        elif open_block is not None and _goes_on(open_block, made):
            continue
        else:
            blocks.append(made)
            open_block = made
    return blocks


def _block(line: str) -> Block:
    if line.startswith("# "):
        return {"kind": "heading", "text": line[2:].strip()}
    if line.startswith("- "):
        return {"kind": "list", "items": [line[2:].strip()]}
    if numbered := NUMBERED.fullmatch(line):
        return {"kind": "numbered", "items": [numbered[1].strip()]}
    if line.startswith("|") and line.count("|") >= 2:
        label, _bar, value = line.strip("|").partition("|")
        return {"kind": "facts", "rows": [[label.strip(), value.strip()]]}
    if line.startswith("___"):
        return {"kind": "signatures", "names": [name.strip() for name in line.strip("_ ").split("|")]}
    return {"kind": "paragraph", "text": line}


def _goes_on(block: Block, made: Block) -> bool:
    """Put a line into the block above it where it belongs there."""
    if block["kind"] != made["kind"]:
        return False
    if block["kind"] == "paragraph":
        block["text"] += "\n" + made["text"]
    elif block["kind"] in ("list", "numbered"):
        block["items"] += made["items"]
    elif block["kind"] == "facts":
        block["rows"] += made["rows"]
    else:
        return False
    return True


def fields_in(body: str) -> list[str]:
    """This will give the fields that a text asks for, each once, in order."""
    return list(dict.fromkeys(FIELD.findall(body)))


def check_body(body: str, allowed: Iterable[str]) -> None:
    """This will refuse a text with a field that this kind of letter does not have, or with a brace that is no field.

    :raises Refused: naming what is wrong, and the fields there are.
    """
    fields = list(allowed)
    unknown = [field for field in fields_in(body) if field not in fields]
    if unknown:
        raise Refused(
            _("Isian ini tidak ada untuk surat ini: %(wrong)s. Yang bisa dipakai: %(fields)s.")
            % {"wrong": ", ".join(f"{{{name}}}" for name in unknown), "fields": ", ".join(fields)}
        )
    if re.search(r"[{}]", FIELD.sub("", body)):
        raise Refused(
            _(
                "Ada kurung kurawal yang bukan isian. Tulis isian seperti {nama_petugas}, atau hapus kurungnya. "
                "Yang bisa dipakai: %(fields)s."
            )
            % {"fields": ", ".join(fields)}
        )
    if len(parse(body)) > MOST_BLOCKS:
        raise Refused(_("Naskah ini terlalu panjang untuk satu surat. Ringkas isinya."))


def fill(blocks: Iterable[Block], values: Mapping[str, str], withheld: Iterable[str]) -> list[Block]:
    """This will put the values into blocks. What is withheld is said where a sentence needs it, and a row, a line or a
    paragraph that would hold nothing else is left out; what is not known is a dash.
    """
    hidden = frozenset(withheld)

    def put(text: str) -> str:
        return FIELD.sub(lambda found: _value(found[1], values, hidden), text)

    filled = [_filled(block, put, lambda text: _is_empty(text, values, hidden)) for block in blocks]
    kept: list[Block] = []
    for block, below in zip(filled, [*filled[1:], {"kind": "end"}], strict=True):
        # A heading goes with what stands right below it.
        if block is not None and not (block["kind"] == "heading" and below is None):
            kept.append(block)
    return kept


def _value(field: str, values: Mapping[str, str], hidden: frozenset[str]) -> str:
    return NOT_SAID if field in hidden else values.get(field) or NOT_KNOWN


def _is_empty(text: str, values: Mapping[str, str], hidden: frozenset[str]) -> bool:
    """Whether a text is fields alone, and none of them says anything."""
    asked = FIELD.findall(text)
    return (
        bool(asked)
        and not FIELD.sub("", text).strip()
        and all(field in hidden or not values.get(field) for field in asked)
    )


def _filled(block: Block, put: Callable[[str], str], is_empty: Callable[[str], bool]) -> Block | None:
    kind = block["kind"]
    if kind in ("paragraph", "heading"):
        return None if is_empty(block["text"]) else {"kind": kind, "text": put(block["text"])}
    if kind == "facts":
        rows = [[put(label), put(value)] for label, value in block["rows"] if not is_empty(value)]
        return {"kind": kind, "rows": rows} if rows else None
    if kind == "signatures":
        return {"kind": kind, "names": [put(name) for name in block["names"]]}
    items = [put(item) for item in block["items"] if not is_empty(item)]
    return {"kind": kind, "items": items} if items else None
