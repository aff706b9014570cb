"""What a notice is about, and the ways it goes out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What waits, in words that tell nothing of anybody. Outside the application not even these are sent."""

    NEW_REPORT = "new_report", _("Ada laporan baru")
    DANGER = "danger", _("Ada laporan tentang bahaya sekarang")
    MESSAGE = "message", _("Ada pesan baru")
    CLOCK_SOON = "clock_soon", _("Tenggat mendekat")
    CLOCK_DUE = "clock_due", _("Tenggat tiba")
    CLOCK_LATE = "clock_late", _("Tenggat terlewat")
    CLOCK_URGENT = "clock_urgent", _("Tenggat mendesak")
    ESCALATED = "escalated", _("Tenggat terlewat belum ditangani: perlu penyelia")
    NOT_BACK = "not_back", _("Petugas belum lapor kembali")
    GIVEN_FILE = "given_file", _("Berkas diserahkan kepada Anda")
    SECOND_PERSON = "second_person", _("Keputusan menunggu orang kedua")
    APPOINTMENT = "appointment", _("Pengingat janji")
    BOOKING_CHANGED = "booking_changed", _("Janji diubah")
    RECALL = "recall", _("Akses ditutup: mohon konfirmasi penghapusan")
    PROBE = "probe", _("Ada pencarian orang tanpa laporan")
    MATCH = "match", _("Ada kecocokan yang perlu dilihat")
    SUPERVISED = "supervised", _("Keputusan menunggu penyelia")
    LAW = "law", _("Ada hal hukum yang perlu segera dilihat")
    ON_DUTY = "on_duty", _("Piket: ada yang menunggu Anda")
    HAND_OVER = "hand_over", _("Serah terima piket untuk Anda")
    TRANSFER = "transfer", _("Rujukan antardaerah menunggu")
    WISH = "wish", _("Ada permintaan dari klien")
    FLOOD = "flood", _("Banyak laporan sekaligus: antrean menunggu")
    NO_READER = "no_reader", _("Sebuah unit perlu penyelia: ada yang menunggu di sana")


# Told at any hour of the night, also to who sleeps. Source: ADR-0011.
URGENT = frozenset({Kind.DANGER, Kind.CLOCK_URGENT, Kind.NOT_BACK, Kind.ON_DUTY})


# Where what is about no file in one's reach is done; later rooms serve these pages (tests/consent/test_recalls.py).
PAGES = {
    Kind.RECALL: "/persetujuan/penghapusan/",
    Kind.PROBE: "/orang/cari/jejak/",
    Kind.MATCH: "/orang/cocok/",
    Kind.HAND_OVER: "/piket/",
    Kind.TRANSFER: "/rujukan-daerah/",
    Kind.FLOOD: "/laporan/antrean/",
    Kind.NO_READER: "/laporan/tanpa-pembaca/",
}


class Channel(models.TextChoices):
    """How a notice leaves the application."""

    MAIL = "mail", _("Surel")
    MESSENGER = "messenger", _("Pesan singkat milik unit")


class Outcome(models.TextChoices):
    """How an attempt to send ended."""

    SENT = "sent", _("terkirim")
    REFUSED = "refused", _("ditolak untuk penerima ini")  # another person's may still go
    DOWN = "down", _("server tidak menerima")  # so nobody's would go now
