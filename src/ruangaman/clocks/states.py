"""What starts and ends a clock, how it is measured, why it may stand still."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What happens in a file or a unit and starts or ends clocks. Later rooms say that it happened."""

    REPORT_RECEIVED = "report_received", _("laporan diterima")
    DANGER_TOLD = "danger_told", _("bahaya sekarang diceritakan")
    REPORT_ANSWERED = "report_answered", _("pelapor dijawab")
    REPORT_TRIAGED = "report_triaged", _("triase diputuskan")
    VICTIM_REPORTED = "victim_reported", _("korban sendiri melaporkan kekerasan seksual")
    SEXUAL_ASSAULT = "sexual_assault", _("kekerasan seksual dengan kemungkinan penetrasi terjadi")
    HEALTH_CARE = "health_care", _("layanan kesehatan dirujuk atau diberikan")
    ASSESSED = "assessed", _("asesmen dicatat")
    CASE_TAKEN = "case_taken", _("kasus diambil manajer kasus")
    NEED_RECORDED = "need_recorded", _("kebutuhan dicatat")
    PLAN_WRITTEN = "plan_written", _("setiap kebutuhan dijawab rencana")
    POLICE_DECIDED = "police_decided", _("keputusan tentang laporan ke polisi dicatat")
    POLICE_REPORTED = "police_reported", _("laporan polisi dibuat")
    PROTECTION_ASKED = "protection_asked", _("perlindungan polisi diminta (UU 23/2004)")
    TPKS_ASKED = "tpks_asked", _("perlindungan polisi diminta (UU 12/2022)")
    PROTECTION_GIVEN = "protection_given", _("perlindungan polisi diberikan (UU 23/2004)")
    PROTECTION_TPKS = "protection_tpks", _("perlindungan polisi diberikan (UU 12/2022)")
    PROTECTION_ENDED = "protection_ended", _("perlindungan berakhir atau ditetapkan pengadilan")
    TRAFFICKING_FOUND = "trafficking_found", _("perdagangan orang dicatat")
    EMERGENCY_AID = "emergency_aid", _("bantuan darurat diberikan")
    SHELTER_ENTERED = "shelter_entered", _("masuk rumah aman")
    SHELTER_LEFT = "shelter_left", _("keluar dari rumah aman")
    REFERRAL_SENT = "referral_sent", _("rujukan dikirim")
    REFERRAL_ANSWERED = "referral_answered", _("rujukan dijawab")
    RETURNED = "returned", _("klien pulang")
    HOME_VISITED = "home_visited", _("kunjungan rumah dicatat")
    CONTACT_CONFIRMED = "contact_confirmed", _("kontak aman dipastikan")
    APPOINTMENT_MADE = "appointment_made", _("janji dibuat")
    APPOINTMENT_OVER = "appointment_over", _("janji selesai, dipindah, atau batal")
    WENT_OUT = "went_out", _("petugas berangkat")
    CAME_BACK = "came_back", _("petugas lapor kembali")
    ACCESS_RECALLED = "access_recalled", _("akses ditutup dan penghapusan diminta")
    RECALL_ANSWERED = "recall_answered", _("penghapusan dikonfirmasi")
    CONSENT_GIVEN = "consent_given", _("persetujuan diberikan sampai satu tanggal")
    CONSENT_OVER = "consent_over", _("persetujuan diganti, ditarik, atau diberikan lagi")
    FIRST_ACT = "first_act", _("langkah pertama dalam bahaya dicatat")
    TRANSFER_SENT = "transfer_sent", _("rujukan antardaerah dikirim")
    TRANSFER_ANSWERED = "transfer_answered", _("rujukan antardaerah dijawab atau ditarik")
    WISHED = "wished", _("klien menyampaikan permintaan")
    WISH_ANSWERED = "wish_answered", _("permintaan klien ditangani")
    CASE_ENDED = "case_ended", _("kasus atau laporan berakhir")
    # Of a unit, not of a file.
    HALF_YEAR_BEGAN = "half_year_began", _("semester dimulai")
    HALF_YEAR_REPORTED = "half_year_reported", _("laporan semester dikirim")
    BREACH_FOUND = "breach_found", _("kebocoran data diketahui")
    BREACH_TOLD = "breach_told", _("kebocoran data diberitahukan")


OF_A_UNIT = frozenset(
    {Event.HALF_YEAR_BEGAN, Event.HALF_YEAR_REPORTED, Event.BREACH_FOUND, Event.BREACH_TOLD}
)
# Clocks that are about one row of a file, so that two of a kind run and end apart: a referral, a booking, a way out.
OF_A_ROW = frozenset(
    {
        Event.REFERRAL_SENT,
        Event.APPOINTMENT_MADE,
        Event.WENT_OUT,
        Event.ACCESS_RECALLED,
        Event.CONSENT_GIVEN,
        Event.CONTACT_CONFIRMED,
        Event.TRANSFER_SENT,
        Event.WISHED,
    }
)


class Measure(models.TextChoices):
    """How long a clock runs. Source: flow.md, "Clocks the law starts"."""

    HOURS = "hours", _("jam")
    DAYS = "days", _("hari kalender")
    WORKING_DAYS = "working_days", _("hari kerja")
    HALF_YEAR_END = "half_year_end", _("sampai akhir Juni atau Desember")
    GIVEN = "given", _("sampai saat yang ditetapkan")


class Moment(models.TextChoices):
    """When somebody is told: before, at and after the deadline, and once to the supervisor."""

    BEFORE = "before", _("sebelum tenggat")
    DUE = "due", _("saat tenggat")
    AFTER = "after", _("sesudah tenggat")
    ESCALATED = "escalated", _("ke penyelia")


class PauseReason(models.TextChoices):
    """Why a clock stands still. Nothing else is a reason."""

    HER_PAUSE = "her_pause", _("Klien minta jeda")
    UNREACHABLE = "unreachable", _("Klien belum bisa dihubungi dengan aman")
    OTHER_OFFICE = "other_office", _("Menunggu lembaga lain")
    DISASTER = "disaster", _("Bencana atau keadaan kahar")


class End(models.TextChoices):
    """How a clock ended."""

    MET = "met", _("Terpenuhi")
    NOT_NEEDED = "not_needed", _("Tidak berlaku lagi")
    CASE_ENDED = "case_ended", _("Kasus berakhir")


class DayOff(models.TextChoices):
    """Why a day is none to work on, or is one after all."""

    NATIONAL = "national", _("Hari libur nasional")
    JOINT_LEAVE = "joint_leave", _("Cuti bersama")
    REGIONAL = "regional", _("Libur daerah")
    WORKED = "worked", _("Hari kerja pengganti")


class Answer(models.TextChoices):
    """A fact of a decision record."""

    YES = "yes", _("Ya")
    NO = "no", _("Tidak")
    UNKNOWN = "unknown", _("Belum diketahui")


class Ruling(models.TextChoices):
    """What was decided about a duty that may go against her consent. Nothing is sent by it. Source: care.md 9."""

    REPORT = "report", _("Dilaporkan, dengan persetujuannya")
    REPORT_AGAINST = "report_against", _("Dilaporkan walau ia belum setuju, karena bahaya atau kewajiban")
    RESPECT = "respect", _("Tidak dilaporkan: keputusannya dihormati")
