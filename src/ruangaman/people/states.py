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


# In which section of the dossier a part is known. Who reported and whom she accuses stand apart from who she is.
SECTION_OF = {
    PersonRole.CLIENT: Section.IDENTITY,
    PersonRole.GUARDIAN: Section.IDENTITY,
    PersonRole.REPORTER: Section.REPORTER,
    PersonRole.REPORTED: Section.PARTIES,
    PersonRole.WITNESS: Section.PARTIES,
    PersonRole.HOUSEHOLD: Section.PARTIES,
    PersonRole.TRUSTED: Section.PARTIES,
}


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
    REFUSED = "refused", _("Ditolak")
    ENDED = "ended", _("Berakhir")


class Refusal(models.TextChoices):
    """Why somebody may not be a guardian."""

    REPORTED = "reported", _("ia terlapor di berkas ini")
    NAMESAKE = "namesake", _("namanya serupa dengan nama terlapor")


class ContactMeans(models.TextChoices):
    """By which way a client can be reached without danger."""

    CALL = "call", _("Telepon")
    MESSAGE = "message", _("Pesan (SMS atau WhatsApp)")
    THROUGH = "through", _("Lewat orang yang ia percaya")
    NOT = "not", _("Ia yang menghubungi kita")
