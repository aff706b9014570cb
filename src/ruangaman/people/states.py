"""What somebody is in a dossier."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ruangaman.access.states import Section


class PersonRole(models.TextChoices):
    """The part somebody has in a dossier. One person may have several. Source: flow.md 4; care.md 10, 21, 24."""

    CLIENT = "client", _("Klien")
    GUARDIAN = "guardian", _("Wali pendamping")
    REPORTER = "reporter", _("Pelapor")
    REPORTED = "reported", _("Terlapor")
    WITNESS = "witness", pgettext_lazy("orang", "Saksi")
    HOUSEHOLD = "household", _("Orang serumah")
    TRUSTED = "trusted", _("Orang yang dipercaya")
    KEPT_OUT = "kept_out", _("Tidak boleh tahu")


# In which section of the dossier a part is known. Who reported and whom she accuses stand apart from who she is.
SECTION_OF = {
    PersonRole.CLIENT: Section.IDENTITY,
    PersonRole.GUARDIAN: Section.IDENTITY,
    PersonRole.REPORTER: Section.REPORTER,
    PersonRole.REPORTED: Section.PARTIES,
    PersonRole.WITNESS: Section.PARTIES,
    PersonRole.HOUSEHOLD: Section.PARTIES,
    PersonRole.TRUSTED: Section.PARTIES,
    PersonRole.KEPT_OUT: Section.PARTIES,
}

# What is told of a person besides identity, each in a section of its own (people.models.Profile).
PROFILE_SECTIONS = (Section.SUPPORT, Section.COURTESY, Section.BACKGROUND)


class Sex(models.TextChoices):
    """Sex as registered, for the counts that the law asks for; nobody is out of scope by it. Source: care.md 22."""

    FEMALE = "f", _("Perempuan")
    MALE = "m", _("Laki-laki")
    UNKNOWN = "u", _("Belum diketahui")


class AgeBand(models.TextChoices):
    """Age at the report, in the bands that national statistics ask for; the birth date itself is sealed."""

    UNDER_6 = "0-5", "0–5"
    UNDER_13 = "6-12", "6–12"
    UNDER_18 = "13-17", "13–17"
    UNDER_25 = "18-24", "18–24"
    UNDER_60 = "25-59", "25–59"
    OLDER = "60+", "60+"
    UNKNOWN = "", _("Belum diketahui")


CHILD_BANDS = (AgeBand.UNDER_6, AgeBand.UNDER_13, AgeBand.UNDER_18)


class Relation(models.TextChoices):
    """Who somebody is to the client. The outer values are GBVIMS's, with the finer kinds that the field needs."""

    FATHER = "father", _("Ayah kandung")
    MOTHER = "mother", _("Ibu kandung")
    STEPFATHER = "stepfather", _("Ayah tiri")
    STEPMOTHER = "stepmother", _("Ibu tiri")
    FOSTER_PARENT = "foster_parent", _("Orang tua asuh")
    SIBLING = "sibling", _("Kakak atau adik")
    GRANDPARENT = "grandparent", _("Kakek atau nenek")
    AUNT_UNCLE = "aunt_uncle", _("Bibi atau paman")
    OTHER_FAMILY = "other_family", _("Keluarga lain")
    SPOUSE = "spouse", _("Suami atau istri")
    FORMER_SPOUSE = "former_spouse", _("Mantan suami atau istri")
    PARTNER = "partner", _("Pacar")
    FORMER_PARTNER = "former_partner", _("Mantan pacar")
    TEACHER = "teacher", _("Guru")
    SCHOOLMATE = "schoolmate", _("Teman sekolah")
    SUPERVISOR = "supervisor", _("Atasan di tempat kerja")
    SERVICE_PROVIDER = "service_provider", _("Petugas layanan")
    COTENANT = "cotenant", _("Teman serumah atau satu kos")
    NEIGHBOUR = "neighbour", _("Tetangga atau teman")
    ONLINE_FRIEND = "online_friend", _("Kenalan di media sosial")
    COMMUNITY_LEADER = "community_leader", _("Ketua RT, RW, atau tokoh masyarakat")
    UNIT_COMPANION = "unit_companion", _("Pendamping dari unit")
    OTHER = "other", _("Lainnya")
    STRANGER = "stranger", _("Orang tidak dikenal")
    UNKNOWN = "unknown", _("Belum diketahui")


