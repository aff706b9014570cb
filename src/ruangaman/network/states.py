"""Kinds of facilities."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FacilityKind(models.TextChoices):
    """What kind of door it is. A shelter is never shown to the public (care.md 19)."""

    OFFICE = "office", _("Kantor layanan")
    POST = "post", _("Pos pengaduan")
    HOTLINE = "hotline", _("Telepon")
    SHELTER = "shelter", _("Rumah aman")


PUBLIC_KINDS = (FacilityKind.OFFICE, FacilityKind.POST, FacilityKind.HOTLINE)


class HealthServiceKind(models.TextChoices):
    """Which kinds of health service the standards tell apart. Source: Pergub Jabar 63/2014, Lampiran D.II.2."""

    HEALTH_CENTRE = "puskesmas", _("Puskesmas")
    HOSPITAL = "hospital", _("Rumah sakit")


class Duty(models.TextChoices):
    """Duties that the standards ask training for, told apart by indicator. Source: Lampiran D.I.1, III, IV.6, V.8."""

    COMPLAINTS = "complaints", _("Penanganan pengaduan")
    SOCIAL = "social", _("Rehabilitasi sosial")
    SPIRITUAL = "spiritual", _("Bimbingan rohani")
    LEGAL = "legal", _("Bantuan hukum")
    REINTEGRATION = "reintegration", _("Reintegrasi sosial")
