"""Rules of the way home and of the end of a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role, Stage
from ruangaman.cases.states import NeedState, RiskLevel
from ruangaman.closure.states import Reason, Reopening, WordOf
from ruangaman.kernel.errors import Refused
from ruangaman.people.policies import guardian_refusal
from ruangaman.people.states import PersonRole

# A case without contact is ended only after this long. Source: GBVIMS closure reasons, flow.md, "Kinds of violence".
NO_CONTACT_AFTER = timedelta(days=30)
# How fresh the look at her safety must be when she asks to end. Source: care.md 17 (risk review); the days are ours.
RISK_LOOKED_AT_WITHIN = timedelta(days=14)
LONGEST_UNTIL_VISIT = timedelta(days=366)
# Who may be asked to a closed meeting: people trusted to protect her. Source: seed 003, "rembug warga"; flow.md 9.
INVITABLE = frozenset({PersonRole.TRUSTED, PersonRole.HOUSEHOLD, PersonRole.GUARDIAN})
# Who may take an ended case up again: the case manager, or the supervisor where she has left. Source: flow.md 10.
REOPENERS = frozenset({Role.CASE_MANAGER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is asked to a closed meeting, in clear: the name and the live parts in this dossier."""

    name: str
    roles: frozenset[str]
    barred: bool = False  # refused as a guardian before


@dataclass(frozen=True, slots=True)
class Visit:
    """What a home visit found."""

    visited_on: date
    no_violence: bool


def check_in_case(stage: str) -> None:
    """This will refuse work on the way home outside a running case.

    :raises Refused: saying what comes first. Source: flow.md 9.
    """
    if stage != Stage.CASE:
        raise Refused(
            _(
                "Ini bagian dari kasus yang sedang berjalan. Manajer kasus mengambil atau membuka kasusnya dulu."
            )
        )


def check_can_prepare(*, stage: str, consented: bool) -> None:
    """This will refuse to prepare a return, or to speak with people around her, unless she asked for it and agreed.

    ``consented``: whether a consent to return or to reintegration holds now.

    :raises Refused: saying that she is asked first. Source: flow.md 9; seed 003, "tahap kontrak"; care.md 16.
    """
    check_in_case(stage)
    if not consented:
        raise Refused(
            _(
                "Belum ada persetujuan untuk pemulangan atau reintegrasi. Tanyakan dulu kepada klien, lalu catat."
            )
        )


def check_can_invite(
    *,
    invited: Sequence[Invited],
    reported_names: Iterable[str],
    approved: bool,
    known_around: bool,
    held_on: date,
    today: date,
) -> None:
    """This will refuse a closed meeting unless what happened is known around her already and she approved each person.

    The reported person never takes part, under whatever name he is written down a second time.

    :raises Refused: saying whom or what to leave out. Source: care.md 16; flow.md 9; seed 003, "rembug warga".
    """
    if held_on > today:
        raise Refused(_("Pertemuan ini belum terjadi. Catat setelah terjadi, dengan tanggalnya."))
    if not known_around:
        raise Refused(
            _(
                "Tanpa lingkungan yang sudah mengetahui kejadiannya, pertemuan membuka rahasia klien. Jangan diadakan."
            )
        )
    if not invited:
        raise Refused(_("Pilih siapa yang hadir."))
    if not approved:
        raise Refused(_("Setiap orang yang diundang disetujui klien dulu. Keluarkan yang tidak ia setujui."))
    names = list(reported_names)
    for one in invited:
        if one.barred or guardian_refusal(roles=one.roles, name=one.name, reported_names=names):
            raise Refused(
                _(
                    "Terlapor, atau yang namanya serupa, tidak pernah ikut. Kalau ia hadir, tulis catatan keamanan."
                )
            )
        if not INVITABLE & one.roles:
            raise Refused(
                _(
                    "Yang diundang hanya orang yang dipercaya, orang serumah, atau wali. Catat dulu di “Siapa”."
                )
            )
        if names and not one.name:
            raise Refused(
                _("Nama orang ini belum tercatat, jadi belum bisa dipastikan ia bukan terlapor. Catat dulu.")
            )


def check_can_return(
    *, stage: str, consented: bool, returned_on: date, reunited_on: date | None, today: date
) -> None:
    """This will refuse to record that she came home without her consent, or on a day that can't be.

    :raises Refused: saying what to correct. Source: flow.md 9; seed 004, Lampiran D.V (V.7, V.8).
    """
    check_can_prepare(stage=stage, consented=consented)
    if returned_on > today or (reunited_on and reunited_on > today):
        raise Refused(_("Hari ini belum sampai ke tanggal itu. Catat kepulangan setelah terjadi."))
    if reunited_on and reunited_on < returned_on:
        raise Refused(_("Ia diterima kembali paling cepat pada hari ia pulang. Periksa kedua tanggalnya."))


