"""How referrals go, and the forms that a service takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ruangaman.consent.states import Service


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
    """What was done, more closely than the service.

    The middle part are the eleven forms of social rehabilitation. Source: Pergub 63/2014, Lampiran D.III.1.b.
    """

    EXAMINATION = "examination", _("Pemeriksaan dan pengobatan")
    VISUM_ACCOMPANIED = "visum_accompanied", _("Pendampingan visum")
    PSYCHOSOCIAL_DIAGNOSIS = "psychosocial_diagnosis", _("Motivasi dan diagnosis psikososial")
    CARE = "care", _("Perawatan dan pengasuhan")
    VOCATIONAL = "vocational", _("Pelatihan kerja dan kewirausahaan")
    SPIRITUAL_GUIDANCE = "spiritual_guidance", _("Bimbingan mental spiritual")
    PHYSICAL_GUIDANCE = "physical_guidance", _("Bimbingan fisik")
    COUNSELLING = "counselling", _("Bimbingan sosial dan konseling psikososial")
    ACCESSIBILITY = "accessibility", _("Pelayanan aksesibilitas")
    SOCIAL_ASSISTANCE = "social_assistance", _("Bantuan dan asistensi sosial")
    RESOCIALISATION = "resocialisation", _("Bimbingan resosialisasi")
    AFTERCARE = "aftercare", _("Bimbingan lanjut")
    SOCIAL_REFERRAL = "social_referral", _("Rujukan sosial")
    LEGAL_ADVICE = "legal_advice", _("Konsultasi hukum")
    LEGAL_ACCOMPANIMENT = "legal_accompaniment", _("Pendampingan proses hukum")
    SHELTER_STAY = "shelter_stay", _("Tinggal di rumah aman")
    FAMILY_TRACING = "family_tracing", _("Penelusuran keluarga")
    ESCORT_HOME = "escort_home", _("Pengantaran pulang")


# Which kinds a service may take.
KINDS_OF: dict[str, tuple[Kind, ...]] = {
    Service.MEDICAL: (Kind.EXAMINATION, Kind.VISUM_ACCOMPANIED),
    Service.PSYCHOLOGICAL: (Kind.COUNSELLING, Kind.PSYCHOSOCIAL_DIAGNOSIS),
    Service.LEGAL: (Kind.LEGAL_ADVICE, Kind.LEGAL_ACCOMPANIMENT),
    Service.SPIRITUAL: (Kind.SPIRITUAL_GUIDANCE,),
    Service.SHELTER: (Kind.SHELTER_STAY, Kind.CARE),
    Service.SOCIAL: (
        Kind.PSYCHOSOCIAL_DIAGNOSIS,
        Kind.CARE,
        Kind.VOCATIONAL,
        Kind.PHYSICAL_GUIDANCE,
        Kind.COUNSELLING,
        Kind.ACCESSIBILITY,
        Kind.SOCIAL_ASSISTANCE,
        Kind.SOCIAL_REFERRAL,
    ),
    Service.RETURN: (Kind.ESCORT_HOME, Kind.FAMILY_TRACING),
    Service.REINTEGRATION: (Kind.RESOCIALISATION, Kind.FAMILY_TRACING, Kind.AFTERCARE),
}


class Offered(models.TextChoices):
    """What became of a service, in the words a client reads with her own code. Source: experience.md; care.md 2."""

    OFFERED = "offered", _("Ditawarkan; kamu boleh menjawab kapan saja")
    ACCEPTED = "accepted", _("Kamu setuju")
    DELIVERED = "delivered", _("Sudah diberikan")
    REFUSED = "refused", _("Kamu tidak mau, dan itu tidak apa-apa")
    UNMET = "unmet", _("Belum bisa diberikan; tanyakan kepada petugas")
