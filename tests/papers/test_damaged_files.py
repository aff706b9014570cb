"""Files damaged by chance: whatever lies in one, it is kept or refused, and nothing else happens."""

import random

import pytest

from ruangaman.kernel.errors import Refused
from ruangaman.papers.policies import contents
from ruangaman.papers.storing import looking
from ruangaman.papers.storing.examining import Child
from tests.papers import makings

GOOD = {
    "image/jpeg": makings.photo_with_place(),
    "image/png": makings.picture("PNG", (200, 150)),
    "image/webp": makings.picture("WEBP", (200, 150)),
    contents.DOCX.media_type: makings.word(),
    "application/pdf": makings.pdf(2),
}


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Bits turned, a part left out, put in twice or filled with bytes of chance."""
    made = bytearray(content)
    for _harm in range(dice.randrange(1, 6)):
        at, length = dice.randrange(len(made)), dice.randrange(1, 400)
        what = dice.randrange(4)
        if what == 0:
            made[at] ^= 1 << dice.randrange(8)
        elif what == 1 and len(made) > 500:
            del made[at : at + length]
        elif what == 2:
            made[at:at] = made[at : at + length]
        else:
            made[at : at + length] = dice.randbytes(length)
    return bytes(made)


@pytest.mark.parametrize("media_type", [name for name in GOOD if name != "application/pdf"])
def test_a_damaged_file_is_kept_or_refused(media_type: str) -> None:
    dice, said = random.Random(29), set()
    for _file in range(150):
        content = damaged(GOOD[media_type], dice)
        try:
            frames = list(looking.look({"type": media_type, "pictures": True}, content))
            assert frames[-1][0] == b"E"
            said.add("kept")
        except looking.No as no:
            assert str(no) in contents.SENTENCES
            said.add(str(no))
    assert len(said) > 1


def test_a_damaged_pdf_is_kept_or_refused_by_a_process_of_its_own() -> None:
    dice = random.Random(31)
    for _file in range(12):
        content = damaged(GOOD["application/pdf"], dice)
        with Child("application/pdf", pictures=True) as child:
            child.feed(content)
            try:
                assert all(picture.startswith(b"\xff\xd8") for picture in child.frames())
            except Refused as no:
                assert no.message in contents.SENTENCES.values()


def test_the_beginning_of_a_file_never_breaks_what_tells_its_kind() -> None:
    dice = random.Random(37)
    beginnings = [content[:2000] for content in GOOD.values()] + [
        b"ID3",
        b"\xff\xfb",
        b"RIFF",
        b"\0\0\0\x18ftyp",
        b"",
    ]
    for _file in range(4000):
        head = dice.choice(beginnings)[: dice.randrange(1, 2000)] + dice.randbytes(dice.randrange(60))
        try:
            assert contents.content_of(head, "a") in contents.CONTENTS
        except Refused as no:
            assert str(no.message)
