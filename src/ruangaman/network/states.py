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


class Skill(models.TextChoices):
    """What somebody who goes out is good at. For the proposal of who goes."""

    CHILDREN = "children", _("Anak")
    SEXUAL_VIOLENCE = "sexual_violence", _("Kekerasan seksual")
    DISABILITY = "disability", _("Disabilitas atau bahasa isyarat")
    TRAFFICKING = "trafficking", _("Perdagangan orang")
    ONLINE = "online", _("Kekerasan daring")
    MALE_VICTIMS = "male_victims", _("Korban laki-laki")
