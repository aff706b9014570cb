"""The steps of the legal process, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """A step of the legal process, in the words of the criminal procedure. Source: flow.md 8.

    Names and articles move with the law (KUHAP was renewed by UU 20/2025): they stand here and in policies alone.
    """

    POLICE_REPORT = "police_report", _("Laporan polisi")
    QUESTIONING = "questioning", _("Pemeriksaan (BAP)")
    INQUIRY = "inquiry", _("Penyelidikan")
    INVESTIGATION = "investigation", _("Penyidikan")
    STOPPED = "stopped", _("Perkara dihentikan")
    P21 = "p21", _("P21 (berkas lengkap)")
    STAGE_TWO = "stage_two", _("Tahap II (tersangka dan barang bukti diserahkan)")
    PROSECUTION = "prosecution", _("Penuntutan")
    TRIAL = "trial", _("Sidang")
    VERDICT = "verdict", _("Putusan")
    RESTITUTION = "restitution", _("Restitusi")


class Statute(models.TextChoices):
    """Under which statute a case was decided; IV.5 counts those on violence against women and children."""

    TPKS = "tpks", _("UU 12/2022 (TPKS)")
    PKDRT = "pkdrt", _("UU 23/2004 (KDRT)")
    CHILD_PROTECTION = "child_protection", _("UU 35/2014 (Perlindungan Anak)")
    TRAFFICKING = "trafficking", _("UU 21/2007 (TPPO)")
    JUVENILE = "juvenile", _("UU 11/2012 (Sistem Peradilan Pidana Anak)")
    ITE = "ite", _("UU ITE")
    KUHP = "kuhp", _("KUHP")


class Outcome(models.TextChoices):
    """How a verdict ended."""

    CONVICTED = "convicted", _("Terbukti bersalah")
    ACQUITTED = "acquitted", _("Bebas")
    RELEASED = "released", _("Lepas dari tuntutan")
