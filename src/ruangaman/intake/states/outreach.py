"""On which ground somebody around her is asked, why somebody is proposed to go, and how long an attempt lasts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NeighbourGround(models.TextChoices):
    """On which ground RT, RW or somebody of standing is contacted: that is a disclosure. Source: care.md 6."""

    HER_WORD = "her_word", _("Ia sendiri menyetujuinya, ditanya secara pribadi")
    CHILD_DANGER = "child_danger", _("Anak dalam bahaya dan belum bisa ditanya: keputusan penyelia")


class Why(models.TextChoices):
    """What speaks for or against sending somebody. The codes are kept with the attempt."""

    MET_BEFORE = "met_before", _("sudah mengenal keluarga ini")
    KNOWS_AREA = "knows_area", _("mengenal daerahnya")
    KNOWS_CITY = "knows_city", _("mengenal kotanya")
    TRAINED = "trained", _("terlatih")
    FEW_FILES = "few_files", _("bebannya paling ringan")
    LOADED = "loaded", _("bebannya di atas rekan lain")


class Rank(models.TextChoices):
    """Where somebody stood in the order of who was proposed. Kept with the attempt."""

    FIRST = "first", _("usulan pertama")
    SECOND = "second", _("usulan kedua")
    LATER = "later", _("bukan usulan pertama atau kedua")


class Lasts(models.IntegerChoices):
    """How long an attempt is planned to last, in minutes."""

    HALF_HOUR = 30, _("Setengah jam")
    HOUR = 60, _("1 jam")
    TWO_HOURS = 120, _("2 jam")
    THREE_HOURS = 180, _("3 jam")
    HALF_DAY = 300, _("5 jam")