# Who may be a child's guardian. Source: seed 004, Lampiran I.2 (parent, foster parent, relative, trusted neighbour;
# where there is none the unit provides one).
GUARDIAN_RELATIONS = (
    Relation.MOTHER,
    Relation.FATHER,
    Relation.STEPMOTHER,
    Relation.STEPFATHER,
    Relation.FOSTER_PARENT,
    Relation.SIBLING,
    Relation.GRANDPARENT,
    Relation.AUNT_UNCLE,
    Relation.OTHER_FAMILY,
    Relation.NEIGHBOUR,
    Relation.UNIT_COMPANION,
)


class PartStatus(models.TextChoices):
    """Whether a part stands. A guardian may be refused; the reason is for staff. Source: care.md 10."""

    ACTIVE = "active", _("Berlaku")
    WAITING = "waiting", _("Menunggu keputusan penyelia")
    REFUSED = "refused", _("Ditolak")
    ENDED = "ended", _("Berakhir")


class Refusal(models.TextChoices):
    """Why somebody may not be a guardian."""

    REPORTED = "reported", _("ia terlapor di berkas ini")
    NAMESAKE = "namesake", _("namanya serupa dengan nama terlapor")
    JUDGED = "judged", _("penyelia memutuskan tidak")


class ContactMeans(models.TextChoices):
    """By which way a client can be reached without danger."""

    CALL = "call", _("Telepon")
    MESSAGE = "message", _("Pesan (SMS atau WhatsApp)")
    THROUGH = "through", _("Lewat orang yang ia percaya")
    NOT = "not", _("Ia yang menghubungi kita")


# --- what is told of a person: codes, kept sealed ---------------------------------------------------------------------


class Disability(models.TextChoices):
    """Kinds of disability, with the three senses apart because each asks for other help. More than one is possible.

    Source: UU 8/2016 Pasal 4 ayat (1) and (2).
    """

    PHYSICAL = "physical", _("Fisik")
    INTELLECTUAL = "intellectual", _("Intelektual")
    MENTAL = "mental", _("Mental")
    SIGHT = "sight", _("Sensorik: netra")
    HEARING = "hearing", _("Sensorik: rungu")
    SPEECH = "speech", _("Sensorik: wicara")


class Accommodation(models.TextChoices):
    """What makes a conversation, a place or a paper reachable for her. Source: care.md 23; PP 39/2020."""

    SIGN_INTERPRETER = "sign_interpreter", _("Juru bahasa isyarat")
    LANGUAGE_INTERPRETER = "interpreter", _("Juru bahasa atau penerjemah")
    PLAIN_WORDS = "plain_words", _("Kalimat sederhana, pelan, dengan gambar")
    READ_ALOUD = "read_aloud", _("Dibacakan, atau huruf besar, atau braille")
    IN_WRITING = "in_writing", _("Percakapan tertulis")
    STEP_FREE = "step_free", _("Tempat tanpa tangga, kursi roda, dijemput")
    MORE_TIME = "more_time", _("Waktu lebih lama, dengan jeda")
    QUIET = "quiet", _("Ruangan tenang, sedikit orang")
    CHOSEN_HELPER = "chosen_helper", _("Didampingi orang yang ia pilih")


class Language(models.TextChoices):
    """The language in which she understands best."""

    INDONESIAN = "id", _("Bahasa Indonesia")
    JAVANESE = "jv", _("Jawa")
    SUNDANESE = "su", _("Sunda")
    BETAWI = "bew", _("Betawi")
    MADURESE = "mad", _("Madura")
    MINANG = "min", _("Minangkabau")
    BATAK = "btk", _("Batak")
    MALAY = "ms", _("Melayu")
    BUGIS = "bug", _("Bugis")
    BALINESE = "ban", _("Bali")
    PAPUAN = "pap", _("Bahasa daerah Papua")
    BISINDO = "bisindo", _("Bahasa isyarat BISINDO")
    SIBI = "sibi", _("Bahasa isyarat SIBI")
    ENGLISH = "en", _("Inggris")
    OTHER = "other", _("Bahasa lain")


class OfficerChoice(models.TextChoices):
    """By whom somebody wants to be accompanied. Source: care.md 22."""

    ANY = "", _("Siapa saja")
    WOMAN = "woman", _("Petugas perempuan")
    MAN = "man", _("Petugas laki-laki")


