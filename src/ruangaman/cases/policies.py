"""Rules of a case: who takes it, what may be planned, and what may be said to have happened."""

from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ruangaman.access.matrix import allows
from ruangaman.access.states import Role, Section, Stage
from ruangaman.cases.states import Form, NeedState, Penetration, Setting, Unmet
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Refused

# Who gives a service for the unit. Who accompanies to a hospital, home or into the community is the companion; the case
# manager may too. Source: seed 000 (the unit's services); seed 003 (an agenda with the professions).
PROVIDERS: dict[str, tuple[Role, ...]] = {
    Service.MEDICAL: (Role.COMPANION, Role.CASE_MANAGER),
    Service.PSYCHOLOGICAL: (Role.PSYCHOLOGIST,),
    Service.LEGAL: (Role.LAWYER,),
    Service.SPIRITUAL: (Role.SPIRITUAL_GUIDE,),
    Service.SHELTER: (Role.SHELTER_OFFICER,),
    Service.SOCIAL: (Role.COMPANION, Role.CASE_MANAGER),
    Service.RETURN: (Role.COMPANION, Role.CASE_MANAGER),
    Service.REINTEGRATION: (Role.COMPANION, Role.CASE_MANAGER),
}
# They come onto a team for what they give, and leave it with that.
PROFESSIONS = frozenset({Role.PSYCHOLOGIST, Role.LAWYER, Role.SPIRITUAL_GUIDE, Role.SHELTER_OFFICER})
TEAM_ROLES = (Role.COMPANION, Role.CASE_MANAGER, *sorted(PROFESSIONS))
# Who writes the plan. Source: flow.md 6 (the case manager); the supervisor stands in.
PLANNERS = frozenset({Role.CASE_MANAGER, Role.SUPERVISOR})
MOST_SESSIONS = 200


class Conflict(Refused):
    """Somebody else saved the assessment meanwhile. It carries what they wrote, so that both stand on one page."""

    def __init__(self, *, chronology: str, hopes: str, seen_alone: bool, version: int) -> None:
        super().__init__(
            _(
                "Orang lain baru saja menyimpan asesmen ini. Baca tulisannya, gabungkan dengan tulisan Anda, "
                "lalu simpan lagi."
            )
        )
        self.chronology, self.hopes, self.seen_alone, self.version = chronology, hopes, seen_alone, version


def team_roles(stage: str) -> list[Role]:
    """This will give the roles that work on a dossier of that stage. Source: policy/matrix.yaml."""
    return [role for role in TEAM_ROLES if allows(role, "grant", stage, Section.FILE, "r")]


def check_can_assess(*, clients: int) -> None:
    """This will refuse an assessment of nobody.

    :raises Refused: with what to do first. Source: flow.md 4.
    """
    if not clients:
        raise Refused(_("Catat dulu klien berkas ini; asesmen adalah tentang seseorang."))


def check_can_assign(
    *, role: str, held: Iterable[str], stage: str, not_agreed: Iterable[str], by: Iterable[str]
) -> None:
    """This will refuse somebody who does not hold that role in the unit, a role that has no work at that stage, and a
    profession whose service the client said no to, took back, or let run out.

    ``not_agreed``: services that were asked about, and to which no client agrees now. ``by``: the roles of who assigns:
    a supervisor may, so that what was given before can be recorded late.

    :raises Refused: saying whom to choose. Source: policy/matrix.yaml; flow.md 5; ADR-0016.
    """
    if role not in set(held):
        raise Refused(_("Orang ini tidak memegang peran itu di unit ini. Pilih rekan lain."))
    if role not in team_roles(stage):
        raise Refused(_("Peran ini baru bekerja sesudah berkas menjadi kasus."))
    gives = {service for service, roles in PROVIDERS.items() if role in PROFESSIONS and role in roles}
    if gives & set(not_agreed) and Role.SUPERVISOR not in set(by):
        raise Refused(
            _(
                "Klien tidak atau tidak lagi menyetujui layanan ini. Tanyakan dulu dan catat jawabannya. Kalau hanya "
                "untuk mencatat layanan yang sudah diberikan, minta penyelia memasukkan rekan ini."
            )
        )


def check_can_leave(*, person: UUID, manager: UUID | None) -> None:
    """This will refuse to take the manager of a case off its team: somebody always holds it whole.

    :raises Refused: saying what to do first. Source: flow.md 6.
    """
    if person == manager:
        raise Refused(_("Orang ini memegang kasus. Manajer kasus lain di tim harus mengambil alih dulu."))


