"""First steps in danger, reports that belong together, and reports that another region takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FirstStep(models.TextChoices):
    """What was done at once where danger was told. Source: flow.md 2: emergency service before assessment."""

    CALLED_112 = "called_112", _("112 dihubungi")
    POLICE = "police", _("Polisi dihubungi")
    AMBULANCE = "ambulance", _("Ambulans atau rumah sakit dihubungi")
    FETCHED = "fetched", _("Ia dijemput")
    SAFE_NOW = "safe_now", _("Ia sendiri berkata sudah aman")
    NO_WAY = "no_way", _("Belum bisa: tidak ada cara yang aman untuk menghubunginya")


class JoinKind(models.TextChoices):
    """How two files are bound."""

    MERGED = "merged", _("Digabung")
    SPLIT = "split", _("Dipisahkan")


class JoinReason(models.TextChoices):
    """Why."""

    SAME_EVENT = "same_event", _("Kejadian yang sama")
    SAME_PEOPLE = "same_people", _("Orang yang sama, kejadian yang bersambung")
    SEVERAL_VICTIMS = "several_victims", _("Beberapa korban: masing-masing punya berkas sendiri")
    SEVERAL_EVENTS = "several_events", _("Beberapa kejadian yang tidak berhubungan")


class Passed(models.TextChoices):
    """What another unit is given of a report. Source: flow.md, "Principles" (nothing without consent)."""

    STORY = "story", _("Cerita dalam kata-kata pelapor")
    CONTACT = "contact", _("Cara menghubungi pelapor")
    NEEDS = "needs", _("Yang perlu segera, ditulis petugas tanpa nama")


class PassBasis(models.TextChoices):
    """On what ground."""

    AGREED = "agreed", _("Pelapor atau korban setuju, dan tahu unit mana")
    DANGER = "danger", _("Bahaya sekarang, diputuskan penyelia")
    NONE = "none", _("Belum bisa ditanya: hanya yang perlu segera, tanpa nama dan tanpa cerita")
    UNREAD = "unread", _("Tentang petugas, dan di unit pengirim tidak ada yang boleh membacanya")


# The grounds on which people hand a report over; UNREAD is the system's alone (intake.firing).
CHOSEN_BASES = (PassBasis.AGREED, PassBasis.DANGER, PassBasis.NONE)


class TransferState(models.TextChoices):
    """Where a hand-over to another region stands."""

    SENT = "sent", _("Menunggu jawaban")
    ACCEPTED = "accepted", _("Diterima")
    REFUSED = "refused", _("Ditolak")
    TAKEN_BACK = "taken_back", _("Ditarik kembali")


# From, to. Nothing else is a legal move.
TRANSFER_MOVES = frozenset(
    {
        (TransferState.SENT, TransferState.ACCEPTED),
        (TransferState.SENT, TransferState.REFUSED),
        (TransferState.SENT, TransferState.TAKEN_BACK),
    }
)
