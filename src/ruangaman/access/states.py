"""Stages, sections, roles, and the moves that are legal."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a dossier is. What somebody may see changes with it (policy/matrix.yaml)."""

    INTAKE = "intake", _("Laporan")
    CASE = "case", _("Kasus")
    CLOSED = "closed", _("Selesai")


# From, to. Nothing else is a legal move of a dossier.
STAGE_MOVES = frozenset(
    {
        (Stage.INTAKE, Stage.CASE),
        (Stage.INTAKE, Stage.CLOSED),
        (Stage.CASE, Stage.CLOSED),
        (Stage.CLOSED, Stage.CASE),
    }
)


class Section(models.TextChoices):
    """What a consent or a duty can separate. A row belongs to exactly one. Source: security.md."""

    FILE = "file", _("Nomor berkas")
    ADMINISTRATION = "administration", _("Administrasi")
    THREAD = "thread", _("Percakapan dengan pelapor")
    CLIENT_THREAD = "client_thread", _("Percakapan dengan klien")
    REPORTER = "reporter", _("Pelapor")
    IDENTITY = "identity", _("Identitas klien")
    PARTIES = "parties", _("Terlapor dan orang sekitar")
    CONTACT = "contact", _("Kontak aman klien")
    SUPPORT = "support", _("Kebutuhan khusus dan bahasa")
    COURTESY = "courtesy", _("Cara menyapa dan pilihannya")
    BACKGROUND = "background", _("Latar belakang")
    NARRATIVE = "narrative", _("Cerita kejadian")
    CODING = "coding", _("Bentuk kekerasan")
    RISK = "risk", _("Risiko dan keamanan")
    PLAN = "plan", _("Kebutuhan, persetujuan, dan rencana")
    REFERRAL = "referral", _("Rujukan")
    MEDICAL = "medical", _("Kesehatan")
    PSYCHOLOGICAL = "psychological", _("Psikologis")
    LEGAL = "legal", _("Hukum")
    SPIRITUAL = "spiritual", _("Rohani")
    SHELTER = "shelter", _("Alamat rumah aman")
    TEAM = "team", _("Tim dan akses")
    JOURNAL = "journal", _("Jejak akses")


class Role(models.TextChoices):
    """What somebody does in an organisation. Codes are those of policy/matrix.yaml."""

    INTAKE_OFFICER = "intake_officer", _("Petugas pengaduan")
    COMPANION = "companion", _("Pendamping korban")
    CASE_MANAGER = "case_manager", _("Manajer kasus")
    PSYCHOLOGIST = "psychologist", _("Psikolog")
    LAWYER = "lawyer", _("Pendamping hukum")
    SPIRITUAL_GUIDE = "spiritual_guide", _("Pembimbing rohani")
    SHELTER_OFFICER = "shelter_officer", _("Petugas rumah aman")
    SUPERVISOR = "supervisor", _("Penyelia")
    HEAD = "head", _("Kepala unit")
    PARTNER_OFFICER = "partner_officer", _("Petugas mitra")
    DATA_OFFICER = "data_officer", _("Pengawas data")
    ANALYST = "analyst", _("Analis")
    ADMINISTRATOR = "administrator", _("Administrator")


class OrganisationKind(models.TextChoices):
    """What an organisation is to the service."""

    PROVINCE = "province", _("Pemerintah provinsi")
    REGENCY = "regency", _("Pemerintah kota/kabupaten")
    UNIT = "unit", _("Unit layanan")
    POST = "post", _("Pos pengaduan")
    PARTNER = "partner", _("Mitra")


class GrantSource(models.TextChoices):
    """Why somebody holds a grant."""

    TEAM = "team", _("Anggota tim")
    CONSENT = "consent", _("Persetujuan klien")
    BREAK_GLASS = "break_glass", _("Akses darurat")
    MERGED = "merged", _("Tim berkas gabungannya")


class PowerKind(models.TextChoices):
    """What a proposal asks for."""

    GIVE = "give", _("Beri peran")
    TAKE = "take", _("Cabut peran")


class Decision(models.TextChoices):
    """What the second person said."""

    OPEN = "open", _("Menunggu")
    APPROVED = "approved", _("Disetujui")
    REFUSED = "refused", _("Ditolak")


class ErasureBasis(models.TextChoices):
    """Why a dossier is erased. Source: UU 27/2022 Pasal 43 ayat (1) and Pasal 44 ayat (1); a lawyer of the
    region confirms which of them applies to a request.
    """

    REQUEST = "request", _("Permintaan orang yang datanya disimpan")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Persetujuan ditarik")
    RETENTION_OVER = "retention_over", _("Masa simpan berakhir")
    UNLAWFUL = "unlawful", _("Data diperoleh tanpa hak")


# The purpose of a ticket that says who somebody is and reaches nothing: between password and second factor.
SIGNING_IN = "signing_in"
