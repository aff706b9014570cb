"""What a letter may say, to whom, and under which number.

Redacted by default: each field belongs to a section of the dossier, and a letter holds those that a live grant to its
recipient covers. More needs a reason; on a *surat tugas* there is never more. Source: security.md, issue "Papers:
letters"; care.md 5, 7.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused
from ruangaman.papers.states import LetterKind

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
LONGEST_NUMBER = 120
OFFICIAL_LINES = 8  # of a letterhead
CODE_LENGTH = 26  # of base 32: the 128 random bits in the square


@dataclass(frozen=True, slots=True)
class Field:
    """What may stand in a letter. ``section`` is empty for what is about nobody in the dossier."""

    label: str | Promise
    section: str
    sample: str


FIELDS = {
    "nomor_surat": Field(gettext_lazy("Nomor surat"), "", "012/CTH/UPTD-PPA/XI/2026"),
    "tanggal_surat": Field(gettext_lazy("Tanggal surat"), "", "23 November 2026"),
    "kota": Field(gettext_lazy("Kota tempat surat dibuat"), "", "Kota Contoh"),
    "nama_unit": Field(gettext_lazy("Nama unit"), "", "UPTD PPA Contoh"),
    "penerima": Field(gettext_lazy("Penerima surat"), "", "Direktur RSUD Contoh"),
    "nama_pejabat": Field(gettext_lazy("Nama penanda tangan"), "", "Contoh Pejabat, M.Si."),
    "jabatan_pejabat": Field(gettext_lazy("Jabatan penanda tangan"), "", "Kepala UPTD PPA Contoh"),
    "nip_pejabat": Field(gettext_lazy("NIP penanda tangan"), "", "19700101 199503 2 001"),
    "nama_petugas": Field(gettext_lazy("Nama petugas"), "", "Contoh Petugas"),
    "jabatan_petugas": Field(gettext_lazy("Tugas petugas di unit"), "", "Pendamping korban"),
    "kelurahan": Field(gettext_lazy("Kelurahan tujuan tugas"), "", "Kelurahan Contoh"),
    "tanggal_mulai": Field(gettext_lazy("Tugas mulai tanggal"), "", "24 November 2026"),
    "tanggal_selesai": Field(gettext_lazy("Tugas sampai tanggal"), "", "25 November 2026"),
    "tambahan": Field(gettext_lazy("Paragraf tambahan dari petugas"), "", "Paragraf tambahan rekaan."),
    "nomor_berkas": Field(gettext_lazy("Nomor berkas"), Section.FILE, "RA-0000-0000"),
    "nama_klien": Field(gettext_lazy("Nama klien"), Section.IDENTITY, "Nama Rekaan"),
    "umur_klien": Field(gettext_lazy("Umur klien"), Section.IDENTITY, "30 tahun"),
    "jenis_kelamin": Field(gettext_lazy("Jenis kelamin klien"), Section.IDENTITY, "Perempuan"),
    "tanggal_lahir": Field(gettext_lazy("Tanggal lahir klien"), Section.IDENTITY, "1 Januari 1996"),
    "nik": Field(gettext_lazy("NIK klien"), Section.IDENTITY, "0000000000000000"),
    "nama_wali": Field(gettext_lazy("Nama wali pendamping"), Section.IDENTITY, "Nama Wali Rekaan"),
    "layanan": Field(gettext_lazy("Layanan yang diminta"), Section.REFERRAL, "Psikologis"),
    "kronologi": Field(gettext_lazy("Kronologi"), Section.NARRATIVE, "Kronologi rekaan untuk contoh."),
    "harapan": Field(gettext_lazy("Harapan klien"), Section.NARRATIVE, "Harapan rekaan."),
    "bentuk_kekerasan": Field(gettext_lazy("Bentuk kekerasan"), Section.CODING, "Psikis"),
    "tingkat_risiko": Field(gettext_lazy("Tingkat risiko"), Section.RISK, "Sedang"),
    "kebutuhan": Field(gettext_lazy("Kebutuhan layanan"), Section.PLAN, "Psikologis; Bantuan hukum"),
}
_PLAIN = ("nomor_surat", "tanggal_surat", "kota", "nama_unit", "nama_pejabat", "jabatan_pejabat", "nip_pejabat",
          "nama_petugas", "jabatan_petugas")  # fmt: skip
_WHO = ("nama_klien", "umur_klien", "tanggal_lahir", "nik", "nama_wali")
_TOLD = ("kronologi", "harapan", "tingkat_risiko")
# What goes where a national form asks for it holds the name and sex of her papers: the doctor who examines her writes
# them down. Every other letter holds the name she goes by, and no sex. Source: care.md 22.
NATIONAL_FORMS = frozenset({LetterKind.EXAMINATION})
# Which fields there are for a kind. A surat tugas has neither victim nor offence to choose from. Source: care.md 5.
FIELDS_OF: dict[str, tuple[str, ...]] = {
    LetterKind.EXAMINATION: (*_PLAIN, "penerima", "tambahan", "nomor_berkas", *_WHO, "jenis_kelamin"),
    LetterKind.ASSIGNMENT: (*_PLAIN, "kelurahan", "tanggal_mulai", "tanggal_selesai"),
    LetterKind.REFERRAL: (*_PLAIN, "penerima", "tambahan", "nomor_berkas", "layanan", *_WHO, *_TOLD),
    LetterKind.CONSENT_FORM: (*_PLAIN, "nomor_berkas", *_WHO, "kebutuhan"),
    LetterKind.SUMMARY: (*_PLAIN, "penerima", "tambahan", "nomor_berkas", *_WHO, *_TOLD, "bentuk_kekerasan",
                         "kebutuhan"),
}  # fmt: skip
# What a kind tells whoever receives it, without a grant. The sheet of consent is the client's own.
WITHOUT_GRANT: dict[str, frozenset[str]] = {
    LetterKind.EXAMINATION: frozenset({Section.FILE}),
    LetterKind.ASSIGNMENT: frozenset(),
    LetterKind.REFERRAL: frozenset({Section.FILE}),
    LetterKind.CONSENT_FORM: frozenset({Section.FILE, Section.IDENTITY, Section.PLAN}),
    LetterKind.SUMMARY: frozenset({Section.FILE}),
}
NEVER_MORE = frozenset({LetterKind.ASSIGNMENT})
WITHOUT_RECIPIENT = frozenset({LetterKind.ASSIGNMENT, LetterKind.CONSENT_FORM})
# Laid out as a sheet with its name in the middle; the others as a letter with Nomor, Sifat, Lampiran, Hal.
SHEETS = frozenset({LetterKind.ASSIGNMENT, LetterKind.CONSENT_FORM, LetterKind.SUMMARY})
SECRET = frozenset({LetterKind.EXAMINATION, LetterKind.REFERRAL, LetterKind.SUMMARY})


# Where letters lie.
LETTER_SECTIONS = frozenset({Section.ADMINISTRATION.value, Section.PLAN.value, Section.REFERRAL.value})


def section_of(kind: str, *, to_partner: bool) -> Section:
    """This will give the section in which a letter lies.

    One that tells something of the client lies in a section whose readers may all read what it can tell (a test walks
    the matrix): the plan, or, for a partner who shall find it, the referral.
    """
    if kind == LetterKind.ASSIGNMENT:
        return Section.ADMINISTRATION
    return Section.REFERRAL if to_partner else Section.PLAN


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks to be written: the kind, to whom, and what is not known from the file."""

    kind: str
    organisation: UUID | None = None  # a partner that a live grant lets into the file; None: in words
    recipient: tuple[str, ...] = ()
    client: UUID | None = None  # of several; None: the first
    officer: tuple[str, str] = ("", "")  # name, and what they are in the unit
    area: str = ""  # kelurahan of a surat tugas
    starts_on: date | None = None
    ends_on: date | None = None
    service: str = ""
    addition: str = ""
    copies: tuple[str, ...] = ()
    extra: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What of the fields that a letter's text asks for goes in, and what is left out; by section as well."""

    told: frozenset[str]
    withheld: tuple[str, ...]  # fields
    sections_told: frozenset[str]
    sections_withheld: tuple[str, ...]


