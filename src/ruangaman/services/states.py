"""How referrals go, and the forms that a service takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralStatus(models.TextChoices):
    """Where a referral stands."""

    SENT = "sent", _("Menunggu jawaban")
    ACCEPTED = "accepted", _("Diterima")
    DECLINED = "declined", _("Ditolak")
    DONE = "done", _("Selesai")
    WITHDRAWN = "withdrawn", _("Ditarik")


# From, to. Nothing else is a legal move of a referral.
REFERRAL_MOVES = frozenset(
    {
        (ReferralStatus.SENT, ReferralStatus.ACCEPTED),
        (ReferralStatus.SENT, ReferralStatus.DECLINED),
        (ReferralStatus.SENT, ReferralStatus.WITHDRAWN),
        (ReferralStatus.ACCEPTED, ReferralStatus.DONE),
        (ReferralStatus.ACCEPTED, ReferralStatus.WITHDRAWN),
    }
)


class Decline(models.TextChoices):
    """Why a partner says no."""

    FULL = "full", _("Tidak ada tempat atau waktu")
    NOT_OFFERED = "not_offered", _("Layanan ini tidak ada di sini")
    OUTSIDE_AREA = "outside_area", _("Di luar wilayah kami")
    OTHER = "other", _("Alasan lain")


class Kind(models.TextChoices):
    """What was done, more closely than the service. Source: seed 004, Lampiran D.III.1 (forms of social rehabilitation)."""

    EXAMINATION = "examination", _("Pemeriksaan dan pengobatan")
    VISUM_ACCOMPANIED = "visum_accompanied", _("Pendampingan visum")
    COUNSELLING = "counselling", _("Konseling")
    THERAPY = "therapy", _("Terapi psikologis")
    SOCIAL_GUIDANCE = "social_guidance", _("Bimbingan sosial")
    SKILLS = "skills", _("Pelatihan keterampilan")
    SPIRITUAL_GUIDANCE = "spiritual_guidance", _("Bimbingan rohani")
    LEGAL_ADVICE = "legal_advice", _("Konsultasi hukum")
    LEGAL_ACCOMPANIMENT = "legal_accompaniment", _("Pendampingan proses hukum")
    SHELTER_STAY = "shelter_stay", _("Tinggal di rumah aman")
    FAMILY_TRACING = "family_tracing", _("Penelusuran keluarga")
    ESCORT_HOME = "escort_home", _("Pengantaran pulang")
    REINTEGRATION_GUIDANCE = "reintegration_guidance", _("Bimbingan reintegrasi")
