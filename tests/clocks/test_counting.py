"""When a clock runs out, compared with counting minute by minute and day by day. Source: flow.md, care.md 8 and 9."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ruangaman.clocks import policies
from ruangaman.clocks.models import Definition
from ruangaman.clocks.policies import Calendar
from ruangaman.clocks.states import Answer, Event, Measure, Moment, Ruling
from ruangaman.kernel.errors import Refused
from ruangaman.notices.states import URGENT, Kind
from tests.clocks import slow

ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
START = datetime(2026, 2, 20, tzinfo=UTC)
MINUTES = st.integers(0, 60 * 24 * 40)
DAYS = st.sets(st.integers(0, 90).map(lambda ago: date(2026, 2, 18) + timedelta(days=ago)), max_size=40)


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[datetime, datetime]]:
    """Pauses one after the other, some before the start, some that touch, some of no length."""
    edges = sorted(draw(st.lists(MINUTES, max_size=10)))
    moments = [START + timedelta(minutes=minute - 2000) for minute in edges]
    return [pair for number, pair in enumerate(pairwise(moments)) if number % 2 == 0]


@settings(max_examples=150)
@given(start=MINUTES, amount=st.integers(0, 100), pauses=stretches(), zone=ZONES)
def test_hours_are_counted_minute_by_minute_without_pauses(
    start: int, amount: int, pauses: list[tuple[datetime, datetime]], zone: str
) -> None:
    since = START + timedelta(minutes=start)
    found = policies.due(Measure.HOURS, amount, since, zone, Calendar(), pauses)
    assert found == slow.hours(since, amount, pauses)


@settings(max_examples=400)
@given(
    start=MINUTES, amount=st.integers(0, 30), pauses=stretches(), zone=ZONES, off=DAYS, worked=DAYS,
    working=st.booleans(),
)  # fmt: skip
@example(start=0, amount=1, pauses=[(START, START + timedelta(hours=17))], zone="Asia/Jakarta", off=set(),
         worked=set(), working=False)  # fmt: skip
def test_days_are_counted_one_by_one_without_those_on_which_the_clock_stood_still(
    start: int, amount: int, pauses: list[tuple[datetime, datetime]], zone: str, off: set[date],
    worked: set[date], working: bool,
) -> None:  # fmt: skip
    since = START + timedelta(minutes=start)
    measure = Measure.WORKING_DAYS if working else Measure.DAYS
    calendar = Calendar(frozenset(off), frozenset(worked))
    found = policies.due(measure, amount, since, zone, calendar, pauses)
    told = slow.days(since, amount, zone, pauses, working=working, off=off, worked=worked)
    assert found == told


@settings(max_examples=200)
@given(pauses=stretches(), order=st.randoms())
def test_the_order_in_which_pauses_are_told_changes_nothing(
    pauses: list[tuple[datetime, datetime]], order: object
) -> None:
    mixed = list(pauses)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    for measure in (Measure.HOURS, Measure.DAYS, Measure.WORKING_DAYS):
        one = policies.due(measure, 9, START, "Asia/Jakarta", Calendar(), pauses)
        assert one == policies.due(measure, 9, START, "Asia/Jakarta", Calendar(), mixed)


def test_three_working_days_over_a_holiday_and_a_weekend() -> None:
    friday = datetime(2026, 8, 14, 9, tzinfo=UTC)
    calendar = Calendar(frozenset({date(2026, 8, 17)}))
    found = policies.due(Measure.WORKING_DAYS, 3, friday, "Asia/Jakarta", calendar)
    assert found == datetime(
        2026, 8, 20, 16, 59, 59, 999999, tzinfo=UTC
    )  # Thursday, its last instant in Jakarta


def test_a_replacement_working_day_counts_also_on_a_saturday() -> None:
    friday = datetime(2026, 8, 14, 9, tzinfo=UTC)
    calendar = Calendar(worked=frozenset({date(2026, 8, 15)}))
    found = policies.due(Measure.WORKING_DAYS, 1, friday, "Asia/Jakarta", calendar)
    assert found.date() == date(2026, 8, 15)


def test_the_same_moment_is_another_day_in_papua() -> None:
    late = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 22.30 in Jakarta, 00.30 of the next day in Jayapura
    west = policies.due(Measure.DAYS, 7, late, "Asia/Jakarta", Calendar())
    east = policies.due(Measure.DAYS, 7, late, "Asia/Jayapura", Calendar())
    assert east - west == timedelta(hours=22)


@pytest.mark.parametrize(
    ("since", "ends"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 30, 16, 59, 59, 999999, tzinfo=UTC)),
        (datetime(2026, 6, 30, 16, 59, tzinfo=UTC), datetime(2026, 6, 30, 16, 59, 59, 999999, tzinfo=UTC)),
        (datetime(2026, 6, 30, 17, tzinfo=UTC), datetime(2026, 12, 31, 16, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_the_semester_report_is_due_at_the_end_of_june_and_of_december(
    since: datetime, ends: datetime
) -> None:
    assert policies.due(Measure.HALF_YEAR_END, 0, since, "Asia/Jakarta", Calendar()) == ends


def test_a_given_deadline_is_what_was_given_and_no_other() -> None:
    assert policies.due(Measure.GIVEN, 0, START, "Asia/Jakarta", Calendar(), given=START) == START
    with pytest.raises(ValueError, match="was not given"):
        policies.due(Measure.GIVEN, 0, START, "Asia/Jakarta", Calendar())


def test_a_pause_of_thirty_years_is_counted_at_once() -> None:
    pause = (START + timedelta(days=1), START + timedelta(days=11_000))
    found = policies.due(Measure.DAYS, 3, START, "Asia/Jakarta", Calendar(), [pause])
    assert found > pause[1]


# --- who is told when --------------------------------------------------------------------------------------------

TOLD = st.none() | st.integers(0, 200)


@settings(max_examples=300)
@given(
    before=TOLD, after=TOLD, escalate=TOLD, length=st.integers(0, 300), looks=st.lists(st.integers(0, 900))
)
def test_every_moment_is_marked_once_however_often_and_late_one_looks(
    before: int | None, after: int | None, escalate: int | None, length: int, looks: list[int]
) -> None:
    definition = Definition(before_hours=before, after_hours=after, escalate_hours=escalate)
    due_at = START + timedelta(hours=length)
    planned = policies.firings(definition, started_at=START, due_at=due_at)
    fired: list[Moment] = []
    for hours in looks:  # in any order: a machine's clock may go back
        at = START + timedelta(hours=hours)
        new = policies.passed(planned, fired, at)
        assert all(planned[moment] <= at for moment in new)
        fired += new
        following = policies.next_firing(planned, fired)
        assert following is None or following > at or min(looks) < hours
    assert len(fired) == len(set(fired))
    far = policies.passed(planned, fired, START + timedelta(days=999))
    assert {*fired, *far} == set(planned) and policies.next_firing(planned, [*fired, *far]) is None


def test_no_reminder_comes_before_the_start() -> None:
    definition = Definition(before_hours=48)
    due_at = START + timedelta(hours=24)
    assert policies.firings(definition, started_at=START, due_at=due_at) == {Moment.DUE: due_at}


def test_after_a_downtime_only_the_latest_is_told_and_escalation_always() -> None:
    every = [Moment.BEFORE, Moment.DUE, Moment.AFTER, Moment.ESCALATED]
    assert policies.worth_telling(every) == [Moment.AFTER, Moment.ESCALATED]
    assert policies.worth_telling([Moment.BEFORE, Moment.DUE]) == [Moment.DUE]
    assert policies.worth_telling([Moment.ESCALATED]) == [Moment.ESCALATED]
    assert policies.worth_telling([]) == []


def test_what_is_urgent_is_told_at_any_hour_and_nothing_else_is() -> None:
    for event in Event:
        for moment in Moment:
            urgent = Definition(urgent=True, starts_on=event)
            assert policies.notice_kind(urgent, moment) in URGENT
            assert policies.notice_kind(Definition(starts_on=event), moment) not in URGENT
    late = Definition(urgent=True, starts_on=Event.WENT_OUT)
    assert policies.notice_kind(late, Moment.DUE) == Kind.NOT_BACK


# --- the decision about the duty to report: care.md 9 ------------------------------------------------------------


def facts(**told: Answer) -> policies.Facts:
    known = {
        "on_complaint": Answer.NO, "child": Answer.NO, "disability": Answer.NO, "she_agrees": Answer.NO,
        "danger": Answer.NO,
    }  # fmt: skip
    return policies.Facts(**{**known, **told})


def ruled(told: policies.Facts, ruling: Ruling) -> bool:
    definition = Definition(needs_decision=True)
    try:
        policies.check_can_rule(definition, told, is_running=True, ruling=ruling, reason="Rekaan")
    except Refused:
        return False
    return True


def test_for_an_offence_on_complaint_her_no_is_the_outcome() -> None:
    for child in Answer:
        for disability in Answer:
            for danger in Answer:
                told = facts(on_complaint=Answer.YES, child=child, disability=disability, danger=danger)
                assert [one for one in Ruling if ruled(told, one)] == [Ruling.RESPECT]


def test_nobody_goes_against_her_before_it_is_known_whether_her_no_decides() -> None:
    for agrees in (Answer.NO, Answer.UNKNOWN):
        told = facts(on_complaint=Answer.UNKNOWN, she_agrees=agrees)
        assert not ruled(told, Ruling.REPORT_AGAINST) and not ruled(told, Ruling.REPORT)
    assert ruled(facts(), Ruling.REPORT_AGAINST)


def test_a_consent_is_neither_invented_nor_overlooked() -> None:
    assert ruled(facts(she_agrees=Answer.YES), Ruling.REPORT)
    assert not ruled(facts(she_agrees=Answer.UNKNOWN), Ruling.REPORT)
    assert not ruled(facts(she_agrees=Answer.YES), Ruling.RESPECT)
    assert not ruled(facts(she_agrees=Answer.YES), Ruling.REPORT_AGAINST)
    assert not ruled(facts(she_agrees=Answer.UNKNOWN), Ruling.RESPECT)


def test_a_decision_has_a_reason_and_a_duty_that_asks_for_it() -> None:
    told = facts(she_agrees=Answer.YES)
    for definition, running, reason in (
        (Definition(needs_decision=True), True, "  "),
        (Definition(needs_decision=False), True, "Rekaan"),
        (Definition(needs_decision=True), False, "Rekaan"),
    ):
        with pytest.raises(Refused):
            policies.check_can_rule(definition, told, is_running=running, ruling=Ruling.REPORT, reason=reason)
