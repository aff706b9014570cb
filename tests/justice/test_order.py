"""The order of legal steps: by the days on which they happened, whatever the order in which they became known."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.justice.policies import check_can_record_step
from ruangaman.justice.states import ADVANCING, RESUMING, ROAD, STATUTES_FOR_IV5, STEP_MOVES, Statute, Step
from ruangaman.kernel.errors import Refused

BEGINNING = date(2025, 1, 1)
TODAY = BEGINNING + timedelta(days=400)
Record = list[tuple[Step, date]]


def day(number: int) -> date:
    return BEGINNING + timedelta(days=number)


def accepts(before: Record, step: Step, happened_on: date) -> bool:
    verdict = step == Step.VERDICT
    try:
        check_can_record_step(
            before=[(one.value, then) for one, then in before],
            step=step.value,
            happened_on=happened_on,
            statute="tpks" if verdict else "",
            outcome="convicted" if verdict else "",
            today=TODAY,
        )
    except Refused:
        return False
    return True


def is_possible(record: Record) -> bool:
    """The slow model: walk through the days, one after the other, and look at what is known by the evening of each."""
    known: set[Step] = set()
    stopped = False
    for today in sorted({then for _step, then in record}):
        of_day = {step for step, then in record if then == today}
        evening = known | of_day
        if any(STEP_MOVES[step] and not STEP_MOVES[step] & evening for step in of_day):
            return False
        for step in of_day & set(ROAD) - known:  # begins today: nothing that comes behind it was there before
            if known & set(ROAD[ROAD.index(step) + 1 :]):
                return False
        if of_day & RESUMING:
            stopped = False
        if stopped and of_day & ADVANCING:
            return False
        # Stopped and taken up on one day is taken up.
        stopped = (stopped or Step.STOPPED in of_day) and not of_day & RESUMING
        known = evening
    return True


def grown(wanted: Record) -> Record:
    """What stands there after somebody tried to record all of it, one after the other."""
    record: Record = []
    for step, then in wanted:
        if accepts(record, step, then):
            record.append((step, then))
    return record


records = st.lists(
    st.tuples(st.sampled_from(list(Step)), st.integers(0, 12).map(day)), min_size=1, max_size=14
)


@given(records)
def test_whatever_is_tried_in_whatever_order_what_stands_there_can_have_happened(wanted: Record) -> None:
    assert is_possible(grown(wanted))


@given(records, st.sampled_from(list(Step)), st.integers(0, 12).map(day))
def test_a_step_is_taken_exactly_where_the_whole_can_have_happened(
    wanted: Record, step: Step, happened_on: date
) -> None:
    record = grown(wanted)
    assert accepts(record, step, happened_on) == is_possible([*record, (step, happened_on)])


@given(st.permutations(list(ROAD[1:])))
def test_a_step_that_became_known_late_is_recorded_as_soon_as_what_it_rests_on(order: list[Step]) -> None:
    when = {step: day(number) for number, step in enumerate(ROAD)}
    record: Record = [(Step.POLICE_REPORT, when[Step.POLICE_REPORT])]
    left = list(order)
    while left:
        step = next(one for one in left if STEP_MOVES[one] & {known for known, _then in record})
        assert accepts(record, step, when[step])
        record.append((step, when[step]))
        left.remove(step)


@pytest.mark.parametrize(
    ("step", "needed"),
    [
        (Step.P21, Step.POLICE_REPORT),
        (Step.STAGE_TWO, Step.P21),
        (Step.TRIAL, Step.STAGE_TWO),
        (Step.VERDICT, Step.TRIAL),
    ],
)
def test_the_road_of_the_procedure_skips_nothing_that_must_be_there(step: Step, needed: Step) -> None:
    """Source: flow.md 8; seed 004, Lampiran D.IV, IV.5.s1."""
    road = [(one, day(number)) for number, one in enumerate(ROAD) if ROAD.index(one) < ROAD.index(step)]
    assert accepts(road, step, day(20))
    assert not accepts([], step, day(20))
    others = {Step.POLICE_REPORT, Step.INVESTIGATION} if step == Step.P21 else {needed}
    assert not accepts([(one, then) for one, then in road if one not in others], step, day(20))


def test_days_do_not_run_backwards() -> None:
    road = [(step, day(10 + number)) for number, step in enumerate(ROAD)]
    for (earlier, _day), (later, then) in pairwise(road):
        until = [(one, on) for one, on in road if ROAD.index(one) < ROAD.index(later)]
        assert not accepts(until, later, day(5)), (earlier, later)
        assert accepts(until, later, then)


def test_a_step_on_the_day_of_the_step_before_is_taken() -> None:
    assert accepts([(Step.POLICE_REPORT, day(3)), (Step.P21, day(3))], Step.STAGE_TWO, day(3))


def test_hearings_and_reports_come_again() -> None:
    road = [(step, day(number)) for number, step in enumerate(ROAD)]
    for step in (Step.POLICE_REPORT, Step.QUESTIONING, Step.TRIAL, Step.VERDICT):
        assert accepts(road, step, day(50))


def test_a_case_that_was_stopped_goes_on_only_after_it_was_taken_up_again() -> None:
    stopped = [
        (Step.POLICE_REPORT, day(1)),
        (Step.INVESTIGATION, day(2)),
        (Step.STOPPED, day(5)),
    ]
    assert not accepts(stopped, Step.P21, day(9))
    assert accepts([*stopped, (Step.INVESTIGATION, day(7))], Step.P21, day(9))
    assert accepts(stopped, Step.P21, day(4))  # it was complete before it was stopped
    gone_on = [(Step.POLICE_REPORT, day(1)), (Step.P21, day(6))]
    assert not accepts(gone_on, Step.STOPPED, day(5))


def test_nothing_is_recorded_before_it_happened() -> None:
    assert accepts([], Step.POLICE_REPORT, TODAY)
    assert not accepts([], Step.POLICE_REPORT, TODAY + timedelta(days=1))


@pytest.mark.parametrize(("statute", "outcome"), [("", ""), ("tpks", ""), ("", "convicted"), ("x", "y")])
def test_a_verdict_tells_its_statute_and_outcome(statute: str, outcome: str) -> None:
    """Source: seed 004, Lampiran D.IV, IV.5 (which law it was decided under)."""
    road = [(step.value, day(number)) for number, step in enumerate(ROAD[:-1])]
    with pytest.raises(Refused, match="undang-undang"):
        check_can_record_step(
            before=road,
            step="verdict",
            happened_on=day(30),
            statute=statute,
            outcome=outcome,
            today=TODAY,
        )


def test_nothing_but_a_verdict_has_an_outcome() -> None:
    with pytest.raises(Refused, match="Hasil"):
        check_can_record_step(
            before=[],
            step="police_report",
            happened_on=day(1),
            statute="tpks",
            outcome="convicted",
            today=TODAY,
        )


def test_there_is_no_step_for_mediation_or_peace() -> None:
    """Source: care.md 15 (UU 12/2022 Pasal 23)."""
    words = ("damai", "mediasi", "perdamaian", "diversi", "restoratif", "musyawarah", "cabut")
    for step in Step:
        assert not any(word in f"{step.value} {step.label}".lower() for word in words), step


def test_every_step_has_its_place_in_the_table_and_can_be_reached() -> None:
    assert set(STEP_MOVES) == set(Step)
    reached = {step for step, needed in STEP_MOVES.items() if not needed}
    while fresh := {step for step, needed in STEP_MOVES.items() if needed & reached} - reached:
        reached |= fresh
    assert reached == set(Step)


def test_the_general_penal_code_is_no_law_on_violence_against_women_and_children() -> None:
    """Source: seed 004, Lampiran D.IV, IV.5, points 2 and 3; the reading is told beside the list."""
    assert set(Statute) - STATUTES_FOR_IV5 == {Statute.KUHP, Statute.ITE, Statute.JUVENILE}
