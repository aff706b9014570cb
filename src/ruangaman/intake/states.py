"""How a report comes in, from whom, and what its reporter is told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The way a report came."""

    WEB = "web", _("Formulir web")


class ReporterKind(models.TextChoices):
    """Who reports. Source: seed 004, Lampiran D.I.1 (victim, family, public, institution, witness)."""

    VICTIM = "victim", _("Saya sendiri yang mengalami")
    FAMILY = "family", _("Saya keluarga atau teman dekatnya")
    PUBLIC = "public", _("Saya tetangga atau warga yang tahu")
    INSTITUTION = "institution", _("Saya mewakili lembaga, misalnya sekolah atau Puskesmas")
    WITNESS = "witness", _("Saya saksi kejadian")


class PublicStatus(models.TextChoices):
    """All that a reporter's code shows of the handling (care.md 1): never services, persons or outcome."""

    RECEIVED = "received", _("Diterima")
    IN_PROGRESS = "in_progress", _("Sedang ditangani")
    DONE = "done", _("Selesai")


class Means(models.TextChoices):
    """How somebody can be reached safely."""

    CODE = "code", _("Hanya lewat kode di situs ini")
    TEXT = "text", _("Pesan tertulis (SMS atau WhatsApp)")
    CALL = "call", _("Telepon")


class Step(models.TextChoices):
    """The pages of the form, in order. Only ``WHAT`` must be answered."""

    ABOUT = "about", _("Tentang laporan")
    WHAT = "what", _("Apa yang terjadi")
    WHERE = "where", _("Di mana")
    REACH = "reach", _("Cara menghubungi")
    CHECK = "check", _("Periksa")


STEPS = tuple(Step)
