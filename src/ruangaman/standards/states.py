"""What an indicator counts, how it is counted, and why somebody or something is not in a numerator or not counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CountedUnit(models.TextChoices):
    """What one unit of the figure is. Cases, victims and forms of violence are three counts. Source: seed 003."""

    REPORTS = "reports", _("laporan")
    VICTIMS = "victims", _("korban")
    CASES = "cases", _("perkara")
    STAFF = "staff", _("petugas")
    FACILITIES = "facilities", _("fasilitas")


class Rule(models.TextChoices):
    """A way to work a figure out from the unit's own records; ``queries`` holds one statement for each."""

    REPORTS = "reports", _("Laporan yang ditindaklanjuti")
    HEALTH = "health", _("Korban yang dilayani di fasilitas kesehatan yang mampu")
    NEEDS = "needs", _("Korban yang kebutuhannya terlayani")
    TRIALS = "trials", _("Perkara yang diputus")
    POLICE = "police", _("Kasus yang selesai di kepolisian")
    RECORDED = "recorded", _("Korban tercatat yang dipulangkan")


class NotYet(models.TextChoices):
    """Why something that is counted is not in the numerator."""

    UNTRIAGED = "received", _("menunggu triase")
    BEGUN = "begun", _("sudah ditriase, belum ada tindak lanjut")
    OUT_OF_SCOPE = "not_in_scope", _("di luar layanan")
    DUPLICATE = "duplicate", _("laporan ganda")
    WITHDRAWN = "withdrawn", _("dicabut")
    NOT_ABLE = "not_able", _("datang ke fasilitas yang belum mampu")
    NOT_TREATED = "not_treated", _("datang, tanpa layanan kesehatan tercatat")
    WAITING = "waiting", _("belum dilayani")
    DECLINED = "declined", _("ditolak klien")
    ALREADY = "already", _("sudah menerima dari tempat lain")
    UNAVAILABLE = "unavailable", _("layanan tidak tersedia")
    OTHER = "other", _("alasan lain")
    OTHER_STATUTE = "other_statute", _("diputus dengan undang-undang lain")
    ON_TRIAL = "on_trial", _("masih disidangkan")
    NO_P21 = "no_p21", _("belum P21")
    NO_STAGE_TWO = "no_stage_two", _("P21, belum Tahap II")
    NO_NEED = "no_need", _("kebutuhan pemulangan tidak tercatat")
    NOT_HOME = "not_home", _("membutuhkan pemulangan, belum pulang")


class LeftOut(models.TextChoices):
    """Why something is in neither numerator nor denominator; it is counted apart."""

    MEN = (
        "men",
        _("laki-laki dewasa: dilayani, tetapi tidak termasuk “perempuan dan anak” (Pasal 1 angka 10)"),
    )
    NOT_A_VICTIM = "not_a_victim", _("bukan korban dalam berkas itu, misalnya saksi")


class Who(models.TextChoices):
    """Whom a client is counted with. Age at the report decides woman or child. Source: care.md 13, 22; seed 000."""

    WOMAN = "woman", _("Perempuan dewasa")
    GIRL = "girl", _("Anak perempuan")
    BOY = "boy", _("Anak laki-laki")
    MAN = "man", _("Laki-laki dewasa, dihitung tersendiri")
    UNKNOWN = "unknown", _("Umur atau jenis kelamin belum diketahui")
