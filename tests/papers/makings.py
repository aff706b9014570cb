"""Real files for tests, made here: good ones, and such as somebody with bad intent would send."""

import io
import random
import struct
import wave
import zipfile
from functools import lru_cache
from typing import Any

import docx
import pypdf
import typst
from PIL import Image
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def picture(form: str = "JPEG", size: tuple[int, int] = (900, 600), **more: Any) -> bytes:
    """A picture with some structure, so that it is a few kilobytes long."""
    made, dice = io.BytesIO(), random.Random(3)
    image = Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 40).convert("RGB")
    image.paste((dice.randrange(256), 90, 120), (10, 10, 200, 200))
    image.save(made, form, **more)
    return made.getvalue()


def photo_with_place() -> bytes:
    """A photo as a telephone takes it: turned on its side, with the place where it was taken, and who took it."""
    told = Image.Exif()
    told[0x0112] = 6  # Orientation
    told[0x013B] = "Melati Kenanga"  # Artist
    told.get_ifd(0x8825)[1] = "S"
    told.get_ifd(0x8825)[2] = (6.0, 10.0, 30.0)
    return picture(exif=told)


@lru_cache
def pdf(pages: int = 2, text: str = "Surat rekaan") -> bytes:
    """A PDF of some pages."""
    body = "\n#pagebreak()\n".join(f"= {text} {number + 1}" for number in range(pages))
    made = typst.compile(body.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def pdf_with(change: Any) -> bytes:
    """A PDF into which something was put."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf())))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def pdf_that_acts(kind: str) -> bytes:
    """A PDF that does something when it is opened."""
    action = DictionaryObject(
        {NameObject("/S"): NameObject(kind), NameObject("/F"): pypdf.generic.TextStringObject("calc")}
    )
    return pdf_with(lambda writer: writer.root_object.update({NameObject("/OpenAction"): action}))


def pdf_that_hides_a_script() -> bytes:
    """A PDF whose script lies in a compressed stream of objects."""
    inside = b"9 0 << /S /JavaScript /JS (app.alert(1)) >>"
    stream = DecodedStreamObject()
    stream.set_data(inside)
    packed_stream = stream.flate_encode()
    packed_stream.update(
        {
            NameObject("/Type"): NameObject("/ObjStm"),
            NameObject("/N"): pypdf.generic.NumberObject(1),
            NameObject("/First"): pypdf.generic.NumberObject(4),
        }
    )
    body = b"%PDF-1.7\n"
    places = {}
    raw = io.BytesIO()
    packed_stream.write_to_stream(raw)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 9 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        4: raw.getvalue(),
    }
    for number, content in objects.items():
        places[number] = len(body)
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = len(body)
    rows = (
        [(0, 0, 65535)]
        + [(1, places[n], 0) for n in (1, 2, 3, 4)]
        + [(1, table, 0)]
        + [(0, 0, 0)] * 3
        + [(2, 4, 0)]
    )
    data = b"".join(struct.pack(">BIH", *row) for row in rows)
    body += (
        b"5 0 obj\n<< /Type /XRef /Size 10 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n" % len(data)
        + data
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    )
    return body


def word(**parts: bytes) -> bytes:
    """A Word document; ``parts`` are put into its archive, with ``__`` for a slash and ``_dot_`` for a dot."""
    document = docx.Document()
    document.add_paragraph("Catatan rekaan.")
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return made.getvalue()


def archive() -> bytes:
    """A ZIP with one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("isi.txt", "halo")
    return made.getvalue()


def sound(seconds: int = 1) -> bytes:
    """Silence as WAV."""
    made = io.BytesIO()
    with wave.open(made, "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(8000)
        opened.writeframes(b"\0\0" * 8000 * seconds)
    return made.getvalue()


def mp3(frames: int = 40) -> bytes:
    """Silence as MP3: frames of 128 kbit/s."""
    return (b"\xff\xfb\x90\x00" + b"\0" * 413) * frames


def film(size: int = 600_000, brand: bytes = b"isom") -> bytes:
    """The boxes of an MP4, with bytes of chance for a picture."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content) + 8) + kind + content

    return (
        box(b"ftyp", brand + b"\0\0\2\0" + brand)
        + box(b"moov", box(b"mvhd", b"\0" * 100))
        + box(b"mdat", random.Random(5).randbytes(size))
    )


def huge_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few bytes that says it is as large as a house wall."""
    import zlib

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )
