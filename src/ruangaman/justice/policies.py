"""Rules of the legal process: the order of its steps by the days on which they happened, counsel, pressure, walls."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role
from ruangaman.clocks.states import Event
from ruangaman.justice.states import (
    ADVANCING,
    HERS_ALONE,
    RESUMING,
    ROAD,
    STEP_MOVES,
    Outcome,
    Side,
    Statute,
    Step,
)
from ruangaman.kernel.errors import Refused
from ruangaman.people.models import Part
from ruangaman.people.policies import is_child
from ruangaman.people.states import PartStatus, PersonRole

Taken = tuple[str, date]  # a step, and the day on which it happened


def check_can_record_step(
    *,
    before: Iterable[Taken],
    step: str,
    happened_on: date,
    statute: str,
    outcome: str,
    today: date,
    side: str = Side.HERS,
) -> None:
    """This will refuse a step that can't have happened then.

    ``before`` is what is recorded of this client's process on that ``side``, in any order: a step may be learnt late,
    so the days on which things happened are compared, never the order in which they were written down.

    :raises Refused: saying what to record or correct. Source: flow.md 8; seed 004, Lampiran D.IV (IV.5, IV.5.s1).
    """
    if happened_on > today:
        raise Refused(_("Langkah ini belum terjadi. Catat setelah terjadi, dengan tanggalnya."))
    if step == Step.VERDICT and not (statute in Statute.values and outcome in Outcome.values):
        raise Refused(_("Putusan dicatat dengan undang-undang yang dipakai dan hasilnya."))
    if step != Step.VERDICT and outcome:
        raise Refused(_("Hasil hanya ada pada putusan. Kosongkan hasilnya."))
    if side == Side.AGAINST and step in HERS_ALONE:
        raise Refused(_("Perlindungan polisi diminta untuk klien: catat di “Perkara klien”."))
    taken = [(Step(one), day) for one, day in before]
    new = Step(step)
    _check_rests_on(taken, new, happened_on)
    _check_days_run_on([*taken, (new, happened_on)], new)
    _check_not_stopped([*taken, (new, happened_on)])


def _check_rests_on(taken: list[tuple[Step, date]], step: Step, day: date) -> None:
    needed = STEP_MOVES[step]
    if needed and not any(one in needed and then <= day for one, then in taken):
        raise Refused(
            _("“%(step)s” hanya bisa sesudah: %(needed)s. Catat dulu langkah itu, atau periksa tanggalnya.")
            % {"step": step.label, "needed": ", ".join(str(one.label) for one in Step if one in needed)}
        )


def _check_days_run_on(taken: list[tuple[Step, date]], new: Step) -> None:
    """A step of the road may come again (a further report, a further hearing), but it begins before what follows it."""
    first = {step: min(day for one, day in taken if one == step) for step in {step for step, _day in taken}}
    road = [step for step in ROAD if step in first]
    for earlier, later in combinations(road, 2):
        if new in (earlier, later) and first[earlier] > first[later]:
            raise Refused(
                _("“%(earlier)s” tercatat sesudah “%(later)s”. Periksa kedua tanggalnya.")
                % {"earlier": earlier.label, "later": later.label}
            )


def _check_not_stopped(taken: list[tuple[Step, date]]) -> None:
    stops = [day for step, day in taken if step == Step.STOPPED]
    for step, day in taken:
        if step not in ADVANCING:
            continue
        stopped = max((stop for stop in stops if stop < day), default=None)
        if stopped and not any(one in RESUMING and stopped <= then <= day for one, then in taken):
            raise Refused(
                _(
                    "Perkara tercatat dihentikan sebelum “%(step)s”. Catat dulu penyidikan yang dibuka kembali, "
                    "atau periksa tanggalnya."
                )
                % {"step": step.label}
            )


def check_counsel(
    *, counsel: UUID | None, agencies: Iterable[UUID], opposing: Iterable[UUID], institution: UUID | None
) -> None:
    """This will refuse a counsel of an accused client who is also an agency of the process, or on the other side.

    ``agencies`` and ``opposing``: at which steps of this file were taken, and who assists the other side in it.
    ``institution``: where the step was taken that is being recorded now.

    :raises Refused: saying whom to choose. Source: care.md 21 (own counsel, wall).
    """
    if counsel is None:
        return
    if counsel in set(opposing):
        raise Refused(
            _(
                "Lembaga ini tercatat mendampingi pihak lawan, jadi tidak bisa mendampingi klien juga. Pilih lembaga "
                "lain, atau pendamping hukum dari unit."
            )
        )
    if counsel == institution or counsel in set(agencies):
        raise Refused(
            _(
                "Lembaga tempat perkara diproses tidak bisa menjadi penasihat klien. Pilih lembaga lain, atau "
                "pendamping hukum dari unit."
            )
        )


def check_partner_writes(*, side: str, partners: Iterable[UUID], counsel: UUID | None) -> None:
    """This will refuse that a partner records a process against the client whose counsel it is not.

    ``partners``: for which the viewer answers; none for the unit's own people.

    :raises Refused: saying who records it. Source: care.md 21.
    """
    answered_for = set(partners)
    if side == Side.AGAINST and answered_for and counsel not in answered_for:
        raise Refused(_("Hanya penasihat klien dan unit yang mencatat perkara ini. Sampaikan kepada unit."))


def check_pressure(*, told: str, happened_on: date, today: date) -> None:
    """This will refuse pressure to settle without a word of what happened, or on a day ahead.

    :raises Refused: saying what to correct. Source: care.md 15 (recorded as an incident).
    """
    if happened_on > today:
        raise Refused(_("Hari ini belum tiba pada tanggal itu. Tulis hari ketika tekanan itu terjadi."))
    if not told.strip():
        raise Refused(_("Tulis apa yang dikatakan atau dilakukan, walau satu kalimat."))


def is_child_reported(parts: Iterable[Part]) -> bool:
    """This will say whether a reported person is a child, so that diversion may be tried. Source: care.md 15."""
    return any(
        part.role == PersonRole.REPORTED
        and part.status == PartStatus.ACTIVE
        and is_child(part.person.age_band)
        for part in parts
    )


def check_can_wall(*, person: UUID, viewer: UUID, manager: UUID | None, walled: Iterable[UUID]) -> None:
    """This will refuse a wall for oneself, for who holds the case, or where one stands.

    :raises Refused: saying what comes first. Source: care.md 21.
    """
    if person in set(walled):
        raise Refused(_("Tembok untuk rekan ini sudah terpasang."))
    if person == viewer:
        raise Refused(
            _("Tembok untuk diri sendiri dipasang orang lain: minta kepada penyelia atau kepala unit.")
        )
    if person == manager:
        raise Refused(
            _(
                "Rekan ini memegang kasusnya. Minta manajer kasus lain mengambil alih dulu, lalu pasang tembok."
            )
        )


def check_can_lift(*, roles: Iterable[str]) -> None:
    """This will refuse that a wall is taken down by anybody but who supervises or heads the unit.

    :raises Refused: saying whom to ask.
    """
    if not {Role.SUPERVISOR, Role.HEAD} & set(roles):
        raise Refused(_("Tembok dibuka oleh penyelia atau kepala unit. Minta kepada mereka."))


def event_of(*, step: str, statute: str, side: str = Side.HERS) -> Event | None:
    """This will give what a step means to the clocks: how long the police protect depends on the law they do it by.

    A step against the client starts and ends none of her terms.
    """
    if side == Side.AGAINST:
        return None
    if statute == Statute.TPKS and step == Step.PROTECTION_ASKED:
        return Event.TPKS_ASKED
    if statute == Statute.TPKS and step == Step.PROTECTION_GIVEN:
        return Event.PROTECTION_TPKS
    return {
        Step.POLICE_REPORT: Event.POLICE_REPORTED,
        Step.PROTECTION_ASKED: Event.PROTECTION_ASKED,
        Step.PROTECTION_GIVEN: Event.PROTECTION_GIVEN,
        Step.PROTECTION_ORDER: Event.PROTECTION_ENDED,
    }.get(Step(step))
