"""Rules of the legal process: the order of its steps, by the days on which they happened."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from ruangaman.clocks.states import Event
from ruangaman.justice.states import ADVANCING, RESUMING, ROAD, STEP_MOVES, Outcome, Statute, Step
from ruangaman.kernel.errors import Refused

Taken = tuple[str, date]  # a step, and the day on which it happened


def check_can_record_step(
    *,
    before: Iterable[Taken],
    step: str,
    happened_on: date,
    statute: str,
    outcome: str,
    today: date,
) -> None:
    """This will refuse a step that can't have happened then.

    ``before`` is what is recorded of this client's process, in any order: a step may be learnt late, so the days on
    which things happened are compared, never the order in which they were written down.

    :raises Refused: saying what to record or correct. Source: flow.md 8; seed 004, Lampiran D.IV (IV.5, IV.5.s1).
    """
    if happened_on > today:
        raise Refused(_("Langkah ini belum terjadi. Catat setelah terjadi, dengan tanggalnya."))
    if step == Step.VERDICT and not (statute in Statute.values and outcome in Outcome.values):
        raise Refused(_("Putusan dicatat dengan undang-undang yang dipakai dan hasilnya."))
    if step != Step.VERDICT and outcome:
        raise Refused(_("Hasil hanya ada pada putusan. Kosongkan hasilnya."))
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


def event_of(*, step: str, statute: str) -> Event | None:
    """This will give what a step means to the clocks: how long the police protect depends on the law they do it by."""
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