def check_can_visit(
    *, stage: str, returned_on: date | None, visited_on: date, next_on: date | None, today: date
) -> None:
    """This will refuse a home visit before she is home, in the future, or followed by one that is not later.

    ``returned_on``: her newest return.

    :raises Refused: saying what to record or correct. Source: flow.md 9, 11; seed 004, Lampiran D.V, V.8 (home visit).
    """
    check_in_case(stage)
    if returned_on is None:
        raise Refused(_("Kunjungan rumah dicatat setelah klien pulang. Catat kepulangannya dulu."))
    if visited_on > today:
        raise Refused(_("Kunjungan ini belum terjadi. Catat setelah terjadi, dengan tanggalnya."))
    if visited_on < returned_on:
        raise Refused(_("Tanggal kunjungan ini sebelum klien pulang. Periksa tanggalnya."))
    if next_on and not visited_on < next_on <= visited_on + LONGEST_UNTIL_VISIT:
        raise Refused(_("Kunjungan berikutnya sesudah kunjungan ini, paling lama satu tahun."))


def check_can_end(
    *,
    stage: str,
    roles: Iterable[str],
    reason: str,
    word_of: str,
    asked_privately: bool,
    needs: Sequence[str],
    risk: str,
    risk_noted_on: date | None,
    last_contact: date,
    homes: Sequence[date | None],
    visits: Sequence[Visit],
    today: date,
) -> None:
    """This will refuse to end a case by anybody but its manager, or for a reason that the case does not bear out.

    ``needs``: the state of each; ``risk`` and ``risk_noted_on``: of the newest safety note; ``homes``: for each return
    that was prepared, when she was home (None: not yet). Nothing ends a case by itself.

    :raises Refused: saying what is missing. Source: flow.md 10; care.md 17; GBVIMS closure reasons.
    """
    if stage == Stage.CLOSED:
        raise Refused(_("Kasus ini sudah berakhir."))
    check_in_case(stage)
    if Role.CASE_MANAGER not in set(roles):
        raise Refused(
            _("Hanya manajer kasus yang mengakhiri kasus, atas kata klien atau profesi yang menangani.")
        )
    if reason == Reason.CLIENT_REQUEST:
        _check_her_wish(word_of, asked_privately, risk_noted_on, today)
    if reason == Reason.NO_CONTACT and today - last_contact <= NO_CONTACT_AFTER:
        raise Refused(
            _("Kontak terakhir kurang dari 30 hari lalu (%(day)s). Coba hubungi lagi dengan cara yang aman.")
            % {"day": date_format(last_contact, "j F Y")}
        )
    if reason == Reason.NEEDS_MET:
        _check_needs_met(needs, risk)
        _check_well_at_home(homes, visits)


def _check_her_wish(word_of: str, asked_privately: bool, risk_noted_on: date | None, today: date) -> None:
    if word_of == WordOf.PROFESSIONS:
        raise Refused(_("Permintaan klien hanya atas kata klien sendiri. Pilih alasan atau kata yang lain."))
    if not asked_privately:
        raise Refused(
            _(
                "Tanyakan dulu kepada klien, berdua saja: apakah ada yang meminta Anda berhenti? Lalu catat di sini."
            )
        )
    if risk_noted_on is None or today - risk_noted_on > RISK_LOOKED_AT_WITHIN:
        raise Refused(
            _(
                "Tinjau risikonya dulu: tulis catatan keamanan yang baru, lalu akhiri kasus atas permintaan klien."
            )
        )


def _check_needs_met(needs: Sequence[str], risk: str) -> None:
    if not needs:
        raise Refused(
            _("Belum ada kebutuhan yang tercatat, jadi belum bisa disebut terpenuhi. Pilih alasan lain.")
        )
    if any(state not in (NeedState.MET, NeedState.UNMET) for state in needs):
        raise Refused(
            _("Masih ada kebutuhan yang belum dijawab. Catat layanannya, atau tulis mengapa tidak terpenuhi.")
        )
    if risk == RiskLevel.HIGH:
        raise Refused(
            _(
                "Catatan keamanan terakhir menyebut risiko tinggi. Tinjau lagi risikonya, atau pilih alasan lain."
            )
        )


def _check_well_at_home(homes: Sequence[date | None], visits: Sequence[Visit]) -> None:
    if any(home is None for home in homes):
        raise Refused(_("Pemulangan sudah disiapkan, tetapi kepulangannya belum tercatat."))
    newest = max((home for home in homes if home), default=None)
    if newest is None:
        return
    since = sorted((one for one in visits if one.visited_on >= newest), key=lambda one: one.visited_on)
    if not since:
        raise Refused(_("Kunjungi dulu klien di rumahnya setelah ia pulang, lalu catat hasilnya."))
    if not since[-1].no_violence:
        raise Refused(_("Kunjungan terakhir mencatat kekerasan lagi. Kasus ini belum aman untuk diakhiri."))


def check_can_reopen(*, stage: str, roles: Iterable[str], reason: str) -> None:
    """This will refuse to take up a case that did not end, without a reason, or by somebody else.

    :raises Refused: saying who can. Source: flow.md 11 (reopening).
    """
    if stage != Stage.CLOSED:
        raise Refused(_("Kasus ini belum berakhir, jadi tidak perlu dibuka lagi."))
    if not REOPENERS & set(roles):
        raise Refused(_("Hanya manajer kasus atau penyelia yang membuka kembali kasus."))
    if reason not in Reopening.values:
        raise Refused(_("Tulis mengapa kasus ini dibuka lagi."))
