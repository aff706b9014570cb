"""What can be agreed to, by whom, and how."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Section


class Service(models.TextChoices):
    """What a client may need, agree to, have planned and be given. Source: seed 000 (six services), seed 004."""

    MEDICAL = "medical", _("Kesehatan dan visum")
    PSYCHOLOGICAL = "psychological", _("Psikologis")
    LEGAL = "legal", _("Bantuan hukum")
    SPIRITUAL = "spiritual", _("Bimbingan rohani")
    SHELTER = "shelter", _("Rumah aman")
    SOCIAL = "social", _("Rehabilitasi sosial lainnya")
    RETURN = "return", _("Pemulangan")
    REINTEGRATION = "reintegration", _("Reintegrasi sosial")


# The section in which what is told about a service lies.
SECTION_OF = {
    Service.MEDICAL: Section.MEDICAL,
    Service.PSYCHOLOGICAL: Section.PSYCHOLOGICAL,
    Service.LEGAL: Section.LEGAL,
    Service.SPIRITUAL: Section.SPIRITUAL,
    Service.SHELTER: Section.SHELTER,
    Service.SOCIAL: Section.PLAN,
    Service.RETURN: Section.PLAN,
    Service.REINTEGRATION: Section.PLAN,
}

# What a recipient of a service is shown besides the section of the service, where the client agrees to it.
ALWAYS_SHARED = (Section.FILE, Section.IDENTITY, Section.REFERRAL)
MAY_BE_SHARED = (Section.CONTACT, Section.NARRATIVE, Section.RISK)


class Answer(models.TextChoices):
    """What was answered when somebody asked."""

    GIVEN = "given", _("Setuju")
    REFUSED = "refused", _("Tidak setuju")
    LATER = "later", _("Tanyakan lagi nanti")


class Assent(models.TextChoices):
    """The child's own word, beside the guardian's. Source: care.md 10 to 12; UU 35/2014 (the child's view counts)."""

    NOT_NEEDED = "", _("Tidak perlu: klien dewasa")
    GIVEN = "given", _("Anak setuju")
    REFUSED = "refused", _("Anak tidak setuju")
    TOO_YOUNG = "too_young", _("Anak terlalu kecil untuk ditanya")


class Method(models.TextChoices):
    """How the answer was given."""

    SIGNED = "signed", _("Tanda tangan")
    THUMB = "thumb", _("Cap jempol")
    SPOKEN = "spoken", _("Lisan, di depan saksi")


class Basis(models.TextChoices):
    """On whose word it rests."""

    CLIENT = "client", _("Klien sendiri")
    GUARDIAN = "guardian", _("Wali pendamping, dengan kata anak")
    BEST_INTEREST = "best_interest", _("Keputusan penyelia demi kepentingan terbaik anak")
