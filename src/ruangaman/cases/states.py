"""Kinds of violence, levels of risk, and where needs and plans stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Form(models.TextChoices):
    """A form of violence in the scheme of SIMFONI PPA, to which others are mapped. Source: flow.md."""

    PHYSICAL = "physical", _("Fisik")
    PSYCHOLOGICAL = "psychological", _("Psikis")
    SEXUAL = "sexual", _("Seksual")
    EXPLOITATION = "exploitation", _("Eksploitasi")
    TRAFFICKING = "trafficking", _("Perdagangan orang")
    NEGLECT = "neglect", _("Penelantaran")
    OTHER = "other", _("Lainnya")


class Online(models.TextChoices):
    """What was done online. Source: seed 000, "Gambaran kasus"; words of care.md 24."""

    HARASSMENT = "harassment", _("Pelecehan di dunia maya")
    INTIMATE_IMAGES = "intimate_images", _("Penyebaran konten intim tanpa persetujuan")
    SEXTING = "sexting", _("Pesan seksual")
    GROOMING = "grooming", _("Pendekatan kepada anak untuk tujuan seksual")
    PERSONAL_DATA = "personal_data", _("Penyebaran data pribadi")
    HOAX = "hoax", _("Penyebaran berita bohong")
    SEXTORTION = "sextortion", _("Pemerasan seksual")
    FORCED_ACT = "forced_act", _("Pemaksaan aktivitas seksual")


class Setting(models.TextChoices):
    """Where it happened."""

    HOME = "home", _("Rumah")
    SCHOOL = "school", _("Sekolah")
    WORK = "work", _("Tempat kerja")
    PUBLIC = "public", _("Tempat umum")
    ONLINE = "online", _("Dunia maya")
    INSTITUTION = "institution", _("Lembaga atau asrama")
    OTHER = "other", _("Tempat lain")


class RiskLevel(models.TextChoices):
    """How much danger there is, as the companion judges it with her."""

    LOW = "low", _("Rendah")
    MEDIUM = "medium", _("Sedang")
    HIGH = "high", _("Tinggi")


class NeedState(models.TextChoices):
    """What became of a need. The assessment records it; the plan answers it or says why it does not. Source: spm.md."""

    OPEN = "open", _("Belum direncanakan")
    PLANNED = "planned", _("Direncanakan")
    MET = "met", _("Terpenuhi")
    UNMET = "unmet", _("Tidak terpenuhi")


class Unmet(models.TextChoices):
    """Why the plan does not answer a need. Source: GBVIMS referral outcomes, flow.md."""

    DECLINED = "declined", _("Ditolak klien")
    ALREADY = "already", _("Sudah menerima dari tempat lain")
    UNAVAILABLE = "unavailable", _("Layanan tidak tersedia")
    OTHER = "other", _("Alasan lain")
    MISTAKEN = "mistaken", _("Salah catat: kebutuhan ini tidak ada")


# A need that was written down by mistake is none: no denominator counts it. Source: spm.md.
NEVER_NEEDED = Unmet.MISTAKEN


class Penetration(models.TextChoices):
    """Whether sexual violence came with penetration, as far as she chose to say: it starts a clock of 72 hours."""

    YES = "yes", _("Ya")
    NO = "no", _("Tidak")
    UNKNOWN = "unknown", _("Belum diketahui")
