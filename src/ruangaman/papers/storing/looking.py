"""A process of its own that opens what strangers made: pictures, PDF, Word. It is run as a script, and by nothing else.

It holds no key, no address and no environment; it can write no file and open none once it has begun, and its memory
and time are limited. Bytes come in through one pipe and go out through the other.

In: one line of JSON, the mark (``mark`` bytes long), then the file until the end of the pipe.
Out: frames of one letter, four bytes of length, content. ``P`` a picture, ``F`` a file, ``E`` the end as JSON:
``{"refused": why}``, or ``{"pages": n}``. Why a file is refused: the codes of policies/contents.py, SENTENCES.
"""

import contextlib
import importlib
import io
import json
import pkgutil
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

MEMORY = 1_610_612_736
SECONDS = 40
SIDE, THUMBNAIL, COPY_SIDE = 1600, 240, 4096
MOST_PIXELS, LONGEST_SIDE = 52_428_800, 50_000  # cameras that are sold as "50 megapixel" take a little more
MOST_PAGES = 50
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 2000, 256 * 1_048_576, 100
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class No(Exception):
    """This file is not kept, or no copy is made of it; the text is a code."""


def limit() -> None:
    """This will take from this process what it does not need; a crash too leaves nothing on the disk."""
    limits = {"RLIMIT_AS": MEMORY, "RLIMIT_CPU": SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, name), (most, most))


def close_the_door() -> None:
    """This will open no more files or connections, once the libraries are loaded."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def opened(data: bytes, media_type: str, side: int) -> Any:
    """This will decode a picture, upright and without what it said of place, time and camera."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(data), formats=[FORMATS[media_type]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise No("pixels") from None
    except Exception:
        raise No("broken") from None
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise No("pixels")
    try:
        picture.draft("RGB", (side, side))  # of a JPEG no more is decoded than is shown
        picture.load()
        return plain(ImageOps.exif_transpose(picture))
    except MemoryError:
        raise No("pixels") from None
    except Exception as error:
        raise No("cut" if "truncated" in str(error) else "broken") from None


def plain(picture: Any) -> Any:
    """This will make any kind of pixels red, green and blue, on white."""
    from PIL import Image

    if picture.mode.startswith("I"):  # sixteen bits: brought down, or all of it would be white
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    return Image.frombytes("RGB", picture.size, picture.convert("RGB").tobytes())


def within(picture: Any, side: int) -> Any:
    """This will make a picture fit into a square."""
    smaller = picture.copy()
    smaller.thumbnail((side, side))
    return smaller


def jpeg(picture: Any, **told: Any) -> bytes:
    """This will write a picture as JPEG."""
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=85, optimize=True, **told)
    return made.getvalue()


HIDDEN = re.compile(
    rb"PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|%PDF-|<html|<script|<svg|<\?php|<!doctype",
    re.IGNORECASE,
)


def check_end(data: bytes, media_type: str) -> None:
    """This will find a missing end, and another file behind it. A phone's own notes and films there do no harm."""
    if media_type == "image/jpeg":
        end = jpeg_end(data)
        if not end:
            raise No("cut")
        behind = data[end:]
    elif media_type == "image/png":
        at, end = 8, 0
        while at + 12 <= len(data) and not end:
            length = int.from_bytes(data[at : at + 4], "big")
            end = at + 12 if data[at + 4 : at + 8] == b"IEND" else 0
            at += 12 + length
        if not end:
            raise No("cut")
        behind = data[end:]
    else:
        end = int.from_bytes(data[4:8], "little") + 8
        if end > len(data) + 1:
            raise No("cut")
        behind = data[end:]
    if behind.startswith((b"MZ", b"\x7fELF")) or HIDDEN.search(behind):
        raise No("twofold")


