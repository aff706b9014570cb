"""At which hour, by which ways, how often: pure rules against a slow and obvious reading of them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ruangaman.kernel.errors import Refused
from ruangaman.notices import policies
from ruangaman.notices.states import Channel

ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
minutes = st.integers(0, 24 * 60 - 1).map(lambda m: time(m // 60, m % 60))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)


def is_quiet(at: datetime, zone: ZoneInfo, begins: time, ends: time) -> bool:
    """Whether some night's quiet hours hold this moment: each night laid out as a span of time."""
    local = at.astimezone(zone)
    for day in (local.date() - timedelta(days=1), local.date()):
        start = datetime.combine(day, begins, zone)
        end = datetime.combine(day if ends > begins else day + timedelta(days=1), ends, zone)
        if start <= local < end:
            return True
    return False


@given(at=moments, zone=st.sampled_from(ZONES), begins=minutes, ends=minutes)
@example(datetime(2026, 11, 22, 16, 59, tzinfo=UTC), ZONES[0], time(22), time(6))  # 23.59 in Jakarta
@example(datetime(2026, 11, 22, 17, 0, tzinfo=UTC), ZONES[0], time(22), time(6))  # midnight
@example(datetime(2026, 11, 22, 17, 0, tzinfo=UTC), ZONES[0], time(0), time(6))
@example(datetime(2026, 11, 22, 15, 0, tzinfo=UTC), ZONES[0], time(22), time(0))
def test_a_notice_goes_at_once_or_in_the_first_minute_that_is_not_quiet(
    at: datetime, zone: ZoneInfo, begins: time, ends: time
) -> None:
    if begins == ends:
        return
    expected = at
    while is_quiet(expected, zone, begins, ends):
        expected += timedelta(minutes=1)
    told = {"zone": zone, "quiet_from": begins, "quiet_until": ends}
    assert policies.send_at(at, **told, urgent=False) == expected
    assert policies.send_at(at, **told, urgent=True) == at


@given(at=moments, zone=st.sampled_from(ZONES))
def test_without_quiet_hours_every_hour_will_do(at: datetime, zone: ZoneInfo) -> None:
    assert policies.send_at(at, zone=zone, quiet_from=None, quiet_until=None, urgent=False) == at


def test_the_hours_are_those_of_the_place_where_somebody_works() -> None:
    at = datetime.combine(date(2026, 11, 22), time(20, 30), UTC)  # 3.30 in Jakarta, 5.30 in Jayapura
    told = {"quiet_from": time(22), "quiet_until": time(5), "urgent": False}
    assert policies.send_at(at, zone=ZONES[0], **told) == at + timedelta(hours=1, minutes=30)
    assert policies.send_at(at, zone=ZONES[2], **told) == at


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_a_choice_is_kept_and_never_ends_in_silence(
    by_mail: bool, by_messenger: bool, has_messenger: bool, urgent: bool
) -> None:
    ways = policies.ways(
        by_mail=by_mail, by_messenger=by_messenger, has_messenger=has_messenger, urgent=urgent
    )
    assert (Channel.MESSENGER in ways) == (by_messenger and has_messenger)
    if by_mail:
        assert Channel.MAIL in ways
    if by_mail or by_messenger or urgent:
        assert ways
    else:
        assert not ways


def test_attempts_go_on_for_a_day_and_not_for_ever() -> None:
    waits = [policies.wait_after(number) for number in range(1, policies.MOST_TRIES + 1)]
    assert waits == sorted(waits)
    assert timedelta(days=1) < sum(waits, timedelta()) < timedelta(days=1, hours=6)


@pytest.mark.parametrize(("begins", "ends"), [(time(22), None), (None, time(6)), (time(6), time(6))])
def test_quiet_hours_without_an_end_or_round_the_clock_are_refused(
    begins: time | None, ends: time | None
) -> None:
    with pytest.raises(Refused):
        policies.check_quiet_hours(begins, ends)


@pytest.mark.parametrize(
    "url",
    [
        "http://pesan.example/masuk",
        "ftp://pesan.example/",
        "file:///etc/passwd",
        "https://",
        "https://nama:sandi@pesan.example/",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_in_the_clear_or_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        policies.check_webhook(url, demo=False)
    policies.check_webhook("https://pesan.example/masuk", demo=False)
