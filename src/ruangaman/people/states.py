"""What somebody is in a dossier."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonRole(models.TextChoices):
    """The part somebody has in a dossier."""

    REPORTER = "reporter", _("Pelapor")
    CLIENT = "client", _("Klien")
