"""The levels of government areas, the form of their codes, and the time zones they keep."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

# A province 31, its kota 31.71, a kecamatan 31.71.01, a kelurahan 31.71.01.1001. Source: Permendagri 58/2021.
CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
LONGEST_NAME = 100  # characters; the longest today has 42


class Level(models.TextChoices):
    """From the largest area to the smallest.

    Source: Permendagri 58/2021.
    """

    PROVINCE = "province", _("provinsi")
    REGENCY = "regency", _("kabupaten/kota")
    DISTRICT = "district", _("kecamatan")
    VILLAGE = "village", _("kelurahan/desa")


class TimeZone(models.TextChoices):
    """The three times of Indonesia; the value is the name in the tz database.

    Source: Keppres 41/1987.
    """

    WESTERN = "Asia/Jakarta", _("WIB")
    CENTRAL = "Asia/Makassar", _("WITA")
    EASTERN = "Asia/Jayapura", _("WIT")
