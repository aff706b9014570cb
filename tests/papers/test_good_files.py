"""What telephones and offices make is taken in, looked at and copied."""

import io
import struct
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from ruangaman.papers.policies import contents
from tests.papers import makings
from tests.papers.test_files import filed, officer, store, the_paper, whole
from tests.worlds import Filed, World

__all__ = ["filed", "officer", "store"]
JPEG, PDF = makings.picture(), makings.pdf()

GOOD: dict[str, tuple[Any, str, str]] = {
    "a photo": (JPEG, "a.JPG", "image/jpeg"),
    "a photo with a film behind it, as telephones make": (
        lambda: JPEG + makings.film(9000),
        "a.jpg",
        "image/jpeg",
    ),
    "a grey photo": (lambda: _gray("JPEG"), "a.jpeg", "image/jpeg"),
    "a photo for print": (lambda: _cmyk(), "a.jpg", "image/jpeg"),
    "a progressive photo": (lambda: makings.picture(progressive=True), "a.jpg", "image/jpeg"),
    "a see-through PNG": (lambda: _alpha("PNG"), "a.png", "image/png"),
    "a PNG of few colours": (lambda: _palette(), "a.png", "image/png"),
    "a PNG of sixteen bits": (lambda: _sixteen(), "a.png", "image/png"),
    "a WebP": (lambda: makings.picture("WEBP"), "a.webp", "image/webp"),
    "a PDF": (PDF, "a.pdf", "application/pdf"),
    "a PDF/A": (lambda: _pdf_a(), "a.pdf", "application/pdf"),
    "a Word document": (makings.word, "a.docx", contents.DOCX.media_type),
    "a sound (WAV)": (makings.sound, "a.wav", "audio/wav"),
    "a sound (MP3)": (makings.mp3, "a.mp3", "audio/mpeg"),
    "a sound (MP3 with a title)": (
        lambda: b"ID3\4\0\0\0\0\2\1" + b"\0" * 257 + makings.mp3(),
        "a.mp3",
        "audio/mpeg",
    ),
    "a sound (OGG)": (b"OggS\0\2" + b"\0" * 900, "a.opus", "audio/ogg"),
    "a sound (AMR)": (b"#!AMR\n" + b"\x3c" * 900, "a.amr", "audio/amr"),
    "a sound (M4A)": (lambda: makings.film(9000, b"M4A "), "a.m4a", "audio/mp4"),
    "a film (MP4)": (makings.film, "a.mp4", "video/mp4"),
    "a film (3GP)": (lambda: makings.film(9000, b"3gp5"), "a.3gp", "video/3gpp"),
    "a film (WebM)": (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\0" * 900, "a.webm", "video/webm"),
    "a name without an extension": (JPEG, "foto pintu", "image/jpeg"),
}


def _written(image: Image.Image, form: str, **more: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, form, **more)
    return made.getvalue()


def _gray(form: str) -> bytes:
    return _written(Image.effect_noise((300, 200), 60), form)


def _cmyk() -> bytes:
    return _written(Image.effect_noise((300, 200), 60).convert("CMYK"), "JPEG")


def _alpha(form: str) -> bytes:
    image = Image.effect_noise((300, 200), 60).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((300, 200)))
    return _written(image, form)


def _palette() -> bytes:
    return _written(Image.effect_noise((300, 200), 60).quantize(16), "PNG", transparency=3)


def _sixteen() -> bytes:
    image = Image.frombytes("I;16", (64, 64), b"".join(struct.pack("<H", n * 16) for n in range(4096)))
    return _written(image, "PNG")


def _pdf_a() -> bytes:
    import typst

    source = b'#set document(title: "A", date: datetime(year: 2026, month: 11, day: 23))\n= A'
    made = typst.compile(source, format="pdf", pdf_standards=["a-2b"])
    assert isinstance(made, bytes)
    return made


@pytest.mark.parametrize("what", list(GOOD))
def test_what_telephones_and_offices_make_is_taken_in_looked_at_and_copied(
    what: str, world: World, filed: Filed, officer: Client
) -> None:
    made, name, media_type = GOOD[what]
    answer = whole(officer, filed, made() if callable(made) else made, name)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    paper = the_paper(world)
    assert paper.content_type == media_type
    page = officer.get(f"/dokumen/{paper.id}/")
    for url in page.context["pictures"]:
        seen = Image.open(io.BytesIO(officer.get(url).content))
        assert seen.format == "JPEG" and seen.mode == "RGB"
        darkest, lightest = seen.convert("L").getextrema()
        assert lightest - darkest > 60, "something is to be seen"
    assert bool(page.context["pictures"]) == (
        media_type.startswith("image/") or media_type == "application/pdf"
    )
    assert officer.post(f"/dokumen/{paper.id}/unduh/").status_code == 200