def redact(
    kind: str, asked: Iterable[str], *, covered: Collection[str] | None, extra: Collection[str]
) -> Redaction:
    """This will say which of the fields ``asked`` a letter holds.

    ``covered``: sections of live grants to the partner who receives it; None for who is no partner of the file.
    ``extra``: sections that who issues adds for a reason.

    :raises Refused: where something is added to a letter that never holds it.
    """
    if extra and kind in NEVER_MORE:
        raise Refused(_("Surat tugas tidak pernah memuat keterangan tentang klien atau kejadian."))
    allowed = {"", *WITHOUT_GRANT[kind], *(covered or ()), *extra}
    fields = [field for field in asked if field in FIELDS_OF[kind]]
    told = frozenset(field for field in fields if FIELDS[field].section in allowed)
    withheld = tuple(field for field in fields if field not in told)
    return Redaction(
        told,
        withheld,
        frozenset(FIELDS[field].section for field in told) - {""},
        tuple(dict.fromkeys(FIELDS[field].section for field in withheld)),
    )


def check_recipient(wanted: Wanted) -> None:
    """This will refuse a letter to nobody, and on a surat tugas whatever could be written by hand.

    :raises Refused: saying what to fill in.
    """
    if wanted.kind not in WITHOUT_RECIPIENT and not "".join(wanted.recipient).strip():
        raise Refused(_("Tulis kepada siapa surat ini."))
    if wanted.kind in NEVER_MORE and (wanted.recipient or wanted.copies or wanted.addition):
        # Whatever is written by hand could name her. Source: care.md 5.
        raise Refused(_("Surat tugas hanya memuat petugas, nomor, dan kelurahan. Kosongkan bagian lain."))
    if wanted.starts_on and wanted.ends_on and wanted.ends_on < wanted.starts_on:
        raise Refused(_("Tugas ini selesai sebelum mulai. Periksa tanggalnya."))


