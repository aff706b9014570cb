"""Kinds of appointments, of what can be booked, and what becomes of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingKind(models.TextChoices):
    """What an appointment is. On a feed none of these words stands."""

    SESSION = "session", _("Pertemuan layanan")
    OUTREACH = "outreach", _("Penjangkauan")
    HOME_VISIT = "home_visit", _("Kunjungan rumah")
    MEETING = "meeting", _("Rapat atau pertemuan")
    HEARING = "hearing", _("Sidang atau pemeriksaan")
    EXAMINATION = "examination", _("Pemeriksaan kesehatan")
    TRAVEL = "travel", _("Perjalanan")


# Who goes to these leaves the office, and checks in and out. Source: issue 4, "who goes out".
OUTSIDE = frozenset(
    {
        BookingKind.OUTREACH,
        BookingKind.HOME_VISIT,
        BookingKind.HEARING,
        BookingKind.EXAMINATION,
        BookingKind.TRAVEL,
    }
)


class BookingState(models.TextChoices):
    """What became of an appointment."""

    PLANNED = "planned", _("Direncanakan")
    MOVED = "moved", _("Dipindah")
    DONE = "done", _("Terlaksana")
    MISSED = "missed", _("Tidak terlaksana")
    CANCELLED = "cancelled", _("Dibatalkan")


# From, to. Nothing else is a legal move of an appointment.
BOOKING_MOVES = frozenset(
    {
        (BookingState.PLANNED, BookingState.MOVED),
        (BookingState.PLANNED, BookingState.DONE),
        (BookingState.PLANNED, BookingState.MISSED),
        (BookingState.PLANNED, BookingState.CANCELLED),
    }
)


class Whose(models.TextChoices):
    """On whose side the reason lies that an appointment was moved, missed or cancelled."""

    CLIENT = "client", _("Klien")
    UNIT = "unit", _("Unit")
    PARTNER = "partner", _("Lembaga lain")
    OTHER = "other", _("Keadaan lain")


class Why(models.TextChoices):
    """Why it was moved, missed or cancelled."""

    HER_WISH = "her_wish", _("Klien memintanya")
    NOT_SAFE = "not_safe", _("Tidak aman")
    ILL = "ill", _("Sakit")
    NO_TRANSPORT = "no_transport", _("Tidak ada kendaraan atau biaya")
    OTHER_DUTY = "other_duty", _("Petugas atau lembaga berhalangan")
    NO_WORD = "no_word", _("Tidak ada kabar")
    OTHER = "other", _("Alasan lain")


class ResourceKind(models.TextChoices):
    """What can be booked beside people."""

    ROOM = "room", _("Ruang")
    VEHICLE = "vehicle", _("Kendaraan")
    INTERPRETER = "interpreter", _("Juru bahasa")


class OutingEnd(models.TextChoices):
    """How somebody came back from a way out."""

    BACK = "back", _("Sudah kembali dan aman")
    FOUND = "found", _("Sudah dihubungi: aman")
    HELPED = "helped", _("Bantuan dikirim")
