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
MAY_BE_SHARED = (Section.CONTACT, Section.NARRATIVE, Section.RISK, Section.SUPPORT)
# Told of the whole file: with several clients each of them has to agree before a partner sees it.
OF_EVERYBODY = (Section.NARRATIVE, Section.RISK)
# The unit's own people who are in a file for one service alone, and leave it when she no longer agrees to that service.
PROFESSIONS = (Service.PSYCHOLOGICAL, Service.LEGAL, Service.SPIRITUAL, Service.SHELTER)


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
    SCAN = "scan", _("Surat yang ditandatangani, dipindai")


class Basis(models.TextChoices):
    """On whose word it rests."""

    CLIENT = "client", _("Klien sendiri")
    GUARDIAN = "guardian", _("Wali pendamping, dengan kata anak")
    BEST_INTEREST = "best_interest", _("Keputusan penyelia demi kepentingan terbaik anak")


class Understood(models.TextChoices):
    """Whether who answered understood what was asked, told back in the own words. Source: care.md 11, 23."""

    WELL = "well", _("Ya, ia bisa mengatakannya lagi dengan katanya sendiri")
    HELPED = "helped", _("Ya, dengan bantuan juru bahasa atau orang yang ia pilih")
    NOT_YET = "not_yet", _("Belum")


class RecallAnswer(models.TextChoices):
    """What who had seen something answers when asked to delete it. Source: UU 27/2022 Pasal 40, 43 and 44."""

    DELETED = "deleted", _("Sudah dihapus")
    NOTHING = "nothing", _("Tidak pernah menyimpan salinan")
    MEDICAL_RECORD = "medical_record", _("Wajib disimpan: rekam medis")
    COURT_RECORD = "court_record", _("Wajib disimpan: berkas perkara")
    REOPENED = "reopened", _("Tidak perlu lagi: klien membukanya kembali")  # written by the database


class Ground(models.TextChoices):
    """On which ground something may have to be told without her consent. Nothing is sent by recording it."""

    DANGER = "danger", _("Nyawa dalam bahaya sekarang")
    CHILD_DANGER = "child_danger", _("Anak dalam bahaya")
    POLICE_DUTY = "police_duty", _("Kewajiban melaporkan kekerasan seksual")
    COURT_ORDER = "court_order", _("Perintah pengadilan atau penyidik")


# The article of each ground, read in secondary sources; a lawyer confirms it. Source: care.md 6, 9; UU 27/2022.
ARTICLES = {
    Ground.DANGER: "UU 27/2022 Pasal 20 ayat (2) huruf d; UU 23/2004 Pasal 15",
    Ground.CHILD_DANGER: "UU 35/2014 Pasal 59 dan 76; UU 27/2022 Pasal 20 ayat (2) huruf d",
    Ground.POLICE_DUTY: "UU 12/2022 Pasal 41",
    Ground.COURT_ORDER: "UU 27/2022 Pasal 15 ayat (1) huruf b; KUHAP (UU 20/2025)",
}


class Telling(models.TextChoices):
    """What was decided about a duty against her consent."""

    TELL = "tell", _("Diberitahukan")
    KEEP = "keep", _("Tidak diberitahukan")
