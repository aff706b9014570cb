"""Partner applications, the numbers of what they handed over, and the log of what came by messenger or on paper."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Medium(models.TextChoices):
    """How somebody spoke with the unit outside the thread."""

    MESSENGER = "messenger", _("Pesan ke nomor layanan")
    PHONE = "phone", _("Telepon")
    VISIT = "visit", _("Bertemu")
    LETTER = "letter", _("Surat atau kertas")


class Direction(models.TextChoices):
    """Who began."""

    IN = "in", _("dari pelapor atau korban")
    OUT = "out", _("dari unit")


class CallResult(models.TextChoices):
    """How an attempt to call somebody back ended. Nothing is ever left on an answering machine."""

    REACHED = "reached", _("Berbicara dengannya")
    NOT_ALONE = "not_alone", _("Tersambung, ia tidak bisa bicara")
    NO_ANSWER = "no_answer", _("Tidak diangkat")
    SOMEBODY_ELSE = "somebody_else", _("Diangkat orang lain: ditutup dengan alasan yang aman")
    WRONG_NUMBER = "wrong_number", _("Nomor tidak benar")


# After these nobody need call again, until something new is known.
CALL_ENDS = frozenset({CallResult.REACHED, CallResult.WRONG_NUMBER})