def check_can_take(
    *,
    roles: Iterable[str],
    on_team: bool,
    stage: str,
    assessed: bool,
    clients: int,
    viewer: UUID,
    manager: UUID | None,
) -> None:
    """This will refuse a case to whoever is no case manager on its team, or before client and assessment are recorded.

    A case that somebody holds may be taken over by another case manager of its team.

    :raises Refused: saying what is missing. Source: flow.md 4 to 6.
    """
    if Role.CASE_MANAGER not in set(roles):
        raise Refused(_("Hanya manajer kasus yang bisa mengambil kasus. Masukkan seorang ke tim."))
    if not on_team:
        raise Refused(
            _("Anda belum di tim berkas ini. Minta penyelia memasukkan Anda sebagai manajer kasus.")
        )
    if viewer == manager:
        raise Refused(_("Kasus ini sudah Anda pegang."))
    if stage == Stage.CLOSED:
        raise Refused(_("Kasus ini sudah selesai. Buka kembali dulu kalau klien memerlukannya."))
    if not clients:
        raise Refused(_("Catat dulu klien berkas ini, lalu asesmennya."))
    if not assessed:
        raise Refused(_("Belum ada asesmen. Catat asesmen dulu, baru kasus diambil."))


def check_incident(*, happened_on: date | None, today: date, forms: Iterable[str]) -> None:
    """This will refuse an incident that has not happened yet, or without any form of violence.

    Against birth dates see `people.policies.check_born_on`.

    :raises Refused: saying what to correct.
    """
    if happened_on and happened_on > today:
        raise Refused(_("Kejadian ini belum terjadi. Periksa hari, bulan, dan tahunnya."))
    if not set(forms):
        raise Refused(_("Pilih paling sedikit satu bentuk kekerasan."))


def hours_matter(*, forms: Iterable[str], setting: str, penetration: str) -> bool:
    """This will say whether care within 72 hours can matter: sexual violence with penetration, or unknown.

    What happened online only, and a plain no, start nothing. Source: care.md 8.
    """
    if Form.SEXUAL not in set(forms) or penetration == Penetration.NO:
        return False
    return bool(penetration) or setting != Setting.ONLINE


def happened_since(*, happened_on: date, happened_from: time | None, zone: tzinfo) -> datetime:
    """This will give the moment from which hours are counted: where the hour is not known, the beginning of that day.

    Better an hour too few than one too many. Source: care.md 8.
    """
    return datetime.combine(happened_on, happened_from or time.min, zone)


def check_can_plan(
    *,
    roles: Iterable[str],
    stage: str,
    state: str,
    has_consent: bool,
    consent_until: datetime | None,
    starts_on: date,
    opened_on: date,
    sessions: int,
) -> None:
    """This will refuse a plan by somebody else than who holds the case, for a need that is closed, or without consent.

    :raises Refused: saying what to do first. Source: flow.md 5 and 6 (every service rests on the client's consent).
    """
    if stage != Stage.CASE:
        raise Refused(_("Rencana ditulis sesudah kasus diambil manajer kasus."))
    if not PLANNERS & set(roles):
        raise Refused(_("Hanya manajer kasus atau penyelia yang menulis rencana."))
    if state not in (NeedState.OPEN, NeedState.PLANNED):
        raise Refused(_("Kebutuhan ini sudah ditutup. Catat lagi kebutuhannya kalau klien memerlukannya."))
    if not has_consent:
        raise Refused(
            _(
                "Belum ada persetujuan untuk layanan ini dari pemberi layanan itu, atau sudah ditarik. "
                "Tanyakan dulu kepada klien dan catat jawabannya."
            )
        )
    if not 1 <= sessions <= MOST_SESSIONS:
        raise Refused(_("Jumlah pertemuan antara 1 dan 200."))
    if starts_on < opened_on:
        raise Refused(_("Rencana tidak bisa mulai sebelum laporan masuk. Periksa tanggalnya."))
    if consent_until and starts_on > consent_until.date():
        raise Refused(
            _("Persetujuan klien berakhir sebelum tanggal itu. Pilih tanggal lain atau tanyakan lagi.")
        )


def check_can_provide(*, service: str, held: Iterable[str]) -> None:
    """This will refuse a colleague whose profession does not give that service.

    :raises Refused: saying whom to choose. Source: seed 000; policy/matrix.yaml.
    """
    if not set(PROVIDERS[service]) & set(held):
        names = ", ".join(str(role.label) for role in PROVIDERS[service])
        raise Refused(_("Layanan ini diberikan oleh: %s. Pilih rekan dengan peran itu.") % names)


def check_can_leave_unmet(*, state: str, live_items: int, reason: str) -> None:
    """This will refuse to close a need that is planned, was met, or for no reason of the list.

    :raises Refused: saying what to do first. Source: spm.md (the plan answers a need or says why it does not).
    """
    if live_items:
        raise Refused(_("Kebutuhan ini sudah direncanakan. Hentikan dulu rencananya."))
    if state not in (NeedState.OPEN, NeedState.PLANNED):
        raise Refused(_("Kebutuhan ini sudah ditutup."))
    if reason not in Unmet.values:
        raise Refused(_("Pilih salah satu alasan."))


def check_can_drop(*, roles: Iterable[str], dropped: bool) -> None:
    """This will refuse to stop a plan twice, or by somebody else than who writes plans.

    :raises Refused: saying who can.
    """
    if not PLANNERS & set(roles):
        raise Refused(_("Hanya manajer kasus atau penyelia yang menghentikan rencana."))
    if dropped:
        raise Refused(_("Rencana ini sudah dihentikan."))
