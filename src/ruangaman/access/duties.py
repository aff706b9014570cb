"""How rooms contribute to *Hari ini*: each registers what waits for somebody; the desk puts it in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ruangaman.access.queries import Viewer

MOST = 100  # of each kind; beyond, a page says "99+" (security.md, point 3)


class Kind(models.TextChoices):
    """What kind of thing waits; *Hari ini* counts by it."""

    DANGER = "danger", _("bahaya sekarang")
    REPORT = "report", _("laporan belum dijawab")
    TRIAGE = "triage", _("menunggu triase")
    OUTREACH = "outreach", _("penjangkauan")
    CASE = "case", _("kasus")
    SERVICE = "service", _("layanan")
    REFERRAL = "referral", _("rujukan menunggu")
    VISIT = "visit", _("kunjungan rumah")
    HEALTH = "health", _("kesehatan")
    LAW = "law", _("hukum")
    SAFETY = "safety", _("keamanan")
    AGENDA = "agenda", _("janji")
    PAPER = "paper", _("surat dan bukti")
    UNIT = "unit", _("kewajiban unit")
    PEOPLE = "people", _("orang dan wali")
    CONSENT = "consent", _("persetujuan")
    CALL = "call", _("menghubungi kembali")
    ROSTER = "roster", _("piket")
    WISH = "wish", _("permintaan klien")
    TRANSFER = "transfer", _("rujukan antardaerah")


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: by when, what, in which dossier, on which ground, and where to do it."""

    kind: Kind
    due_at: datetime
    text: Any
    reference: str
    basis: Any
    url: str


# (who, at which moment, how many at most) → duties, the most urgent first; one query each.
Maker = Callable[[Viewer, datetime, int], list[Duty]]
_makers: list[Maker] = []


def register(maker: Maker) -> None:
    """This will add what a room asks of people."""
    if maker not in _makers:
        _makers.append(maker)


def duties_for(viewer: Viewer, at: datetime) -> list[Duty]:
    """This will give what waits for somebody, by deadline, at most MOST of each kind."""
    return sorted(
        (duty for maker in _makers for duty in maker(viewer, at, MOST)), key=lambda duty: duty.due_at
    )
