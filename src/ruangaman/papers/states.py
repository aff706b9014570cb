"""Kinds of papers and letters, and what becomes of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Section


class PaperKind(models.TextChoices):
    """What a paper is to the case."""

    PHOTO = "photo", _("Foto")
    RECORDING = "recording", _("Rekaman suara atau video")
    IDENTITY = "identity", _("Kartu identitas atau akta")
    CONSENT = "consent", _("Lembar persetujuan yang ditandatangani")
    MEDICAL = "medical", _("Surat kesehatan")
    PSYCHOLOGICAL = "psychological", _("Surat psikologis")
    POLICE = "police", _("Surat polisi atau pengadilan")
    SCREENSHOT = "screenshot", _("Tangkapan layar")
    LETTER_IN = "letter_in", _("Surat masuk")
    LETTER_OUT = "letter_out", _("Surat keluar")
    CUSTODY = "custody", _("Catatan rantai bukti")
    OTHER = "other", _("Dokumen lain")


# In which section of the dossier a paper lies, by what it is; who attaches may choose a narrower one.
SECTIONS_OF = {
    PaperKind.PHOTO: Section.NARRATIVE,
    PaperKind.RECORDING: Section.NARRATIVE,
    PaperKind.IDENTITY: Section.IDENTITY,
    PaperKind.CONSENT: Section.PLAN,
    PaperKind.MEDICAL: Section.MEDICAL,
    PaperKind.PSYCHOLOGICAL: Section.PSYCHOLOGICAL,
    PaperKind.POLICE: Section.LEGAL,
    PaperKind.SCREENSHOT: Section.NARRATIVE,
    PaperKind.LETTER_IN: Section.ADMINISTRATION,
    PaperKind.LETTER_OUT: Section.ADMINISTRATION,
    PaperKind.CUSTODY: Section.NARRATIVE,
    PaperKind.OTHER: Section.NARRATIVE,
}


class Origin(models.TextChoices):
    """Who a paper came from."""

    CLIENT = "client", _("Klien")
    REPORTER = "reporter", _("Pelapor")
    FAMILY = "family", _("Keluarga atau orang dekat")
    PARTNER = "partner", _("Lembaga mitra")
    POLICE = "police", _("Polisi, kejaksaan, atau pengadilan")
    UNIT = "unit", _("Unit sendiri")


class PaperState(models.TextChoices):
    """Where a paper stands."""

    RECEIVING = "receiving", _("Sedang diterima")
    KEPT = "kept", _("Tersimpan")
    HASH_ONLY = "hash_only", _("Sidik saja, tanpa berkas")


class Scan(models.TextChoices):
    """What the scanner said. Three states, all of them shown."""

    UNSCANNED = "unscanned", _("Belum dipindai")
    CLEAN = "clean", _("Bersih")
    INFECTED = "infected", _("Terinfeksi")


class Act(models.TextChoices):
    """What happened to a piece of evidence, for its chain of custody."""

    ENTERED = "entered", _("Diterima dan disegel")
    REGISTERED = "registered", _("Sidik dicatat tanpa berkas")
    ASKED = "asked", _("Pembukaan diminta")
    ALLOWED = "allowed", _("Pembukaan disetujui")
    DENIED = "denied", _("Pembukaan ditolak")
    OPENED = "opened", _("Dibuka")
    CHECKED = "checked", _("Sidik diperiksa: sama")
    DIFFERS = "differs", _("Sidik diperiksa: berbeda")
    HANDED = "handed", _("Diserahkan")
    PRINTED = "printed", _("Catatan dicetak")


class Taker(models.TextChoices):
    """To whom evidence is handed."""

    UPPA = "uppa", _("Unit Pelayanan Perempuan dan Anak (UPPA) kepolisian")
    CYBER = "cyber", _("Siber kepolisian")
    PROSECUTOR = "prosecutor", _("Kejaksaan")
    COURT = "court", _("Pengadilan")
    LABORATORY = "laboratory", _("Laboratorium forensik")
    OTHER = "other", _("Penerima lain")


class LetterKind(models.TextChoices):
    """Letters that are shipped; later rooms bring theirs."""

    EXAMINATION = "examination", _("Surat pengantar pemeriksaan")
    ASSIGNMENT = "assignment", _("Surat tugas")
    REFERRAL = "referral", _("Surat rujukan")
    CONSENT_FORM = "consent_form", _("Lembar persetujuan layanan")
    SUMMARY = "summary", _("Ringkasan kasus")


class LetterState(models.TextChoices):
    """Where a letter stands."""

    ISSUED = "issued", _("Terbit")
    REVOKED = "revoked", _("Ditarik")
