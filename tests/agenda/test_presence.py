"""When the reported person is where: told once, split at midnight, kept from the calendar of who must not meet him."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.access.states import Role
from ruangaman.agenda.actions import presence as actions
from ruangaman.agenda.models import Booking, Presence
from ruangaman.agenda.policies.bookings import Apart
from ruangaman.agenda.policies.presence import END_OF_DAY, Window, windows
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.notices.models import Notice
from ruangaman.people.models import Person
from tests.agenda.booked import RAWA_BUAYA, Case, case
from tests.people.people import put_on_team
from tests.worlds import World, acting

MONDAY = date(2026, 11, 23)
EVERY = range(7)


def test_hours_over_midnight_are_two_windows() -> None:
    found = windows([6], time(22), time(5), MONDAY, MONDAY + timedelta(days=13))
    assert found == [
        Window(0b1000000, time(22), END_OF_DAY, MONDAY, MONDAY + timedelta(days=13)),
        Window(0b0000001, time(0), time(5), MONDAY + timedelta(days=1), MONDAY + timedelta(days=14)),
    ]


def test_until_midnight_is_one_window() -> None:
    assert windows([0], time(20), time(0), MONDAY, None) == [Window(1, time(20), END_OF_DAY, MONDAY, None)]


@pytest.mark.parametrize(
    ("days", "until", "says"),
    [([], None, "satu hari"), ([0], MONDAY - timedelta(days=1), "sesudah hari pertama")],
)
def test_what_can_not_be_is_refused(days: list[int], until: date | None, says: str) -> None:
    with pytest.raises(Refused, match=says):
        windows(days, time(8), time(9), MONDAY, until)


@given(
    days=st.sets(st.integers(0, 6), min_size=1),
    since=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    until=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    length=st.none() | st.integers(0, 9),
    after=st.integers(-1, 11),
    minute=st.integers(0, 1439),
)
def test_each_minute_is_in_the_windows_exactly_when_it_was_told(
    days: set[int], since: time, until: time, length: int | None, after: int, minute: int
) -> None:
    last = None if length is None else MONDAY + timedelta(days=length)
    found = windows(days, since, until, MONDAY, last)
    moment = datetime.combine(MONDAY, time(0)) + timedelta(days=after, minutes=minute)
    within = any(
        one.from_on <= moment.date() <= (one.until_on or date.max)
        and one.weekdays >> moment.weekday() & 1
        and one.from_time <= moment.time() < one.until_time
        for one in found
    )

    # Slowly and obviously: each evening on which he comes, and whether he is there still.
    def told(begun: date) -> bool:
        if begun < MONDAY or (last and begun > last) or begun.weekday() not in days:
            return False
        start = datetime.combine(begun, since)
        end = datetime.combine(begun if since < until else begun + timedelta(days=1), until)
        return start <= moment < end

    assert within == (told(moment.date()) or told(moment.date() - timedelta(days=1)))


def seen(story: Case, person: Person | None = None, **more: Any) -> list[Booking]:
    values = {
        "windows": windows(EVERY, time(8), time(12), timezone.localdate(), None),
        "venue": story.office,
        "at": clock.now(),
    } | more
    viewer = story.viewer()
    with acting(story.manager):
        return actions.tell_presence(
            viewer=viewer, dossier=story.filed.dossier, person=person or story.reported, **values
        )


def test_what_was_booked_there_before_is_named_and_who_made_it_is_told(world: World) -> None:
    story = case(world)
    there = story.book(story.client, by=story.companion)
    story.book(story.client, by=story.manager, venue=story.court, starts_at=story.at(8, 9))
    assert [one.id for one in seen(story)] == [there.id]
    told = Notice.objects.using("owner").filter(cause=f"booking:{there.id}:presence")
    assert list(told.values_list("person_id", "kind")) == [(story.companion.id, "booking_changed")]
    shown = world.client(story.manager).get(f"/agenda/{story.filed.reference}/kehadiran/").content.decode()
    assert f"/agenda/{there.id}/" in shown
    # A second word on the same place names nothing anew.
    assert seen(story) == []


def test_from_then_on_nothing_is_booked_there(world: World) -> None:
    story = case(world)
    seen(story)
    with pytest.raises(Apart):
        story.book(story.client)


def test_where_he_is_no_longer_is_free_again(world: World) -> None:
    story = case(world)
    seen(story)
    page = world.client(story.manager)
    (one,) = Presence.objects.using("owner").all()
    url = f"/agenda/{story.filed.reference}/kehadiran/{one.id}/akhiri/"
    assert [page.post(url).status_code for _ in range(2)] == [302, 302]
    story.book(story.client)
    verbs = world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'presence_told'")
    assert verbs == [(2,)]


def test_only_of_a_reported_person_and_never_without_a_place(world: World) -> None:
    story = case(world)
    with pytest.raises(Refused, match="untuk terlapor"):
        seen(story, story.client)
    with pytest.raises(Refused, match="kelurahannya"):
        seen(story, venue=None, where="rumah saudaranya")


FORM = {
    "weekdays": ["4", "5"],
    "from_time": "22:00",
    "until_time": "04:00",
    "from_on": "2026-11-23",
    "where": "Warung Rekaan",
    "area": RAWA_BUAYA,
}


def test_the_page_writes_a_night_as_two_rows_once_and_seals_the_words(world: World) -> None:
    story = case(world)
    page, url = world.client(story.manager), f"/agenda/{story.filed.reference}/kehadiran/"
    form = {**FORM, "presence_id": new_id()}
    assert [page.post(url, form).status_code for _ in range(2)] == [302, 302]
    rows = world.rows(
        "SELECT weekdays, from_time, until_time, spot IS NOT NULL FROM agenda_presence ORDER BY weekdays"
    )
    assert rows == [(0b0110000, time(22), END_OF_DAY, True), (0b1100000, time(0), time(4), True)]
    (dump,) = world.rows("SELECT string_agg(p::text, ' ') FROM agenda_presence p")
    assert "Warung" not in dump[0]
    assert "Warung Rekaan" in page.get(url).content.decode()
    assert world.rows(
        "SELECT count(*) FROM ledger_entry WHERE fields_named = '{parties}' AND verb = 'opened'"
    ) == [(1,)]
    dossier = page.get(f"/berkas/{story.filed.reference}/").content.decode()
    assert "Di mana terlapor biasanya" in dossier
    assert "Warung" not in dossier


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weekdays": []}, "satu hari"),
        ({"from_time": "malam"}, "09:30"),
        ({"area": ""}, "Pilih kelurahannya"),
        ({"area": "99.99"}, "tidak ada di daftar"),
        ({"until_on": "2026-11-01"}, "sesudah hari pertama"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    world: World, change: dict[str, Any], says: str
) -> None:
    story = case(world)
    page, url = world.client(story.manager), f"/agenda/{story.filed.reference}/kehadiran/"
    answer = page.post(url, {**FORM, **change, "presence_id": new_id()})
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert "Warung Rekaan" in answer.content.decode()
    assert world.rows("SELECT count(*) FROM agenda_presence") == [(0,)]


def test_who_may_only_read_reads_and_who_may_not_gets_nothing(world: World) -> None:
    story = case(world)
    seen(story)
    url = f"/agenda/{story.filed.reference}/kehadiran/"
    lawyer, guide = world.person(Role.LAWYER), world.person(Role.SPIRITUAL_GUIDE)
    put_on_team(world, story.filed, lawyer, Role.LAWYER)
    put_on_team(world, story.filed, guide, Role.SPIRITUAL_GUIDE)
    page = world.client(lawyer)
    assert "Simpan" not in page.get(url).content.decode()
    assert page.post(url, {**FORM, "presence_id": new_id()}).status_code == 404
    page = world.client(guide)
    assert page.get(url).status_code == 404
    assert "Di mana terlapor" not in page.get(f"/berkas/{story.filed.reference}/").content.decode()
    with acting(guide):
        assert world.rows("SELECT count(*) FROM agenda_presence", using="default") == [(0,)]


def test_what_was_told_is_not_rewritten(world: World) -> None:
    story = case(world)
    seen(story)
    with pytest.raises(DatabaseError, match="permission denied"), acting(story.manager):
        world.rows("UPDATE agenda_presence SET from_time = '03:00'", using="default")
