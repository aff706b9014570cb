"""The texts of letters that come with the program (policy/letters/*.txt)."""

from pathlib import Path

from ruangaman import policy
from ruangaman.papers.states import LetterKind

FOLDER = Path(policy.__file__).with_name("letters")


def shipped_letters() -> list[tuple[LetterKind, str, str, str]]:
    """This will give (kind, title, code, text) of each letter that is shipped.

    The first line of a file is the title, the second the code within the number; the text begins after an empty line.
    """
    found = []
    for kind in LetterKind:
        head, _empty, body = (FOLDER / f"{kind.value}.txt").read_text(encoding="utf-8").partition("\n\n")
        title, code = head.split("\n")
        found.append((kind, title, code, body.strip()))
    return found
