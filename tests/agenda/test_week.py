"""The week of a professional and of a room: own appointments whole, those of others as hours."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from ruangaman.access.states import Role, Section
from ruangaman.agenda.queries.bookings import hours_of, own_hours
from tests.agenda.booked import Case, case
from tests.worlds import World, acting


@pytest.fixture
def story(world: World) -> Case:
    return case(world)


def page(story: Case, user: object, asked: str = "", path: str = "/agenda/") -> str:
    monday = story.at(7, 9).date()
    answer = story.world.client(user).get(f"{path}?mulai={monday}&{asked}")  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def test_ones_own_week_shows_what_one_may_see(story: Case) -> None:
    story.book(story.client)
    shown = page(story, story.manager)
    assert story.filed.reference in shown and "09.00–11.00" in shown and "Kantor Unit Uji" in shown
    assert story.filed.reference in page(story, story.manager, path="/agenda/hari/")


def test_of_a_colleague_outside_the_file_only_the_hours_are_shown(story: Case) -> None:
    story.book(story.client, resources=[story.room])
    officer = story.world.person(Role.INTAKE_OFFICER)
    for asked in (f"siapa={story.manager.id}", f"ruang={story.room.id}"):
        shown = page(story, officer, asked)
        assert "09.00–11.00" in shown and "Terisi" in shown
        assert story.filed.reference not in shown and "Pertemuan layanan" not in shown
        assert story.filed.reference in page(story, story.companion, asked)


def test_nobody_of_another_unit_sees_even_the_hours(story: Case) -> None:
    story.book(story.client)
    stranger = story.world.person(Role.HEAD, story.world.other)
    browser = story.world.client(stranger)
    assert browser.get(f"/agenda/?siapa={story.manager.id}").status_code == 404
    assert browser.get(f"/agenda/?ruang={story.room.id}").status_code == 404
    since, until = story.at(0, 0), story.at(30, 0)
    with acting(stranger), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT * FROM door.taken(%s, %s, %s, %s)",
            [story.world.unit.id, [story.manager.id], since, until],
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("asked", ["siapa=bukan", "ruang=1", "siapa=00000000-0000-0000-0000-000000000000"])
def test_an_address_that_names_nobody_gives_nothing(story: Case, asked: str) -> None:
    assert story.world.client(story.manager).get(f"/agenda/?{asked}").status_code == 404


@pytest.mark.parametrize("start", ["", "kemarin", "0001-01-01", "9999-12-31", "2026-13-40"])
def test_a_day_that_is_none_gives_this_week(story: Case, start: str) -> None:
    story.book(story.client, starts_at=story.at(0, 23), ends_at=story.at(1, 0, 30))
    answer = story.world.client(story.manager).get(f"/agenda/?mulai={start}")
    assert answer.status_code == 200 and 'aria-current="date"' in answer.content.decode()


def test_what_lasts_over_midnight_stands_on_both_days(story: Case) -> None:
    story.book(story.client, starts_at=story.at(7, 22), ends_at=story.at(8, 2))
    first, second = (
        story.world.client(story.manager).get(f"/agenda/hari/?mulai={story.at(n, 9).date()}") for n in (7, 8)
    )
    assert "22.00–24.00" in first.content.decode() and "00.00–02.00" in second.content.decode()


def test_hours_are_those_of_the_unit(story: Case) -> None:
    story.world.rows("UPDATE access_organisation SET place_id = '91' WHERE id = %s", [story.world.unit.id])
    story.book(story.client)
    assert "11.00–13.00" in page(story, story.manager) and "WIT" in page(story, story.manager)


def test_a_full_week_is_read_with_as_few_questions_as_an_empty_one(story: Case) -> None:
    for day in range(7, 12):
        story.book(story.client, starts_at=story.at(day, 9))
        story.book(starts_at=story.at(day, 14), section=Section.PLAN)
    since, until = story.at(7, 0), story.at(14, 0)
    with acting(story.manager), CaptureQueriesContext(connections["default"]) as asked:
        assert len(own_hours(story.viewer(), since, until)) == 10
    own = len(asked)
    with acting(story.companion), CaptureQueriesContext(connections["default"]) as asked:
        viewer = story.viewer(story.companion)
        found = hours_of(viewer, [story.world.unit.id], story.manager.id, since, until, room=False)
        assert len(found) == 10 and all(one.booking for one in found)
    assert own <= 5 and len(asked) <= 5
    assert until - since == timedelta(days=7)
