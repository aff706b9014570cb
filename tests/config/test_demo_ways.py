"""The ways in of the demonstration are those of the seeds, with their hours."""

from collections.abc import Iterator
from datetime import datetime, time

import pytest
from django.db import connections

from ruangaman.access.models import User
from ruangaman.access.queries import viewer_of
from ruangaman.config import demo
from ruangaman.config.postgres import Server
from ruangaman.intake.models import Way
from ruangaman.intake.queries import ways as queries
from ruangaman.intake.states import Channel
from ruangaman.kernel import clock
from tests.conftest import empty
from tests.worlds import acting

POSTS = {"31.71": 2, "31.72": 2, "31.73": 6, "31.74": 4, "31.75": 5}
HOURS = {
    Channel.OFFICE: (time(8), time(16)),
    Channel.POST: (time(8), time(15)),
    Channel.CALL_CENTRE: (time(7, 30), time(16)),
}


@pytest.fixture(scope="module")
def shown(database: None, server: Server) -> Iterator[None]:
    empty(server)
    application = connections["default"]
    connections["default"] = connections["owner"]
    try:
        assert demo.load(at=clock.now(), reports=1, cases=0)
    finally:
        connections["default"] = application
    yield
    empty(server)


def ways(channel: str) -> list[Way]:
    return list(Way.objects.using("owner").filter(channel=channel).select_related("facility", "owner"))


def test_there_are_the_nineteen_posts_of_the_seed_in_their_kota(shown: None) -> None:
    """Source: seed 003 (Pusat 2, Utara 2, Barat 6, Timur 5, Selatan 4)."""
    counted: dict[str, int] = {}
    for way in ways(Channel.POST):
        assert way.facility and way.owner.place_id
        counted[way.owner.place_id] = counted.get(way.owner.place_id, 0) + 1
    assert counted == POSTS
    assert sum(counted.values()) == 19


@pytest.mark.parametrize("channel", HOURS)
def test_each_has_the_hours_that_the_seeds_tell_from_monday_to_friday(shown: None, channel: Channel) -> None:
    found = ways(channel)
    assert found
    for way in found:
        assert way.facility
        hours = way.facility.hours.using("owner").order_by("weekday")
        assert [h.weekday for h in hours] == [0, 1, 2, 3, 4]
        assert {(h.opens, h.closes) for h in hours} == {HOURS[channel]}


def test_112_is_always_open_and_hands_over_under_a_ticket(shown: None) -> None:
    (line,) = ways(Channel.PHONE_112)
    assert line.facility and line.facility.always_open and line.needs_ticket


def test_every_other_channel_of_the_seeds_is_there(shown: None) -> None:
    for channel in (Channel.APP, Channel.REFERRAL, Channel.LETTER, Channel.RP3, Channel.HOTLINE):
        assert len(ways(channel)) == 1, channel
    assert len(ways(Channel.LOCAL)) == 6  # the five kota and the Thousand Islands
    assert not ways(Channel.WEB)


def test_an_officer_sees_them_all_in_few_queries(shown: None, django_assert_max_num_queries: object) -> None:
    officer = User.objects.using("owner").get(email="petugas@contoh.example")
    at = datetime.fromisoformat(
        "2026-11-23T15:30+07:00"
    )  # a Monday, after the posts and before the office close
    with acting(officer):
        viewer = viewer_of(officer, clock.now())
        with django_assert_max_num_queries(4):  # type: ignore[operator]
            found = queries.ways_of(viewer)
            openings = queries.openings(viewer, found, at)
        by_channel = {way.channel: openings[way.id] for way in found if way.id in openings}
    assert len(found) == 33
    now = {channel: opening.now for channel, opening in by_channel.items()}
    assert now == {"office": True, "post": False, "call_centre": True, "phone_112": True}
