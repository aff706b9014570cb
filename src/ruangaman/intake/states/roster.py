"""Who is on duty, and who was called."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShiftKind(models.TextChoices):
    """Where somebody on duty is. Who is at the desk is called first."""

    DESK = "desk", _("Piket di kantor")
    ON_CALL = "on_call", _("Siap dipanggil")


class Ringing(models.TextChoices):
    """What became of a call to somebody on duty."""

    WAITS = "waits", _("menunggu jawaban")
    TAKEN = "taken", _("diterima")
    PASSED_ON = "passed_on", _("diteruskan ke berikutnya")
    DONE = "done", _("sudah ditangani orang lain")
