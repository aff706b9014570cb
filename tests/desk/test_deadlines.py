"""How deadlines read, and in which order what waits is shown."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.panels import Milestone
from ruangaman.access.states import Section
from ruangaman.desk.policies import is_due_today, most_urgent_first, steps, tone_of, words_of

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # a Monday, 12.00 in Jakarta


def duty(due_at: datetime, kind: Kind = Kind.CASE, reference: str = "RA-0000-0000") -> Duty:
    return Duty(kind, due_at, "Sesuatu", reference, "", "/")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.2, "1 menit lagi"),
        (52, "52 menit lagi"),
        (180, "hari ini 15.00"),
        (11 * 60 + 59, "hari ini 23.59"),
        (12 * 60, "besok"),
        (72 * 60, "Kamis"),
        (6 * 24 * 60, "Minggu"),
        (7 * 24 * 60, "7 hari lagi"),
        (-0.2, "lewat 1 menit"),
        (-45, "lewat 45 menit"),
        (-60, "lewat 1 jam"),
        (-25 * 60, "lewat 1 hari"),
        (-400 * 24 * 60, "lewat 400 hari"),
    ],
)
def test_a_deadline_reads_as_people_say_it(minutes: float, words: str) -> None:
    assert words_of(NOON + timedelta(minutes=minutes), NOON) == words


@pytest.mark.parametrize(
    ("hours", "tone"), [(-1, "late"), (1, "care"), (35.9, "care"), (36, ""), (24 * 9, "")]
)
def test_red_is_for_danger_and_late_is_amber(hours: float, tone: str) -> None:
    assert tone_of(duty(NOON + timedelta(hours=hours)), NOON) == tone
    assert tone_of(duty(NOON + timedelta(hours=hours), Kind.DANGER), NOON) == "danger"


def test_midnight_is_that_of_the_place_and_not_of_greenwich() -> None:
    last = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)
    assert is_due_today(last, NOON)
    assert not is_due_today(last + timedelta(minutes=1), NOON)
    assert is_due_today(NOON - timedelta(days=30), NOON)


@given(
    st.lists(
        st.builds(
            duty,
            st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
            st.sampled_from(Kind),
        )
    )
)
def test_danger_comes_first_then_the_deadline(duties: list[Duty]) -> None:
    ordered = most_urgent_first(duties)
    assert sorted(map(repr, ordered)) == sorted(map(repr, duties))
    for first, second in pairwise(ordered):
        assert (first.kind != Kind.DANGER, first.due_at) <= (second.kind != Kind.DANGER, second.due_at)


EVERYTHING = frozenset(Section.values)


def test_the_bar_says_what_is_done_where_the_case_is_and_what_lies_ahead() -> None:
    reached = [Milestone.REPORT, Milestone.ASSESSMENT, Milestone.CONSENT]
    assert [(step.label, step.state) for step in steps(reached, EVERYTHING)] == [
        ("Laporan", "done"),
        ("Penjangkauan", "ahead"),
        ("Asesmen", "done"),
        ("Persetujuan", "now"),
        ("Layanan", "ahead"),
        ("Hukum", "ahead"),
        ("Pulang", "ahead"),
        ("Selesai", "ahead"),
    ]


def test_an_ended_case_is_nowhere_now() -> None:
    assert {step.state for step in steps([Milestone.REPORT, Milestone.ENDED], EVERYTHING)} == {
        "done",
        "ahead",
    }


def test_who_may_not_read_a_section_is_not_told_by_the_bar_what_is_in_it() -> None:
    companion = EVERYTHING - {Section.LEGAL}
    assert "Hukum" not in [step.label for step in steps([Milestone.LAW], companion)]
    partner = frozenset({Section.FILE, Section.IDENTITY, Section.MEDICAL, Section.RISK})
    assert steps(list(Milestone), partner) == []
