"""Rules of consent: who answers for whom, what may be shared, and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ruangaman.access.policies import LONGEST_GRANT
from ruangaman.access.states import Role
from ruangaman.consent.states import (
    ALWAYS_SHARED,
    MAY_BE_SHARED,
    SECTION_OF,
    Answer,
    Assent,
    Basis,
    Method,
    Service,
)
from ruangaman.kernel.errors import Refused
from ruangaman.people.policies import is_child
from ruangaman.people.states import AgeBand

# How long an answer holds before she is asked again, where nothing shorter is agreed. Source: ADR-0011; care.md 7.
USUAL_LIFE = timedelta(days=180)
LONGEST_LIFE = LONGEST_GRANT
# What no guardian may veto or withdraw; the supervisor decides by best interest. Source: care.md 11.
# The same in the database: consent/migrations/0002_protection.py.
NO_VETO = frozenset({Service.MEDICAL, Service.SHELTER})


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered, on whose word, and how. ``also``: sections shared besides those of the service."""

    answer: str
    basis: str = Basis.CLIENT
    assent: str = Assent.NOT_NEEDED
    method: str = Method.SIGNED
    also: Iterable[str] = field(default=())
    witness: str = ""
    wish: str = ""
    until: datetime | None = None


def scope_of(service: str, also: Iterable[str] = ()) -> list[str]:
    """This will give the sections that a recipient of a service is shown: number, identity, the service's own, and more
    only where she agrees to it.

    :raises Refused: for a section that is never shared. Source: security.md, "The access matrix comes first".
    """
    wanted = set(also)
    if wanted - {section.value for section in MAY_BE_SHARED}:
        raise Refused(_("Bagian itu tidak pernah dibagikan."))
    return sorted(
        {*(section.value for section in ALWAYS_SHARED), SECTION_OF[Service(service)].value, *wanted}
    )


def check_can_record(
    *,
    service: str,
    answer: str,
    basis: str,
    band: str,
    has_guardian: bool,
    assent: str,
    method: str,
    witness: str,
    roles: Iterable[str],
    until: datetime | None,
    at: datetime,
) -> None:
    """This will refuse an answer that nobody could give so.

    An adult answers for herself, disabled or not; a child's guardian answers with the child's assent; a child who says
    no is heard. Against a guardian's no, or without a guardian, the supervisor decides by the child's best interest,
    and only about emergency, medical and protection services.

    :raises Refused: saying who has to answer. Source: flow.md 5; care.md 10, 11; seed 004, Lampiran I.2.
    """
    child = is_child(band)
    if not band:
        raise Refused(
            _("Catat dulu umur klien, walau perkiraan: umur menentukan siapa yang memberi persetujuan.")
        )
    if not child and (basis != Basis.CLIENT or assent):
        raise Refused(_("Klien dewasa memutuskan sendiri; tidak ada yang menjawab atas namanya."))
    if child and basis == Basis.CLIENT and answer == Answer.GIVEN:
        raise Refused(_("Klien di bawah 18 tahun: jawaban wali dan kata anak keduanya diperlukan."))
    if basis == Basis.GUARDIAN and not has_guardian:
        raise Refused(_("Belum ada wali yang diterima untuk anak ini. Catat wali dulu."))
    if basis == Basis.GUARDIAN and answer == Answer.GIVEN and assent not in (Assent.GIVEN, Assent.TOO_YOUNG):
        raise Refused(_("Anak belum setuju. Tanpa kata anak, layanan ini tidak diberikan."))
    if assent == Assent.TOO_YOUNG and band != AgeBand.UNDER_6:
        raise Refused(_("Anak enam tahun ke atas ditanya sendiri, dengan bahasa yang ia mengerti."))
    if basis == Basis.BEST_INTEREST:
        if Role.SUPERVISOR not in set(roles):
            raise Refused(_("Hanya penyelia yang memutuskan demi kepentingan terbaik anak."))
        if service not in {s.value for s in NO_VETO}:
            raise Refused(_("Keputusan penyelia hanya untuk layanan kesehatan dan perlindungan."))
    if method == Method.SPOKEN and not witness.strip():
        raise Refused(_("Persetujuan lisan memerlukan nama saksi yang mendengarnya."))
    if answer == Answer.GIVEN and not (until and at < until <= at + LONGEST_LIFE):
        raise Refused(_("Persetujuan berlaku sampai satu tanggal di depan, paling lama satu tahun."))


def check_recipient(*, is_partner: bool, is_active: bool) -> None:
    """This will refuse a recipient that is no partner, or works no longer.

    :raises Refused: saying what to do.
    """
    if not is_partner:
        raise Refused(_("Penerima harus lembaga mitra; untuk layanan unit sendiri kosongkan."))
    if not is_active:
        raise Refused(_("Lembaga ini sudah tidak bekerja sama. Pilih lembaga lain."))


def check_can_withdraw(
    *,
    answer: str,
    withdrawn: bool,
    service: str,
    basis: str,
    band: str,
    word_of: str,
    roles: Iterable[str],
) -> None:
    """This will refuse to withdraw what was not given or was withdrawn already, and a word that can't withdraw it.

    ``word_of``: on whose word (a ``Basis``); ``band``: the client's age. What the supervisor decided, the supervisor
    ends.

    :raises Refused: saying why. Source: care.md 11 (no guardian may withdraw emergency, medical or protection service).
    """
    if answer != Answer.GIVEN:
        raise Refused(_("Hanya persetujuan yang sudah diberikan yang bisa ditarik."))
    if withdrawn:
        raise Refused(_("Persetujuan ini sudah ditarik."))
    if not is_child(band) and word_of != Basis.CLIENT:
        raise Refused(_("Klien dewasa memutuskan sendiri; tidak ada yang menarik atas namanya."))
    if word_of == Basis.BEST_INTEREST and Role.SUPERVISOR not in set(roles):
        raise Refused(_("Hanya penyelia yang memutuskan demi kepentingan terbaik anak."))
    if word_of == Basis.GUARDIAN and service in {s.value for s in NO_VETO}:
        raise Refused(
            _("Wali tidak bisa menarik layanan kesehatan dan perlindungan anak. Bicarakan dengan penyelia.")
        )
    if basis == Basis.BEST_INTEREST and word_of != Basis.BEST_INTEREST:
        raise Refused(_("Ini keputusan penyelia demi keselamatan anak; penyelia yang mengakhirinya."))
