"""A client is reminded by a person, in her safe hours, where she said that it is safe, and at no other time."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlparse

import pytest

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role
from ruangaman.agenda import duties
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.actions import reminders as actions
from ruangaman.agenda.states import Whose, Why
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.actions import set_contact
from ruangaman.people.policies import Way
from ruangaman.people.states import ContactMeans
from tests.agenda.booked import Case, case
from tests.people.people import put_on_team
from tests.worlds import World, acting

SAFE = Way(
    ContactMeans.MESSAGE,
    address="0812-0000-1111",
    from_time=time(9),
    until_time=time(11),
    reminders_safe=True,
)


def says(story: Case, at: datetime | None = None, **changed: Any) -> None:
    viewer = story.viewer()
    with acting(story.manager):
        set_contact(
            viewer=viewer,
            dossier=story.filed.dossier,
            person=story.client,
            way=replace(SAFE, **changed),
            at=at or clock.now(),
        )


def asked(story: Case, at: datetime, who: Any = None) -> list[str]:
    user = who or story.manager
    viewer: Viewer = story.viewer(user)
    with acting(user):
        return [urlparse(one.url).path for one in duties.remind(viewer, at, 100)]


def test_care_7_she_is_reminded_within_her_hours_the_day_before_and_never_otherwise(world: World) -> None:
    story = case(world)
    says(story)
    made = story.book(story.client)  # in seven days, at nine
    url = f"/agenda/ingatkan/{made.id}/"
    assert asked(story, story.at(6, 9)) == [url]
    assert asked(story, story.at(6, 10, 59)) == [url]
    for day, hour, minute in ((6, 8, 59), (6, 11, 0), (5, 10, 0), (7, 8, 0), (7, 10, 0), (1, 10, 0)):
        assert asked(story, story.at(day, hour, minute)) == [], (day, hour, minute)


@pytest.mark.parametrize(
    "changed",
    [
        {"reminders_safe": False},
        {"means": ContactMeans.NOT, "address": "", "reminders_safe": False},
    ],
)
def test_care_7_no_reminder_by_default(world: World, changed: dict[str, Any]) -> None:
    story = case(world)
    story.book(story.client)
    assert asked(story, story.at(6, 10)) == []  # nothing was said at all
    says(story, **changed)
    assert asked(story, story.at(6, 10)) == []


def test_care_7_only_her_newest_word_counts(world: World) -> None:
    story = case(world)
    story.book(story.client)
    says(story, at=clock.now() - timedelta(days=2))
    says(story, at=clock.now() - timedelta(days=1), reminders_safe=False)
    assert asked(story, story.at(6, 10)) == []
    says(story)
    assert len(asked(story, story.at(6, 10))) == 1


def test_care_7_a_stale_word_reminds_nobody(world: World) -> None:
    story = case(world)
    story.book(story.client)
    says(story, at=clock.now() - timedelta(days=29))
    assert asked(story, story.at(6, 10)) == []


def test_only_who_sits_there_is_asked_and_only_for_a_client(world: World) -> None:
    story = case(world)
    says(story)
    story.book(story.witness)
    assert asked(story, story.at(6, 10)) == []
    made = story.book(story.client, starts_at=story.at(7, 14))
    assert asked(story, story.at(6, 10)) == [f"/agenda/ingatkan/{made.id}/"]
    assert asked(story, story.at(6, 10), story.companion) == []


def test_a_cancelled_appointment_is_not_reminded_of(world: World) -> None:
    story = case(world)
    says(story)
    made = story.book(story.client)
    story.do(bookings.cancel, made, side=Whose.CLIENT, why=Why.HER_WISH)
    assert asked(story, story.at(6, 10)) == []


def test_what_was_done_is_not_asked_again(world: World) -> None:
    story = case(world)
    says(story)
    made = story.book(story.client)
    viewer = story.viewer()
    with pytest.raises(Refused, match="Jangan hubungi"), acting(story.manager):
        actions.remind(viewer=viewer, booking_id=made.id, at=story.at(6, 8))
    with acting(story.manager):
        actions.remind(viewer=viewer, booking_id=made.id, at=story.at(6, 10))
    assert asked(story, story.at(6, 10, 30)) == []
    assert world.rows("SELECT reminded_by_id FROM agenda_booking") == [(story.manager.id,)]
    with pytest.raises(Refused), acting(story.manager):
        actions.remind(viewer=viewer, booking_id=made.id, at=story.at(6, 10))


def test_the_page_shows_when_and_how_and_no_number(world: World) -> None:
    story = case(world)
    says(story, from_time=None, until_time=None)
    made = story.book(story.client, starts_at=story.at(2, 9))
    page = world.client(story.manager)
    shown = page.get(f"/agenda/ingatkan/{made.id}/").content.decode()
    assert "Jangan hubungi klien" in shown  # tomorrow is the day
    assert "08.00–20.00" in shown
    assert "0812-0000" not in shown
    assert "Kantor Unit Uji" not in shown
    assert page.post(f"/agenda/ingatkan/{made.id}/").status_code == 409


def test_who_may_not_know_the_contact_gets_nothing(world: World) -> None:
    story = case(world)
    says(story)
    made = story.book(story.client)
    guide = world.person(Role.SPIRITUAL_GUIDE)
    put_on_team(world, story.filed, guide, Role.SPIRITUAL_GUIDE)
    assert world.client(guide).get(f"/agenda/ingatkan/{made.id}/").status_code == 404
    assert world.client(story.companion).get(f"/agenda/ingatkan/{made.id}/").status_code == 404
