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


class Triage(models.TextChoices):
    """Where a report stands. Source: flow.md 2; seed 004, Lampiran D.I.1 (handling is outreach or referral)."""

    RECEIVED = "received", _("Menunggu triase")
    OUTREACH = "outreach", _("Penjangkauan")
    HEAD_OFFICE = "head_office", _("Ditangani di kantor")
    OTHER_REGION = "other_region", _("Dirujuk ke unit daerah lain")
    OTHER_AGENCY = "other_agency", _("Dirujuk ke lembaga lain")
    NOT_IN_SCOPE = "not_in_scope", _("Di luar layanan")
    DUPLICATE = "duplicate", _("Laporan ganda")
    WITHDRAWN = "withdrawn", _("Dicabut")


# From, to. Nothing else is a legal move of triage.
TRIAGE_MOVES = frozenset(
    {
        *((Triage.RECEIVED, to) for to in Triage if to != Triage.RECEIVED),
        (Triage.OUTREACH, Triage.HEAD_OFFICE),
        (Triage.OUTREACH, Triage.OTHER_REGION),
        (Triage.OUTREACH, Triage.OTHER_AGENCY),
        (Triage.HEAD_OFFICE, Triage.OUTREACH),
        (Triage.HEAD_OFFICE, Triage.OTHER_REGION),
        (Triage.HEAD_OFFICE, Triage.OTHER_AGENCY),
    }
)


# After these nothing more is done here; the reporter reads *selesai*.
TRIAGE_ENDS = frozenset({Triage.NOT_IN_SCOPE, Triage.DUPLICATE, Triage.WITHDRAWN})


class TriageReason(models.TextChoices):
    """Why it was decided so."""

    NOT_FROM_VICTIM = "not_from_victim", _("Pelapor bukan korban: penjangkauan wajib")
    CANNOT_COME = "cannot_come", _("Korban tidak bisa datang dengan aman")
    COMES_HERSELF = "comes_herself", _("Korban datang atau ingin datang ke kantor")
    LIVES_ELSEWHERE = "lives_elsewhere", _("Korban berada di wilayah unit lain")
    OTHER_DUTY = "other_duty", _("Lembaga lain yang berwenang")
    NO_VIOLENCE = "no_violence", _("Bukan kekerasan terhadap perempuan atau anak")
    SAME_EVENT = "same_event", _("Kejadian ini sudah ada di berkas lain")
    REPORTER_WISH = "reporter_wish", _("Korban sendiri meminta berhenti")


# Which reasons carry which decision.
REASONS: dict[str, frozenset[TriageReason]] = {
    Triage.OUTREACH: frozenset({TriageReason.NOT_FROM_VICTIM, TriageReason.CANNOT_COME}),
    Triage.HEAD_OFFICE: frozenset({TriageReason.COMES_HERSELF}),
    Triage.OTHER_REGION: frozenset({TriageReason.LIVES_ELSEWHERE}),
    Triage.OTHER_AGENCY: frozenset({TriageReason.OTHER_DUTY}),
    Triage.NOT_IN_SCOPE: frozenset({TriageReason.NO_VIOLENCE}),
    Triage.DUPLICATE: frozenset({TriageReason.SAME_EVENT}),
    Triage.WITHDRAWN: frozenset({TriageReason.REPORTER_WISH}),
}


class OutreachPlace(models.TextChoices):
    """Where she is met. The house stands last and needs the supervisor. Source: care.md 5."""

    SCHOOL = "school", _("Sekolah")
    HEALTH_CENTRE = "health_centre", _("Puskesmas")
    OFFICE = "office", _("Kantor atau pos layanan")
    CALL = "call", _("Telepon pada jam yang aman")
    OTHER_PLACE = "other_place", _("Tempat lain yang aman")
    HOUSE = "house", _("Rumahnya")


class OutreachResult(models.TextChoices):
    """How the attempt ended."""

    REACHED = "reached", _("Bertemu dan bicara berdua")
    NOT_ALONE = "not_alone", _("Bertemu, tidak bisa bicara berdua")
    NOT_FOUND = "not_found", _("Tidak bertemu")
    DECLINED = "declined", _("Menolak, disampaikan sendiri secara pribadi")
    CALLED_OFF = "called_off", _("Dibatalkan demi keselamatan")


# She was reached, or said no herself: the duty to reach her is done. Source: care.md 5.
SHE_WAS_MET = frozenset({OutreachResult.REACHED, OutreachResult.NOT_ALONE, OutreachResult.DECLINED})