def jpeg_end(data: bytes) -> int:
    """This will give where the picture itself ends: markers are stepped over, and the scan read to its end."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return 0
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 1:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            found = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search(data, at)
            if not found:
                return 0
            at = found.start()
    return at + 2 if data[at : at + 2] == b"\xff\xd9" else 0


RUNS = {"/JavaScript", "/JS", "/Launch", "/RichMedia", "/SubmitForm", "/ImportData", "/XFA", "/Rendition"}
CARRIES = {"/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment"}


def check_pdf(data: bytes) -> None:
    """This will refuse a PDF that can do something, carries something, is locked or has no end."""
    import pypdf
    from pypdf.generic import IndirectObject

    if b"%%EOF" not in data[-2048:] or b"startxref" not in data[-4096:]:
        raise No("cut")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise No("locked")
        numbers = {(n, g) for g, found in reader.xref.items() for n in found}
        numbers |= {(n, 0) for n in reader.xref_objStm}
        check_value(reader.trailer, 0)
        for number, generation in sorted(numbers):
            check_value(reader.get_object(IndirectObject(number, generation, reader)), 0)
    except No:
        raise
    except MemoryError:
        raise No("heavy") from None
    except Exception:
        raise No("broken") from None
    # An older version of the document lies in the file still, and no table leads there.
    for pattern, why in (
        (rb"/(JavaScript|Launch|RichMedia)\b", "script"),
        (rb"/EmbeddedFiles?\b", "attached"),
    ):
        if re.search(pattern, data):
            raise No(why)


def check_value(value: Any, depth: int) -> None:
    """This will look at names and keys of one object; those it refers to are looked at in their own turn."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

    if isinstance(value, IndirectObject) or depth > 100:
        return
    if isinstance(value, DictionaryObject):
        names = {str(key) for key in value}
        said = [value.raw_get(key) for key in ("/S", "/Type", "/Subtype") if key in value]
        names |= {str(name) for name in said if isinstance(name, NameObject)}
        if names & RUNS:
            raise No("script")
        if names & CARRIES:
            raise No("attached")
        for key in value:
            check_value(value.raw_get(key), depth + 1)
    elif isinstance(value, ArrayObject):
        for one in list.__iter__(value):
            check_value(one, depth + 1)


def pages_of(data: bytes) -> Iterator[Any]:
    """This will draw the first pages of a PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except Exception:
        raise No("broken") from None
    if not count:
        raise No("broken")
    for number in range(min(count, MOST_PAGES)):
        try:
            page = document[number]
            longest = max(page.get_size())
            picture = page.render(scale=SIDE / max(longest, 1), may_draw_forms=False).to_pil()
        except MemoryError:
            raise No("heavy") from None
        except Exception:
            raise No("broken") from None
        yield within(picture.convert("RGB"), SIDE)


RUNNING = re.compile(r"vbaproject|vbadata|activex|oleobject|embeddings/|\.bin$")


def check_docx(data: bytes) -> None:
    """This will refuse a Word document with macros, with something embedded or fetched, cut off, or much too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries)
            most = min(MOST_UNPACKED, MOST_RATIO * len(data))
            if len(entries) > MOST_ENTRIES or unpacked > most or packed > len(data):
                raise No("bomb")
            if min((entry.header_offset for entry in entries), default=1) != 0:
                raise No("twofold")
            names = {entry.filename.lower() for entry in entries}
            if not {"[content_types].xml", "word/document.xml"} <= names:
                raise No("archive")
            if any(map(RUNNING.search, names)):
                raise No("macro")
            types = archive.read("[Content_Types].xml").lower()
            if b"macroenabled" in types or b"vbaproject" in types:
                raise No("macro")
            if any(fetches(archive.read(one)) for one in entries if one.filename.endswith(".rels")):
                raise No("macro")
            if archive.testzip() is not None:
                raise No("broken")
    except No:
        raise
    except (zipfile.BadZipFile, EOFError):
        raise No("cut") from None
    except MemoryError:
        raise No("bomb") from None
    except Exception:
        raise No("broken") from None


