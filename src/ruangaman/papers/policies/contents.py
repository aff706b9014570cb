"""What a file may be. Its content decides, never its name or what the browser says of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import puremagic
from django.utils.translation import gettext_lazy as _

from ruangaman.kernel.errors import Refused

LARGEST = 200 * 1_048_576
LONGEST_NAME = 200
HEAD = 1024  # within so many bytes other programs look for the beginning of a page or a PDF
TAIL = 65_557  # an archive's own end lies within so many bytes of the end of a file


@dataclass(frozen=True, slots=True)
class Content:
    """A kind of content that is taken in: how it begins, the extensions it goes by, and what may be made of it."""

    media_type: str
    label: Any
    extensions: tuple[str, ...]
    is_it: Callable[[bytes], bool]
    looked_at: bool = False  # a child process opens it, and makes pictures of it where it has any
    has_boxes: bool = False


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[4:8] == b"ftyp" and head[8:12].startswith(brands)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _is_mp3(head: bytes) -> bool:
    start = 0
    if head[:3] == b"ID3" and len(head) > 10:
        start = 10
        for seven_bits, place in zip(head[6:10], (21, 14, 7, 0), strict=True):
            start += (seven_bits & 0x7F) << place
        if start + 4 > len(head):
            return True  # a picture of the album fills what is seen here
    length = _mp3_frame(head[start : start + 4])
    after = head[start + length : start + length + 4]
    return length > 0 and (len(after) < 4 or _mp3_frame(after) > 0)


def _mp3_frame(header: bytes) -> int:
    """How long the sound frame is that begins so, in bytes; 0 where none does."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:  # layer III
        return 0
    version, rate, frequency = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or frequency == 3:
        return 0
    first = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    second = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    kilobits = (first if version == 3 else second)[rate - 1]
    hertz = (44_100, 48_000, 32_000)[frequency] // {3: 1, 2: 2, 0: 4}[version]
    return (144 if version == 3 else 72) * kilobits * 1000 // hertz + (header[2] >> 1 & 1)


