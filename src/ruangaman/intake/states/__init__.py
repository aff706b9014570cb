"""How a report comes in, from whom, and what its reporter is told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The way a report came. Source: flow.md 1; seeds 000, 002, 003."""

    WEB = "web", _("Formulir web")
    OFFICE = "office", _("Datang ke kantor")
    POST = "post", _("Pos pengaduan atau Pos SAPA")
    PHONE_112 = "phone_112", _("Telepon 112")
    CALL_CENTRE = "call_centre", _("Pusat panggilan")
    APP = "app", _("Aplikasi mitra, misalnya Jakarta Aman")
    REFERRAL = "referral", _("Rujukan lembaga")
    LETTER = "letter", _("Surat")
    RP3 = "rp3", _("RP3 di tempat kerja")
    LOCAL = "local", _("Camat atau lurah")
    HOTLINE = "hotline", _("Pesan ke nomor layanan")
    REGION = "region", _("Dirujuk unit daerah lain")
    SPLIT = "split", _("Dipisahkan dari laporan lain")


# A report that somebody of the unit takes down, by telephone or face to face.
TAKEN_DOWN = (
    Channel.OFFICE,
    Channel.POST,
    Channel.PHONE_112,
    Channel.CALL_CENTRE,
    Channel.REFERRAL,
    Channel.LETTER,
    Channel.RP3,
    Channel.LOCAL,
    Channel.HOTLINE,
)


class ReporterKind(models.TextChoices):
    """Who reports. Source: seed 004, Lampiran D.I.1 (victim, family, public, institution, witness)."""

    VICTIM = "victim", _("Saya sendiri yang mengalami")
    FAMILY = "family", _("Saya keluarga atau teman dekatnya")
    PUBLIC = "public", _("Saya tetangga atau warga yang tahu")
    INSTITUTION = "institution", _("Saya mewakili lembaga, misalnya sekolah atau Puskesmas")
    WITNESS = "witness", _("Saya saksi kejadian")


class ForWhom(models.TextChoices):
    """Whom it happened to, as the reporter says."""

    ME = "me", _("Saya sendiri")
    CHILD = "child", _("Seorang anak")
    ADULT = "adult", _("Orang dewasa")
    SEVERAL = "several", _("Beberapa orang")


class AgeBand(models.TextChoices):
    """How old who writes is, roughly. Asked first, because a child has a path of its own. Source: care.md 12."""

    UNDER_12 = "under_12", _("Di bawah 12 tahun")
    UNDER_15 = "under_15", _("12 sampai 14 tahun")
    UNDER_18 = "under_18", _("15 sampai 17 tahun")
    ADULT = "adult", _("18 tahun atau lebih")


# Under 18 at the report. Source: care.md 13.
CHILD_BANDS = frozenset({AgeBand.UNDER_12, AgeBand.UNDER_15, AgeBand.UNDER_18})


class Proof(models.TextChoices):
    """What a report that came without an account cost whoever sent it. None of them is refused."""

    NONE = "none", _("tanpa hitungan peramban")
    WORKED = "worked", _("peramban sudah menghitung")
    STAFF = "staff", _("dicatat petugas atau mitra")


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
    """The pages of the form. Only ``WHAT`` must be answered; some are asked only where an answer before calls for it
    (intake.policies.form).
    """

    ABOUT = "about", _("Tentang laporan")
    CHILD = "child", _("Orang yang kamu percaya")
    WHAT = "what", _("Apa yang terjadi")
    FILES = "files", _("Foto, rekaman, atau berkas")
    WHERE = "where", _("Di mana")
    REACH = "reach", _("Cara menghubungi")
    CONTACT = "contact", _("Kontak yang aman")
    CHECK = "check", _("Periksa")


STEPS = tuple(Step)


class Triage(models.TextChoices):
    """Where a report stands. Source: flow.md 2; seed 004, Lampiran D.I.1 (handling is outreach or referral)."""

    RECEIVED = "received", _("Menunggu triase")
    ANSWERED = "answered", _("Dijawab, menunggu triase")
    OUTREACH = "outreach", _("Penjangkauan")
    HEAD_OFFICE = "head_office", _("Ditangani di kantor")
    OTHER_REGION = "other_region", _("Dirujuk ke unit daerah lain")
    OTHER_AGENCY = "other_agency", _("Dirujuk ke lembaga lain")
    NOT_IN_SCOPE = "not_in_scope", _("Di luar layanan")
    DUPLICATE = "duplicate", _("Laporan ganda")
    WITHDRAWN = "withdrawn", _("Dicabut")