def fetches(relations: bytes) -> bool:
    """This will say whether a document fetches a template, picture or frame from elsewhere when it is opened."""
    external = re.findall(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", relations)
    return any(b"/hyperlink" not in one for one in external)


def look(asked: Any, data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """This will check a file and give its pictures: the thumbnail, then its pages."""
    media_type = asked["type"]
    pictures: Iterable[Any] = ()
    if media_type in FORMATS:
        pictures = [opened(data, media_type, SIDE)]
        check_end(data, media_type)
    elif media_type == "application/pdf":
        check_pdf(data)
        pictures = pages_of(data)
    else:
        check_docx(data)
    count = 0
    for count, picture in enumerate(pictures, 1):  # of evidence too, so that what is cut off is told
        if asked["pictures"] and count == 1:
            yield b"P", jpeg(within(picture, THUMBNAIL))
        if asked["pictures"]:
            yield b"P", jpeg(within(picture, SIDE))
    yield b"E", json.dumps({"pages": count if asked["pictures"] else 0}).encode()


def copy(asked: Any, mark: bytes, data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """This will make a copy that says who took it."""
    media_type, told = asked["type"], asked["told"]
    if media_type in FORMATS:
        yield b"F", marked_picture(opened(data, media_type, COPY_SIDE), mark, told)
    elif media_type == "application/pdf":
        yield b"F", marked_pdf(data, mark, told)
    else:
        yield b"F", marked_docx(data, told)
    yield b"E", json.dumps({"pages": 0}).encode()


def marked_picture(picture: Any, mark: bytes, told: str) -> bytes:
    """This will set the mark under a picture, and in what it says of itself."""
    from PIL import Image

    picture = within(picture, COPY_SIDE)
    width, band = max(picture.width, 640), Image.open(io.BytesIO(mark), formats=["PNG"]).convert("RGB")
    band = band.resize((width, round(band.height * width / band.width)))
    sheet = Image.new("RGB", (width, picture.height + band.height), "white")
    sheet.paste(picture, ((width - picture.width) // 2, 0))
    sheet.paste(band, (0, picture.height))
    said = Image.Exif()
    # As bytes: of a text Pillow keeps ASCII alone, and a name has more letters.
    said[0x010E] = said[0x8298] = told.encode()  # ImageDescription, Copyright
    return jpeg(sheet, exif=said, comment=told.encode())


def marked_pdf(data: bytes, mark: bytes, told: str) -> bytes:
    """This will set the mark at the foot of each page, and in what the document says of itself."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data)))
    stamp = pypdf.PdfReader(io.BytesIO(mark)).pages[0]
    for page in writer.pages:
        if page.rotation:
            page.transfer_rotation_to_content()
        box = page.cropbox
        scale = float(box.width) / float(stamp.mediabox.width)
        page.merge_transformed_page(
            stamp, pypdf.Transformation().scale(scale).translate(float(box.left), float(box.bottom))
        )
    writer.add_metadata({"/Subject": told, "/Keywords": told})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def marked_docx(data: bytes, told: str) -> bytes:
    """This will write the mark into the properties of a Word document; on the page there is no safe place for it."""
    import docx

    document = docx.Document(io.BytesIO(data))
    document.core_properties.comments = document.core_properties.keywords = told[:255]
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def load(asked: Any) -> None:
    """This will load what is needed while files can be opened still: libraries put off parts of themselves."""
    import PIL.Image

    PIL.Image.init()
    libraries = ["encodings"]
    if asked["type"] == "application/pdf":
        libraries += ["pypdf", "pypdfium2"]
    elif asked["type"] not in FORMATS and asked["copy"]:
        libraries += ["docx"]
        importlib.import_module("docx").Document()  # it reads its own templates
    for library in libraries:
        package = importlib.import_module(library)
        for found in pkgutil.walk_packages(package.__path__, f"{library}."):
            with contextlib.suppress(ImportError):  # for another system, or for a library that is not here
                importlib.import_module(found.name)


def main() -> None:
    """This will answer one question."""
    limit()
    asked = json.loads(sys.stdin.buffer.readline())
    load(asked)
    close_the_door()
    mark = sys.stdin.buffer.read(asked["mark"])
    out = sys.stdout.buffer
    try:
        data = sys.stdin.buffer.read()
        for kind, content in copy(asked, mark, data) if asked["copy"] else look(asked, data):
            out.write(kind + len(content).to_bytes(4, "big") + content)
    except No as no:
        content = json.dumps({"refused": str(no)}).encode()
        out.write(b"E" + len(content).to_bytes(4, "big") + content)
    out.flush()


if __name__ == "__main__":
    main()
