"""Where she goes, how visits go, and why a case ends."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Destination(models.TextChoices):
    """Where she lives afterwards. Not going back is a full outcome. Source: flow.md 9."""

    OWN_FAMILY = "own_family", _("Keluarga sendiri")
    SUBSTITUTE_FAMILY = "substitute_family", _("Keluarga pengganti")
    INDEPENDENT = "independent", _("Tinggal sendiri, pilihannya")
    INSTITUTION = "institution", _("Lembaga pengasuhan")
    HOME_REGION = "home_region", _("Daerah asal")


class Reason(models.TextChoices):
    """Why a case ends. Source: GBVIMS closure reasons, flow.md."""

    NEEDS_MET = "needs_met", _("Kebutuhan terpenuhi dan aman")
    CLIENT_REQUEST = "client_request", _("Permintaan klien")
    NO_CONTACT = "no_contact", _("Tidak ada kontak lebih dari 30 hari")
    MOVED = "moved", _("Pindah")
    TRANSFERRED = "transferred", _("Dialihkan ke unit lain")
    OTHER = "other", _("Alasan lain")


class WordOf(models.TextChoices):
    """On whose word the case manager decides. Source: flow.md 10."""

    CLIENT = "client", _("Klien")
    PROFESSIONS = "professions", _("Profesi yang menangani")
    BOTH = "both", _("Klien dan profesi")


class Reopening(models.TextChoices):
    """Why a case that ended is taken up again."""

    NEW_VIOLENCE = "new_violence", _("Kekerasan terjadi lagi")
    NEW_NEED = "new_need", _("Ada kebutuhan baru")
    CONTACT_AGAIN = "contact_again", _("Klien menghubungi kembali")
    ENDED_WRONGLY = "ended_wrongly", _("Diakhiri karena keliru")


class Answer(models.TextChoices):
    """A plain yes or no, so that what was not asked is not taken for a no."""

    YES = "yes", _("Ya")
    NO = "no", _("Tidak")
