"""Rules of consent: who answers for whom, what may be shared, and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone
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
    Ground,
    Method,
    Service,
    Telling,
    Understood,
)
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.names import ALIKE, likeness
from ruangaman.people.policies import is_child, of_age_on
from ruangaman.people.states import AgeBand

# How long an answer holds before she is asked again, where nothing shorter is agreed. Source: ADR-0016; care.md 7.
USUAL_LIFE = timedelta(days=180)
LONGEST_LIFE = LONGEST_GRANT
# What no guardian may veto or withdraw; the supervisor decides by best interest. Source: care.md 11.
# The same in the database: consent/migrations/0004_standing.py.
NO_VETO = frozenset({Service.MEDICAL, Service.SHELTER})


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered, on whose word, and how. ``also``: sections shared besides those of the service.

    ``understood``: whether who answered understood what was asked; ``helper``: who interpreted or helped to understand.
    """

    answer: str
    basis: str = Basis.CLIENT
    assent: str = Assent.NOT_NEEDED
    method: str = Method.SIGNED
    also: Iterable[str] = field(default=())
    witness: str = ""
    wish: str = ""
    until: datetime | None = None
    understood: str = Understood.WELL
    helper: str = ""


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
    band: str,
    alone: bool,
    has_guardian: bool,
    answered: Answered,
    roles: Iterable[str],
    at: datetime,
) -> None:
    """This will refuse an answer that nobody could give so.

    ``alone``: she answers for herself today (`people.policies.answers_alone`), disabled or not. A child's guardian
    answers with the child's assent; a child who says no is heard. Against a guardian's no, or without a guardian, the
    supervisor decides by the child's best interest, and only about emergency, medical and protection services.

    :raises Refused: saying who has to answer. Source: flow.md 5; care.md 10, 11, 13; seed 004, Lampiran I.2.
    """
    if not band:
        raise Refused(
            _("Catat dulu umur klien, walau perkiraan: umur menentukan siapa yang memberi persetujuan.")
        )
    if alone:
        if answered.basis != Basis.CLIENT or answered.assent:
            raise Refused(_("Klien dewasa memutuskan sendiri; tidak ada yang menjawab atas namanya."))
    else:
        _check_of_child(service, band, has_guardian, answered, roles)
    _check_understood(answered)
    if answered.method == Method.SPOKEN and not answered.witness.strip():
        raise Refused(_("Persetujuan lisan memerlukan nama saksi yang mendengarnya."))
    until = answered.until
    if answered.answer == Answer.GIVEN and not (until and at < until <= at + LONGEST_LIFE):
        raise Refused(_("Persetujuan berlaku sampai satu tanggal di depan, paling lama satu tahun."))


def _check_of_child(
    service: str, band: str, has_guardian: bool, answered: Answered, roles: Iterable[str]
) -> None:
    basis, given = answered.basis, answered.answer == Answer.GIVEN
    if basis == Basis.CLIENT and given:
        raise Refused(_("Klien di bawah 18 tahun: jawaban wali dan kata anak keduanya diperlukan."))
    if basis == Basis.GUARDIAN and not has_guardian:
        raise Refused(_("Belum ada wali yang diterima untuk anak ini. Catat wali dulu."))
    if basis == Basis.GUARDIAN and given and answered.assent not in (Assent.GIVEN, Assent.TOO_YOUNG):
        raise Refused(_("Anak belum setuju. Tanpa kata anak, layanan ini tidak diberikan."))
    if answered.assent == Assent.TOO_YOUNG and band != AgeBand.UNDER_6:
        raise Refused(_("Anak enam tahun ke atas ditanya sendiri, dengan bahasa yang ia mengerti."))
    if basis == Basis.BEST_INTEREST:
        if Role.SUPERVISOR not in set(roles):
            raise Refused(_("Hanya penyelia yang memutuskan demi kepentingan terbaik anak."))
        if service not in {s.value for s in NO_VETO}:
            raise Refused(_("Keputusan penyelia hanya untuk layanan kesehatan dan perlindungan."))