PDF = Content("application/pdf", _("dokumen PDF"), ("pdf",), lambda h: h.startswith(b"%PDF-"), looked_at=True)
DOCX = Content(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    _("dokumen Word"),
    ("docx",),
    lambda h: h.startswith(b"PK\x03\x04") and (b"[Content_Types].xml" in h or b"word/" in h),
    looked_at=True,
)
JPEG = Content(
    "image/jpeg", _("foto JPEG"), ("jpg", "jpeg"), lambda h: h.startswith(b"\xff\xd8\xff"), looked_at=True
)
CONTENTS = (
    JPEG,
    Content(
        "image/png", _("gambar PNG"), ("png",), lambda h: h.startswith(b"\x89PNG\r\n\x1a\n"), looked_at=True
    ),
    Content("image/webp", _("gambar WebP"), ("webp",), _riff(b"WEBP"), looked_at=True),
    PDF,
    DOCX,
    Content("audio/mp4", _("rekaman suara M4A"), ("m4a",), _brand(b"M4A", b"M4B"), has_boxes=True),
    Content("video/3gpp", _("video 3GP"), ("3gp", "3gpp"), _brand(b"3g"), has_boxes=True),
    Content(
        "video/mp4",
        _("video MP4"),
        ("mp4", "m4v", "m4a"),
        _brand(b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash"),
        has_boxes=True,
    ),
    Content(
        "video/webm",
        _("video WebM"),
        ("webm",),
        lambda h: h.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in h[:64],
    ),
    Content("audio/ogg", _("rekaman suara OGG"), ("ogg", "oga", "opus"), lambda h: h.startswith(b"OggS\0")),
    Content("audio/wav", _("rekaman suara WAV"), ("wav",), _riff(b"WAVE")),
    Content(
        "audio/amr",
        _("rekaman suara AMR"),
        ("amr",),
        lambda h: h.startswith((b"#!AMR\n", b"#!AMR-WB\n")),
    ),
    Content("audio/mpeg", _("rekaman suara MP3"), ("mp3",), _is_mp3),
)
BY_TYPE = {content.media_type: content for content in CONTENTS}
# Extensions that promise something: one that promises something else than the content is refused.
DANGEROUS = frozenset(
    "exe com scr msi bat cmd ps1 vbs js jse wsf hta jar apk app sh py php html htm xhtml mht svg svgz xml zip rar 7z "
    "gz tar iso lnk docm dotm xlsm doc xls xlsx ppt pptx heic heif gif tif tiff bmp mov avi mkv".split()
)
KNOWN = DANGEROUS | {extension for content in CONTENTS for extension in content.extensions}

TAKEN = _(
    "Yang bisa dilampirkan: foto (JPEG, PNG, WebP), PDF, dokumen Word (.docx), "
    "rekaman suara (M4A, MP3, OGG, WAV, AMR), dan video (MP4, 3GP, WebM)."
)
# Why a file is not kept: one sentence each, and what to do.
SENTENCES = {
    "empty": _("Berkas ini kosong. Pilih berkasnya lagi."),
    "unknown": _("Jenis berkas ini tidak diterima."),
    "archive": _("Ini berkas arsip (seperti ZIP). Keluarkan isinya dulu, lalu lampirkan satu per satu."),
    "program": _("Ini program, bukan dokumen. Jangan dibuka; hapus, lalu tanyakan ke pengirimnya."),
    "page": _("Ini halaman web atau gambar SVG, yang bisa menjalankan perintah. Simpan sebagai PDF dulu."),
    "heic": _("Ini foto HEIC dari iPhone. Bagikan atau simpan sebagai JPEG dulu, lalu lampirkan lagi."),
    "office": _("Dokumen ini dari program kantor lama. Simpan sebagai PDF atau .docx, lalu lampirkan lagi."),
    "name": _("Nama berkas ini berakhiran lain dari isinya. Periksa apakah berkasnya benar, lalu ganti namanya."),
    "twofold": _("Di dalam berkas ini tersembunyi berkas lain. Foto ulang atau cetak ke PDF, lalu lampirkan itu."),
    "cut": _("Berkas ini terpotong: bagian akhirnya tidak ada. Ambil lagi dari sumbernya, lalu lampirkan lagi."),
    "broken": _("Berkas ini rusak dan tidak terbaca. Buka dan simpan ulang, lalu lampirkan lagi."),
    "pixels": _("Gambar ini terlalu besar: paling banyak 50 megapiksel. Perkecil dulu, lalu lampirkan lagi."),
    "script": _("PDF ini berisi perintah yang bisa berjalan sendiri. Cetak ke PDF baru, lalu lampirkan yang baru."),
    "attached": _("PDF ini membawa berkas lain di dalamnya. Lampirkan berkas-berkas itu satu per satu."),
    "locked": _("PDF ini terkunci kata sandi. Buka kuncinya dulu, lalu lampirkan lagi; di sini ia tetap tersegel."),
    "macro": _("Dokumen Word ini berisi makro atau memuat isi dari luar. Simpan sebagai PDF, lalu lampirkan itu."),
    "bomb": _("Isi berkas ini jauh lebih besar dari ukurannya, seperti berkas perusak. Ia tidak disimpan."),
    "heavy": _("Berkas ini terlalu berat untuk diperiksa. Pecah menjadi beberapa bagian, lalu lampirkan itu."),
    "size": _("Ukuran yang sampai tidak sama dengan yang diumumkan. Lampirkan lagi dari awal."),
}  # fmt: skip


def refused(why: str) -> Refused:
    """This will make the refusal of a file, with its sentence; what is taken is said where the kind was the fault."""
    sentence = SENTENCES[why]
    return Refused(f"{sentence} {TAKEN}" if why in ("unknown", "office", "program") else sentence)


def check_name(name: str) -> None:
    """This will check what a file is called before anything of it is taken in.

    :raises Refused: for an empty or endless name, one that leads into folders, and marks that can't be shown.
    """
    if not name.strip():
        raise Refused(_("Beri nama dokumen ini."))
    if len(name) > LONGEST_NAME:
        raise Refused(_("Nama berkas ini terlalu panjang: paling banyak 200 huruf. Ganti namanya dulu."))
    if "\\" in name or name.startswith(("/", "~")) or ".." in name.split("/"):
        raise Refused(_("Nama berkas ini berisi bagian folder. Ganti namanya, lalu lampirkan lagi."))
    if not name.isprintable():
        raise Refused(
            _("Nama berkas ini berisi tanda yang tidak terbaca. Ganti namanya, lalu lampirkan lagi.")
        )


def check_size(size: int) -> None:
    """This will check the announced size of a file.

    :raises Refused: for nothing, and for more than is taken.
    """
    if size <= 0:
        raise refused("empty")
    if size > LARGEST:
        raise Refused(_("Berkas ini terlalu besar: paling banyak 200 MB. Pecah menjadi beberapa bagian."))


def extension_of(name: str) -> str:
    """This will give the extension of a name in small letters, or an empty text."""
    found = re.search(r"\.([A-Za-z0-9]{1,5})$", name.strip())
    return found[1].lower() if found else ""


def content_of(head: bytes, name: str) -> Content:
    """This will say what a file is, by its first bytes (a piece, or all of it).

    :raises Refused: for what is not taken in, or where the name promises something else.
    """
    found = next((content for content in CONTENTS if content.is_it(head)), None)
    if found is None:
        raise refused(_what_else(head))
    extension = extension_of(name)
    if extension in KNOWN and extension not in found.extensions:
        raise refused("name")
    if found is not DOCX and found is not PDF and _hides_page(head[:HEAD]):
        raise refused("twofold")
    return found


def _hides_page(start: bytes) -> bool:
    """Whether a browser or a PDF reader could take the beginning of a picture or a sound for something of its own."""
    return re.search(rb"%pdf-|<html|<script|<!doctype|<svg|<\?php|<body|<iframe", start.lower()) is not None


def _what_else(head: bytes) -> str:
    """Why content that is not on the list is refused, in the words of who attached it."""
    start = head[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return "empty"
    if head.startswith(
        (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!/", b"@echo", b"dex\n")
    ):
        return "program"
    if head.startswith(
        (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
    ):
        return "archive"
    if start.startswith((b"<", b"%!")) or _hides_page(start):
        return "page"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"heif", b"msf1"):
        return "heic"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "office"
    return "archive" if _guessed(head) in ("tar", "zip", "cab", "iso", "lz4", "zst") else "unknown"


def _guessed(head: bytes) -> str:
    try:
        return str(puremagic.from_string(head)).lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""


def ends_as_archive(tail: bytes, size: int) -> bool:
    """This will say whether an unpacker would open a file that begins as something else."""
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        record = tail[at : at + 22]
        if len(record) == 22:
            entries, length = int.from_bytes(record[10:12], "little"), int.from_bytes(record[12:16], "little")
            if 0 < entries * 46 <= length < size:
                return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


class Boxes:
    """The boxes of an MP4 as they stream past: one after the other, and the last ends where the file ends."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self.left = 0  # bytes of the present box still to come
        self.rest = b""
        self.endless = False

    def feed(self, chunk: bytes) -> None:
        """This will take the next bytes.

        :raises Refused: where no box begins after the one before.
        """
        chunk, self.rest = self.rest + chunk, b""
        at = 0
        while at < len(chunk) and not self.endless:
            step = min(self.left, len(chunk) - at)
            self.left, at = self.left - step, at + step
            if at == len(chunk):
                return
            if len(chunk) - at < 16:
                self.rest = chunk[at:]
                return
            at += self._begin(chunk[at : at + 16])

    def _begin(self, header: bytes) -> int:
        length, kind, taken = int.from_bytes(header[:4], "big"), header[4:8], 8
        if length == 1:
            length, taken = int.from_bytes(header[8:16], "big"), 16
        if not (all(32 <= b < 127 or b == 169 for b in kind) and (length == 0 or length >= taken)):
            raise refused("twofold" if b"moov" in self.seen else "broken")
        self.seen.add(kind)
        self.endless = length == 0
        self.left = max(0, length - taken)
        return taken

    def end(self) -> None:
        """This will check that the whole film was there.

        :raises Refused: where its end is missing.
        """
        # Boxes of eight to fifteen bytes may lie at the very end.
        while len(self.rest) >= 8 and not self.left:
            taken = self._begin(self.rest.ljust(16, b"\0"))
            step = min(self.left, len(self.rest) - taken)
            self.rest, self.left = self.rest[taken + step :], self.left - step
        if self.left or self.rest or not {b"moov"} <= self.seen:
            raise refused("cut")


def check_wave(head: bytes, size: int) -> None:
    """This will check that a file in RIFF form (WAV, WebP) is as long as it says.

    :raises Refused: where its end is missing.
    """
    told = int.from_bytes(head[4:8], "little")
    if told not in (0, 0xFFFFFFFF) and told + 8 > size + 1:
        raise refused("cut")
