"""A private calendar: the same hours as the week, read by another library, and not a word of what they are for."""

import re
from datetime import timedelta
from typing import Any

import pytest
import vobject
from django.db import connections
from django.test import Client

from ruangaman.access.actions import raise_wall
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.queries.bookings import own_hours
from tests.agenda.booked import KAPUK, Case, case
from tests.worlds import World, acting


@pytest.fixture
def story(world: World) -> Case:
    return case(world)


def address(story: Case, go: str = "make") -> str:
    answer = story.world.client(story.manager).post("/agenda/kalender/", {"go": go})
    found = re.search(r"http://testserver(/agenda/ics/[0-9a-f]{32}\.ics)", answer.content.decode())
    assert found
    return found[1]


def read(url: str) -> list[Any]:
    """The events, as another library reads them, by who has no session."""
    answer = Client().get(url)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    read = vobject.readOne(answer.content.decode())
    return list(read.contents.get("vevent", []))


def test_the_calendar_holds_the_hours_of_the_week(story: Case) -> None:
    story.book(story.client, starts_at=story.at(7, 9))
    story.book(story.client, starts_at=story.at(8, 22), ends_at=story.at(9, 3))
    story.book(story.client, staff=[story.companion.id], starts_at=story.at(8, 9))
    events = read(address(story))
    with acting(story.manager):
        week = own_hours(story.viewer(), story.at(0, 0), story.at(20, 0))
    assert [(one.dtstart.value, one.dtend.value) for one in events] == [
        (one.starts_at, one.ends_at) for one in week
    ]
    assert {str(one.status.value) for one in events} == {"CONFIRMED"}


def test_no_name_place_kind_or_number_is_in_it(story: Case) -> None:
    made = story.book(story.client, area=story.areas[KAPUK], where="Balai RW", note="bawa susu")
    text = Client().get(address(story)).content.decode()
    assert {str(one.summary.value) for one in read(address(story))} == {"Janji"}
    for hidden in (
        str(made.id),
        made.id.hex,
        story.filed.reference,
        str(story.filed.dossier.id),
        "Kapuk",
        "Balai",
        "susu",
        "Ratna",
        story.manager.name,
        "Pertemuan",
        "LOCATION",
        "DESCRIPTION",
        "ATTENDEE",
        "ORGANIZER",
        "VALARM",
    ):
        assert hidden not in text


def test_what_was_moved_or_cancelled_is_told_under_the_same_name(story: Case) -> None:
    made = story.book(story.client)
    url = address(story)
    before = read(url)[0]
    told = {"side": "unit", "why": "other_duty", "venue": story.office}
    story.do(bookings.move, made, starts_at=story.at(8, 9), ends_at=story.at(8, 10), **told)
    events = {str(one.uid.value): one for one in read(url)}
    assert len(events) == 2
    old = events.pop(str(before.uid.value))
    assert (str(old.status.value), str(old.sequence.value)) == ("CANCELLED", "1")
    assert old.dtstamp.value >= before.dtstamp.value
    assert [str(one.status.value) for one in events.values()] == ["CONFIRMED"]


def test_the_secret_is_kept_nowhere_and_shown_once(story: Case) -> None:
    url = address(story)
    secret = url.removeprefix("/agenda/ics/").removesuffix(".ics")
    rows = str(story.world.rows("SELECT row_to_json(f) FROM agenda_feed f"))
    assert secret not in rows and bytes.fromhex(secret).hex() not in rows
    assert secret not in story.world.client(story.manager).get("/agenda/kalender/").content.decode()
    assert secret not in str(story.world.rows("SELECT row_to_json(e) FROM ledger_entry e"))


def test_a_new_address_closes_the_one_before_and_an_end_closes_all(story: Case) -> None:
    first = address(story)
    second = address(story)
    assert Client().get(first).status_code == 404 and Client().get(second).status_code == 200
    story.world.client(story.manager).post("/agenda/kalender/", {"go": "end"})
    assert Client().get(second).status_code == 404
    verbs = story.world.rows("SELECT verb FROM ledger_entry WHERE verb LIKE 'feed%%' ORDER BY at, id")
    assert verbs == [("feed_made",), ("feed_made",), ("feed_ended",)]


@pytest.mark.parametrize(
    "ends",
    [
        "UPDATE access_user SET is_active = false WHERE id = %s",
        "UPDATE access_membership SET until = now() WHERE user_id = %s",
    ],
)
def test_it_is_empty_at_once_when_the_account_or_the_post_ends(story: Case, ends: str) -> None:
    story.book(story.client)
    url = address(story)
    assert len(read(url)) == 1
    story.world.rows(ends, [story.manager.id])
    answer = Client().get(url)
    assert answer.status_code == 404 or not vobject.readOne(answer.content.decode()).contents.get("vevent")


def test_a_file_one_is_walled_off_is_in_no_calendar(story: Case) -> None:
    story.book(story.client)
    url = address(story)
    with acting(story.supervisor):
        raise_wall(dossier=story.dossier, person=story.manager.id, by=story.supervisor.id, at=story.world.now)
    assert read(url) == []


def test_a_wrong_address_gives_nothing_and_many_give_less(story: Case) -> None:
    for wrong in ("0" * 32, "x", "0" * 64, "../" * 3, "%00"):
        assert Client().get(f"/agenda/ics/{wrong}.ics").status_code in (400, 404)
    url = address(story)
    codes = {Client().get(f"/agenda/ics/{n:032x}.ics").status_code for n in range(25)}
    assert codes == {404, 429}
    assert Client().get(url).status_code == 200  # somebody else's guesses close no calendar


def test_the_hash_alone_opens_nothing_and_nobody_reads_anothers_feed(story: Case) -> None:
    address(story)
    with acting(story.companion), connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM agenda_feed")
        assert cursor.fetchone() == (0,)
        for wrong in (b"", b"x" * 32, None):
            cursor.execute("SELECT * FROM door.feed(%s, %s)", [wrong, story.world.now - timedelta(days=9)])
            assert cursor.fetchall() == []