def check_reason(extra: Collection[str], reason: str) -> None:
    """This will refuse a letter that tells more than a grant covers and does not say why.

    :raises Refused: asking for the reason.
    """
    if extra and not reason.strip():
        raise Refused(
            _("Tulis alasan mengapa surat ini memuat lebih daripada yang boleh diketahui penerimanya.")
        )


# --- numbers -------------------------------------------------------------------------------------------------------

SCHEME_PARTS = ("nomor", "kode", "bulan", "tahun", "unit")


def check_scheme(scheme: str, unit: str) -> None:
    """This will refuse a scheme of numbers with which two letters of a unit could bear the same.

    :raises Refused: saying what is missing.
    """
    unknown = [part for part in re.findall(r"\{(.*?)\}", scheme) if part not in SCHEME_PARTS]
    if unknown or re.search(r"[{}]", re.sub(r"\{[a-z]+\}", "", scheme)):
        raise Refused(
            _(
                "Pola nomor hanya mengenal {nomor}, {kode}, {bulan}, {tahun}, dan {unit}. Periksa kurung kurawalnya."
            )
        )
    if "{nomor}" not in scheme or "{tahun}" not in scheme:
        raise Refused(
            _("Pola nomor harus memuat {nomor} dan {tahun}, supaya tidak ada dua surat bernomor sama.")
        )
    if len(number_of(scheme, 999_999, code="X" * 12, day=date(2026, 8, 1), unit=unit)) > LONGEST_NUMBER:
        raise Refused(_("Dengan pola ini nomor surat menjadi terlalu panjang. Ringkas polanya."))


def check_code(code: str) -> None:
    """This will refuse a code of a kind that does not belong into a number.

    :raises Refused: saying what it may be.
    """
    if not re.fullmatch(r"[A-Za-z0-9.\-]{1,12}", code):
        raise Refused(_("Kode surat terdiri dari 1 sampai 12 huruf, angka, titik, atau tanda hubung."))


def check_lines(lines: str) -> str:
    """This will give the lines of a letterhead without empty ones.

    :raises Refused: for too many.
    """
    kept = [line.strip() for line in lines.splitlines() if line.strip()]
    if len(kept) > OFFICIAL_LINES:
        raise Refused(_("Kop surat paling banyak %(most)d baris.") % {"most": OFFICIAL_LINES})
    return "\n".join(kept)


def number_of(scheme: str, serial: int | None, *, code: str, day: date, unit: str) -> str:
    """This will write the number of a letter; without a serial that of a draft, with dots in its place."""
    parts = {
        "nomor": "…" if serial is None else f"{serial:03d}",
        "kode": code,
        "bulan": ROMAN[day.month - 1],
        "tahun": str(day.year),
        "unit": unit,
    }
    return re.sub(r"\{([a-z]+)\}", lambda found: parts[found[1]], scheme)


def day_words(day: date) -> str:
    """This will write a day as an official letter does, whatever language is spoken: ``23 November 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


# --- who asks whether a letter is genuine ----------------------------------------------------------------------------


def read_genuine_code(typed: str) -> str | None:
    """This will read the code beside the square as people type it, or give None where it can't be one."""
    plain = re.sub(
        r"[^A-Z2-7]", "", typed[:200].upper().replace("0", "O").replace("1", "I").replace("8", "B")
    )
    return plain if len(plain) == CODE_LENGTH else None


def grouped(code: str) -> str:
    """This will write a code in groups of four, for who types it."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