class PlaceChoice(models.TextChoices):
    """Where somebody feels safe if they have to stay somewhere. Source: care.md 22 (by the own sense of safety)."""

    UNASKED = "", _("Belum ditanyakan")
    WOMEN = "women", _("Bersama perempuan")
    MEN = "men", _("Bersama laki-laki")
    ALONE = "alone", _("Kamar sendiri")
    FAMILY = "family", _("Bersama anak atau keluarga")


class Religion(models.TextChoices):
    """Asked only for spiritual guidance, and never needed."""

    UNASKED = "", _("Belum ditanyakan")
    ISLAM = "islam", _("Islam")
    PROTESTANT = "protestant", _("Kristen")
    CATHOLIC = "catholic", _("Katolik")
    HINDU = "hindu", _("Hindu")
    BUDDHIST = "buddhist", _("Buddha")
    CONFUCIAN = "confucian", _("Khonghucu")
    BELIEF = "belief", _("Kepercayaan terhadap Tuhan YME")
    NOT_SAID = "not_said", _("Tidak ingin menyebutkan")


class Education(models.TextChoices):
    """The highest schooling, in the classes that national statistics ask for."""

    UNKNOWN = "", _("Belum diketahui")
    NONE = "none", _("Tidak atau belum sekolah")
    PRESCHOOL = "preschool", _("PAUD atau TK")
    PRIMARY = "primary", _("SD atau sederajat")
    LOWER = "lower", _("SMP atau sederajat")
    UPPER = "upper", _("SMA atau sederajat")
    HIGHER = "higher", _("Perguruan tinggi")
    SPECIAL = "special", _("Sekolah luar biasa")


class Work(models.TextChoices):
    """What somebody does, in the classes that national statistics ask for."""

    UNKNOWN = "", _("Belum diketahui")
    NONE = "none", _("Tidak bekerja")
    PUPIL = "pupil", _("Pelajar atau mahasiswa")
    HOME = "home", _("Mengurus rumah tangga")
    DOMESTIC = "domestic", _("Pekerja rumah tangga")
    EMPLOYEE = "employee", _("Karyawan atau buruh")
    STATE = "state", _("ASN, TNI, atau Polri")
    OWN = "own", _("Usaha sendiri")
    MIGRANT = "migrant", _("Pekerja migran")
    FARMER = "farmer", _("Petani atau nelayan")
    OTHER = "other", _("Lainnya")


class Marriage(models.TextChoices):
    """Whether somebody is married. Married under 18 is a child all the same. Source: care.md 13."""

    UNKNOWN = "", _("Belum diketahui")
    SINGLE = "single", _("Belum menikah")
    REGISTERED = "registered", _("Menikah, tercatat")
    UNREGISTERED = "unregistered", _("Menikah, tidak tercatat")
    SEPARATED = "separated", _("Berpisah")
    DIVORCED = "divorced", _("Bercerai")
    WIDOWED = "widowed", _("Pasangannya meninggal")


# --- an unborn child ------------------------------------------------------------------------------------------------


class UnbornGround(models.TextChoices):
    """Why an unborn child is recorded at all; there is no other reason. Source: care.md 13."""

    VIOLENCE = "violence", _("Kekerasan ditujukan kepada kandungan")
    TRAFFICKING = "trafficking", _("Perdagangan orang")


class UnbornEnd(models.TextChoices):
    """Why such a record ended. Neither asks her for a reason."""

    HER_WISH = "her_wish", _("Ibu tidak ingin dicatat lagi")
    MISTAKE = "mistake", _("Dicatat karena keliru")
    OVER = "over", _("Kehamilan sudah berakhir")


# --- who is one person with whom ------------------------------------------------------------------------------------


class Sameness(models.TextChoices):
    """What was decided about two records that may be of one person. Nothing merges itself. Source: care.md 18."""

    SAME = "same", _("Orang yang sama")
    DIFFERENT = "different", _("Orang yang berbeda")


class Identifier(models.TextChoices):
    """By what somebody is looked for. Two are needed before anything is shown. Source: care.md 18."""

    NAME = "name", _("Nama")
    BIRTH_YEAR = "birth_year", _("Tahun lahir")
    AREA = "area", _("Tempat tinggal")
    NIK = "nik", _("NIK")