def _check_understood(answered: Answered) -> None:
    """A yes that was not understood is none; who helps to understand is named. Nobody else decides instead.

    What the supervisor decides by best interest does not rest on the child's understanding. Source: care.md 11, 23.
    """
    decided = answered.basis == Basis.BEST_INTEREST
    if answered.understood == Understood.NOT_YET and answered.answer == Answer.GIVEN and not decided:
        raise Refused(
            _(
                "Jelaskan lagi dengan cara lain: kalimat pendek, gambar, juru bahasa, atau orang yang ia pilih. "
                "Persetujuan dicatat sesudah ia mengerti."
            )
        )
    if answered.understood == Understood.HELPED and not answered.helper.strip():
        raise Refused(_("Tulis nama juru bahasa atau orang yang membantunya mengerti."))


def check_bystanders(names: Iterable[str], kept_away: Iterable[str]) -> None:
    """This will refuse a witness or helper whose name is that of the reported person, or of who must not know.

    :raises Refused: without saying which of the two it is; the page may be in sight. Source: care.md 10, 12.
    """
    away = list(kept_away)
    if any(likeness(name, other) >= ALIKE for name in names if name.strip() for other in away):
        raise Refused(_("Orang ini tidak bisa menjadi saksi atau pembantu di sini. Pilih orang lain."))


def until_of_age(until: datetime | None, *, basis: str, born_on: date | None) -> datetime | None:
    """This will end what was answered for a child at the latest when her 18th birthday begins.

    From then on she answers for herself. Source: care.md 13; ADR-0016.
    """
    if until is None or basis == Basis.CLIENT or born_on is None:
        return until
    return min(until, timezone.make_aware(datetime.combine(of_age_on(born_on), time.min)))


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
    alone: bool,
    has_guardian: bool,
    word_of: str,
    roles: Iterable[str],
) -> None:
    """This will refuse to withdraw what was not given or was withdrawn already, and a word that can't withdraw it.

    ``word_of``: on whose word (a ``Basis``); ``alone``: the client answers for herself today. What the supervisor
    decided for a child, the supervisor ends; or she herself, once she is of age.

    :raises Refused: saying why. Source: care.md 11 (no guardian may withdraw emergency, medical or protection service).
    """
    if answer != Answer.GIVEN:
        raise Refused(_("Hanya persetujuan yang sudah diberikan yang bisa ditarik."))
    if withdrawn:
        raise Refused(_("Persetujuan ini sudah ditarik."))
    if alone:
        if word_of != Basis.CLIENT:
            raise Refused(_("Klien dewasa memutuskan sendiri; tidak ada yang menarik atas namanya."))
        return
    if word_of == Basis.BEST_INTEREST and Role.SUPERVISOR not in set(roles):
        raise Refused(_("Hanya penyelia yang memutuskan demi kepentingan terbaik anak."))
    if word_of == Basis.GUARDIAN and not has_guardian:
        raise Refused(_("Belum ada wali yang diterima untuk anak ini. Catat wali dulu."))
    if word_of == Basis.GUARDIAN and service in {s.value for s in NO_VETO}:
        raise Refused(
            _("Wali tidak bisa menarik layanan kesehatan dan perlindungan anak. Bicarakan dengan penyelia.")
        )
    if basis == Basis.BEST_INTEREST and word_of != Basis.BEST_INTEREST:
        raise Refused(_("Ini keputusan penyelia demi keselamatan anak; penyelia yang mengakhirinya."))


def check_disclosure(
    *, ground: str, decision: str, band: str, recipient: str, what: str, reason: str, roles: Iterable[str]
) -> None:
    """This will refuse a decision about telling without her consent that is not a supervisor's, or rests on nothing.

    :raises Refused: saying what is missing. Source: care.md 6 (a child in danger: the supervisor), 9.
    """
    if Role.SUPERVISOR not in set(roles):
        raise Refused(_("Hanya penyelia yang memutuskan pemberitahuan tanpa persetujuan."))
    if ground == Ground.CHILD_DANGER and not is_child(band):
        raise Refused(_("Klien ini bukan anak. Pilih alasan yang lain."))
    if not reason.strip():
        raise Refused(_("Tulis alasannya: apa yang diketahui, dan mengapa diputuskan begitu."))
    if decision == Telling.TELL and not (recipient.strip() and what.strip()):
        raise Refused(_("Tulis kepada siapa dan apa saja yang diberitahukan: hanya yang benar-benar perlu."))