# Nobody has decided yet: an answer alone is no handling. Source: flow.md 2.
UNDECIDED = (Triage.RECEIVED, Triage.ANSWERED)
DECISIONS = tuple(to for to in Triage if to not in UNDECIDED)

# From, to. Nothing else is a legal move of triage. What was merged, handed over or decided by mistake goes back to
# where it was: the moves out of DUPLICATE and OTHER_REGION, which actions.joining and .transfers do, and those from any
# other decision to where nobody has decided, which actions.undoing and .flood do.
TRIAGE_MOVES = frozenset(
    {
        (Triage.RECEIVED, Triage.ANSWERED),
        *((now, to) for now in UNDECIDED for to in DECISIONS),
        (Triage.OUTREACH, Triage.HEAD_OFFICE),
        (Triage.OUTREACH, Triage.OTHER_REGION),
        (Triage.OUTREACH, Triage.OTHER_AGENCY),
        (Triage.OUTREACH, Triage.DUPLICATE),
        (Triage.HEAD_OFFICE, Triage.OUTREACH),
        (Triage.HEAD_OFFICE, Triage.OTHER_REGION),
        (Triage.HEAD_OFFICE, Triage.OTHER_AGENCY),
        (Triage.HEAD_OFFICE, Triage.DUPLICATE),
        *((now, back) for now in DECISIONS for back in UNDECIDED),
        (Triage.DUPLICATE, Triage.OUTREACH),
        (Triage.DUPLICATE, Triage.HEAD_OFFICE),
    }
)


# After these nothing more is done here; the reporter reads *selesai*.
TRIAGE_ENDS = frozenset({Triage.NOT_IN_SCOPE, Triage.DUPLICATE, Triage.WITHDRAWN})


class TriageReason(models.TextChoices):
    """Why it was decided so."""

    ANSWERED = "answered", _("Pelapor dijawab")
    NOT_FROM_VICTIM = "not_from_victim", _("Pelapor bukan korban: penjangkauan wajib")
    CANNOT_COME = "cannot_come", _("Korban tidak bisa datang dengan aman")
    COMES_HERSELF = "comes_herself", _("Korban datang atau ingin datang ke kantor")
    LIVES_ELSEWHERE = "lives_elsewhere", _("Korban berada di wilayah unit lain")
    UNREAD = "unread", _("Tentang petugas, dan di unit ini tidak ada yang boleh membacanya")
    OTHER_DUTY = "other_duty", _("Lembaga lain yang berwenang")
    NO_VIOLENCE = "no_violence", _("Bukan kekerasan terhadap perempuan atau anak")
    SAME_EVENT = "same_event", _("Kejadian ini sudah ada di berkas lain")
    REPORTER_WISH = "reporter_wish", _("Korban sendiri meminta berhenti")
    CHILD_ALONE = "child_alone", _("Anak melapor sendiri: didatangi dengan cara yang aman baginya")
    CAME_BACK = "came_back", _("Dikembalikan: bukan wilayah atau tugas mereka")
    MISTAKEN = "mistaken", _("Keputusan sebelumnya dibatalkan")


# Which reasons carry which decision.
REASONS: dict[str, frozenset[TriageReason]] = {
    Triage.RECEIVED: frozenset({TriageReason.CAME_BACK, TriageReason.MISTAKEN}),
    Triage.ANSWERED: frozenset({TriageReason.ANSWERED, TriageReason.CAME_BACK, TriageReason.MISTAKEN}),
    Triage.OUTREACH: frozenset(
        {
            TriageReason.NOT_FROM_VICTIM,
            TriageReason.CANNOT_COME,
            TriageReason.CHILD_ALONE,
            TriageReason.MISTAKEN,
        }
    ),
    Triage.HEAD_OFFICE: frozenset({TriageReason.COMES_HERSELF, TriageReason.MISTAKEN}),
    Triage.OTHER_REGION: frozenset({TriageReason.LIVES_ELSEWHERE, TriageReason.UNREAD}),
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
